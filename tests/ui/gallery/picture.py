"""A drawn page as plain values: what stands where, what it says, and the pixels. The checks read nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from PIL import Image

Rgb = tuple[int, int, int]


class Box(NamedTuple):
    """A rectangle on the glass, in pixels of the window."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def empty(self) -> bool:
        return self.width <= 0 or self.height <= 0

    def cut(self, other: "Box") -> "Box":
        """What both have in common; may be empty."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def __str__(self) -> str:
        return f"{round(self.left)},{round(self.top)} {round(self.width)}x{round(self.height)}"


NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True)
class Scroll:
    """A part of the page that can be moved: its window on the glass, and how far its content goes."""

    window: Box
    at: float  # how far it is moved up now
    most: float  # how far it can be moved up
    sideways: bool = False


@dataclass(frozen=True)
class Told:
    """What a screen reader is told."""

    name: str
    role: str
    description: str = ""
    value: str = ""
    secret: bool = False  # said only to who asks, into the headset


@dataclass(frozen=True)
class Element:
    """One thing on the page."""

    number: int  # its place from the back to the front
    kind: str  # "text", "input", "button", "area" (touched, but no button), "icon", "picture", "sheet", "other"
    type: str  # its QML type
    box: Box
    parents: tuple[int, ...] = ()  # from the window inwards
    seen: Box = NOWHERE  # what is left of `box` (of `painted`, for texts) after everything that clips
    painted: Box = NOWHERE  # where the letters are
    clip: Box | None = None  # the narrowest thing that clips and cannot be moved
    scroll: Scroll | None = None
    layer: int = 0  # 0 the page, above it the overlays
    under: bool = False  # an opaque sheet was painted over it
    enabled: bool = True
    opacity: float = 1.0
    text: str = ""
    colour: Rgb = (0, 0, 0)
    visible_ink: bool = True
    size: int = 0  # pixels of type that were asked for
    drawn_size: int = 0  # pixels of type that were drawn, in the window's pixels
    fitted: bool = False  # the size may shrink to fit
    truncated: bool = False
    focus: bool = False
    role: str = ""  # colour role of an icon
    told: Told | None = None

    def __str__(self) -> str:
        words = " ".join(self.text.split())
        return f"{self.type} “{words[:40]}”" if words else f"{self.type} at {self.box}"


@dataclass(frozen=True)
class Rules:
    """What the theme says of this picture."""

    colours: dict[str, Rgb]
    sizes: frozenset[int]
    touch_mm: float
    mm_per_px: tuple[float, ...]  # of each glass that is promised
    zone: int  # design pixels from the lower edge that are within reach; the whole height unless low
    scale: float  # window pixels per design pixel
    least_type_px: float


@dataclass
class Picture:
    """One page in one state and one way of seeing it."""

    name: str
    language: str
    elements: list[Element]
    pixels: Image.Image
    rules: Rules
    low: bool = False
    given: frozenset[str] = frozenset()  # personal data, places and codes, as they were given
    heard: tuple[str, ...] = ()  # all that a screen reader may say
    by_number: dict[int, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_number = {element.number: element for element in self.elements}

    @property
    def glass(self) -> Box:
        return Box(0, 0, self.pixels.width, self.pixels.height)

    @property
    def top_layer(self) -> int:
        return max((element.layer for element in self.elements), default=0)

    def parents(self, element: Element) -> Iterator[Element]:
        """From the nearest outwards."""
        for number in reversed(element.parents):
            if number in self.by_number:
                yield self.by_number[number]

    def texts(self) -> Iterator[Element]:
        """What can be read, wherever it is scrolled to."""
        for element in self.elements:
            if element.kind in ("text", "input") and element.text.strip() and element.visible_ink:
                yield element

    def targets(self) -> Iterator[Element]:
        """What can be touched."""
        for element in self.elements:
            if element.kind in ("button", "area") and element.enabled:
                yield element


@dataclass(frozen=True)
class Finding:
    """Something wrong with a picture."""

    picture: str
    element: str
    reason: str

    def __str__(self) -> str:
        return f"{self.picture} · {self.element} · {self.reason}"
