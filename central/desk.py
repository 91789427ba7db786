"""What people at central do by hand: let a terminal in, put something into a compartment, hand out a citizen's code."""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext

from catalogue.model import ItemKind
from central.jobs.audit import note
from central.rules.enrolment import LIFE, CodeRow, code_hash, new_code
from central.rules.roles import EVERYWHERE
from central.rules.tickets import Around, listed_regions, wrong_door, wrong_place, wrong_thing
from central.store import terminals, tickets
from central.store.database import Connection
from central.wiring import Central
from trust.tags import ScryptTags
from trust.tokens import write
from wire.ids import ItemCode, RegionId, SiteId, TerminalId, TicketId
from wire.messages import Ticket
from wire.tokens import IdCode

BY_HAND = "desk"
"""Who did it, for the audit, when nobody of the staff is named: whoever sits at central's own machine."""


class UnknownTerminal(Exception):
    """No terminal of this name is enrolled in this region."""


class NotPossible(Exception):
    """The rules refuse. The text is a sentence for an operator; `word` names the refusal."""

    def __init__(self, sentence: str, word: str) -> None:
        super().__init__(sentence)
        self.word = word


def enrolment_code(central: Central, region: RegionId, site: SiteId, terminal: TerminalId, *, by: str = BY_HAND) -> str:
    """A one-time code that lets one terminal in within fifteen minutes. Only its hash is kept."""
    code = new_code()
    row = CodeRow(region, site, terminal, central.now() + LIFE, "")
    with central.database.writing() as connection:
        terminals.add_code(connection, row, code_hash(code))
        note(connection, central, by, "terminal.code_made", terminal, region=region)
    return code


def register_ticket(
    central: Central,
    region: RegionId,
    terminal: TerminalId,
    *,
    item: ItemCode,
    what_zh: str,
    what_en: str,
    door: int,
    number: str,
    pickup_code: str = "",
    until: dt.datetime | None = None,
    by: str = BY_HAND,
) -> TicketId:
    """Say that something lies behind a door for the holder of a number. Neither number nor pickup code is kept.

    How many doors a terminal has is nothing that central knows: it is for whoever puts the thing in to read the number.
    Raises NotPossible.
    """
    now = central.now()
    ticket = TicketId(f"T{secrets.token_hex(8).upper()}")
    with central.database.reading() as connection:
        row = terminals.find(connection, region, terminal)
        around = _around(connection, central, region, terminal)
    wrong = wrong_place(region, terminal, around) or wrong_thing(item, door, number, pickup_code, around)
    if wrong is not None or row is None:
        raise NotPossible(wrong.sentence, wrong.word) if wrong else UnknownTerminal(terminal)
    tags = ScryptTags()  # slow on purpose: not inside the transaction
    told = Ticket(
        ticket=ticket,
        item=item,
        what_zh=what_zh,
        what_en=what_en,
        door=door,
        holder_tag=tags.holder(number, row.tag_salt),
        code_tag=tags.code(pickup_code, row.tag_salt) if any(map(str.isdigit, pickup_code)) else "",
        since=now,
        until=until,
    )
    # Two things with one code would open each other's door: who gives codes out at a terminal waits for the other.
    one_by_one = central.database.holding(f"codes {region} {terminal}") if told.code_tag else nullcontext()
    with one_by_one, central.database.writing(lock=f"doors {region} {door} {terminal}") as connection:
        taken = tickets.doors_taken(connection, region, terminal)
        wrong = wrong_door(door, taken, code_taken=tickets.code_taken(connection, region, terminal, told.code_tag))
        if wrong is not None:
            raise NotPossible(wrong.sentence, wrong.word)
        tickets.add(connection, region, terminal, told, now)
        terminals.mirror_changed(connection, region, terminal)
        note(connection, central, by, "ticket.made", ticket, region=region, terminal=terminal, door=door)
    return ticket


def _around(connection: Connection, central: Central, region: str, terminal: str) -> Around:
    """What may be named beside this terminal."""
    keys = terminals.keys_with_level(connection, region, terminal)
    return Around(
        regions=dict(sorted(known_regions(central, connection).items())),
        terminals=terminals.names(connection, region),
        may_sign=any(key.until is None for key in keys),
        items={each.code: each.title.en for each in central.catalogue.items},
        collected=[each.code for each in central.catalogue.items if each.kind is not ItemKind.PROOF],
    )


def known_regions(central: Central, connection: Connection) -> dict[str, str]:
    """Regions that have an office, with its English name, or a terminal ("")."""
    offices = {office.region: office.en for office in central.offices.offices}
    return dict.fromkeys(terminals.regions(connection), "") | offices


def strange_region(central: Central, named: Iterable[str]) -> str:
    """A warning when one of these regions has neither an office nor a terminal; "" when all is well.

    No refusal: a district's first terminal may come before its office stands in a catalogue. Raises StoreUnavailable.
    """
    with central.database.reading() as connection:
        known = known_regions(central, connection)
    strange = sorted(set(named) - set(known) - {EVERYWHERE})
    if not strange:
        return ""
    return f"central knows no region {', '.join(strange)}: was it meant? It knows {listed_regions(known)}"


def set_words(
    central: Central,
    region: RegionId,
    terminal: TerminalId,
    *,
    notices_zh: Sequence[str] = (),
    notices_en: Sequence[str] = (),
    closed_items: Mapping[str, str] | None = None,
    by: str = BY_HAND,
) -> None:
    """Set what a terminal announces, and which items it does not offer and why. Raises UnknownTerminal."""
    with central.database.writing() as connection:
        if not terminals.set_words(
            connection,
            region,
            terminal,
            notices_zh=notices_zh,
            notices_en=notices_en,
            closed_items=closed_items or {},
        ):
            raise UnknownTerminal(terminal)
        note(connection, central, by, "terminal.words_set", terminal, region=region)


def withdraw_terminal(central: Central, region: RegionId, terminal: TerminalId, *, by: str = BY_HAND) -> None:
    """Believe no more requests of a terminal until it is enrolled anew. Raises UnknownTerminal."""
    with central.database.writing() as connection:
        if terminals.find(connection, region, terminal) is None:
            raise UnknownTerminal(terminal)
        terminals.withdraw(connection, region, terminal, central.now())
        terminals.mirror_changed(connection, region, terminal)  # who is connected asks, and is told at once
        note(connection, central, by, "terminal.withdrawn", terminal, region=region)


def citizen_code(
    central: Central,
    *,
    kind: str,
    name: str,
    number: str,
    birth: dt.date | None = None,
    address: str = "",
    life: dt.timedelta = dt.timedelta(minutes=10),
    issued: dt.datetime | None = None,
) -> str:
    """The text of a citizen's code, signed by central, for demonstrations: a real one comes out of the city's app."""
    at = issued or central.now()
    told = IdCode(
        id=secrets.token_urlsafe(12),
        issued=at,
        expires=at + life,
        kind=kind,
        name=name,
        number=number,
        birth=birth,
        address=address,
    )
    return write(told, central.keys.code)
