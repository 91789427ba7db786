"""The reference page is made from the program, and is the one in the repository."""

from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from kiosk.settings.__main__ import main
from kiosk.settings.devices import Feedback, Presenter, Sensor, StatusOrder
from kiosk.settings.group import Group
from kiosk.settings.loading import models_of
from kiosk.settings.model import DEVICES, Settings
from kiosk.settings.reference import page

ROOT = Path(__file__).parents[3]


def groups() -> list[tuple[str, type[Group]]]:
    found: list[tuple[str, type[Group]]] = []
    for name, field in Settings.model_fields.items():
        if name in DEVICES:
            found += [(f"{name}:{word}", group) for word, group in models_of(field.annotation).items()]
        elif isinstance(field.annotation, type):
            found.append((name, field.annotation))
    return found


def test_the_page_in_the_repository_is_fresh() -> None:
    told = "run: python -m kiosk.settings --doc > docs/operating/settings.md"
    assert (ROOT / "docs" / "operating" / "settings.md").read_text("utf-8") == page(), told


def test_every_setting_is_described() -> None:
    bare: list[str] = []
    for where, group in groups():
        fields: dict[str, FieldInfo] = group.model_fields
        bare += [f"{where}.{name}" for name, field in fields.items() if not (field.description or "").endswith(".")]
    assert bare == []


def test_the_page_names_every_setting() -> None:
    text = page()
    missing = [f"{where}.{name}" for where, group in groups() for name in group.model_fields if f"`{name}`" not in text]
    assert missing == []


def test_check_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", str(ROOT / "assets" / "settings.example.toml")]) == 0
    path = tmp_path / "bad.toml"
    path.write_text("[visit]\nwarn_aftr_s = 3\n", "utf-8")
    assert main(["--check", str(path)]) == 1
    assert "bad.toml:2: visit.warn_aftr_s is not a setting (did you mean `warn_after_s`?)" in capsys.readouterr().err
    assert main(["--doc"]) == 0
    assert capsys.readouterr().out == page()


def test_sensor_words_are_bits() -> None:
    assert [sensor.bit for sensor in (Sensor.ONE, Sensor.ZERO, Sensor.NONE)] == [1, 0, None]


def test_our_words_for_options_are_the_drivers_words() -> None:
    """The mind may not import a driver, so its lists stand twice; this keeps them one."""
    from hardware.codecs.lock_8a import StatusOrder as DriverOrder
    from hardware.drivers.locker_8a import Feedback as DriverFeedback
    from hardware.drivers.slip_escpos import Presenter as DriverPresenter

    assert {word.value for word in StatusOrder} == {word.value for word in DriverOrder}
    assert {word.value for word in Feedback} == {word.value for word in DriverFeedback}
    assert {word.value for word in Presenter} == {word.value for word in DriverPresenter}
