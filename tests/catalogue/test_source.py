"""The strict reader of data files."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.source import DEEPEST, LARGEST_FILE, MOST_NODES, BadSource, parse, read


def test_scalars_are_text_unless_plainly_a_number_or_a_yes() -> None:
    text = b"a: 10:30\nb: no\nc: 007\nd: 12\ne: true\nf: '12'\ng: 2026-01-31\nh: 1.5\ni: null\nj: -3\n"
    expected = {
        "a": "10:30", "b": "no", "c": "007", "d": 12, "e": True, "f": "12", "g": "2026-01-31", "h": "1.5",
        "i": None, "j": -3,
    }  # fmt: skip
    value = parse(text, "x").value
    assert value == expected
    assert {key: type(one) for key, one in value.items()} == {key: type(one) for key, one in expected.items()}


def test_every_place_knows_its_line() -> None:
    source = parse(b"a: 1\nb:\n  - x\n  - c: 2\n    d: {e: 3}\n", "x")
    assert [source.line(path) for path in [("a",), ("b", 0), ("b", 1, "c"), ("b", 1, "d", "e"), ("b", 1, "gone")]] == [
        1, 3, 4, 5, 4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (b"a: 1\nb: [1,\nc: 2\n", 4, "is not YAML"),
        (b"a: 1\na: 2\n", 2, "stands twice"),
        (b"a: &x 1\nb: *x\n", 1, "anchors"),
        (b"a: !!python/object:os.system x\n", 1, "tags"),
        (b"a: 1\n---\nb: 2\n", 2, "second document"),
        (b"a: 1\n? [1, 2]\n: 3\n", 2, "plain text"),
        (b"a: 1\nb: \xff\n", 2, "UTF-8"),
        (b"a: \x07\n", 0, "characters"),
        (b"a: " + b"[" * (DEEPEST + 1), 1, "deeper"),
        (b"a: " + b"[" * 100_000, 1, "deeper"),
        (b"- x\n" * (MOST_NODES + 1), 20_000, "more than"),
        (b"a: <<\n<<: {b: 1}\nc: @x\n", 3, "is not YAML"),
    ],
)
def test_what_is_not_plain_data_is_told_with_its_line(text: bytes, line: int, says: str) -> None:
    with pytest.raises(BadSource, match=says) as told:
        parse(text, "x.yaml")
    assert told.value.mistakes[0].line == line
    assert told.value.mistakes[0].file == "x.yaml"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(BadSource, match="larger"):
        read(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="cannot be read"):
        read(tmp_path / "gone.yaml")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    with contextlib.suppress(BadSource):
        parse(data, "x")


printable = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=8)
plain = st.recursive(
    printable | st.integers(-(10**17), 10**17) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(printable, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(printable, plain, max_size=4))
def test_quoted_text_is_text_and_plain_data_comes_back(value: dict[str, object]) -> None:
    """JSON is YAML in which every text is quoted."""
    assert parse(json.dumps(value, ensure_ascii=False).encode(), "x").value == value
