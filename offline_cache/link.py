"""Signed requests to central over HTTP, each ending in an answer or in a named fault; no trouble of the net is raised.

Redirects are not followed and proxies of the environment not used; an answer's body is read up to a bound and within a
time, so neither a captive portal nor a dying line can hold or fill the terminal. Not bounded in time is what comes
before a body: interim answers (1xx) without end, or headers dripped within `SILENCE_S` of each other, hold the request.
Over TLS only central's own end can send these; the oldest letter's alarm tells of it.
"""

import contextlib
import datetime as dt
import email.utils
import enum
import ipaddress
import json
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx2

from offline_cache.clock import Clock
from trust.keys import KeyUnavailable, Signer
from trust.requests import RequestFault, sign_request

logging.getLogger("httpx2").setLevel(logging.WARNING)  # a line per request would drown what changes

CONNECT_S = 5.0
SILENCE_S = 20.0
"""Longest wait for the next bytes, either way."""
ANSWER_S = 60.0
"""Longest time from the request's last byte to the answer's last byte."""
LONGEST_RETRY_AFTER_S = 3600.0
FARTHEST_AHEAD = dt.timedelta(days=36525)
"""A century: a clock without a battery begins decades ago; a date farther off is no clock's."""


class LinkFault(enum.StrEnum):
    """Why an exchange with central brought nothing."""

    UNREACHABLE = "link.unreachable"  # no name, no route, refused
    INSECURE = "link.insecure"  # the certificate is not central's
    TIMED_OUT = "link.timed_out"
    CUT = "link.cut"  # the line broke, or the answer came in half
    PORTAL = "link.portal"  # somebody else answered: a page, a redirect
    TOO_LONG = "link.too_long"  # an answer beyond its bound
    SERVER = "link.server"  # central says it cannot now (5xx, 408, 429)
    REFUSED = "link.refused"  # central does not know us (401, 403)
    REJECTED = "link.rejected"  # central does not take this request (other 4xx)
    BAD_ANSWER = "link.bad_answer"  # well-formed HTTP that is not the message due
    BAD_SIGNATURE = "link.bad_signature"  # not signed by central
    KEY = "link.key"  # nothing was sent: what holds the terminal's own key does not sign


@dataclass(frozen=True)
class Answer:
    """A whole answer with a status that was expected. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Failed:
    """No answer. `word` is central's own word for it, when it gave one; `offset` what it told in Upload-Offset."""

    fault: LinkFault
    status: int = 0
    word: str = ""
    retry_after_s: float | None = None
    offset: int | None = None


