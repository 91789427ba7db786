"""A machine's signing key in its TPM 2.0: made there or taken in, used there, never given out.

What lies on the disk is the key wrapped by this chip and of no use anywhere else. The chip signs; nothing secret
crosses its bus, but once, when a key that lay in a file is taken in. docs/decisions/0022-tpm.md says why like this.
"""

import binascii
import contextlib
import datetime as dt
import enum
import errno
import hashlib
import json
import os
import select
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from trust import tpm_bytes as words
from trust.files import write_private
from trust.keys import ECDSA_P256, USE_TERMINAL, KeyFileBroken, KeyRing, KeyUnavailable, Level, SigningKey, kid_of
from wire.canonical import b64u, canonical, un_b64u
from wire.messages import PublicKey

DEVICE = Path("/dev/tpmrm0")
"""The TPM behind Linux's resource manager: programs do not take each other's place in it."""

ANSWER_S = 60.0
"""Longest silence: a self test takes a discrete chip seconds, all else well under one."""
TRIES = 6
FIRST_PAUSE_S = 0.05
"""Between two tries of a chip that says it is busy; doubled each time."""


class TpmFault(enum.StrEnum):
    """Why the chip, or the key that it holds, is of no use now."""

    ABSENT = "tpm.absent"  # no such device
    NO_RIGHTS = "tpm.no_rights"  # it is there, and not for this account
    BUSY = "tpm.busy"  # another program holds it, or all its places
    LOCKED = "tpm.locked"  # too many wrong passwords of somebody's: it waits
    OWNED = "tpm.owned"  # its owner's password is set, or its owner's hierarchy switched off
    OTHER = "tpm.other"  # another chip, or this one was cleared: what it wrapped is lost
    UNSUITED = "tpm.unsuited"  # TPM 1.2, or no ECDSA on P-256
    BROKEN = "tpm.broken"  # failed its self test, was not started by the firmware, or speaks nonsense


class Wire(Protocol):
    """A way to one chip. Raises OSError, words.TpmNonsense."""

    def exchange(self, command: bytes) -> bytes: ...

    def close(self) -> None: ...


Opener = Callable[[], Wire]
"""Opens the way to the chip. Raises OSError."""

Pause = Callable[[float], object]


class DeviceWire:
    """A TPM's device node; or the socket of an emulated one, which speaks the same bytes."""

    def __init__(self, path: Path) -> None:
        self._socket: socket.socket | None = None
        kind = path.stat().st_mode
        if stat.S_ISSOCK(kind):
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._socket.connect(str(path))
            except OSError:
                self._socket.close()
                raise
            self._handle = self._socket.fileno()
            os.set_blocking(self._handle, False)
        elif stat.S_ISCHR(kind):
            self._handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        else:
            raise OSError(errno.ENODEV, "no device")

    def exchange(self, command: bytes) -> bytes:
        os.write(self._handle, command)  # far shorter than any pipe's or node's buffer
        answer = b""
        while (due := words.length(answer)) is None or len(answer) < due:
            self._wait()
            came = os.read(self._handle, words.LONGEST)
            if not came:
                raise OSError(errno.EPIPE, "the chip's end was closed")
            answer += came
        return answer

    def _wait(self) -> None:
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        if not waiting.poll(ANSWER_S * 1000):
            raise OSError(errno.EBUSY, "no answer")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        else:
            os.close(self._handle)


def opener(path: Path = DEVICE) -> Opener:
    return lambda: DeviceWire(path)


def fault_of_chip(open_wire: Opener, pause: Pause | None = None) -> TpmFault | None:
    """Why no key could be made in the chip, None when one could; nothing is changed there."""
    chip = _Chip(open_wire, pause)
    try:
        with chip.told():
            chip.primary()
    except KeyUnavailable as unavailable:
        return TpmFault(unavailable.fault)
    chip.close()
    return None


