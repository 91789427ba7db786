"""A port is kept for who comes back to it, and is nobody else's meanwhile."""

import socket

import pytest

from hardware.twins.seat import HOST, take_seat


def test_a_kept_port_refuses_is_listened_at_again_and_is_nobody_elses() -> None:
    with take_seat() as seat:
        port = seat.getsockname()[1]
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((HOST, port), 20.0)
            with socket.create_server((HOST, port)) as server, socket.create_connection((HOST, port), 20.0) as near:
                far, _ = server.accept()
                far.sendall(b"!")
                assert near.recv(1) == b"!"
                far.close()
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind((HOST, port))
