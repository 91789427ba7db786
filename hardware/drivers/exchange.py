"""Asking a device over a byte link and hearing its answer among whatever else the line carries."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from hardware.api.clock import Clock
from hardware.api.errors import DeviceBrokeRules, DeviceError, LinkLost, NotAnswering
from hardware.api.link import ByteLink
from hardware.api.status import OFFLINE, DeviceState, Status

Piece = TypeVar("Piece", covariant=True)
P = TypeVar("P")
T = TypeVar("T")


class PieceReader(Protocol[Piece]):
    """A codec's reader."""

    def feed(self, chunk: bytes) -> Sequence[Piece]: ...

    def quiet(self) -> Sequence[Piece]: ...


def hear(
    link: ByteLink,
    clock: Clock,
    reader: PieceReader[P],
    wanted: Callable[[P], T | None],
    within_s: float,
    *,
    then_quiet: bool = True,
) -> T | None:
    """The first thing that `wanted` makes of a piece, or None when `within_s` has passed. Raises LinkLost.

    Every piece heard is shown to `wanted`. Bytes that babble on do not hold it past its time. `then_quiet`: when the
    time has passed, what the reader still holds will not be completed.
    """
    deadline = clock.monotonic() + within_s
    while True:
        left_s = deadline - clock.monotonic()
        chunk = link.read(left_s) if left_s > 0 else b""
        found: T | None = None
        for piece in reader.feed(chunk) if chunk else reader.quiet() if then_quiet else ():
            made = wanted(piece)
            found = made if found is None else found
        if found is not None or not chunk:
            return found


def no_answer(heard_anything: bool, asked: str) -> DeviceError:
    """What to raise when a question stayed open: silence, or a line that talks and never answers."""
    if heard_anything:
        return DeviceBrokeRules(f"{asked}: something answers, but not this question")
    return NotAnswering(f"{asked}: no answer")


def status_of(error: DeviceError) -> Status:
    """The state that a failed question shows: offline when nothing is heard, in error when nonsense is."""
    if isinstance(error, LinkLost):
        return OFFLINE
    state = DeviceState.OFFLINE if isinstance(error, NotAnswering) else DeviceState.ERROR
    return Status(state, error.fault)
