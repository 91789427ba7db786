"""A touch until the glass had changed, and how evenly pages slide, in every way of seeing.

Beside both the least there is: the same touch on an empty window in which one rectangle changes its colour. The
terminal runs whole in a process of its own, drawn by the software renderer without a display.
"""

from bench.figures import Row, quantile
from bench.outside import EMPTY_WINDOW, Outside
from demo.world import World

TOUCH_GOAL_MS = 33.0
SLIDE_GOAL_MS = 1000 / 30
SAID = {
    "plain": "as it comes",
    "elder": "large type",
    "contrast": "high contrast",
    "low": "low reach",
    "magnify": "magnifier",
    "wide": "wide glass",
    "wide-elder-contrast": "wide glass, large type, high contrast",
}


def measure(quick: bool) -> list[Row]:
    """Two rows for each way: touches, and the gaps between the frames of slides."""
    with World(calm=False) as world:
        world.enrol()
        outside = Outside(world)
        alone = outside.serve("bare", "--count", "3" if quick else "100")
        found = outside.serve("modes", "--count", "4" if quick else "120")
    rows = []
    for name, (touched, gaps) in found.items():
        rows.append(_row(f"mode-{name}", f"touch → changed frame, {SAID[name]}", touched, alone, TOUCH_GOAL_MS))
        if name != "magnify":  # in which no page is turned by touch
            what = f"between two frames of a page's slide, {SAID[name]}"
            rows.append(_row(f"slide-{name}", what, gaps, alone, SLIDE_GOAL_MS))
    return rows


def _row(name: str, what: str, took: list[float], alone: list[float], goal_ms: float) -> Row:
    worst = quantile(took, 0.99)
    goal = f"p99 ≤ {goal_ms:.0f} ms"
    return Row.of_times(name, what, took, EMPTY_WINDOW, alone, goal=goal, met=worst <= goal_ms)
