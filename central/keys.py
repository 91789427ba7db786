"""Central's own keys, made once and kept in its folder: to acknowledge, to sign citizens' codes, to open letters."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from trust.keys import USE_ACK, USE_CODE, KeyRing, SigningKey
from trust.sealing import SealingKey
from trust.vault import Vault
from wire.canonical import b64u, canonical
from wire.messages import (
    Ack,
    Mirror,
    PublicKey,
    RecordAnswer,
    RecordRequest,
    SignedAcks,
    SignedMirror,
    SignedRecord,
)
from wire.records import signed_bytes


@dataclass(frozen=True)
class CentralKeys:
    """The private keys. A later profile holds them in an HSM behind these same methods."""

    ack: SigningKey
    code: SigningKey
    seal: SealingKey

    def public(self) -> tuple[PublicKey, ...]:
        """What terminals trust and seal to."""
        return self.ack.public(USE_ACK), self.code.public(USE_CODE), self.seal.public()

    def ring(self) -> KeyRing:
        return KeyRing(self.public())

    def sign_acks(self, acks: tuple[Ack, ...]) -> SignedAcks:
        signed = canonical({"acks": [ack.model_dump(mode="json") for ack in acks]})
        return SignedAcks(acks=acks, kid=self.ack.kid, sig=b64u(self.ack.sign(signed)))

    def sign_mirror(self, mirror: Mirror) -> SignedMirror:
        signed = canonical(mirror.model_dump(mode="json"))
        return SignedMirror(mirror=mirror, kid=self.ack.kid, sig=b64u(self.ack.sign(signed)))

    def sign_record(self, record: RecordAnswer, request: RecordRequest) -> SignedRecord:
        signed = signed_bytes(record.model_dump(mode="json"), request)
        return SignedRecord(record=record, kid=self.ack.kid, sig=b64u(self.ack.sign(signed)))


def load_or_make(folder: Path, *, may_make: bool) -> CentralKeys:
    """The keys in `folder`; new ones are made only when `may_make` (an empty folder) and none is there.

    Raises OSError, KeyFileBroken, and FileNotFoundError when keys are missing beside letters that need them.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ack, code, seal = folder / "sign-ack.pem", folder / "sign-code.pem", folder / "seal.key"
    if may_make and not ack.exists():
        SigningKey.generate().save(ack)
    if may_make and not code.exists():
        SigningKey.generate().save(code)
    if may_make and not seal.exists():
        SealingKey.generate().save(seal)
    return CentralKeys(SigningKey.load(ack), SigningKey.load(code), SealingKey.load(seal))


def load_vault(folder: Path, *, may_make: bool) -> Vault:
    """The vault's keys in `folder`; made when `may_make` (nothing was ever sealed) and there is no file.

    Raises OSError, KeyFileBroken, and FileNotFoundError when the file is missing beside what it sealed.
    """
    path = folder / "vault.key"
    if may_make and not path.exists():
        Vault.generate().save(path)
    return Vault.load(path)


def utc_now() -> dt.datetime:
    """The clock that central is given where nobody gives it another."""
    return dt.datetime.now(dt.UTC)
