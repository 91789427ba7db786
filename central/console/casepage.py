"""A case: what came, page by page, what happened to it, and what may be done. Every look is written into the audit.

Past 400 lines because every deed that is refused is answered with the page that it was asked for on.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from central.console import words
from central.console.casefacts import (
    Typed,
    askable_of,
    consent_told,
    day_of,
    facts_told,
    in_order,
    parts_told,
    placed,
    places,
)
from central.console.frame import HEADERS, Frame, Language, case_path, may, number, onward
from central.console.heldpage import DEEDS, SET_ASIDE, TAKE, Deed, held_told
from central.console.heldpage import shown as answer_shown
from central.console.lists import may_see
from central.console.pictures import MOST_PAGES, NotDrawable, count_pages, draw
from central.console.secondlook import SECOND_LOOK, carried, restated
from central.jobs import casework
from central.jobs.audit import note
from central.jobs.casework import Moved, MoveRefused, Refused
from central.jobs.opening import file_of, person_of
from central.jobs.tickets import Compartment
from central.routes.requests import NoRight, NotAnswered, SignedIn, staff_with
from central.rules.asks import Ask
from central.rules.progress import AFTER_A_LOOK, CITIZENS_TURN, FINAL, CaseMove, CaseNews, moves_from
from central.rules.roles import Permission
from central.store import cases, supplements, terminals
from central.store.cases import CaseRow
from central.store.events import AskRow
from central.store.vault import Told

ForCase = Annotated[SignedIn, Depends(staff_with(Permission.OPEN_CASE))]
ForDeciding = Annotated[SignedIn, Depends(staff_with(Permission.DECIDE_CASE))]
ForFiles = Annotated[SignedIn, Depends(staff_with(Permission.SEE_FILES))]

RIGHTS: Mapping[CaseMove, Permission] = {
    CaseMove.CHECK: Permission.CHECK_CASE,
    CaseMove.ACCEPT: Permission.CHECK_CASE,
    CaseMove.APPROVE: Permission.DECIDE_CASE,
    CaseMove.MAKE_READY: Permission.DELIVER,
    CaseMove.CLOSE: Permission.DELIVER,
    CaseMove.ACCEPT_WITH_GAPS: Permission.CHECK_CASE,
    CaseMove.ASK: Permission.CHECK_CASE,
    CaseMove.SUPPLEMENT: Permission.CHECK_CASE,
    CaseMove.RESUBMIT: Permission.CHECK_CASE,
    CaseMove.RETURN: Permission.CHECK_CASE,
    CaseMove.EXTEND: Permission.CHECK_CASE,
    CaseMove.REFUSE: Permission.DECIDE_CASE,
    CaseMove.TAKE_BACK: Permission.DELIVER,
    CaseMove.WITHDRAW: Permission.CHECK_CASE,
}
"""What people may do by hand, in the order of the buttons. What is not here, a rule, the clock or a terminal does."""

NEWS_RIGHTS: Mapping[CaseNews, Permission] = {
    CaseNews.LOOKED_AT: Permission.DECIDE_CASE,
    CaseNews.SENT_ON: Permission.CHECK_CASE,
    CaseNews.NOTED: Permission.CHECK_CASE,
}
PLAIN = frozenset({"check", "accept", "approve", "close", "looked_at"})
"""One press: nothing has to be told with it."""
MUST_NOTE = frozenset({"refuse", "extend", "supplement", "resubmit", "withdraw", "take_back", "noted", "sent_on"})
WHY = ("check", "compare", "call", "counter", "complaint")
"""Why somebody may want to see a person whole: a closed list, so that the audit can be counted."""
LONGEST_NOTE = 1000


class CasePages:
    """The handlers; `routes` lists where they stand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/cases/{case:path}", self.case, methods=["GET"])
        router.add_api_route("/case/image", self.image, methods=["GET"])
        router.add_api_route("/case/show", self.show, methods=["POST"])
        router.add_api_route("/case/take", self.take, methods=["POST"])
        router.add_api_route("/case/move", self.move, methods=["POST"])
        router.add_api_route("/case/held", self.held, methods=["POST"])

    # ---- looking

    def case(self, request: Request, case: str, asked: ForCase, language: Language) -> Response:
        region = request.query_params.get("region", "")
        with asked.central.database.reading() as connection:
            found = [row for row in cases.find_cases(connection, case) if may_see(asked, row)]
        if region:
            found = [row for row in found if row.region == region]
        if len(found) != 1:
            status = 200 if found else 404
            return self._frame.page(
                request, "case.html", language, asked.staff, asked.csrf, status=status, case=None, choices=found
            )
        return self._page(request, asked, language, found[0])

    def _page(
        self,
        request: Request,
        asked: SignedIn,
        language: str,
        row: CaseRow,
        *,
        shown: bool = False,
        typed: Typed | None = None,
        sorry: str = "",
        status: int = 200,
    ) -> Response:
        central, staff = asked.central, asked.staff
        item = central.item_of(row.item, row.definition)
        with central.database.reading() as connection:
            told = person_of(central, connection, row)
            answers = told.answers if told is not None else {}
            amended = supplements.of_case(connection, row.region, row.case)
            facts: dict[str, Any] = {
                "files": cases.case_parts(connection, row.region, row.case),
                "place": terminals.find(connection, row.region, row.terminal),
                "events": casework.events_of(central, connection, row.region, row.case),
                "asked": casework.asks_of(connection, row.region, row.case),
                "held": held_told(central, connection, row, item, amended, answers, self._frame.titles, language),
                "came_from": {each.event: each.terminal for each in amended if each.event is not None},
                "lies": placed(connection, row),
                "places": places(connection, asked) if may(staff, Permission.DELIVER) else (),
            }
        with central.database.writing() as connection:
            note(connection, central, staff.login, "case.seen", row.case, region=row.region)
        askable = askable_of(central, row, answers)
        names = {each.what: each.label for each in askable}
        reasons = central.offices.reasons
        view = self._view(request, asked, row)
        news = self._news(asked, row)

        def reason_text(word: str) -> str:
            return reasons[word].say(language) if word in reasons else word

        def ask_text(ask: AskRow) -> str:
            return names[ask.what].say(language) if ask.what in names else self._frame.titles.field(ask.what, language)

        def event_facts(event: casework.Event, who: Callable[[str], str]) -> list[str]:
            return facts_told(central, self._frame.titles, event, language, who)

        return self._frame.page(
            request,
            "case.html",
            language,
            staff,
            asked.csrf,
            status=status,
            sorry=sorry,
            path=case_path(row.case),
            query=f"region={row.region}",
            case=row,
            choices=(),
            told=told,
            answers=in_order(item, answers),
            gone=told is None,
            shown=shown,
            view=view,
            moves=[move.value for move in moves_of(asked, row)],
            others=news,
            can_take=may(staff, Permission.CHECK_CASE) and row.state not in FINAL,
            turn=_turn(asked, row),
            plain=PLAIN,
            must_note=MUST_NOTE,
            why_words=WHY,
            askable=askable,
            usual=casework.usual_deadline(central, row).isoformat(),
            today=words.show_day(central.now()),
            reasons_return=central.offices.reasons_for(item, "return"),
            reasons_refuse=central.offices.reasons_for(item, "refuse"),
            offices=[each for each in central.offices.offices if each.region != row.queue],
            typed=typed or Typed(),
            reason_text=reason_text,
            ask_text=ask_text,
            answer=lambda name, value: answer_shown(item, name, value, language),
            event_facts=event_facts,
            parts=parts_told(central, row, facts.pop("files"), language),
            consented=words.moment,
            reasons_aside=central.offices.reasons_for(None, "set_aside"),
            consent=lambda name: consent_told(self._frame.titles, name, language),
            **facts,
        )

    def _news(self, asked: SignedIn, row: CaseRow) -> list[str]:
        found = [each for each, right in NEWS_RIGHTS.items() if may(asked.staff, right)]
        gone = {
            CaseNews.LOOKED_AT: not row.sampled,
            CaseNews.SENT_ON: row.state in FINAL or not asked.central.offices.offices,
        }
        return [each.value for each in found if not gone.get(each, False)]

    def _view(self, request: Request, asked: SignedIn, row: CaseRow) -> dict[str, int] | None:
        """The file and page that are looked at; how many pages it has, 0 when it cannot be shown."""
        told: Mapping[str, str] = request.query_params if request.method == "GET" else asked.form
        part = told.get("part", "")
        if not part or not may(asked.staff, Permission.SEE_FILES):
            return None
        found = file_of(asked.central, row.region, row.case, number(part, 9999))
        pages = count_pages(found[1]) if found is not None else 0
        return {
            "part": number(part, 9999),
            "page": min(number(told.get("page", ""), MOST_PAGES), max(0, pages - 1)),
            "pages": pages,
        }

    def image(self, request: Request, asked: ForFiles) -> Response:
        """One page as a picture that says who looks and when."""
        told = request.query_params
        central, staff = asked.central, asked.staff
        part, page = number(told.get("part", ""), 9999), number(told.get("page", ""), MOST_PAGES)
        row = self._row(asked, told.get("region", ""), told.get("case", ""))
        found = file_of(central, row.region, row.case, part)
        if found is None:
            raise NotAnswered(404, "case.no_file")
        with central.database.writing() as connection:  # before it is shown: a look that is not written down is none
            note(connection, central, staff.login, "file.seen", row.case, region=row.region, part=part, page=page + 1)
        try:
            mark = f"{staff.login} · {words.show_time(central.now(), 'zh')}"
            picture = draw(found[1], page, mark)
        except NotDrawable as broken:
            raise NotAnswered(422, "case.not_a_picture") from broken
        return Response(picture.jpeg, media_type="image/jpeg", headers=HEADERS)

    def show(self, request: Request, asked: ForFiles, language: Language) -> Response:
        """The person and the answers, whole, for a reason."""
        row = self._row(asked, asked.form.get("region", ""), asked.form.get("case", ""))
        why = asked.form.get("why", "")
        if why not in WHY:
            return self._page(request, asked, language, row, sorry="why_missing", status=422)
        with asked.central.database.writing() as connection:
            note(connection, asked.central, asked.staff.login, "person.seen", row.case, why, region=row.region)
        return self._page(request, asked, language, row, shown=True)

    def _row(self, asked: SignedIn, region: str, case: str) -> CaseRow:
        """The case that an address or a form names. Raises NotAnswered: also for one of another region."""
        with asked.central.database.reading() as connection:
            row = cases.find_case(connection, region, case)
        if row is None or not may_see(asked, row):
            raise NotAnswered(404, "case.unknown")
        return row

    # ---- doing

    def take(self, request: Request, asked: ForCase, language: Language) -> Response:
        self._need(asked, Permission.CHECK_CASE)
        row = self._row(asked, asked.form.get("region", ""), asked.form.get("case", ""))
        to = "" if asked.form.get("back") else asked.staff.login
        revision = number(asked.form.get("revision", ""), 10**9)
        done = casework.assign(asked.central, row.region, row.case, to, who=asked.staff.login, revision=revision)
        if isinstance(done, MoveRefused):
            return self._refused(request, asked, language, row, done, Typed())
        query: dict[str, str | int] = {"region": row.region} | ({"part": 0} if to else {})
        return onward(case_path(row.case), "taken" if to else "put_back", **query)

    def move(self, request: Request, asked: ForCase, language: Language) -> Response:
        form = asked.form
        row = self._row(asked, form.get("region", ""), form.get("case", ""))
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
            return self._page(request, asked, language, row, typed=typed, sorry=Refused.REASON_MISSING, status=422)
        if name in MUST_NOTE and not typed.note:
            return self._page(request, asked, language, row, typed=typed, sorry="case.note_missing", status=422)
        day = day_of(typed.deadline)
        if typed.deadline and day is None:
            return self._page(request, asked, language, row, typed=typed, sorry=Refused.BAD_DEADLINE, status=422)
        revision = number(form.get("revision", ""), 10**9)
        if form.get("again"):
            return self._page(request, asked, language, row, typed=typed)
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
            return self._refused(request, asked, language, row, done, typed)
        return onward(case_path(row.case), name, region=row.region)

    def held(self, request: Request, asked: ForDeciding, language: Language) -> Response:
        """Take what was held into the case, or set it aside."""
        form = asked.form
        row = self._row(asked, form.get("region", ""), form.get("case", ""))
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
            return self._page(request, asked, language, row, typed=typed)
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
        return self._refused(request, asked, language, row, done, typed)

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
            return self._refused(request, asked, language, row, seen, typed)
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

    def _refused(
        self, request: Request, asked: SignedIn, language: str, row: CaseRow, no: MoveRefused, typed: Typed
    ) -> Response:
        """The case as it is now, why nothing was done, and what was typed."""
        faster = no.why in (Refused.OTHER_REVISION, Refused.NOT_FROM_HERE, Refused.DOOR_TAKEN, Refused.NOT_LOOKED_AT)
        status = 409 if faster else 404 if no.why is Refused.UNKNOWN_CASE else 422
        if no.row is None:
            raise NotAnswered(404, "case.unknown")
        return self._page(request, asked, language, no.row, typed=typed, sorry=no.why.value, status=status)


def moves_of(asked: SignedIn, row: CaseRow) -> list[CaseMove]:
    """What this person may do with the case now."""
    possible = frozenset(moves_from(row.state)) - (AFTER_A_LOOK if row.sampled else frozenset())
    return [move for move, right in RIGHTS.items() if move in possible and may(asked.staff, right)]


def _turn(asked: SignedIn, row: CaseRow) -> str:
    """The word of `case.turn.…` for why nothing can be moved."""
    if row.state in FINAL:
        return "final"
    if row.state in CITIZENS_TURN:
        return "citizen"
    if row.sampled:
        return "look" if may(asked.staff, Permission.DECIDE_CASE) else "sampled"
    return "other"


def _asks(typed: Typed) -> list[Ask]:
    return [Ask(what, typed.whys[what]) for what in typed.asks]


def _right_of(name: str) -> Permission | None:
    if name in set(CaseMove):
        return RIGHTS.get(CaseMove(name))
    return NEWS_RIGHTS.get(CaseNews(name)) if name in set(CaseNews) else None
