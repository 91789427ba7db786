"""Lines break where Chinese and English let them, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.wrapping import narrow_quotes, pieces, wrap


def by_count(text: str) -> float:
    return sum(1.0 if ord(character) < 0x2E80 else 2.0 for character in text)


@given(st.text(st.sampled_from("ab1 -，。（）「敬老卡,.𠮷\u3000\n"), max_size=80), st.integers(2, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width, by_count)
    assert all(by_count(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert len(lines) >= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("请把身份证放好。", 14, ["请把身份证放", "好。"]),  # the full stop does not begin a line
        ("办理（网上）", 6, ["办理", "（网", "上）"]),  # the bracket does not end one
        ("the case number", 9, ["the case", "number"]),
        ("约 15 个工作日", 8, ["约 15 个", "工作日"]),
        ("JI-YP01-261122", 8, ["JI-YP01-", "261122"]),  # too long a word is cut
        ("", 8, [""]),
        ('the "power" cut', 10, ["the", '"power"', "cut"]),  # a quote does not leave its word
        ("a\r\nb\rc", 8, ["a", "b", "c"]),
    ],
)
def test_examples(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width, by_count) == lines


def test_pieces_are_the_text() -> None:
    text = "Scan（扫码）to verify: 本终端，JI-YP01。 ok"
    assert "".join(pieces(text)) == text


def test_english_quotes_are_made_narrow() -> None:
    assert narrow_quotes("office’s “page”") == 'office\'s "page"'
