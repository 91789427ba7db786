"""Guide light = the picture on the screen: after every event the spot that is drawn is the lamp that is lit."""

import random

from hardware.api.lights import Spot
from kiosk.journeys import orders as o
from kiosk.view import DoorBody, IdentifyBody, LeavingBody, Page, TakeBody, View, WorkingBody
from tests.journeys.walker import ITEMS, Walker

WALKS, STEPS = 12, 220
ANNOUNCED = {None, Spot.PAGES, Spot.SLIP}
"""While the terminal works the lamp may show already where it will come out."""


def drawn(view: View) -> Spot | None:
    """The spot that this page's picture has lit."""
    match view.body:
        case IdentifyBody(spot=spot) | TakeBody(spot=spot):
            return spot
        case DoorBody(door=door):
            return Spot.LOCKER if door else None
        case _:
            return None


def lit(walker: Walker) -> Spot | None:
    """The lamp as the last order left it; forgetting the person switches it off."""
    for order in reversed(walker.orders):
        if isinstance(order, o.Light):
            return order.spot
    return None


def test_the_lamp_and_the_picture_show_the_same_place() -> None:
    seen: set[tuple[Page, Spot | None]] = set()

    def same(walker: Walker) -> None:
        view = walker.view()
        if isinstance(view.body, LeavingBody):
            return  # there the lamp follows what still lies about: tests of the hand
        if isinstance(view.body, WorkingBody):
            assert lit(walker) in ANNOUNCED, walker.visit.phase
        else:
            assert lit(walker) == drawn(view), (view.page, walker.visit.phase, getattr(walker.visit.inner, "phase", ""))
        seen.add((view.page, drawn(view)))

    for item in ITEMS:
        for seed in range(WALKS):
            chance = random.Random(seed)
            Walker(items=(item.code,)).walk([chance.randrange(10_000) for _ in range(STEPS)], same)
    places = {spot for _, spot in seen}
    assert places >= {None, Spot.CARD, Spot.PAGES, Spot.SLIP, Spot.LOCKER}
