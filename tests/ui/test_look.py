"""The look has one source, is legible, and complete: theme, words, icons, types, fonts."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QGuiApplication, QTextLayout

from kiosk.words import Words
from tests.ui.gallery.lint import wrong
from tests.ui.samples.finding import CATALOGUE
from tests.ui.stage import ROOT, Bench
from ui import describe
from ui.link import Glass
from ui.measures import px_per_mm, real_px_per_mm
from ui.theme import Look, Theme

QML = sorted((ROOT / "ui" / "qml").rglob("*.qml"))
ICONS = ROOT / "assets" / "icons"
DRAWINGS = ROOT / "assets" / "theme" / "drawings"


@pytest.mark.parametrize("file", QML, ids=lambda file: file.name)
def test_qml_holds_no_colour_length_or_family_of_its_own(file: Path) -> None:
    assert wrong(file) == []


@pytest.mark.parametrize(
    "line",
    [
        'color: "#8E2912"', "border.color: Qt.rgba(1, 0, 0, 1)", 'color: "Red"', 'font.family: "Arial"', "width: 12",
        "spacing: Theme.m + 3", "implicitHeight: wide ? 44 : Theme.touch", "font.pixelSize: Math.max(18, Theme.small)",
    ],
)  # fmt: skip
def test_a_colour_a_length_or_a_family_in_qml_is_found(tmp_path: Path, line: str) -> None:
    file = tmp_path / "Wrong.qml"
    file.write_text(f"Rectangle {{\n    {line}\n}}\n", "utf-8")
    assert len(wrong(file)) == 1


def test_qmllint_has_nothing_to_say() -> None:
    program = Path(sys.executable).with_name("pyside6-qmllint")
    ran = subprocess.run(
        [program, "--max-warnings", "0", "-I", ROOT / "ui" / "qml" / "types", *QML],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_qmllint_knows_of_the_facades_is_fresh(tmp_path: Path) -> None:
    describe.write(tmp_path)
    for name in ("qmldir", describe.TYPES_FILE):
        assert (tmp_path / name).read_text("utf-8") == (describe.FOLDER / name).read_text("utf-8"), (
            "run: python -m ui.describe"
        )


def test_every_word_of_the_screen_exists_and_is_used() -> None:
    words = Words.load(ROOT / "assets" / "i18n")
    text = "\n".join(file.read_text("utf-8") for file in QML)
    used = set(re.findall(r"words\[\"(screen\.\w+)\"\]", text))
    begun = set(re.findall(r"words\[\"(screen\.\w+_)\" \+", text))
    own = {key for key in words.sentences if key.startswith("screen.")}
    assert used - own == set()
    assert {key for key in own - used if not key.startswith(tuple(begun))} == set()


def test_every_icon_that_is_named_exists() -> None:
    text = "\n".join(file.read_text("utf-8") for file in QML)
    named = set(re.findall(r"(?:iconName|(?<!Accessible\.)\bname):[^\n]*(?:\n\s+:[^\n]*)*", text))
    named = {re.sub(r'"(none|soft|seal)"', "", line) for line in named}
    names = {name for line in named for name in re.findall(r"\"([a-z][a-z0-9-]+)\"", line)}
    for file in (ROOT / "kiosk").rglob("*.py"):
        found = re.findall(r"\b(?:icon=|Fact\()\"([a-z-]+)\"|Block\.\w+: \"([a-z-]+)\"", file.read_text("utf-8"))
        names |= {name for pair in found for name in pair if name}
    names |= {part.icon for part in (*CATALOGUE.items, *CATALOGUE.home.life) if part.icon}
    have = {file.stem for file in ICONS.glob("*.svg")}
    pages = {"card", "code", "pages", "slip", "locker", "consult", "apply", "query", "collect", "door", "pickup_code"}
    marks = {"ok", "warn", "no", "step", "wait", "fault", "good", "info", "call", "place"}
    assert names - have - pages - marks == set()


def test_every_drawing_uses_colours_of_the_theme() -> None:
    colours = Look().schemes["plain"]
    for file in DRAWINGS.glob("*.svg"):
        assert set(re.findall(r"@([a-zA-Z]+)", file.read_text("utf-8"))) <= set(colours), file.name


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2 contrast ratio."""

    def light(colour: QColor) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("ink", "grounds"),
    [
        ("ink", ("paper", "card", "sunk", "pressed", "sealGround", "line")),
        ("soft", ("paper", "card")),
        ("onSeal", ("seal", "sealPressed", "jade")),
        ("seal", ("card",)),
        ("jade", ("card", "paper", "jadeGround")),
        ("water", ("card", "paper", "waterGround")),
        ("amberInk", ("amberGround", "card", "paper")),
        ("faultInk", ("faultGround", "card", "paper")),
        ("nightInk", ("night", "nightPressed")),
        ("nightSoft", ("night",)),
    ],
)
def test_text_reaches_seven_to_one(ink: str, grounds: tuple[str, ...]) -> None:
    for name, colours in Look().schemes.items():
        for ground in grounds:
            if (name, ground) == ("contrast", "line"):
                continue  # there it is a hair of light on black, and nothing is written on it
            assert contrast(colours[ink], colours[ground]) >= 7.0, f"{ink} on {ground}, {name}"


