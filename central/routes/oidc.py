"""Signing in by the city's own identity provider: there, and back again."""

import html

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from central.connectors.oidc import Provider
from central.jobs.oidc import LIFE, Asked, Entered, begin, finish
from central.routes.requests import NotAnswered, central_of, is_https, safe_next, set_cookie

router = APIRouter(include_in_schema=False)

COOKIE = "nuanting_oidc"
_QUIET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@router.get("/login/oidc")
def there(request: Request) -> Response:
    """Send the browser to the provider."""
    outcome = begin(central_of(request), _provider(request), safe_next(request.query_params.get("next", "/")))
    if not isinstance(outcome, Asked):
        raise NotAnswered(503, outcome.why)
    answer = RedirectResponse(outcome.url, 303, _QUIET)
    answer.set_cookie(
        COOKIE,
        outcome.kept,
        max_age=int(LIFE.total_seconds()),
        path="/login/oidc",
        secure=is_https(request),
        httponly=True,
        samesite="lax",  # the way back begins at the provider
    )
    return answer


@router.get("/login/oidc/back")
def back(request: Request) -> Response:
    """Take what the provider sent along, and go on from a page of ours: the session's cookie is for our pages only."""
    told = request.query_params
    kept, state, code = request.cookies.get(COOKIE, ""), told.get("state", ""), told.get("code", "")
    if max(len(kept), len(state), len(code)) > 4096 or not code:
        raise NotAnswered(403, "oidc.refused")
    outcome = finish(central_of(request), _provider(request), kept, state, code)
    if not isinstance(outcome, Entered):
        raise NotAnswered(503 if outcome.why == "oidc.unreachable" else 403, outcome.why)
    where = html.escape(safe_next(outcome.onward), quote=True)
    page = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={where}">'
    page += f'<title>…</title><p><a href="{where}">→</a></p>'
    answer = HTMLResponse(page, headers={**_QUIET, "Content-Security-Policy": "default-src 'none'"})
    set_cookie(request, answer, outcome.session)
    answer.delete_cookie(COOKIE, path="/login/oidc")
    return answer


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.oidc
    if provider is None:
        raise NotAnswered(404, "http.not_found")
    return provider
