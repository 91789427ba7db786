"""Ways in which a wire may cut a stream."""

from collections.abc import Iterator

from hypothesis import strategies as st


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """`data` in pieces of the given sizes, over and over; the last piece is what is left."""
    at = turn = 0
    while at < len(data):
        size = sizes[turn % len(sizes)] if sizes else len(data)
        yield data[at : at + size]
        at += size
        turn += 1


piece_sizes = st.lists(st.integers(1, 40), max_size=12)
