"""Whom a hand tells what it saw: the visit that gave the order, so that nothing reaches the next person's visit."""

from collections.abc import Callable

from kiosk.journeys.events import Event

Tell = Callable[[Event], None]


def no_one(_: Event) -> None:
    """Nobody asked yet."""