class Link:
    """The terminal's way to central. Any thread may call."""

    def __init__(self, url: str, key: Signer | None, clock: Clock, *, ca: Path | None = None) -> None:
        """`url` without a path; `key` None signs nothing. Raises ValueError: plain http is for this machine only."""
        self.url = checked_url(url)
        self._key = key
        self._clock = clock
        self._ahead = dt.timedelta(0)
        self._ahead_lock = threading.Lock()
        self._trust = ssl.create_default_context(cafile=str(ca) if ca else None)
        self._client = self._new_client()

    def _new_client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.url,
            verify=self._trust,
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": "nuanting-terminal", "Accept-Encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # none: whoever answers could fill our requests
        )

    def close(self) -> None:
        self._client.close()

    def reachable(self) -> bool:
        """Whether anybody takes a connection at central's address; not a byte is sent."""
        parsed = httpx2.URL(self.url)
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        try:
            socket.create_connection((parsed.host, port), CONNECT_S).close()
        except OSError:
            return False
        return True

    def exchange(
        self, method: str, target: str, body: bytes = b"", *, headers: Mapping[str, str] | None = None,
        expect: frozenset[int] = frozenset({200}), longest: int = 1024 * 1024, answer_s: float = ANSWER_S,
    ) -> Answer | Failed:  # fmt: skip
        """One request. `target` is path and query; `longest` bounds the answer's body in bytes.

        When central says that the signature's time is off, the clock's difference to central's is learnt and the
        request is signed once more; so it is when something on the way sent it twice.
        """
        outcome = self._once(method, target, body, headers or {}, expect, longest, answer_s)
        if isinstance(outcome, Failed) and outcome.word in (RequestFault.STALE, RequestFault.REPLAYED):
            outcome = self._once(method, target, body, headers or {}, expect, longest, answer_s)
        return outcome

    def _once(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str], expect: frozenset[int], longest: int,
        answer_s: float,
    ) -> Answer | Failed:  # fmt: skip
        kind = {"Content-Type": "application/json"} if method == "POST" else {}
        try:
            with self._client.stream(
                method,
                target,
                content=body or None,
                headers={**kind, **headers, **self._signed(method, target, headers, body)},
                timeout=httpx2.Timeout(min(SILENCE_S, answer_s), connect=CONNECT_S),
            ) as response:
                return self._read(response, method, expect, longest, answer_s)
        except (httpx2.TransportError, httpx2.DecodingError) as trouble:
            return Failed(_fault_of(trouble))
        except KeyUnavailable as unavailable:
            return Failed(LinkFault.KEY, word=unavailable.fault)

    def listen(self, target: str, hear: Callable[[bytes], bool], cut: "Cut", *, silence_s: float) -> Failed | None:
        """Hand each piece of an answer that stays open to `hear`, until it says False; None: it ended without trouble.

        The answer is lines of JSON; pieces are at most 64 KiB. No bytes for `silence_s` is a fault. The connection is
        nobody else's and is closed at the end; `cut` ends it from any thread.
        """
        try:
            with (
                self._new_client() as client,
                cut,
                client.stream(
                    "GET",
                    target,
                    headers=self._signed("GET", target, {}, b""),
                    timeout=httpx2.Timeout(SILENCE_S, connect=CONNECT_S, read=silence_s),
                    extensions={"trace": cut.traced},
                ) as response,
            ):
                if response.status_code != 200:
                    failed = self._read(response, "GET", frozenset(), 64 * 1024, ANSWER_S)
                    return failed if isinstance(failed, Failed) else None
                if not response.headers.get("content-type", "").lower().startswith("application/x-ndjson"):
                    return Failed(LinkFault.PORTAL, 200)
                for piece in response.iter_raw():
                    if not hear(piece):
                        break
        except (httpx2.TransportError, httpx2.DecodingError) as trouble:
            return Failed(_fault_of(trouble))
        except KeyUnavailable as unavailable:
            return Failed(LinkFault.KEY, word=unavailable.fault)
        return None

    def _signed(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        if self._key is None:
            return {}
        with self._ahead_lock:
            now = self._clock.now() + self._ahead
        return sign_request(self._key, method, target, headers, body, now)

    def _read(
        self, response: httpx2.Response, method: str, expect: frozenset[int], longest: int, answer_s: float
    ) -> Answer | Failed:
        until = self._clock.monotonic() + answer_s
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > longest:
                return Failed(LinkFault.TOO_LONG, response.status_code)
            if self._clock.monotonic() > until:
                return Failed(LinkFault.TIMED_OUT, response.status_code)
        told = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code in expect:
            return self._expected(response.status_code, told, bytes(body), method)
        return self._unexpected(response.status_code, told, bytes(body), method)

    def _expected(self, status: int, told: Mapping[str, str], body: bytes, method: str) -> Answer | Failed:
        # 304 and 204 and answers to HEAD have no body; a page in their place is somebody else's.
        if body and not told.get("content-type", "").lower().startswith("application/json"):
            return Failed(LinkFault.PORTAL, status)
        if status == 200 and not body and method != "HEAD":
            return Failed(LinkFault.BAD_ANSWER, status)
        return Answer(status, told, body)

    def _unexpected(self, status: int, told: Mapping[str, str], body: bytes, method: str) -> Failed:
        word = _word(body) or (_plain(told.get("error-word", "")) if method == "HEAD" else "")
        after = _retry_after(told.get("retry-after", ""), self._clock.now())
        offset = _offset(told)
        if status == 511:  # RFC 6585 §6: a captive portal that says so
            return Failed(LinkFault.PORTAL, status)
        if status >= 500 or status in (408, 429):
            return Failed(LinkFault.SERVER, status, word, after, offset)
        ours = bool(word) or (method == "HEAD" and told.get("content-type", "").startswith("application/json"))
        if not ours or status < 400:
            return Failed(LinkFault.PORTAL, status)
        if status in (401, 403):
            if word == RequestFault.STALE:
                self._learn(told.get("date", ""))
            return Failed(LinkFault.REFUSED, status, word, after)
        return Failed(LinkFault.REJECTED, status, word, after, offset)

    def _learn(self, date: str) -> None:
        """Take central's clock for the signatures' time; only for that, and only after central found ours wrong."""
        theirs = _date(date)
        ahead = None if theirs is None else theirs - self._clock.now()
        if ahead is not None and abs(ahead) <= FARTHEST_AHEAD:
            with self._ahead_lock:
                self._ahead = ahead


class Cut:
    """Ends one exchange that another thread waits in. Used once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = False
        self._socket: socket.socket | None = None

    def __call__(self) -> None:
        """End it, now or as soon as it is connected; whoever reads from it wakes up with a fault."""
        with self._lock:
            self._wanted = True
            self._shut()

    def traced(self, event: str, told: Mapping[str, Any]) -> None:
        """httpx2's `trace`. A copy of the socket is kept: the one below may be wrapped for TLS meanwhile, or gone."""
        if event != "connection.connect_tcp.complete":
            return
        with self._lock:
            self._let_go()
            self._socket = told["return_value"].get_extra_info("socket").dup()
            if self._wanted:
                self._shut()

    def __enter__(self) -> None:
        return

    def __exit__(self, *trouble: object) -> None:
        with self._lock:
            self._let_go()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # the other end was first
                self._socket.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def checked_url(url: str) -> str:
    """The address of central without a trailing slash. Raises ValueError with the reason."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError) as mistake:
        raise ValueError(f"not an address: {url!r}") from mistake
    if parsed.scheme not in ("https", "http") or not parsed.host:
        raise ValueError(f"not an http(s) address: {url!r}")
    if parsed.scheme == "http" and not _is_this_machine(parsed.host):
        raise ValueError(f"plain http is for this machine only, use https: {url!r}")
    if parsed.path not in ("", "/") or parsed.query or parsed.userinfo:
        raise ValueError(f"host and port only, please: {url!r}")
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _fault_of(trouble: httpx2.TransportError | httpx2.DecodingError) -> LinkFault:
    match trouble:
        case httpx2.ConnectTimeout():
            return LinkFault.UNREACHABLE
        case httpx2.TimeoutException():
            return LinkFault.TIMED_OUT
        case httpx2.ConnectError():
            return LinkFault.INSECURE if _is_tls(trouble) else LinkFault.UNREACHABLE
        case httpx2.NetworkError() | httpx2.RemoteProtocolError() | httpx2.DecodingError():
            return LinkFault.CUT
        case _:
            return LinkFault.UNREACHABLE


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _word(body: bytes) -> str:
    """The word of `{"error": word}`; empty for anything else."""
    try:
        told = json.loads(body) if len(body) <= 4096 else None
    except (ValueError, RecursionError):
        return ""
    word = told.get("error") if isinstance(told, dict) else None
    return _plain(word) if isinstance(word, str) else ""


def _plain(word: str) -> str:
    return word if len(word) <= 80 and word.isprintable() else ""


def _offset(told: Mapping[str, str]) -> int | None:
    text = told.get("upload-offset", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def offset_of(answer: Answer) -> int | None:
    """What an answer says in Upload-Offset."""
    return _offset(answer.headers)


def _retry_after(text: str, now: dt.datetime) -> float | None:
    """Seconds, or an HTTP date; bounded, so that nobody can send the terminal to sleep for good."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), LONGEST_RETRY_AFTER_S)
    when = _date(text)
    return None if when is None else min(max(0.0, (when - now).total_seconds()), LONGEST_RETRY_AFTER_S)


def _date(text: str) -> dt.datetime | None:
    """An HTTP date; None for any other text, whatever numbers it holds."""
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return when if when.tzinfo is not None else None
