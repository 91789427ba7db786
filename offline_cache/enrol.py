"""Enrolment: a one-time code and a fresh key make a machine a terminal."""

import enum
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from offline_cache.clock import Clock
from offline_cache.identity import USUAL_TPM, Identity, is_enough
from offline_cache.link import Failed, Link, LinkFault
from offline_cache.own_key import KeyHold, load_or_make
from trust.keys import USE_TERMINAL, KeyFileBroken, KeyUnavailable, Signer
from trust.tpm import Opener
from wire.canonical import canonical
from wire.messages import EnrolAnswer, EnrolRequest


class WhyNotEnrolled(enum.StrEnum):
    """Why this machine is not a terminal yet."""

    BAD_CODE = "enrol.bad_code"  # central does not take it: mistyped, used by another key, or too old
    UNREACHABLE = "enrol.unreachable"
    BAD_ANSWER = "enrol.bad_answer"  # not central, or an answer without the keys that a terminal needs
    DISK = "enrol.disk"
    KEY = "enrol.key"  # the TPM cannot hold or use the key; the detail is its word


@dataclass(frozen=True)
class NotEnrolled:
    reason: WhyNotEnrolled
    detail: str = ""  # a word, never the code


def enrol(url: str, code: str, key: Signer, clock: Clock, *, ca: Path | None = None) -> EnrolAnswer | NotEnrolled:
    """Show central the code and the public key. The same code with the same key may be shown again: an answer got lost.

    Raises ValueError for an address that cannot be one.
    """
    code = code.strip()
    if not 0 < len(code) <= 120:
        return NotEnrolled(WhyNotEnrolled.BAD_CODE)
    request = EnrolRequest(code=code, key=key.public(USE_TERMINAL), level=key.level)
    link = Link(url, None, clock, ca=ca)
    try:
        answer = link.exchange("POST", "/v1/enrol", canonical(request.model_dump(mode="json")))
    finally:
        link.close()
    if isinstance(answer, Failed):
        if answer.fault in (LinkFault.REFUSED, LinkFault.REJECTED):
            return NotEnrolled(WhyNotEnrolled.BAD_CODE, answer.word)
        if answer.fault in (LinkFault.PORTAL, LinkFault.BAD_ANSWER, LinkFault.TOO_LONG):
            return NotEnrolled(WhyNotEnrolled.BAD_ANSWER, answer.fault.value)
        return NotEnrolled(WhyNotEnrolled.UNREACHABLE, answer.fault.value)
    try:
        told = EnrolAnswer.model_validate(json.loads(answer.body), strict=False)
    except (ValueError, RecursionError, ValidationError):
        return NotEnrolled(WhyNotEnrolled.BAD_ANSWER)
    return told if is_enough(told.keys) else NotEnrolled(WhyNotEnrolled.BAD_ANSWER, "keys")


def enrol_here(
    url: str, code: str, folder: Path, clock: Clock, *, ca: Path | None = None,
    hold: KeyHold = KeyHold.FILE, tpm: Opener = USUAL_TPM,
) -> Identity | NotEnrolled:  # fmt: skip
    """Enrol and write the identity into `folder`.

    The key is on disk before the code is shown: after a lost answer, the same code is shown with the same key; nothing
    but a person's hand ever replaces a key. Raises ValueError for an address that cannot be one.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = load_or_make(folder, hold, tpm)
        answer = enrol(url, code, key, clock, ca=ca)
        if isinstance(answer, NotEnrolled):
            return answer
        identity = Identity.of(answer, key)
        identity.save(folder)
    except (OSError, KeyFileBroken) as refused:
        return NotEnrolled(WhyNotEnrolled.DISK, str(refused))
    except KeyUnavailable as unavailable:
        return NotEnrolled(WhyNotEnrolled.KEY, unavailable.fault)
    return identity
