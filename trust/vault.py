"""What central keeps of persons, sealed: a key for each case or proof, wrapped by central's own; and tags to find by.

Deleting a case's wrapped key makes everything that was sealed with it unreadable for good, in backups' copies of the
rows too once those keys are gone from them. A tag is an HMAC of an identity number: rows of one person are found
without the number being in the database, and nobody without the tag key can try numbers against it.
Layout of sealed bytes: "NV1" | nonce 12 B | AES-256-GCM ciphertext with tag; associated data: region, case and label,
so that bytes cannot be carried to another case or another place in it.
"""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trust.files import write_private
from trust.keys import KeyFileBroken
from wire.canonical import b64u, un_b64u

_MAGIC = b"NV1"
_NONCE = 12
_KEY = 32
_KID = 16


class VaultBroken(Exception):
    """Sealed bytes that this vault cannot open: changed, another case's, or of a key that is gone."""


@dataclass(frozen=True)
class WrappedKey:
    """A case's key as the database keeps it."""

    kid: str
    wrapped: bytes


@dataclass(frozen=True)
class CaseKey:
    """The key of one case or proof, open. `region` and `about` are bound into everything that it seals."""

    region: str
    about: str
    _secret: bytes

    def __repr__(self) -> str:
        return f"CaseKey({self.region}, {self.about})"

    def seal(self, label: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return _MAGIC + nonce + AESGCM(self._secret).encrypt(nonce, plain, self._bound(label))

    def open(self, label: str, sealed: bytes) -> bytes:
        """Raises VaultBroken."""
        return _opened(self._secret, sealed, self._bound(label))

    def _bound(self, label: str) -> bytes:
        return f"{self.region}\0{self.about}\0{label}".encode()


class Vault:
    """Central's own keys: `wrapping` newest first (the first one wraps, all open), and the key that makes tags."""

    def __init__(self, wrapping: tuple[bytes, ...], tagging: bytes) -> None:
        if not wrapping or any(len(key) != _KEY for key in (*wrapping, tagging)):
            raise ValueError("a vault's keys have 32 bytes")
        self._keys = {_kid(key): key for key in wrapping}
        self._newest = _kid(wrapping[0])
        self._tagging = tagging

    def __repr__(self) -> str:
        return f"Vault({', '.join(self._keys)})"

    @classmethod
    def generate(cls) -> "Vault":
        return cls((os.urandom(_KEY),), os.urandom(_KEY))

    @classmethod
    def load(cls, path: Path) -> "Vault":
        """Raises OSError, KeyFileBroken."""
        try:
            told = json.loads(path.read_text("utf-8"))
            return cls(tuple(un_b64u(key) for key in told["wrapping"]), un_b64u(told["tagging"]))
        except (ValueError, KeyError, TypeError) as mistake:
            raise KeyFileBroken(path.name) from mistake

    def save(self, path: Path) -> None:
        """Mode 0600, atomically. Raises OSError."""
        wrapping = [self._keys[self._newest], *(key for kid, key in self._keys.items() if kid != self._newest)]
        told = {"wrapping": [b64u(key) for key in wrapping], "tagging": b64u(self._tagging)}
        write_private(path, (json.dumps(told) + "\n").encode("ascii"))

    def rotated(self) -> "Vault":
        """The same with a new wrapping key in front; what the old ones wrapped still opens."""
        return Vault((os.urandom(_KEY), self._keys[self._newest], *_but(self._keys, self._newest)), self._tagging)

    @property
    def newest(self) -> str:
        """The name of the key that wraps."""
        return self._newest

    def new_key(self, region: str, about: str) -> tuple[CaseKey, WrappedKey]:
        secret = os.urandom(_KEY)
        return CaseKey(region, about, secret), self._wrap(region, about, secret)

    def open_key(self, region: str, about: str, row: WrappedKey) -> CaseKey:
        """Raises VaultBroken."""
        key = self._keys.get(row.kid)
        if key is None:
            raise VaultBroken(f"no key {row.kid}")
        return CaseKey(region, about, _opened(key, row.wrapped, f"{region}\0{about}".encode()))

    def rewrapped(self, region: str, about: str, row: WrappedKey) -> WrappedKey:
        """The same case key, wrapped by the newest key. Raises VaultBroken."""
        return self._wrap(region, about, self.open_key(region, about, row)._secret)  # noqa: SLF001 - of this module

    def seal_own(self, label: str, plain: bytes) -> bytes:
        """Seal something of central's own that belongs to no case, such as a secret of its staff."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._keys[self._newest]).encrypt(nonce, plain, _own(label))
        return self._newest.encode("ascii") + _MAGIC + nonce + sealed

    def open_own(self, label: str, sealed: bytes) -> bytes:
        """Raises VaultBroken."""
        key = self._keys.get(sealed[:_KID].decode("latin-1"))
        if key is None:
            raise VaultBroken("no such key")
        return _opened(key, sealed[_KID:], _own(label))

    def tag(self, number: str) -> str:
        """What a person's rows are found by: 64 hex digits; case and spaces of the number do not matter."""
        plain = "".join(number.split()).upper()
        return hmac.new(self._tagging, b"number\0" + plain.encode(), hashlib.sha256).hexdigest()

    def _wrap(self, region: str, about: str, secret: bytes) -> WrappedKey:
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._keys[self._newest]).encrypt(nonce, secret, f"{region}\0{about}".encode())
        return WrappedKey(self._newest, _MAGIC + nonce + sealed)


def _own(label: str) -> bytes:
    return f"\0own\0{label}".encode()  # no region begins with a zero: not to be taken for a case's key


def _opened(secret: bytes, sealed: bytes, bound: bytes) -> bytes:
    if sealed[: len(_MAGIC)] != _MAGIC:
        raise VaultBroken("not sealed by a vault")
    nonce, rest = sealed[len(_MAGIC) : len(_MAGIC) + _NONCE], sealed[len(_MAGIC) + _NONCE :]
    try:
        return AESGCM(secret).decrypt(nonce, rest, bound)
    except (InvalidTag, ValueError) as changed:
        raise VaultBroken("changed, or another case's") from changed


def _but(keys: dict[str, bytes], kid: str) -> list[bytes]:
    return [key for each, key in keys.items() if each != kid]


def _kid(key: bytes) -> str:
    return hashlib.sha256(b"nuanting vault key\0" + key).hexdigest()[:16]
