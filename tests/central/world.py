"""A made-up terminal that speaks to central as a real one does: its own key, sealed letters, signed requests."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

from central.jobs.unseal import unseal_pending
from tests.central.waiting import opened_whole
from trust.keys import USE_ACK, USE_SEAL, USE_TERMINAL, KeyRing, SigningKey
from trust.requests import sign_request
from trust.sealing import seal
from trust.tokens import write
from wire.canonical import b64u, canonical, sha256_hex, un_b64u
from wire.ids import LetterId, new_letter_id
from wire.letters import (
    Application,
    Attachment,
    Collected,
    Contents,
    Incident,
    Person,
    ProofPrinted,
    Rated,
    RatingReason,
)
from wire.messages import Ack, EnrolAnswer, EnrolRequest, Letter, LetterBatch, LetterHeader, PublicKey, SignedAcks
from wire.tokens import Proof, Receipt

BASE = "http://127.0.0.1"
START = dt.datetime(2026, 11, 22, 15, 0, tzinfo=dt.UTC)
NAME = "王暖亭"
NUMBER = "310101194905150023"
PDF = b"%PDF-1.7 a page that somebody approved"


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: dt.datetime = START) -> None:
        self.at = now

    def __call__(self) -> dt.datetime:
        return self.at

    def move(self, **delta: float) -> None:
        self.at += dt.timedelta(**delta)


@dataclass
class Terminal:
    """A terminal's side of the wire. `client` may be a TestClient or a real HTTP client."""

    client: httpx2.Client | TestClient
    clock: Clock
    key: SigningKey = field(default_factory=SigningKey.generate)
    region: str = "sh-310101"
    site: str = "人民广场"
    terminal: str = "NT-0001"
    keys: tuple[PublicKey, ...] = ()
    seq: int = 0
    counter: int = 0
    previous: str = "0" * 64
    settles: bool = True
    """Whether what was sent is opened before a test goes on, where central is in this process."""

    def enrol(self, code: str) -> httpx2.Response:
        request = EnrolRequest(code=code, key=self.key.public(USE_TERMINAL))
        answer = self.client.post("/v1/enrol", content=canonical(request.model_dump(mode="json")))
        if answer.status_code == 200:
            told = EnrolAnswer.model_validate_json(answer.content)
            self.region, self.site, self.terminal, self.keys = told.region, told.site, told.terminal, told.keys
        return answer

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        signed = sign_request(self.key, method, target, named, body, self.clock())
        answer = self.client.request(method, target, content=body, headers={**named, **signed})
        if self.settles and target.startswith("/v1/letters"):
            settle(self.client)
        return answer

    # ---- letters

    def letter_id(self) -> LetterId:
        return new_letter_id(self.clock())

    def sealed(self, contents: Contents | bytes, letter: LetterId) -> bytes:
        plain = contents if isinstance(contents, bytes) else canonical(contents.model_dump(mode="json"))
        recipient = next(key for key in self.keys if key.use == USE_SEAL)
        return seal(recipient, plain, header=letter.encode())

    def header(self, contents: Contents, letter: LetterId, body: bytes, **changed: Any) -> LetterHeader:
        self.seq += 1
        told: dict[str, Any] = {
            "id": letter,
            "region": self.region,
            "terminal": self.terminal,
            "kind": contents.kind,
            "seq": self.seq,
            "sha256": sha256_hex(body),
            "size": len(body),
            "created_at": self.clock(),
            "subject": f"subject-{letter}",
        }
        return LetterHeader.model_validate(told | changed)

    def letter(self, contents: Contents, letter: LetterId | None = None) -> Letter:
        letter = letter or self.letter_id()
        body = self.sealed(contents, letter)
        return Letter(header=self.header(contents, letter, body), body=b64u(body))

    def post(self, *letters: Letter) -> httpx2.Response:
        batch = LetterBatch(letters=letters)
        return self.ask("POST", "/v1/letters", canonical(batch.model_dump(mode="json")))

    def send(self, *letters: Letter) -> list[Ack]:
        return self.believed(self.post(*letters))

    def believed(self, answer: httpx2.Response) -> list[Ack]:
        """The acknowledgements of an answer, after checking central's signature over them."""
        assert answer.status_code == 200, answer.text
        signed = SignedAcks.model_validate_json(answer.content)
        told = canonical({"acks": [ack.model_dump(mode="json") for ack in signed.acks]})
        assert KeyRing(self.keys).verify(USE_ACK, signed.kid, told, un_b64u(signed.sig), self.clock())
        return list(signed.acks)

    def held(self, letter: str) -> int:
        answer = self.ask("HEAD", f"/v1/letters/{letter}")
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])

    def piece(self, header: LetterHeader, offset: int, piece: bytes) -> httpx2.Response:
        told = b64u(canonical(header.model_dump(mode="json")))
        return self.ask("PATCH", f"/v1/letters/{header.id}", piece, Upload_Offset=str(offset), Letter_Header=told)

    # ---- contents

    def receipt(self, case: str, parts: Sequence[str]) -> str:
        self.counter += 1
        told = Receipt(
            case=case,
            item="jinglaoka",
            version=3,
            parts=tuple(parts),
            at=self.clock(),
            terminal=self.terminal,
            counter=self.counter,
            previous=self.previous,
        )
        text = write(told, self.key)
        self.previous = sha256_hex(text.encode())
        return text

    def application(
        self, case: str, /, *, page: bytes = PDF, materials: Sequence[bytes] = (), **changed: Any
    ) -> Application:
        files = [page, *materials]
        hashes = [sha256_hex(data) for data in files]
        attached = [
            Attachment(
                name="page.pdf" if at == 0 else f"material-{at}.jpg",
                media_type="application/pdf" if at == 0 else "image/jpeg",
                sha256=hashes[at],
                data=b64u(data),
            )
            for at, data in enumerate(files)
        ]
        told: dict[str, Any] = {
            "case": case,
            "item": "jinglaoka",
            "version": 3,
            "definition": "d" * 64,
            "person": person(),
            "answers": {"contact.phone": "13800001234", "home.address": "上海市黄浦区演示路1号"},
            "consents": {"privacy": self.clock()},
            "receipt": changed.get("receipt") or self.receipt(case, hashes),
            "page": attached[0],
            "materials": tuple(attached[1:]),
            "language": "zh",
            "submitted_at": self.clock(),
        }
        return Application.model_validate(told | changed)

    def proof(self, serial: str, /, figures: str = "f" * 64, **changed: Any) -> ProofPrinted:
        token = write(
            Proof(serial=serial, item="shebao-proof", figures=figures, at=self.clock(), terminal=self.terminal),
            self.key,
        )
        told: dict[str, Any] = {
            "serial": serial,
            "item": "shebao-proof",
            "version": 1,
            "person": person(),
            "consents": {"query": self.clock()},
            "token": token,
            "outcome": "taken",
            "printed_at": self.clock(),
        }
        return ProofPrinted.model_validate(told | changed)

    def collected(self, ticket: str, door: int, outcome: str = "taken") -> Collected:
        return Collected(ticket=ticket, door=door, by="card", outcome=outcome, at=self.clock())

    def rated(self, about: str, level: int = 5, *reasons: RatingReason, item: str = "jinglaoka") -> Rated:
        return Rated(item=item, version=1, about=about, level=level, reasons=reasons, at=self.clock())

    def incident(self) -> Incident:
        return Incident(deed="deed-1", what="pages of proof P-1", found="unknown", at=self.clock())


def settle(client: httpx2.Client | TestClient) -> None:
    """Have all letters opened that central has acknowledged, when it is in this process."""
    if isinstance(client, TestClient) and isinstance(client.app, FastAPI):
        unseal_pending(client.app.state.central)
        opened_whole(client.app.state.central)


def person() -> Person:
    return Person(
        kind="citizen",
        name=NAME,
        number=NUMBER,
        birth=dt.date(1949, 5, 15),
        address="上海市黄浦区演示路1号",
        by="card",
    )


def error(answer: httpx2.Response) -> str:
    word = json.loads(answer.content)["error"]
    assert isinstance(word, str)
    return word
