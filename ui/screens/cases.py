"""Facades of the pages that tell how cases stand: all of a person's, and one of them."""

from PySide6.QtCore import Signal

from ui.screens.facade import Facade, listed, told


class CasesScreen(Facade):
    """A person's cases, or where else to ask."""

    LISTS = (("cases", "cases_changed"), ("lines", "lines_changed"))
    changed = Signal()
    cases_changed = Signal(name="casesChanged")
    lines_changed = Signal(name="linesChanged")
    question = told("question", str, changed)
    notice = told("notice", str, changed)
    cases = listed("cases", cases_changed)
    lines = listed("lines", lines_changed)


class CaseScreen(Facade):
    """How one case stands, what comes next, what is asked for."""

    LISTS = (("lines", "lines_changed"),)
    changed = Signal()
    lines_changed = Signal(name="linesChanged")
    title = told("title", str, changed)
    state = told("state", str, changed)
    tone = told("tone", str, changed)
    since = told("since", str, changed)
    onward = told("next", str, changed)
    deadline = told("deadline", str, changed)
    caption = told("number_label", str, changed)
    number = told("number", str, changed)
    notice = told("notice", str, changed)
    lines = listed("lines", lines_changed)
