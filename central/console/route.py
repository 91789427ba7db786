"""The desk's routes: what goes wrong on one of them is said on a page, in the reader's language, with what to do."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from central.console.frame import Frame, language_of
from central.console.words import WORDS
from central.routes.requests import NoRight, NotAnswered
from central.store.database import StoreUnavailable

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def desk_route(frame: Frame) -> type[APIRoute]:
    """The class of routes whose refusals `frame` draws."""

    class DeskRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handler = super().get_route_handler()

            async def answered(request: Request) -> Response:
                try:
                    return await handler(request)
                except NotAnswered as no:
                    return refused(frame, request, no)
                except StoreUnavailable:
                    answer = frame.page(request, "sorry.html", language_of(request), status=503, sorry="store")
                    answer.headers["Retry-After"] = "30"
                    return answer

            return answered

    return DeskRoute


def refused(frame: Frame, request: Request, no: NotAnswered) -> Response:
    """The page for a request that gets a word instead of an answer."""
    staff = no.staff if isinstance(no, NoRight) else None
    sorry = no.word if f"sorry.{no.word}" in WORDS else "other"
    answer = frame.page(request, "sorry.html", language_of(request), staff, status=no.status, sorry=sorry)
    answer.headers.update(no.headers)
    return answer
