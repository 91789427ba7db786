"""The district's settings under the terminal's own: the closed list is this program's, and the own file wins."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalogue.district import FROM_AFAR, GO_TOGETHER, Value
from kiosk.settings.afar import laid_over, taken, told
from kiosk.settings.group import Group
from kiosk.settings.loading import parse
from kiosk.settings.model import DEVICES, Settings
from kiosk.words import Words
from tests.kiosk.settings.test_loading import SMALLEST

WORDS = Words.load(Path(__file__).resolve().parents[3] / "assets" / "i18n")
AFAR: dict[str, Value] = {
    "terminal.language": "en",
    "terminal.phone": "021-1",
    "visit.warn_after_s": 100.0,
    "visit.end_after_s": 200.0,
    "speech.volume": 2,
    "keypad.touch_sound": False,
}


def own(more: str = "", terminal: str = "") -> Settings:
    text = SMALLEST.replace("[store]", f"{terminal}\n[store]", 1) + more
    return parse(text.encode(), "s.toml", Path("/etc/nuanting"))


def group_of(name: str) -> tuple[Group, str]:
    table, _, key = name.partition(".")
    return getattr(own(), table), key


def good(name: str, value: Value) -> bool:
    """Whether the terminal's own file could say it."""
    group, key = group_of(name)
    try:
        type(group).model_validate({**dict(iter(group)), key: value})
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", FROM_AFAR)
def test_kinds_and_bounds_of_the_list_are_those_of_the_terminal_s_own_file(name: str) -> None:
    afar = FROM_AFAR[name]
    group, key = group_of(name)
    assert key in type(group).model_fields
    if afar.kind in (int, float):
        step = 1 if afar.kind is int else 0.01
        for edge, beyond in ((afar.low, afar.low - step), (afar.high, afar.high + step)):
            assert (afar.wrong(afar.kind(edge)), good(name, afar.kind(edge))) == ("", True)
            assert afar.wrong(afar.kind(beyond)) != ""
            assert not good(name, afar.kind(beyond))
    elif afar.words:
        assert all(good(name, word) for word in afar.words)
        assert not good(name, "fr")
    elif afar.kind is str:
        assert good(name, "1" * afar.longest)
        assert not good(name, "1" * (afar.longest + 1))
    else:
        assert good(name, True)
        assert not good(name, 1)


def test_no_device_no_folder_no_key_and_no_address_is_on_the_list() -> None:
    assert not {name.split(".")[0] for name in FROM_AFAR} & {*DEVICES, "front", "catalogue", "logs"}
    for name in FROM_AFAR:
        group, key = group_of(name)
        assert not isinstance(getattr(group, key), Path)
        assert not any(word in key for word in ("url", "file", "folder", "path", "host", "port", "key", "tpm"))


def test_what_the_own_file_says_nothing_of_is_the_district_s() -> None:
    file = own()
    now = laid_over(file, AFAR)
    assert (now.terminal.language, now.terminal.phone, now.speech.volume) == ("en", "021-1", 2)
    assert (now.visit.warn_after_s, now.visit.end_after_s, now.visit.elder_times) == (100, 200, 3)
    assert now.keypad.touch_sound is False
    untouched: dict[str, Any] = {"terminal", "visit", "speech", "keypad"}
    assert now.model_dump(exclude=untouched) == file.model_dump(exclude=untouched)
    assert laid_over(file, {}) == file


def test_what_the_own_file_says_stays_also_when_it_says_the_default() -> None:
    file = own("[speech]\nvolume = 6\n", 'language = "zh"')
    now = laid_over(file, AFAR)
    assert (now.terminal.language, now.speech.volume, now.terminal.phone) == ("zh", 6, "021-1")
    assert taken(file, AFAR).keys() == AFAR.keys() - {"terminal.language", "speech.volume"}


def test_settings_that_are_checked_against_each_other_come_from_one_file() -> None:
    """Half of each could be a warning after the end."""
    file = own("[visit]\nend_after_s = 50\n")
    now = laid_over(file, AFAR)
    assert (now.visit.warn_after_s, now.visit.end_after_s) == (45, 50)
    assert GO_TOGETHER == (frozenset({"visit.warn_after_s", "visit.end_after_s"}),)


def test_what_no_file_may_say_is_not_laid_over() -> None:
    with pytest.raises(ValidationError):
        laid_over(own(), {"speech.volume": 99})


def test_a_technician_is_told_each_of_them_and_whether_it_holds() -> None:
    lines = [WORDS.say(word, "en", **filled) for word, filled in told(own("[speech]\nvolume = 6\n"), AFAR)]
    assert lines[0].startswith("Set by central, from the program's next start on: keypad.touch_sound = false")
    assert lines[1].startswith("Central set speech.volume = 2, which is not used")
    assert lines[2] == "Set by central: terminal.language = en"
    assert len(lines) == len(AFAR)
