"""Rooms that promise to be pure import nothing that could break the promise."""

import sys
from pathlib import Path

import pytest

from tests.house.tree import imported, shown, sources

WORLD = {
    "os",
    "pathlib",
    "shutil",
    "socket",
    "subprocess",
    "threading",
    "asyncio",
    "time",
    "random",
    "tempfile",
    "signal",
}


def test_wire_uses_the_standard_library_and_pydantic_only() -> None:
    allowed = sys.stdlib_module_names | {"pydantic", "wire"}
    strangers = {shown(path): imported(path) - allowed for path in sources("wire")}
    assert {name: found for name, found in strangers.items() if found} == {}


@pytest.mark.parametrize("room", ["kiosk/journeys", "hardware/codecs"])
def test_tables_and_codecs_touch_neither_the_clock_nor_the_world(room: str) -> None:
    touching = {shown(path): imported(path) & WORLD for path in sources(room)}
    assert {name: found for name, found in touching.items() if found} == {}


def test_drivers_are_handed_their_clock() -> None:
    assert _importing("time", sources("hardware/drivers")) == []


def test_the_check_sees_an_import_inside_a_function(tmp_path: Path) -> None:
    module = tmp_path / "late.py"
    module.write_text("def f():\n    from os.path import join\n    import time as t\n    return join, t\n")
    assert imported(module) == {"os", "time"}


def _importing(name: str, paths: list[Path]) -> list[str]:
    return [shown(path) for path in paths if name in imported(path)]
