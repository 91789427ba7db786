"""What the pages say, in Chinese and English: the sentences of `sentences/*.yaml`.

A key without one of the two languages, or standing twice, is our mistake and raises at start.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from catalogue.source import read

LANGUAGES = ("zh", "en")
BEIJING = dt.timezone(dt.timedelta(hours=8))


def load(folder: Path) -> Mapping[str, tuple[str, str]]:
    """Key -> (Chinese, English) of all files. Raises BadSource, ValueError."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, pair in read(path).value.items():
            if set(pair) != set(LANGUAGES) or not all(isinstance(text, str) and text for text in pair.values()):
                raise ValueError(f"{path.name}: {key} needs a sentence in zh and in en")
            if key in found:
                raise ValueError(f"{path.name}: {key} stands in another file too")
            found[key] = (pair["zh"], pair["en"])
    return found


WORDS = load(Path(__file__).parent / "sentences")


def say(key: str, language: str, **values: object) -> str:
    """A sentence. Raises KeyError for an unknown key."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def say_word(group: str, word: str, language: str) -> str:
    """The sentence for a word that came over the wire, or the word itself: an unknown word is shown, never raised."""
    found = WORDS.get(f"{group}.{word}")
    return found[LANGUAGES.index(language)] if found else word


def _local(at: dt.datetime) -> dt.datetime:
    return (at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)).astimezone(BEIJING)


def show_time(at: dt.datetime | None, language: str) -> str:
    """Beijing time to the minute, seconds kept out of the way."""
    return say("never", language) if at is None else _local(at).strftime("%Y-%m-%d %H:%M")


def show_day(at: dt.datetime | None) -> str:
    """The day in Beijing, "" for none."""
    return "" if at is None else _local(at).strftime("%Y-%m-%d")


def days_until(at: dt.datetime, now: dt.datetime) -> int:
    """Midnights in Beijing between now and then: 0 is today, below 0 is over."""
    return (_local(at).date() - _local(now).date()).days


def show_size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 2**20:.1f} MB"


def moment(text: str) -> dt.datetime | None:
    """A time that is told as text, in an address or of a consent; None for anything else."""
    try:
        told = dt.datetime.fromisoformat(text)
        return told.astimezone(dt.UTC) if told.tzinfo else None
    except (ValueError, OverflowError):
        return None
