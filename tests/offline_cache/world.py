"""A made-up world for the store: a clock that is set by hand, letters of nobody, and a central end over real HTTP."""

import datetime as dt
import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from offline_cache.boot import Opened, open_store
from offline_cache.identity import Identity
from offline_cache.store import SqlStore, StoreSettings
from trust.keys import USE_ACK, USE_CODE, USE_TERMINAL, KeyRing, SigningKey
from trust.requests import RequestFault, verify_request
from trust.sealing import SealingKey, WrapSuite, open_sealed
from wire.batches import MAGIC, unpack_batch
from wire.canonical import b64u, canonical, un_b64u
from wire.deeds import Deed, DeedId, DeedKind
from wire.letters import Application, Attachment, Collected, Contents, Person
from wire.messages import (
    Ack,
    AckState,
    EnrolAnswer,
    LetterBatch,
    LetterHeader,
    Mirror,
    RecordAnswer,
    RecordRequest,
    RecordState,
    SignedAcks,
    SignedMirror,
    SignedRecord,
    Ticket,
)
from wire.packing import unpacked
from wire.records import signed_bytes

START = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
NAME = "欧阳㛃𬱖"
NUMBER = "310101194905150023"
SMALL_STORE = StoreSettings(reserve_bytes=64 * 1024)


class HandClock:
    """Time passes when a test says so."""

    def __init__(self, at: dt.datetime = START) -> None:
        self._now = at
        self._count = 0.0

    def now(self) -> dt.datetime:
        return self._now

    def monotonic(self) -> float:
        return self._count

    def pass_(self, seconds: float) -> None:
        self._count += seconds
        self._now += dt.timedelta(seconds=seconds)

    def jump(self, by: dt.timedelta) -> None:
        """The calendar is set; the counter goes on."""
        self._now += by


PERSON = Person(kind="citizen", name=NAME, number=NUMBER, by="card")


def application(case: str = "C1", size: int = 100) -> Application:
    """`size`: bytes of the kept page, which make the letter small or large."""
    page = hashlib.shake_128(case.encode()).digest(size)
    return Application(
        case=case, item="senior-card", version=1, definition="0" * 64, person=PERSON, answers={"phone": "13800000000"},
        consents={"form": START}, receipt=f"NT1.{case}", language="zh", submitted_at=START,
        page=Attachment(name="page.pdf", media_type="application/pdf", sha256="0" * 64, data=b64u(page)),
    )  # fmt: skip


def collected(ticket: str = "T1", outcome: str = "taken") -> Collected:
    return Collected(ticket=ticket, door=3, by="card", outcome=outcome, at=START)


def deed(name: str = "D1", kind: DeedKind = DeedKind.SLIP) -> Deed:
    return Deed(DeedId(name), kind, subject="C1", item="senior-card", door=0, again='{"case":"C1"}')


@dataclass
class Keys:
    """Central's keys, with an X25519 sealing key: quicker to make, and the suite is not what is tested here."""

    ack: SigningKey = field(default_factory=SigningKey.generate)
    code: SigningKey = field(default_factory=SigningKey.generate)
    seal: SealingKey = field(default_factory=lambda: SealingKey.generate(WrapSuite.X25519))

    def public(self):
        return (self.ack.public(USE_ACK), self.code.public(USE_CODE), self.seal.public())


KEYS = Keys()
TERMINAL_KEY = SigningKey.generate()
IDENTITY = Identity("31", "site-1", "terminal-1", KEYS.public(), TERMINAL_KEY)


def opened(folder: Path, clock: HandClock | None = None, settings: StoreSettings = SMALL_STORE) -> SqlStore:
    outcome = open_store(folder, IDENTITY, clock or HandClock(), settings)
    assert isinstance(outcome, Opened), outcome
    return outcome.store


@contextmanager
def a_store(folder: Path, clock: HandClock | None = None, settings: StoreSettings = SMALL_STORE) -> Iterator[SqlStore]:
    store = opened(folder, clock, settings)
    try:
        yield store
    finally:
        store.close()


def ticket(name: str) -> Ticket:
    return Ticket(
        ticket=name, item="residence-permit", what_zh="居住证", what_en="Residence permit", door=3, holder_tag="x",
        code_tag="", since=START,
    )  # fmt: skip


