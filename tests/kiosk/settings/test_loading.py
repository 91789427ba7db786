"""The settings file: read whole, every mistake told with its line and what may have been meant."""

import contextlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings.devices import Cu16Locker, EscposSlip, Gm65Scanner, IppPages, NoDevice, RelayLights, SamReader
from kiosk.settings.loading import LARGEST_FILE, SettingsMistake, SettingsMistakes, load, parse
from kiosk.settings.model import Settings

EXAMPLE = Path(__file__).parents[3] / "assets" / "settings.example.toml"
BASE = Path("/etc/nuanting")

SMALLEST = """\
[terminal]
name = "NT-1"
place_zh = "样例"
place_en = "Example"
[store]
folder = "store"
[central]
url = "http://127.0.0.1:8000"
[catalogue]
folder = "catalogue"
"""


def read(text: str, **more: Any) -> Settings:
    return parse(text.encode(), "s.toml", BASE, **more)


def mistakes(text: str, **more: Any) -> list[SettingsMistake]:
    with pytest.raises(SettingsMistakes) as told:
        read(text, **more)
    return list(told.value.mistakes)


def test_the_example_is_right_and_names_a_device_for_every_place() -> None:
    settings = load(EXAMPLE)
    assert isinstance(settings.reader, SamReader)
    assert isinstance(settings.scanner, Gm65Scanner)
    assert isinstance(settings.slip, EscposSlip)
    assert isinstance(settings.pages, IppPages)
    assert isinstance(settings.locker, Cu16Locker)
    assert isinstance(settings.lights, RelayLights)
    assert settings.lights.channels == {"card": 1, "code": 2, "pages": 3, "slip": 4, "locker": 5}
    assert settings.store.folder == Path("/var/lib/nuanting/store")
    assert settings.terminal.zone.key == "Asia/Shanghai"


def test_what_is_left_out_has_its_default() -> None:
    settings = read(SMALLEST)
    assert (settings.visit.warn_after_s, settings.visit.end_after_s, settings.visit.elder_times) == (45, 60, 3)
    assert settings.reader == NoDevice()
    assert settings.store.reserve_bytes == 16 * 1024 * 1024


def test_relative_paths_are_meant_from_the_files_folder(tmp_path: Path) -> None:
    assert read(SMALLEST).store.folder == BASE / "store"
    path = tmp_path / "s.toml"
    path.write_text(SMALLEST, "utf-8")
    assert load(path).catalogue.folder == tmp_path / "catalogue"


def test_settings_cannot_be_changed() -> None:
    settings = read(SMALLEST)
    with pytest.raises(ValueError, match="frozen"):
        settings.visit.warn_after_s = 1.0  # type: ignore[misc]


def test_all_mistakes_are_told_together() -> None:
    text = """\
[terminal]
nam = "x"
place_zh = 3
language = "cn"
time_zone = "Mars/Base"

[visit]
warn_after_s = 90
elder_times = nan

[reader]
model = "sma"
path = "/dev/a"

[scanner]
model = "gm65"
path = "/dev/b"
buad = 9600

[slip]
model = "escpos"
path = "/dev/b"
host = "printer"
presenter = "kpm"

[pages]
model = "ipp"
uri = "http://x"

[locker]
path = "/dev/c"

[lights]
model = "modbus_relay"
path = "/dev/d"
card = 3

[store]
folder = "s"

[central]
url = "http://10.0.0.1"

[catalouge]
folder = "x"
"""
    told = [(m.line, m.name, m.near_name) for m in mistakes(text)]
    assert told == [
        (0, "catalogue", ""),
        (1, "terminal.name", ""),
        (1, "terminal.place_en", ""),
        (2, "terminal.nam", "name"),
        (3, "terminal.place_zh", ""),
        (4, "terminal.language", ""),
        (5, "terminal.time_zone", ""),
        (8, "visit.warn_after_s", ""),
        (9, "visit.elder_times", ""),
        (12, "reader.model", "sam"),
        (18, "scanner.buad", "baud"),
        (22, "slip.path", ""),
        (23, "slip.host", ""),
        (24, "slip.presenter", "kpm150"),
        (28, "pages.uri", ""),
        (30, "locker.model", ""),
        (33, "lights.pages", ""),
        (42, "central.url", ""),
        (44, "catalouge", "catalogue"),
    ]
    assert "s.toml:18: scanner.buad is not a setting (did you mean `baud`?)" in [str(m) for m in mistakes(text)]


