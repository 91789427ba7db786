"""What a person may ask of the screen. Devices' and lanes' events are in the journeys that await them."""

from dataclasses import dataclass, field


class Event:
    """Base of everything that can happen in a visit."""


@dataclass(frozen=True)
class Pressed(Event):
    """A button, a tile, a choice: `ask` is the View's `Choice.ask`, or "item:<code>", "block:<name>"."""

    ask: str


@dataclass(frozen=True)
class Typed(Event):
    """A field's text after a key; also "pickup_code" on the identify page."""

    field: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class StillHere(Event):
    """The glass was touched, anywhere."""


@dataclass(frozen=True)
class LanguageChosen(Event):
    language: str  # "zh", "en"


@dataclass(frozen=True)
class ElderChosen(Event):
    on: bool
