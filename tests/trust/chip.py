"""Two TPMs for the tests: swtpm, a real TPM 2.0 in a program; and one of paper, which can be told to go wrong.

Both are spoken to in a TPM's own bytes. The paper one wraps keys badly and signs well.
"""

import contextlib
import hashlib
import hmac
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

NO_SWTPM = "" if shutil.which("swtpm") else "no emulated TPM here: it needs the package swtpm (packages.apt)"

CREATE_PRIMARY, CREATE, IMPORT, LOAD, SIGN, FLUSH = 0x131, 0x153, 0x156, 0x157, 0x15D, 0x165
NOT_ITS_OWN = 0x1DF  # TPM_RC_INTEGRITY of the first parameter
NO_SLOT = 0x902  # TPM_RC_OBJECT_MEMORY
NO_SUCH_HANDLE = 0x18B  # TPM_RC_HANDLE of the first handle
SLOTS = 3


@contextlib.contextmanager
def swtpm(folder: Path) -> Iterator[Path]:
    """The socket of an emulated TPM that keeps its seeds in `folder`; it ends with the block.

    Where there is none the test is skipped.
    """
    if NO_SWTPM:
        pytest.skip(NO_SWTPM)
    state, path = folder / "state", folder / "s"
    state.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        running = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}", "--server",
             f"type=unixio,fd={listening.fileno()}", "--flags", "startup-clear,not-need-init"],
            pass_fds=[listening.fileno()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        yield path
    finally:
        running.terminate()
        running.wait(30)


class PaperChip:
    """A chip with a seed and three places for keys. `says`: response codes it gives to a command, in turn, instead."""

    def __init__(self, seed: bytes = b"one") -> None:
        self.seed = seed
        self.says: dict[int, list[int]] = {}
        self.breaks: list[OSError] = []
        self.away: OSError | None = None
        self.heard: list[int] = []
        self.opened = 0
        self.loaded: dict[int, tuple[ec.EllipticCurvePrivateKey | None, bytes]] = {}
        self._next = 0x80000000

    def open(self) -> "PaperChip":
        if self.away is not None:
            raise self.away
        self.opened += 1
        return self

    def close(self) -> None:
        self.opened -= 1

    def exchange(self, command: bytes) -> bytes:
        tag, size, code = struct.unpack(">HII", command[:10])
        assert size == len(command)
        self.heard.append(code)
        if self.breaks:
            raise self.breaks.pop(0)
        if self.says.get(code):
            return struct.pack(">HII", 0x8001, 10, self.says[code].pop(0))
        if code == FLUSH:
            assert tag == 0x8001
            gone = self.loaded.pop(struct.unpack(">I", command[10:])[0], None)
            return struct.pack(">HII", 0x8001, 10, 0 if gone else NO_SUCH_HANDLE)
        assert tag == 0x8002
        handle, authorised = struct.unpack(">II", command[10:18])
        assert authorised == 9
        assert command[18:27] == struct.pack(">IHBH", 0x40000009, 0, 0, 0)
        body = _Bytes(command[27:])
        told = {CREATE_PRIMARY: self._primary, CREATE: self._create, IMPORT: self._import, LOAD: self._load,
                SIGN: self._sign}[code](handle, body)  # fmt: skip
        return struct.pack(">HII", 0x8001, 10, told) if isinstance(told, int) else _answer(*told)

    def _primary(self, owner: int, body: "_Bytes") -> tuple[bytes, bytes] | int:
        assert owner == 0x40000001
        body.sized()
        public = body.sized()
        assert public[-4:] == bytes(4)
        whole = public[:-4] + _sized(hashlib.sha256(b"x" + self.seed).digest()) + _sized(bytes(32))
        return self._placed(None, whole, _sized(whole) + _sized(b"") + _sized(b"") + bytes(8))

    def _create(self, parent: int, body: "_Bytes") -> tuple[bytes, bytes] | int:
        if parent not in self.loaded:
            return NO_SUCH_HANDLE
        body.sized()
        template = body.sized()
        key = ec.generate_private_key(ec.SECP256R1())
        point = key.public_key().public_numbers()
        public = template[:-4] + _sized(point.x.to_bytes(32, "big")) + _sized(point.y.to_bytes(32, "big"))
        scalar = key.private_numbers().private_value.to_bytes(32, "big")
        return b"", _sized(self._wrapped(scalar)) + _sized(public) + _sized(b"") + _sized(b"") + bytes(8)

    def _import(self, parent: int, body: "_Bytes") -> tuple[bytes, bytes] | int:
        if parent not in self.loaded:
            return NO_SUCH_HANDLE
        assert body.sized() == b""
        body.sized()
        inner = _Bytes(_Bytes(body.sized()).sized())
        assert inner.take(2) == b"\0\x23"
        assert (inner.sized(), inner.sized()) == (b"", b"")
        return b"", _sized(self._wrapped(inner.sized()))

    def _load(self, parent: int, body: "_Bytes") -> tuple[bytes, bytes] | int:
        if parent not in self.loaded:
            return NO_SUCH_HANDLE
        private, public = body.sized(), body.sized()
        scalar = self._masked(private[32:])
        if private != self._wrapped(scalar):
            return NOT_ITS_OWN
        key = ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
        return self._placed(key, public, _sized(b"name"))

    def _sign(self, handle: int, body: "_Bytes") -> tuple[bytes, bytes] | int:
        if handle not in self.loaded:
            return NO_SUCH_HANDLE
        key = self.loaded[handle][0]
        assert key is not None
        sig = key.sign(body.sized(), ec.ECDSA(Prehashed(hashes.SHA256())))
        # some chips leave leading zeros out
        r, s = (_sized(n.to_bytes((n.bit_length() + 7) // 8, "big")) for n in decode_dss_signature(sig))
        return b"", struct.pack(">HH", 0x18, 0x0B) + r + s

    def _wrapped(self, scalar: bytes) -> bytes:
        return hmac.digest(self.seed, scalar, "sha256") + self._masked(scalar)

    def _masked(self, scalar: bytes) -> bytes:
        return bytes(a ^ b for a, b in zip(scalar, hashlib.sha256(self.seed).digest(), strict=False))

    def _placed(self, key: ec.EllipticCurvePrivateKey | None, public: bytes, told: bytes) -> tuple[bytes, bytes] | int:
        if len(self.loaded) == SLOTS:
            return NO_SLOT
        self._next += 1
        self.loaded[self._next] = (key, public)
        return struct.pack(">I", self._next), told


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def take(self, count: int) -> bytes:
        taken, self._data = self._data[:count], self._data[count:]
        assert len(taken) == count
        return taken

    def sized(self) -> bytes:
        return self.take(struct.unpack(">H", self.take(2))[0])


def _sized(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def _answer(handles: bytes, parameters: bytes) -> bytes:
    body = handles + struct.pack(">I", len(parameters)) + parameters + struct.pack(">HBH", 0, 1, 0)
    return struct.pack(">HII", 0x8002, 10 + len(body), 0) + body
