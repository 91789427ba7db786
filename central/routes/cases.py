"""How cases stand: told to terminals, and told by departments."""

import datetime as dt
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, ValidationError

from central.connectors.callbacks import Told
from central.connectors.department import Unknown
from central.jobs.handing_on import called_back
from central.jobs.openers import open_what_waits
from central.jobs.statuses import StatusRefusal, ask
from central.routes.described import described
from central.routes.requests import NotAnswered, SignedRequest, answer, answer_state, central_of, read_body
from central.rules.rates import Rate
from wire.messages import CasesRequest, SignedCases

router = APIRouter()

LARGEST_TOLD = 16 * 1024
"""Bytes of what a department tells by itself."""
MOST, SPAN = 60, dt.timedelta(minutes=10)
"""A visit asks once or twice and lasts minutes: whoever asks more is no visitor."""

OPEN_WITHIN_S = 2.0
"""A citizen asks for the case that he has just handed in here: so long he may wait for its letter to be opened."""


@router.post("/v1/cases", **described("terminal", SignedCases, takes=CasesRequest, refusals=(429,)))
def post_cases(request: Request, signed: SignedRequest) -> Response:
    """CasesRequest -> SignedCases."""
    try:
        told = CasesRequest.model_validate_json(signed.body)
    except ValidationError as broken:
        raise NotAnswered(422, "cases.not_a_request") from broken
    rate: Rate = request.app.state.cases_rate
    if not rate.allows(f"{signed.sender.region}\0{signed.sender.terminal}", signed.central.now()):
        raise NotAnswered(429, "cases.too_often", **{"Retry-After": str(int(SPAN.total_seconds()))})
    open_what_waits(signed.central, signed.sender.region, signed.sender.terminal, OPEN_WITHIN_S)
    outcome = ask(signed.central, signed.sender, told)
    if isinstance(outcome, StatusRefusal):
        raise NotAnswered(422, outcome.value)
    return answer(outcome)


class Heard(BaseModel):
    """It was taken down, now or before."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["ok"]


@router.post("/v1/departments/{name}", **described("department", Heard, takes=Told))
async def post_department(name: str, request: Request) -> Response:
    """What a department tells by itself (`central.connectors.callbacks`); telling it twice changes nothing."""
    central = central_of(request)
    department = central.departments.get(name)
    body = await read_body(request, LARGEST_TOLD, central.settings.body_timeout_s)
    told = Unknown() if department is None else department.callback(request.headers, body)
    if isinstance(told, Unknown):
        raise NotAnswered(401, "department.not_believed")
    if not await run_in_threadpool(called_back, central, name, told):
        raise NotAnswered(404, "department.unknown_reference")
    return answer_state({"state": "ok"})