class TpmKey:
    """A private P-256 key that only its chip can use. Any thread may sign; they take turns."""

    level: Level = "tpm"

    def __init__(self, private: bytes, public: bytes, parent: bytes, chip: "_Chip") -> None:
        """Not for callers: `make`, `take_in`, `load`. Raises TpmNonsense for a public area that is none."""
        point, self.born_here = words.point_of(public)
        try:
            numbers = ec.EllipticCurvePublicNumbers(
                int.from_bytes(point.x, "big"), int.from_bytes(point.y, "big"), _CURVE
            )
            self._spki = numbers.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        except ValueError as off_the_curve:
            raise words.TpmNonsense("point") from off_the_curve
        self.kid = kid_of(self._spki)
        self._private, self._public, self._parent = private, public, parent
        self._chip = chip
        self._turn = threading.Lock()

    def __repr__(self) -> str:
        return f"TpmKey({self.kid})"

    @classmethod
    def make(cls, open_wire: Opener, pause: Pause | None = None) -> "TpmKey":
        """A new key, made in the chip. Raises KeyUnavailable."""
        chip = _Chip(open_wire, pause)
        with chip.told():
            parent, parent_public = chip.primary()
            private, public = words.private_and_public(chip.ask(words.create(parent)))
            key = cls(private, public, words.name_of(parent_public), chip)
            chip.load(parent, private, public)
        return key.prove()

    @classmethod
    def take_in(cls, key: SigningKey, open_wire: Opener, pause: Pause | None = None) -> "TpmKey":
        """A key that lay in a file, wrapped by the chip from here on. Raises KeyUnavailable."""
        chip = _Chip(open_wire, pause)
        scalar, x, y = key.numbers()
        point = words.Point(x, y)
        with chip.told():
            parent, parent_public = chip.primary()
            private = words.private(chip.ask(words.import_key(parent, point, scalar)))
            taken = cls(private, words.brought_public(point), words.name_of(parent_public), chip)
            chip.load(parent, private, words.brought_public(point))
        return taken.prove()

    @classmethod
    def read(cls, path: Path, open_wire: Opener, pause: Pause | None = None) -> "TpmKey":
        """What the file says, without a word to the chip. Raises OSError, KeyFileBroken."""
        try:
            told = json.loads(path.read_bytes())
            private, public, parent = (un_b64u(told[name]) for name in ("private", "public", "parent"))
            if told["suite"] != _SUITE:
                raise KeyFileBroken(path.name)
            return cls(private, public, parent, _Chip(open_wire, pause))
        except (ValueError, TypeError, KeyError, RecursionError, binascii.Error, words.TpmNonsense) as mistake:
            raise KeyFileBroken(path.name) from mistake

    @classmethod
    def load(cls, path: Path, open_wire: Opener, pause: Pause | None = None) -> "TpmKey":
        """Read the file and try the key in the chip. Raises OSError, KeyFileBroken, KeyUnavailable."""
        key = cls.read(path, open_wire, pause)
        try:
            return key.prove()
        except _Spoilt as spoilt:
            raise KeyFileBroken(path.name) from spoilt

    def save(self, path: Path) -> None:
        """Write what the chip wrapped, mode 0600, atomically. Raises OSError."""
        told = {"suite": _SUITE, "private": b64u(self._private), "public": b64u(self._public),
                "parent": b64u(self._parent)}  # fmt: skip
        write_private(path, canonical(told))

    def public(self, use: str, not_after: dt.datetime | None = None) -> PublicKey:
        """The public half, for one use."""
        return PublicKey(kid=self.kid, alg=ECDSA_P256, use=use, key=b64u(self._spki), not_after=not_after)

    def sign(self, data: bytes) -> bytes:
        """64 bytes: r‖s. A way to the chip that was lost is opened once more. Raises KeyUnavailable."""
        digest = hashlib.sha256(data).digest()
        with self._turn:
            was_open = self._chip.key is not None
            try:
                return self._signed(digest)
            except KeyUnavailable:
                if not was_open:
                    raise
                return self._signed(digest)

    def close(self) -> None:
        """Let go of the chip; the next signature opens it again."""
        with self._turn:
            self._chip.close()

    def _signed(self, digest: bytes) -> bytes:
        with self._chip.told():
            key = self._chip.key
            if key is None:
                parent, public = self._chip.primary()
                if words.name_of(public) != self._parent:
                    raise KeyUnavailable(TpmFault.OTHER)
                key = self._chip.load(parent, self._private, self._public)
            return words.signature(self._chip.ask(words.sign(key, digest)))

    def prove(self) -> "TpmKey":
        """This key, when the chip signs what its public half verifies. Raises KeyUnavailable."""
        ring = KeyRing([self.public(USE_TERMINAL)])
        if not ring.verify(USE_TERMINAL, self.kid, _PROOF, self.sign(_PROOF), dt.datetime.now(dt.UTC)):
            self.close()
            raise KeyUnavailable(TpmFault.BROKEN)
        return self


