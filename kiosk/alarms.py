"""What somebody should be told about what the terminal keeps, and who: pure rules, each alarm with its owner."""

import datetime as dt
import enum
from dataclasses import dataclass

from kiosk.ports import Network, Room, Waiting


class Owner(enum.StrEnum):
    """Whose it is to do something."""

    TECHNICIAN = "technician"  # of this terminal: its line, its disk
    CENTRE = "centre"  # whoever runs central: it answers, and does not take what lies here


LETTER_OLD = "letter.old"
LETTER_PARKED = "letter.parked"
SYNC_ENDED = "sync.ended"
STORE_LOW = "store.low"
STORE_FULL = "store.full"
STORE_BROKEN = "store.broken"
MIRROR_OLD = "mirror.old"
CATALOGUE_REFUSED = "catalogue.refused"
GLASS_HIGH = "glass.high"
NO_PINYIN_LIBRARY = "glass.no_pinyin"
NO_HANDWRITING_MODEL = "glass.no_handwriting"

DO = {
    LETTER_OLD: "the oldest letter waits too long: see to the line; or ask at central why it does not take it",
    LETTER_PARKED: "a letter is kept back: --letters list says which and why, and tell the back office",
    SYNC_ENDED: "nobody is sending letters: restart the program and send this log to the maker; nothing is lost",
    STORE_LOW: "little room is left for the store: make room on its disk",
    STORE_FULL: "no room is left, and the terminal is closed: make room on the store's disk; nothing is lost",
    STORE_BROKEN: "the store's disk refuses, and the terminal is closed: look at mount, rights and disk",
    MIRROR_OLD: "central was not heard for long: see to the line, or to central",
    CATALOGUE_REFUSED: "the newest edition is not worked by, the last good one is: publish one that is good, or update",
    GLASS_HIGH: "low reach goes higher than a seated person reaches: hang the glass lower, --check says by how much",
    NO_PINYIN_LIBRARY: "pinyin gives single characters only: apt-get install libgooglepinyin0, start the program anew",
    NO_HANDWRITING_MODEL: "our own shapes alone read handwriting: apt-get install libzinnia0"
    " tegaki-zinnia-simplified-chinese, start the program anew",
}
"""What each means and what to do, for the log; docs/operating/store.md, Alarms, says more."""


@dataclass(frozen=True, order=True)
class Alarm:
    word: str
    owner: Owner


@dataclass(frozen=True)
class AlarmLimits:
    """From the settings."""

    oldest_letter: dt.timedelta = dt.timedelta(hours=24)
    oldest_mirror: dt.timedelta = dt.timedelta(hours=12)


class Freshness(enum.StrEnum):
    """How what central last said is to be shown."""

    FRESH = "fresh"
    OLD = "old"  # say when central was last heard
    NONE = "none"  # central was never heard


def freshness(seen: dt.datetime | None, now: dt.datetime, limit: dt.timedelta) -> Freshness:
    """`seen`: when central last said that the mirror held here is its newest (`Store.mirror_seen`).

    A time in the future is no better than none: the clock was set back, and nobody knows how old the mirror is.
    """
    if seen is None:
        return Freshness.NONE
    return Freshness.FRESH if -limit <= now - seen <= limit else Freshness.OLD


def alarms(
    *,
    waiting: Waiting,
    room: Room,
    network: Network,
    sync_alive: bool,
    mirror: Freshness,
    now: dt.datetime,
    limits: AlarmLimits,
    edition_fault: str = "",
    lacking: frozenset[str] = frozenset(),
) -> frozenset[Alarm]:
    """What is to be told now. `edition_fault`: why the newest edition of the catalogue is not worked by. `lacking`:
    words of what the glass was found to lack at the start.

    A letter of a time that has yet to come is old when that is farther off than it may wait: the clock was set back
    since, and nobody knows how long it lies here.
    """
    found = set()
    age = now - waiting.oldest_at if waiting.oldest_at is not None else dt.timedelta(0)
    if abs(age) > limits.oldest_letter:
        found.add(Alarm(LETTER_OLD, Owner.CENTRE if network is Network.UP else Owner.TECHNICIAN))
    if waiting.parked:
        found.add(Alarm(LETTER_PARKED, Owner.CENTRE))
    if not sync_alive:
        found.add(Alarm(SYNC_ENDED, Owner.TECHNICIAN))
    if mirror is Freshness.OLD:
        found.add(Alarm(MIRROR_OLD, Owner.CENTRE if network is Network.UP else Owner.TECHNICIAN))
    if edition_fault:
        found.add(Alarm(CATALOGUE_REFUSED, Owner.CENTRE))
    disk = {Room.LOW: STORE_LOW, Room.NONE: STORE_FULL, Room.REFUSES: STORE_BROKEN}.get(room)
    if disk is not None:
        found.add(Alarm(disk, Owner.TECHNICIAN))
    found |= {Alarm(word, Owner.TECHNICIAN) for word in lacking}
    return frozenset(found)
