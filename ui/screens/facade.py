"""What every page's facade shares: a body that is shown, compared and forgotten, and requests that are posted on.

Slots carry the names QML calls them by: `@Slot(name=...)` with another Python name recurses without end when QML calls
it (PySide6 6.11.3, seen as a segmentation fault). Signals may have a name of their own.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Property, QObject, Signal

from kiosk.journeys.events import Event, Typed

LIST: Any = "QVariantList"  # Qt takes its own type names too, which its typing does not know
MAP: Any = "QVariantMap"

Post = Callable[[Event], None]


def camel(name: str) -> str:
    """can_now -> canNow: Python's names as QML writes them."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def row(value: object) -> Any:
    """A value of the view as QML reads it: dataclass -> map, pair -> {name, text}, the rest as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {camel(field.name): row(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(part, str) for part in value):
            return {"name": value[0], "text": value[1]}
        return [row(part) for part in value]
    return value


def rows(values: tuple[object, ...]) -> list[Any]:
    """A tuple of the view as QML reads it."""
    return [row(value) for value in values]


def told(name: str, kind: type, notify: Signal) -> Property:
    """A read-only property that tells one plain value of the body, and the kind's own zero while there is none."""

    def read(self: "Facade") -> Any:
        value = getattr(self.body, name, None)
        return kind() if value is None else kind(value)

    return Property(kind, read, notify=notify)


def listed(name: str, notify: Signal) -> Property:
    """A read-only property that tells one tuple of the body as rows."""
    return Property(LIST, lambda self: rows(getattr(self.body, name, ())), notify=notify)


class Echo:
    """A text that is typed on the screen and echoed by the mind.

    An echo of something that was typed here a moment ago never overwrites what was typed since.
    """

    def __init__(self) -> None:
        self.text = ""
        self._under_way: list[str] = []  # sent, not echoed yet

    def sent(self, text: str) -> bool:
        """Take over what stands on the glass after a key; whether it is new and must be sent."""
        if text == self.text:
            return False
        self.text = text
        self._under_way.append(text)
        return True

    def heard(self, before: str | None, text: str | None) -> bool:
        """Take over what the mind says, `before` being what it said last; whether the glass must change.

        None: the visit is over, and what was typed last is wiped even where the mind never saw it.
        """
        if text is None:
            self.text = ""
            self._under_way.clear()
            return True
        if text == before:
            return False
        if text in self._under_way:
            del self._under_way[: self._under_way.index(text) + 1]
            return False
        self._under_way.clear()
        changed = text != self.text
        self.text = text
        return changed


class Facade(QObject):
    """A page's singleton. `changed` is for plain values; each list has its own signal, named in LISTS."""

    LISTS: ClassVar[tuple[tuple[str, str], ...]] = ()  # field of the body -> attribute of its signal

    def __init__(self, post: Post) -> None:
        super().__init__()
        self.body: Any = None
        self.post = post

    def show(self, body: object | None) -> None:
        """Take a body over; signals go out only for what differs."""
        before, self.body = self.body, body
        if before == body:
            return
        self.before_changed(before, body)
        for name, signal in self.LISTS:
            if getattr(before, name, ()) != getattr(body, name, ()):
                getattr(self, signal).emit()
        self.told_changed()

    def before_changed(self, before: Any, body: Any) -> None:
        """What a facade has to mind of its own before the signals go out."""

    def told_changed(self) -> None:
        """Emit the signal of the plain values, which each facade declares as `changed`."""
        changed: Any = getattr(self, "changed", None)
        if changed is not None:
            changed.emit()

    def forget(self) -> None:
        """Drop everything of the person."""
        self.show(None)


class TypingFacade(Facade):
    """A page on which one text is typed, which the mind echoes in the body's field ECHO and nobody else keeps.

    The page declares the signal `typed_changed` and `typed = echoed(typed_changed)`.
    """

    ECHO: ClassVar[str]
    typed_changed: ClassVar[Any]

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.echo = Echo()

    def key(self, name: str, text: str) -> None:
        """A key was touched and `text` stands on the glass: sent under this name, where it is new."""
        if self.echo.sent(text):
            self.typed_changed.emit()
            self.post(Typed(name, text))

    def before_changed(self, before: Any, body: Any) -> None:
        if self.echo.heard(getattr(before, self.ECHO, None), getattr(body, self.ECHO, None)):
            self.typed_changed.emit()


def echoed(notify: Signal) -> Property:
    """A read-only property that tells what is typed, as it stands on the glass."""
    return Property(str, lambda self: self.echo.text, notify=notify)
