"""The commands of a TPM 2.0 that a signing key needs, as bytes: no port, no clock, no key of ours.

Source: TCG TPM 2.0 Library, Part 2 (structures) and Part 3 (commands), revision 01.59; numbers are big-endian. The
storage primary is the ECC one of TCG's provisioning guidance, without a password, made anew from the owner's seed each
time: the same chip makes the same key until its owner's hierarchy is cleared.
"""

import hashlib
import struct
from dataclasses import dataclass

LONGEST = 4096
"""Bytes of the longest command or answer that a TPM speaks."""

_NO_SESSIONS, _SESSIONS, _TPM_12 = 0x8001, 0x8002, 0x00C4
_OWNER, _NULL_HANDLE, _PASSWORD = 0x40000001, 0x40000007, 0x40000009
_CREATE_PRIMARY, _CREATE, _IMPORT, _LOAD, _SIGN, _FLUSH = 0x131, 0x153, 0x156, 0x157, 0x15D, 0x165
_ECC, _SHA256, _NULL, _ECDSA, _AES, _CFB, _P256, _HASHCHECK = 0x23, 0x0B, 0x10, 0x18, 0x06, 0x43, 0x03, 0x8024
_POINT = 32

FIXED_TPM, FIXED_PARENT, _BORN_IN, _USER_AUTH, _NO_LOCKOUT, _RESTRICTED, _DECRYPT, _SIGN_BIT = (
    1 << bit for bit in (1, 4, 5, 6, 10, 16, 17, 18)
)
_STORAGE = FIXED_TPM | FIXED_PARENT | _BORN_IN | _USER_AUTH | _NO_LOCKOUT | _RESTRICTED | _DECRYPT
_BORN_HERE = FIXED_TPM | FIXED_PARENT | _BORN_IN | _USER_AUTH | _NO_LOCKOUT | _SIGN_BIT
_BROUGHT = _USER_AUTH | _NO_LOCKOUT | _SIGN_BIT
"""Not fixedTPM, but without the policy that TPM2_Duplicate asks for (Part 3 §13.1): it does not leave this chip."""


class TpmSaid(Exception):
    """The chip refused. `code` is its response code (Part 2 §6.6)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code:#x}")
        self.code = code

    @property
    def kind(self) -> int:
        """The code without the number of the handle, session or parameter that it is about."""
        return 0x80 | self.code & 0x3F if self.code & 0x80 else self.code & 0xFFF


class TpmNonsense(Exception):
    """An answer that is none."""


@dataclass(frozen=True)
class Point:
    """A public key's point on P-256, 32 bytes each."""

    x: bytes
    y: bytes


# ---- commands -------------------------------------------------------------------------------------------------------


def create_primary() -> bytes:
    """Make the storage primary; answered by `handle_and_public`."""
    public = _public(_STORAGE, struct.pack(">HHH", _AES, 128, _CFB) + struct.pack(">H", _NULL), Point(b"", b""))
    return _command(_CREATE_PRIMARY, [_OWNER], _sized(_sized(b"") + _sized(b"")) + _sized(public) + _nothing_more())


def create(parent: int) -> bytes:
    """Make a signing key under `parent`; answered by `private_and_public`."""
    public = _public(_BORN_HERE, _signing(), Point(b"", b""))
    return _command(_CREATE, [parent], _sized(_sized(b"") + _sized(b"")) + _sized(public) + _nothing_more())


def import_key(parent: int, point: Point, scalar: bytes) -> bytes:
    """Take a key in that was made elsewhere; answered by `private`. `scalar`: 32 bytes, in the clear on the bus."""
    sensitive = struct.pack(">H", _ECC) + _sized(b"") + _sized(b"") + _sized(scalar)
    parameters = _sized(b"") + _sized(brought_public(point)) + _sized(_sized(sensitive)) + _sized(b"")
    return _command(_IMPORT, [parent], parameters + struct.pack(">H", _NULL))


def brought_public(point: Point) -> bytes:
    """The public area of a key that was made elsewhere."""
    return _public(_BROUGHT, _signing(), point)


def load(parent: int, private: bytes, public: bytes) -> bytes:
    """Answered by `handle`."""
    return _command(_LOAD, [parent], _sized(private) + _sized(public))


def sign(key: int, digest: bytes) -> bytes:
    """Answered by `signature`. `digest`: SHA-256, 32 bytes."""
    ticket = struct.pack(">HI", _HASHCHECK, _NULL_HANDLE) + _sized(b"")
    return _command(_SIGN, [key], _sized(digest) + struct.pack(">H", _NULL) + ticket)


