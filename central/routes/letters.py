"""Letters: a batch of small ones, or one large one piece by piece."""

import binascii

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError
from pydantic_core import from_json

from central.jobs.intake import Came, Misplaced, Progress, held, take_batch, take_letter, take_packed, take_piece
from central.routes.described import HEADER, OFFSET, OFFSET_HEADER, described
from central.routes.requests import NotAnswered, SignedRequest, answer, refusal
from wire.batches import MAGIC, BatchFault, NotABatch, unpack_batch
from wire.canonical import un_b64u
from wire.messages import LARGEST_LETTER, LetterBatch, LetterHeader, SignedAcks

router = APIRouter()

MOST_LETTERS = 64
PACKED = (
    'The same packed: "NTL1", how many letters as u16, length of the headers as u32, for each letter the length of its '
    "body as u32 (big-endian), the headers (JSON of a list of LetterHeader, zlib), the sealed bodies as they are."
)


@router.post("/v1/letters", **described("terminal", SignedAcks, takes=LetterBatch, or_bytes=PACKED))
def post_letters(signed: SignedRequest) -> Response:
    """A batch, packed or as JSON -> SignedAcks, one acknowledgement per letter in their order."""
    # The first bytes decide: they are signed, the content type is not.
    batch = _packed(signed.body) if signed.body.startswith(MAGIC) else _as_json(signed.body)
    if any(letter is None for letter in batch):
        raise NotAnswered(422, "letters.not_a_letter")
    return answer(take_batch(signed.central, signed.sender, [letter for letter in batch if letter is not None]))


def _packed(body: bytes) -> list[Came | None]:
    """The letters of a packed batch. Raises NotAnswered."""
    try:
        return [take_packed(header, sealed) for header, sealed in unpack_batch(body, MOST_LETTERS)]
    except NotABatch as broken:
        raise NotAnswered(413 if broken.fault is BatchFault.TOO_MANY else 422, broken.fault.value) from broken


def _as_json(body: bytes) -> list[Came | None]:
    """The letters of a LetterBatch. Raises NotAnswered."""
    try:
        told = from_json(body, allow_inf_nan=False)
    except ValueError as broken:
        raise NotAnswered(422, "letters.not_json") from broken
    if not isinstance(told, dict) or set(told) != {"letters"} or not isinstance(told["letters"], list):
        raise NotAnswered(422, "letters.not_a_batch")
    if len(told["letters"]) > MOST_LETTERS:
        raise NotAnswered(413, "letters.too_many")
    return [take_letter(value) for value in told["letters"]]


@router.head(
    "/v1/letters/{letter}",
    response_class=Response,
    **described("terminal", also={200: {"description": "How much is held.", "headers": OFFSET_HEADER}}),
)
def head_letter(letter: str, signed: SignedRequest) -> Response:
    """How many bytes of a large body are held here."""
    offset = held(signed.central, signed.sender, letter)
    return Response(status_code=200, headers={"Upload-Offset": str(offset), "Cache-Control": "no-store"})


@router.patch(
    "/v1/letters/{letter}",
    **described(
        "terminal",
        SignedAcks,
        takes="bytes",
        parameters=(OFFSET, HEADER),
        also={
            200: {"headers": OFFSET_HEADER},
            204: {"description": "Held; more is due.", "headers": OFFSET_HEADER},
            409: {"headers": OFFSET_HEADER},
        },
        refusals=(409,),
    ),
)
def patch_letter(letter: str, request: Request, signed: SignedRequest) -> Response:
    """A piece: 204 with the new offset, 409 with the right one, 200 SignedAcks when that was the last."""
    header = _header(request.headers.get("letter-header", ""))
    offset = request.headers.get("upload-offset", "")
    if header is None or header.id != letter:
        raise NotAnswered(422, "letters.bad_header")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16) or int(offset) > LARGEST_LETTER:
        raise NotAnswered(422, "letters.bad_offset")
    outcome = take_piece(signed.central, signed.sender, header, int(offset), signed.body)
    match outcome:
        case SignedAcks():
            return answer(outcome, **{"Upload-Offset": str(header.size)})
        case Progress(held=size):
            return Response(status_code=204, headers={"Upload-Offset": str(size), "Cache-Control": "no-store"})
        case Misplaced(held=size):
            return refusal(409, "letters.other_offset", {"Upload-Offset": str(size)})


def _header(text: str) -> LetterHeader | None:
    if len(text) > 4096:
        return None
    try:
        return LetterHeader.model_validate_json(un_b64u(text))
    except (ValueError, binascii.Error, ValidationError):
        return None
