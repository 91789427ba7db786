"""What the screen shows, as one frozen value: the mind makes it, the screen draws it and asks.

A `View` holds finished sentences in the visit's language; the screen adds no words to a page's body and takes no
decision. A new View replaces the old one whole; nothing of a person is in it after the visit (see `visit.forget`).

Past 400 lines because every page's contents stand here side by side, and are read together.
"""

import enum
from dataclasses import dataclass, field

from hardware.api.lights import Spot
from kiosk.modes import ALL_OFF, Modes


class Page(enum.StrEnum):
    """The pages there are. Each has one QML file and one body type (see BODIES)."""

    CLOSED = "closed"
    ATTRACT = "attract"
    HOME = "home"
    LIST = "list"
    TREE = "tree"
    SEARCH = "search"
    ITEM = "item"
    GUIDE = "guide"
    IDENTIFY = "identify"
    CASES = "cases"
    CASE = "case"
    CONSENT = "consent"
    FORM = "form"
    REVIEW = "review"
    WORKING = "working"
    TAKE = "take"
    DOOR = "door"
    RESULT = "result"
    RATING = "rating"
    TROUBLE = "trouble"
    LEAVING = "leaving"
    GOODBYE = "goodbye"


@dataclass(frozen=True)
class Choice:
    """Something that can be pressed. When it cannot, `reason` stands in its place."""

    ask: str  # the request that is sent when it is pressed, see `kiosk.journeys.events.Pressed`
    label: str
    enabled: bool = True
    reason: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Step:
    """One of at most six steps of "where I am"."""

    label: str
    state: str  # "done", "now", "left"


@dataclass(frozen=True)
class Masked:
    """Whose visit it is, masked: 张* and 3101**********0022."""

    name: str
    number: str


@dataclass(frozen=True)
class Countdown:
    """The terminal is about to give up on an absent person."""

    seconds: int
    total: int
    text: str
    erase: Choice | None = None  # go now, and leave nothing


@dataclass(frozen=True)
class ItemTile:
    code: str
    title: str
    summary: str
    block: str  # "consult", "apply", "query", "collect"
    can_now: bool
    reason: str = ""  # why not, and what else to do
    minutes: str = ""  # "约 2 分钟"
    icon: str = ""


@dataclass(frozen=True)
class AttractBody:
    title: str
    line: str
    other_line: str  # the same in the other language: the one bilingual page
    place: str
    open_now: bool = True
    notice: str = ""
    news: str = ""  # what central has announced


@dataclass(frozen=True)
class ClosedBody:
    title: str
    lines: tuple[str, ...]
    code: str = ""  # small, for the phone call
    phone: str = ""


@dataclass(frozen=True)
class BlockTile:
    """One of the four blocks; it opens by "block:<block>" even when nothing of its kind is done here."""

    block: str
    label: str
    line: str
    icon: str
    held: int = 0  # items of this block


@dataclass(frozen=True)
class HomeBody:
    question: str
    blocks: tuple[BlockTile, ...]
    items: tuple[ItemTile, ...]  # what is asked for most
    notice: str = ""
    heading: str = ""  # above the items
    news: str = ""  # what central has announced


@dataclass(frozen=True)
class ListBody:
    """The items of a block or of an event of a life. `lines` say where else to go, first of all when there are none."""

    question: str
    icon: str
    items: tuple[ItemTile, ...]
    lines: tuple["Line", ...] = ()
    notice: str = ""  # that there is nothing of the kind here


@dataclass(frozen=True)
class EventTile:
    """Something that happens in a life; it opens by "event:<code>"."""

    code: str
    title: str
    line: str  # how many items here, or that there is none
    icon: str
    held: int = 0


@dataclass(frozen=True)
class TreeBody:
    question: str
    events: tuple[EventTile, ...]  # those that hold something here first
    notice: str = ""


@dataclass(frozen=True)
class SearchBody:
    """What is being searched, as it was typed (field "search"), and what fits."""

    question: str
    label: str  # what to write
    hint: str
    query: str = field(default="", repr=False)
    items: tuple[ItemTile, ...] = ()
    events: tuple[EventTile, ...] = ()  # where to go for what is not done here
    message: str = ""  # that nothing fits, and whom to ask
    heading: str = ""  # above the events


