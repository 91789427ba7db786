"""Where the terminal's key lies: made, found again, moved into the chip, and never replaced by itself."""

import errno
from pathlib import Path

import pytest

from offline_cache import own_key
from offline_cache.enrol import NotEnrolled, WhyNotEnrolled, enrol_here
from offline_cache.identity import IDENTITY_FILE, Identity, IdentityFault
from offline_cache.link import Answer, Failed, Link, LinkFault
from offline_cache.own_key import (
    KEY_FILE,
    TPM_FILE,
    KeyHold,
    KeyPlace,
    NotMoved,
    WhyNotMoved,
    load,
    load_or_make,
    move_into_tpm,
    place_of,
    told,
)
from tests.offline_cache.world import IDENTITY, CentralEnd, HandClock, serving
from tests.trust.chip import CREATE, CREATE_PRIMARY, IMPORT, LOAD, SIGN, PaperChip
from trust.files import unfinished
from trust.keys import USE_TERMINAL, KeyFileBroken, KeyRing, KeyUnavailable, SigningKey
from trust.tpm import TpmFault, TpmKey

BROKEN_PEM = b"\x17" * 241


class Cut(BaseException):
    """The power."""


def held(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


# ---- making ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hold", [KeyHold.AUTO, KeyHold.TPM])
def test_where_there_is_a_chip_the_key_is_made_in_it(tmp_path: Path, hold: KeyHold) -> None:
    chip = PaperChip()
    key = load_or_make(tmp_path, hold, chip.open)
    assert (key.level, place_of(tmp_path, key)) == ("tpm", KeyPlace.TPM)
    assert held(tmp_path) == {TPM_FILE: 0o600}
    assert load_or_make(tmp_path, KeyHold.FILE, chip.open).kid == key.kid  # the setting is for making only
    assert held(tmp_path) == {TPM_FILE: 0o600}


@pytest.mark.parametrize("away", [None, FileNotFoundError(errno.ENOENT, ""), PermissionError(errno.EACCES, "")])
def test_without_a_chip_that_works_the_key_is_in_a_file_or_nowhere(tmp_path: Path, away: OSError | None) -> None:
    chip = PaperChip()
    chip.away = away
    if away is None:
        chip.says = {CREATE: [0x101, 0x101]}
    with pytest.raises(KeyUnavailable):
        load_or_make(tmp_path, KeyHold.TPM, chip.open)
    assert held(tmp_path) == {}
    key = load_or_make(tmp_path, KeyHold.AUTO, chip.open)
    assert (key.level, place_of(tmp_path, key)) == ("file", KeyPlace.FILE)
    assert held(tmp_path) == {KEY_FILE: 0o600}


def test_a_file_shall_hold_it_and_no_chip_is_asked(tmp_path: Path) -> None:
    chip = PaperChip()
    assert load_or_make(tmp_path, KeyHold.FILE, chip.open).level == "file"
    assert chip.heard == []
    assert told(tmp_path, KeyHold.FILE, chip.open) == ("key.place.file",)
    assert chip.heard == []


def test_a_key_in_a_file_is_not_good_enough_where_the_chip_is_wanted(tmp_path: Path) -> None:
    SigningKey.generate().save(tmp_path / KEY_FILE)
    with pytest.raises(KeyUnavailable) as refused:
        load_or_make(tmp_path, KeyHold.TPM, PaperChip().open)
    assert refused.value.fault == own_key.IN_FILE


@pytest.mark.parametrize("hold", list(KeyHold))
def test_a_chip_that_fails_later_brings_no_new_key(tmp_path: Path, hold: KeyHold) -> None:
    chip = PaperChip()
    before = load_or_make(tmp_path, KeyHold.TPM, chip.open)
    own_key.let_go(before)
    chip.away = FileNotFoundError(errno.ENOENT, "")
    with pytest.raises(KeyUnavailable):
        load_or_make(tmp_path, hold, chip.open)
    with pytest.raises(KeyUnavailable):
        load_or_make(tmp_path, hold, PaperChip(b"another").open)
    assert held(tmp_path) == {TPM_FILE: 0o600}
    chip.away = None
    assert load(tmp_path, chip.open).kid == before.kid


@pytest.mark.parametrize("name", [KEY_FILE, TPM_FILE])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"damaged")
    with pytest.raises(KeyFileBroken):
        load_or_make(tmp_path, KeyHold.AUTO, PaperChip().open)
    assert (tmp_path / name).read_bytes() == b"damaged"


