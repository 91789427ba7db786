"""My day, the queue and the search."""

import datetime as dt
import re
import unicodedata
import urllib.parse
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from central.console import words
from central.console.frame import PAGE, Frame, Language, case_path, may, number, onward
from central.console.verification import Finding, verify
from central.jobs.audit import note
from central.jobs.casework import find_by_tag
from central.routes.requests import SignedIn, anybody, staff_with
from central.rules import roles
from central.rules.progress import CITIZENS_TURN, FINAL, GOING, STAFF_TURN, CaseState
from central.rules.roles import Permission
from central.store import cases as kept
from central.store import desk, letters, terminals
from central.store.desk import NOBODY, Wanted

SILENT = dt.timedelta(hours=1)
"""A terminal that asked for nothing so long is looked after."""
LISTED = 8
"""Rows of each list on the first page."""
COUNTED = 500
"""Letters that are looked through for the first page's figure."""
OF_A_PERSON = 100
"""Cases that a search by a person's number lists."""
RECENT = dt.timedelta(days=2)
SHORTEST_BEGINNING = 4
"""Characters of a case number that are worth looking for."""

GROUPS: dict[str, frozenset[CaseState]] = {
    "staff": STAFF_TURN,
    "citizen": CITIZENS_TURN,
    "ready": frozenset({CaseState.READY}),
    "final": FINAL,
    "all": frozenset(CaseState),
}

Somebody = Annotated[SignedIn, Depends(anybody)]
ForQueue = Annotated[SignedIn, Depends(staff_with(Permission.SEE_QUEUE))]
ForSearch = Annotated[SignedIn, Depends(staff_with(Permission.OPEN_CASE))]
ForPersons = Annotated[SignedIn, Depends(staff_with(Permission.SEARCH_PERSON))]


def end_of_today(now: dt.datetime) -> dt.datetime:
    """Midnight that comes, in Beijing."""
    day = now.astimezone(words.BEIJING).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), words.BEIJING)


def may_see(asked: SignedIn, row: kept.CaseRow) -> bool:
    """Whether a case is this person's."""
    return roles.may_see(asked.staff.regions, row.region, row.queue)


