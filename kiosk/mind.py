"""The mind: one thread that takes events in order, steps the visit, gives the orders, publishes the View.

It waits for events and for its own times only; devices, disk, papers and central are waited for by hands.
"""

import datetime as dt
import logging
import math
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from catalogue.model import HomePlan, Item
from catalogue.search import Index
from hardware.api.clock import Clock
from kiosk import visit as visits
from kiosk.health import World
from kiosk.journeys import apply, prove
from kiosk.journeys.events import (
    Absent,
    CardSeen,
    CodeShown,
    Event,
    LanguageChosen,
    ModeChosen,
    Pressed,
    SlipShown,
    StillHere,
    TimeUp,
    Typed,
)
from kiosk.journeys.find import Offer
from kiosk.journeys.orders import Arm, Forget, Order
from kiosk.journeys.table import WrongMoment
from kiosk.ports import Network
from kiosk.presenting.doing import WHOLE, paper_name, slip_name
from kiosk.presenting.present import Scene, present
from kiosk.view import ClosedBody, Page, View
from kiosk.words import Words

log = logging.getLogger("kiosk.mind")

Do = Callable[[Order, Callable[[Event], None]], None]
FROM_PERSON = (Pressed, Typed, StillHere, LanguageChosen, ModeChosen, CardSeen, CodeShown)


@dataclass(frozen=True)
class Manners:
    """How long an absent person is waited for, seconds; `elder_times` more in elder mode. From the settings."""

    warn_after_s: float = 45.0
    end_after_s: float = 60.0
    elder_times: float = 3.0
    language: str = "zh"
    zone: dt.tzinfo = dt.UTC
    place_zh: str = ""
    place_en: str = ""
    phone: str = ""
    doors: int = 0


@dataclass(frozen=True)
class Finding:
    """What helps a person find an item: the home page's plan, and the index that is searched."""

    plan: HomePlan = field(default_factory=HomePlan)
    index: Index = field(default_factory=Index)


@dataclass(frozen=True)
class _Stamped:
    event: Event
    visit: int | None  # None: the person at the glass, or the world: whatever visit there is


@dataclass(frozen=True)
class _Catalogue:
    items: tuple[Item, ...]
    finding: Finding
    manners: Manners | None
    taken: Callable[[], None]


