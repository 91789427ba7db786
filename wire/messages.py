"""Every message between a terminal and central. Frozen, unknown fields refused, times as ISO 8601 UTC.

Paths (all under /v1, bodies are canonical JSON unless said):
    POST /v1/enrol            EnrolRequest -> EnrolAnswer
    POST /v1/letters          a batch -> SignedAcks                 (bodies up to SMALL_LETTER bytes)
                              packed (wire.batches), or a LetterBatch as releases before sent it
    HEAD /v1/letters/{id}     -> header Upload-Offset               (what central holds of a large body)
    PATCH /v1/letters/{id}    piece of a large body; headers Upload-Offset, Letter-Header (b64u of canonical header)
                              -> 204 with Upload-Offset, or 200 SignedAcks when the last byte arrived
    GET  /v1/mirror?have=N    -> SignedMirror, or 304 when version N is the newest
    GET  /v1/catalogue?have=N -> SignedEdition, or 304          (wire.editions)
    POST /v1/records          RecordRequest -> SignedRecord
    POST /v1/cases            CasesRequest -> SignedCases           (办件进度: by a card's holder, or by a slip)
    GET  /v1/live             a stream of lines: something changed, ask for the mirror
Every request but enrolment is signed by the terminal (trust.requests). A central's `/openapi.json` describes them.
"""

import datetime as dt
import enum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SMALL_LETTER = 256 * 1024
"""Bytes of sealed body; larger ones go piece by piece."""
PIECE = 1024 * 1024
LARGEST_LETTER = 64 * 1024 * 1024

