"""Doing many things of one kind so that one over which this program stumbles leaves the others alone."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from central.store.database import StoreUnavailable

Thing = TypeVar("Thing")
Outcome = TypeVar("Outcome")


def one_by_one(
    things: Iterable[Thing], do: Callable[[Thing], Outcome], log: logging.Logger, name: Callable[[Thing], str]
) -> Iterator[Outcome]:
    """What came of each, as it is done. A mistake of ours is logged, and tried again when the job's turn comes.

    `name` is what the log calls a thing; nothing of a person. Raises StoreUnavailable: then none of them can be done.
    """
    for thing in things:
        try:
            outcome = do(thing)
        except StoreUnavailable:
            raise
        except Exception as ours:  # noqa: BLE001 - no mistake of ours may keep those behind it waiting for ever
            log.error("%s met a mistake of ours: %s; tell the maker", name(thing), type(ours).__name__)
        else:
            yield outcome
