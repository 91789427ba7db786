"""A key in the chip: it signs what its public half verifies, comes back, and every refusal of the chip has its word."""

import datetime as dt
import errno
import json
import os
import pty
import socket
import stat
import struct
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trust.chip import CREATE, CREATE_PRIMARY, SIGN, PaperChip, swtpm
from trust import tpm_bytes
from trust.keys import USE_TERMINAL, KeyFileBroken, KeyRing, KeyUnavailable, Signer, SigningKey
from trust.tpm import DeviceWire, Opener, TpmFault, TpmKey, fault_of_chip, opener
from wire.canonical import un_b64u

NOW = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
DATA = b"what a terminal says"


def believed(key: Signer, sig: bytes, data: bytes = DATA) -> bool:
    return KeyRing([key.public(USE_TERMINAL)]).verify(USE_TERMINAL, key.kid, data, sig, NOW)


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with swtpm(tmp_path_factory.mktemp("tpm")) as path:
        yield path


@pytest.fixture(params=["paper", "emulated"])
def chip(request: pytest.FixtureRequest) -> Opener:
    return PaperChip().open if request.param == "paper" else opener(request.getfixturevalue("emulated"))


# ---- any TPM 2.0 ------------------------------------------------------------------------------------------------


def test_a_key_made_in_the_chip_signs_and_comes_back_from_what_the_chip_wrapped(chip: Opener, tmp_path: Path) -> None:
    key = TpmKey.make(chip)
    assert (key.level, key.born_here) == ("tpm", True)
    assert believed(key, key.sign(DATA))
    key.save(tmp_path / "k")
    key.close()
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    again = TpmKey.load(tmp_path / "k", chip)
    assert (again.kid, again.born_here) == (key.kid, True)
    sig = again.sign(DATA)
    assert len(sig) == 64
    assert believed(key, sig)
    assert not believed(key, sig, b"something else")
    again.close()
    assert believed(key, again.sign(DATA))  # opened again by itself
    again.close()


def test_a_key_of_a_file_goes_on_as_the_same_key_in_the_chip(chip: Opener, tmp_path: Path) -> None:
    plain = SigningKey.generate()
    taken = TpmKey.take_in(plain, chip)
    taken.close()
    taken.save(tmp_path / "k")
    again = TpmKey.load(tmp_path / "k", chip)
    assert (again.kid, again.born_here) == (plain.kid, False)
    assert again.public(USE_TERMINAL) == plain.public(USE_TERMINAL)
    assert believed(plain, again.sign(DATA))
    again.close()
    assert plain.numbers()[0] not in tpm_bytes_of(tmp_path / "k")


def tpm_bytes_of(path: Path) -> bytes:
    """Everything that the file holds, unpacked."""
    told = json.loads(path.read_text())
    return b"".join(un_b64u(told[name]) for name in told if name != "suite") + path.read_bytes()


def test_a_key_file_that_was_changed_is_told_from_a_chip_that_is_another(chip: Opener, tmp_path: Path) -> None:
    key = TpmKey.make(chip)
    key.close()
    key.save(tmp_path / "k")
    told = json.loads((tmp_path / "k").read_text())
    middle = len(told["private"]) // 2
    other = "A" if told["private"][middle] != "A" else "B"
    told["private"] = told["private"][:middle] + other + told["private"][middle + 1 :]
    (tmp_path / "k").write_text(json.dumps(told))
    with pytest.raises(KeyFileBroken):
        TpmKey.load(tmp_path / "k", chip)
    assert fault_of_chip(chip) is None


def test_nothing_is_left_in_a_chip_without_a_resource_manager(chip: Opener, tmp_path: Path) -> None:
    """It has places for three keys: six rounds would fill them."""
    for _ in range(6):
        key = TpmKey.make(chip)
        key.save(tmp_path / "k")
        key.close()
        with pytest.raises(KeyFileBroken):
            spoilt(tmp_path / "k", chip)
        assert fault_of_chip(chip) is None


def spoilt(path: Path, chip: Opener) -> TpmKey:
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "private": "AAAA" + told["private"][4:]}))
    return TpmKey.load(path, chip)


def test_the_key_survives_the_chip_s_restart_and_not_its_replacement(tmp_path: Path) -> None:
    with swtpm(tmp_path / "a") as path:
        key = TpmKey.make(opener(path))
        key.save(tmp_path / "k")
    with swtpm(tmp_path / "a") as path:
        assert believed(key, key.sign(DATA))  # a running program finds the way again
        key.close()
        again = TpmKey.load(tmp_path / "k", opener(path))
        again.close()
    with swtpm(tmp_path / "b") as path, pytest.raises(KeyUnavailable) as told:
        TpmKey.load(tmp_path / "k", opener(path))
    assert told.value.fault == TpmFault.OTHER


