"""A touch until the glass had changed, on the real pages, idle and while 20 MB submissions are being uploaded.

Beside it the least there is: the same touch on an empty window in which one rectangle changes its colour. The terminal
runs whole in a process of its own, its screen drawn by the software renderer without a display: what a display and a
touch controller add is not in the figures. Central runs in this process, on the same machine.
"""

from bench.figures import Row, quantile
from bench.outside import EMPTY_WINDOW, Outside
from demo.world import World

GOAL_MS = 33.0


def measure(quick: bool) -> list[Row]:
    """Idle and uploading: the pressed thing, and what was asked for."""
    with World(calm=False) as world:
        world.enrol()
        outside = Outside(world)
        alone = outside.serve("bare", "--count", "3" if quick else "100")
        found = outside.serve("touch", "--count", "8" if quick else "200")
    width, height = found["size"]
    drawn = f"{width} × {height}, software renderer; {found['proved']} different things were seen to change, picture"
    drawn += " against picture"
    if found["unproved"]:
        drawn += f"; NOT seen to change: {', '.join(found['unproved'])}"
    sent = f"{found['sent']} submissions of 20 MB went to central over the loopback, as fast as it took them; only"
    sent += " touches with one under way are counted"
    rows = []
    for name, when, note in (("idle", "idle", drawn), ("uploading", "while 20 MB submissions upload", sent)):
        pressed, page, same = found[name]
        rows += [
            _row(f"touch-{name}", f"touch → changed frame, {when}", pressed, alone, note, goal=name == "idle"),
            _row(f"answer-{name}", f"finger up → what was asked for, same page, {when}", same, alone, ""),
            _row(f"page-{name}", f"finger up → next page's first frame, {when}", page, alone, ""),
        ]
    return rows


def _row(name: str, what: str, took: list[float], alone: list[float], note: str, *, goal: bool = False) -> Row:
    return Row.of_times(
        name,
        what,
        took,
        EMPTY_WINDOW,
        alone,
        goal=f"p99 ≤ {GOAL_MS:.0f} ms" if goal else "",
        met=quantile(took, 0.99) <= GOAL_MS if goal else None,
        note=note,
    )
