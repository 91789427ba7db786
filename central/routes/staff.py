"""Signing in and out, and one's own password. The pages post to their own addresses on top of the same jobs."""

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from central.jobs import staff as jobs
from central.jobs.staff import SignInRefusal
from central.routes.described import CSRF, described
from central.routes.requests import (
    NotAnswered,
    SignedIn,
    answer,
    anybody,
    central_of,
    check_origin,
    clear_cookie,
    cookie_name,
    read_body,
    set_cookie,
)

router = APIRouter(prefix="/v1/staff")

_LARGEST = 4 * 1024


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Credentials(_Message):
    """What somebody knows, and what his authenticator shows."""

    login: str = Field(max_length=60)
    password: str = Field(max_length=jobs.LONGEST_PASSWORD, repr=False)
    code: str = Field(max_length=12, repr=False)


class NewPassword(_Message):
    old: str = Field(max_length=jobs.LONGEST_PASSWORD, repr=False)
    new: str = Field(max_length=jobs.LONGEST_PASSWORD, repr=False)


class Me(_Message):
    """Who is signed in. `csrf` goes with every change, as a form's field or as the header X-CSRF-Token."""

    login: str
    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...]
    language: str
    csrf: str = Field(repr=False)


@router.post("/session", **described("nobody", Me, takes=Credentials, refusals=(400, 401, 403, 408, 413, 422)))
async def post_session(request: Request) -> Response:
    """Credentials -> Me, and the session's cookie."""
    check_origin(request)
    central = central_of(request)
    body = await read_body(request, _LARGEST, central.settings.body_timeout_s)
    try:
        told = Credentials.model_validate_json(body)
    except ValidationError as broken:
        raise NotAnswered(422, "staff.not_credentials") from broken
    outcome = await run_in_threadpool(jobs.sign_in, central, told.login, told.password, told.code)
    if isinstance(outcome, SignInRefusal):
        raise NotAnswered(401, outcome.value)
    response = answer(_me(outcome.staff, outcome.csrf))
    set_cookie(request, response, outcome)
    return response


@router.get("/session", **described("staff", Me))
def get_session(signed_in: SignedIn = Depends(anybody)) -> Response:
    """Me, or 401."""
    return answer(_me(signed_in.staff, signed_in.csrf))


@router.delete("/session", status_code=204, **described("staff", parameters=(CSRF,)))
def delete_session(request: Request, signed_in: SignedIn = Depends(anybody)) -> Response:
    """End the session."""
    jobs.sign_out(signed_in.central, request.cookies.get(cookie_name(request), ""))
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    clear_cookie(request, response)
    return response


@router.post("/password", status_code=204, **described("staff", takes=NewPassword, parameters=(CSRF,)))
async def post_password(request: Request, signed_in: SignedIn = Depends(anybody)) -> Response:
    """NewPassword -> 204; every session of his ends, this one too."""
    central = signed_in.central
    body = await read_body(request, _LARGEST, central.settings.body_timeout_s)
    try:
        told = NewPassword.model_validate_json(body)
    except ValidationError as broken:
        raise NotAnswered(422, "staff.not_a_password") from broken
    try:
        changed = await run_in_threadpool(jobs.change_password, central, signed_in.staff.login, told.old, told.new)
    except jobs.StaffRefused as refused:
        raise NotAnswered(422, str(refused)) from refused
    if not changed:
        raise NotAnswered(403, SignInRefusal.WRONG.value)
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    clear_cookie(request, response)
    return response


def _me(staff: jobs.Staff, csrf: str) -> Me:
    return Me(
        login=staff.login,
        name=staff.name,
        roles=tuple(sorted(role.value for role in staff.roles)),
        regions=staff.regions,
        language=staff.language,
        csrf=csrf,
    )
