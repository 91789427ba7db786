"""Whether a receipt or a proof is genuine, what it proves, and whether its letter has come."""

import datetime as dt
import enum
from dataclasses import dataclass

from central.rules.cases import Flag
from central.store import cases, terminals
from central.wiring import Central
from trust.keys import USE_CODE, USE_TERMINAL, KeyRing
from trust.tokens import LONGEST, TokenFault, read
from wire.tokens import IdCode, Proof, Receipt


class Finding(enum.StrEnum):
    """What a text turned out to be."""

    RECEIPT = "receipt"
    PROOF = "proof"
    CITIZEN_CODE = "citizen_code"  # genuine, and nothing to be verified here: it stands in for a card
    FOREIGN = "foreign"  # not one of our codes
    DAMAGED = "damaged"
    UNKNOWN_KEY = "unknown_key"  # signed by nobody we know
    FORGED = "forged"  # our shape, a known key's name, another's signature


class Arrival(enum.StrEnum):
    """What central has of the letter that belongs to the paper."""

    ARRIVED = "arrived"  # and agrees with the paper
    DIFFERS = "differs"  # has come and does not agree: a person must look
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Verification:
    """A finding with the facts that may be shown: none of them is about a person."""

    finding: Finding
    number: str = ""  # case or serial
    item: str = ""
    terminal: str = ""
    site: str = ""
    region: str = ""
    at: dt.datetime | None = None
    parts: int = 0
    counter: int = 0
    arrival: Arrival | None = None
    received_at: dt.datetime | None = None
    flags: tuple[str, ...] = ()
    outcome: str = ""  # how printing ended, of a proof
    source: str = ""  # who gave the figures, "" when central did not hand them out
    key_ended: dt.datetime | None = None  # the signing key was replaced then
    after_end: bool = False  # and the paper says that it was made later


_FAULTS = {
    TokenFault.FOREIGN: Finding.FOREIGN,
    TokenFault.TOO_LONG: Finding.DAMAGED,
    TokenFault.DAMAGED: Finding.DAMAGED,
    TokenFault.UNKNOWN_KEY: Finding.UNKNOWN_KEY,
    TokenFault.BAD_SIGNATURE: Finding.FORGED,
    TokenFault.WRONG_KIND: Finding.FORGED,
}


def verify(central: Central, text: str) -> Verification:
    """Verify the text of a code. Raises StoreUnavailable; any text at all is survived."""
    text = "".join(text.split())  # a long code that was pasted may have been broken into lines
    now = central.now()
    pieces = text.split(".") if len(text) <= LONGEST else []
    kid = pieces[2] if len(pieces) == 4 else ""
    if central.keys.ring().knows(USE_CODE, kid):
        told = read(text, central.keys.ring(), USE_CODE, now)
        return Verification(Finding.CITIZEN_CODE if isinstance(told, IdCode) else _finding(told))
    with central.database.reading() as connection:
        key = terminals.key(connection, kid) if kid else None
    token = read(text, KeyRing((key.key,) if key else ()), USE_TERMINAL, now)
    if key is None or isinstance(token, TokenFault | IdCode) or token.terminal != key.terminal:
        return Verification(_finding(token))
    return _receipt(central, key, token, text) if isinstance(token, Receipt) else _proof(central, key, token, text)


def _finding(told: Receipt | Proof | IdCode | TokenFault) -> Finding:
    return _FAULTS[told] if isinstance(told, TokenFault) else Finding.FORGED


def _receipt(central: Central, key: terminals.TerminalKey, receipt: Receipt, text: str) -> Verification:
    with central.database.reading() as connection:
        place = terminals.find(connection, key.region, key.terminal)
        case = cases.find_case(connection, key.region, receipt.case)
    arrival = Arrival.NOT_YET
    flags: tuple[str, ...] = ()
    if case is not None:
        same = case.receipt.strip() == text and case.terminal == key.terminal
        flags = case.flags if same else (Flag.RECEIPT_OTHER_CASE.value,)
        arrival = Arrival.ARRIVED if not flags else Arrival.DIFFERS
    return Verification(
        Finding.RECEIPT,
        number=receipt.case,
        item=receipt.item,
        terminal=key.terminal,
        site=place.site if place else "",
        region=key.region,
        at=receipt.at,
        parts=len(receipt.parts),
        counter=receipt.counter,
        arrival=arrival,
        received_at=case.received_at if case else None,
        flags=flags,
        key_ended=key.until,
        after_end=_is_after(receipt.at, key.until),
    )


def _proof(central: Central, key: terminals.TerminalKey, proof: Proof, text: str) -> Verification:
    with central.database.reading() as connection:
        place = terminals.find(connection, key.region, key.terminal)
        printed = cases.find_proof(connection, key.region, proof.serial)
        given = cases.figures_given(connection, key.region, key.terminal, proof.item, proof.figures)
    arrival = Arrival.NOT_YET
    flags: tuple[str, ...] = ()
    if printed is not None:
        same = printed.token.strip() == text and printed.terminal == key.terminal
        flags = printed.flags if same else (Flag.PROOF_OTHER_SERIAL.value,)
        arrival = Arrival.ARRIVED if not flags else Arrival.DIFFERS
    return Verification(
        Finding.PROOF,
        number=proof.serial,
        item=proof.item,
        terminal=key.terminal,
        site=place.site if place else "",
        region=key.region,
        at=proof.at,
        arrival=arrival,
        received_at=printed.received_at if printed else None,
        flags=flags,
        outcome=printed.outcome if printed else "",
        source=given[0] if given else "",
        key_ended=key.until,
        after_end=_is_after(proof.at, key.until),
    )


def _is_after(at: dt.datetime, end: dt.datetime | None) -> bool:
    aware = at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)
    return end is not None and aware > end
