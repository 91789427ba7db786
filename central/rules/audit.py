"""The audit's hash chain and how it is verified, by anybody who has the export and central's public key. Pure.

Every event names the hash of the one before it in its region; central signs the newest hash ("head") every minute and
every hundred events. What this finds: an event that was edited, removed, added or moved, up to the last signed head.
What it cannot find alone: that the newest events were cut off together with the heads signed over them; whoever keeps a
head elsewhere (it is a line of text) can.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trust.keys import USE_ACK, KeyRing
from wire.canonical import canonical, sha256_hex, un_b64u

FIRST = "0" * 64
"""What the first event of a region names as the one before it."""

SIGN_EVERY = 100
"""Events after which a head is signed at once."""

LONGEST_WHY = 300
_LONG_NUMBER = re.compile(r"\d{6,}[0-9Xx]?")

Fact = str | int | bool


@dataclass(frozen=True)
class AuditEvent:
    """One thing that somebody did. `who`: a login, "terminal:NT-1", "rule" or "clock"."""

    region: str
    seq: int
    at: dt.datetime
    who: str
    what: str
    about: str
    why: str
    facts: Mapping[str, Fact]
    previous: str

    def told(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "seq": self.seq,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "who": self.who,
            "what": self.what,
            "about": self.about,
            "why": self.why,
            "facts": dict(self.facts),
            "previous": self.previous,
        }


@dataclass(frozen=True)
class Head:
    """Central's word that a region's chain had this hash at this number."""

    region: str
    seq: int
    hash: str
    at: dt.datetime
    kid: str = ""
    sig: str = ""

    def told(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "seq": self.seq,
            "hash": self.hash,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        }


def event_hash(told: Mapping[str, Any]) -> str:
    """The hash of an event as `AuditEvent.told` gives it."""
    return sha256_hex(b"nuanting audit event\0" + canonical(dict(told)))


def head_bytes(told: Mapping[str, Any]) -> bytes:
    """What is signed of a head as `Head.told` gives it."""
    return b"nuanting audit head\0" + canonical(dict(told))


def clean_why(why: str) -> str:
    """A typed reason as the audit may keep it: one line, bounded, long numbers struck out."""
    return _LONG_NUMBER.sub("…", " ".join(why.split()))[:LONGEST_WHY]


# ---- verification -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place. `line` counts from 1; 0 is the whole."""

    line: int
    word: str  # audit.not_a_line, audit.edited, audit.gap, audit.broken_link, audit.bad_head, audit.head_differs, …
    region: str = ""
    seq: int = 0


@dataclass(frozen=True)
class Verified:
    """What was read. `unsigned`: events after the last good head of their region, which nothing vouches for yet."""

    events: int
    heads: int
    unsigned: int
    faults: tuple[Fault, ...]
    newest: tuple[Head, ...] = ()


@dataclass
class _Chain:
    seq: int = 0
    hash: str = FIRST
    head: Head | None = None


def verify(lines: Iterable[str], keys: KeyRing, now: dt.datetime) -> Verified:
    """Verify an export: lines `{"event": …, "hash": …}` and `{"head": …, "kid": …, "sig": …}`, in order."""
    chains: dict[str, _Chain] = {}
    hashes: dict[tuple[str, int], str] = {}
    faults: list[Fault] = []
    counts = {"event": 0, "head": 0}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        kind, told, rest = _parsed(line)
        if kind == "event":
            counts["event"] += 1
            faults += _check_event(number, told, rest, chains, hashes)
        elif kind == "head":
            counts["head"] += 1
            faults += _check_head(number, told, rest, chains, hashes, keys, now)
        else:
            faults.append(Fault(number, "audit.not_a_line"))
    unsigned = sum(chain.seq - (chain.head.seq if chain.head else 0) for chain in chains.values())
    newest = tuple(chain.head for chain in chains.values() if chain.head is not None)
    return Verified(counts["event"], counts["head"], unsigned, tuple(faults), newest)


def _parsed(line: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return "", {}, {}
    if isinstance(told, dict):
        if set(told) == {"event", "hash"} and isinstance(told["event"], dict):
            return "event", told["event"], told
        if set(told) == {"head", "kid", "sig"} and isinstance(told["head"], dict):
            return "head", told["head"], told
    return "", {}, {}


def _check_event(
    line: int,
    told: Mapping[str, Any],
    rest: Mapping[str, Any],
    chains: dict[str, _Chain],
    hashes: dict[tuple[str, int], str],
) -> Iterator[Fault]:
    region, seq = told.get("region"), told.get("seq")
    if not isinstance(region, str) or not isinstance(seq, int):
        yield Fault(line, "audit.not_a_line")
        return
    chain = chains.setdefault(region, _Chain())
    digest = event_hash(told)
    if digest != rest["hash"]:
        yield Fault(line, "audit.edited", region, seq)
    if seq != chain.seq + 1:
        yield Fault(line, "audit.gap", region, seq)
    if told.get("previous") != chain.hash:
        yield Fault(line, "audit.broken_link", region, seq)
    chain.seq, chain.hash = seq, digest
    hashes[region, seq] = digest


def _check_head(
    line: int,
    told: Mapping[str, Any],
    rest: Mapping[str, Any],
    chains: dict[str, _Chain],
    hashes: dict[tuple[str, int], str],
    keys: KeyRing,
    now: dt.datetime,
) -> Iterator[Fault]:
    head = _head(told, rest)
    if head is None:
        yield Fault(line, "audit.not_a_line")
        return
    try:
        good = keys.verify(USE_ACK, head.kid, head_bytes(told), un_b64u(head.sig), now)
    except ValueError:  # binascii.Error is one: not Base64 at all
        good = False
    if not good:
        yield Fault(line, "audit.bad_head", head.region, head.seq)
        return
    known = hashes.get((head.region, head.seq))
    if known is None:
        yield Fault(line, "audit.missing_events", head.region, head.seq)
    elif known != head.hash:
        yield Fault(line, "audit.head_differs", head.region, head.seq)
    else:
        chain = chains[head.region]
        if chain.head is None or head.seq > chain.head.seq:
            chain.head = head


def _head(told: Mapping[str, Any], rest: Mapping[str, Any]) -> Head | None:
    try:
        return Head(
            str(told["region"]),
            int(told["seq"]),
            str(told["hash"]),
            dt.datetime.fromisoformat(told["at"]),
            str(rest["kid"]),
            str(rest["sig"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