_SUITE = "tpm2/ecdsa-p256-sha256"
_CURVE = ec.SECP256R1()
_PROOF = b"is this the chip that wrapped this key?"

_AGAIN = frozenset({0x908, 0x90A, 0x920, 0x922})
"""Yielded, self-testing, writing its memory too often, retry."""
_NOT_ITS_WRAPPING = frozenset({0x9F, 0x84, 0x95, 0x9A, 0x8A, 0x82, 0x8D})
"""Integrity, value, size, insufficient, type, attributes, hash or name of what was to be loaded."""
_SAID = {
    **dict.fromkeys((0x902, 0x903, 0x904, 0x905, 0x906, 0x907, *_AGAIN), TpmFault.BUSY),
    **dict.fromkeys((0x8E, 0xA2, 0x85, 0x120, 0x12F), TpmFault.OWNED),
    **dict.fromkeys((0x01E, 0x143, 0x81, 0x83, 0x87, 0x92, 0x96, 0xA6), TpmFault.UNSUITED),
    0x921: TpmFault.LOCKED,
}
"""By kind (Part 2 §6.6.3); what is not listed is BROKEN, 0x100 (not started up) and 0x101 (failed) among it."""
_REFUSED = {
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.ECONNREFUSED), TpmFault.ABSENT),
    **dict.fromkeys((errno.EACCES, errno.EPERM), TpmFault.NO_RIGHTS),
    **dict.fromkeys((errno.EBUSY, errno.EAGAIN), TpmFault.BUSY),
}


class _Spoilt(KeyUnavailable):
    """The chip that made it does not know its own wrapping again: the file was changed."""

    def __init__(self) -> None:
        super().__init__(TpmFault.BROKEN)


class _Chip:
    """One way to the chip, opened when it is needed; `key` is the handle of the one that is loaded."""

    def __init__(self, open_wire: Opener, pause: Pause | None) -> None:
        self._open = open_wire
        self._pause = pause or threading.Event().wait
        self._wire: Wire | None = None
        self._loaded: list[int] = []
        self.key: int | None = None

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Whatever the chip or the way to it says becomes KeyUnavailable, and the way is closed."""
        try:
            yield
        except words.TpmSaid as said:
            self.close()
            raise KeyUnavailable(_SAID.get(said.kind, TpmFault.BROKEN), f"{said.code:#x}") from said
        except words.TpmNonsense as nonsense:
            self.close()
            raise KeyUnavailable(TpmFault.BROKEN, str(nonsense)) from nonsense
        except OSError as refused:
            self.close()
            fault = _REFUSED.get(refused.errno or 0, TpmFault.BROKEN)
            raise KeyUnavailable(fault, errno.errorcode.get(refused.errno or 0, "")) from refused
        except KeyUnavailable:
            self.close()
            raise

    def ask(self, command: bytes) -> bytes:
        """The answer, asked for again while the chip says that it is busy."""
        if self._wire is None:
            self._wire = self._open()
        wait = FIRST_PAUSE_S
        for _ in range(TRIES - 1):
            answer = self._wire.exchange(command)
            if int.from_bytes(answer[6:10], "big") & 0xFFF not in _AGAIN:
                return answer
            self._pause(wait)
            wait *= 2
        return self._wire.exchange(command)

    def primary(self) -> tuple[int, bytes]:
        """Handle and public area of the storage primary."""
        parent, public = words.handle_and_public(self.ask(words.create_primary()))
        self._loaded.append(parent)
        return parent, public

    def load(self, parent: int, private: bytes, public: bytes) -> int:
        """The key's handle; the chip forgets its parent. Raises _Spoilt."""
        try:
            key = words.handle(self.ask(words.load(parent, private, public)))
        except words.TpmSaid as said:
            if said.kind in _NOT_ITS_WRAPPING:
                raise _Spoilt() from said
            raise
        self._loaded.append(key)
        words.nothing(self.ask(words.flush(parent)))
        self._loaded.remove(parent)
        self.key = key
        return key

    def close(self) -> None:
        """A chip without a resource manager keeps what is loaded: it is told to forget it."""
        wire, self._wire, self.key = self._wire, None, None
        loaded, self._loaded = self._loaded, []
        if wire is None:
            return
        with contextlib.suppress(OSError, words.TpmNonsense):
            for handle in loaded:
                wire.exchange(words.flush(handle))
        wire.close()