# ---- enrolment and identity --------------------------------------------------------------------------------------


def test_central_is_told_what_holds_the_key(tmp_path: Path) -> None:
    end, chip = CentralEnd(), PaperChip()
    said: list[bytes] = []
    end.when = lambda handler: said.append(handler.body)
    with serving(end) as url:
        identity = enrol_here(url, "CODE-1", tmp_path, HandClock(), hold=KeyHold.AUTO, tpm=chip.open)
        refused = enrol_here(url, "CODE-1", tmp_path / "b", HandClock(), hold=KeyHold.TPM, tpm=broken_chip().open)
    assert isinstance(identity, Identity)
    assert len(said) == 1
    assert b'"level":"tpm"' in said[0]
    assert identity.key.kid.encode() in said[0]
    assert held(tmp_path / "b") == {}
    assert refused == NotEnrolled(WhyNotEnrolled.KEY, "tpm.broken")
    again = Identity.load(tmp_path, chip.open)
    assert isinstance(again, Identity)
    assert (again.key.kid, again.key.level) == (identity.key.kid, "tpm")


def broken_chip() -> PaperChip:
    chip = PaperChip()
    chip.says = {CREATE_PRIMARY: [0x101] * 9}
    return chip


@pytest.mark.parametrize("fault", list(TpmFault))
def test_every_fault_of_the_chip_is_one_of_the_identity(fault: TpmFault) -> None:
    assert IdentityFault(fault.value).of_the_key


def test_a_terminal_whose_chip_is_another_does_not_know_itself(tmp_path: Path) -> None:
    chip = PaperChip()
    Identity("31", "site-1", "terminal-1", IDENTITY.keys, TpmKey.make(chip.open)).save(tmp_path)
    assert held(tmp_path) == {TPM_FILE: 0o600, IDENTITY_FILE: 0o600}
    assert isinstance(Identity.load(tmp_path, chip.open), Identity)
    found = Identity.load(tmp_path, PaperChip(b"another").open)
    assert found is IdentityFault.TPM_OTHER
    assert not IdentityFault.DAMAGED.of_the_key
    assert not IdentityFault.MISSING.of_the_key


def test_a_request_that_the_chip_does_not_sign_is_not_sent(tmp_path: Path) -> None:
    end, chip = CentralEnd(), PaperChip()
    key = TpmKey.make(chip.open)
    chip.away, chip.loaded = FileNotFoundError(errno.ENOENT, ""), {}
    with serving(end) as url:
        link = Link(url, key, HandClock())
        assert link.exchange("GET", "/v1/mirror?have=0") == Failed(LinkFault.KEY, word="tpm.absent")
        link.close()
    assert end.seen == []


def test_what_the_chip_signs_central_believes() -> None:
    chip = PaperChip()
    key = TpmKey.make(chip.open)
    end = CentralEnd(terminal=key)  # type: ignore[arg-type]
    with serving(end) as url:
        link = Link(url, key, HandClock())
        answer = link.exchange("GET", "/v1/mirror?have=0", expect=frozenset({200, 304}))
        link.close()
    assert isinstance(answer, Answer)


# ---- moving ------------------------------------------------------------------------------------------------------


def a_file(folder: Path) -> tuple[SigningKey, bytes]:
    key = SigningKey.generate()
    key.save(folder / KEY_FILE)
    return key, (folder / KEY_FILE).read_bytes()


