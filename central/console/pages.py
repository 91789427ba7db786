"""The staff desk: `router(frame)` is every page of it, drawn here; browsers run nothing of ours but its keys."""

from fastapi import APIRouter, Depends

from central.console.books import Books
from central.console.casepage import CasePages
from central.console.deeds import CaseDeeds
from central.console.doors import Doors
from central.console.exports import Exports
from central.console.frame import Frame
from central.console.lists import Lists
from central.console.machines import Machines
from central.console.route import desk_route
from central.routes.described import Health, described


def router(frame: Frame) -> APIRouter:
    """The pages' routes, drawn in this frame."""
    pages = APIRouter(route_class=desk_route(frame), dependencies=[Depends(frame.guard)], include_in_schema=False)
    cases = CasePages(frame)
    rooms = (Doors(frame), Lists(frame), cases, CaseDeeds(frame, cases), Machines(frame), Books(frame), Exports(frame))
    for room in rooms:
        room.routes(pages)
    whole = APIRouter()
    whole.add_api_route("/health", Doors.health, methods=["GET"], **described("nobody", Health))
    whole.include_router(pages)
    return whole
