"""The desk's routes: what goes wrong on one of them is said on a page, in the reader's language, with what to do."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from fastapi.routing import APIRoute

from central.console.frame import Frame, language_of
from central.console.words import WORDS
from central.routes.requests import NotAnswered, cookie_name, known_staff, staff_here
from central.store.database import StoreUnavailable

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
STORE = NotAnswered(503, "store", **{"Retry-After": "30"})
"""The database does not answer now."""


def desk_route(frame: Frame) -> type[APIRoute]:
    """The class of routes whose refusals `frame` draws."""

    class DeskRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handler = super().get_route_handler()

            async def answered(request: Request) -> Response:
                try:
                    return await handler(request)
                except NotAnswered as no:
                    return await run_in_threadpool(refused, frame, request, no)
                except StoreUnavailable:
                    return await run_in_threadpool(refused, frame, request, STORE)

            return answered

    return DeskRoute


def refused(frame: Frame, request: Request, no: NotAnswered) -> Response:
    """The page for a request that gets a word instead of an answer, in the frame of whoever is signed in.

    It says the same of what is not there and of what is not for this person.
    """
    who = known_staff(request)
    unsure = False
    if who is None and no.status != 500:  # after a mistake of ours nothing more is tried
        try:
            who = staff_here(request)
        except StoreUnavailable:
            pass
    if who is None:
        unsure = no.status >= 500 and bool(request.cookies.get(cookie_name(request)))
    staff, csrf = who or (None, "")
    sorry = no.word if f"sorry.{no.word}" in WORDS else "other"
    back = ""
    if sorry == "request.too_large" and request.url.path == "/editions/publish":
        sorry, back = "editions.too_large", "/editions#publish"
    again = no.status >= 500 and request.method == "GET"
    language = language_of(request)
    facts = {"sorry": sorry, "said": "", "again": again, "back": back, "unsure": unsure}
    answer = frame.page(request, "sorry.html", language, staff, csrf, status=no.status, **facts)
    answer.headers.update(no.headers)
    return answer
