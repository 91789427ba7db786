"""The pages: cases, terminals, verification. Rendered here, nothing to run in the browser; persons are masked."""

import datetime as dt
import urllib.parse
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from central.console import words
from central.console.chain import gaps
from central.console.titles import load_titles
from central.console.verification import Finding, verify
from central.jobs.opening import person_of
from central.routes.requests import NotAnswered, answer_state, central_of, read_body
from central.rules.masks import mask_name, mask_number
from central.settings import CentralSettings, is_loopback
from central.store import cases, letters, ratings, terminals, tickets
from central.store.vault import Told
from trust.tokens import LONGEST

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "style.css").read_bytes()
_PAGE = 50
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # an address may hold a token
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def router(settings: CentralSettings) -> APIRouter:
    """The pages' routes, for these settings."""
    pages = _Pages(settings)
    routes = APIRouter(dependencies=[Depends(pages.guard)])
    routes.add_api_route("/", pages.home, methods=["GET"])
    routes.add_api_route("/cases/{case:path}", pages.case, methods=["GET"])
    routes.add_api_route("/terminals/{terminal:path}", pages.terminal, methods=["GET"])
    routes.add_api_route("/verify", pages.verify_get, methods=["GET"])
    routes.add_api_route("/verify", pages.verify_post, methods=["POST"])
    routes.add_api_route("/style.css", pages.style, methods=["GET"])
    health = APIRouter()
    health.add_api_route("/health", pages.health, methods=["GET"])
    health.include_router(routes)
    return health


def _language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get("lang") or "zh"
    return asked if asked in words.LANGUAGES else "zh"


Language = Annotated[str, Depends(_language)]


class _Pages:
    def __init__(self, settings: CentralSettings) -> None:
        self._settings = settings
        self._titles = load_titles(settings.catalogue)
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["mask_name"] = mask_name
        self._templates.filters["mask_number"] = mask_number
        self._templates.filters["size"] = words.show_size
        self._templates.filters["quoted"] = lambda text: urllib.parse.quote(text, safe="")

    def guard(self, request: Request) -> None:
        """Refuse a name that is not this machine's: a page of the web must not reach these through a renamed host."""
        try:
            host = urllib.parse.urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        except ValueError:
            host = ""
        if not self._settings.behind_proxy and not is_loopback(host):
            raise NotAnswered(421, "host.not_this_machine")

    def _render(self, template: str, language: str, status: int, **facts: Any) -> Response:
        page = self._templates.get_template(template).render(
            lang=language,
            other="en" if language == "zh" else "zh",
            say=lambda key, **values: words.say(key, language, **values),
            word=lambda group, word: words.say_word(group, word, language),
            time=lambda at: words.show_time(at, language),
            item=lambda code: self._titles.item(code, language),
            field=lambda code: self._titles.field(code, language),
            behind_proxy=self._settings.behind_proxy,
            **facts,
        )
        response = HTMLResponse(page, status, headers=_HEADERS)
        response.set_cookie("lang", language, max_age=365 * 86400, httponly=True, samesite="lax")
        return response

    def style(self) -> Response:
        return Response(_STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    def health(self, request: Request) -> Response:
        """Whether the database answers, and how many letters wait to be opened."""
        central = central_of(request)
        with central.database.reading() as connection:
            waiting = letters.unopened_count(connection)
        return answer_state({"state": "ok", "unopened": waiting})

    def home(self, request: Request, language: Language) -> Response:
        before = _moment(request.query_params.get("before", ""))
        central = central_of(request)
        with central.database.reading() as connection:
            found = cases.newest_cases(connection, _PAGE + 1, before)
            proofs = cases.newest_proofs(connection, _PAGE)
            facts: dict[str, Any] = {
                "proofs": proofs,
                "terminals": terminals.newest(connection, 500),
                "ratings": ratings.rating_counts(connection),
                "trouble": letters.troubled(connection, _PAGE),
                "conflicts": letters.conflicts(connection, _PAGE),
                "refused": letters.refused(connection, _PAGE),
            }
            told: dict[cases.CaseRow | cases.ProofRow, Told | None] = {}
            told |= {row: person_of(central, connection, row) for row in found}
            told |= {row: person_of(central, connection, row) for row in proofs}
        older = found[_PAGE - 1].received_at.isoformat() if len(found) > _PAGE else ""
        return self._render(
            "home.html", language, 200, cases=found[:_PAGE], older=older, paging=before is not None, told=told, **facts
        )

    def case(self, request: Request, case: str, language: Language) -> Response:
        central = central_of(request)
        with central.database.reading() as connection:
            found = cases.find_cases(connection, case)
            told = {row: person_of(central, connection, row) for row in found}
            files = {row.region: cases.case_parts(connection, row.region, case) for row in found}
            places = {row.region: terminals.find(connection, row.region, row.terminal) for row in found}
        status = 200 if found else 404
        return self._render(
            "case.html", language, status, number=case, cases=found, files=files, places=places, told=told
        )

    def terminal(self, request: Request, terminal: str, language: Language) -> Response:
        shown: list[dict[str, Any]] = []
        told: dict[cases.CaseRow, Told | None] = {}
        central = central_of(request)
        with central.database.reading() as connection:
            for row in terminals.named(connection, terminal):
                where = row.region, row.terminal
                chain = cases.chain(connection, *where, 500)
                shown.append(
                    {
                        "row": row,
                        "count": len(chain),
                        "gaps": gaps(chain)[:10],
                        "incidents": cases.incidents_of(connection, *where, _PAGE),
                        "tickets": tickets.of_terminal(connection, *where, 200),
                        "trouble": letters.troubled(connection, _PAGE, region=row.region, terminal=row.terminal),
                        "cases": cases.newest_cases(connection, _PAGE, terminal=where),
                    }
                )
                told |= {each: person_of(central, connection, each) for each in shown[-1]["cases"]}
        return self._render("terminal.html", language, 200 if shown else 404, name=terminal, terminals=shown, told=told)

    def verify_get(self, request: Request, language: Language) -> Response:
        return self._verify(request, request.query_params.get("t", ""), language)

    async def verify_post(self, request: Request, language: Language) -> Response:
        body = await read_body(request, 4 * LONGEST, self._settings.body_timeout_s)
        told = urllib.parse.parse_qs(body.decode("utf-8", "replace"), max_num_fields=8)
        return await run_in_threadpool(self._verify, request, told.get("t", [""])[0], language)

    def _verify(self, request: Request, text: str, language: str) -> Response:
        verdict = verify(central_of(request), text) if text.strip() else None
        good = verdict is not None and verdict.finding in (Finding.RECEIPT, Finding.PROOF)
        if verdict is not None and verdict.finding is Finding.CITIZEN_CODE:
            text = ""  # it says who somebody is: not shown again, not even encoded
        return self._render("verify.html", language, 200, text=text[:LONGEST], verdict=verdict, good=good)


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
