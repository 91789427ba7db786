"""libgooglepinyin 0.1.2 (Debian libgooglepinyin0, Apache-2.0) through ctypes: letters in, sentences and words out.

The library learns in two ways only: through `im_choose`, which is never called here, and into the user dictionary,
which it does without when the path it is given cannot be opened (matrixsearch.cpp, `MatrixSearch::init`). Its state is
the process's own, one for all; every question starts by clearing it.
"""

import ctypes
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIBRARY = "libgooglepinyin.so.0"
DICTIONARY = "googlepinyin/data/dict_pinyin.dat"
NO_FILE = b"/dev/null/none"  # below something that is no folder: can be opened by nobody, root included
PLACES = ("lib", "lib64")

MOST_LETTERS = 39  # kMaxRowNum - 1
MOST_CHARACTERS = 39
BUFFER_UNITS = 64


class NoLibrary(Exception):
    """The pinyin library or its dictionary is not on this machine, or is damaged."""


@dataclass(frozen=True, repr=False)
class Found:
    """Candidates of the library, the likeliest first; `starts` is where syllables start and the last one ends."""

    texts: tuple[str, ...]
    starts: tuple[int, ...]


NOTHING = Found((), (0,))


class GooglePinyin:
    """One question at a time, from any thread."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._text = (ctypes.c_uint16 * BUFFER_UNITS)()

    @staticmethod
    def open() -> "GooglePinyin":
        """The library with its own dictionary and no other. Raises NoLibrary."""
        return _opened()

    def search(self, letters: str, limit: int) -> Found:
        """What stands for these letters (a-z and apostrophes, cut at MOST_LETTERS), at most `limit` texts."""
        asked = letters[:MOST_LETTERS].encode("ascii")
        with self._lock:
            self._library.im_reset_search()
            count = self._library.im_search(asked, len(asked))
            if count == 0:
                return NOTHING
            at = ctypes.POINTER(ctypes.c_uint16)()
            syllables = self._library.im_get_spl_start_pos(ctypes.byref(at))
            starts = tuple(at[number] for number in range(syllables + 1))
            texts = tuple(self._candidate(number) for number in range(min(count, limit)))
            return Found(tuple(text for text in texts if text), starts)

    def _candidate(self, number: int) -> str:
        if not self._library.im_get_candidate(number, self._text, BUFFER_UNITS - 1):
            return ""
        units = bytes(self._text).decode("utf-16-le" if sys.byteorder == "little" else "utf-16-be", "replace")
        return units.partition("\0")[0]


def dictionary() -> Path:
    """Where the Debian package keeps the dictionary. Raises NoLibrary."""
    for top in PLACES:
        for found in (Path("/usr") / top / DICTIONARY, *sorted((Path("/usr") / top).glob(f"*/{DICTIONARY}"))):
            if found.is_file():
                return found
    raise NoLibrary("no dictionary")


@cache
def _opened() -> GooglePinyin:
    path = dictionary()
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError as why:
        raise NoLibrary(LIBRARY) from why
    size, units = ctypes.c_size_t, ctypes.POINTER(ctypes.c_uint16)
    for name, result, given in (
        ("im_open_decoder", ctypes.c_bool, [ctypes.c_char_p, ctypes.c_char_p]),
        ("im_set_max_lens", None, [size, size]),
        ("im_reset_search", None, []),
        ("im_search", size, [ctypes.c_char_p, size]),
        ("im_get_candidate", ctypes.c_void_p, [size, units, size]),
        ("im_get_spl_start_pos", size, [ctypes.POINTER(units)]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, given
    if not library.im_open_decoder(str(path).encode(), NO_FILE):
        raise NoLibrary("the dictionary is damaged")
    library.im_set_max_lens(MOST_LETTERS, MOST_CHARACTERS)
    return GooglePinyin(library)