@dataclass(frozen=True)
class GuideBody:
    """One question of an item's guide: its answers are the page's choices. Or, with `lines`, why it ends here."""

    question: str
    item: str
    step: str = ""
    hint: str = ""
    chosen: str = ""  # the ask of the answer that was given before
    why: str = ""
    lines: tuple["Line", ...] = ()


@dataclass(frozen=True)
class Line:
    """A line with a mark: "ok", "info", "warn", "no", "step", "call", "place"; "head" heads those below it."""

    mark: str
    text: str


@dataclass(frozen=True)
class Fact:
    """One thing to know of an item before it is begun."""

    icon: str
    label: str
    text: str


@dataclass(frozen=True)
class ItemBody:
    title: str
    summary: str
    facts: tuple[Fact, ...]  # time, fee, what to bring, office, what happens next
    lines: tuple[Line, ...]  # eligibility and exclusions, told before identification
    can_now: bool
    reason: str = ""


@dataclass(frozen=True)
class IdentifyBody:
    question: str
    ways: tuple[str, ...]  # "card", "code", "pickup_code"
    state: str  # "waiting", "reading", "refused"
    spot: Spot | None
    message: str = ""  # what went wrong and what to do, "" when nothing
    code_typed: str = ""  # the pickup code as typed so far


@dataclass(frozen=True)
class CaseTile:
    """One case, how it stands, and since when; it opens by "case:<number>"."""

    number: str
    title: str
    state: str
    tone: str  # "turn" (the citizen's), "wait" (the office's), "good", "end"
    line: str  # until or since when
    ending: str = ""  # of the number, to tell two of the same kind apart
    icon: str = ""


