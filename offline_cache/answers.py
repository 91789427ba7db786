"""What central signs: acknowledgements, mirrors, editions, records, cases; believed by the signature over the JSON."""

import binascii
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from offline_cache.link import Answer, Failed, LinkFault
from trust.keys import USE_ACK, KeyRing
from wire.canonical import canonical, un_b64u
from wire.editions import Edition, SignedEdition, signed_part
from wire.messages import (
    Ack,
    Cases,
    CasesRequest,
    Mirror,
    RecordAnswer,
    RecordRequest,
    SignedAcks,
    SignedCases,
    SignedMirror,
    SignedRecord,
)
from wire.records import signed_bytes


def acks_in(answer: Answer, asked: Mapping[str, str], ring: KeyRing, now: dt.datetime) -> tuple[Ack, ...] | Failed:
    """The acknowledgements of letters we sent, by id and own SHA-256 (`asked`); others are left out."""
    told = _object(answer.body)
    try:
        message = SignedAcks.model_validate_json(answer.body)
    except ValidationError:
        return Failed(LinkFault.BAD_ANSWER, answer.status)
    if not _is_signed({"acks": told.get("acks")}, message.kid, message.sig, ring, now):
        return Failed(LinkFault.BAD_SIGNATURE, answer.status)
    return tuple(ack for ack in message.acks if asked.get(ack.id) == ack.sha256)


def mirror_in(answer: Answer, ring: KeyRing, now: dt.datetime) -> Mirror | Failed:
    """The mirror, if it is central's."""
    told = _object(answer.body)
    try:
        message = SignedMirror.model_validate_json(answer.body)
    except ValidationError:
        return Failed(LinkFault.BAD_ANSWER, answer.status)
    if not _is_signed(told.get("mirror"), message.kid, message.sig, ring, now):
        return Failed(LinkFault.BAD_SIGNATURE, answer.status)
    return message.mirror


def edition_in(answer: Answer, ring: KeyRing, now: dt.datetime) -> Edition | Failed:
    """The edition of the catalogue, if it is central's."""
    told = _object(answer.body)
    try:
        message = SignedEdition.model_validate_json(answer.body)
    except ValidationError:
        return Failed(LinkFault.BAD_ANSWER, answer.status)
    if not _is_signed(signed_part(told.get("edition")), message.kid, message.sig, ring, now):
        return Failed(LinkFault.BAD_SIGNATURE, answer.status)
    return message.edition


def record_in(answer: Answer, asked: RecordRequest, ring: KeyRing, now: dt.datetime) -> RecordAnswer | Failed:
    """The record, if central says it in answer to this very asking, about this very person."""
    told = _object(answer.body)
    try:
        message = SignedRecord.model_validate_json(answer.body)
    except ValidationError:
        return Failed(LinkFault.BAD_ANSWER, answer.status)
    try:
        signed = signed_bytes(told.get("record"), asked)
        believed = ring.verify(USE_ACK, message.kid, signed, un_b64u(message.sig), now)
    except (ValueError, binascii.Error, RecursionError):
        believed = False
    return message.record if believed else Failed(LinkFault.BAD_SIGNATURE, answer.status)


def cases_in(answer: Answer, asked: CasesRequest, terminal: str, ring: KeyRing, now: dt.datetime) -> Cases | Failed:
    """How cases stand, if central says it in answer to this very asking, to this very terminal."""
    told = _object(answer.body)
    try:
        message = SignedCases.model_validate_json(answer.body)
    except ValidationError:
        return Failed(LinkFault.BAD_ANSWER, answer.status)
    cases = message.cases
    ours = cases.nonce == asked.nonce and cases.terminal == terminal
    if not ours or not _is_signed(told.get("cases"), message.kid, message.sig, ring, now):
        return Failed(LinkFault.BAD_SIGNATURE, answer.status)
    return cases


def _is_signed(value: Any, kid: str, sig: str, ring: KeyRing, now: dt.datetime) -> bool:
    try:
        return ring.verify(USE_ACK, kid, canonical(value), un_b64u(sig), now)
    except (ValueError, binascii.Error, RecursionError):
        return False


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
