"""What a citizen typed and did not submit, sealed so that only the same card at the same terminal opens it again.

The key comes out of two secrets by HKDF-SHA256 (RFC 5869): the terminal's own (`DraftSecret`, a file of 32 bytes) and
the card's (`card`: the hash that the reader makes of the card's whole text and photo, see `hardware.api.id_card`). With
the terminal's disk alone nothing opens, with the card alone another terminal cannot. The row's name comes out of the
same two, so that it tells neither who nor what. Layout (numbers big-endian):

    "NTD1" | suite u8 | salt 16 B | nonce 12 B | AES-256-GCM of: length u32, the bytes, zeros up to a size bucket

Suite 1 = HKDF-SHA256 with AES-256-GCM. The salt makes each draft's key its own. Associated data is the head and
`context`, which the caller makes of everything that stands beside the draft (item, version, when it ends).
"""

import hashlib
import hmac
import secrets
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trust.files import write_private
from trust.keys import KeyFileBroken
from trust.sealing import SealBroken, SealFault, bucket

HKDF_AES_256_GCM = 1
"""The only suite so far; a number is never reused."""

_MAGIC = b"NTD1"
_HEAD = struct.Struct(">4sB16s12s")
_LENGTH = struct.Struct(">I")
_SIZE = 32
_KEY = b"nuanting-draft-v1 key"
_NAME = b"nuanting-draft-v1 name"


class DraftSecret:
    """The terminal's half of every draft's key."""

    def __init__(self, raw: bytes) -> None:
        """`raw`: 32 bytes. Raises ValueError."""
        if len(raw) != _SIZE:
            raise ValueError("a draft secret has 32 bytes")
        self._raw = raw

    def __repr__(self) -> str:
        return "DraftSecret()"

    @classmethod
    def generate(cls) -> "DraftSecret":
        return cls(secrets.token_bytes(_SIZE))

    @classmethod
    def load(cls, path: Path) -> "DraftSecret":
        """Raises OSError, KeyFileBroken."""
        try:
            return cls(path.read_bytes())
        except ValueError as mistake:
            raise KeyFileBroken(path.name) from mistake

    def save(self, path: Path) -> None:
        """Mode 0600, atomically. Raises OSError."""
        write_private(path, self._raw)

    def name(self, card: bytes, item: str) -> str:
        """The name under which this card's draft of this item lies, 64 hex digits."""
        return hmac.new(self._derive(card, b"", _NAME), item.encode(), hashlib.sha256).hexdigest()

    def seal(self, card: bytes, plain: bytes, *, context: bytes) -> bytes:
        """The sealed draft. Raises ValueError for a card without a secret."""
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        head = _HEAD.pack(_MAGIC, HKDF_AES_256_GCM, salt, nonce)
        told = _LENGTH.pack(len(plain)) + plain
        padded = told + bytes(bucket(len(told)) - len(told))
        return head + AESGCM(self._derive(card, salt, _KEY)).encrypt(nonce, padded, head + context)

    def open(self, card: bytes, sealed: bytes, *, context: bytes) -> bytes:
        """The draft. Raises SealBroken; any bytes at all are survived."""
        try:
            magic, suite, salt, nonce = _HEAD.unpack_from(sealed)
        except struct.error as short:
            raise SealBroken(SealFault.NOT_SEALED) from short
        if magic != _MAGIC:
            raise SealBroken(SealFault.NOT_SEALED)
        if suite != HKDF_AES_256_GCM:
            raise SealBroken(SealFault.UNKNOWN_SUITE)
        head, body = sealed[: _HEAD.size], sealed[_HEAD.size :]
        try:
            padded = AESGCM(self._derive(card, salt, _KEY)).decrypt(nonce, body, head + context)
        except InvalidTag as changed:
            raise SealBroken(SealFault.DAMAGED) from changed
        (length,) = _LENGTH.unpack_from(padded)
        return padded[_LENGTH.size : _LENGTH.size + length]

    def _derive(self, card: bytes, salt: bytes, use: bytes) -> bytes:
        if len(card) != _SIZE:
            raise ValueError("this card gave no secret")
        return HKDF(hashes.SHA256(), _SIZE, salt or None, use).derive(self._raw + card)