@pytest.mark.parametrize(
    ("more", "name", "says"),
    [
        ('[reader]\nmodel = "sam"\n', "reader.path", "is missing"),
        ('[reader]\nmodel = "sam"\npath = "a"\npresenter = "none"\n', "reader.presenter", "is not a setting"),
        ('[reader]\nmodel = "sam"\npath = "a"\nbaud = 1200\n', "reader.baud", "must be"),
        ('[reader]\nmodel = "sam"\npath = "a"\nwith_fingerprint = "yes"\n', "reader.with_fingerprint", "must be"),
        ("reader = 3\n", "reader", "table"),
        ("[[reader]]\n", "reader", "table"),
        ('[visit]\nend_after_s = "60"\n', "visit.end_after_s", "number"),
        ("[visit]\nend_after_s = true\n", "visit.end_after_s", "number"),
        ("[visit]\nend_after_s = inf\n", "visit.end_after_s", "finite"),
        ("[visit]\nwarn_after_s = 60\n", "visit.warn_after_s", "less than end_after_s"),
        ("[visit]\nend_after_s = 45\n", "visit.end_after_s", "more than warn_after_s"),
        ("[screen]\nrotation = 45\n", "screen.rotation", "must be"),
        ("[screen]\ndiagonal_in = 2\n", "screen.diagonal_in", "greater than or equal to 5"),
        ('[slip]\nmodel = "escpos"\n', "slip.model", "either"),
        ('[pages]\nmodel = "ipp"\nuri = "ipps://p/ipp"\n', "pages.uri", "ca_file"),
        ('[locker]\nmodel = "cu16"\npath = "a"\ndoors = 17\nfirst_board = 14\n', "locker.doors", "16 doors"),
        ('[locker]\nmodel = "8a"\npath = "a"\ndoors = 20\nchannels = 16\n', "locker.doors", "16 channels"),
        ('[lights]\nmodel = "modbus_relay"\npath = "a"\nrelays = 4\n', "lights.locker", "relay 5 of 4"),
        ('[store2]\nfolder = "x"\n', "store2", "did you mean `store`"),
        ('[terminal.extra]\nx = 1\n', "terminal.extra", "is not a setting"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_by_name(more: str, name: str, says: str) -> None:
    text = more + SMALLEST if more.startswith("reader") else SMALLEST + more
    told = mistakes(text)
    assert [m.name for m in told] == [name]
    assert says in str(told[0])
    assert told[0].line > 0


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"[terminal]\nname = \n", 2, "is not TOML"),
        (b'[terminal]\nname = "a\n', 2, "is not TOML"),
        (b'a = 1\na = 2\n', 2, "is not TOML"),
        (b"a = 1\nb = \xff\n", 2, "UTF-8"),
        (b"#" * (LARGEST_FILE + 1), 0, "larger"),
        (b"a = " + b"[" * 100_000, 0, "deep"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_toml_is_told_with_its_line(data: bytes, line: int, says: str) -> None:
    with pytest.raises(SettingsMistakes, match=says) as told:
        parse(data, "s.toml", BASE)
    assert [m.line for m in told.value.mistakes] == [line]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsMistakes, match="cannot be read"):
        load(tmp_path / "gone.toml")


def test_a_renamed_setting_is_told_with_its_new_name_and_nothing_else() -> None:
    renamed = {"terminal.label": "terminal.name", "visit.patience_s": "visit.end_after_s"}
    text = SMALLEST.replace('name = "NT-1"', 'label = "NT-1"')
    assert [str(m) for m in mistakes(text, renamed=renamed)] == [
        "s.toml:2: terminal.label is now called `terminal.name` (did you mean `terminal.name`?)"
    ]
    assert read(SMALLEST, renamed=renamed).terminal.name == "NT-1"


def test_http_is_allowed_on_this_machine_only() -> None:
    for host in ("127.0.0.1:8000", "localhost", "[::1]:80"):
        read(SMALLEST.replace("127.0.0.1:8000", host))
    for host in ("192.0.2.1", "central.example.org", "127.0.0.1.example.org", "localhost.example.org"):
        assert [m.name for m in mistakes(SMALLEST.replace("127.0.0.1:8000", host))] == ["central.url"]


NAMES = [f"{group}.{name}" for group in ("terminal", "screen", "visit", "store", "central", "catalogue", "logs")
         for name in Settings.model_fields[group].annotation.model_fields]  # type: ignore[union-attr]  # fmt: skip
wrong_values = st.sampled_from(["[]", "{}", "nan", '"\\u0000"', "1979-05-27", "99999999999999999999", "-1"])


@given(st.sets(st.sampled_from(NAMES), min_size=1, max_size=6), wrong_values)
def test_several_wrong_values_are_all_told(names: set[str], wrong: str) -> None:
    """Whatever is put wrong, nothing is reported that is right, and lines are those of the names."""
    groups: dict[str, dict[str, str]] = {group: {} for group in ("terminal", "store", "central", "catalogue")}
    for group, values in tomllib.loads(SMALLEST).items():
        groups[group] = {name: f'"{value}"' for name, value in values.items()}
    for name in names:
        group, key = name.split(".")
        groups.setdefault(group, {})[key] = wrong
    lines, at = ["# a comment with [brackets] and name = 3"], {}
    for group, pairs in groups.items():
        lines.append(f"[{group}]")
        for key, value in pairs.items():
            lines.append(f"{key} = {value}  # {group}")
            at[f"{group}.{key}"] = len(lines)
    told: list[SettingsMistake] = []
    try:
        read("\n".join(lines))
    except SettingsMistakes as found:
        told = list(found.mistakes)
    related = {"visit.warn_after_s": "visit.end_after_s", "visit.end_after_s": "visit.warn_after_s"}
    for one in told:
        assert one.name in names or related.get(one.name) in names
        assert one.line == at[one.name]
    if wrong in ("[]", "{}", "nan", "1979-05-27"):
        assert {one.name for one in told} >= names


@given(st.binary(max_size=200))
def test_any_bytes_are_settings_or_told(data: bytes) -> None:
    with contextlib.suppress(SettingsMistakes):
        parse(data, "s.toml", BASE)


@given(st.text(st.sampled_from("[]{}=\"'.#,\n\t terminalvisit_0123"), max_size=120))
def test_any_near_toml_is_settings_or_told(text: str) -> None:
    with contextlib.suppress(SettingsMistakes):
        read(SMALLEST + text)
