"""The pages for anybody: signing in and out, verification, health, the style and the keys."""

import urllib.parse
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from central.console.frame import Frame, Language, number, onward, show_in
from central.console.verification import Finding, verify
from central.jobs import staff as jobs
from central.jobs.staff import SignInRefusal
from central.routes.requests import (
    SignedIn,
    answer_state,
    anybody,
    central_of,
    check_origin,
    clear_cookie,
    cookie_name,
    read_body,
    read_form,
    safe_next,
    set_cookie,
    staff_here,
)
from central.store import letters
from trust.tokens import LONGEST

_FOLDER = Path(__file__).parent
_FILES = {"/style.css": ("style.css", "text/css"), "/desk.js": ("desk.js", "text/javascript")}
_BYTES = {path: (_FOLDER / name).read_bytes() for path, (name, _) in _FILES.items()}

Somebody = Annotated[SignedIn, Depends(anybody)]


class Doors:
    """The handlers; `routes` lists where they stand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self, router: APIRouter) -> None:
        router.add_api_route("/login", self.login, methods=["GET"])
        router.add_api_route("/login", self.sign_in, methods=["POST"])
        router.add_api_route("/logout", self.sign_out, methods=["POST"])
        router.add_api_route("/keys", self.keys, methods=["GET"])
        router.add_api_route("/verify", self.verify_get, methods=["GET"])
        router.add_api_route("/verify", self.verify_post, methods=["POST"])
        for path in _FILES:
            router.add_api_route(path, self.file, methods=["GET"])

    def file(self, request: Request) -> Response:
        path = request.url.path
        told = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
        return Response(_BYTES[path], media_type=_FILES[path][1], headers=told)

    @staticmethod
    def health(request: Request) -> Response:
        """Whether the database answers, and how many letters wait to be opened."""
        central = central_of(request)
        with central.database.reading() as connection:
            waiting = letters.unopened_count(connection)
        return answer_state({"state": "ok", "unopened": waiting})

    # ---- in and out

    def login(self, request: Request, language: Language) -> Response:
        where = safe_next(request.query_params.get("next", "/"))
        if staff_here(request) is not None:
            return onward(where)
        return self._login_page(request, language, where)

    def _login_page(
        self, request: Request, language: str, where: str, login: str = "", sorry: str = "", tries: int = 0
    ) -> Response:
        query = urllib.parse.urlencode({"next": where}) if where != "/" else ""
        return self._frame.page(
            request,
            "login.html",
            language,
            status=403 if sorry else 200,
            next=where,
            login=login,
            sorry=sorry,
            tries=tries,
            oidc="/login/oidc" + (f"?{query}" if query else "") if self._frame.settings.oidc is not None else "",
            path="/login",
            query=query,
        )

    async def sign_in(self, request: Request, language: Language) -> Response:
        check_origin(request)
        fields = await read_form(request)
        told = {name: values[-1] for name, values in fields.items()}
        where = safe_next(told.get("next", "/"))
        login, password, code = (told.get(name, "")[:200] for name in ("login", "password", "code"))
        session = await run_in_threadpool(jobs.sign_in, central_of(request), login, password, code)
        if isinstance(session, SignInRefusal):
            tries = number(told.get("tries", ""), 99) + 1  # of this page: it chooses a sentence and nothing else
            sorry = (
                session.value
                if session is SignInRefusal.LOCKED
                else "staff.wrong"
                if tries < 3
                else "staff.wrong_again"
            )
            return self._login_page(request, language, where, login.strip()[:60], sorry, tries)
        answer = onward(where)
        set_cookie(request, answer, session)
        if session.staff.language == "en":  # "zh" is everybody's who said nothing: what was chosen at the door stays
            show_in(answer, "en")
        return answer

    def sign_out(self, request: Request, somebody: Somebody) -> Response:
        jobs.sign_out(somebody.central, request.cookies.get(cookie_name(request), ""))
        answer = onward("/login", "signed_out")
        clear_cookie(request, answer)
        return answer

    # ---- for anybody

    def keys(self, request: Request, somebody: Somebody, language: Language) -> Response:
        return self._frame.page(request, "keys.html", language, somebody.staff, somebody.csrf)

    def verify_get(self, request: Request, language: Language) -> Response:
        return self._verify(request, request.query_params.get("t", ""), language)

    async def verify_post(self, request: Request, language: Language) -> Response:
        body = await read_body(request, 4 * LONGEST, self._frame.settings.body_timeout_s)
        told = urllib.parse.parse_qs(body.decode("utf-8", "replace"), max_num_fields=8)
        return await run_in_threadpool(self._verify, request, told.get("t", [""])[0], language)

    def _verify(self, request: Request, text: str, language: str) -> Response:
        verdict = verify(central_of(request), text) if text.strip() else None
        good = verdict is not None and verdict.finding in (Finding.RECEIPT, Finding.PROOF)
        if verdict is not None and verdict.finding is Finding.CITIZEN_CODE:
            text = ""  # it says who somebody is: not shown again, not even encoded
        staff, csrf = staff_here(request) or (None, "")
        return self._frame.page(
            request,
            "verify.html",
            language,
            staff,
            csrf,
            text=text[:LONGEST],
            verdict=verdict,
            good=good,
            path="/verify",
            query="",
        )
