"""Facades of the pages where the matter is dealt with: form, review, working, take, door."""

from typing import Any

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from kiosk.journeys.events import Typed
from kiosk.view import FieldView
from ui.screens.facade import Facade, Post, listed, rows, told

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

ROLES = ("id", "label", "kind", "value", "keyboard", "hint", "source", "error", "required", "sensitive", "masked",
         "max_length", "options")  # fmt: skip
QML_ROLES = ("field", "label", "kind", "value", "keyboard", "hint", "source", "error", "required", "sensitive",
             "masked", "longest", "options")  # fmt: skip


class FieldRows(QAbstractListModel):
    """A form's fields as a model: while the same fields stand in the same order, only the differing roles change, so
    that the field in typing keeps its caret."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._fields: tuple[FieldView, ...] = ()

    def take(self, fields: tuple[FieldView, ...]) -> None:
        """Show these fields."""
        before = self._fields
        if [(field.id, field.kind) for field in before] != [(field.id, field.kind) for field in fields]:
            self.beginResetModel()
            self._fields = fields
            self.endResetModel()
            return
        self._fields = fields
        for place, (old, new) in enumerate(zip(before, fields, strict=True)):
            roles = [
                Qt.ItemDataRole.UserRole + number
                for number, name in enumerate(ROLES)
                if getattr(old, name) != getattr(new, name)
            ]
            if roles:
                self.dataChanged.emit(self.index(place), self.index(place), roles)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._fields)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number = role - Qt.ItemDataRole.UserRole
        if not index.isValid() or not 0 <= number < len(ROLES) or index.row() >= len(self._fields):
            return None
        value = getattr(self._fields[index.row()], ROLES[number])
        return rows(value) if isinstance(value, tuple) else value

    def roleNames(self) -> dict[int, QByteArray]:
        return {Qt.ItemDataRole.UserRole + number: QByteArray(name.encode()) for number, name in enumerate(QML_ROLES)}


class FormScreen(Facade):
    """A form. The screen keeps text and caret; `epoch` grows when the mind replaced values itself."""

    changed = Signal()
    epoch_changed = Signal(name="epochChanged")
    question = told("question", str, changed)
    message = told("message", str, changed)
    note = told("note", str, changed)
    epoch = told("epoch", int, epoch_changed)

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self._rows = FieldRows(self)

    @Property(QObject, constant=True)
    def fields(self) -> QObject:
        """The fields' model."""
        return self._rows

    @Slot(str, str)
    def type(self, field: str, text: str) -> None:
        """A field's text after a key."""
        self.post(Typed(field, text))

    def before_changed(self, before: Any, body: Any) -> None:
        self._rows.take(getattr(body, "fields", ()))
        if getattr(before, "epoch", 0) != getattr(body, "epoch", 0):
            self.epoch_changed.emit()


class ReviewScreen(Facade):
    """The very pages that will be kept, and what is written on them for who listens."""

    LISTS = (("pages", "pages_changed"), ("lines", "lines_changed"))
    changed = Signal()
    lines_changed = Signal(name="linesChanged")
    lines = listed("lines", lines_changed)
    pages_changed = Signal(name="pagesChanged")
    question = told("question", str, changed)
    pages = listed("pages", pages_changed)
    promise = told("promise", str, changed)


class WorkingScreen(Facade):
    """What is being done, step by step."""

    LISTS = (("lines", "lines_changed"),)
    changed = Signal()
    lines_changed = Signal(name="linesChanged")
    title = told("title", str, changed)
    lines = listed("lines", lines_changed)
    patience = told("patience", str, changed)


class TakeScreen(Facade):
    """Paper to be taken."""

    changed = Signal()
    title = told("title", str, changed)
    line = told("line", str, changed)
    spot = told("spot", str, changed)
    seen = told("seen", bool, changed)
    picture = told("picture", str, changed)


class DoorScreen(Facade):
    """A compartment that is opened, emptied and closed."""

    changed = Signal()
    title = told("title", str, changed)
    line = told("line", str, changed)
    door = told("door", int, changed)
    doors = told("doors", int, changed)
    state = told("state", str, changed)
