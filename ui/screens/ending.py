"""Facades of the pages a visit ends on: result, rating, trouble, leaving, goodbye."""

from PySide6.QtCore import Signal

from ui.screens.facade import Facade, listed, told


class ResultScreen(Facade):
    """How it went, with the number to keep."""

    LISTS = (("lines", "lines_changed"),)
    changed = Signal()
    lines_changed = Signal(name="linesChanged")
    title = told("title", str, changed)
    good = told("good", bool, changed)
    caption = told("number_label", str, changed)
    number = told("number", str, changed)
    picture = told("picture", str, changed)
    lines = listed("lines", lines_changed)


class RatingScreen(Facade):
    """What somebody thinks of an item that is over."""

    LISTS = (("levels", "levels_changed"), ("reasons", "reasons_changed"))
    changed = Signal()
    levels_changed = Signal(name="levelsChanged")
    reasons_changed = Signal(name="reasonsChanged")
    question = told("question", str, changed)
    line = told("line", str, changed)
    levels = listed("levels", levels_changed)
    reasons = listed("reasons", reasons_changed)


class TroubleScreen(Facade):
    """What happened, what is safe, what can be done now."""

    LISTS = (("advice", "advice_changed"),)
    changed = Signal()
    advice_changed = Signal(name="adviceChanged")
    title = told("title", str, changed)
    happened = told("happened", str, changed)
    safe = told("safe", str, changed)
    advice = listed("advice", advice_changed)
    code = told("code", str, changed)
    call = told("call", str, changed)


class LeavingScreen(Facade):
    """What still lies about before the visit is over."""

    LISTS = (("things", "things_changed"),)
    changed = Signal()
    things_changed = Signal(name="thingsChanged")
    title = told("title", str, changed)
    things = listed("things", things_changed)


class GoodbyeScreen(Facade):
    """The last word."""

    changed = Signal()
    title = told("title", str, changed)
    line = told("line", str, changed)