def test_many_threads_take_turns(emulated: Path) -> None:
    key = TpmKey.make(opener(emulated))
    signed: list[bool] = []
    threads = [
        threading.Thread(target=lambda n=n: signed.append(believed(key, key.sign(b"%d" % n), b"%d" % n)))  # type: ignore[misc]
        for n in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    key.close()
    assert signed == [True] * 8


# ---- what a chip can say ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "fault"),
    [
        (FileNotFoundError(errno.ENOENT, ""), TpmFault.ABSENT),
        (OSError(errno.ENODEV, ""), TpmFault.ABSENT),
        (PermissionError(errno.EACCES, ""), TpmFault.NO_RIGHTS),
        (OSError(errno.EBUSY, ""), TpmFault.BUSY),
        (OSError(errno.EIO, ""), TpmFault.BROKEN),
    ],
)
def test_a_way_that_cannot_be_opened_has_its_word(away: OSError, fault: TpmFault) -> None:
    chip = PaperChip()
    chip.away = away
    with pytest.raises(KeyUnavailable) as told:
        TpmKey.make(chip.open)
    assert told.value.fault == fault
    assert fault_of_chip(chip.open) is fault


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (0x902, TpmFault.BUSY),  # all places taken
        (0x921, TpmFault.LOCKED),
        (0x9A2, TpmFault.OWNED),  # the owner's password is not the empty one
        (0x98E, TpmFault.OWNED),
        (0x185, TpmFault.OWNED),  # hierarchy switched off
        (0x01E, TpmFault.UNSUITED),  # what a TPM 1.2 says to this
        (0x2E6, TpmFault.UNSUITED),  # TPM_RC_CURVE of the second parameter
        (0x143, TpmFault.UNSUITED),
        (0x100, TpmFault.BROKEN),  # not started up
        (0x101, TpmFault.BROKEN),  # failed
        (0x0B0902, TpmFault.BUSY),  # the same, said by the resource manager
    ],
)
def test_a_refusal_has_its_word(code: int, fault: TpmFault) -> None:
    chip = PaperChip()
    chip.says = {CREATE_PRIMARY: [code] * 2}
    with pytest.raises(KeyUnavailable) as told:
        TpmKey.make(chip.open)
    assert (told.value.fault, told.value.detail) == (fault, f"{code:#x}")
    assert fault_of_chip(chip.open) is fault
    assert (chip.opened, chip.loaded) == (0, {})


def test_a_chip_that_is_busy_for_a_moment_is_asked_again_with_longer_pauses() -> None:
    chip, pauses = PaperChip(), []
    chip.says = {CREATE: [0x922, 0x908, 0x90A]}
    key = TpmKey.make(chip.open, pauses.append)
    assert believed(key, key.sign(DATA))
    assert pauses == [0.05, 0.1, 0.2]
    chip.says = {SIGN: [0x922] * 12}
    with pytest.raises(KeyUnavailable) as told:
        key.sign(DATA)
    assert told.value.fault == TpmFault.BUSY
    assert sum(pauses) < 4
    assert believed(key, key.sign(DATA))  # and later it is not busy any more


def test_a_lost_way_is_opened_once_more_and_then_told() -> None:
    chip = PaperChip()
    key = TpmKey.make(chip.open)
    chip.loaded.clear()  # it was reset meanwhile
    assert believed(key, key.sign(DATA))
    chip.breaks = [OSError(errno.EPIPE, "")]
    chip.loaded.clear()
    assert believed(key, key.sign(DATA))
    chip.loaded.clear()
    chip.breaks = [OSError(errno.EIO, ""), OSError(errno.EIO, ""), OSError(errno.EIO, "")]
    chip.away = OSError(errno.ENODEV, "")
    with pytest.raises(KeyUnavailable) as told:
        key.sign(DATA)
    assert told.value.fault == TpmFault.ABSENT
    chip.away, chip.breaks = None, []
    assert believed(key, key.sign(DATA))


def test_another_chip_and_a_cleared_one_are_not_taken_for_the_same(tmp_path: Path) -> None:
    chip = PaperChip()
    TpmKey.make(chip.open).save(tmp_path / "k")
    with pytest.raises(KeyUnavailable) as told:
        TpmKey.load(tmp_path / "k", PaperChip(b"two").open)
    assert told.value.fault == TpmFault.OTHER


