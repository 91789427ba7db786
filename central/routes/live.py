"""The answer that stays open, in which a terminal is told that there is something to ask for."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from central.events.live import Live
from central.routes.described import HAVE, described
from central.routes.requests import NotAnswered, SignedRequest
from central.rules.letters import Sender

router = APIRouter()


class _Open(Response):
    """An answer that `Live` writes."""

    def __init__(self, live: Live, sender: Sender, have: int | None) -> None:
        super().__init__()
        self._live, self._sender, self._have = live, sender, have

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._live.serve(self._sender, self._have, scope, receive, send)


@router.get(
    "/v1/live",
    response_class=Response,
    **described(
        "terminal",
        parameters=(HAVE,),
        also={200: {"description": "Lines of JSON.", "content": {"application/x-ndjson": {"schema": {}}}}},
    ),
)
async def get_live(request: Request, signed: SignedRequest) -> Response:
    """Lines of JSON for as long as both like (central.events.live); `have` is the version of the terminal's mirror."""
    have = request.query_params.get("have", "")
    if have and not (have.isascii() and have.isdigit() and len(have) < 19):
        raise NotAnswered(422, "mirror.bad_version")
    return _Open(request.app.state.live, signed.sender, int(have) if have else None)