def a_mirror(version: int = 1, *tickets: str, **more) -> Mirror:
    told = {"version": version, "as_of": START + dt.timedelta(seconds=version), "terminal": "terminal-1",
            "tag_salt": "salt", "tickets": tuple(map(ticket, tickets)), "keys": KEYS.public()}  # fmt: skip
    return Mirror(**{**told, **more})


Reply = Callable[["Handler"], None]


class CentralEnd:
    """Central's end of the wire, kept in memory. `faults` are replies given instead of the right one, in turn."""

    def __init__(self, keys: Keys = KEYS, terminal: SigningKey = TERMINAL_KEY) -> None:
        self.keys = keys
        self.now = lambda: START
        self.ring = KeyRing([terminal.public(USE_TERMINAL)])
        self.letters: dict[str, bytes] = {}
        self.order: list[str] = []
        self.stored: list[str] = []  # each time a letter was stored: twice would be a doubled letter
        self.partial: dict[str, bytearray] = {}
        self.verdicts: dict[str, AckState] = {}
        self.mirror = a_mirror()
        self.faults: list[Reply] = []
        self.seen: list[tuple[str, str]] = []
        self.batches: list[int] = []
        self.knows_packed = True  # a central of the release before knows JSON only
        self.packed: list[bool] = []  # of each batch that came, taken or not
        self.when: Callable[[Handler], Reply | None] = lambda handler: None
        self.enrolled = EnrolAnswer(region="31", site="site-1", terminal="terminal-1", keys=keys.public())
        self.record = RecordAnswer(state=RecordState.FOUND, source="made up", columns=("月",), rows=(("202610",),))
        self.arrived = threading.Condition()

    # -- what central does

    def take(self, header: LetterHeader, body: bytes) -> Ack:
        sha = hashlib.sha256(body).hexdigest()
        with self.arrived:
            state = self.verdicts.get(header.id)
            if state is None and (sha != header.sha256 or len(body) != header.size):
                state = AckState.REJECTED
            if state is None and header.id in self.letters:
                state = AckState.ALREADY if self.letters[header.id] == body else AckState.CONFLICT
            if state is None:
                state = AckState.RECEIVED
                self.letters[header.id] = body
                self.order.append(header.id)
                self.stored.append(header.id)
            self.arrived.notify_all()
        return Ack(id=header.id, sha256=sha, state=state, received_at=START)

    def sign(self, acks: tuple[Ack, ...], key: SigningKey | None = None) -> SignedAcks:
        signed = canonical({"acks": [ack.model_dump(mode="json") for ack in acks]})
        return SignedAcks(acks=acks, kid=self.keys.ack.kid, sig=b64u((key or self.keys.ack).sign(signed)))

    def sign_mirror(self, mirror: Mirror, key: SigningKey | None = None) -> SignedMirror:
        sig = (key or self.keys.ack).sign(canonical(mirror.model_dump(mode="json")))
        return SignedMirror(mirror=mirror, kid=self.keys.ack.kid, sig=b64u(sig))

    def sign_record(self, asked: RecordRequest, key: SigningKey | None = None) -> SignedRecord:
        sig = (key or self.keys.ack).sign(signed_bytes(self.record.model_dump(mode="json"), asked))
        return SignedRecord(record=self.record, kid=self.keys.ack.kid, sig=b64u(sig))

    def opened(self, letter: str) -> dict:
        return unpacked(open_sealed(self.keys.seal, self.letters[letter], header=letter.encode()))

    def cases(self) -> list[str]:
        return [self.opened(letter).get("case", "") for letter in self.order]


def batch_in(body: bytes) -> list[tuple[LetterHeader, bytes]]:
    """The letters of a batch, packed or as JSON."""
    if body.startswith(MAGIC):
        return [(LetterHeader.model_validate(header), sealed) for header, sealed in unpack_batch(body, 64)]
    return [(each.header, un_b64u(each.body)) for each in LetterBatch.model_validate_json(body).letters]