@pytest.mark.parametrize(("line", "ground"), [("border", "paper"), ("border", "card"), ("nightLine", "night"),
                                              ("amberInk", "amberGround"), ("seal", "sealGround")])  # fmt: skip
def test_borders_and_icons_reach_three_to_one(line: str, ground: str) -> None:
    assert all(contrast(colours[line], colours[ground]) >= 3.0 for colours in Look().schemes.values())


def test_lengths_follow_the_glass_within_reason() -> None:
    look = Look()
    own = 1 / look.mm_per_px
    assert px_per_mm(look, 21.5) == pytest.approx(own, rel=0.02)
    assert px_per_mm(look, 43) == own, "on larger glass everything grows with it"
    assert own < px_per_mm(look, 19) < own * 1.2
    assert px_per_mm(look, 7) == pytest.approx(own * 1.2)


@pytest.mark.parametrize(
    ("inches", "bottom", "reach", "wide", "zone", "beyond"),
    [
        (21.5, 900.0, 1220.0, False, 320.0, 0.0),
        (21.5, 800.0, 1220.0, False, 420.0, 0.0),
        (32.0, 800.0, 1190.0, False, 390.0, 0.0),
        (32.0, 700.0, 1220.0, True, 398.5, 0.0),  # all of it: 32 inches, lying
        (21.5, 0.0, 1220.0, False, 476.1, 0.0),  # all of it
        (21.5, 1300.0, 1220.0, False, 260.0, 340.0),  # it hangs too high: no page stands in less
        (32.0, 900.0, 1220.0, False, 386.7, 66.7),
    ],
)
def test_what_a_seated_person_reaches_follows_from_how_the_glass_hangs(
    inches: float, bottom: float, reach: float, wide: bool, zone: float, beyond: float
) -> None:
    look = Look()
    theme = Theme(look, Glass(diagonal_in=inches, bottom_mm=bottom, reach_mm=reach))
    theme.set_landscape(wide)
    assert theme.zone / real_px_per_mm(look, inches) == pytest.approx(zone, abs=1)
    assert theme.beyond_mm == pytest.approx(beyond, abs=1)


def test_rare_characters_of_names_are_drawn_from_our_own_fonts(bench: Bench) -> None:
    assert bench.app is not None
    for bold in (False, True):
        font = QFont(QGuiApplication.font())
        font.setBold(bold)
        layout = QTextLayout("㛃𬱖䶮赟陈Aé", font)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        for run in layout.glyphRuns():
            assert run.rawFont().familyName() in ("Noto Sans SC", "HanaMinB")
            assert 0 not in run.glyphIndexes()


def test_the_theme_grows_in_large_type(bench: Bench) -> None:
    bench.sample("home")
    normal = bench.stage.theme.property("body")
    bench.sample("home", elder=True)
    assert bench.stage.theme.property("body") == pytest.approx(normal * 1.4, abs=1)
    assert bench.stage.theme.property("touch") * 0.248 >= 20