def test_a_key_is_moved_and_stays_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chip, (key, secret) = PaperChip(), a_file(tmp_path)
    assert told(tmp_path, KeyHold.AUTO, chip.open) == ("key.place.file", "key.tip.move")
    assert told(tmp_path, KeyHold.TPM, chip.open) == ("key.place.file", "key.tip.wanted", "key.tip.move")
    last: list[bytes] = []
    unlink = Path.unlink

    def seen(path: Path, missing_ok: bool = False) -> None:
        if path.name == KEY_FILE:
            last.append(path.read_bytes())
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", seen)
    assert move_into_tpm(tmp_path, chip.open) is KeyPlace.MOVED
    assert held(tmp_path) == {TPM_FILE: 0o600}
    assert len(last[0]) == len(secret)
    assert b"PRIVATE" not in last[0]
    assert told(tmp_path, KeyHold.TPM, chip.open) == ("key.place.moved",)
    moved = load(tmp_path, chip.open)
    assert (moved.kid, moved.level) == (key.kid, "tpm")
    ring = KeyRing([key.public(USE_TERMINAL)])
    assert ring.verify(USE_TERMINAL, key.kid, b"data", moved.sign(b"data"), HandClock().now())
    assert move_into_tpm(tmp_path, chip.open) is KeyPlace.MOVED  # nothing to do
    own_key.let_go(moved)
    assert (chip.opened, chip.loaded) == (0, {})


@pytest.mark.parametrize("moved_before", [False, True])
def test_a_copy_that_a_cut_left_beside_the_file_goes_with_it(tmp_path: Path, moved_before: bool) -> None:
    chip, (_, secret) = PaperChip(), a_file(tmp_path)
    if moved_before:
        assert move_into_tpm(tmp_path, chip.open) is KeyPlace.MOVED
    unfinished(tmp_path / KEY_FILE).write_bytes(secret)
    assert move_into_tpm(tmp_path, chip.open) is KeyPlace.MOVED
    assert held(tmp_path) == {TPM_FILE: 0o600}


STEPS = ("open", "write", "rename", "load", "overwrite", "remove")


@pytest.mark.parametrize("step", STEPS)
def test_a_cut_leaves_one_key_that_works_and_the_next_try_ends_the_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    chip, (key, secret) = PaperChip(), a_file(tmp_path)
    with monkeypatch.context() as cutting:
        cut_at(step, cutting, chip)
        with pytest.raises(Cut):
            move_into_tpm(tmp_path, chip.open)
    chip = PaperChip()  # it was without power, too
    found = load(tmp_path, chip.open)
    assert found.kid == key.kid
    assert found.sign(b"data")
    in_file = (tmp_path / KEY_FILE).exists() and (tmp_path / KEY_FILE).read_bytes() == secret
    assert (found.level == "file") is in_file  # what the disk gives away is never called the chip's
    if (tmp_path / KEY_FILE).exists() and (tmp_path / TPM_FILE).exists():
        assert place_of(tmp_path, found) is KeyPlace.BOTH
    own_key.let_go(found)
    assert move_into_tpm(tmp_path, chip.open) is KeyPlace.MOVED
    assert held(tmp_path) == {TPM_FILE: 0o600}
    assert load(tmp_path, chip.open).kid == key.kid


