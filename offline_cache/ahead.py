"""The next letter's id and envelope, made while nobody waits: wrapping a key takes longer than sealing a form."""

import datetime as dt
import threading
from dataclasses import dataclass

from trust.sealing import Envelope
from wire.ids import LetterId, new_letter_id
from wire.messages import PublicKey


@dataclass(frozen=True)
class Blank:
    """An id that no letter has yet, and the envelope that was made for it."""

    letter: LetterId
    envelope: Envelope
    keys: tuple[PublicKey, ...]


class Ahead:
    """Keeps one blank at hand, in memory only. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blank: Blank | None = None

    def prepare(self, keys: tuple[PublicKey, ...], now: dt.datetime) -> None:
        """Make one unless there is one for these keys."""
        with self._lock:
            if self._blank is None or self._blank.keys != keys:
                self._blank = _made(keys, now)

    def take(self, keys: tuple[PublicKey, ...], now: dt.datetime) -> Blank:
        """A blank for these keys, nobody else's from now on; made here when none is at hand."""
        with self._lock:
            blank, self._blank = self._blank, None
        return blank if blank is not None and blank.keys == keys else _made(keys, now)


def _made(keys: tuple[PublicKey, ...], now: dt.datetime) -> Blank:
    letter = new_letter_id(now)
    return Blank(letter, Envelope(keys, header=letter.encode()), keys)
