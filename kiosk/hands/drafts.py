"""The hand that keeps what was typed and not submitted, for the same card; and deletes it when its time is over."""

from hardware.api.clock import Clock
from hardware.transports.lane import Answer, Done, Lane
from kiosk.hands.telling import Tell
from kiosk.journeys import orders as o
from kiosk.journeys.events import DraftFound, DraftKept
from kiosk.ports import Draft, Drafts

SWEEP_EVERY_S = 60.0


class DraftsHand:
    """A thread of its own: nobody waits for a disk that keeps a kindness."""

    def __init__(self, drafts: Drafts, clock: Clock) -> None:
        self._drafts = drafts
        self._lane = Lane("hand.drafts", clock)

    def begin(self) -> None:
        """Delete what is over, now and from now on."""
        self._lane.every(SWEEP_EVERY_S, self._drafts.sweep, lambda _: None)

    def end(self) -> None:
        self._lane.stop(5.0)

    def keep(self, order: o.KeepDraft, tell: Tell) -> None:
        def ended(done: Done[bool]) -> None:
            if isinstance(done, Answer) and done.value:
                tell(DraftKept(order.hours))

        self._lane.ask(lambda: self._drafts.keep(order.card, order.draft, order.hours), ended)

    def find(self, order: o.FindDraft, tell: Tell) -> None:
        def ended(done: Done[Draft | None]) -> None:
            tell(DraftFound(done.value if isinstance(done, Answer) else None))

        self._lane.ask(lambda: self._drafts.find(order.card, order.item, order.version), ended)

    def drop(self, order: o.DropDraft) -> None:
        self._lane.ask(lambda: self._drafts.drop(order.card, order.item), lambda _: None)
