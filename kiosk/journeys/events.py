"""Everything that can happen in a visit: what a person asks of the screen, what devices, lanes and clocks report."""

import datetime as dt
from dataclasses import dataclass, field

from hardware.api.id_card import CardRead, CardRefused
from hardware.api.locker import Seen
from hardware.api.status import Fault
from kiosk.modes import Mode
from kiosk.ports import Cases, CodeFault, DeedId, Draft, MadePages, StoreRefused
from wire.messages import RecordAnswer, Ticket
from wire.tokens import IdCode


class Event:
    """Base of everything that can happen in a visit."""


# ---- the person at the glass ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pressed(Event):
    """A button, a tile, a choice: `ask` is the View's `Choice.ask`, or "item:<code>"."""

    ask: str


@dataclass(frozen=True)
class Typed(Event):
    """A field's text after a key; also "pickup_code" on the identify page.

    Without `touched` nobody did anything: the screen put what waited in composition into the field. The text counts
    as any other, and the person is as far away as before.
    """

    name: str  # the field's id
    text: str = field(repr=False)
    touched: bool = True


@dataclass(frozen=True)
class StillHere(Event):
    """The glass was touched, anywhere."""


@dataclass(frozen=True)
class LanguageChosen(Event):
    language: str  # "zh", "en"


@dataclass(frozen=True)
class ModeChosen(Event):
    mode: Mode
    on: bool


@dataclass(frozen=True)
class Absent(Event):
    """Nobody touched anything for the whole countdown."""


@dataclass(frozen=True)
class TimeUp(Event):
    """A time that an `Arm` order set has passed."""

    name: str


# ---- reader, scanner ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CardSeen(Event):
    outcome: CardRead | CardRefused
    today: dt.date


@dataclass(frozen=True)
class CodeShown(Event):
    text: str = field(repr=False)
    readable: bool = True


@dataclass(frozen=True)
class CodeChecked(Event):
    result: IdCode | CodeFault = field(repr=False)


@dataclass(frozen=True)
class SlipShown(Event):
    """A slip's receipt was held up; whether it is genuine, central says."""

    receipt: str = field(repr=False)


@dataclass(frozen=True)
class CasesCame(Event):
    """How somebody's cases stand; None when central cannot be asked."""

    cases: Cases | None = field(repr=False)


@dataclass(frozen=True)
class TicketsFound(Event):
    """Tickets of this person (or of this pickup code) in the mirrored list, newest list or not."""

    tickets: tuple[Ticket, ...] = field(repr=False)
    as_of: dt.datetime | None


# ---- papers, central, store -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecordCame(Event):
    answer: RecordAnswer = field(repr=False)


@dataclass(frozen=True)
class ProofMade(Event):
    serial: str
    pages: MadePages = field(repr=False)


@dataclass(frozen=True)
class PageMade(Event):
    """The application's page, ready to be looked at."""

    case: str
    pages: MadePages = field(repr=False)
    at: dt.datetime


@dataclass(frozen=True)
class PapersFailed(Event):
    """A document could not be made (a character no font has, or our bug); `word` is a code of ours."""

    word: str


@dataclass(frozen=True)
class Submitted(Event):
    """The letter is on disk, sealed; the slip is promised with it."""

    case: str
    slip: DeedId
    online: bool


@dataclass(frozen=True)
class SubmitRefused(Event):
    reason: StoreRefused


@dataclass(frozen=True)
class DraftFound(Event):
    """What this card's holder had typed into this item and not submitted; None when there is nothing."""

    draft: Draft | None = field(repr=False)


@dataclass(frozen=True)
class DraftKept(Event):
    """What was typed lies sealed here for so many hours."""

    hours: int


# ---- printers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PagesOut(Event):
    """The document is out of the printer; `seen` tells whether the tray can see it."""

    seen: Seen


@dataclass(frozen=True)
class PagesStopped(Event):
    """The printer waits for help; the job may still come out."""

    fault: Fault


@dataclass(frozen=True)
class PagesGoOn(Event):
    """What stopped the printer is over."""


@dataclass(frozen=True)
class PagesFailed(Event):
    """The document will not come. `known` False: nobody can tell whether it came."""

    fault: Fault
    known: bool = True


@dataclass(frozen=True)
class PagesTaken(Event):
    pass


@dataclass(frozen=True)
class SlipMade(Event):
    """The slip as it is about to be printed, as PNG: who gets none on paper can photograph it from the screen."""

    picture: bytes = field(repr=False)


@dataclass(frozen=True)
class SlipOut(Event):
    seen: Seen


@dataclass(frozen=True)
class SlipTaken(Event):
    pass


@dataclass(frozen=True)
class SlipMissed(Event):
    """The slip did not come (whole). The case or the paper it speaks of is safe all the same."""

    fault: Fault


TAIL = frozenset({PagesTaken, SlipMade, SlipTaken, SlipMissed})
"""What may still come of an item that is over while the same person does another: paper taken late."""


# ---- locker ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DoorOpened(Event):
    """The door was seen open; `seen` UNKNOWN where the board has no door sensor."""

    seen: Seen


@dataclass(frozen=True)
class ItemGone(Event):
    """The compartment was seen empty while the door was open."""


@dataclass(frozen=True)
class DoorClosed(Event):
    """Seen closed again. `taken`: NO means the thing still lies inside."""

    taken: Seen


@dataclass(frozen=True)
class DoorStayedShut(Event):
    """The lock was fired and no opening was seen."""


@dataclass(frozen=True)
class DoorLost(Event):
    """The board does not answer (or the store would not write the promise): the lock was not fired, or nobody knows."""

    fault: str


# ---- end ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeftoversSeen(Event):
    """What the person has not taken yet: of "card", "pages", "slip", "door"."""

    things: frozenset[str]
