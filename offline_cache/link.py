"""Signed requests to central over HTTP, each ending in an answer or in a named fault; no trouble of the net is raised.

Redirects are not followed and proxies of the environment not used; an answer is read up to a bound and within a time,
so neither a captive portal nor a dying line can hold or fill the terminal.
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
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from offline_cache.clock import Clock
from trust.keys import SigningKey
from trust.requests import RequestFault, sign_request

logging.getLogger("httpx2").setLevel(logging.WARNING)  # a line per request would drown what changes

CONNECT_S = 5.0
SILENCE_S = 20.0
"""Longest wait for the next bytes, either way."""
ANSWER_S = 60.0
"""Longest time from the request's last byte to the answer's last byte."""
LONGEST_RETRY_AFTER_S = 3600.0


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

    def __init__(self, url: str, key: SigningKey | None, clock: Clock, *, ca: Path | None = None) -> None:
        """`url` without a path; `key` None signs nothing. Raises ValueError: plain http is for this machine only."""
        self.url = checked_url(url)
        self._key = key
        self._clock = clock
        self._ahead = dt.timedelta(0)
        self._ahead_lock = threading.Lock()
        trust = ssl.create_default_context(cafile=str(ca) if ca else None)
        self._client = httpx2.Client(
            base_url=self.url,
            verify=trust,
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": "nuanting-terminal", "Accept-Encoding": "identity"},
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
        signed: dict[str, str] = {}
        if self._key is not None:
            with self._ahead_lock:
                now = self._clock.now() + self._ahead
            signed = sign_request(self._key, method, target, headers, body, now)
        kind = {"Content-Type": "application/json"} if method == "POST" else {}
        try:
            with self._client.stream(
                method,
                target,
                content=body or None,
                headers={**kind, **headers, **signed},
                timeout=httpx2.Timeout(min(SILENCE_S, answer_s), connect=CONNECT_S),
            ) as response:
                return self._read(response, method, expect, longest, answer_s)
        except httpx2.ConnectTimeout:
            return Failed(LinkFault.UNREACHABLE)
        except httpx2.TimeoutException:
            return Failed(LinkFault.TIMED_OUT)
        except httpx2.ConnectError as refused:
            return Failed(LinkFault.INSECURE if _is_tls(refused) else LinkFault.UNREACHABLE)
        except (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.DecodingError):
            return Failed(LinkFault.CUT)
        except httpx2.TransportError:
            return Failed(LinkFault.UNREACHABLE)

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
        with contextlib.suppress(ValueError, TypeError):
            theirs = email.utils.parsedate_to_datetime(date)
            if theirs.tzinfo is not None:
                with self._ahead_lock:
                    self._ahead = theirs - self._clock.now()


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
    with contextlib.suppress(ValueError, TypeError):
        when = email.utils.parsedate_to_datetime(text)
        if when.tzinfo is not None:
            return min(max(0.0, (when - now).total_seconds()), LONGEST_RETRY_AFTER_S)
    return None
