"""Writes the handwriting's shapes from hanzi-writer-data: `python -m tests.ui_keyboard.make_shapes FOLDER`."""

import json
import struct
import sys
import zlib
from pathlib import Path

from ui.keyboard.shapes import FILE, features, shape, squared
from ui.keyboard.zinnia import Stroke

BASELINE = 900  # its y goes upwards from here


def medians(file: Path) -> list[Stroke]:
    """The middle lines of one character, y downwards."""
    return [[(x, BASELINE - y) for x, y in stroke] for stroke in json.loads(file.read_text("utf-8"))["medians"]]


def packed(characters: dict[str, list[Stroke]]) -> bytes:
    """The whole file."""
    ordered = sorted(characters.items(), key=lambda item: (len(item[1]), item[0]))
    squares = [squared(strokes) for _, strokes in ordered]
    parts = [
        struct.pack("<I", len(ordered)),
        *(struct.pack("<I", ord(text)) for text, _ in ordered),
        bytes(len(strokes) for _, strokes in ordered),
        *(features(square) for square in squares),
        *(stroke for square in squares for stroke in shape(square)),
    ]
    return zlib.compress(b"".join(parts), 9)


if __name__ == "__main__":
    found = {file.stem: medians(file) for file in Path(sys.argv[1]).glob("?.json")}
    FILE.write_bytes(packed({text: strokes for text, strokes in found.items() if text > "\u3400"}))
