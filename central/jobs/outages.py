"""Asking departments through their breakers, and telling terminals which items cannot be done meanwhile."""

import logging

from central.connectors.breaker import Breaker
from central.connectors.records import RecordsConnector
from central.jobs import audit
from central.store import jobs
from central.wiring import Central
from wire.messages import RecordAnswer, RecordState

LOG = logging.getLogger("central.outages")

REASON = "department.away"


def breaker_of(central: Central, item: str) -> Breaker:
    return central.breakers.setdefault(item, Breaker(central.now))


def query(central: Central, connector: RecordsConnector, item: str, number: str, name: str) -> RecordAnswer:
    """The department's answer; UNAVAILABLE at once while its breaker is open. Raises StoreUnavailable."""
    breaker = breaker_of(central, item)
    if not breaker.allows():
        return RecordAnswer(state=RecordState.UNAVAILABLE, as_of=central.now())
    answer = connector.query(item, number, name)
    _heard(central, item, breaker, answered=answer.state is not RecordState.UNAVAILABLE)
    return answer


def probe_departments(central: Central) -> int:
    """Ask those that were away whether they answer again; how many do. Raises StoreUnavailable.

    Terminals do not offer an item that is closed, so nobody's asking would ever close its breaker. What another worker
    published, or this one before it was started anew, is looked after too.
    """
    with central.database.reading() as connection:
        published = jobs.items_away(connection)
    done = 0
    for item in published:
        connector = central.connectors.get(item)
        if connector is None:  # the catalogue has it no more, or another connector: nothing to wait for
            _withdraw(central, item)
            continue
        breaker = breaker_of(central, item)
        breaker.open()
        if breaker.allows():
            done += _heard(central, item, breaker, answered=connector.probe())
    return done


def _heard(central: Central, item: str, breaker: Breaker, *, answered: bool) -> bool:
    """Count how it went; whether terminals offer the item again because of it."""
    if answered:
        return breaker.succeeded() and _withdraw(central, item)
    if breaker.failed():
        with central.database.writing() as connection:
            if jobs.away(connection, item, REASON, central.now()):
                jobs.all_mirrors_changed(connection)
                audit.note(connection, central, "clock", "item.away", item, REASON)
        LOG.warning("%s: the department does not answer; terminals do not offer it", item)
    return False


def _withdraw(central: Central, item: str) -> bool:
    with central.database.writing() as connection:
        withdrawn = jobs.back(connection, item)
        if withdrawn:
            jobs.all_mirrors_changed(connection)
            audit.note(connection, central, "clock", "item.back", item)
    if withdrawn:
        LOG.info("%s: the department answers again", item)
    return withdrawn
