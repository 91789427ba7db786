"""Writing down who did what, when and why; signing it; handing it to an auditor."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from functools import partial

from central.rules.audit import SIGN_EVERY, Fact, Head, clean_why, head_bytes
from central.store import audit as store
from central.store.database import Connection, at_the_end
from central.wiring import Central
from wire.canonical import b64u

NO_REGION = "*"
"""The chain of what belongs to no region: staff, keys, the program itself."""

_BATCH = 500


def note(
    connection: Connection,
    central: Central,
    who: str,
    what: str,
    about: str = "",
    why: str = "",
    *,
    region: str = NO_REGION,
    **facts: Fact,
) -> None:
    """Write an event into the caller's transaction: either both stand or neither.

    `who`: a login, "terminal:NT-1", "rule" or "clock"; `about`: a case number, a login, a terminal. Never a citizen's
    name or number: a typed `why` has its long numbers struck out.
    """
    noted = region, store.Noted(central.now(), who, what, about, clean_why(why), facts)
    waiting = at_the_end(connection, "audit", partial(_append, central))
    if waiting is None:
        _append(central, connection, [noted])
    else:
        waiting.append(noted)


def _append(central: Central, connection: Connection, told: Sequence[tuple[str, store.Noted]]) -> None:
    """Chain what a transaction has noted, as its last act: the head of a chain is what others wait for."""
    for region in sorted({region for region, _ in told}):
        head, signed = store.append(connection, region, [noted for each, noted in told if each == region])
        if head.seq - signed >= SIGN_EVERY:
            store.keep_signature(connection, _signed(central, head))


def sign_heads(central: Central) -> int:
    """Sign the head of every chain that has grown; how many. For the clock, each minute. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        if not store.unsigned_heads(connection, central.now()):
            return 0
    with central.database.writing(lock="audit signatures") as connection:
        heads = store.unsigned_heads(connection, central.now())
        for head in heads:
            store.keep_signature(connection, _signed(central, head))
    return len(heads)


def _signed(central: Central, head: Head) -> Head:
    key = central.keys.ack
    return dataclasses.replace(head, kid=key.kid, sig=b64u(key.sign(head_bytes(head.told()))))


def export(central: Central, region: str = "") -> Iterator[str]:
    """The audit as lines of JSON for `central.rules.audit.verify`: all regions, or one. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        wanted = (region,) if region else store.regions(connection)
    for each in wanted:
        first = 1
        while True:
            with central.database.reading() as connection:
                events = store.events_from(connection, each, first, _BATCH)
                heads = {head.seq: head for head in store.heads_of(connection, each, first, first + _BATCH - 1)}
            for event, digest in events:
                yield _line({"event": event.told(), "hash": digest})
                if event.seq in heads:
                    head = heads.pop(event.seq)
                    yield _line({"head": head.told(), "kid": head.kid, "sig": head.sig})
            for head in heads.values():  # over events that are gone: for the auditor to see
                yield _line({"head": head.told(), "kid": head.kid, "sig": head.sig})
            if len(events) < _BATCH:
                break
            first = events[-1][0].seq + 1


def _line(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def events_about(central: Central, about: str, limit: int = 200) -> tuple[tuple[dt.datetime, str, str, str], ...]:
    """(when, who, what, why) of a case or another thing, newest first."""
    with central.database.reading() as connection:
        found = store.newest(connection, limit, about=about)
    return tuple((event.at, event.who, event.what, event.why) for event in found)
