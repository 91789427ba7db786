"""How cases stand, for terminals."""

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from central.jobs.statuses import StatusRefusal, ask
from central.routes.described import described
from central.routes.requests import NotAnswered, SignedRequest, answer
from central.rules.rates import Rate
from wire.messages import CasesRequest, SignedCases

router = APIRouter()

MOST, SPAN = 60, dt.timedelta(minutes=10)
"""A visit asks once or twice and lasts minutes: whoever asks more is no visitor."""


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
    outcome = ask(signed.central, signed.sender, told)
    if isinstance(outcome, StatusRefusal):
        raise NotAnswered(422, outcome.value)
    return answer(outcome)
