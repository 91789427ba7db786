"""Tests wait for what they expect, with a deadline; they do not sleep and hope."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import shown, sources

NAPS = {
    ("time", "sleep"),
    ("asyncio", "sleep"),
    ("anyio", "sleep"),
    ("QTest", "qWait"),
    ("QTest", "qSleep"),
    ("qtbot", "wait"),
}


def naps(source: str) -> list[int]:
    """Lines on which the source sleeps; `sleep(0)` only lets others run and is no nap."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and any((node.module, alias.name) in NAPS for alias in node.names):
            found.append(node.lineno)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
        moment = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
        if (name, node.func.attr) in NAPS and not moment:
            found.append(node.lineno)
    return found


def test_no_test_sleeps() -> None:
    sleeping = {shown(path): lines for path in sources("tests") if (lines := naps(path.read_text("utf-8")))}
    assert sleeping == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("time.sleep(0.1)", [1]),
        ("from time import sleep", [1]),
        ("async def f():\n    await asyncio.sleep(1)", [2]),
        ("async def f():\n    await asyncio.sleep(0)", []),
        ("QtTest.QTest.qWait(50)", [1]),
        ("link.wait(50)", []),
    ],
)
def test_the_check_knows_a_nap(source: str, lines: list[int], tmp_path: Path) -> None:
    assert naps(source) == lines
