"""Cutting bytes into chunks at random, as a wire does."""

import itertools
from typing import Any

from hypothesis import strategies as st


@st.composite
def chunks_of(draw: Any, data: bytes) -> list[bytes]:
    """`data` in chunks of any sizes, empty ones among them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    edges = [0, *cuts, len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


def merged(pieces: list[Any], noise: type[Any]) -> list[Any]:
    """Neighbouring noise made one, so that two ways of cutting can be compared."""
    out: list[Any] = []
    for piece in pieces:
        if isinstance(piece, noise) and out and isinstance(out[-1], noise):
            out[-1] = noise(out[-1].raw + piece.raw)
        else:
            out.append(piece)
    return out