class Mind:
    """Owns the visit. `post` from any thread; `subscribe` callbacks run on the mind's thread."""

    def __init__(
        self,
        items: Sequence[Item],
        words: Words,
        manners: Manners,
        clock: Clock,
        do: Do,
        finding: Finding | None = None,
    ) -> None:
        self._items = tuple(items)
        self._finding = finding if finding is not None else Finding()
        self._words = words
        self._manners = manners
        self._clock = clock
        self._do = do
        self._queue: queue.SimpleQueue[_Stamped | World | _Catalogue | None] = queue.SimpleQueue()
        self._next: _Catalogue | None = None  # waits for the end of the visit
        self._visit = visits.Visit(language=manners.language)
        self._world = World({})
        self._starting = True
        self._view: View | None = None
        self._told: list[Callable[[View], None]] = []
        self._times: dict[str, float] = {}
        self._touched_at = clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="mind", daemon=True)
        self._stopped = threading.Event()
        self._papers: dict[str, bytes] = {}
        self._papers_lock = threading.Lock()
        self.broken: Callable[[Exception], None] | None = None

    # ---- from any thread ----

    def subscribe(self, told: Callable[[View], None]) -> None:
        """Each new View, whole; the present one at once if there is one."""
        self._told.append(told)
        if self._view is not None:
            told(self._view)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._queue.put(None)
        self._thread.join(timeout_s)

    def post(self, event: Event) -> None:
        """Something that the person did."""
        self._queue.put(_Stamped(event, None))

    def world(self, world: World) -> None:
        """How the terminal is now."""
        self._queue.put(world)

    def offer(
        self,
        items: Sequence[Item],
        finding: Finding,
        manners: Manners | None = None,
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        """Another catalogue and other manners, from the next visit on: who is served goes on with what he has read.

        `taken` is called at that moment, in the mind's thread; it soon returns. Manners left out stay as they are.
        """
        self._queue.put(_Catalogue(tuple(items), finding, manners, taken))

    def paper_image(self, name: str) -> bytes | None:
        """A preview's PNG while its visit lasts. Thread-safe."""
        with self._papers_lock:
            return self._papers.get(name)

    # ---- the mind's thread ----

    def _run(self) -> None:
        self._publish()
        while True:
            try:
                got = self._queue.get(timeout=self._until_next())
            except queue.Empty:
                got = _Stamped(StillHere(), -1)  # only the clock moved
            if got is None:
                self._stopped.set()
                return
            if not self._counting():
                self._touched_at = self._clock.monotonic()  # until this moment it was the person who waited
            if isinstance(got, World):
                came_up, self._world, self._starting = self._starting, got, False
                if came_up and visits.hears_slips(self._visit):
                    self._order(visits.LISTEN)
            elif isinstance(got, _Catalogue):
                self._next = got
            else:
                self._take(got)
            self._mind_the_time()
            if self._next is not None and self.idle:
                self._switch(self._next)
            self._publish()

    def _switch(self, to: _Catalogue) -> None:
        self._items, self._finding, self._next = to.items, to.finding, None
        if to.manners is not None:
            if to.manners.language != self._manners.language:
                self._visit = replace(self._visit, language=to.manners.language)
            self._manners = to.manners
        to.taken()

    def _take(self, stamped: _Stamped) -> None:
        if stamped.visit is not None and stamped.visit != self._visit.number:
            return  # told to a visit that is over
        event = stamped.event
        if isinstance(event, FROM_PERSON) and not (isinstance(event, Typed) and not event.touched):
            self._touched_at = self._clock.monotonic()
        if isinstance(event, Pressed) and event.ask not in self._offered():
            return  # a finger is slower than the page
        if isinstance(event, CodeShown | SlipShown) and self.idle and "start" not in self._offered():
            return  # a closed door is not opened with a slip
        self._step(event)

    def _offered(self) -> set[str]:
        view = self._view
        if view is None:
            return set()
        return {choice.ask for choice in view.ways()}

    def _step(self, event: Event) -> None:
        try:
            self._visit, orders = visits.step(self._visit, event, self._moment())
        except WrongMoment as wrong:
            log.error("%s", wrong)
            if self.broken is not None:
                self.broken(wrong)
            return
        self._keep_papers()
        for order in orders:
            self._order(order)

    def _order(self, order: Order) -> None:
        match order:
            case Arm(name, seconds):
                self._times[name] = self._clock.monotonic() + seconds
                return
            case Forget():
                self._times = {name: at for name, at in self._times.items() if name == "goodbye"}
            case _:
                pass
        number = self._visit.number

        def tell(event: Event) -> None:
            self._queue.put(_Stamped(event, number))

        self._do(order, tell)

    def _keep_papers(self) -> None:
        """Previews are in reach of the screen as long as the review page stands, a slip as long as its item lasts."""
        kept: dict[str, bytes] = {}
        inner = self._visit.inner
        if isinstance(inner, apply.Apply) and inner.phase is apply.Phase.REVIEW and inner.pages is not None:
            pages = inner.pages
            shown, whole = (
                {paper_name(self._visit.number, inner.case, page) + end: png for page, png in enumerate(pngs)}
                for end, pngs in (("", pages.veiled), (WHOLE, pages.previews))
            )
            kept = shown | whole
        if isinstance(inner, apply.Apply | prove.Prove) and inner.slip:
            kept[slip_name(self._visit.number)] = inner.slip
        with self._papers_lock:
            self._papers = kept

    def _moment(self) -> visits.Moment:
        now = self._clock.now()
        local = now.astimezone(self._manners.zone)
        scene = self._scene()
        offers = {item.code: Offer(item, scene.available(item).can_now) for item in self._items}
        online = self._world.network is not Network.DOWN
        return visits.Moment(now, local.date(), offers, self._manners.language, online)

    # ---- time ----

    def _patience(self) -> tuple[float, float]:
        times = self._manners.elder_times if self._visit.modes.elder else 1.0
        return self._manners.warn_after_s * times, self._manners.end_after_s * times

    def _counting(self) -> bool:
        return visits.has_person(self._visit) and not visits.is_busy(self._visit)

    def _mind_the_time(self) -> None:
        now = self._clock.monotonic()
        for name in [name for name, at in self._times.items() if at <= now]:
            del self._times[name]
            self._step(TimeUp(name))
        if not self._counting():
            self._touched_at = now
        elif now - self._touched_at >= self._patience()[1]:
            self._touched_at = now
            self._step(Absent())

    def _countdown(self) -> tuple[int, int] | None:
        warn, end = self._patience()
        gone = self._clock.monotonic() - self._touched_at
        if not self._counting() or gone < warn:
            return None
        return max(1, math.ceil(end - gone)), round(end - warn)

    def _until_next(self) -> float:
        """Seconds until something must be done without an event: a time, the countdown, the clock on the screen."""
        now = self._clock.monotonic()
        ends = [at - now for at in self._times.values()]
        if self._counting():
            warn, end = self._patience()
            gone = now - self._touched_at
            ends.append(warn - gone if gone < warn else math.ceil(end - gone) - (end - gone) or 1.0)
            ends.append(end - gone)
        ends.append(60.0 - self._clock.now().timestamp() % 60)
        return max(0.01, min(ends))

    # ---- the screen ----

    def _scene(self) -> Scene:
        manners = self._manners
        return Scene(
            words=self._words,
            world=self._world,
            items=self._items,
            local=self._clock.now().astimezone(manners.zone),
            place_zh=manners.place_zh,
            place_en=manners.place_en,
            phone=manners.phone,
            doors=manners.doors,
            countdown=self._countdown(),
            starting=self._starting,
            plan=self._finding.plan,
            index=self._finding.index,
        )

    def _publish(self) -> None:
        view = present(self._visit, self._scene())
        if view == self._view:
            return
        if self._view is None or view.page != self._view.page:
            log.info("page %s", view.page.value)
        self._view = view
        for told in self._told:
            told(view)

    @property
    def idle(self) -> bool:
        """Whether nobody is being served now (read from other threads: a hint)."""
        return self._visit.phase is visits.Phase.ATTRACT


def closed_view(words: Words, reason: str, language: str = "zh") -> View:
    """A View for a program that cannot even begin; `reason` is one of the words `closed.reason.*`."""
    lines = (f"closed.reason.{reason}", "closed.line", "closed.elsewhere")
    body = ClosedBody(words.say("closed.title", language), tuple(words.say(line, language) for line in lines), reason)
    return View(Page.CLOSED, body, language=language)
