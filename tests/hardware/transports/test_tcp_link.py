"""The TCP link against a socket of our own: bytes whole, every loss a LinkLost."""

import socket
import threading
from collections.abc import Iterator

import pytest

from hardware.api.errors import LinkLost
from hardware.transports.tcp_link import TcpLink


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20.0)
        yield server


@pytest.fixture
def link(server: socket.socket) -> Iterator[TcpLink]:
    link = TcpLink("127.0.0.1", server.getsockname()[1], connect_s=20.0, stall_s=20.0)
    yield link
    link.close()


def test_bytes_go_both_ways(server: socket.socket, link: TcpLink) -> None:
    link.open()
    peer, _ = server.accept()
    with peer:
        link.write(b"\x10\x04\x01")
        assert peer.recv(10) == b"\x10\x04\x01"
        assert link.read(0.0) == b""
        peer.sendall(b"\x12")
        assert link.read(20.0) == b"\x12"


def test_old_bytes_are_forgotten(server: socket.socket, link: TcpLink) -> None:
    link.open()
    peer, _ = server.accept()
    with peer:
        peer.sendall(b"old" * 2000)
        assert link.read(20.0).startswith(b"old")
        link.discard_input()
        peer.sendall(b"!")
        data = b""
        while not data.endswith(b"!"):
            data += link.read(20.0)


def test_a_peer_that_hangs_up_is_lost_and_can_be_had_again(server: socket.socket, link: TcpLink) -> None:
    link.open()
    server.accept()[0].close()
    with pytest.raises(LinkLost):
        link.read(20.0)
    with pytest.raises(LinkLost):
        link.read(0.0)
    link.open()
    peer, _ = server.accept()
    with peer:
        peer.sendall(b"x")
        assert link.read(20.0) == b"x"


def test_nobody_there_is_lost(server: socket.socket, link: TcpLink) -> None:
    server.close()
    with pytest.raises(LinkLost):
        link.open()
    with pytest.raises(LinkLost):
        link.write(b"x")


def test_a_name_that_is_none_is_lost() -> None:
    with pytest.raises(LinkLost):
        TcpLink("." * 300, 9100).open()


def test_a_large_slip_is_sent_whole(server: socket.socket, link: TcpLink) -> None:
    link.open()
    peer, _ = server.accept()
    got = bytearray()

    def drink() -> None:
        while chunk := peer.recv(65536):
            got.extend(chunk)

    drinker = threading.Thread(target=drink)
    drinker.start()
    link.write(b"slip" * 250_000)
    link.close()
    drinker.join(20.0)
    peer.close()
    assert bytes(got) == b"slip" * 250_000


def test_a_peer_that_takes_no_bytes_is_lost(server: socket.socket) -> None:
    link = TcpLink("127.0.0.1", server.getsockname()[1], connect_s=20.0, stall_s=0.2)
    link.open()
    peer, _ = server.accept()
    with peer, pytest.raises(LinkLost):
        link.write(bytes(50_000_000))
    link.close()
