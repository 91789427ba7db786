"""The terminal's own data base, read as a stranger would: by the standard library, without its program."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from offline_cache.numbers import CHAIN
from offline_cache.rescue import STORE_FILE

OPEN = {"promised", "begun", "fed", "presented"}
NEVER_BEGUN = {"promised", "void"}


@dataclass(frozen=True)
class Row:
    """One deed."""

    id: str
    kind: str
    subject: str
    door: int
    state: str
    note: str


@dataclass(frozen=True)
class Ledger:
    """What the terminal has written down."""

    deeds: tuple[Row, ...]
    letters: Counter[str]  # by state
    receipts: int  # the chain's counter

    @property
    def open(self) -> list[Row]:
        return [row for row in self.deeds if row.state in OPEN]

    def of(self, kind: str) -> list[Row]:
        return [row for row in self.deeds if row.kind == kind]


def mirror_version(store: Path) -> int:
    """The version of the mirror that the terminal holds; 0 for none."""
    with closing(sqlite3.connect(f"file:{store / STORE_FILE}?mode=ro", uri=True, timeout=10.0)) as connection:
        row = connection.execute("SELECT version FROM mirrors").fetchone()
    return int(row[0]) if row else 0


def read(store: Path) -> Ledger:
    """The ledger now; the program may be running or not."""
    with closing(sqlite3.connect(f"file:{store / STORE_FILE}?mode=ro", uri=True, timeout=10.0)) as connection:
        rows = connection.execute("SELECT id, kind, subject, door, state, note FROM deeds ORDER BY seq").fetchall()
        letters = Counter(state for (state,) in connection.execute("SELECT state FROM letters"))
        counters = dict(connection.execute("SELECT name, value FROM counters").fetchall())
    return Ledger(tuple(Row(*row) for row in rows), letters, counters.get(CHAIN, 0))
