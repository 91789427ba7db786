"""Signing keys and the ring of public keys that a machine trusts, each for one use only.

ECDSA on P-256 with SHA-256, because that is what a TPM can hold; the algorithm's name travels with the key, so that
another profile can stand beside it. Signatures are r‖s, 64 bytes (RFC 9421 §3.3.4), not DER.
"""

import binascii
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from trust.files import write_private
from wire.canonical import b64u, un_b64u
from wire.messages import PublicKey

ECDSA_P256 = "ecdsa-p256-sha256"
"""The name RFC 9421 §3.3.4 gives it."""

USE_ACK = "sign.ack"  # central: acknowledgements, mirrors
USE_CODE = "sign.code"  # central: citizens' codes
USE_TERMINAL = "sign.terminal"  # a terminal: requests, receipts, proofs
USE_SEAL = "seal"  # central: letters are sealed to it

_SIZE = 32
_SIGNATURE = ec.ECDSA(hashes.SHA256())


class KeyFileBroken(Exception):
    """A key file does not hold a key of the expected kind."""


class KeyUnavailable(Exception):
    """What holds the key cannot use it now. `fault` is a word, `detail` what was said by the chip or its driver."""

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(f"{fault} {detail}".rstrip())
        self.fault = fault
        self.detail = detail


def kid_of(public_bytes: bytes) -> str:
    """A key's name: the first 16 hex digits of the SHA-256 of its public bytes (SPKI, or a sealing key's raw form)."""
    return hashlib.sha256(public_bytes).hexdigest()[:16]


Level = Literal["file", "tpm"]
"""What holds a private key: a file that only its owner reads, or a chip that never gives it out."""


class Signer(Protocol):
    """What signs for a machine: a file's key, or a chip's (`trust.tpm.TpmKey`)."""

    kid: str
    level: Level

    def public(self, use: str, not_after: dt.datetime | None = None) -> PublicKey: ...

    def sign(self, data: bytes) -> bytes:
        """64 bytes: r‖s. Raises KeyUnavailable (a file's key never does)."""
        ...


class SigningKey:
    """A private P-256 key in memory, kept in a file."""

    level: Level = "file"

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        self._spki = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.kid = kid_of(self._spki)

    def __repr__(self) -> str:
        return f"SigningKey({self.kid})"

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """Read a PKCS#8 PEM file. Raises OSError, KeyFileBroken."""
        try:
            private = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as mistake:
            raise KeyFileBroken(path.name) from mistake
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise KeyFileBroken(path.name)
        return cls(private)

    def save(self, path: Path) -> None:
        """Write a PKCS#8 PEM file, mode 0600, atomically. Raises OSError."""
        pem = self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_private(path, pem)

    def numbers(self) -> tuple[bytes, bytes, bytes]:
        """The secret scalar and the point's x and y, 32 bytes each: for a chip that takes the key in."""
        told = self._private.private_numbers()
        point = told.public_numbers
        secret, x, y = (each.to_bytes(_SIZE, "big") for each in (told.private_value, point.x, point.y))
        return secret, x, y

    def public(self, use: str, not_after: dt.datetime | None = None) -> PublicKey:
        """The public half, for one use."""
        return PublicKey(kid=self.kid, alg=ECDSA_P256, use=use, key=b64u(self._spki), not_after=not_after)

    def sign(self, data: bytes) -> bytes:
        """64 bytes: r‖s."""
        r, s = decode_dss_signature(self._private.sign(data, _SIGNATURE))
        return r.to_bytes(_SIZE, "big") + s.to_bytes(_SIZE, "big")


class KeyRing:
    """Public keys that are trusted, each under its name and for its use.

    A key that cannot be read, whose name is not the hash of its bytes, or whose algorithm is unknown here verifies
    nothing; it does not spoil the others.
    """

    def __init__(self, keys: Iterable[PublicKey]) -> None:
        self._keys = tuple(keys)
        self._verifiers = {(key.use, key.kid): (key, point) for key in self._keys if (point := _point(key)) is not None}

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(f'{key.use}:{key.kid}' for key in self._keys)})"

    def __iter__(self) -> Iterator[PublicKey]:
        return iter(self._keys)

    def knows(self, use: str, kid: str) -> bool:
        """Whether a key of this name is here for this use, expired or not."""
        return (use, kid) in self._verifiers

    def of_use(self, use: str, now: dt.datetime) -> tuple[PublicKey, ...]:
        """The keys of a use that have not expired, in the order they were given."""
        return tuple(key for key in self._keys if key.use == use and not is_over(key, now))

    def verify(self, use: str, kid: str, data: bytes, sig: bytes, now: dt.datetime) -> bool:
        """Whether `sig` over `data` was made by that key. Unknown name or use, expired, wrong length: False."""
        found = self._verifiers.get((use, kid))
        if found is None or is_over(found[0], now) or len(sig) != 2 * _SIZE:
            return False
        r, s = int.from_bytes(sig[:_SIZE], "big"), int.from_bytes(sig[_SIZE:], "big")
        try:
            found[1].verify(encode_dss_signature(r, s), data, _SIGNATURE)
        except InvalidSignature:
            return False
        return True


def is_over(key: PublicKey, now: dt.datetime) -> bool:
    return key.not_after is not None and now > key.not_after


def _point(key: PublicKey) -> ec.EllipticCurvePublicKey | None:
    if key.alg != ECDSA_P256:
        return None
    try:
        spki = un_b64u(key.key)
        point = serialization.load_der_public_key(spki)
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        return None
    if not isinstance(point, ec.EllipticCurvePublicKey) or not isinstance(point.curve, ec.SECP256R1):
        return None
    return point if kid_of(spki) == key.kid else None
