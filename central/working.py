"""What central itself works by: the newest edition that was published, and older items that cases were handed in on.

Every worker looks at the editions' numbers every `LOOK_S` (`central.app`), which is one small query, and reads an
edition when there is a newer one. Items, offices, reasons and notices are switched together.
"""

import functools
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from catalogue.files import load_files, load_with_offices
from catalogue.loader import Catalogue, CatalogueMistakes, load_lenient
from catalogue.model import Item
from catalogue.offices import OfficeBook, load_offices
from central.store import editions as store
from central.store.database import Connection, Database, StoreUnavailable
from wire.canonical import canonical, sha256_hex
from wire.editions import EVERYWHERE, Edition

LOG = logging.getLogger("central.working")

LOOK_S = 2.0
"""Seconds between two looks of a worker whether there is a newer edition."""
MOST_KEPT = 1000
"""Former definitions of items, and names of unknown ones, that a worker remembers."""


@dataclass(frozen=True)
class Works:
    """Items, offices, reasons and notices: of the newest edition that is for all, else of the folder given at start.

    A region that has an edition of its own has its items from there; `catalogue` also has those that only regions have.
    Offices, reasons and notices are one for all of central.
    """

    catalogue: Catalogue = field(default_factory=Catalogue)
    offices: OfficeBook = field(default_factory=OfficeBook)
    editions: Mapping[str, int] = field(default_factory=dict)  # that this was made of, by region
    own: Mapping[str, Catalogue] = field(default_factory=dict)  # by region

    def item(self, code: str, region: str = "") -> Item | None:
        """The item in this region, or everywhere; None when nobody has it."""
        here = self.own.get(region, Catalogue())
        return next((each for each in (*here.items, *self.catalogue.items) if each.code == code), None)

    def codes(self, wanted: Callable[[Item], bool]) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
        """The items that are as `wanted`, as `item` finds them: everywhere, and in regions that have items of their
        own."""
        everywhere = frozenset(each.code for each in self.catalogue.items if wanted(each))
        own = {
            region: everywhere.difference(here.codes).union(each.code for each in here.items if wanted(each))
            for region, here in self.own.items()
        }
        return everywhere, own

    @functools.cached_property
    def mark(self) -> str:
        """Another one whenever a rule, or what was ever published, may be another: what was judged by them names it."""
        ruled = [(region, each.code, each.sha256) for region, items in self._items() for each in items if each.decision]
        return sha256_hex(canonical({"editions": dict(self.editions), "ruled": sorted(ruled)}))

    @functools.cached_property
    def ruled(self) -> frozenset[str]:
        """Codes of items that a rule decides, in some region at least."""
        return frozenset(item.code for item in self.every_item() if item.decision is not None)

    def _items(self) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        return ("", self.catalogue.items), *((region, here.items) for region, here in self.own.items())

    def every_item(self) -> tuple[Item, ...]:
        """Of all regions: a code may stand there several times."""
        return tuple(item for _, items in self._items() for item in items)


def from_folder(folder: Path | None) -> Works:
    """The works of a central that has published nothing. What is wrong costs its own entries, and is logged."""
    catalogue, wrong = (Catalogue(), ()) if folder is None else load_lenient(folder)
    offices, mistakes = load_offices(folder, catalogue.items)
    for mistake in (*wrong, *mistakes):
        LOG.warning("catalogue: %s", mistake)
    return Works(catalogue, offices)


class Working:
    """Holds the works, and follows the editions. Any thread may ask."""

    def __init__(self, database: Database, first: Works) -> None:
        self.now = first
        self._database = database
        self._first = first
        self._lock = threading.Lock()
        self._refused: dict[str, int] = {}
        self._former: dict[tuple[str, str], Item | None] = {}

    def follow(self) -> bool:
        """Work by the newest editions from now on; whether they are others than before.

        One that this program cannot read is left alone, and said once: the last good one stays.
        Raises StoreUnavailable.
        """
        with self._lock:
            with self._database.reading() as connection:
                newest = _in_use(store.newest_of_each(connection))
                if newest in (self.now.editions, self._refused):
                    return False
                told = {region: store.body(connection, region, version) for region, version in newest.items()}
            try:
                made = _works(told, self._first)
            except OSError as world:  # no room to lay the files out
                raise StoreUnavailable(type(world).__name__) from world
            except (CatalogueMistakes, ValidationError) as wrong:
                self._refused = newest
                for mistake in wrong.mistakes if isinstance(wrong, CatalogueMistakes) else ("of another release",):
                    LOG.error("the newest edition is not worked by: %s", mistake)
                return False
            before, self.now, self._refused = self.now, made, {}
            known = {key: item for key, item in self._former.items() if item is not None}  # the others may be, now
            self._former = {**known, **{(item.code, item.sha256): item for item in before.catalogue.items}}
        LOG.info("works by edition %s", ", ".join(f"{version} of {region}" for region, version in newest.items()))
        return True

    def former(self, code: str, definition: str, connection: Connection | None = None) -> Item | None:
        """The item as it was published with that definition; None when it never was. Raises StoreUnavailable.

        Who has a `connection` reads by it: one that asked for a second might wait for those who do the same.
        """
        key = (code, definition)
        former = self._former
        if key in former:
            return former[key]
        with nullcontext(connection) if connection is not None else self._database.reading() as reading:
            found = {(item.code, item.sha256): item for item in _published_with(reading, code, definition)}
        for each, item in {key: None, **found}.items():  # its neighbours are asked for next: an edition is read once
            if len(former) < MOST_KEPT:
                former[each] = item
        return found.get(key)


def _in_use(newest: Mapping[str, int]) -> dict[str, int]:
    """Without those of regions that a later edition for all has taken the place of."""
    for_all = newest.get(EVERYWHERE, 0)
    return {region: version for region, version in newest.items() if region == EVERYWHERE or version > for_all}


def _works(bodies: Mapping[str, bytes], first: Works) -> Works:
    """Raises CatalogueMistakes, ValidationError, OSError."""
    editions = {region: Edition.model_validate_json(body) for region, body in bodies.items()}
    catalogue, offices = first.catalogue, first.offices
    if EVERYWHERE in editions:
        catalogue, offices = load_with_offices(editions[EVERYWHERE].files)
    own = {region: load_files(edition.files) for region, edition in editions.items() if region != EVERYWHERE}
    items = {each.code: each for every in (*own.values(), catalogue) for each in every.items}
    fields = {each.id: each for every in (*own.values(), catalogue) for each in every.fields}
    whole = replace(catalogue, items=tuple(items.values()), fields=tuple(fields.values()))
    return Works(whole, offices, {region: edition.version for region, edition in editions.items()}, own)


def _published_with(connection: Connection, code: str, definition: str) -> tuple[Item, ...]:
    """The items of an edition in which this one has that definition; none when it was never published."""
    try:
        edition = store.with_item(connection, code, definition)
        return () if edition is None else load_files(edition.files).items
    except (CatalogueMistakes, ValidationError):  # of a release whose items had another shape
        return ()
    except OSError as world:
        raise StoreUnavailable(type(world).__name__) from world
