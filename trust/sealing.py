"""Letters that only central can open: a fresh content key each, wrapped by HPKE, and the letter in AES-256-GCM pieces.

The terminal that sealed a letter cannot read it again. Layout (all numbers big-endian):

    "NTS1" | content suite u8 | recipients u8 | per recipient: wrap suite u8, kid 8 B, length u16, wrapped content key
    then pieces of 1 MiB plaintext, each with its 16-byte tag

The plaintext is its true length as u64, the bytes, then zeros up to a size bucket (`bucket`), so that the length of a
sealed letter says little. A piece's nonce is its number; its associated data is SHA-256(head ‖ letter id), its number
and whether it is the last, so pieces cannot be cut off, moved, or carried to another letter. HPKE's `info` binds the
letter id too. Sealing proves nothing about the sender: requests are signed (trust.requests). Source: RFC 9180.

Wrap suites: 1 = DHKEM(X25519) with HKDF-SHA256 and AES-256-GCM (80 bytes, 0.06 ms here); 2 = MLKEM768-X25519, the same
otherwise (1168 bytes, 0.08 ms here). 2 is the default: what is stolen today must not be read in twenty years; 1 stays
because the hybrid's API is young.
"""

import binascii
import datetime as dt
import enum
import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trust.files import write_private
from trust.keys import USE_SEAL, KeyFileBroken, kid_of
from wire.canonical import b64u, un_b64u
from wire.messages import PublicKey

PIECE = 1024 * 1024
TAG = 16
SMALLEST_BUCKET = 4096
MOST_RECIPIENTS = 8

_MAGIC = b"NTS1"
_AES_256_GCM = 1
_INFO = b"nuanting-letter-v1\0"
_LENGTH = struct.Struct(">Q")
_HEAD = struct.Struct(">4sBB")
_RECIPIENT = struct.Struct(">B8sH")
_X25519_RAW = 32
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184


class WrapSuite(enum.IntEnum):
    """How the content key is wrapped; the number stands in the envelope and is never reused."""

    X25519 = 1
    MLKEM768_X25519 = 2


DEFAULT_SUITE = WrapSuite.MLKEM768_X25519

_ALG = {
    WrapSuite.X25519: "hpke-x25519-aes256gcm",
    WrapSuite.MLKEM768_X25519: "hpke-mlkem768x25519-aes256gcm",
}
_SUITE_OF_ALG = {name: suite for suite, name in _ALG.items()}
_HPKE = {
    WrapSuite.X25519: hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
    WrapSuite.MLKEM768_X25519: hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
}


class SealFault(enum.StrEnum):
    """Why a sealed letter does not open."""

    NOT_SEALED = "seal.not_sealed"  # other bytes, or cut within the head
    UNKNOWN_SUITE = "seal.unknown_suite"
    NOT_FOR_US = "seal.not_for_us"  # no recipient of this key's name
    DAMAGED = "seal.damaged"  # changed, cut, or another letter's id


class SealBroken(Exception):
    """A sealed letter does not open."""

    def __init__(self, fault: SealFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class NoSealKey(Exception):
    """There is no usable public key to seal to: a settings or enrolment mistake, found at the first letter."""


_PublicHalf = x25519.X25519PublicKey | hpke.MLKEM768X25519PublicKey
_PrivateHalf = x25519.X25519PrivateKey | hpke.MLKEM768X25519PrivateKey


class SealingKey:
    """The private key that opens letters; its file holds one line, `nuanting-seal <suite> <b64u of the raw key>`."""

    def __init__(self, suite: WrapSuite, raw: bytes) -> None:
        """`raw`: X25519 private key (32 bytes), preceded for the hybrid by the ML-KEM seed (64). Raises ValueError."""
        self.suite = suite
        self._raw = raw
        self._private: _PrivateHalf
        if suite is WrapSuite.X25519:
            x = x25519.X25519PrivateKey.from_private_bytes(raw)
            self._private = x
            self._public = x.public_key().public_bytes_raw()
        else:
            m = mlkem.MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED])
            x = x25519.X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED:])
            self._private = hpke.MLKEM768X25519PrivateKey(m, x)
            self._public = m.public_key().public_bytes_raw() + x.public_key().public_bytes_raw()
        self.kid = kid_of(self._public)

    def __repr__(self) -> str:
        return f"SealingKey({self.kid}, {self.suite.name})"

    @classmethod
    def generate(cls, suite: WrapSuite = DEFAULT_SUITE) -> "SealingKey":
        x = x25519.X25519PrivateKey.generate().private_bytes_raw()
        if suite is WrapSuite.X25519:
            return cls(suite, x)
        return cls(suite, mlkem.MLKEM768PrivateKey.generate().private_bytes_raw() + x)

    @classmethod
    def load(cls, path: Path) -> "SealingKey":
        """Raises OSError, KeyFileBroken."""
        try:
            mark, number, raw = path.read_text("ascii").split()
            if mark != "nuanting-seal":
                raise KeyFileBroken(path.name)
            return cls(WrapSuite(int(number)), un_b64u(raw))
        except (ValueError, binascii.Error) as mistake:
            raise KeyFileBroken(path.name) from mistake

    def save(self, path: Path) -> None:
        """Mode 0600, atomically. Raises OSError."""
        write_private(path, f"nuanting-seal {int(self.suite)} {b64u(self._raw)}\n".encode("ascii"))

    def public(self, not_after: dt.datetime | None = None) -> PublicKey:
        return PublicKey(kid=self.kid, alg=_ALG[self.suite], use=USE_SEAL, key=b64u(self._public), not_after=not_after)

    def unwrap(self, wrapped: bytes, header: bytes) -> bytes | None:
        """The content key, or None when this wrapping is not for us or not for this letter."""
        try:
            return _HPKE[self.suite].decrypt(wrapped, self._private, info=_INFO + header)
        except (InvalidTag, ValueError):
            return None


