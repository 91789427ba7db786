"""Files stay short, rooms keep honest names, nothing re-exports."""

import ast
import re

from tests.house.tree import PRODUCT, ROOT, WORKSHOP, all_files, shown, sources

LONG = 400
TOO_LONG = 800
EXCUSE = re.compile(r"past\s+400\s+lines\s+because", re.IGNORECASE)
HEAD = 4_000
"""Characters at the top of a file in which its excuse must stand."""


def _written() -> list[tuple[str, str]]:
    paths = [*sources(*PRODUCT, *WORKSHOP), *sources("ui", "demo", suffix=".qml"), *sources("make", suffix=".sh")]
    return [(shown(path), path.read_text("utf-8")) for path in paths]


def test_no_file_is_past_800_lines() -> None:
    assert [name for name, text in _written() if text.count("\n") > TOO_LONG] == []


def test_a_file_past_400_lines_says_why_at_its_top() -> None:
    """The docstring (in QML the first comment) has a sentence "Past 400 lines because …"."""
    silent = [name for name, text in _written() if text.count("\n") > LONG and not EXCUSE.search(text[:HEAD])]
    assert silent == []


def test_no_room_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "misc", "common", "helpers"}
    named = [
        shown(path)
        for path in all_files()
        if drawers & {*path.relative_to(ROOT).parts[:-1]} or (path.suffix == ".py" and path.stem in drawers)
    ]
    assert named == []


def test_modules_have_no_export_lists() -> None:
    listed = [shown(p) for p in sources(*PRODUCT) if re.search(r"^__all__\b", p.read_text("utf-8"), re.MULTILINE)]
    assert listed == []


def test_every_module_says_its_purpose() -> None:
    paths = sources(*PRODUCT, "demo", "bench")
    silent = [shown(path) for path in paths if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []
