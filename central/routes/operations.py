"""For operators: whether this worker can answer, and what it has counted."""

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from central.metrics import CONTENT_TYPE, Metrics
from central.routes.described import described
from central.routes.requests import NotAnswered, State, answer, central_of

router = APIRouter()


@router.get("/ready", **described("nobody", State))
def ready(request: Request) -> Response:
    """Whether this worker may be sent requests: its database answers. 503 when not."""
    with central_of(request).database.reading():
        return answer(State(state="ready"))


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    **described("nobody", also={200: {"description": "Prometheus' text format."}}, refusals=(401, 404)),
)
def metrics(request: Request) -> Response:
    """Counts. Behind a proxy only for who shows the token of the settings: the net should not read how a city works."""
    settings = central_of(request).settings
    if settings.metrics_token:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(shown.encode(errors="replace"), settings.metrics_token.encode()):
            raise NotAnswered(401, "metrics.bad_token", **{"WWW-Authenticate": "Bearer"})
    elif settings.behind_proxy:
        raise NotAnswered(404, "http.not_found")
    kept: Metrics = request.app.state.metrics
    return Response(kept.text(), headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE)