class Handler(BaseHTTPRequestHandler):
    """One request. Faults call `say` with what they please."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    end: CentralEnd
    signer: SigningKey | None = None  # who signs instead of central

    def log_message(self, format: str, *args: object) -> None:
        return

    def say(self, status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        if body:
            self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def message(self, message, **headers: str) -> None:
        self.say(200, canonical(message.model_dump(mode="json")), **headers)

    def error(self, status: int, word: str, **headers: str) -> None:
        self.say(status, canonical({"error": word}), **headers)

    def answer(self) -> None:
        end = self.end
        self.body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        end.seen.append((self.command, self.path))
        fault = end.faults.pop(0) if end.faults else end.when(self)
        if fault is not None:
            fault(self)
            return
        self.right()

    def right(self) -> None:
        end = self.end
        if self.path == "/v1/enrol":
            self.message(end.enrolled)
            return
        who = verify_request(end.ring, self.command, self.path, dict(self.headers), self.body, end.now())
        if isinstance(who, RequestFault):
            self.error(401, who.value)
        elif self.path == "/v1/letters":
            end.packed.append(self.body.startswith(MAGIC))
            if end.packed[-1] and not end.knows_packed:
                self.error(422, "letters.not_json")
                return
            letters = batch_in(self.body)
            end.batches.append(len(letters))
            self.message(end.sign(tuple(end.take(header, body) for header, body in letters), self.signer))
        elif self.path.startswith("/v1/letters/"):
            self.large(self.path.rsplit("/", 1)[1])
        elif self.path.startswith("/v1/mirror"):
            if self.path.endswith(f"have={end.mirror.version}"):
                self.say(304)
            else:
                self.message(end.sign_mirror(end.mirror, self.signer))
        elif self.path == "/v1/records":
            self.message(end.sign_record(RecordRequest.model_validate_json(self.body), self.signer))

    def large(self, letter: str) -> None:
        end = self.end
        held = end.partial.setdefault(letter, bytearray())
        if self.command == "HEAD":
            size = len(end.letters[letter]) if letter in end.letters else len(held)
            self.say(200, Upload_Offset=str(size))
            return
        header = LetterHeader.model_validate_json(un_b64u(self.headers["Letter-Header"]))
        if letter in end.letters:
            self.message(end.sign((end.take(header, end.letters[letter]),), self.signer))
            return
        if int(self.headers["Upload-Offset"]) != len(held):
            self.error(409, "letters.other_offset", Upload_Offset=str(len(held)))
            return
        held += self.body
        if len(held) < header.size:
            self.say(204, Upload_Offset=str(len(held)))
        else:
            self.message(end.sign((end.take(header, bytes(held)),), self.signer))

    do_GET = do_POST = do_HEAD = do_PATCH = answer  # noqa: N815 - the names http.server calls


@contextmanager
def serving(end: CentralEnd) -> Iterator[str]:
    """The address of this end on 127.0.0.1."""
    handler = type("BoundHandler", (Handler,), {"end": end})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="central end", daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


# -- wrong replies


def html_200(handler: Handler) -> None:
    handler.say(200, b"<html><title>Login</title>Welcome to the mall's WLAN</html>", "text/html; charset=utf-8")


def redirect(handler: Handler) -> None:
    handler.say(302, b"", Location="http://127.0.0.1:9/login")


def error_500(handler: Handler) -> None:
    handler.say(500, b"Internal Server Error", "text/plain")


def half_reply(handler: Handler) -> None:
    """Stores, then breaks off in the middle of the answer: the acknowledgement is lost, the letter is not."""
    whole = _captured(handler)
    handler.connection.sendall(whole[: len(whole) // 2])
    handler.close_connection = True


def no_reply(handler: Handler) -> None:
    handler.close_connection = True


def wrong_signature(handler: Handler) -> None:
    """The right answer under a key that is not central's."""
    handler.signer = SigningKey.generate()
    try:
        handler.right()
    finally:
        handler.signer = None


def garbage_json(handler: Handler) -> None:
    handler.say(200, b'{"acks": [')


def endless(handler: Handler) -> None:
    """More than anybody would read."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(1 << 40))
    handler.end_headers()
    try:
        for _ in range(64):
            handler.wfile.write(b" " * 1024 * 1024)
    except OSError:
        pass
    handler.close_connection = True


def _captured(handler: Handler) -> bytes:
    real, handler.wfile = handler.wfile, io.BytesIO()
    try:
        handler.right()
        handler.flush_headers() if handler._headers_buffer else None
        return handler.wfile.getvalue()
    finally:
        handler.wfile = real


def any_contents(case: str, large: bool) -> Contents:
    return application(case, 300_000 if large else 60)
