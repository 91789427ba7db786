"""Tables of texts by pinyin with how likely each is, as files beside the panel hold them."""

from pathlib import Path

Weighted = list[tuple[str, float]]


class Table:
    """Pinyin -> texts. Kept as it is written, a line a pinyin, and read where it is asked for: most never is."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}

    def of(self, sound: str) -> Weighted:
        """Texts with the natural logarithm of their share, the likelier first."""
        return [_entry(one) for one in self.lines.get(sound, "").split()]


def read_tables(file: Path) -> dict[str, Table]:
    """Title -> table. Raises OSError without the file.

    A line of one word is a title; any other is a pinyin and its texts, each followed by minus the logarithm in
    hundredths; those that begin with # are for readers.
    """
    tables: dict[str, Table] = {}
    table = Table()
    with file.open(encoding="utf-8") as opened:
        for line in opened:
            if line.startswith("#"):
                continue
            sound, _, entries = line.rstrip("\n").partition(" ")
            if entries:
                table.lines[sound] = entries
            else:
                table = tables.setdefault(sound, Table())
    return tables


def _entry(written: str) -> tuple[str, float]:
    text = written.rstrip("0123456789")
    return text, -int(written[len(text) :]) / 100