@dataclass(frozen=True)
class CasesBody:
    """A person's cases, newest first; or, with none, where else to ask."""

    question: str
    cases: tuple[CaseTile, ...] = field(default=(), repr=False)
    notice: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class CaseBody:
    """How one case stands, what comes next, and what is asked for."""

    title: str
    state: str
    tone: str
    since: str
    next: str
    deadline: str = ""
    number_label: str = ""
    number: str = field(default="", repr=False)
    lines: tuple[Line, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class ConsentBody:
    question: str
    short: tuple[str, ...]
    full: str
    office: str


@dataclass(frozen=True)
class FieldView:
    """One field. The screen keeps the caret; every change is sent as `Typed(field, text)`."""

    id: str
    label: str
    kind: str  # "text", "phone", "address", "id", "date", "choice", "read_only"
    value: str = ""
    keyboard: str = "pinyin"  # "pinyin", "english", "digits", "phone", "id", "address", "name"
    hint: str = ""
    source: str = ""  # "取自身份证" when it was prefilled
    error: str = ""
    required: bool = True
    sensitive: bool = False
    masked: str = ""  # what stands there while nobody types in it; "" when the value itself may
    max_length: int = 60
    options: tuple[tuple[str, str], ...] = ()  # (value, label) of a choice


@dataclass(frozen=True)
class FormBody:
    question: str
    fields: tuple[FieldView, ...]
    message: str = ""
    epoch: int = 0  # grows when the mind replaced values itself: then the screen takes them over
    note: str = ""  # that what stands here was brought back; the choice "anew" goes with it


@dataclass(frozen=True)
class ReviewBody:
    question: str
    pages: tuple[str, ...]  # names for the image provider: "image://papers/<name>"
    promise: str  # what pressing the button means
    lines: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (label, answer) as printed, for who listens


@dataclass(frozen=True)
class WorkingBody:
    title: str
    lines: tuple[Line, ...]  # "ok" done, "step" now, "info" to come
    patience: str = ""  # what else can be done; the mind sets it after 10 s


@dataclass(frozen=True)
class TakeBody:
    title: str
    line: str
    spot: Spot
    seen: bool  # whether a sensor sees the paper (else the person presses "I have it")
    picture: str = ""  # of the slip that lies there, for the image provider


@dataclass(frozen=True)
class DoorBody:
    title: str
    line: str
    door: int
    doors: int
    state: str  # "opening", "open", "taken", "close", "done", "shut"


@dataclass(frozen=True)
class ResultBody:
    title: str
    good: bool
    number_label: str = ""
    number: str = ""
    lines: tuple[Line, ...] = ()
    picture: str = ""  # the slip that could not be printed, to be photographed


@dataclass(frozen=True)
class RatingMark:
    """A level or a reason that can be pressed: all of the same size."""

    ask: str
    label: str
    icon: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class RatingBody:
    """What somebody thinks of an item that is over: five levels, best first; or why it went badly; or thanks."""

    question: str
    line: str
    levels: tuple[RatingMark, ...] = ()
    reasons: tuple[RatingMark, ...] = ()


@dataclass(frozen=True)
class TroubleBody:
    """What happened, whose fault it is not, what is safe, what can be done now (advice and choices), whom to call."""

    title: str
    happened: str
    safe: str
    advice: tuple[str, ...] = ()
    code: str = ""  # small, for the phone call
    call: str = ""


@dataclass(frozen=True)
class LeavingBody:
    title: str
    things: tuple[tuple[str, str], ...]  # (spot or "door", sentence) still lying about


@dataclass(frozen=True)
class GoodbyeBody:
    title: str
    line: str


Body = (
    AttractBody
    | ClosedBody
    | HomeBody
    | ListBody
    | TreeBody
    | SearchBody
    | ItemBody
    | GuideBody
    | IdentifyBody
    | CasesBody
    | CaseBody
    | ConsentBody
    | FormBody
    | ReviewBody
    | WorkingBody
    | TakeBody
    | DoorBody
    | ResultBody
    | RatingBody
    | TroubleBody
    | LeavingBody
    | GoodbyeBody
)

BODIES: dict[Page, type] = {
    Page.CLOSED: ClosedBody, Page.ATTRACT: AttractBody, Page.HOME: HomeBody, Page.LIST: ListBody,
    Page.TREE: TreeBody, Page.SEARCH: SearchBody, Page.ITEM: ItemBody, Page.GUIDE: GuideBody,
    Page.IDENTIFY: IdentifyBody, Page.CASES: CasesBody, Page.CASE: CaseBody,
    Page.CONSENT: ConsentBody, Page.FORM: FormBody, Page.REVIEW: ReviewBody,
    Page.WORKING: WorkingBody, Page.TAKE: TakeBody, Page.DOOR: DoorBody, Page.RESULT: ResultBody,
    Page.RATING: RatingBody,
    Page.TROUBLE: TroubleBody, Page.LEAVING: LeavingBody, Page.GOODBYE: GoodbyeBody,
}  # fmt: skip


@dataclass(frozen=True)
class View:
    """The whole screen at one moment."""

    page: Page
    body: Body
    language: str = "zh"
    modes: Modes = ALL_OFF
    visit: int = 0  # grows with every visit: the screen drops everything of the one before
    place: str = ""
    clock: str = ""  # "23:04"
    network: str = ""  # a sentence when central is away, "" when all is well
    steps: tuple[Step, ...] = ()
    person: Masked | None = None
    back: Choice | None = None
    leave: Choice | None = None
    next: Choice | None = None
    choices: tuple[Choice, ...] = ()  # further ways on this page (trouble, take, door, result)
    countdown: Countdown | None = None
    help: str = ""  # whom to call, as a sentence
    restless: bool = field(default=False)  # the page belongs to a person: touches are reported as "still here"

    def ways(self) -> tuple[Choice, ...]:
        """Everything that can be pressed on this page now: buttons, and the tiles of its body."""
        choices = [one for one in (self.back, self.leave, self.next, *self.choices) if one is not None and one.enabled]
        if self.countdown is not None and self.countdown.erase is not None:
            choices.append(self.countdown.erase)
        return (*choices, *tiles(self.body))


def tiles(body: Body) -> tuple[Choice, ...]:
    """What a body shows to be touched, besides the page's buttons."""
    found: list[Choice] = []
    if isinstance(body, HomeBody):
        found += [Choice(f"block:{tile.block}", tile.label) for tile in body.blocks]
    if isinstance(body, TreeBody | SearchBody):
        found += [Choice(f"event:{tile.code}", tile.title) for tile in body.events]
    if isinstance(body, CasesBody):
        found += [Choice(f"case:{tile.number}", tile.title) for tile in body.cases]
    if isinstance(body, HomeBody | ListBody | SearchBody):
        found += [Choice(f"item:{tile.code}", tile.title) for tile in body.items]
    return tuple(found)
