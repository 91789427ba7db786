"""What a journey may order. Imperative, carried out by `kiosk.hands`; each answers with the events named."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.model import Item
from hardware.api.lights import Spot
from kiosk.ports import DeedId, Draft, MadePages, PersonFacts
from wire.messages import CaseAsk, RecordAnswer, Ticket


class Order:
    """Base of all orders."""


@dataclass(frozen=True)
class Watch(Order):
    """Look for cards and codes from now on, for what is named; nothing else is looked for. → CardSeen, CodeShown."""

    card: bool = False
    code: bool = False


@dataclass(frozen=True)
class Light(Order):
    """Light one spot, or none."""

    spot: Spot | None


@dataclass(frozen=True)
class Arm(Order):
    """Set a time; setting it again starts it anew. → TimeUp(name)."""

    name: str
    seconds: float


@dataclass(frozen=True)
class CheckCode(Order):
    """→ CodeChecked; SlipShown, when it is a slip's receipt and `slip` says that one is waited for."""

    text: str = field(repr=False)
    slip: bool = False


@dataclass(frozen=True)
class CheckSlip(Order):
    """A code that nobody was asked for. → SlipShown, when it is a slip's receipt; any other is left unread, unused."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class AskCases(Order):
    """→ CasesCame. Exactly one of the two is given."""

    person: PersonFacts | None
    slip: str = field(default="", repr=False)


@dataclass(frozen=True)
class FindTickets(Order):
    """→ TicketsFound. Exactly one of number and code is given; no item: whatever lies here for that person."""

    item: str
    number: str = field(default="", repr=False)
    pickup_code: str = field(default="", repr=False)


@dataclass(frozen=True)
class AskRecord(Order):
    """→ RecordCame."""

    item: Item
    person: PersonFacts
    consent_at: dt.datetime


@dataclass(frozen=True)
class MakeProof(Order):
    """→ ProofMade, PapersFailed."""

    item: Item
    record: RecordAnswer = field(repr=False)
    person: PersonFacts


@dataclass(frozen=True)
class PrintPages(Order):
    """Promise, print, watch. → PagesOut, PagesTaken, PagesStopped, PagesGoOn, PagesFailed."""

    serial: str
    item: Item
    pages: MadePages
    person: PersonFacts
    consents: Mapping[str, dt.datetime]


@dataclass(frozen=True)
class GiveUpPages(Order):
    """Cancel what is not out yet, and end the deed. → PagesFailed unless it was out."""


@dataclass(frozen=True)
class PagesInHand(Order):
    """The person says the paper is taken (there is no sensor, or it errs)."""


@dataclass(frozen=True)
class PrintProofSlip(Order):
    """→ SlipOut, SlipTaken, SlipMissed."""

    serial: str
    item: Item
    language: str
    printed: bool
    token: str
    demonstration: bool = False  # of made-up figures: the slip says so


@dataclass(frozen=True)
class Amends:
    """What an application puts right: a case, the revision of it that the citizen saw, what is asked for there."""

    case: str
    revision: int
    state: str  # "returned" (补正) or "waiting" (补交)
    asks: tuple[CaseAsk, ...] = ()


@dataclass(frozen=True)
class MakeApplicationPage(Order):
    """→ PageMade, PapersFailed. `case` is the number it has already, when it is made anew or put right."""

    item: Item
    answers: Mapping[str, str] = field(repr=False)
    person: PersonFacts
    language: str
    case: str = ""
    amends: Amends | None = None


@dataclass(frozen=True)
class Submit(Order):
    """Receipt, then letter and slip's promise in one transaction. → Submitted, SubmitRefused, PapersFailed."""

    case: str
    item: Item
    answers: Mapping[str, str] = field(repr=False)
    person: PersonFacts
    pages: MadePages
    consents: Mapping[str, dt.datetime]
    language: str
    at: dt.datetime
    amends: Amends | None = None


@dataclass(frozen=True)
class KeepDraft(Order):
    """Seal what was typed to the card and this terminal, for so many hours. → DraftKept when it is on disk."""

    card: bytes = field(repr=False)
    draft: Draft = field(repr=False)
    hours: int = 0


@dataclass(frozen=True)
class FindDraft(Order):
    """→ DraftFound."""

    card: bytes = field(repr=False)
    item: str
    version: int


@dataclass(frozen=True)
class DropDraft(Order):
    """The person begins anew: what was sealed for this card and item is deleted."""

    card: bytes = field(repr=False)
    item: str


@dataclass(frozen=True)
class SendRating(Order):
    """The person's word on an item that is over, sealed into a letter without the person."""

    item: Item
    about: str  # case, serial or ticket
    level: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PrintPromisedSlip(Order):
    """Print the slip that was promised with the letter. → SlipOut, SlipTaken, SlipMissed."""

    deed: DeedId


@dataclass(frozen=True)
class SlipInHand(Order):
    """The person says the slip is taken."""


@dataclass(frozen=True)
class OpenDoor(Order):
    """Promise, fire, watch. → DoorOpened, ItemGone, DoorClosed, DoorStayedShut, DoorLost."""

    ticket: Ticket = field(repr=False)
    by: str


@dataclass(frozen=True)
class ThingInHand(Order):
    """The person says the thing is taken though no opening was seen: end the deed as doubtful."""


@dataclass(frozen=True)
class LookForLeftovers(Order):
    """→ LeftoversSeen, at once and then whenever it changes, until Forget."""


@dataclass(frozen=True)
class Forget(Order):
    """Drop everything of the person: papers in memory, previews, watches, lights."""
