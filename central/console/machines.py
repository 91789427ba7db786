"""Terminals, and letters that a person must look at."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from central import desk
from central.console.chain import gaps
from central.console.frame import PAGE, Frame, Language, may, number, onward
from central.console.lists import is_silent
from central.jobs.audit import note
from central.jobs.unseal import open_letters
from central.routes.requests import SignedIn, staff_with
from central.rules.letters import LetterState
from central.rules.roles import Permission
from central.store import cases, letters, supplements, terminals, tickets
from central.store.desk import places
from wire.ids import RegionId, SiteId, TerminalId

ForTerminals = Annotated[SignedIn, Depends(staff_with(Permission.SEE_TERMINALS))]
ForManaging = Annotated[SignedIn, Depends(staff_with(Permission.MANAGE_TERMINALS))]
ForLetters = Annotated[SignedIn, Depends(staff_with(Permission.SEE_LETTERS))]
ForSolving = Annotated[SignedIn, Depends(staff_with(Permission.SOLVE_LETTERS))]

PLACES = 200
"""Terminals on a page."""
LETTERS = 200
"""Of each kind that are looked through for a page."""
TICKETS = 200
GAPS = 10
MOST_NOTICES, LONGEST_NOTICE, LONGEST_NAME = 8, 120, 120


class Machines:
    """The handlers; `routes` lists where they stand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/terminals", self.all, methods=["GET"])
        router.add_api_route("/terminals/{terminal:path}", self.one, methods=["GET"])
        router.add_api_route("/terminal/code", self.code, methods=["POST"])
        router.add_api_route("/terminal/withdraw", self.withdraw, methods=["POST"])
        router.add_api_route("/terminal/words", self.words, methods=["POST"])
        router.add_api_route("/letters", self.letters, methods=["GET"])
        router.add_api_route("/letters/again", self.again, methods=["POST"])

    # ---- terminals

    def all(self, request: Request, asked: ForTerminals, language: Language) -> Response:
        return self._all(request, asked, language)

    def _all(self, request: Request, asked: SignedIn, language: str, **facts: Any) -> Response:
        now = asked.central.now()
        page = number(request.query_params.get("page", ""), 10_000)
        with asked.central.database.reading() as connection:
            rows = places(connection, asked.staff.regions, PLACES + 1, page * PLACES)
        told: dict[str, Any] = {
            "rows": [(row, is_silent(row, now)) for row in rows[:PLACES]],
            "page": page,
            "more": len(rows) > PLACES,
            "code": "",
            "offices": [each for each in asked.central.offices.offices if asked.staff.may_in(each.region)],
            "typed": {"region": "", "site": "", "terminal": ""},
            "path": "/terminals",
        }
        return self._frame.page(request, "terminals.html", language, asked.staff, asked.csrf, **told | facts)

    def one(self, request: Request, terminal: str, asked: ForTerminals, language: Language) -> Response:
        region = request.query_params.get("region", "")
        return self._one(request, asked, language, region, terminal)

    def _one(self, request: Request, asked: SignedIn, language: str, region: str, terminal: str) -> Response:
        central, staff = asked.central, asked.staff
        with central.database.reading() as connection:
            found = [row for row in terminals.named(connection, terminal) if staff.may_in(row.region)]
            row = next((each for each in found if region in ("", each.region)), None)
            facts: dict[str, Any] = {"row": row, "path": f"/terminals/{terminal}", "items": central.catalogue.items}
            facts |= {"most": PAGE, "most_tickets": TICKETS, "most_gaps": GAPS}
            if row is not None:
                where = row.region, row.terminal
                chain = cases.chain(connection, *where, 500)
                keys = terminals.keys_with_level(connection, *where)
                facts |= {
                    "held": next((key.level for key in keys if key.until is None), "nothing"),
                    "silent": is_silent(row, central.now()),
                    "count": len(chain),
                    "gaps": gaps(chain)[: GAPS + 1],
                    "incidents": cases.incidents_of(connection, *where, PAGE + 1),
                    "tickets": tickets.of_terminal(connection, *where, TICKETS + 1),
                    "trouble": letters.troubled(connection, PAGE + 1, regions=[row.region], terminal=row.terminal)
                    if may(staff, Permission.SEE_LETTERS)
                    else (),
                }
        status = 404 if row is None else 200
        return self._frame.page(request, "terminal.html", language, staff, asked.csrf, status=status, **facts)

    def code(self, request: Request, asked: ForManaging, language: Language) -> Response:
        """A one-time code: shown on this answer and nowhere else."""
        typed = {name: asked.form.get(name, "").strip() for name in ("region", "site", "terminal")}
        if not all(1 <= len(text) <= LONGEST_NAME for text in typed.values()) or not asked.staff.may_in(
            typed["region"]
        ):
            return self._all(request, asked, language, typed=typed, sorry="terminal.names", status=422)
        region, site, terminal = typed["region"], typed["site"], typed["terminal"]
        strange = bool(desk.strange_region(asked.central, [region]))
        code = desk.enrolment_code(
            asked.central, RegionId(region), SiteId(site), TerminalId(terminal), by=asked.staff.login
        )
        return self._all(request, asked, language, typed=typed, code=code, strange=strange)

    def withdraw(self, request: Request, asked: ForManaging, language: Language) -> Response:
        region, terminal = self._named(asked)
        if not asked.form.get("sure"):
            return self._one(request, asked, language, region, terminal)
        try:
            desk.withdraw_terminal(asked.central, RegionId(region), TerminalId(terminal), by=asked.staff.login)
        except desk.UnknownTerminal:
            return self._one(request, asked, language, region, terminal)
        return onward("/terminals", "withdrawn")

    def words(self, request: Request, asked: ForManaging, language: Language) -> Response:
        """What a terminal announces, and what it does not offer."""
        region, terminal = self._named(asked)
        said = {name: _lines(asked.form.get(name, "")) for name in ("zh", "en")}
        known = {item.code for item in asked.central.catalogue.items}
        closed = {code: "desk" for code in asked.fields.get("closed", ()) if code in known}
        try:
            desk.set_words(
                asked.central,
                RegionId(region),
                TerminalId(terminal),
                notices_zh=said["zh"],
                notices_en=said["en"],
                closed_items=closed,
                by=asked.staff.login,
            )
        except desk.UnknownTerminal:
            return self._one(request, asked, language, region, terminal)
        return onward(f"/terminals/{terminal}", "words_set", region=region)

    def _named(self, asked: SignedIn) -> tuple[str, str]:
        """The terminal that a form names; of another region it is an unknown one."""
        region, terminal = asked.form.get("region", ""), asked.form.get("terminal", "")
        return (region if asked.staff.may_in(region) else "", terminal)

    # ---- letters

    def letters(self, request: Request, asked: ForLetters, language: Language) -> Response:
        mine = asked.staff.regions
        with asked.central.database.reading() as connection:
            held = supplements.held(connection, LETTERS, regions=mine)
            troubled = letters.troubled(connection, LETTERS, regions=mine)
            conflicts = letters.conflicts(connection, LETTERS, regions=mine)
            refused = letters.refused(connection, LETTERS, regions=mine)
        settled_there = {(row.region, row.letter) for row in held}  # on the page of their case, not here
        facts: dict[str, Any] = {
            "trouble": [row for row in troubled if (row.region, row.id) not in settled_there],
            "conflicts": conflicts,
            "refused": refused,
            "held": held,
            "many": any(len(each) == LETTERS for each in (held, troubled, conflicts, refused)),
            "most": LETTERS,
        }
        return self._frame.page(request, "letters.html", language, asked.staff, asked.csrf, **facts)

    def again(self, request: Request, asked: ForSolving) -> Response:
        """Open a letter once more: after a key was restored, a ticket registered, or the catalogue put right."""
        region, letter = asked.form.get("region", ""), asked.form.get("letter", "")
        central = asked.central
        with central.database.writing() as connection:
            kept = letters.find(connection, region, letter) if asked.staff.may_in(region) else None
            wanted = kept is not None and kept.state in (LetterState.HELD, LetterState.UNREADABLE)
            if wanted:
                letters.set_state(connection, region, letter, LetterState.RECEIVED)
                note(connection, central, asked.staff.login, "letter.opened_again", letter, region=region)
        if wanted and kept is not None:
            open_letters(central, region, [kept.terminal])
        with central.database.reading() as connection:
            after = letters.find(connection, region, letter)
        done = after is not None and after.state is LetterState.OPENED
        return onward("/letters", "letter_opened" if done else "letter_same")


def _lines(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split())[:LONGEST_NOTICE] for line in text.splitlines())
    return tuple(line for line in lines if line)[:MOST_NOTICES]
