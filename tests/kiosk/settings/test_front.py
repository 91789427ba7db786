"""The terminal's front: drawn from its settings, with what is there and nothing else; what cannot stand so is told."""

import pytest

from kiosk.front import PLACES, columns_for
from kiosk.settings.loading import SettingsMistakes
from kiosk.settings.model import Settings
from tests.kiosk.settings.test_loading import EXAMPLE, SMALLEST, mistakes, read

READER = '[reader]\nmodel = "sam"\npath = "/dev/a"\n'
SCANNER = '[scanner]\nmodel = "lines"\npath = "/dev/b"\n'
LOCKER = '[locker]\nmodel = "cu16"\npath = "/dev/c"\ndoors = 20\n'


def test_only_what_this_terminal_has_is_drawn() -> None:
    assert read(SMALLEST).drawn_front.places == {}
    found = read(SMALLEST + READER + LOCKER).drawn_front
    assert found.places == {"card": PLACES["card"]}
    assert (found.doors, found.columns) == (20, 3)
    full = read(EXAMPLE.read_text("utf-8")).drawn_front
    assert full.places == dict(PLACES)
    assert full.doors == 16


def test_the_default_front_stands_as_it_is() -> None:
    settings = read(EXAMPLE.read_text("utf-8"))
    assert isinstance(settings, Settings)
    assert list(settings.front.mistakes(dict.fromkeys(PLACES, True), 16)) == []


def test_places_and_the_cabinet_are_as_the_file_says() -> None:
    text = SMALLEST + READER + LOCKER + (
        "[front]\nwidth = 500\nheight = 900\nscreen = [20, 20, 460, 400]\nreader = [30, 500, 120, 80]\n"
        'keypad = [200, 500, 80, 100]\ncabinet_columns = 5\ncabinet_counted = "down"\ncabinet_side = "left"\n'
    )  # fmt: skip
    found = read(text).drawn_front
    assert found.places == {"card": (30, 500, 120, 80), "keypad": (200, 500, 80, 100)}
    assert (found.columns, found.down, found.cabinet_left, found.screen) == (5, True, True, (20, 20, 460, 400))


@pytest.mark.parametrize(
    ("lines", "name", "what"),
    [
        ("reader = [60, 1000, 222, 146]", "reader", "sticks out of the front, which is 600 x 1070 mm"),
        ("reader = [60, 500, 222, 146]", "reader", "lies on `front.screen`"),
        ("scanner = [200, 648, 222, 146]", "scanner", "lies on `front.reader`"),
        ("keypad = [60, 648, 50, 50]", "keypad", "lies on `front.reader`"),
        ("cabinet_columns = 21", "cabinet_columns", "the locker has only 20 doors"),
        ("reader = [1, 2, 3]", "reader", "must be [left, top, width, height], four whole numbers of millimetres"),
        (
            "reader = [1, 2, 30.5, 40]",
            "reader",
            "must be [left, top, width, height], four whole numbers of millimetres",
        ),
        ("reader = [60, 648, 5, 146]", "reader", "must be at least 15 mm wide and high"),
        ("reader = [-1, 648, 50, 146]", "reader", "must lie between 0 and 4000 mm"),
    ],
)
def test_what_cannot_stand_so_is_told_with_its_line(lines: str, name: str, what: str) -> None:
    (found,) = mistakes(SMALLEST + READER + SCANNER + LOCKER + "[front]\n" + lines + "\n")
    assert (found.name, found.what) == (f"front.{name}", what)
    assert found.line == (SMALLEST + READER + SCANNER + LOCKER).count("\n") + 2


def test_a_place_of_a_device_that_is_not_there_hinders_nobody() -> None:
    assert read(SMALLEST + READER + "[front]\nscanner = [60, 648, 222, 146]\n").drawn_front.places.keys() == {"card"}
    with pytest.raises(SettingsMistakes):
        read(SMALLEST + READER + SCANNER + "[front]\nscanner = [60, 648, 222, 146]\n")


@pytest.mark.parametrize("doors", range(1, 61))
def test_a_cabinet_has_room_for_all_its_doors(doors: int) -> None:
    columns = columns_for(doors)
    assert 1 <= columns <= doors
    assert -(-doors // columns) <= 12
