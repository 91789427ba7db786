"""Which systems central speaks to: made up where nothing is said, and never made up where something was."""

from pathlib import Path

import pytest

from central.connectors.demo import DemoConnector
from central.connectors.http import HttpDepartment
from central.connectors.notices import DemoSink
from central.connectors.settings import FILE, BadDepartments, load_systems
from central.connectors.sms import HttpSmsGateway
from tests.central.world import Clock

GOOD = """
notices:
  url: https://sms.example/send
  token_file: {folder}/token
departments:
  social-insurance:
    url: https://insurance.example/v1
    token_file: {folder}/token
    secret_file: {folder}/token
    callback_file: {folder}/token
    timeout_s: 4
"""


def write(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text.format(folder=folder), "utf-8")


def test_without_the_file_everything_is_a_demonstration(tmp_path: Path) -> None:
    systems = load_systems(tmp_path, Clock())
    assert isinstance(systems.notices, DemoSink)
    assert {type(each) for each in systems.departments.values()} == {DemoConnector}


def test_what_the_file_names_is_real(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hush hush\n")
    write(tmp_path, GOOD)
    systems = load_systems(tmp_path, Clock())
    assert isinstance(systems.notices, HttpSmsGateway)
    assert isinstance(systems.departments["social-insurance"], HttpDepartment)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD, "token cannot be read"),
        ("notices:\n  url: ftp://x\n", "an endpoint is http"),
        ("notices:\n  uri: https://x\n", "notices.url: Field required"),
        ("departments:\n  a:\n    url: https://x\n    timeout_s: 900\n", "departments.a.timeout_s"),
        ("departments: [1]\n", "departments"),
        ("a: [\n", "is not YAML"),
    ],
)
def test_a_mistake_stops_central_and_is_told(tmp_path: Path, text: str, says: str) -> None:
    write(tmp_path, text)
    with pytest.raises(BadDepartments) as told:
        load_systems(tmp_path, Clock())
    assert says in str(told.value)


def test_an_empty_secret_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n")
    write(tmp_path, GOOD)
    with pytest.raises(BadDepartments, match="is empty"):
        load_systems(tmp_path, Clock())
