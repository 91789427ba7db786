"""What stands on the window, as stops in reading order: found by what Qt tells assistive programs of each item.

The tree of accessible interfaces is read as it is at the moment of asking; nothing is kept, and Qt's accessibility need
not be switched on for it. A walk over the fullest page takes about 1 ms.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QMetaObject, QPointF, QRectF
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtQuick import QQuickItem, QQuickWindow


class Role(enum.StrEnum):
    """What a stop is to a person."""

    BUTTON = "button"
    CHECK = "check"
    OPTION = "option"
    TAB = "tab"
    FIELD = "field"
    HEADING = "heading"
    TEXT = "text"
    PICTURE = "picture"


PRESSED = frozenset({Role.BUTTON, Role.CHECK, Role.OPTION, Role.TAB})
"""What the OK key presses."""
READ = frozenset({Role.HEADING, Role.TEXT, Role.PICTURE})
"""What there is only to hear."""

_Qt = QAccessible.Role
ROLES = {
    _Qt.Button: Role.BUTTON, _Qt.ButtonMenu: Role.BUTTON, _Qt.Link: Role.BUTTON, _Qt.ListItem: Role.BUTTON,
    _Qt.MenuItem: Role.BUTTON, _Qt.CheckBox: Role.CHECK, _Qt.RadioButton: Role.OPTION, _Qt.PageTab: Role.TAB,
    _Qt.EditableText: Role.FIELD, _Qt.Heading: Role.HEADING, _Qt.StaticText: Role.TEXT, _Qt.Graphic: Role.PICTURE,
    _Qt.Notification: Role.TEXT, _Qt.AlertMessage: Role.TEXT, _Qt.ProgressBar: Role.TEXT, _Qt.Note: Role.TEXT,
    _Qt.Paragraph: Role.TEXT,
}  # fmt: skip


class Zone(enum.IntEnum):
    """Where on the glass, in reading order."""

    HEAD = 0
    FRAME = 1  # the steps, and what stands with them
    PAGE = 2
    FOOT = 3


ZONES = {"head": Zone.HEAD, "navigator": Zone.PAGE, "foot": Zone.FOOT}
LINE = "line"
"""The kind of personal thing whose name is only a label."""
NAVIGATOR, KEYBOARD = "navigator", "KeyboardPanel"


@dataclass(frozen=True, repr=False)
class Stop:
    """One thing to hear or to work, as it is now. `secret` names what kind of personal thing it is; "" for none."""

    item: QQuickItem
    role: Role
    name: str
    hint: str = ""
    zone: Zone = Zone.PAGE
    enabled: bool = True
    on: bool = False  # checked, chosen
    fixed: bool = False  # cannot be typed into
    value: str = ""  # what is typed
    field: str = ""  # the form's field it belongs to
    secret: str = ""

    @property
    def told(self) -> tuple[str, bool, bool]:
        """What may change of it without its being another."""
        return self.name, self.enabled, self.on

    @property
    def kept_back(self) -> str:
        """What of a personal thing is told only to who asks: of a labelled line the part behind the label."""
        return self.hint if self.secret == LINE else self.name if self.secret else ""

    def same(self, other: "Stop") -> bool:
        """Whether both are the same to a person, made anew perhaps."""
        return (self.role, self.name, self.field) == (other.role, other.name, other.field)


@dataclass
class Found:
    """One look at the window."""

    stops: list[Stop] = field(default_factory=list)
    dialog: QQuickItem | None = None  # what stands before everything else
    dialog_name: str = ""


def look(window: QQuickWindow, foot: tuple[str, ...] = ()) -> Found:
    """The stops in reading order; where a dialog is open, only its own. `foot`: the foot's names in their order."""
    root = QAccessible.queryAccessibleInterface(window)
    if root is None:
        return Found()
    every = list(_under(root))
    dialogs = [(item, told) for item, told in every if told.role() == _Qt.Dialog]
    if dialogs:
        item, told = dialogs[-1]
        inside = [stop for below, each in _under(told) if (stop := _stop(below, each, Zone.PAGE)) is not None]
        return Found(inside, item, told.text(QAccessible.Text.Name))
    stops = []
    for item, told in every:
        place = _zone(item)
        stop = None if place is None else _stop(item, told, place)
        if stop is not None:
            stops.append(stop)
    order = {name: number for number, name in enumerate(foot)}
    stops.sort(key=lambda one: (one.zone, order.get(one.name, len(order)) if one.zone is Zone.FOOT else 0))
    return Found(stops)