def bucket(length: int) -> int:
    """The size a plaintext of `length` bytes is padded to.

    At least 4 KiB, then Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019, §4):
    at most 12 % more, and the size tells O(log log length) bits.
    """
    if length <= SMALLEST_BUCKET:
        return SMALLEST_BUCKET
    exponent = length.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return length + mask & ~mask


def can_seal_to(key: PublicKey) -> bool:
    """Whether a letter can be sealed to this key at all."""
    try:
        _wrapped(key, bytes(32), b"")
    except NoSealKey:
        return False
    return True


class Envelope:
    """All of a seal that does not depend on what the letter says: a content key, wrapped for one letter's recipients.

    It can be made before there is a letter, and closes over one letter only. `header` is the letter id. Raises
    NoSealKey when a recipient's key cannot be used.
    """

    def __init__(self, recipients: PublicKey | Sequence[PublicKey], *, header: bytes) -> None:
        keys = (recipients,) if isinstance(recipients, PublicKey) else tuple(recipients)
        if not 0 < len(keys) <= MOST_RECIPIENTS:
            raise NoSealKey
        content_key = AESGCM.generate_key(256)
        self.head = _HEAD.pack(_MAGIC, _AES_256_GCM, len(keys)) + b"".join(
            _wrapped(key, content_key, header) for key in keys
        )
        self.binding = _binding(self.head, header)
        self._cipher: AESGCM | None = AESGCM(content_key)

    def __repr__(self) -> str:
        return "Envelope()"

    def closing(self) -> AESGCM:
        """The cipher, once: a second letter under the same key would give both away. Raises ValueError."""
        cipher, self._cipher = self._cipher, None
        if cipher is None:
            raise ValueError("an envelope holds one letter")
        return cipher


