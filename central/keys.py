"""Central's own keys, in its folder: to acknowledge, to sign citizens' codes, to open letters; and the vault's.

One file per key, mode 0600, and `keys.json` that says how far each has come: announced (in every mirror), in use, valid
for a while longer, retired. A folder of the first release has three files and no `keys.json`: each is in use.
Whoever asks looks whether `keys.json` has changed, so that every worker follows a rotation at its next request.

Which key signs a mirror: only mirrors introduce keys, so each is signed by the newest key that the terminal has from
the mirror it holds, or from its enrolment when it holds none. All else is signed by the key in use: a terminal asks for
its mirror before it sends anything.
"""

import datetime as dt
import fcntl
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from central.rules.key_book import KeptKey, KeyBook, KeyState
from trust.files import sync_folder, write_private
from trust.keys import USE_ACK, USE_CODE, USE_SEAL, KeyFileBroken, KeyRing, SigningKey
from trust.sealing import SealBroken, SealFault, SealingKey, open_sealed
from trust.vault import CaseKey, Vault, WrappedKey
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

LOG = logging.getLogger("central.keys")

BOOK = "keys.json"
ENROLLED_AFTER = dt.timedelta(minutes=5)
"""A terminal that was enrolled so long after an announcement was certainly given the announced key. Shorter than a key
is announced before it is used: so nobody is reckoned to have only a key that he was told the end of."""

_LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_FIRST = {USE_ACK: "sign-ack.pem", USE_CODE: "sign-code.pem", USE_SEAL: "seal.key"}
"""The files of the first release."""
_NAMED = {USE_ACK: "sign-ack-{}.pem", USE_CODE: "sign-code-{}.pem", USE_SEAL: "seal-{}.key"}

_Private = SigningKey | SealingKey
_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class _Held:
    """What was read at once."""

    stamp: _Stamp
    book: KeyBook
    private: Mapping[str, _Private]