def heading(stops: list[Stop]) -> Stop | None:
    """The page's question."""
    return next((one for one in stops if one.role is Role.HEADING and one.zone is Zone.PAGE), None)


def texts(stops: list[Stop], network: str) -> dict[tuple[str, str], None]:
    """What stands to be read on the page, in order, and what is said of the network; nothing personal, no fields."""
    read = (one for one in stops if one.role in READ and not one.secret)
    here = (one for one in read if one.zone is Zone.PAGE or (one.zone is Zone.FRAME and one.name == network))
    return {(one.name, one.hint): None for one in here}


def _under(told: QAccessibleInterface) -> Iterator[tuple[QQuickItem, QAccessibleInterface]]:
    """Everything that can be seen below, in the order in which it was written; nothing inside of what is pressed."""
    for number in range(told.childCount()):
        child = told.child(number)
        item = child.object() if child is not None else None
        if not isinstance(item, QQuickItem) or not item.isVisible():
            continue
        # A field that is covered for those who pass by is there all the same.
        if item.opacity() == 0 and child.role() != _Qt.EditableText:
            continue
        yield item, child
        if ROLES.get(child.role()) in (None, *READ):
            yield from _under(child)


def _stop(item: QQuickItem, told: QAccessibleInterface, zone: Zone) -> Stop | None:
    role = ROLES.get(told.role())
    name = told.text(QAccessible.Text.Name).strip()
    if role is None or (not name and role in READ) or item.property("furniture"):
        return None
    state = told.state()
    typed = role is Role.FIELD
    fixed = typed and bool(state.readOnly or item.property("readOnly"))
    return Stop(
        item=item,
        role=role,
        name=name,
        hint=told.text(QAccessible.Text.Description).strip(),
        zone=zone,
        enabled=item.isEnabled(),
        on=bool(state.checked or state.selected),
        fixed=fixed,
        value=str(item.property("text") or "") if typed else "",
        field=_field(item) if typed or role is Role.OPTION else "",
        secret=str(item.property("secret") or ""),
    )


def _zone(item: QQuickItem) -> Zone | None:
    """Where it stands; None for the keys of the keyboard and for a page that is on its way out."""
    zone, above = Zone.FRAME, item
    while (parent := above.parentItem()) is not None:
        name = parent.objectName()
        if name == NAVIGATOR and parent.property("currentItem") != above:
            return None
        if above.metaObject().className().startswith(KEYBOARD):
            return None
        if name in ZONES:
            zone = ZONES[name]
        above = parent
    return zone


def _field(item: QQuickItem) -> str:
    """The name of the form's field it stands in."""
    above: QQuickItem | None = item
    while above is not None:
        name = above.property("field")
        if isinstance(name, str) and name:
            return name
        above = above.parentItem()
    return ""


def area(item: QQuickItem) -> QRectF:
    """Where it is in the window."""
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def press(item: QQuickItem) -> None:
    """What a finger on it does."""
    QMetaObject.invokeMethod(item, "click")


def close(dialog: QQuickItem) -> bool:
    """Close what stands before the page; False where it closes by an answer only."""
    item: QQuickItem | None = dialog
    while item is not None:
        if item.property("opened"):
            item.setProperty("opened", False)
            return True
        item = item.parentItem()
    return False


def bring_into_sight(item: QQuickItem, room: float) -> None:
    """Scroll every shelf it lies on, until it stands whole in it with `room` around, or begins where it is larger."""
    above = item.parentItem()
    while above is not None:
        if above.inherits("QQuickFlickable"):
            _scroll(above, item, room)
        above = above.parentItem()


def _scroll(shelf: QQuickItem, item: QQuickItem, room: float) -> None:
    content = shelf.property("contentItem")
    top = item.mapToItem(content, QPointF(0, 0)).y() - room
    bottom = top + item.height() + 2 * room
    at, height = shelf.property("contentY"), shelf.height()
    wanted = at
    if bottom > wanted + height:
        wanted = bottom - height
    wanted = min(wanted, top)
    most = max(0.0, shelf.property("contentHeight") - height)
    wanted = max(0.0, min(wanted, most))
    if wanted != at:
        shelf.setProperty("contentY", wanted)
