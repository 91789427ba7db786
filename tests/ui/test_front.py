"""What the screen draws of devices and paper: this terminal's own front, covered numbers, a slip to photograph."""

from PySide6.QtCore import QRectF
from PySide6.QtQuick import QQuickItem

from kiosk.front import WHOLE
from kiosk.front import Front as Plan
from tests.ui.stage import Bench, until
from ui.front import Front


def of_type(bench: Bench, name: str) -> list[QQuickItem]:
    return [item for item in bench.items() if item.metaObject().className().startswith(f"{name}_QMLTYPE")]


def test_qml_reads_the_front_and_what_is_not_there_has_no_size() -> None:
    plan = Plan(places={"card": (1, 2, 30, 40)}, doors=7, columns=3, down=True)
    told = Front(plan)
    assert told.property("card") == QRectF(1, 2, 30, 40)
    assert told.property("code").isEmpty()
    assert told.property("keypad").isEmpty()
    assert (told.property("doors"), told.property("columns"), told.property("down")) == (7, 3, True)


def test_the_lit_place_lies_where_the_settings_say(bench: Bench) -> None:
    bench.fresh()
    bench.sample("take-pages")
    (front,) = of_type(bench, "TerminalFront")
    (lit,) = [item for item in of_type(bench, "FrontPlace") if item.property("lit")]
    assert lit.property("place") == QRectF(*WHOLE.places["pages"])
    unit = front.property("unit")
    assert abs(lit.width() - WHOLE.places["pages"][2] * unit) <= 1
    (cabinet,) = of_type(bench, "Cabinet")
    assert (cabinet.property("columns"), cabinet.property("lines")) == (2, 6)


def test_numbers_are_covered_until_somebody_asks_and_again_with_the_next_page(bench: Bench) -> None:
    bench.fresh()
    bench.sample("review")
    assert not any("/whole" in name for name in bench.mind.asked_papers)
    (papers,) = of_type(bench, "PaperView")
    bench.touch(bench.button(bench.words.say("screen.show_numbers", "zh")))
    until(lambda: any(name.endswith("/whole") for name in bench.mind.asked_papers), "the whole page is asked for")
    assert papers.property("whole")
    bench.touch(bench.button(bench.words.say("screen.cover_numbers", "zh")))
    until(lambda: not papers.property("whole"), "covered again")


def test_a_slip_that_could_not_be_printed_is_on_the_glass(bench: Bench) -> None:
    bench.fresh()
    bench.sample("result-slip")
    (slip,) = of_type(bench, "SlipPicture")
    assert slip.isVisible()
    assert "slip" in bench.mind.asked_papers
    bench.fresh()
    bench.sample("result")
    assert not any(item.isVisible() for item in of_type(bench, "SlipPicture"))
