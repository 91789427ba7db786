"""What every page stands in: the layout, the language, the headers, who is signed in, and what a form told."""

import datetime as dt
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from central.console import words
from central.console.titles import Titles, titles_of
from central.jobs.staff import Staff, everybody
from central.routes.requests import NotAnswered, central_of
from central.rules.masks import mask_name, mask_number
from central.rules.progress import FINAL, CaseState
from central.rules.roles import Permission, allowed
from central.settings import CentralSettings, is_loopback
from central.wiring import Central
from central.working import Working

_FOLDER = Path(__file__).parent
PAGE = 50
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    # An address may hold a token: no other site sees it. `no-referrer` makes browsers send our forms with Origin: null.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Entry:
    """A line of the navigation; who lacks the permission does not see it."""

    key: str
    path: str
    permission: Permission | None = None


MENU = (
    Entry("day", "/"),
    Entry("queue", "/queue", Permission.SEE_QUEUE),
    Entry("search", "/search", Permission.OPEN_CASE),
    Entry("letters", "/letters", Permission.SEE_LETTERS),
    Entry("terminals", "/terminals", Permission.SEE_TERMINALS),
    Entry("editions", "/editions", Permission.PUBLISH_CATALOGUE),
    Entry("figures", "/figures", Permission.SEE_FIGURES),
    Entry("audit", "/audit", Permission.SEE_AUDIT),
    Entry("staff", "/staff", Permission.MANAGE_STAFF),
    Entry("verify", "/verify"),
    Entry("keys", "/keys"),
)

_UNDER = {"case": "queue", "sure": "queue", "person": "search", "terminal": "terminals", "staff_sure": "staff"}
"""Pages that are no line of the navigation, and the line that they belong to."""

_SHADES: Mapping[CaseState, str] = {
    CaseState.RECEIVED: "water",
    CaseState.CHECKED: "water",
    CaseState.ACCEPTED: "water",
    CaseState.RETURNED: "wait",
    CaseState.WAITING: "wait",
    CaseState.APPROVED: "good",
    CaseState.REFUSED: "bad",
    CaseState.READY: "good",
    CaseState.DONE: "good",
    CaseState.LAPSED: "plain",
    CaseState.WITHDRAWN: "plain",
}
_MARKS: Mapping[CaseState, str] = {
    CaseState.RECEIVED: "●",
    CaseState.CHECKED: "●",
    CaseState.ACCEPTED: "●",
    CaseState.RETURNED: "↩",
    CaseState.WAITING: "…",
    CaseState.APPROVED: "✓",
    CaseState.REFUSED: "✕",
    CaseState.READY: "▣",
    CaseState.DONE: "✓",
    CaseState.LAPSED: "–",
    CaseState.WITHDRAWN: "–",
}


def language_of(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get("lang") or "zh"
    return asked if asked in words.LANGUAGES else "zh"


Language = Annotated[str, Depends(language_of)]


def may(staff: Staff | None, permission: Permission) -> bool:
    return staff is not None and allowed(staff.roles, permission)


class Frame:
    """Draws pages. One for the application."""

    def __init__(self, settings: CentralSettings, working: Working) -> None:
        self.settings = settings
        self._working = working
        self._titles = (working.now, titles_of(working.now.catalogue))
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
        self._templates.filters["day"] = words.show_day
        self._templates.filters["quoted"] = lambda text: urllib.parse.quote(text, safe="")

    @property
    def titles(self) -> Titles:
        """Of the catalogue that is worked by now."""
        works, titles = self._titles
        if works is not self._working.now:
            works = self._working.now
            titles = titles_of(works.catalogue)
            self._titles = (works, titles)
        return titles

    def guard(self, request: Request) -> None:
        """Refuse a name that is not this machine's: a page of the web must not reach these through a renamed host."""
        try:
            host = urllib.parse.urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        except ValueError:
            host = ""
        if not self.settings.behind_proxy and not is_loopback(host):
            raise NotAnswered(421, "host.not_this_machine")

    def page(
        self,
        request: Request,
        template: str,
        language: str,
        staff: Staff | None = None,
        csrf: str = "",
        *,
        status: int = 200,
        **facts: Any,
    ) -> Response:
        """A page for somebody who is signed in, or for anybody."""
        central = central_of(request)
        now: dt.datetime = central.now()
        titles = self.titles
        told: dict[str, Any] = {
            "lang": language,
            "other": "en" if language == "zh" else "zh",
            "say": lambda key, **values: words.say(key, language, **values),
            "word": lambda group, word: words.say_word(group, word, language),
            "time": lambda at: words.show_time(at, language),
            "days": lambda at: words.days_until(at, now),
            "item": lambda code: titles.item(code, language),
            "field": lambda code: titles.field(code, language),
            "shade": lambda state: _SHADES[state],
            "mark": lambda state: _MARKS[state],
            "office": lambda region: _office(central, region, language),
            "who": _names(central, language),
            "final": FINAL,
            "staff": staff,
            "csrf": csrf,
            "may": lambda name: may(staff, Permission(name)),
            "menu": [entry for entry in MENU if entry.permission is None or may(staff, entry.permission)],
            "said": said(request),
            "sorry": "",
            "unsure": False,  # somebody is signed in, and nobody can be asked who
            "here": template.removesuffix(".html"),
            "under": _UNDER.get(template.removesuffix(".html"), ""),
            "path": request.url.path if request.method == "GET" else "/",
            "query": _query(request) if request.method == "GET" else "",
        }
        page = self._templates.get_template(template).render(**told | facts)
        response = HTMLResponse(page, status, headers=HEADERS)
        show_in(response, language)
        return response


def show_in(response: Response, language: str) -> None:
    """From the next page on this browser is shown this language."""
    response.set_cookie("lang", language, max_age=365 * 86400, httponly=True, samesite="lax")


def _office(central: Central, region: str, language: str) -> str:
    """What the office of a region, or of a queue, is called."""
    found = next((each for each in central.offices.offices if each.region == region), None)
    return words.say_word("queue", region, language) if found is None else found.say(language)


def _names(central: Central, language: str) -> Callable[[str], str]:
    """What somebody is called who did something: asked of the database at most once for a page, and only when used."""
    names: dict[str, str] = {}

    def name(who: str) -> str:
        kind, _, which = who.partition(":")
        if which and f"who.{kind}" in words.WORDS:
            return words.say(f"who.{kind}", language, name=which)
        told = words.say_word("who", who, language)
        if told != who:
            return told
        if not names:
            names.update({row.login: row.name for row in everybody(central)})
        return names.get(who, who)

    return name


def _query(request: Request) -> str:
    """The query without the language and without what was just said, to ask for the same page in the other one."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", "said")]
    return urllib.parse.urlencode(kept)


def said(request: Request) -> str:
    """The word for what was just done, when it is one of ours: it comes in the address, and anybody can write that."""
    word = request.query_params.get("said", "")
    return word if f"said.{word}" in words.WORDS else ""


def onward(path: str, said: str = "", **query: str | int) -> Response:
    """Look at this page now: the answer to a form that did what it should."""
    told = {name: str(value) for name, value in query.items()} | ({"said": said} if said else {})
    return RedirectResponse(path + ("?" + urllib.parse.urlencode(told) if told else ""), 303, headers=HEADERS)


def case_path(case: str) -> str:
    return "/cases/" + urllib.parse.quote(case, safe="")


def number(text: str, most: int) -> int:
    """A number that came in an address or form; 0 for anything else."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 0
