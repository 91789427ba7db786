"""The hand that looks for what a person has left: card, paper, slip, open door. Looks until nothing is left."""

import logging
import threading
from collections.abc import Callable

from hardware.api.clock import Clock
from hardware.api.errors import DeviceError
from hardware.api.id_card import IdCardReader
from hardware.api.lights import Spot
from hardware.api.locker import Seen
from hardware.api.page_printer import PagePrinter
from hardware.api.slip_printer import SlipPrinter
from hardware.transports.lane import Answer, Done, Lane
from kiosk.hands.doors import DoorsHand
from kiosk.hands.lamps import Lamps
from kiosk.hands.pages import PagesHand
from kiosk.hands.slips import SlipsHand
from kiosk.hands.telling import Tell
from kiosk.journeys.events import LeftoversSeen
from kiosk.stations import Station

log = logging.getLogger("kiosk.hands.leftovers")

LOOK_S = 0.5
SETTLE_S = 25.0
"""How long a job that was given up, or a door that was just fired, may take before the look begins without it."""
SPOTS = {"card": Spot.CARD, "pages": Spot.PAGES, "slip": Spot.SLIP, "door": Spot.LOCKER}


class Leftovers:
    """Asks the devices themselves; what no sensor can see is not waited for."""

    def __init__(
        self,
        reader: Station[IdCardReader],
        pages: Station[PagePrinter],
        slips: Station[SlipPrinter],
        hands: tuple[PagesHand, SlipsHand, DoorsHand],
        lamps: Lamps,
        clock: Clock,
        *,
        look_s: float = LOOK_S,
    ) -> None:
        self._reader = reader
        self._pages = pages
        self._slips = slips
        self._pages_hand, self._slips_hand, self._doors_hand = hands
        self._lamps = lamps
        self._clock = clock
        self._look_s = look_s
        self._lane = Lane("hand.leftovers", clock)
        self._stop = threading.Event()  # of the newest look; each look has its own

    def look(self, tell: Tell) -> None:
        """Begin to look; ends by itself when nothing is left, or at `stop`. A look of before ends now."""
        self._stop.set()
        stop = self._stop = threading.Event()

        def ended(done: Done[None]) -> None:
            if not isinstance(done, Answer):
                tell(LeftoversSeen(frozenset()))  # our bug must not keep the leaving page up for ever

        self._lane.ask(lambda: self._look(tell, stop), ended)

    def stop(self) -> None:
        self._stop.set()

    def end(self) -> None:
        self.stop()
        self._lane.stop(5.0)

    def _unfinished(self) -> bool:
        return any(hand.unfinished for hand in (self._pages_hand, self._slips_hand, self._doors_hand))

    def _look(self, tell: Tell, stop: threading.Event) -> None:
        until = self._clock.monotonic() + SETTLE_S
        while self._unfinished() and self._clock.monotonic() < until:
            if stop.wait(min(0.1, self._look_s)):
                return
        told: frozenset[str] | None = None
        while not stop.is_set():
            things = self._things(stop)
            if stop.is_set():
                return
            if things != told:
                told = things
                self._lamps.show(next((SPOTS[t] for t in ("door", "card", "pages", "slip") if t in things), None))
                tell(LeftoversSeen(things))
            if not things:
                return
            stop.wait(self._look_s)

    def _things(self, stop: threading.Event) -> frozenset[str]:
        found = set()
        if self._doors_hand.door_is_open:
            found.add("door")
        # The question resets the reader: asked late, it would disturb the next person's card.
        if self._asked(lambda: self._reader.call(lambda reader: not stop.is_set() and reader.card_still_there(), 5.0)):
            found.add("card")
        if self._asked(lambda: self._pages.call(lambda printer: printer.paper_in_tray(), 5.0) is Seen.YES):
            found.add("pages")
        if self._asked(lambda: self._slips.call(lambda printer: printer.slip_in_exit(), 5.0) is Seen.YES):
            found.add("slip")
        return frozenset(found)

    def _asked(self, ask: Callable[[], bool]) -> bool:
        try:
            return ask()
        except DeviceError:
            return False  # a device that is away is health's to tell; it holds nothing that we could see
