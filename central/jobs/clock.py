"""What central does on its own time: each job every so often, by one worker at a time, whichever comes first."""

import datetime as dt
import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from central.jobs import audit, retention
from central.jobs.amending import give_up_waiting
from central.jobs.deadlines import lapse, remind, watch_compartments
from central.jobs.deciding import decide_pending
from central.jobs.handing_on import ask_departments, hand_on
from central.jobs.notices import send_notices
from central.jobs.outages import probe_departments
from central.store import jobs
from central.store.database import StoreUnavailable
from central.wiring import Central

LOG = logging.getLogger("central.clock")

LEASE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Job:
    """`run` gives the number of things it did, and may be cut off at any line and run again.

    A worker that was killed at it keeps it from the others for `lease`.
    """

    name: str
    every: dt.timedelta
    run: Callable[[Central], int]
    lease: dt.timedelta = LEASE


def _every(**span: float) -> dt.timedelta:
    return dt.timedelta(**span)


JOBS: tuple[Job, ...] = (
    Job("decide", _every(minutes=1), decide_pending, lease=_every(minutes=2)),  # central.rules.deciding.WITHIN
    Job("lapse", _every(minutes=10), lapse),
    Job("remind", _every(minutes=30), remind),
    Job("compartments", _every(hours=1), watch_compartments),
    Job("early letters", _every(hours=1), give_up_waiting),
    Job("notices", _every(seconds=20), send_notices),
    Job("departments", _every(seconds=20), probe_departments),
    Job("hand on", _every(minutes=1), hand_on),
    Job("ask departments", _every(minutes=1), ask_departments),
    Job("audit", _every(minutes=1), audit.sign_heads),
    Job("retention", _every(hours=1), retention.tick),
    Job("nonces", _every(minutes=5), retention.sweep),
)


def run(central: Central, job: Job) -> int | None:
    """Do a job if it is time and nobody else does; how many things it did, None when it was not ours.

    One that fails has had its turn, and is done at its next one. Raises StoreUnavailable, and what it does wrong.
    """
    holder = secrets.token_hex(8)
    now = central.now()
    with central.database.writing(durable=False) as connection:
        if not jobs.take(connection, job.name, holder, now, now + job.lease, job.every):
            return None
    try:
        done = job.run(central)
    except Exception:
        with suppress(StoreUnavailable):  # then it is free when its lease is over
            _give_back(central, job, holder, "failed")
        raise
    _give_back(central, job, holder, str(done))
    if done:
        LOG.info("%s: %d", job.name, done)
    return done


def _give_back(central: Central, job: Job, holder: str, outcome: str) -> None:
    with central.database.writing(durable=False) as connection:
        jobs.give_back(connection, job.name, holder, central.now(), outcome)


def tick(central: Central) -> dict[str, int]:
    """Do every job that is due; what each did. Raises StoreUnavailable, and what a job of ours does wrong."""
    told = ((job.name, run(central, job)) for job in JOBS)
    return {name: done for name, done in told if done is not None}


class Ticking:
    """A thread that does the due jobs every `every_s` seconds until `stop`; one that fails leaves the others alone."""

    def __init__(self, central: Central, every_s: float) -> None:
        self._central = central
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name="central clock", daemon=True)

    def start(self) -> "Ticking":
        self._thread.start()
        return self

    def stop(self) -> None:
        """Returns when the job that runs now has ended."""
        self._stop.set()
        self._thread.join()

    def _go(self) -> None:
        with ThreadPoolExecutor(1, "central job") as lane:
            while not self._stop.wait(self._every_s):
                for job in JOBS:
                    if self._stop.is_set():
                        return
                    failed = lane.submit(run, self._central, job).exception()
                    if isinstance(failed, StoreUnavailable):
                        LOG.warning("%s: the store is unavailable: %s; done at its next turn", job.name, failed)
                    elif failed is not None:
                        LOG.error(
                            "%s met a mistake of ours: %s; tell the maker",
                            job.name,
                            type(failed).__name__,
                        )