class CentralKeys:
    """The private keys in `folder`. A later profile holds them in an HSM behind these same methods.

    Raises OSError, KeyFileBroken, and FileNotFoundError when a key that is not retired is missing. While it is in use,
    what cannot be read leaves it with the keys it has.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._last = _read(folder)

    def __repr__(self) -> str:
        return f"CentralKeys({', '.join(key.kid for key in self._held().book.keys)})"

    @property
    def ack(self) -> SigningKey:
        return self._signing(USE_ACK)

    @property
    def code(self) -> SigningKey:
        return self._signing(USE_CODE)

    @property
    def seal(self) -> SealingKey:
        held = self._held()
        key = held.private[held.book.of(USE_SEAL, "in use")[0].kid]
        assert isinstance(key, SealingKey)  # noqa: S101 - _read made it of this use
        return key

    def book(self) -> KeyBook:
        return self._held().book

    def mark(self) -> int:
        """The version that every mirror has at least, so that one who holds it counts as having the newest keys."""
        return max(1, self.book().mark())

    def public(self) -> tuple[PublicKey, ...]:
        """What terminals trust and seal to: of each use the key in use first, then former and announced ones."""
        book = self.book()
        uses = (USE_ACK, USE_CODE, USE_SEAL)
        return tuple(key.told() for use in uses for state in _LISTED for key in book.of(use, state))

    def ever(self) -> tuple[PublicKey, ...]:
        """Every key that central ever had, without an end: for who verifies what was signed long ago."""
        return tuple(key.public for key in self.book().keys)

    def ring(self) -> KeyRing:
        return KeyRing(self.public())

    def open(self, sealed: bytes, *, header: bytes) -> bytes:
        """The letter, by whichever of our keys its envelope names. Raises SealBroken."""
        held = self._held()
        for key in held.private.values():
            if isinstance(key, SealingKey):
                try:
                    return open_sealed(key, sealed, header=header)
                except SealBroken as broken:
                    if broken.fault is not SealFault.NOT_FOR_US:
                        raise
        raise SealBroken(SealFault.NOT_FOR_US)

    def sign_acks(self, acks: tuple[Ack, ...]) -> SignedAcks:
        return _signed_acks(acks, self.ack)

    def sign_acks_by_all(self, acks: tuple[Ack, ...]) -> tuple[SignedAcks, ...]:
        """The same by the key in use and by every former one that is here, for a terminal that knows only one."""
        held = self._held()
        keys = [each for each in held.private.values() if isinstance(each, SigningKey)]
        kids = {key.kid for key in held.book.of(USE_ACK, "former", "retired")}
        signed = [_signed_acks(acks, key) for key in reversed(keys) if key.kid in kids]
        return (self.sign_acks(acks), *signed)

    def sign_mirror(self, mirror: Mirror, *, have: int, enrolled_at: dt.datetime) -> SignedMirror:
        """Signed for a terminal that holds the mirror of version `have`; 0: none, but the keys of its enrolment."""
        key = self._known_to(have, enrolled_at)
        signed = canonical(mirror.model_dump(mode="json"))
        return SignedMirror(mirror=mirror, kid=key.kid, sig=b64u(key.sign(signed)))

    def sign_record(self, record: RecordAnswer, request: RecordRequest) -> SignedRecord:
        key = self.ack
        signed = signed_bytes(record.model_dump(mode="json"), request)
        return SignedRecord(record=record, kid=key.kid, sig=b64u(key.sign(signed)))

    @contextmanager
    def changing(self) -> Iterator[KeyBook]:
        """Hold the folder alone while the book is changed; as it is now. Raises OSError, KeyFileBroken."""
        with (self.folder / "keys.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._last = _read(self.folder)
            yield self._last.book

    def make(self, use: str) -> tuple[str, PublicKey]:
        """A new key in a file of its own, which the book does not name yet: the file's name, the public half."""
        key = SealingKey.generate() if use == USE_SEAL else SigningKey.generate()
        file = _NAMED[use].format(key.kid)
        if not (self.folder / BOOK).exists():  # a named file beside no book would be taken for a lost book
            self.write(self._last.book)
        key.save(self.folder / file)
        return file, key.public() if isinstance(key, SealingKey) else key.public(use)

    def write(self, book: KeyBook) -> None:
        """Put the book down; every worker reads it at its next request. Raises OSError."""
        write_private(self.folder / BOOK, (json.dumps(book.model_dump(mode="json"), indent=1) + "\n").encode())
        self._last = _read(self.folder)

    def delete(self, key: KeptKey) -> None:
        """Remove a retired key's file. Raises OSError."""
        (self.folder / key.file).unlink(missing_ok=True)
        sync_folder(self.folder)

    def has(self, key: KeptKey) -> bool:
        """Whether the private half is still here."""
        return (self.folder / key.file).exists()

    def _known_to(self, have: int, enrolled_at: dt.datetime) -> SigningKey:
        """The newest key, up to the one in use, that such a terminal certainly believes.

        The newest that a terminal has was never told to it with an end: only its successor's use sets that, and the
        successor is announced before.
        """
        held = self._held()
        used = held.book.of(USE_ACK, "in use", "former", "retired")
        if have > 0:
            known = [key for key in used if key.mark <= have]
        else:
            known = [key for key in used if key.told_at is not None and key.told_at + ENROLLED_AFTER <= enrolled_at]
        key = held.private.get(known[-1].kid if known else used[0].kid)
        return key if isinstance(key, SigningKey) else self.ack

    def _signing(self, use: str) -> SigningKey:
        held = self._held()
        key = held.private[held.book.of(use, "in use")[0].kid]
        assert isinstance(key, SigningKey)  # noqa: S101 - _read made it of this use
        return key

    def _held(self) -> _Held:
        last = self._last
        stamp = last.stamp
        try:
            stamp = _stamp(self.folder)
            if stamp == last.stamp:
                return last
            self._last = _read(self.folder)
        except (OSError, KeyFileBroken) as broken:
            LOG.error("the keys have changed and cannot be read, the former ones are used: %s", type(broken).__name__)
            self._last = _Held(stamp, last.book, last.private)
        return self._last


_LISTED: tuple[KeyState, ...] = ("in use", "former", "announced")


def _signed_acks(acks: tuple[Ack, ...], key: SigningKey) -> SignedAcks:
    signed = canonical({"acks": [ack.model_dump(mode="json") for ack in acks]})
    return SignedAcks(acks=acks, kid=key.kid, sig=b64u(key.sign(signed)))


def _stamp(folder: Path) -> _Stamp:
    try:
        told = (folder / BOOK).stat()
    except FileNotFoundError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size


