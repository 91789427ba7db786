"""A card laid on the reader until its holder stands in the View, beside the bytes' own time on the wire.

The reader is a twin: it thinks in no time at all, where a real module takes some 100 to 400 ms over the air with the
card. What is measured is what we add to the wire: the wait for the next look, select and read, decoding, the journey,
the page. The terminal runs whole, without a screen, in a process of its own.
"""

from bench.figures import Row, median
from bench.outside import BITS_PER_BYTE, Outside
from demo.world import World

BAUD = 115_200
WARM_UP = 2


def measure(quick: bool) -> list[Row]:
    """One row."""
    count, warm_up = (2, 0) if quick else (40, WARM_UP)
    with World() as world:
        world.enrol()
        found = Outside(world).serve("card", "--count", str(count + warm_up))
    laps = found[warm_up:]
    took = [lap[0] * 1000 for lap in laps]
    wire = [(lap[1] + lap[2]) * BITS_PER_BYTE / BAUD * 1000 for lap in laps]
    return [
        Row.of_times(
            "card",
            "card laid → holder shown",
            took,
            "the same bytes at 115200 baud",
            wire,
            goal="≤ 1.15 ×",
            met=median(took) / median(wire) <= 1.15,
            note=f"{laps[0][1]:.0f} bytes asked and {laps[0][2]:.0f} answered (find, select, read) over a paced"
            f" pseudo-terminal; the twin thinks in 0 ms, a real module and its card take longer: this is our share"
            f" only; worst ratio {max(took) / median(wire):.2f}",
        )
    ]
