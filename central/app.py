"""Central as a web application: `create_app(settings)`."""

import asyncio
import logging
import urllib.parse
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from central.connectors.oidc import Provider
from central.connectors.records import RecordsConnector
from central.console import pages
from central.console.frame import Frame
from central.console.route import STORE, refused
from central.events.live import Live
from central.events.presence import Presence
from central.jobs.clock import Ticking
from central.jobs.openers import Opener
from central.jobs.seal_up import seal_up
from central.keys import utc_now
from central.metrics import Measured, Metrics
from central.routes import cases, letters, live, oidc, operations, staff, terminals
from central.routes.described import openapi_of
from central.routes.requests import NotAnswered, ToLogin, refusal
from central.rules.rates import Rate
from central.settings import CentralSettings
from central.store.database import StoreUnavailable
from central.wiring import Central, Now, open_central
from central.working import LOOK_S

LOG = logging.getLogger("central")

RETRY_AFTER_S = 30
TICK_S = 10.0
"""How often each worker looks which of central's own jobs are due."""


VERSION = "1"
"""Of the API: `/v1`."""


class CentralApp(FastAPI):
    """Publishes at /openapi.json what its routes really read and answer."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = openapi_of(self.title, self.version, self.routes)
        return self.openapi_schema


def create_app(
    settings: CentralSettings, *, now: Now = utc_now, connectors: Mapping[str, RecordsConnector] | None = None
) -> FastAPI:
    """Open central's folder and build the application; `app.state.central` is the opened Central.

    Raises OSError, StoreUnavailable, StoreDamaged, KeyFileBroken when the folder cannot be used.
    """
    central = open_central(settings, now=now, connectors=connectors)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        chores = (_follow_editions(central), app.state.live.run())
        going = [asyncio.create_task(chore) for chore in chores]
        ticking = Ticking(central, TICK_S).start()
        opener = Opener(central, central.settings.open_again_s).start()
        yield
        await run_in_threadpool(opener.stop)
        await run_in_threadpool(ticking.stop)
        for task in going:
            task.cancel()
        for task in going:
            with suppress(asyncio.CancelledError):
                await task
        central.close()

    app = CentralApp(title="Nuanting central", version=VERSION, lifespan=life, docs_url=None, redoc_url=None)
    app.state.central = central
    app.state.metrics = Metrics(central)
    app.state.presence = Presence(central.database)
    app.state.live = Live(central.database, central.events, app.state.presence, central.now)
    app.include_router(letters.router)
    app.include_router(terminals.router)
    app.include_router(live.router)
    app.include_router(cases.router)
    app.state.cases_rate = Rate(cases.MOST, cases.SPAN)
    app.include_router(staff.router)
    app.include_router(oidc.router)
    app.state.oidc = Provider(settings.oidc) if settings.oidc is not None else None
    app.include_router(operations.router)
    app.state.frame = Frame(settings, central.working)
    app.include_router(pages.router(app.state.frame))
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_exception_handler(NotAnswered, _not_answered)
    app.add_exception_handler(ToLogin, _to_login)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)
    central.working.follow()
    seal_up(central)
    return app


async def _follow_editions(central: Central) -> None:
    """Work by what is published, soon after it was."""
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            await run_in_threadpool(central.working.follow)
        except StoreUnavailable as world:
            LOG.warning("whether there is a newer edition is not known for now: %s", type(world).__name__)


def _said(request: Request, no: NotAnswered) -> Response:
    """A refusal as a page for a person at a browser, as a word for everybody else."""
    return (
        refused(request.app.state.frame, request, no)
        if _reads_pages(request)
        else refusal(no.status, no.word, no.headers)
    )


def _reads_pages(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


def _not_answered(request: Request, mistake: Exception) -> Response:
    if not isinstance(mistake, NotAnswered):
        raise mistake
    return _said(request, mistake)


def _to_login(_: Request, mistake: Exception) -> Response:
    if not isinstance(mistake, ToLogin):
        raise mistake
    where = urllib.parse.quote(mistake.path, safe="/")
    return RedirectResponse(f"/login?next={where}", 303, {"Cache-Control": "no-store"})


def _unavailable(request: Request, mistake: Exception) -> Response:
    LOG.error("the store is unavailable: %s", mistake)
    if _reads_pages(request):
        return refused(request.app.state.frame, request, STORE)
    return refusal(503, "store.unavailable", {"Retry-After": str(RETRY_AFTER_S)})


def _http(request: Request, mistake: Exception) -> Response:
    if not isinstance(mistake, HTTPException):
        raise mistake
    words = {404: "http.not_found", 405: "http.wrong_method"}
    word = words.get(mistake.status_code, "http.error")
    return _said(request, NotAnswered(mistake.status_code, word, **dict(mistake.headers or {})))


def _bug(request: Request, mistake: Exception) -> Response:
    LOG.error("a request met a mistake of ours: %s", type(mistake).__name__)
    return _said(request, NotAnswered(500, "central.bug"))
