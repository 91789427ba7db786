"""What a district may set from central: a closed list, every mistake told with its line, nothing half taken."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.district import FROM_AFAR, read
from catalogue.loader import CatalogueMistakes
from catalogue.source import LARGEST_FILE

GOOD = """\
[terminal]
phone = "021-12345"
language = "en"
[visit]
warn_after_s = 50
end_after_s = 70.5
[speech]
volume = 3
sounds = false
[screen]
"""


NOT_FROM_AFAR = "may not be set from central: only a terminal's own file has it"


def mistakes(text: str) -> list[str]:
    with pytest.raises(CatalogueMistakes) as wrong:
        read(text)
    return [str(mistake) for mistake in wrong.value.mistakes]


def test_what_is_listed_is_read_and_an_empty_file_sets_nothing() -> None:
    assert read(GOOD) == {
        "terminal.phone": "021-12345",
        "terminal.language": "en",
        "visit.warn_after_s": 50.0,
        "visit.end_after_s": 70.5,
        "speech.volume": 3,
        "speech.sounds": False,
    }
    assert read("") == read("# nothing\n[visit]\n") == {}


@pytest.mark.parametrize(
    "line",
    [
        '[central]\nurl = "https://elsewhere"',
        '[central]\nca_file = "x"',
        '[store]\nfolder = "/tmp"',
        "[store]\nreserve_mb = 1",
        '[store]\nkey_in = "file"',
        '[reader]\nmodel = "none"',
        '[slip]\npath = "/dev/null"',
        '[catalogue]\nfolder = "x"',
        '[logs]\nlevel = "debug"',
        "[speech]\nprivate_unfelt = true",
        "[speech]\nheadset_limit = 1.0",
        '[keypad]\nok = "F12"',
        '[terminal]\nname = "NT-2"',
        '[terminal]\ntime_zone = "UTC"',
        "[screen]\nrotation = 180",
        "[front]\nwidth = 300",
        "[new]\n",
        "visit = 3",
    ],
)
def test_nothing_else_may_be_said_from_afar(line: str) -> None:
    (told,) = mistakes(line)
    assert told.startswith("settings.toml:")
    assert NOT_FROM_AFAR in told


def test_all_mistakes_are_told_with_their_lines_and_what_was_meant() -> None:
    told = mistakes('[visit]\nwarn_aftr_s = 3\n[speech]\nvolume = 11\nrate = true\n[terminal]\nlanguage = "fr"\n')
    assert told == [
        f"settings.toml:2: visit.warn_aftr_s: {NOT_FROM_AFAR} (did you mean `visit.warn_after_s`?)",
        "settings.toml:4: speech.volume: must be a whole number from 1 to 10",
        "settings.toml:5: speech.rate: must be a number from 0.5 to 2",
        "settings.toml:7: terminal.language: must be zh or en",
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[visit]\nend_after_s = 90\n", "visit.warn_after_s: is missing: it goes with visit.end_after_s"),
        ("[visit]\nwarn_after_s = 90\nend_after_s = 90\n", "visit.end_after_s: must be more than visit.warn_after_s"),
        ("[visit]\nelder_times = nan\n", "must be a number from 1 to 10"),
        ("[speech]\nsounds = 1\n", "must be true or false"),
        ("[speech]\nvolume = 2.0\n", "must be a whole number"),
        ('[terminal]\nphone = "1\\n2"\n', "must be a line"),
        ("[terminal]\nphone = []\n", "must be a line"),
        ("[visit\n", "is not TOML: expected"),
        ("x = " + "[" * 100_000, "settings.toml"),
        ("#" * (LARGEST_FILE + 1), "is larger than"),
    ],
)
def test_a_wrong_value_is_told(text: str, what: str) -> None:
    assert what in mistakes(text)[0]


TABLES = st.dictionaries(
    st.sampled_from(["visit", "speech", "terminal", "central", "store", "screen", "reader"]),
    st.dictionaries(
        st.sampled_from(sorted({name.split(".")[1] for name in FROM_AFAR} | {"url", "path"})),
        st.sampled_from(["1", "0", "60.0", "true", '"zh"', '"x"', "[]", "nan", "-1", "{a = 1}", "1979-05-27"]),
    ),
)


@given(TABLES)
def test_whatever_is_read_is_on_the_list_and_within_its_bounds(tables: dict[str, dict[str, str]]) -> None:
    text = "".join(
        f"[{table}]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())
        for table, values in tables.items()
    )
    with contextlib.suppress(CatalogueMistakes):
        found = read(text)
        assert len(found) == sum(map(len, tables.values()))
        assert all(FROM_AFAR[name].wrong(value) == "" for name, value in found.items())


@given(st.text())
def test_any_text_is_settings_or_told_mistakes(text: str) -> None:
    with contextlib.suppress(CatalogueMistakes):
        assert read(text).keys() <= FROM_AFAR.keys()
