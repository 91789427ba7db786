"""Every character is drawn by a font that has it, can be copied as what it is, and comes with its font."""

import re
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from documents import fonts
from documents.fonts import Face, NoGlyph
from documents.places import assets_folder
from documents.sheet import Sheet, Style
from tests.documents import made


def drawn(words: str, face: Face = Face.SANS) -> bytes:
    sheet = Sheet(40, 40, 40, 40)
    style = Style(face, 8)
    for at, line in enumerate(style.wrap(words, sheet.width)):
        sheet.text(sheet.left, 60 + at * 12, line, style)
    return sheet.pdf("t", "zh")


@pytest.mark.parametrize("face", Face)
def test_a_text_is_split_by_what_the_fonts_hold(face: Face) -> None:
    assert fonts.split("龚𠮷𠮾a㛃", face) == [(face.value, "龚"), ("HanaMinB", "𠮷𠮾"), (face.value, "a㛃")]


@pytest.mark.parametrize("character", ["\ue000", "\ud800", "\x00", "\n", "\x7f", "\x85", "\u200f", "\U0010ffff", "🀄"])
def test_a_character_without_a_glyph_stops_the_document_and_is_not_told_with_its_text(character: str) -> None:
    with pytest.raises(NoGlyph) as caught:
        fonts.split(f"王小明{character}", Face.SANS)
    assert str(caught.value) == f"U+{ord(character):04X}"
    assert "王" not in repr(caught.value)


@pytest.mark.parametrize("face", Face)
def test_the_common_marks_are_there(face: Face) -> None:
    fonts.split("，。、；：？！（）《》“”‘’·—…①℃￥%°×é Àü", face)


HAN = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6D6),
    st.characters(min_codepoint=0x2A700, max_codepoint=0x2B734),
    st.characters(min_codepoint=0x2B820, max_codepoint=0x2CEA1),
)


@settings(max_examples=25)
@given(st.text(HAN, min_size=1, max_size=40), st.sampled_from(Face))
@example("".join(chr(code) for code in range(0x4E00, 0x4E00 + 400)), Face.SANS)  # more than one subset of 256
def test_what_is_copied_from_the_page_is_what_was_put_on_it(words: str, face: Face) -> None:
    copied = made.text(drawn(words, face))
    # A reader may answer with the unified form of a compatibility character; there is none in these ranges.
    assert copied == words


def test_the_map_of_a_subset_is_utf16_in_small_blocks() -> None:
    cmap = fonts._to_unicode("F", [ord("a"), 0x2CC56, *range(0x4E00, 0x4E00 + 150)])
    assert "<00> <0061>" in cmap
    assert "<01> <D873DC56>" in cmap
    blocks = re.findall(r"(\d+) beginbfchar\n(.*?)\nendbfchar", cmap, re.DOTALL)
    assert [(int(count), len(lines.split("\n"))) for count, lines in blocks] == [(100, 100), (52, 52)]


def test_every_font_in_a_file_is_embedded_and_a_subset() -> None:
    for pdf in (
        made.room().application_page(made.item("jinglaoka"), made.ANSWERS, made.person(), "C-1", made.NOW, "zh").pdf,
        made.room().proof(made.item("shebao-proof"), made.record(), made.person(), "S-1", made.NOW).pdf,
    ):
        found = made.fonts_of(pdf)
        assert found
        for subtype, name, embedded in found:
            assert subtype == "/TrueType"
            assert re.match(r"/[A-Z0-9]{6}\+", name), name
            assert embedded
        assert any("HanaMinB" in name for _, name, _ in found)
        assert b"Helvetica" not in pdf
        assert b"ASCII85" not in pdf
        assert len(pdf) < 200_000


def test_the_folder_of_the_frozen_program_is_found() -> None:
    assert (assets_folder() / "fonts" / "HanaMinB.ttf").is_file()
    code = "import sys; sys._MEIPASS = '/frozen'; from documents.places import fonts_folder; print(fonts_folder())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "/frozen/assets/fonts"
