"""The fonts in the tree are the ones the README names, and hold the characters of people's names."""

import hashlib
import re

import pytest
from fontTools.ttLib import TTFont

from tests.house.tree import ROOT

FONTS = ROOT / "assets/fonts"
NOTO = ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSerifSC-SemiBold.ttf"]


def test_the_readme_states_the_sum_of_every_font() -> None:
    rows = re.findall(
        r"^\| (\S+\.ttf) \|.*`([0-9a-f]{64})` \|$", (FONTS / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert dict(rows) == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")}


@pytest.mark.parametrize(("file", "characters"), [*((name, "㛃䶮赟𬱖市民") for name in NOTO), ("HanaMinB.ttf", "𬱖𠀀")])
def test_rare_characters_of_names_are_there(file: str, characters: str) -> None:
    with TTFont(FONTS / file, lazy=True) as font:
        held = font.getBestCmap()
        assert "glyf" in font, "the PDF writer takes TrueType outlines only"
    assert [c for c in characters if ord(c) not in held] == []