def _read(folder: Path) -> _Held:
    """Raises OSError, KeyFileBroken."""
    stamp = _stamp(folder)  # before the rest: what changes meanwhile is read again
    if stamp is None:
        return _read_first(folder)
    try:
        book = KeyBook.model_validate_json((folder / BOOK).read_bytes())
    except ValidationError as mistake:
        raise KeyFileBroken(BOOK) from mistake
    if any(len(book.of(use, "in use")) != 1 for use in _FIRST):
        raise KeyFileBroken(BOOK)
    private: dict[str, _Private] = {}
    for key in book.keys:
        if key.state == "retired" and not (folder / key.file).exists():
            continue
        private[key.kid] = _load(folder, key.use, key.file)
        if private[key.kid].kid != key.kid:
            raise KeyFileBroken(key.file)
    return _Held(stamp, book, private)


def _read_first(folder: Path) -> _Held:
    """The three files of the first release, in use since ever."""
    if any(file for name in _NAMED.values() for file in folder.glob(name.format("*"))):
        raise KeyFileBroken(BOOK)  # there was a rotation, and what tells of it is lost
    private = {use: _load(folder, use, file) for use, file in _FIRST.items()}
    keys = [
        KeptKey(
            use=use,
            file=_FIRST[use],
            public=key.public() if isinstance(key, SealingKey) else key.public(use),
            made_at=_LONG_AGO,
            mark=0,
            told_at=_LONG_AGO,
            used_at=_LONG_AGO,
        )
        for use, key in private.items()
    ]
    return _Held(None, KeyBook(keys=tuple(keys)), {key.kid: key for key in private.values()})


def _load(folder: Path, use: str, file: str) -> _Private:
    if Path(file).name != file:
        raise KeyFileBroken(BOOK)
    return SealingKey.load(folder / file) if use == USE_SEAL else SigningKey.load(folder / file)


def load_or_make(folder: Path, *, may_make: bool) -> CentralKeys:
    """The keys in `folder`; new ones are made only when `may_make` (an empty folder) and none is there.

    Raises OSError, KeyFileBroken, and FileNotFoundError when keys are missing beside letters that need them.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if may_make and not (folder / BOOK).exists():
        for use, file in _FIRST.items():
            if not (folder / file).exists():
                key = SealingKey.generate() if use == USE_SEAL else SigningKey.generate()
                key.save(folder / file)
    return CentralKeys(folder)


class KeptVault(Vault):
    """The vault's keys in a file. It is looked at before each use, so that all workers follow when it is rotated."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, KeyFileBroken."""
        self.path = path
        self._last: tuple[_Stamp, Vault] = _vault_stamp(path), Vault.load(path)

    def __repr__(self) -> str:
        return repr(self.now())

    def now(self) -> Vault:
        """The keys as the file has them; the former ones when it cannot be read."""
        stamp, vault = self._last
        found: _Stamp = None
        try:
            found = _vault_stamp(self.path)
            if found != stamp:
                vault = Vault.load(self.path)
        except (OSError, KeyFileBroken) as broken:
            if found != stamp:
                LOG.error("the vault's keys cannot be read, the former ones are used: %s", type(broken).__name__)
        self._last = found, vault
        return vault

    @property
    def newest(self) -> str:
        return self.now().newest

    def save(self, path: Path) -> None:
        self.now().save(path)

    def rotated(self) -> Vault:
        return self.now().rotated()

    def new_key(self, region: str, about: str) -> tuple[CaseKey, WrappedKey]:
        return self.now().new_key(region, about)

    def open_key(self, region: str, about: str, row: WrappedKey) -> CaseKey:
        return self.now().open_key(region, about, row)

    def rewrapped(self, region: str, about: str, row: WrappedKey) -> WrappedKey:
        return self.now().rewrapped(region, about, row)

    def seal_own(self, label: str, plain: bytes) -> bytes:
        return self.now().seal_own(label, plain)

    def open_own(self, label: str, sealed: bytes) -> bytes:
        return self.now().open_own(label, sealed)

    def tag(self, number: str) -> str:
        return self.now().tag(number)


def _vault_stamp(path: Path) -> _Stamp:
    told = path.stat()
    return told.st_ino, told.st_mtime_ns, told.st_size


def load_vault(folder: Path, *, may_make: bool) -> Vault:
    """The vault's keys in `folder`; made when `may_make` (nothing was ever sealed) and there is no file.

    Raises OSError, KeyFileBroken, and FileNotFoundError when the file is missing beside what it sealed.
    """
    path = folder / "vault.key"
    if may_make and not path.exists():
        Vault.generate().save(path)
    return KeptVault(path)


def utc_now() -> dt.datetime:
    """The clock that central is given where nobody gives it another."""
    return dt.datetime.now(dt.UTC)