class Sealer:
    """Seals one letter piece by piece, in memory of about two pieces whatever its size.

    `size` is the number of plaintext bytes that will come.
    """

    def __init__(self, envelope: Envelope, size: int) -> None:
        self._envelope = envelope
        self._size = size
        self._padded = bucket(_LENGTH.size + size)
        self.sealed_size = len(envelope.head) + self._padded + TAG * -(-self._padded // PIECE)

    def pieces(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """The sealed bytes in order, once. Raises ValueError when `source` does not hold exactly `size` bytes."""
        cipher, binding = self._envelope.closing(), self._envelope.binding
        yield self._envelope.head
        if self._padded <= PIECE:  # most letters: one piece, and somebody waits
            yield cipher.encrypt(_nonce(0), b"".join(self._padded_stream(source)), _associated(binding, 0, last=True))
            return
        number = 0
        for piece, last in _cut(self._padded_stream(source), self._padded):
            yield cipher.encrypt(_nonce(number), piece, _associated(binding, number, last))
            number += 1

    def _padded_stream(self, source: Iterable[bytes]) -> Iterator[bytes]:
        yield _LENGTH.pack(self._size)
        came = 0
        for part in source:
            came += len(part)
            if came > self._size:
                break
            yield part
        if came != self._size:
            raise ValueError("the source is not of the size that was told")
        left = self._padded - _LENGTH.size - self._size
        while left:
            zeros = min(left, PIECE)
            yield bytes(zeros)
            left -= zeros


def seal(recipients: PublicKey | Sequence[PublicKey], plain: bytes, *, header: bytes) -> bytes:
    """The sealed letter, whole. Raises NoSealKey."""
    return b"".join(Sealer(Envelope(recipients, header=header), len(plain)).pieces((plain,)))


def open_sealed(private: SealingKey, sealed: bytes, *, header: bytes) -> bytes:
    """The plaintext. Raises SealBroken; any bytes at all are survived."""
    head, recipients = _read_head(sealed)
    content_key = _content_key(private, recipients, header)
    cipher = AESGCM(content_key)
    binding = _binding(head, header)
    view = memoryview(sealed)[len(head) :]
    plain = bytearray()
    number = 0
    while view:
        piece, view = view[: PIECE + TAG], view[PIECE + TAG :]
        try:
            plain += cipher.decrypt(_nonce(number), bytes(piece), _associated(binding, number, not view))
        except InvalidTag as changed:
            raise SealBroken(SealFault.DAMAGED) from changed
        number += 1
    if len(plain) < _LENGTH.size:
        raise SealBroken(SealFault.DAMAGED)
    (size,) = _LENGTH.unpack_from(plain)
    if len(plain) != bucket(_LENGTH.size + size):
        raise SealBroken(SealFault.DAMAGED)
    return bytes(plain[_LENGTH.size : _LENGTH.size + size])


@dataclass(frozen=True)
class _Recipient:
    suite: int
    kid: str
    wrapped: bytes


def _wrapped(key: PublicKey, content_key: bytes, header: bytes) -> bytes:
    suite = _SUITE_OF_ALG.get(key.alg)
    try:
        raw = un_b64u(key.key)
        if suite is None or key.use != USE_SEAL or kid_of(raw) != key.kid:
            raise NoSealKey(key.kid)
        wrapped = _HPKE[suite].encrypt(content_key, _public_half(suite, raw), info=_INFO + header)
    except (ValueError, binascii.Error) as mistake:
        raise NoSealKey(key.kid) from mistake
    return _RECIPIENT.pack(suite, bytes.fromhex(key.kid), len(wrapped)) + wrapped


def _public_half(suite: WrapSuite, raw: bytes) -> _PublicHalf:
    if suite is WrapSuite.X25519:
        return x25519.X25519PublicKey.from_public_bytes(raw)
    return hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC]),
        x25519.X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]),
    )


def _read_head(sealed: bytes) -> tuple[bytes, tuple[_Recipient, ...]]:
    try:
        magic, content_suite, count = _HEAD.unpack_from(sealed)
        if magic != _MAGIC:
            raise SealBroken(SealFault.NOT_SEALED)
        if content_suite != _AES_256_GCM:
            raise SealBroken(SealFault.UNKNOWN_SUITE)
        if not 0 < count <= MOST_RECIPIENTS:
            raise SealBroken(SealFault.NOT_SEALED)
        at = _HEAD.size
        recipients = []
        for _ in range(count):
            suite, kid, length = _RECIPIENT.unpack_from(sealed, at)
            at += _RECIPIENT.size + length
            if at > len(sealed):
                raise SealBroken(SealFault.NOT_SEALED)
            recipients.append(_Recipient(suite, kid.hex(), bytes(sealed[at - length : at])))
    except struct.error as short:
        raise SealBroken(SealFault.NOT_SEALED) from short
    return bytes(sealed[:at]), tuple(recipients)


def _content_key(private: SealingKey, recipients: Sequence[_Recipient], header: bytes) -> bytes:
    ours = [each for each in recipients if each.kid == private.kid]
    if not ours:
        raise SealBroken(SealFault.NOT_FOR_US)
    for each in ours:
        if each.suite != private.suite:
            raise SealBroken(SealFault.UNKNOWN_SUITE)
        content_key = private.unwrap(each.wrapped, header)
        if content_key is not None and len(content_key) == 32:
            return content_key
    raise SealBroken(SealFault.DAMAGED)


def _cut(stream: Iterable[bytes], total: int) -> Iterator[tuple[bytes | memoryview, bool]]:
    """Cut a stream of `total` bytes into pieces of PIECE bytes, the last one shorter, each with whether it is last."""
    held = bytearray()
    given = 0
    for part in stream:
        view = memoryview(part)
        while view:  # a part may be far larger than a piece: never hold more than one piece of it
            if not held and len(view) >= PIECE:  # whole pieces are sealed where they lie
                given += PIECE
                yield view[:PIECE], given == total
                view = view[PIECE:]
                continue
            room = PIECE - len(held)
            held += view[:room]
            view = view[room:]
            if len(held) == PIECE:
                given += PIECE
                yield bytes(held), given == total
                held.clear()
    if held:
        yield bytes(held), True


def _binding(head: bytes, header: bytes) -> bytes:
    return hashlib.sha256(_LENGTH.pack(len(head)) + head + header).digest()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _associated(binding: bytes, number: int, last: bool) -> bytes:
    return binding + number.to_bytes(8, "big") + (b"\1" if last else b"\0")