def test_a_chip_that_signs_wrongly_holds_no_key() -> None:
    chip, other = PaperChip(), PaperChip()
    honest = chip.exchange
    liar = TpmKey.make(other.open)

    def lying(command: bytes) -> bytes:
        if int.from_bytes(command[6:10], "big") != SIGN:
            return honest(command)
        sig = liar.sign(DATA)
        body = struct.pack(">HH", 0x18, 0x0B) + b"".join(struct.pack(">H", 32) + n for n in (sig[:32], sig[32:]))
        whole = struct.pack(">I", len(body)) + body
        return struct.pack(">HII", 0x8002, 10 + len(whole), 0) + whole

    chip.exchange = lying  # type: ignore[method-assign]
    with pytest.raises(KeyUnavailable) as told:
        TpmKey.make(chip.open)
    assert told.value.fault == TpmFault.BROKEN
    assert chip.opened == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff{", b"[]", b"{}", b'{"suite":"tpm2/ecdsa-p256-sha256","private":"AA","public":"AA","parent":"AA"}'],
)
def test_a_broken_file_is_told_without_asking_the_chip(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k").write_bytes(content)
    chip = PaperChip()
    with pytest.raises(KeyFileBroken):
        TpmKey.load(tmp_path / "k", chip.open)
    assert chip.heard == []


def test_nothing_secret_is_shown() -> None:
    key = TpmKey.make(PaperChip().open)
    assert repr(key) == f"TpmKey({key.kid})"


# ---- the way to it ----------------------------------------------------------------------------------------------


def test_what_is_no_device_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"keep")
    assert fault_of_chip(opener(tmp_path / "f")) is TpmFault.ABSENT
    assert fault_of_chip(opener(tmp_path / "nothing")) is TpmFault.ABSENT
    assert fault_of_chip(opener(tmp_path)) is TpmFault.ABSENT
    assert (tmp_path / "f").read_bytes() == b"keep"


def test_a_device_that_is_no_chip_is_broken() -> None:
    assert fault_of_chip(opener(Path("/dev/null"))) is TpmFault.BROKEN


def test_an_answer_comes_whole_from_a_way_that_cuts_it(tmp_path: Path) -> None:
    whole = struct.pack(">HII", 0x8001, 10, 0x921)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()

        def answer() -> None:
            end, _ = listening.accept()
            with end:
                end.recv(4096)
                for byte in whole:
                    end.sendall(bytes([byte]))

        other = threading.Thread(target=answer)
        other.start()
        wire = DeviceWire(tmp_path / "s")
        assert wire.exchange(tpm_bytes.create_primary()) == whole
        other.join()
        wire.close()


def test_a_device_node_is_spoken_to_and_the_key_signs_over_it() -> None:
    """A pseudo-terminal is the only device node that a test can make; a chip of paper sits at its other end."""
    ours, node = pty.openpty()
    tty.setraw(node)
    chip = PaperChip()

    def sit() -> None:
        for _ in range(6):  # primary, create, load, flush, the proof, one more signature
            command = b""
            while len(command) < 10 or len(command) < int.from_bytes(command[2:6], "big"):
                command += os.read(ours, 4096)
            os.write(ours, chip.exchange(command))

    other = threading.Thread(target=sit, daemon=True)
    other.start()
    key = TpmKey.make(opener(Path(os.ttyname(node))))
    assert believed(key, key.sign(DATA))
    other.join()
    os.close(ours)
    key.close()
    os.close(node)


def test_a_chip_that_says_nothing_is_busy_and_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trust.tpm.ANSWER_S", 0.01)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        assert fault_of_chip(opener(tmp_path / "s")) is TpmFault.BUSY


# ---- the bytes --------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_survived(answer: bytes) -> None:
    whole = struct.pack(">HII", 0x8002, 10 + len(answer), 0) + answer
    for data in (answer, whole):
        for read in (
            tpm_bytes.handle,
            tpm_bytes.handle_and_public,
            tpm_bytes.private,
            tpm_bytes.private_and_public,
            tpm_bytes.signature,
            tpm_bytes.nothing,
            tpm_bytes.point_of,
        ):
            try:
                read(data)
            except (tpm_bytes.TpmNonsense, tpm_bytes.TpmSaid):
                continue


@given(st.binary(min_size=1, max_size=32), st.binary(min_size=1, max_size=32))
def test_a_signature_is_64_bytes_however_the_chip_writes_its_numbers(r: bytes, s: bytes) -> None:
    body = struct.pack(">HH", 0x18, 0x0B) + struct.pack(">H", len(r)) + r + struct.pack(">H", len(s)) + s
    whole = struct.pack(">I", len(body)) + body
    sig = tpm_bytes.signature(struct.pack(">HII", 0x8002, 10 + len(whole), 0) + whole)
    assert (int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")) == (
        int.from_bytes(r, "big"),
        int.from_bytes(s, "big"),
    )
    assert len(sig) == 64