Word = Annotated[str, Field(min_length=1, max_length=120)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Message(BaseModel):
    """Base of all messages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class PublicKey(Message):
    """A public key with its use; `key` is b64u of DER SubjectPublicKeyInfo (or the suite's raw form for sealing)."""

    kid: Word
    alg: Word  # "ecdsa-p256-sha256", "hpke-x25519-aes256gcm", …
    use: Word  # "sign.ack", "sign.code", "sign.terminal", "seal"
    key: str
    not_after: dt.datetime | None = None


class EnrolRequest(Message):
    """A new terminal shows its one-time code and its public key."""

    code: Word
    key: PublicKey
    level: Literal["file", "tpm"] = "file"  # what holds the private half: the terminal's own word, shown to staff


class EnrolAnswer(Message):
    """Who the terminal is from now on, and the keys it trusts."""

    region: Word
    site: Word
    terminal: Word
    keys: tuple[PublicKey, ...]


class LetterKind(enum.StrEnum):
    APPLICATION = "application"
    PROOF_PRINTED = "proof_printed"
    COLLECTED = "collected"
    INCIDENT = "incident"  # a boot that found a promise without an end
    RATED = "rated"  # 好差评
    AMENDED = "amended"  # 补正, 补件: what a case was returned for, or waited for


class LetterHeader(Message):
    """What may be read of a sealed letter without opening it: nothing personal."""

    id: Word
    region: Word
    terminal: Word
    kind: LetterKind
    seq: int
    sha256: Hash  # of the sealed body
    size: int
    created_at: dt.datetime
    subject: Word  # letters of one subject are delivered in order; a random id, not a person


class Letter(Message):
    header: LetterHeader
    body: str  # b64u of the sealed bytes


class LetterBatch(Message):
    letters: tuple[Letter, ...]


class AckState(enum.StrEnum):
    RECEIVED = "received"
    ALREADY = "already"
    CONFLICT = "conflict"  # same id, other bytes: kept for a person
    REJECTED = "rejected"  # bad hash, cannot be opened, not this terminal's


class Ack(Message):
    id: Word
    sha256: Hash
    state: AckState
    reason: str = ""
    received_at: dt.datetime


class SignedAcks(Message):
    """`sig` is over canonical({"acks": […]}) by a key of use "sign.ack"."""

    acks: tuple[Ack, ...]
    kid: Word
    sig: str


class Ticket(Message):
    """Something that lies in a compartment for somebody. The person is a tag (trust.tags), never a name."""

    ticket: Word
    item: Word
    what_zh: Word
    what_en: Word
    door: int
    holder_tag: str
    code_tag: str  # tag of the pickup code, "" when there is none
    since: dt.datetime
    until: dt.datetime | None = None


class Mirror(Message):
    """What central last said to this terminal."""

    version: int
    as_of: dt.datetime
    terminal: Word
    tag_salt: str
    tickets: tuple[Ticket, ...] = ()
    keys: tuple[PublicKey, ...] = ()
    notices_zh: tuple[str, ...] = ()
    notices_en: tuple[str, ...] = ()
    closed_items: dict[str, str] = Field(default_factory=dict)  # item -> reason word


class SignedMirror(Message):
    """`sig` is over canonical(mirror as JSON) by a key of use "sign.ack"."""

    mirror: Mirror
    kid: Word
    sig: str


class RecordRequest(Message):
    """Ask a department for one person's record, after that person's consent."""

    item: Word
    holder_number: str = Field(repr=False)
    holder_name: str = Field(repr=False)
    consent_at: dt.datetime
    nonce: str = Field(default="", max_length=64)  # fresh for each asking, put in by the link; central wants 16 or more


class RecordState(enum.StrEnum):
    FOUND = "found"
    NOTHING = "nothing"  # the department has no record of this person
    UNAVAILABLE = "unavailable"


class RecordAnswer(Message):
    """A table to print. `source` names the connector; a demo connector says so here and on paper."""

    state: RecordState
    source: str = ""
    as_of: dt.datetime | None = None
    heading: dict[str, str] = Field(default_factory=dict, repr=False)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = Field(default=(), repr=False)


class SignedRecord(Message):
    """`sig` is over `wire.records.signed_bytes` by a key of use "sign.ack"."""

    record: RecordAnswer
    kid: Word
    sig: str


class CasesRequest(Message):
    """Ask how somebody's cases stand. Either the holder of a card or code, or the receipt on a slip; never both.

    `receipt` is the token of the slip's QR code: who holds the slip learns the state of that one case and no name.
    """

    nonce: Word
    holder_number: str = Field(default="", repr=False)
    holder_name: str = Field(default="", repr=False)
    receipt: str = Field(default="", repr=False)


class CaseAsk(Message):
    """Something that a case needs from its citizen."""

    what: Word  # a form field's id, or a material's
    is_field: bool
    title_zh: Word
    title_en: Word
    reason: str = ""  # a word of the catalogue's list of reasons; "" when there is none
    reason_zh: str = ""
    reason_en: str = ""
    here: bool = True  # whether a terminal can take it; else it has to be brought to a counter


class CaseStatus(Message):
    """How one case stands. Nothing of its contents but what it asks for."""

    case: Word
    item: Word
    version: int
    state: Word  # central.rules.progress.CaseState
    revision: int  # an amendment names the revision that it answers
    submitted_at: dt.datetime
    since: dt.datetime
    deadline: dt.datetime | None = None  # of the citizen's turn, or of what lies in a compartment
    asks: tuple[CaseAsk, ...] = ()
    answers: dict[str, str] = Field(default_factory=dict, repr=False)  # of the fields it asks for, for the holder only
    next_zh: str = ""  # what happens next, in a sentence
    next_en: str = ""
    where_zh: str = ""  # where something lies, or has to be brought
    where_en: str = ""
    here: bool = False  # it lies at the terminal that asks


class Cases(Message):
    nonce: Word  # of the request
    terminal: Word
    as_of: dt.datetime
    cases: tuple[CaseStatus, ...] = ()  # newest first


class SignedCases(Message):
    """`sig` is over canonical(cases as JSON) by a key of use "sign.ack"."""

    cases: Cases
    kid: Word
    sig: str
