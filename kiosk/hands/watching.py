"""The hand that looks for cards and codes, only while a journey asks for them."""

import datetime as dt
import logging

from hardware.api.clock import Clock
from hardware.api.code_scanner import CodeScanned, CodeScanner
from hardware.api.id_card import CardRead, CardRefused, IdCardReader, NoCard, PollOutcome
from hardware.transports.lane import Answer, Done, Repeat
from kiosk.hands.telling import Tell, no_one
from kiosk.journeys.events import CardSeen, CodeShown
from kiosk.stations import Station

log = logging.getLogger("kiosk.hands.watching")

CARD_BEAT_S = 0.01
"""Between two looks for a card: a look is 22 bytes on the wire, 2 ms at 115200, and costs about 2 % of a core."""
CODE_BEAT_S = 0.05


class Watching:
    """Turns the reader and the scanner on and off, and tells what they saw, each thing once."""

    def __init__(
        self,
        reader: Station[IdCardReader],
        scanner: Station[CodeScanner] | None,
        clock: Clock,
        zone: dt.tzinfo,
    ) -> None:
        self._reader = reader
        self._scanner = scanner
        self._clock = clock
        self._zone = zone
        self._post: Tell = no_one
        self._cards: Repeat | None = None
        self._codes: Repeat | None = None
        self._cards_asked = self._codes_asked = object()  # whom a look belongs to: one that is late is nobody's
        self._last: CardRefused | None = None
        self._deaf = False

    def watch(self, *, card: bool, code: bool, tell: Tell = no_one) -> None:
        """Look for exactly these from now on."""
        self._post = tell
        if card and self._cards is None:
            self._last = None
            asked = self._cards_asked = object()
            self._cards = self._reader.watch(
                CARD_BEAT_S, lambda reader: reader.poll(), lambda done: self._polled(done, asked)
            )
        elif not card and self._cards is not None:
            self._cards_asked = object()
            self._cards.stop()
            self._cards = None
        if self._scanner is None:
            return
        if code and self._codes is None:
            asked_code = self._codes_asked = object()
            self._deaf = False
            self._scanner.ask(lambda scanner: scanner.listen(), lambda _: None)
            self._codes = self._scanner.watch(
                CODE_BEAT_S, lambda scanner: scanner.poll(), lambda done: self._scanned(done, asked_code)
            )
        elif not code and self._codes is not None:
            self._codes_asked = object()
            self._codes.stop()
            self._codes = None
            self._scanner.ask(lambda scanner: scanner.rest(), lambda _: None)

    def _polled(self, done: Done[PollOutcome], asked: object) -> None:
        post = self._post  # taken before the question whose it is: the next visit's is not there yet then
        if asked is not self._cards_asked or not isinstance(done, Answer):
            return
        match done.value:
            case NoCard():
                self._last = None
            case CardRefused() as refused:
                if refused != self._last:  # the same card, still lying there, is no news
                    self._last = refused
                    post(CardSeen(refused, self._today()))
            case CardRead() as read:
                self._last = None
                post(CardSeen(read, self._today()))

    def _scanned(self, done: Done[CodeScanned | None], asked: object) -> None:
        post = self._post
        if asked is not self._codes_asked:
            return
        if not isinstance(done, Answer):
            self._deaf = True
            return
        if self._deaf and self._scanner is not None:
            # it is back, perhaps from a cold start: it listens only when it is told to
            self._deaf = False
            self._scanner.ask(lambda scanner: scanner.listen(), lambda _: None)
        if done.value is not None:
            post(CodeShown(done.value.text, done.value.readable))

    def _today(self) -> dt.date:
        return self._clock.now().astimezone(self._zone).date()
