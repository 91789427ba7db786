"""The one place that builds central out of its settings."""

import datetime as dt
import fcntl
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalogue.loader import Catalogue
from catalogue.model import Item
from catalogue.offices import OfficeBook
from central.connectors.breaker import Breaker
from central.connectors.department import Department
from central.connectors.notices import DemoSink, NoticeSender
from central.connectors.records import RecordsConnector
from central.connectors.settings import load_systems
from central.events.arrivals import Arrivals
from central.events.bus import Event, EventBus, InProcess
from central.events.notify import Notify
from central.events.turns import Turns
from central.keys import CentralKeys, load_or_make, load_vault, utc_now
from central.settings import CentralSettings
from central.store.bodies import BlobStore, Bodies
from central.store.cases import Place
from central.store.database import Connection, Database, StoreDamaged
from central.store.migrations import bring_up, is_empty
from central.store.objects import open_objects
from central.store.vault import any_key
from central.working import Working, from_folder
from trust.files import write_private
from trust.passwords import PasswordCost, Passwords
from trust.vault import Vault

LOG = logging.getLogger("central.wiring")

Now = Callable[[], dt.datetime]

KIND = "database.kind"
"""The file in central's folder that says which database belongs to it."""

WITHOUT_CATALOGUE = {"shebao-proof": "social-insurance"}
"""Item -> record, for a central that was given no catalogue."""


@dataclass(frozen=True)
class Central:
    """Everything that central's rooms work on."""

    settings: CentralSettings
    database: Database
    bodies: BlobStore
    keys: CentralKeys
    vault: Vault
    working: Working
    connectors: Mapping[str, RecordsConnector]
    now: Now
    passwords: Passwords = field(default_factory=lambda: Passwords(PasswordCost()))
    notices: NoticeSender = field(default_factory=DemoSink)
    departments: Mapping[str, Department] = field(default_factory=dict)  # by name
    breakers: dict[str, Breaker] = field(default_factory=dict)  # by item, made by who asks first
    offered_in_vain: dict[str, Place] = field(default_factory=dict)
    """By system, the case that it last did not answer for: the next turn begins behind it."""
    events: EventBus = field(default_factory=InProcess)
    arrivals: Arrivals = field(default_factory=Arrivals)
    opening: Turns = field(default_factory=Turns)
    """For who opens letters: a page of them at a time, so that large ones do not fill the memory together."""

    @property
    def catalogue(self) -> Catalogue:
        """As it is now: another one after each publishing."""
        return self.working.now.catalogue

    @property
    def offices(self) -> OfficeBook:
        return self.working.now.offices

    def item(self, code: str, region: str = "") -> Item | None:
        """The item as that region's catalogue has it now, which may be newer than a case's; None when it has none."""
        return self.working.now.item(code, region)

    def item_of(self, code: str, definition: str, connection: Connection | None = None) -> Item | None:
        """The item as it was when somebody handed it in, if that was ever published; else as it is now.

        `connection` is the caller's own, when he holds one. Raises StoreUnavailable.
        """
        now = self.item(code)
        if now is not None and now.sha256 == definition:
            return now
        return self.working.former(code, definition, connection) or now

    def close(self) -> None:
        self.events.close()
        self.database.close()


def open_central(
    settings: CentralSettings, *, now: Now = utc_now, connectors: Mapping[str, RecordsConnector] | None = None
) -> Central:
    """Open central's folder, making database and keys in an empty one.

    Raises OSError, StoreUnavailable, StoreDamaged, KeyFileBroken, BadBlobsSetting, BadDepartments: central then does
    not start and has changed nothing.
    """
    folder = settings.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "central.db"
    systems = load_systems(folder, now)
    bodies: BlobStore = open_objects(settings.blobs) if settings.blobs else Bodies(folder / "bodies")
    database = Database(settings.database or path)
    try:
        with _first_alone(folder), database.holding("opening"):
            empty = is_empty(database)
            _check_kind(folder, settings, empty)
            keys = load_or_make(folder / "keys", may_make=empty)
            bring_up(database)
            with database.reading() as connection:
                unsealed = not any_key(connection)
            vault = load_vault(folder / "keys", may_make=unsealed)
            _note_kind(folder, settings)
    except BaseException:
        database.close()
        raise
    _hide(path)
    working = Working(database, from_folder(settings.catalogue))
    if connectors is None:
        connectors = _Records(working, systems.departments)
    secrets = Passwords(settings.password_cost)
    events: EventBus = Notify(settings.database) if settings.database else InProcess()
    database.tell = lambda topic, about: events.publish(Event(topic, about))
    made = Central(settings, database, bodies, keys, vault, working, connectors, now, secrets)
    return replace(made, notices=systems.notices, departments=systems.departments, events=events)


class _Records(Mapping[str, RecordsConnector]):
    """By item, the department whose record it prints, as the catalogue says now."""

    def __init__(self, working: Working, departments: Mapping[str, Department]) -> None:
        self._working = working
        self._departments = departments

    def __getitem__(self, item: str) -> RecordsConnector:
        return self._departments[self._names()[item]]

    def __iter__(self) -> Iterator[str]:
        return (item for item, name in self._names().items() if name in self._departments)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _names(self) -> Mapping[str, str]:
        items = self._working.now.catalogue.items
        return {item.code: item.record for item in items} if items else WITHOUT_CATALOGUE


@contextmanager
def _first_alone(folder: Path) -> Iterator[None]:
    """Several may begin at once in an empty folder: keys are made by one."""
    with (folder / "opening.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_kind(folder: Path, settings: CentralSettings, empty: bool) -> None:
    """A folder that has served is not begun anew by a forgotten setting, nor over a database that was lost."""
    try:
        kind = (folder / KIND).read_text("ascii").strip()
    except FileNotFoundError:
        return
    if kind != _kind(settings):
        raise StoreDamaged(f"its database is {kind}, not {_kind(settings)}: --database or NUANTING_DATABASE is missing")
    if empty:
        raise StoreDamaged(f"it has served before, and its {kind} database is empty: restore a backup")


def _note_kind(folder: Path, settings: CentralSettings) -> None:
    if not (folder / KIND).exists():
        write_private(folder / KIND, f"{_kind(settings)}\n".encode())


def _kind(settings: CentralSettings) -> str:
    return "PostgreSQL" if settings.database else "SQLite"


def _hide(path: Path) -> None:
    for file in path.parent.glob(path.name + "*"):
        file.chmod(0o600)
