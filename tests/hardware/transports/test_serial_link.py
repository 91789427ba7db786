"""The serial link over a pseudo-terminal: bytes whole, one owner, every loss a LinkLost."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.api.errors import LinkLost
from hardware.transports.serial_link import SerialLink
from hardware.twins.wire import PtyWire, Twin, WireFault


class Parrot(Twin):
    """Says what it hears."""

    def __init__(self, wire: PtyWire) -> None:
        super().__init__(wire)
        self.heard = bytearray()
        self.power_on()

    def received(self, chunk: bytes) -> None:
        self.heard += chunk
        self.send(chunk)


@pytest.fixture
def parrot(tmp_path: Path) -> Iterator[Parrot]:
    with Parrot(PtyWire(tmp_path / "ttyTEST", 115200, pacing=False)) as parrot:
        yield parrot


@pytest.fixture
def link(parrot: Parrot) -> Iterator[SerialLink]:
    link = SerialLink(str(parrot.wire.link_path), 115200)
    link.open()
    yield link
    link.close()


def read(link: SerialLink, count: int) -> bytes:
    data = b""
    while len(data) < count:
        chunk = link.read(20.0)
        assert chunk, "nothing came"
        data += chunk
    return data


def test_every_byte_goes_both_ways_unchanged(link: SerialLink) -> None:
    sent = bytes(range(256)) * 4  # all values: no line discipline may touch CR, LF, 03, 11, 13, FF
    link.write(sent)
    assert read(link, len(sent)) == sent


def test_more_than_the_buffers_hold_is_sent_whole(
    link: SerialLink, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = os.urandom(100_000)
    # A parrot whose host reads late would lose what goes beyond it, as a UART does.
    monkeypatch.setattr("hardware.twins.wire.MOST_UNSENT", len(sent))
    got = bytearray()
    reader = threading.Thread(target=lambda: got.extend(read(link, len(sent))))
    reader.start()
    link.write(sent)
    reader.join(30.0)
    assert bytes(got) == sent
    assert bytes(parrot.heard) == sent


def test_silence_is_no_bytes(link: SerialLink) -> None:
    assert link.read(0.0) == b""
    assert link.read(0.01) == b""
    assert link.read(-1.0) == b""


def test_a_second_owner_is_refused(link: SerialLink) -> None:
    with pytest.raises(LinkLost):
        SerialLink(link.path, link.baud).open()


def test_what_is_not_open_or_not_there_is_lost(tmp_path: Path) -> None:
    link = SerialLink(str(tmp_path / "nothing"), 9600)
    for use in (link.open, lambda: link.read(0.0), lambda: link.write(b"x"), link.discard_input):
        with pytest.raises(LinkLost):
            use()
    link.close()


def test_a_file_that_is_no_port_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    with pytest.raises(LinkLost):
        SerialLink(str(path), 9600).open()


def test_a_pulled_cable_is_lost_for_who_reads_and_for_who_writes(link: SerialLink, parrot: Parrot) -> None:
    parrot.unplug()
    with pytest.raises(LinkLost):
        link.read(20.0)
    with pytest.raises(LinkLost):
        link.read(0.0)  # and stays lost
    parrot.replug()
    link.open()
    parrot.unplug()
    with pytest.raises(LinkLost):
        link.write(b"x")
    with pytest.raises(LinkLost):
        link.open()


def test_a_cable_pulled_while_someone_waits_wakes_the_waiter(link: SerialLink, parrot: Parrot) -> None:
    seen: list[BaseException] = []

    def wait() -> None:
        try:
            link.read(60.0)
        except LinkLost as error:
            seen.append(error)

    waiter = threading.Thread(target=wait)
    waiter.start()
    parrot.unplug()
    waiter.join(20.0)
    assert len(seen) == 1


def test_after_replugging_the_same_name_works_again(link: SerialLink, parrot: Parrot) -> None:
    parrot.unplug()
    parrot.replug()
    link.open()
    link.write(b"again")
    assert read(link, 5) == b"again"


def test_a_cable_pulled_in_mid_answer(link: SerialLink, parrot: Parrot) -> None:
    parrot.wire.disturb(WireFault.PULLED_HALFWAY)
    link.write(b"12345678")
    got = b""
    with pytest.raises(LinkLost):  # noqa: PT012 - the half that came first is part of what is checked
        while True:
            got += link.read(20.0)
    assert b"12345678".startswith(got)
    assert len(got) <= 4
    assert not parrot.wire.plugged


def test_old_bytes_are_forgotten(link: SerialLink) -> None:
    link.write(b"old")
    first = link.read(20.0)
    link.write(b"older")
    while len(first) < 4:  # at least one of the second lot has come, so there is something to forget
        first += link.read(20.0)
    link.discard_input()
    link.write(b"!")
    rest = b""
    while not rest.endswith(b"!"):
        rest += link.read(20.0)
    assert len(rest) <= len("older") + 1


def test_bytes_from_before_opening_are_not_read(parrot: Parrot) -> None:
    sent = threading.Event()
    parrot.send(b"before")
    parrot.wire.later(0.0, sent.set)
    assert sent.wait(20.0)
    link = SerialLink(str(parrot.wire.link_path), 115200)
    link.open()
    link.write(b"x")
    assert read(link, 1) == b"x"
    link.close()


def test_a_wire_that_takes_no_bytes_is_lost(tmp_path: Path) -> None:
    master, slave = os.openpty()  # nobody reads the master
    try:
        link = SerialLink(os.ttyname(slave), 115200, stall_s=0.05)
        link.open()
        with pytest.raises(LinkLost):
            link.write(bytes(1_000_000))
    finally:
        os.close(master)
        os.close(slave)
