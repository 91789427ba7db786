"""What stands before every route: a bounded body; a terminal's signature, or somebody of the staff; a way to say no."""

import asyncio
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from central.events.presence import Presence
from central.jobs import staff as jobs
from central.jobs.staff import Session, Staff
from central.rules.letters import Sender
from central.rules.roles import Permission, allowed
from central.store import staff as staff_store
from central.store import terminals
from central.wiring import Central
from trust.keys import USE_TERMINAL, KeyRing
from trust.requests import MAX_AGE, Claim, RequestFault, claim_of, verify_request
from wire.canonical import canonical
from wire.messages import PIECE

LARGEST_BODY = {
    "/v1/enrol": 16 * 1024,
    "/v1/letters": 4 * 1024 * 1024,
    "/v1/records": 16 * 1024,
    "/v1/cases": 16 * 1024,
    "/v1/mirror": 0,
    "/v1/catalogue": 0,
    "/v1/live": 0,
}
"""Bytes a request may carry; a piece of a large letter may carry PIECE."""


class State(BaseModel):
    """How something is, in a word."""

    state: str


class NotAnswered(Exception):
    """A request that gets a word instead of an answer."""

    def __init__(self, status: int, word: str, **headers: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word
        self.headers = headers


@dataclass(frozen=True)
class Signed:
    """A request that a terminal of ours has signed."""

    central: Central = field(repr=False)
    sender: Sender
    body: bytes = field(repr=False)


async def read_body(request: Request, limit: int, timeout_s: float) -> bytes:
    """The body, of `limit` bytes at most and within `timeout_s`: more is refused before it is read."""
    told = request.headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise NotAnswered(400, "request.bad_length")
    if int(told) > limit:
        raise NotAnswered(413, "request.too_large", Connection="close")
    body = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise NotAnswered(413, "request.too_large", Connection="close")
    except TimeoutError as slow:
        raise NotAnswered(408, "request.too_slow", Connection="close") from slow
    except ClientDisconnect as gone:
        raise NotAnswered(400, "request.cut") from gone
    return bytes(body)


def central_of(request: Request) -> Central:
    central: Central = request.app.state.central
    return central


def check_address(request: Request) -> None:
    """Refuse an address with a character NUL, which no name of ours has and PostgreSQL no text. Raises NotAnswered."""
    query: bytes = request.scope["query_string"]
    if "\0" in request.url.path or b"%00" in query:
        raise NotAnswered(400, "request.bad_text")


async def signed(request: Request) -> Signed:
    """Find the key by the name that the request claims, then read the body, then verify. Raises NotAnswered."""
    check_address(request)
    central = central_of(request)
    claim = claim_of(request.headers)
    if claim is None:
        raise NotAnswered(401, RequestFault.UNSIGNED.value)
    key = await run_in_threadpool(_key, central, claim.kid)
    if key is None:
        raise NotAnswered(401, RequestFault.UNKNOWN_KEY.value)
    if key.until is not None:
        raise NotAnswered(403, "terminal.withdrawn")
    limit = LARGEST_BODY.get(request.url.path, PIECE)
    body = await read_body(request, limit, central.settings.body_timeout_s)
    raw_path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    target = (raw_path.split(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")
    outcome = await run_in_threadpool(
        verify_request, KeyRing((key.key,)), request.method, target, request.headers, body, central.now()
    )
    if isinstance(outcome, RequestFault):
        raise NotAnswered(401, outcome.value)
    sender = Sender(key.region, key.terminal)
    if not await run_in_threadpool(_is_first, central, key.region, claim):
        raise NotAnswered(401, RequestFault.REPLAYED.value)
    await run_in_threadpool(_saw, request, central, sender)
    return Signed(central, sender, body)


SignedRequest = Annotated[Signed, Depends(signed)]


def _key(central: Central, kid: str) -> terminals.TerminalKey | None:
    with central.database.reading() as connection:
        found = terminals.key(connection, kid)
    return found if found is not None and found.key.use == USE_TERMINAL else None


def _is_first(central: Central, region: str, claim: Claim) -> bool:
    """Remember a nonce for as long as its signature would be believed; whether it is new to every worker.

    Not worth waiting for the disk: what a power cut makes central forget are the nonces of its last moment.
    """
    with central.database.writing(durable=False) as connection:
        return staff_store.remember_nonce(connection, region, claim.kid, claim.nonce, claim.created + 2 * MAX_AGE)


def _saw(request: Request, central: Central, sender: Sender) -> None:
    """Remember when a terminal was last heard; what is written of it, see `central.events.presence`."""
    presence: Presence = request.app.state.presence
    presence.heard(sender, central.now())


def answer(message: BaseModel, **headers: str) -> Response:
    """A message as canonical JSON."""
    content = canonical(message.model_dump(mode="json"))
    return Response(content, headers={"Cache-Control": "no-store", **headers}, media_type="application/json")


def refusal(status: int, word: str, headers: dict[str, str] | None = None) -> Response:
    """A word as JSON."""
    told = {"Cache-Control": "no-store", "Error-Word": word, **(headers or {})}  # the header: HEAD has no body
    return JSONResponse({"error": word}, status, headers=told)


def answer_state(state: dict[str, str | int]) -> Response:
    """A plain state as JSON."""
    return JSONResponse(state, headers={"Cache-Control": "no-store"})


# ---- the staff -----------------------------------------------------------------------------------------------

SAFE = frozenset({"GET", "HEAD"})
LARGEST_FORM = 1024 * 1024
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
_PLAIN, _HOST = "nuanting_session", "__Host-nuanting_session"


@dataclass(frozen=True)
class SignedIn:
    """A request of somebody of the staff who may make it. `csrf` goes into every form of the page.

    `form` holds the fields of a posted form, the last of each name; `fields` all of them; `files` the bytes of files.
    """

    central: Central = field(repr=False)
    staff: Staff
    csrf: str = field(repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


class ToLogin(Exception):
    """Nobody is signed in and a page was asked for."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class NoRight(NotAnswered):
    """Somebody is signed in who may not do this."""

    def __init__(self, staff: Staff, permission: Permission) -> None:
        super().__init__(403, "staff.no_right")
        self.staff = staff
        self.permission = permission


class StaffDependency:
    """Let a request through that somebody with this right makes. The right can be read from it: `permission`."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> SignedIn:
        """Raises NotAnswered, NoRight, ToLogin."""
        check_address(request)
        central = central_of(request)
        token = request.cookies.get(cookie_name(request), "")
        staff = await run_in_threadpool(jobs.session, central, token) if token else None
        if staff is None:
            if is_api(request):
                raise NotAnswered(401, "staff.not_signed_in")
            raise ToLogin(_back_to(request))
        csrf = jobs.csrf_of(token)
        request.state.who = staff, csrf  # a page that says no is drawn for the same person, without asking again
        fields: Mapping[str, tuple[str, ...]] = {}
        if request.method not in SAFE:
            fields = await _checked(request, csrf)
        if self.permission is not None and not allowed(staff.roles, self.permission):
            raise NoRight(staff, self.permission)
        files: Mapping[str, bytes] = getattr(request.state, "files", {})
        return SignedIn(central, staff, csrf, {name: told[-1] for name, told in fields.items()}, fields, files)


def known_staff(request: Request) -> tuple[Staff, str] | None:
    """Who this request was found to be of, and his proof for forms; None when nobody was looked for, or found."""
    found: tuple[Staff, str] | None = getattr(request.state, "who", None)
    return found


def staff_here(request: Request) -> tuple[Staff, str] | None:
    """The same on a page that anybody may ask for: looked for now, if it was not. Raises StoreUnavailable."""
    found = known_staff(request)
    token = request.cookies.get(cookie_name(request), "")
    if found is None and token:
        staff = jobs.session(central_of(request), token)
        found = None if staff is None else (staff, jobs.csrf_of(token))
    return found


def staff_with(permission: Permission) -> StaffDependency:
    """The dependency of a route that needs this right: `Depends(staff_with(Permission.SEE_QUEUE))`."""
    return StaffDependency(permission)


anybody = StaffDependency(None)
"""The dependency of a route that needs somebody of the staff, with whatever right."""


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/v1/")


def cookie_name(request: Request) -> str:
    """A name that browsers take over https only, from this host only, where there is https."""
    return _HOST if is_https(request) else _PLAIN


def is_https(request: Request) -> bool:
    """Whether the browser speaks TLS: with us, or with the proxy in front."""
    return request.url.scheme == "https" or central_of(request).settings.behind_proxy


def set_cookie(request: Request, response: Response, session: Session) -> None:
    response.set_cookie(
        cookie_name(request),
        session.token,
        max_age=int(jobs.LONGEST.total_seconds()),
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="strict",
    )


def clear_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(cookie_name(request), path="/", secure=is_https(request), httponly=True, samesite="strict")


def safe_next(text: str) -> str:
    """Where to go after signing in: a path of ours, or the beginning."""
    if not text.startswith("/") or text.startswith(("//", "/\\")) or not text.isprintable() or len(text) > 500:
        return "/"
    return text


def check_origin(request: Request) -> None:
    """Refuse a change that a page of another site asks for. Raises NotAnswered."""
    origin = request.headers.get("origin", "")
    site = request.headers.get("sec-fetch-site", "")
    if origin:
        try:
            asked = urllib.parse.urlsplit(origin).netloc
        except ValueError:
            asked = ""
        if not asked or asked.lower() != request.headers.get("host", "").lower():
            raise NotAnswered(403, "request.other_site")
    elif site not in ("", "same-origin", "none"):
        raise NotAnswered(403, "request.other_site")


async def _checked(request: Request, csrf: str) -> Mapping[str, tuple[str, ...]]:
    """The posted fields, after the checks that every change needs."""
    check_origin(request)
    fields = await read_form(request)
    shown = request.headers.get(CSRF_HEADER) or next(iter(fields.get(CSRF_FIELD, ())), "")
    if not jobs.same(shown, csrf):
        raise NotAnswered(403, "request.bad_csrf")
    return fields


async def read_form(request: Request) -> Mapping[str, tuple[str, ...]]:
    """The fields of a posted form, bounded; empty for a body that is no form, which the route can still read.

    The bytes of its files, bounded with it, are in `request.state.files`. Raises NotAnswered.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {}
    told = request.headers.get("content-length", "")
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise NotAnswered(411, "request.bad_length")
    if int(told) > LARGEST_FORM:
        raise NotAnswered(413, "request.too_large", Connection="close")
    form = await request.form(max_fields=500)
    found: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = await value.read()
        else:
            found.setdefault(name, []).append(value)
    await form.close()
    if any("\0" in text for name, values in found.items() for text in (name, *values)):
        raise NotAnswered(400, "request.bad_text")
    request.state.files = files
    return {name: tuple(values) for name, values in found.items()}


def _back_to(request: Request) -> str:
    if request.method not in SAFE:
        return "/"
    query = request.url.query
    return safe_next(request.url.path + (f"?{query}" if query else ""))
