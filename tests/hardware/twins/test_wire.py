"""The twins' wire: its speed, its faults, its plug."""

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.transports.serial_link import SerialLink
from hardware.twins.wire import MOST_UNSENT, NOISE, TRACE_LENGTH, PtyWire, Twin, WireFault

FRAME = bytes(range(32, 64))


class Ear(Twin):
    """Remembers what it hears, and says nothing on its own."""

    def __init__(self, wire: PtyWire) -> None:
        super().__init__(wire)
        self.heard = bytearray()
        self.power_cuts = 0
        self.changed = threading.Condition()
        self.power_on()

    def received(self, chunk: bytes) -> None:
        with self.changed:
            self.heard += chunk
            self.changed.notify_all()

    def lost_power(self) -> None:
        self.power_cuts += 1


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    with Ear(PtyWire(tmp_path / "tty" / "EAR", 9600, pacing=False)) as ear:
        yield ear


@pytest.fixture
def link(ear: Ear) -> Iterator[SerialLink]:
    link = SerialLink(str(ear.wire.link_path), 9600)
    link.open()
    yield link
    link.close()


def all_that_comes(link: SerialLink, ear: Ear) -> bytes:
    """Everything sent so far: a mark is sent behind it."""
    ear.wire.calm()
    ear.send(b"<END>")
    data = b""
    while not data.endswith(b"<END>"):
        chunk = link.read(20.0)
        assert chunk, "nothing came"
        data += chunk
    return data.removesuffix(b"<END>")


def settle(ear: Ear) -> None:
    """Return when the wire has tried to send all that it was given."""
    settled = threading.Event()
    ear.wire.later(0.0, settled.set)
    assert settled.wait(20.0)


@pytest.mark.parametrize(
    ("fault", "comes"),
    [
        (WireFault.GARBAGE_BEFORE, NOISE + FRAME),
        (WireFault.NOISE_BETWEEN, FRAME[:16] + NOISE + FRAME[16:]),
        (WireFault.FLIPPED_BIT, FRAME[:16] + bytes([FRAME[16] ^ 0x10]) + FRAME[17:]),
        (WireFault.TRUNCATE, FRAME[:16]),
        (WireFault.SILENT, b""),
        (WireFault.SLOW, FRAME),
        (WireFault.TWICE, FRAME + FRAME),
    ],
)
def test_faults_do_what_they_say_once(ear: Ear, link: SerialLink, fault: WireFault, comes: bytes) -> None:
    ear.wire.disturb(fault)
    ear.send(FRAME)
    ear.send(b"well")
    assert all_that_comes(link, ear) == comes + b"well"


def test_interleaved_mixes_with_what_was_sent_before(ear: Ear, link: SerialLink) -> None:
    ear.send(b"--------")
    ear.wire.disturb(WireFault.INTERLEAVED)
    ear.send(b"abcdefgh")
    assert all_that_comes(link, ear) == b"--------" + b"abcd----efgh----"


def test_a_fault_can_stay(ear: Ear, link: SerialLink) -> None:
    ear.wire.disturb(WireFault.SILENT, times=-1)
    for _ in range(5):
        ear.send(FRAME)
    assert all_that_comes(link, ear) == b""


def test_every_fault_is_shown_above_or_in_the_link_s_tests() -> None:
    assert len(WireFault) == 7 + 2  # and INTERLEAVED, PULLED_HALFWAY


def test_bytes_take_their_time_both_ways(tmp_path: Path) -> None:
    wire = PtyWire(tmp_path / "EAR", 9600)
    with Ear(wire) as ear:
        link = SerialLink(str(wire.link_path), 9600)
        link.open()
        began = time.monotonic()
        ear.send(bytes(96))
        count = 0
        while count < 96:
            count += len(link.read(20.0))
        assert time.monotonic() - began >= 0.1  # never faster than the wire; how much slower is the machine's business
        began = time.monotonic()
        link.write(bytes(96))
        with ear.changed:
            assert ear.changed.wait_for(lambda: len(ear.heard) == 96, 20.0)
        assert time.monotonic() - began >= 0.1
        link.close()


def test_the_name_stays_and_power_is_lost_with_the_cable(ear: Ear) -> None:
    path = ear.wire.link_path
    assert path.is_symlink()
    ear.unplug()
    assert not path.is_symlink()
    assert not ear.wire.plugged
    ear.send(b"nobody hears this")
    ear.unplug()
    ear.replug()
    assert path.is_symlink()
    assert path.exists()
    assert ear.power_cuts == 1


def test_a_name_left_by_a_killed_program_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "EAR").symlink_to("/dev/pts/999999")
    with Ear(PtyWire(tmp_path / "EAR", 9600)) as ear:
        assert ear.wire.link_path.exists()
    assert not (tmp_path / "EAR").is_symlink()


def test_work_for_later_is_dropped_when_the_cable_is_pulled(ear: Ear) -> None:
    ran = []
    ear.wire.later(3600.0, lambda: ran.append(1))
    ear.unplug()
    ear.replug()
    done = threading.Event()
    ear.wire.later(0.0, done.set)
    assert done.wait(20.0)
    assert ran == []


def test_the_record_of_bytes_is_bounded_and_both_ways(ear: Ear, link: SerialLink) -> None:
    link.write(b"question")
    with ear.changed:
        assert ear.changed.wait_for(lambda: bytes(ear.heard) == b"question", 20.0)
    ear.send(b"answer")
    all_that_comes(link, ear)
    assert b"".join(piece for way, piece in ear.trace if way == "in") == b"question"
    assert b"".join(piece for way, piece in ear.trace if way == "out") == b"answer<END>"
    for _ in range(TRACE_LENGTH + 50):
        ear.send(b".")
    all_that_comes(link, ear)
    assert len(ear.trace) == TRACE_LENGTH


def test_a_host_that_reads_late_loses_nothing_until_much_is_unread(ear: Ear, link: SerialLink) -> None:
    sent = bytes(range(256)) * 200
    ear.send(sent)
    settle(ear)
    assert all_that_comes(link, ear) == sent
    ear.send(bytes(1_000_000))
    settle(ear)
    assert len(ear.wire._unsent) <= MOST_UNSENT + 512  # and one piece


def test_closing_twice_is_closing(tmp_path: Path) -> None:
    ear = Ear(PtyWire(tmp_path / "EAR", 9600))
    ear.close()
    ear.close()
    ear.replug()
    ear.wire.later(0.0, lambda: None)
    ear.send(b"nobody hears this")
    assert not ear.wire.plugged


def test_twins_refuse_to_be_built_in_a_shipped_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(RuntimeError, match="shipped"):
        PtyWire(tmp_path / "EAR", 9600)
