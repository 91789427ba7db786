"""What an operator measures of central: Prometheus' text format, no name, number, case or terminal in any label.

Counts of requests are this worker's own and carry its process id as `worker`; what is read from the database is the
same whichever worker answers. No work is done between scrapes but counting.
"""

import logging
import os
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.store import measures
from central.store.database import StoreUnavailable
from central.wiring import Central

LOG = logging.getLogger("central.metrics")

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)


class Metrics:
    """One registry for each application, so that two in one process do not mix."""

    def __init__(self, central: Central) -> None:
        self.worker = str(os.getpid())
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "nuanting_requests",
            "Requests answered, by route, method and status.",
            ("route", "method", "status", "worker"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "nuanting_request_seconds",
            "From a request's headers to its answer's end.",
            ("route", "worker"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_FromTheDatabase(central))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        self._requests.labels(route, method, str(status), self.worker).inc()
        self._seconds.labels(route, self.worker).observe(seconds)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)


class _FromTheDatabase(Collector):
    """Gauges that are read when they are asked for. A database that does not answer leaves them out and says so."""

    def __init__(self, central: Central) -> None:
        self._central = central

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())  # else registering would ask the database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("nuanting_database_up", "Whether the database answers.")
        try:
            with self._central.database.reading() as connection:
                counts = measures.counts(connection, self._central.now())
        except StoreUnavailable:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        for name, says, label, values in (
            ("nuanting_letters", "Letters kept, by state.", "state", counts.letters),
            ("nuanting_cases", "Cases, by state.", "state", counts.cases),
            ("nuanting_notices", "Notices to citizens, by state.", "state", counts.notices),
        ):
            family = GaugeMetricFamily(name, says, labels=(label,))
            for word, value in sorted(values.items()):
                family.add_metric((word,), value)
            yield family
        for name, says, number in (
            ("nuanting_oldest_unopened_seconds", "Age of the oldest letter not opened.", counts.oldest_unopened_s),
            ("nuanting_letter_conflicts", "Letters that came under a taken id with other bytes.", counts.conflicts),
            ("nuanting_uploads", "Large bodies that are not whole yet.", counts.uploads),
            ("nuanting_terminals", "Terminals enrolled.", counts.terminals),
            ("nuanting_terminals_heard", "Terminals heard in the last quarter of an hour.", counts.heard),
            ("nuanting_cases_overdue", "Cases whose citizen has let the deadline pass.", counts.overdue),
            ("nuanting_audit_unsigned", "Events of the audit after the last signed head.", counts.unsigned),
        ):
            yield GaugeMetricFamily(name, says, value=number)


class Measured:
    """Counts and times every request, under its route's pattern: never under the path, which names cases."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            seconds = time.perf_counter() - began
            self._metrics.answered(route, method, status, seconds)
            if status >= 500:
                told = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000)}
                LOG.info("not answered", extra=told)


_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
