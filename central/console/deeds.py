"""What is done to a case at the desk: each deed once, the grave ones after a second look; who is refused sees why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from central.console.casefacts import Typed, askable_of, day_of
from central.console.casepage import MUST_NOTE, NEWS_RIGHTS, RIGHTS, CasePages, ForCase
from central.console.frame import Frame, Language, case_path, may, number, onward
from central.console.heldpage import DEEDS, SET_ASIDE, TAKE, Deed, held_told
from central.console.secondlook import SECOND_LOOK, carried, restated
from central.jobs import casework
from central.jobs.audit import note
from central.jobs.casework import Moved, MoveRefused, Refused
from central.jobs.opening import person_of
from central.jobs.tickets import Compartment
from central.routes.requests import NoRight, NotAnswered, SignedIn, staff_with
from central.rules.asks import Ask
from central.rules.progress import CaseMove, CaseNews
from central.rules.roles import Permission
from central.store import supplements
from central.store.cases import CaseRow
from central.store.vault import Told

ForDeciding = Annotated[SignedIn, Depends(staff_with(Permission.DECIDE_CASE))]

LONGEST_NOTE = 1000
"""Characters that a form takes."""


class CaseDeeds:
    """The handlers; `routes` lists where they stand. A deed that is refused is answered with the case's page."""

    def __init__(self, frame: Frame, pages: CasePages) -> None:
        self._frame = frame
        self._pages = pages

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/case/take", self.take, methods=["POST"])
        router.add_api_route("/case/move", self.move, methods=["POST"])
        router.add_api_route("/case/held", self.held, methods=["POST"])

    def take(self, request: Request, asked: ForCase, language: Language) -> Response:
        self._need(asked, Permission.CHECK_CASE)
        row = self._pages.find(asked, asked.form.get("region", ""), asked.form.get("case", ""))
        to = "" if asked.form.get("back") else asked.staff.login
        revision = number(asked.form.get("revision", ""), 10**9)
        done = casework.assign(asked.central, row.region, row.case, to, who=asked.staff.login, revision=revision)
        if isinstance(done, MoveRefused):
            return self._refused(request, asked, language, done, Typed())
        query: dict[str, str | int] = {"region": row.region} | ({"part": 0} if to else {})
        return onward(case_path(row.case), "taken" if to else "put_back", **query)

    def move(self, request: Request, asked: ForCase, language: Language) -> Response:
        form = asked.form
        row = self._pages.find(asked, form.get("region", ""), form.get("case", ""))
        name = form.get("move", "")
        asks = asked.fields.get("ask", ())
        typed = Typed(
            name,
            asked.fields.get("reason", ()),
            asks,
            defaultdict(str, {what: form.get(f"why:{what}", "") for what in asks}),
            form.get("deadline", "").strip(),
            form.get("note", "").strip()[:LONGEST_NOTE],
            form.get("terminal", ""),
            form.get("door", ""),
        )
        self._need(asked, _right_of(name))
        if name == CaseMove.REFUSE and not typed.reasons:  # in the order of the form
            return self._pages.page(
                request, asked, language, row, typed=typed, sorry=Refused.REASON_MISSING, status=422
            )
        if name in MUST_NOTE and not typed.note:
            return self._pages.page(request, asked, language, row, typed=typed, sorry="case.note_missing", status=422)
        day = day_of(typed.deadline)
        if typed.deadline and day is None:
            return self._pages.page(request, asked, language, row, typed=typed, sorry=Refused.BAD_DEADLINE, status=422)
        revision = number(form.get("revision", ""), 10**9)
        if form.get("again"):
            return self._pages.page(request, asked, language, row, typed=typed)
        if name in SECOND_LOOK and not form.get("sure"):
            return self._sure(request, asked, language, row, typed, day, revision)
        done = self._do(asked, row, name, typed, day, revision)
        if isinstance(done, MoveRefused) and done.why is Refused.OTHER_REVISION and name in SECOND_LOOK:
            twice = casework.done_already(
                asked.central,
                row.region,
                row.case,
                name,
                who=asked.staff.login,
                revision=revision,
                reasons=typed.reasons,
                note=typed.note,
                asks=_asks(typed),
            )
            if twice:  # one press too many: it was done, once
                return onward(case_path(row.case), name, region=row.region)
        if isinstance(done, MoveRefused):
            return self._refused(request, asked, language, done, typed)
        return onward(case_path(row.case), name, region=row.region)

    def held(self, request: Request, asked: ForDeciding, language: Language) -> Response:
        """Take what was held into the case, or set it aside."""
        form = asked.form
        row = self._pages.find(asked, form.get("region", ""), form.get("case", ""))
        deed = Deed(
            form.get("deed", ""),
            (form.get("letter_region", ""), form.get("letter", "")),
            asked.fields.get("reason", ()),
            form.get("note", "").strip()[:LONGEST_NOTE],
        )
        if deed.deed not in DEEDS:
            raise NotAnswered(422, "case.unknown_move")
        typed = Typed(f"held {deed.sent[1]}", deed.reasons, note=deed.note)
        revision = number(form.get("revision", ""), 10**9)
        if form.get("again"):
            return self._pages.page(request, asked, language, row, typed=typed)
        if form.get("sure"):
            done = deed.do(asked, row, revision)
            if isinstance(done, Moved):
                return onward(case_path(row.case), deed.name, region=row.region)
        else:
            refusal = deed.refusal(asked, row, revision)
            if refusal is None:
                return self._held_sure(request, asked, language, row, deed)
            done = refusal
        if done.why is Refused.HELD_GONE and self._held_done(asked, row, deed):
            return onward(case_path(row.case), deed.name, region=row.region)  # pressed twice
        return self._refused(request, asked, language, done, typed)

    def _held_done(self, asked: SignedIn, row: CaseRow, deed: Deed) -> bool:
        """Whether this very person has done this very thing before."""
        with asked.central.database.reading() as connection:
            settled = supplements.find(connection, *deed.sent)
            found = casework.events_of(asked.central, connection, row.region, row.case)
        if settled is None or (settled.case_region, settled.case) != (row.region, row.case):
            return False
        was = TAKE if not settled.held else SET_ASIDE
        return was == deed.deed and any((e.number, e.who) == (settled.event, asked.staff.login) for e in found)

    def _held_sure(self, request: Request, asked: SignedIn, language: str, row: CaseRow, deed: Deed) -> Response:
        central = asked.central
        item = central.item_of(row.item, row.definition)
        with central.database.reading() as connection:
            told = person_of(central, connection, row)
            answers = told.answers if told is not None else {}
            amended = supplements.of_case(connection, row.region, row.case)
            here = [each for each in amended if (each.region, each.letter) == deed.sent]
            seen = held_told(central, connection, row, item, here, answers, self._frame.titles, language)
        takes = [change.title for each in seen for change in each.changes] if deed.deed == TAKE else ()
        facts: dict[str, Any] = {"action": "/case/held", "takes": takes, "note": deed.note}
        return self._restated(request, asked, language, row, told, deed.name, deed.reasons, **facts)

    def _sure(
        self,
        request: Request,
        asked: SignedIn,
        language: str,
        row: CaseRow,
        typed: Typed,
        day: dt.date | None,
        revision: int,
    ) -> Response:
        """Nothing is done yet: what would be, for whom, what he learns of it, and that it cannot be taken back."""
        central = asked.central
        seen = casework.foresee(
            central,
            row.region,
            row.case,
            CaseMove(typed.move),
            revision=revision,
            reasons=typed.reasons,
            note=typed.note,
            asks=_asks(typed),
            deadline=day,
        )
        if isinstance(seen, MoveRefused):
            return self._refused(request, asked, language, seen, typed)
        with central.database.reading() as connection:
            told = person_of(central, connection, seen.row)
        labels = {each.what: each.label for each in askable_of(central, row, told.answers if told else {})}
        facts: dict[str, Any] = {
            "action": "/case/move",
            "to": seen.to,
            "asks": [labels[ask.what].say(language) if ask.what in labels else ask.what for ask in seen.asks],
            "deadline": seen.deadline,
            "note": typed.note,
        }
        return self._restated(request, asked, language, seen.row, told, typed.move, seen.reasons, **facts)

    def _restated(
        self,
        request: Request,
        asked: SignedIn,
        language: str,
        row: CaseRow,
        told: Told | None,
        what: str,
        reasons: Sequence[str],
        **facts: Any,
    ) -> Response:
        """The page of a second look; that it showed the case is written down first."""
        central = asked.central
        with central.database.writing() as connection:
            note(connection, central, asked.staff.login, "case.seen", row.case, region=row.region)
        listed = central.offices.reasons
        facts |= {
            "reasons": [listed[each].say(language) for each in reasons if each in listed],
            "fields": carried(asked.fields),
            "path": case_path(row.case),
            "query": f"region={row.region}",
        }
        page = restated(central, row, told, what, **facts)
        return self._frame.page(request, "sure.html", language, asked.staff, asked.csrf, **page)

    def _do(
        self, asked: SignedIn, row: CaseRow, name: str, typed: Typed, day: dt.date | None, revision: int
    ) -> Moved | MoveRefused:
        central, who = asked.central, asked.staff.login
        where = central, row.region, row.case
        if name == CaseNews.LOOKED_AT:
            return casework.looked_at(*where, who=who, revision=revision, note=typed.note)
        if name == CaseNews.NOTED:
            return casework.write_note(*where, typed.note, who=who, revision=revision)
        if name == CaseNews.SENT_ON:
            queue = asked.form.get("queue", "")
            return casework.send_on(*where, queue, who=who, revision=revision, note=typed.note)
        region, _, terminal = typed.terminal.partition("/")
        place = Compartment(terminal, number(typed.door, 9999), region)
        return casework.move(
            *where,
            CaseMove(name),
            who=who,
            revision=revision,
            reasons=typed.reasons,
            note=typed.note,
            asks=_asks(typed),
            deadline=day,
            ticket=place if name == CaseMove.MAKE_READY else None,
        )

    def _need(self, asked: SignedIn, permission: Permission | None) -> None:
        """Raises NotAnswered, NoRight."""
        if permission is None:
            raise NotAnswered(422, "case.unknown_move")
        if not may(asked.staff, permission):
            raise NoRight(asked.staff, permission)

    def _refused(self, request: Request, asked: SignedIn, language: str, no: MoveRefused, typed: Typed) -> Response:
        """The case as it is now, why nothing was done, and what was typed."""
        if no.row is None:
            raise NotAnswered(404, "case.unknown")
        faster = no.why in (Refused.OTHER_REVISION, Refused.NOT_FROM_HERE, Refused.DOOR_TAKEN, Refused.NOT_LOOKED_AT)
        status = 409 if faster else 422
        return self._pages.page(request, asked, language, no.row, typed=typed, sorry=no.why.value, status=status)


def _asks(typed: Typed) -> list[Ask]:
    return [Ask(what, typed.whys[what]) for what in typed.asks]


def _right_of(name: str) -> Permission | None:
    if name in set(CaseMove):
        return RIGHTS.get(CaseMove(name))
    return NEWS_RIGHTS.get(CaseNews(name)) if name in set(CaseNews) else None