def cut_at(step: str, cutting: pytest.MonkeyPatch, chip: PaperChip) -> None:
    def cut(*_: object, **__: object) -> None:
        raise Cut

    exchange, loads = chip.exchange, [0]

    def ask(command: bytes) -> bytes:
        code = int.from_bytes(command[6:10], "big")
        loads[0] += code == LOAD
        if (step == "open" and code == IMPORT) or (step == "load" and loads[0] == 2):
            raise Cut
        return exchange(command)

    if step in ("open", "load"):
        cutting.setattr(chip, "exchange", ask)
    elif step == "write":
        cutting.setattr(own_key.TpmKey, "save", cut)
    elif step == "rename":
        cutting.setattr(Path, "replace", cut)
    elif step == "overwrite":
        cutting.setattr(own_key.os, "urandom", lambda size: BROKEN_PEM[: size // 2])
        cutting.setattr(Path, "unlink", lambda path, missing_ok=False: cut() if path.name == KEY_FILE else None)
    else:
        cutting.setattr(own_key, "sync_folder", cut)


@pytest.mark.parametrize("code", [IMPORT, LOAD, SIGN, CREATE_PRIMARY])
def test_a_chip_that_refuses_leaves_the_file_as_it_was(tmp_path: Path, code: int) -> None:
    chip, (key, secret) = PaperChip(), a_file(tmp_path)
    chip.says = {code: [0x101, 0x101]}
    assert move_into_tpm(tmp_path, chip.open) == NotMoved(TpmFault.BROKEN, "0x101")
    assert (tmp_path / KEY_FILE).read_bytes() == secret
    assert load(tmp_path, chip.open).kid == key.kid
    assert (chip.opened, chip.loaded) == (0, {})


def test_a_move_that_was_cut_ends_in_another_chip_too(tmp_path: Path) -> None:
    key, _ = a_file(tmp_path)
    TpmKey.take_in(key, PaperChip(b"burnt").open).save(tmp_path / TPM_FILE)
    chip = PaperChip(b"new board")
    assert told(tmp_path, KeyHold.AUTO, chip.open) == ("key.place.both",)
    assert move_into_tpm(tmp_path, chip.open) is KeyPlace.MOVED
    assert load(tmp_path, chip.open).kid == key.kid


def test_a_damaged_wrapping_beside_a_whole_file_does_no_harm(tmp_path: Path) -> None:
    key, _ = a_file(tmp_path)
    (tmp_path / TPM_FILE).write_bytes(b"damaged")
    chip = PaperChip()
    assert load(tmp_path, chip.open).kid == key.kid
    assert move_into_tpm(tmp_path, chip.open) is KeyPlace.MOVED
    assert load(tmp_path, chip.open).kid == key.kid


def test_two_different_keys_are_left_to_a_person(tmp_path: Path) -> None:
    chip = PaperChip()
    a_file(tmp_path)
    TpmKey.make(chip.open).save(tmp_path / TPM_FILE)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert told(tmp_path, KeyHold.AUTO, chip.open) == ("key.two",)
    assert move_into_tpm(tmp_path, chip.open) == NotMoved(WhyNotMoved.TWO, "key.two")
    with pytest.raises(KeyFileBroken):
        load_or_make(tmp_path, KeyHold.AUTO, chip.open)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_cannot_be_moved_is_told(tmp_path: Path) -> None:
    chip = PaperChip()
    assert told(tmp_path, KeyHold.AUTO, chip.open) == ("key.none",)
    assert move_into_tpm(tmp_path, chip.open) == NotMoved(WhyNotMoved.NONE)
    (tmp_path / KEY_FILE).write_bytes(b"damaged")
    assert told(tmp_path, KeyHold.AUTO, chip.open) == ("key.broken",)
    assert move_into_tpm(tmp_path, chip.open) == NotMoved(WhyNotMoved.BROKEN, KEY_FILE)
    (tmp_path / KEY_FILE).unlink()
    (tmp_path / KEY_FILE).mkdir()
    assert told(tmp_path, KeyHold.AUTO, chip.open) == ("key.disk",)
    move = move_into_tpm(tmp_path, chip.open)
    assert isinstance(move, NotMoved)
    assert move.reason == WhyNotMoved.DISK
    chip.away = PermissionError(errno.EACCES, "")
    (tmp_path / KEY_FILE).rmdir()
    a_file(tmp_path)
    assert told(tmp_path, KeyHold.TPM, chip.open) == ("key.place.file", "key.tip.wanted", "tpm.no_rights")
