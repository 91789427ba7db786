"""A word for every usual character, by which it is told apart when it is only heard: 上, as in 上海."""

from functools import cache
from pathlib import Path

# Beside the pages because the frozen program carries `ui/qml` as it stands.
FILE = Path(__file__).resolve().parents[1] / "qml" / "reading" / "examples.txt"


@cache
def _table() -> dict[str, str]:
    lines = FILE.read_text("utf-8").splitlines()
    return {pair[0]: pair[1:] for line in lines if not line.startswith("#") for pair in line.split(" ")}


def example(character: str) -> str:
    """The word; "" for a character that stands in none. Raises OSError without its file: our bug."""
    return _table().get(character, "")
