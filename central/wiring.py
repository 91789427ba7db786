"""The one place that builds central out of its settings."""

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from central.connectors.demo import DemoConnector
from central.connectors.records import RecordsConnector
from central.keys import CentralKeys, load_or_make, utc_now
from central.settings import CentralSettings
from central.store.bodies import Bodies
from central.store.database import Database

Now = Callable[[], dt.datetime]

DEMO_ITEM = "shebao-proof"
"""The item that the demonstration connector answers for."""


@dataclass(frozen=True)
class Central:
    """Everything that central's rooms work on."""

    settings: CentralSettings
    database: Database
    bodies: Bodies
    keys: CentralKeys
    connectors: Mapping[str, RecordsConnector]
    now: Now
    opening: threading.Lock = field(default_factory=threading.Lock)
    """Held while a letter is opened: one at a time, so that large ones do not fill the memory together."""

    def close(self) -> None:
        self.database.close()


def open_central(
    settings: CentralSettings, *, now: Now = utc_now, connectors: Mapping[str, RecordsConnector] | None = None
) -> Central:
    """Open central's folder, making database and keys in an empty one.

    Raises OSError, StoreUnavailable, StoreDamaged, KeyFileBroken: central then does not start and has changed nothing.
    """
    folder = settings.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "central.db"
    keys = load_or_make(folder / "keys", may_make=not path.exists())
    database = Database(path)
    _hide(path)
    if connectors is None:
        connectors = {DEMO_ITEM: DemoConnector(now)}
    return Central(settings, database, Bodies(folder / "bodies"), keys, connectors, now)


def _hide(path: Path) -> None:
    for file in path.parent.glob(path.name + "*"):
        file.chmod(0o600)
