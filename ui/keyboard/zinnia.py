"""Zinnia 0.06 (Debian libzinnia0, BSD) with Tegaki's model for simplified Chinese (LGPL-2.1+), through ctypes.

The model knows the 6,763 characters of GB 2312 and is mapped, not read: 26 MB of pages that the kernel may share and
drop, under 1 MB of our own. It learns nothing and writes nothing.
"""

import ctypes
from collections.abc import Sequence
from pathlib import Path

LIBRARY = "libzinnia.so.0"
MODEL = Path("/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model")
SIDE = 1000

Point = tuple[float, float]
Stroke = Sequence[Point]


class NoRecogniser(Exception):
    """The handwriting library or its model is not on this machine, or is damaged."""


class Zinnia:
    """One open model. Not for two threads at once; `close` ends it."""

    def __init__(self, library: ctypes.CDLL, recogniser: int) -> None:
        self._library = library
        self._recogniser: int | None = recogniser
        self._character: int | None = library.zinnia_character_new()
        library.zinnia_character_set_width(self._character, SIDE)
        library.zinnia_character_set_height(self._character, SIDE)

    @staticmethod
    def open(model: Path = MODEL) -> "Zinnia":
        """Some 10 ms warm, and a read of the whole model when the disk is cold. Raises NoRecogniser."""
        library = load()
        recogniser = library.zinnia_recognizer_new()
        if not library.zinnia_recognizer_open(recogniser, str(model).encode()):
            library.zinnia_recognizer_destroy(recogniser)
            raise NoRecogniser("the model is missing or damaged")
        return Zinnia(library, recogniser)

    def known(self) -> list[str]:
        """Every character of the model."""
        count = self._library.zinnia_recognizer_size(self._recogniser)
        return [self._library.zinnia_recognizer_value(self._recogniser, at).decode() for at in range(count)]

    def classify(self, strokes: Sequence[Stroke], limit: int) -> list[str]:
        """What these strokes (0 to SIDE, y downwards) may be, the likeliest first, at most `limit`."""
        library, character = self._library, self._character
        library.zinnia_character_clear(character)
        for number, stroke in enumerate(strokes):
            for x, y in stroke:
                library.zinnia_character_add(character, number, round(x), round(y))
        result = library.zinnia_recognizer_classify(self._recogniser, character, limit)
        if not result:
            return []
        found = [library.zinnia_result_value(result, at).decode() for at in range(library.zinnia_result_size(result))]
        library.zinnia_result_destroy(result)
        return found

    def close(self) -> None:
        """Forget the model and the last character."""
        if self._recogniser is not None:
            self._library.zinnia_character_destroy(self._character)
            self._library.zinnia_recognizer_destroy(self._recogniser)
            self._recogniser = self._character = None


def load() -> ctypes.CDLL:
    """The library with its functions described. Raises NoRecogniser."""
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError as why:
        raise NoRecogniser(LIBRARY) from why
    it, size, text = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p
    for name, result, given in (
        ("recognizer_new", it, []),
        ("recognizer_open", ctypes.c_int, [it, text]),
        ("recognizer_size", size, [it]),
        ("recognizer_value", text, [it, size]),
        ("recognizer_classify", it, [it, it, size]),
        ("recognizer_destroy", None, [it]),
        ("character_new", it, []),
        ("character_clear", None, [it]),
        ("character_set_width", None, [it, size]),
        ("character_set_height", None, [it, size]),
        ("character_add", ctypes.c_int, [it, size, ctypes.c_int, ctypes.c_int]),
        ("character_destroy", None, [it]),
        ("result_value", text, [it, size]),
        ("result_size", size, [it]),
        ("result_destroy", None, [it]),
    ):
        try:
            function = getattr(library, f"zinnia_{name}")
        except AttributeError as why:
            raise NoRecogniser(f"{LIBRARY} has no {name}") from why
        function.restype, function.argtypes = result, given
    return library
