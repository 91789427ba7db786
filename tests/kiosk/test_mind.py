"""The mind's own work: order of events, stale answers, absence, what is offered, what it keeps for the screen."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator

import pytest

from hardware.api.id_card import CardRead
from hardware.api.status import DeviceState, Status
from kiosk.health import DEVICES, World
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.mind import Finding, Manners, Mind
from kiosk.modes import ALL_OFF, Mode
from kiosk.ports import DeedId, Network
from kiosk.view import GoodbyeBody, IdentifyBody, Page, View, WorkingBody
from tests.contracts.until import DEADLINE_S
from tests.journeys.walker import ITEMS, OLD, PAGES, RECORDS, SECRET, TODAY, WORDS


class HandClock:
    """A clock that moves when the test says so; the mind is woken by an event that changes nothing."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 11, 22, 15, 4, tzinfo=dt.UTC) + dt.timedelta(seconds=self.at - 1000.0)

    def wait(self, seconds: float) -> None:
        self.at += seconds


class Glass:
    """Keeps every View and every order; waits for what the test names."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.views: list[View] = []
        self.orders: list[tuple[o.Order, Callable[[e.Event], None]]] = []

    def show(self, view: View) -> None:
        with self.changed:
            self.views.append(view)
            self.changed.notify_all()

    def do(self, order: o.Order, tell: Callable[[e.Event], None]) -> None:
        with self.changed:
            self.orders.append((order, tell))
            self.changed.notify_all()

    def until(self, wanted: Callable[[View], bool]) -> View:
        with self.changed:
            assert self.changed.wait_for(lambda: bool(self.views) and wanted(self.views[-1]), DEADLINE_S), (
                self.views[-1].page if self.views else "no view"
            )
            return self.views[-1]

    def ordered(self, kind: type[o.Order], count: int = 1) -> tuple[o.Order, Callable[[e.Event], None]]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self._of(kind)) >= count, DEADLINE_S), kind
            return self._of(kind)[count - 1]

    def _of(self, kind: type[o.Order]) -> list[tuple[o.Order, Callable[[e.Event], None]]]:
        return [given for given in self.orders if isinstance(given[0], kind)]


class Stage:
    def __init__(self) -> None:
        self.clock = HandClock()
        self.glass = Glass()
        self.mind = Mind(ITEMS, WORDS, Manners(zone=dt.UTC), self.clock, self.glass.do)
        self.mind.subscribe(self.glass.show)
        self.broken: list[Exception] = []
        self.mind.broken = self.broken.append
        self.mind.start()
        self.mind.world(World({name: Status(DeviceState.ONLINE) for name in DEVICES}, Network.UP))
        self.page(Page.ATTRACT)

    def page(self, page: Page) -> View:
        return self.glass.until(lambda view: view.page is page)

    def press(self, ask: str, page: Page) -> View:
        self.mind.post(e.Pressed(ask))
        return self.page(page)

    def pass_time(self, seconds: float) -> None:
        """The hand clock moves, and something that changes nothing wakes the mind."""
        self.clock.at += seconds
        self.mind.post(e.TimeUp("nothing"))

    def to_consent(self, item: str = "shebao-proof", secret: bytes = b"") -> None:
        self.press("start", Page.HOME)
        self.press(f"item:{item}", Page.ITEM)
        self.mind.post(e.Pressed("next"))
        if item == "jinglaoka":
            for answer in ("answer:self", "answer:first"):
                self.glass.until(lambda view, wanted=answer: any(choice.ask == wanted for choice in view.choices))
                self.mind.post(e.Pressed(answer))
        self.page(Page.IDENTIFY)
        self.mind.post(e.CardSeen(CardRead(OLD, secret), TODAY))
        self.glass.until(lambda v: isinstance(v.body, IdentifyBody) and v.body.state == "reading")
        self.mind.post(e.Pressed("next"))
        if secret:
            _, tell = self.glass.ordered(o.FindDraft)
            tell(e.DraftFound(None))
        self.page(Page.CONSENT)

    def to_review(self) -> None:
        self.to_consent("jinglaoka")
        self.press("next", Page.FORM)
        self.mind.post(e.Typed("contact.phone", "13800000000"))
        self.mind.post(e.Typed("delivery.way", "cabinet"))
        self.mind.post(e.Pressed("next"))
        _, tell = self.glass.ordered(o.MakeApplicationPage)
        tell(e.PageMade("C1", PAGES, self.clock.now()))
        self.page(Page.REVIEW)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.mind.stop()
    assert not made.broken


def test_a_record_that_comes_after_its_person_has_left_reaches_nobody_else(stage: Stage) -> None:
    stage.to_consent()
    stage.press("next", Page.WORKING)
    _, tell_first = stage.glass.ordered(o.AskRecord)
    stage.press("leave", Page.LEAVING)
    _, tell_left = stage.glass.ordered(o.LookForLeftovers)
    tell_left(e.LeftoversSeen(frozenset()))
    stage.page(Page.GOODBYE)
    stage.press("start", Page.ATTRACT)
    stage.to_consent()
    stage.press("next", Page.WORKING)
    stage.glass.ordered(o.AskRecord, 2)
    tell_first(RECORDS["found"])  # the first person's record, late
    stage.mind.post(e.LanguageChosen("en"))
    stage.glass.until(lambda view: view.language == "en")
    assert not any(isinstance(order, o.MakeProof) for order, _ in stage.glass.orders)


def test_a_terminal_that_has_come_up_hears_slips_and_a_closed_one_does_not_open_for_one(stage: Stage) -> None:
    order, tell = stage.glass.ordered(o.Watch)
    assert order == o.Watch(code=True)
    stage.mind.world(World({name: Status(DeviceState.OFFLINE) for name in DEVICES}, Network.UP))
    stage.page(Page.CLOSED)
    tell(e.CodeShown("NT1.slip"))
    tell(e.SlipShown("NT1.slip"))
    stage.mind.world(World({name: Status(DeviceState.ONLINE) for name in DEVICES}, Network.UP))
    stage.page(Page.ATTRACT)
    assert not stage.glass._of(o.CheckSlip)
    assert not stage.glass._of(o.AskCases)
    tell(e.CodeShown("NT1.slip"))
    _, found = stage.glass.ordered(o.CheckSlip)
    found(e.SlipShown("NT1.slip"))
    stage.glass.ordered(o.AskCases)
    stage.page(Page.WORKING)


def test_a_press_that_the_page_does_not_offer_does_nothing(stage: Stage) -> None:
    for ask in ("next", "in_hand", "item:shebao-proof", "give_up", "nonsense"):
        stage.mind.post(e.Pressed(ask))
    view = stage.press("start", Page.HOME)
    assert view.visit == 0


def test_an_item_that_cannot_be_done_now_cannot_be_begun(stage: Stage) -> None:
    down = {name: Status(DeviceState.ONLINE) for name in DEVICES} | {"pages": Status(DeviceState.OFFLINE)}
    stage.mind.world(World(down, Network.UP))
    stage.press("start", Page.HOME)
    view = stage.press("item:shebao-proof", Page.ITEM)
    assert view.next is not None
    assert not view.next.enabled
    assert view.next.reason
    stage.mind.post(e.Pressed("next"))
    assert stage.press("back", Page.HOME).page is Page.HOME


def test_an_absent_person_is_warned_and_then_let_go(stage: Stage) -> None:
    stage.to_consent()
    stage.pass_time(46)
    warned = stage.glass.until(lambda view: view.countdown is not None)
    assert warned.page is Page.CONSENT
    assert warned.countdown is not None
    assert warned.countdown.seconds == 14
    stage.mind.post(e.StillHere())
    stage.glass.until(lambda view: view.countdown is None)
    stage.pass_time(46)
    stage.glass.until(lambda view: view.countdown is not None)
    stage.pass_time(15)
    stage.page(Page.LEAVING)


def test_what_the_screen_settled_for_an_absent_person_is_kept_and_stops_no_countdown(stage: Stage) -> None:
    stage.to_consent("jinglaoka", SECRET)
    stage.press("next", Page.FORM)
    stage.pass_time(46)
    stage.glass.until(lambda view: view.countdown is not None)
    stage.clock.at += 5
    stage.mind.post(e.Typed("contact.phone", "13800000000", touched=False))
    typed = stage.glass.until(lambda view: "13800000000" in repr(view.body))
    assert typed.countdown is not None
    assert typed.countdown.seconds == 9
    stage.pass_time(9)
    stage.page(Page.LEAVING)
    kept, _ = stage.glass.ordered(o.KeepDraft)
    assert isinstance(kept, o.KeepDraft)
    assert kept.draft.values == {"contact.phone": "13800000000"}


def test_another_catalogue_waits_for_the_end_of_the_visit(stage: Stage) -> None:
    """Whoever reads an item goes on with what he has read; the next person has the new catalogue, and only that."""
    kept, gone = (next(item for item in ITEMS if item.code == code) for code in ("jinglaoka", "shebao-proof"))
    stage.press("start", Page.HOME)
    stage.press("item:shebao-proof", Page.ITEM)
    stage.mind.offer([kept], Finding())
    stage.mind.post(e.LanguageChosen("en"))  # something happens after it
    stage.glass.until(lambda view: view.language == "en" and view.page is Page.ITEM)
    stage.mind.post(e.Pressed("next"))
    stage.page(Page.IDENTIFY)
    stage.press("leave", Page.LEAVING)
    _, tell = stage.glass.ordered(o.LookForLeftovers)
    tell(e.LeftoversSeen(frozenset()))
    stage.page(Page.GOODBYE)
    stage.press("start", Page.ATTRACT)
    view = stage.press("start", Page.HOME)
    asks = {choice.ask for choice in view.ways()}
    assert f"item:{kept.code}" in asks
    assert f"item:{gone.code}" not in asks


def test_the_next_person_begins_in_the_terminal_s_language_and_the_ordinary_way(stage: Stage) -> None:
    stage.press("start", Page.HOME)
    for mode in Mode:
        stage.mind.post(e.ModeChosen(mode, True))
    stage.mind.post(e.LanguageChosen("en"))
    view = stage.glass.until(lambda view: view.language == "en")
    assert all(view.modes.has(mode) for mode in Mode)
    stage.press("leave", Page.LEAVING)
    _, tell = stage.glass.ordered(o.LookForLeftovers)
    tell(e.LeftoversSeen(frozenset()))
    stage.page(Page.GOODBYE)
    view = stage.press("start", Page.ATTRACT)
    assert (view.language, view.modes) == ("zh", ALL_OFF)


def test_other_manners_wait_for_the_end_of_the_visit_with_the_catalogue(stage: Stage) -> None:
    """Nobody's time is cut short and no language changes under somebody's eyes; all of it holds at once, afterwards."""
    taken: list[str] = []
    manners = Manners(warn_after_s=5, end_after_s=9, language="en", zone=dt.UTC)
    stage.to_consent()
    stage.mind.offer(ITEMS, Finding(), Manners(language="fr"), lambda: taken.append("what was overtaken"))
    stage.mind.offer(ITEMS, Finding(), manners, lambda: taken.append(threading.current_thread().name))
    stage.pass_time(44)
    stage.mind.post(e.ModeChosen(Mode.ELDER, True))  # something that is seen happens after it
    view = stage.glass.until(lambda view: view.modes.elder)
    assert (view.page, view.language, view.countdown, taken) == (Page.CONSENT, "zh", None, [])
    stage.press("leave", Page.LEAVING)
    _, tell = stage.glass.ordered(o.LookForLeftovers)
    tell(e.LeftoversSeen(frozenset()))
    stage.page(Page.GOODBYE)
    stage.press("start", Page.ATTRACT)
    assert stage.glass.until(lambda view: view.language == "en").page is Page.ATTRACT
    stage.press("start", Page.HOME)
    assert taken == ["mind"]
    stage.pass_time(6)
    stage.glass.until(lambda view: view.countdown is not None)
    stage.mind.offer(ITEMS, Finding())  # without manners these stay
    stage.pass_time(4)
    stage.page(Page.LEAVING)


def test_nobody_is_sent_away_while_the_terminal_itself_is_at_work(stage: Stage) -> None:
    stage.to_consent()
    stage.press("next", Page.WORKING)
    stage.pass_time(600)
    stage.mind.post(e.LanguageChosen("en"))
    view = stage.glass.until(lambda v: v.language == "en")
    assert view.page is Page.WORKING
    assert view.countdown is None


def test_larger_type_comes_with_three_times_the_patience(stage: Stage) -> None:
    stage.to_consent()
    stage.mind.post(e.ModeChosen(Mode.ELDER, True))
    stage.glass.until(lambda view: view.modes.elder)
    stage.pass_time(100)
    stage.mind.post(e.TimeUp("nothing"))
    assert stage.glass.views[-1].countdown is None
    stage.pass_time(40)
    stage.glass.until(lambda view: view.countdown is not None)


def test_patience_lines_come_after_ten_seconds(stage: Stage) -> None:
    stage.to_consent()
    stage.press("next", Page.WORKING)
    stage.pass_time(11)
    stage.glass.until(lambda view: isinstance(view.body, WorkingBody) and bool(view.body.patience))


def test_previews_are_in_reach_only_while_the_page_is_reviewed(stage: Stage) -> None:
    stage.to_review()
    assert stage.mind.paper_image("0/C1/0") == b"veiled"
    assert stage.mind.paper_image("0/C1/0/whole") == b"png"
    stage.press("leave", Page.LEAVING)
    assert stage.mind.paper_image("0/C1/0") is None
    assert stage.mind.paper_image("0/C1/0/whole") is None


def test_the_goodbye_after_an_application_in_the_dark_says_that_it_is_kept(stage: Stage) -> None:
    stage.to_review()
    stage.mind.post(e.Pressed("next"))
    _, tell = stage.glass.ordered(o.Submit)
    tell(e.Submitted("C1", DeedId("D1"), online=False))
    stage.glass.ordered(o.PrintPromisedSlip)
    stage.press("leave", Page.LEAVING)
    _, tell = stage.glass.ordered(o.LookForLeftovers)
    tell(e.LeftoversSeen(frozenset()))
    body = stage.page(Page.GOODBYE).body
    assert isinstance(body, GoodbyeBody)
    assert body.line == WORDS.say("goodbye.line_kept", "zh")


def test_who_leaves_while_the_application_is_being_kept_still_gets_its_slip(stage: Stage) -> None:
    stage.to_review()
    stage.mind.post(e.Pressed("next"))
    _, tell = stage.glass.ordered(o.Submit)
    stage.press("leave", Page.LEAVING)
    tell(e.Submitted("C1", DeedId("D1"), online=True))
    order, _ = stage.glass.ordered(o.PrintPromisedSlip)
    assert isinstance(order, o.PrintPromisedSlip)
    assert order.deed == "D1"


def test_another_language_makes_the_page_anew_under_the_same_number(stage: Stage) -> None:
    stage.to_review()
    stage.mind.post(e.LanguageChosen("en"))
    order, tell = stage.glass.ordered(o.MakeApplicationPage, 2)
    assert isinstance(order, o.MakeApplicationPage)
    assert (order.language, order.case) == ("en", "C1")
    tell(e.PageMade("C1", PAGES, stage.clock.now()))
    stage.glass.until(lambda view: view.page is Page.REVIEW and view.language == "en")