def flush(handle: int) -> bytes:
    """Let the chip forget a loaded key; answered by `nothing`."""
    body = struct.pack(">I", handle)
    return struct.pack(">HII", _NO_SESSIONS, 10 + len(body), _FLUSH) + body


# ---- answers --------------------------------------------------------------------------------------------------------
# Each raises TpmSaid for a refusal and TpmNonsense for bytes that are no such answer.


def length(start: bytes) -> int | None:
    """How long the answer is that begins so; None: too little of it is here."""
    if len(start) < 10:
        return None
    told = int.from_bytes(start[2:6], "big")
    if not 10 <= told <= LONGEST:
        raise TpmNonsense("length")
    return told


def nothing(answer: bytes) -> None:
    _body(answer)


def handle(answer: bytes) -> int:
    return _body(answer).u32()


def handle_and_public(answer: bytes) -> tuple[int, bytes]:
    """Handle and public area."""
    body = _body(answer)
    found = body.u32()
    body.u32()
    return found, body.sized()


def private(answer: bytes) -> bytes:
    """A wrapped private part, readable by this chip alone."""
    body = _body(answer)
    body.u32()
    return body.sized()


def private_and_public(answer: bytes) -> tuple[bytes, bytes]:
    body = _body(answer)
    body.u32()
    return body.sized(), body.sized()


def signature(answer: bytes) -> bytes:
    """64 bytes: r‖s."""
    body = _body(answer)
    body.u32()
    if (body.u16(), body.u16()) != (_ECDSA, _SHA256):
        raise TpmNonsense("signature")
    return _padded(body.sized()) + _padded(body.sized())


def name_of(public: bytes) -> bytes:
    """A key's name by its public area: the hash's number and the hash (Part 1 §16)."""
    return struct.pack(">H", _SHA256) + hashlib.sha256(public).digest()


def point_of(public: bytes) -> tuple[Point, bool]:
    """The point of a signing key's public area, and whether the key was born in this chip. Raises TpmNonsense."""
    area = _Reader(public)
    if (area.u16(), area.u16()) != (_ECC, _SHA256):
        raise TpmNonsense("type")
    attributes = area.u32()
    area.sized()
    if area.take(len(_signing())) != _signing() or area.u16() != _P256 or area.u16() != _NULL:
        raise TpmNonsense("scheme")
    return Point(_padded(area.sized()), _padded(area.sized())), attributes & _BORN_HERE == _BORN_HERE


# ---- inside ---------------------------------------------------------------------------------------------------------


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise TpmNonsense("short")
        self._at += count
        return taken

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def sized(self) -> bytes:
        return self.take(self.u16())


def _body(answer: bytes) -> _Reader:
    """What follows the header of an answer that is no refusal."""
    if len(answer) < 10 or length(answer) != len(answer):
        raise TpmNonsense("length")
    tag, code = int.from_bytes(answer[:2], "big"), int.from_bytes(answer[6:10], "big")
    if tag not in (_NO_SESSIONS, _SESSIONS, _TPM_12):
        raise TpmNonsense("tag")
    if code != 0:
        raise TpmSaid(code)
    if tag == _TPM_12:
        raise TpmNonsense("tag")
    return _Reader(answer[10:])


def _command(code: int, handles: list[int], parameters: bytes) -> bytes:
    """A command whose first handle is used with the empty password."""
    empty = struct.pack(">IHBH", _PASSWORD, 0, 0, 0)
    body = b"".join(struct.pack(">I", each) for each in handles) + struct.pack(">I", len(empty)) + empty + parameters
    return struct.pack(">HII", _SESSIONS, 10 + len(body), code) + body


def _sized(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def _nothing_more() -> bytes:
    """No outside information, no PCR in the creation data."""
    return _sized(b"") + struct.pack(">I", 0)


def _signing() -> bytes:
    """No symmetric cipher; ECDSA with SHA-256."""
    return struct.pack(">HHH", _NULL, _ECDSA, _SHA256)


def _public(attributes: int, cipher_and_scheme: bytes, point: Point) -> bytes:
    head = struct.pack(">HHI", _ECC, _SHA256, attributes) + _sized(b"")
    return head + cipher_and_scheme + struct.pack(">HH", _P256, _NULL) + _sized(point.x) + _sized(point.y)


def _padded(number: bytes) -> bytes:
    """A number of the curve, 32 bytes long, whether or not the chip left leading zeros out."""
    if len(number.lstrip(b"\0")) > _POINT:
        raise TpmNonsense("number")
    return number.lstrip(b"\0").rjust(_POINT, b"\0")
