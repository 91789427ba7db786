"""The retention clock: what is over its time is made unreadable for good, and that is written down."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from central.jobs.alone import one_by_one
from central.jobs.audit import note
from central.jobs.staff import IDLE, LONGEST
from central.store import retention as store
from central.store import staff
from central.store.database import Connection, StoreUnavailable
from central.store.retention import OverRow
from central.wiring import Central

LOG = logging.getLogger("central.retention")

AT_ONCE = 200
MOST = 2000
"""Cases, and proofs, that one turn forgets: the clock's other jobs wait no longer. The next turn does the rest."""


@dataclass(frozen=True)
class Forgotten:
    """How many of each are gone."""

    cases: int
    proofs: int


def run(central: Central) -> Forgotten:
    """Forget what is over: destroy the key, drop the bytes of its files and letters. Raises StoreUnavailable.

    One transaction each, so that a stop in between leaves whole cases; the next run goes on.
    """
    now, shorter = central.now(), _shorter(central.settings.keep_days)
    term = dt.timedelta(days=central.settings.keep_proofs_days)
    cases_done = _forget_all(
        central,
        lambda connection: store.cases_over(connection, now, shorter, AT_ONCE),
        lambda row: _forget(central, row, store.forget_case, "case.forgotten"),
    )
    proofs_done = _forget_all(
        central,
        lambda connection: store.proofs_over(connection, now, term, AT_ONCE),
        lambda row: _forget(central, row, store.forget_proof, "proof.forgotten"),
    )
    if cases_done or proofs_done:
        LOG.info("forgotten: %d cases, %d proofs", cases_done, proofs_done)
    return Forgotten(cases_done, proofs_done)


def _forget_all(
    central: Central, over: Callable[[Connection], tuple[OverRow, ...]], forget: Callable[[OverRow], bool]
) -> int:
    """What is forgotten is over no more: the same is asked again until nothing is left, or nothing goes."""
    done = 0
    while done < MOST:
        with central.database.reading() as connection:
            rows = over(connection)
        many = sum(one_by_one(rows, forget, LOG, lambda row: f"forgetting {row.about}"))
        done += many
        if not many or len(rows) < AT_ONCE:
            break
    return done


def sweep(central: Central) -> int:
    """Drop nonces that nobody would believe any more, and sessions that ended. Raises StoreUnavailable."""
    now = central.now()
    with central.database.writing(durable=False) as connection:
        return staff.sweep_nonces(connection, now) + staff.sweep_sessions(connection, now - LONGEST, now - IDLE)


def tick(central: Central) -> int:
    """`run` for the clock: how many are forgotten."""
    done = run(central)
    return done.cases + done.proofs


def _forget(
    central: Central, row: OverRow, forget: Callable[[Connection, OverRow], tuple[str, ...] | None], what: str
) -> bool:
    with central.database.writing() as connection:
        paths = forget(connection, row)
        if paths is None:
            return False
        note(connection, central, "clock", what, row.about, region=row.region, state=row.state)
    for path in paths:
        try:
            central.bodies.remove(path)
        except StoreUnavailable as world:  # sealed with a key that is gone; swept at the next start
            LOG.warning("a file of a forgotten case stays for now: %s; removed at the next start", world)
    return True


def _shorter(days: Mapping[str, int]) -> dict[str, dt.timedelta]:
    return {state: dt.timedelta(days=count) for state, count in days.items()}
