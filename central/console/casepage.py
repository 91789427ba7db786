"""A case: what came, page by page, what happened to it, and what may be done. Every look is written into the audit.

What is done on these pages is in `central.console.deeds`.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from central.console import words
from central.console.casefacts import (
    MOST_PLACES,
    Typed,
    askable_of,
    consent_told,
    facts_told,
    in_order,
    parts_told,
    placed,
    places,
)
from central.console.frame import HEADERS, Frame, Language, case_path, may, number
from central.console.heldpage import held_told
from central.console.heldpage import shown as answer_shown
from central.console.lists import may_see
from central.console.pictures import MOST_PAGES, NotDrawable, count_pages, draw
from central.jobs import casework
from central.jobs.audit import note
from central.jobs.opening import file_of, person_of
from central.routes.requests import NotAnswered, SignedIn, staff_with
from central.rules.progress import AFTER_A_LOOK, CITIZENS_TURN, FINAL, CaseMove, CaseNews, moves_from
from central.rules.roles import Permission
from central.store import cases, supplements, terminals
from central.store.cases import CaseRow
from central.store.events import AskRow

ForCase = Annotated[SignedIn, Depends(staff_with(Permission.OPEN_CASE))]
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


class CasePages:
    """The handlers; `routes` lists where they stand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/cases/{case:path}", self.case, methods=["GET"])
        router.add_api_route("/case/image", self.image, methods=["GET"])
        router.add_api_route("/case/show", self.show, methods=["POST"])

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
        return self.page(request, asked, language, found[0])

    def page(
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
        """The page of a case as it is now; of a refused deed with why (`sorry`) and what was typed for it."""
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
            most_places=MOST_PLACES,
            most_pages=MOST_PAGES,
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
        row = self.find(asked, told.get("region", ""), told.get("case", ""))
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
        row = self.find(asked, asked.form.get("region", ""), asked.form.get("case", ""))
        why = asked.form.get("why", "")
        if why not in WHY:
            return self.page(request, asked, language, row, sorry="why_missing", status=422)
        with asked.central.database.writing() as connection:
            note(connection, asked.central, asked.staff.login, "person.seen", row.case, why, region=row.region)
        return self.page(request, asked, language, row, shown=True)

    def find(self, asked: SignedIn, region: str, case: str) -> CaseRow:
        """The case that an address or a form names. Raises NotAnswered: also for one of another region."""
        with asked.central.database.reading() as connection:
            row = cases.find_case(connection, region, case)
        if row is None or not may_see(asked, row):
            raise NotAnswered(404, "case.unknown")
        return row


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
