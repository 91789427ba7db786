"""What terminals ask for: to be let in, the mirror, a record."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ValidationError

from central.jobs import editions
from central.jobs.enrol import enrol
from central.jobs.mirror import mirror
from central.jobs.records import ask
from central.routes.described import EDITION, HAVE, SETTINGS, described
from central.routes.requests import LARGEST_BODY, NotAnswered, SignedRequest, answer, central_of, read_body
from central.rules.enrolment import EnrolRefusal
from central.rules.records import RecordRefusal
from wire.editions import EDITION_HEADER, SETTINGS_ASKED, SignedEdition
from wire.messages import EnrolAnswer, EnrolRequest, RecordRequest, SignedMirror, SignedRecord

router = APIRouter()


@router.post("/v1/enrol", **described("nobody", EnrolAnswer, takes=EnrolRequest, refusals=(400, 403, 408, 413, 422)))
async def post_enrol(request: Request) -> Response:
    """EnrolRequest -> EnrolAnswer. The only request that is not signed: the code stands for the signature."""
    central = central_of(request)
    body = await read_body(request, LARGEST_BODY["/v1/enrol"], central.settings.body_timeout_s)
    try:
        told = EnrolRequest.model_validate_json(body)
    except ValidationError as broken:
        raise NotAnswered(422, "enrol.not_a_request") from broken
    outcome = await run_in_threadpool(enrol, central, told)
    if isinstance(outcome, EnrolRefusal):
        raise NotAnswered(403, outcome.value)
    return answer(outcome)


@router.get(
    "/v1/mirror",
    **described(
        "terminal",
        SignedMirror,
        parameters=(HAVE,),
        also={200: {"headers": EDITION}, 304: {"description": "Version `have` is the newest.", "headers": EDITION}},
    ),
)
def get_mirror(request: Request, signed: SignedRequest) -> Response:
    """SignedMirror, or 304 when version `have` is the newest; in a header the newest edition of the catalogue."""
    outcome = mirror(signed.central, signed.sender, _have(request, "mirror.bad_version"))
    told = {EDITION_HEADER: str(editions.newest_version(signed.central, signed.sender))}
    if outcome is None:
        return Response(status_code=304, headers={"Cache-Control": "no-store", **told})
    return answer(outcome, **told)


@router.get(
    "/v1/catalogue",
    **described(
        "terminal",
        SignedEdition,
        parameters=(HAVE, SETTINGS),
        also={304: {"description": "There is none newer than `have`."}},
    ),
)
def get_catalogue(request: Request, signed: SignedRequest) -> Response:
    """SignedEdition, or 304 when there is none newer than `have`; with the district's settings for who says so."""
    have, settings = _have(request, "catalogue.bad_version"), request.query_params.get(SETTINGS_ASKED, "") == "1"
    outcome = editions.edition(signed.central, signed.sender, have, settings=settings)
    if outcome is None:
        return Response(status_code=304, headers={"Cache-Control": "no-store"})
    return answer(outcome)


@router.post("/v1/records", **described("terminal", SignedRecord, takes=RecordRequest, refusals=(404,)))
def post_records(signed: SignedRequest) -> Response:
    """RecordRequest -> SignedRecord."""
    try:
        told = RecordRequest.model_validate_json(signed.body)
    except ValidationError as broken:
        raise NotAnswered(422, "record.not_a_request") from broken
    outcome = ask(signed.central, signed.sender, told)
    if isinstance(outcome, RecordRefusal):
        raise NotAnswered(404 if outcome is RecordRefusal.NO_CONNECTOR else 422, outcome.value)
    return answer(outcome)


def _have(request: Request, word: str) -> int:
    """The version that the terminal has; 0 when it says none. Raises NotAnswered."""
    have = request.query_params.get("have", "0")
    if not (have.isascii() and have.isdigit() and len(have) < 19):
        raise NotAnswered(422, word)
    return int(have)
