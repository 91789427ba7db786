"""The terminal's front as QML reads it: constant for as long as the program runs."""

from PySide6.QtCore import Property, QObject, QRectF

from kiosk import front as drawing


def _place(name: str) -> Property:
    return Property(QRectF, lambda self: QRectF(*self.plan.places.get(name, (0, 0, 0, 0))), constant=True)


class Front(QObject):
    """The singleton. Lengths are millimetres from the front's upper left; a place that is not there has no size."""

    def __init__(self, plan: drawing.Front) -> None:
        super().__init__()
        self.plan = plan

    wide = Property(int, lambda self: self.plan.width, constant=True)
    tall = Property(int, lambda self: self.plan.height, constant=True)
    screen = Property(QRectF, lambda self: QRectF(*self.plan.screen), constant=True)
    card = _place("card")
    code = _place("code")
    slip = _place("slip")
    pages = _place("pages")
    camera = _place("camera")
    keypad = _place("keypad")
    doors = Property(int, lambda self: self.plan.doors, constant=True)
    columns = Property(int, lambda self: self.plan.columns, constant=True)
    down = Property(bool, lambda self: self.plan.down, constant=True)
    cabinetLeft = Property(bool, lambda self: self.plan.cabinet_left, constant=True)
    cabinetWide = Property(int, lambda self: self.plan.cabinet_width, constant=True)
    cabinetTall = Property(int, lambda self: self.plan.cabinet_height, constant=True)
