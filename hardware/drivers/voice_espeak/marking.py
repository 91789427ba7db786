"""What is handed to espeak-ng: the text with every stretch marked with the voice that can read it.

The voice `cmn` of espeak-ng 1.51 (Debian 12) reads most Chinese characters as the English letters of their pinyin;
`cmn-latn-pinyin` reads them right and takes Latin words for pinyin. So both languages are marked, whichever the text
is in, and a mark that closes must be followed by another that opens: in between the engine falls back to `cmn`.
"""

import re
from xml.sax.saxutils import escape

from hardware.drivers.voice_espeak.chinese_numbers import read_out

CHINESE, ENGLISH = "cmn-latn-pinyin", "en-us"
VOICES = {"zh": CHINESE, "en": ENGLISH}
"""The engine's voice for each language that it is asked for."""

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_WITH_SOUND = re.compile(r"[^\W_]|[%&@+=]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9'’&@.+_-]*(?:[ ]+[A-Za-z][A-Za-z0-9'’&@.+_-]*)*")
_CHINESE = re.compile(rf"[{_HAN}][{_HAN}0-9，。、；：？！（）《》“”…—·]*")
_SILENT = {ord(sign): " " for sign in "[]{}<>|\\^~`*#_《》“”‘’「」『』【】"}
"""Brackets are instructions to the engine (`[[` begins phonemes) or are read by name."""


def marked(text: str, language: str) -> str:
    """The text as SSML for `-m`; "" when nothing in it has a sound."""
    text = "".join(sign if sign.isprintable() else " " for sign in text).translate(_SILENT)
    if not _WITH_SOUND.search(text):
        return ""
    other = _LATIN if language == "zh" else _CHINESE
    pieces: list[str] = []
    at = 0
    for found in other.finditer(text):
        pieces += [_one(text[at : found.start()], language), _one(found[0], "en" if language == "zh" else "zh")]
        at = found.end()
    pieces.append(_one(text[at:], language))
    return "<speak>" + "".join(pieces) + "</speak>"


def _one(text: str, language: str) -> str:
    if not _WITH_SOUND.search(text):
        return ""
    said = read_out(text) if language == "zh" else text
    return f'<voice name="{VOICES[language]}">{escape(said)}</voice>'
