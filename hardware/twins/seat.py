"""A port of this machine that is kept while nobody listens at it: of a pulled cable, of a server that was killed."""

import socket

HOST = "127.0.0.1"


def take_seat() -> socket.socket:
    """A socket bound to a free port of 127.0.0.1 that never listens. While it is open the port is given to nobody.

    Who asks for this very port with SO_REUSEADDR may listen there, again and again; who connects meanwhile is refused.
    """
    seat = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    seat.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    seat.bind((HOST, 0))
    return seat