class Lists:
    """The handlers; `routes` lists where they stand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/", self.day, methods=["GET"])
        router.add_api_route("/queue", self.queue, methods=["GET"])
        router.add_api_route("/search", self.search, methods=["GET"])
        router.add_api_route("/search", self.search_case, methods=["POST"])
        router.add_api_route("/search/person", self.search_person, methods=["POST"])

    def day(self, request: Request, asked: Somebody, language: Language) -> Response:
        central, staff = asked.central, asked.staff
        now = central.now()
        midnight = end_of_today(now)
        facts: dict[str, Any] = {"counts": None, "silent": None, "letters": None, "most": LISTED}
        with central.database.reading() as connection:
            if may(staff, Permission.SEE_QUEUE):
                regions = staff.regions
                facts["counts"] = desk.counts(connection, regions, staff.login, midnight)
                facts["mine"] = desk.listed(connection, Wanted(regions, STAFF_TURN, login=staff.login), LISTED + 1)
                facts["due"] = desk.listed(connection, Wanted(regions, GOING, until=midnight), LISTED + 1)
                facts["sampled"] = desk.listed(connection, Wanted(regions, sampled=True), LISTED + 1)
                facts["changed"] = desk.changed(connection, staff.login, now - RECENT, LISTED + 1)
            if may(staff, Permission.SEE_TERMINALS):
                facts["silent"] = desk.silent(connection, staff.regions, now - SILENT)
            if may(staff, Permission.SEE_LETTERS):
                troubled = letters.troubled(connection, COUNTED, regions=staff.regions)
                facts["letters"] = len(troubled)
                facts["many_letters"] = len(troubled) == COUNTED
        today = words.show_day(now)
        return self._frame.page(request, "day.html", language, staff, asked.csrf, today=today, **facts)

    def queue(self, request: Request, asked: ForQueue, language: Language) -> Response:
        told = request.query_params
        state, who = told.get("state", "staff"), told.get("who", "any")
        if state not in GROUPS and state not in set(CaseState):
            state = "staff"
        states = GROUPS[state] if state in GROUPS else frozenset({CaseState(state)})
        login = {"me": asked.staff.login, "nobody": NOBODY}.get(who, "")
        wanted = Wanted(
            asked.staff.regions, states, queue=told.get("queue", ""), item=told.get("item", ""), login=login
        )
        page = number(told.get("page", ""), 10_000)
        with asked.central.database.reading() as connection:
            found = desk.listed(connection, wanted, PAGE + 1, page * PAGE)
            queues = desk.queues(connection, asked.staff.regions)
            items = desk.items(connection, asked.staff.regions)
        chosen = {"state": state, "who": who, "queue": wanted.queue, "item": wanted.item}
        return self._frame.page(
            request,
            "queue.html",
            language,
            asked.staff,
            asked.csrf,
            cases=found[:PAGE],
            more=len(found) > PAGE,
            page=page,
            there="/queue?" + urllib.parse.urlencode(chosen),
            chosen=chosen,
            groups=tuple(GROUPS),
            states=tuple(CaseState),
            queues=queues,
            items=items,
        )

    # ---- the search: what is looked for is never in an address

    def search(self, request: Request, asked: ForSearch, language: Language) -> Response:
        return self._found(request, asked, language, None)

    def search_case(self, request: Request, asked: ForSearch, language: Language) -> Response:
        text = asked.form.get("text", "").strip()
        case = text
        if text.upper().startswith("NT1."):
            verdict = verify(asked.central, text)
            case = verdict.number if verdict.finding is Finding.RECEIPT else ""
        with asked.central.database.reading() as connection:
            rows = [row for row in kept.find_cases(connection, case) if may_see(asked, row)] if case else []
            if not rows and len(begins := as_written(case)) >= SHORTEST_BEGINNING:
                found = desk.beginning_with(connection, asked.staff.regions, begins, PAGE + 1)
                rows = [row for row in found if row.case.upper() == begins] or list(found)
        if len(rows) == 1:
            return onward(case_path(rows[0].case), region=rows[0].region)
        cut = "list.found" if len(rows) > PAGE else ""
        return self._found(request, asked, language, rows[:PAGE], text=text[:200], cut=cut, most=PAGE)

    def search_person(self, request: Request, asked: ForPersons, language: Language) -> Response:
        central = asked.central
        person, why = asked.form.get("number", "").strip(), asked.form.get("why", "").strip()
        if not person or not why:
            return self._found(request, asked, language, None, why=why, sorry="why_missing")
        tag = central.vault.tag(person)
        with central.database.reading() as connection:
            told = find_by_tag(connection, tag, OF_A_PERSON + 1)
        rows = [row for row in told[:OF_A_PERSON] if may_see(asked, row)]
        cut = "list.person" if len(told) > OF_A_PERSON else ""
        with central.database.writing() as connection:
            # The tag's beginning, not the number: an auditor can tell two searches for the same person apart from one.
            note(connection, central, asked.staff.login, "person.searched", tag[:12], why, found=len(rows))
        return self._found(request, asked, language, rows, why=why, cut=cut, most=OF_A_PERSON)

    def _found(
        self,
        request: Request,
        asked: SignedIn,
        language: str,
        found: list[kept.CaseRow] | None,
        *,
        text: str = "",
        why: str = "",
        sorry: str = "",
        cut: str = "",
        most: int = 0,
    ) -> Response:
        return self._frame.page(
            request,
            "search.html",
            language,
            asked.staff,
            asked.csrf,
            status=422 if sorry else 200,
            found=found,
            text=text,
            why=why,
            sorry=sorry,
            cut=cut,
            most=most,
            path="/search",
        )


def as_written(text: str) -> str:
    """A case number as slips have it: in capitals, with dashes, however it was typed."""
    return re.sub(r"[\s\-\u2010-\u2015\u2212]+", "-", unicodedata.normalize("NFKC", text)).strip("-").upper()


def is_silent(row: terminals.TerminalRow, now: dt.datetime) -> bool:
    return row.seen_at is None or now - row.seen_at > SILENT
