"""A walker through visits: presses what the page offers, answers orders as hands may, at the word of a list of numbers.

It stands for citizen, devices, store and central at once. Each order opens what its hand may still report; each report
moves that hand on, as the real one would.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue.loader import load
from catalogue.search import index
from hardware.api.id_card import CardKind, CardProblem, CardRead, CardRefused, Holder
from hardware.api.identity_number import check_character
from hardware.api.locker import Seen
from hardware.api.status import DeviceState, Fault, Status
from kiosk import visit as v
from kiosk.health import DEVICES, World
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.journeys.find import Offer
from kiosk.modes import Mode
from kiosk.ports import CodeFault, DeedId, Draft, MadePages, Network, StoreRefused
from kiosk.presenting.cases import TONES
from kiosk.presenting.present import Scene, present
from kiosk.view import FormBody, Page, View, tiles
from kiosk.words import Words
from ui.keyboard.characters import characters
from wire.messages import CaseAsk, Cases, CaseStatus, RecordAnswer, RecordState, Ticket
from wire.tokens import IdCode

ASSETS = Path(__file__).resolve().parents[2] / "assets"
CATALOGUE = load(ASSETS / "catalogue")
ITEMS, PLAN = CATALOGUE.items, CATALOGUE.home
INDEX = index(ITEMS, PLAN.life, characters().readings())
WORDS = Words.load(ASSETS / "i18n")
NOW = dt.datetime(2026, 11, 22, 15, 4, tzinfo=dt.UTC)
TODAY = NOW.date()
MARK = "甄名贤"
OLD_NUMBER = "31019919550307002" + check_character("31019919550307002")
OLD = Holder(
    CardKind.CITIZEN, MARK, OLD_NUMBER, birth=dt.date(1955, 3, 7), address="上海市测试区标记路9号",
    valid_for_ever=True,
)  # fmt: skip
YOUNG = Holder(CardKind.CITIZEN, MARK, "310199199003070022", birth=dt.date(1990, 3, 7), valid_to=dt.date(2040, 1, 1))
EXPIRED = Holder(CardKind.CITIZEN, MARK, "310199199003070022", valid_to=dt.date(2020, 1, 1))
WRONG = Holder(CardKind.CITIZEN, MARK, "310199199003070023", valid_to=dt.date(2040, 1, 1))
SECRET = bytes(range(32))
PAGES = MadePages(b"%PDF", "0" * 64, (b"png",), "token", (b"veiled",))

Hand = Callable[[], dict[str, tuple[e.Event, "Hand | None"]]]


def ticket(number: int) -> Ticket:
    return Ticket(
        ticket=f"T{number}", item="juzhuzheng-pickup", what_zh="居住证", what_en="Residence permit", door=number,
        holder_tag="a", code_tag="b", since=NOW,
    )  # fmt: skip


def code() -> IdCode:
    return IdCode(
        id="c1", issued=NOW, expires=NOW + dt.timedelta(minutes=5), kind="citizen", name=MARK,
        number=OLD_NUMBER, birth=dt.date(1955, 3, 7),
    )  # fmt: skip


def asks(*names: str, here: bool = True, field: bool = True) -> tuple[CaseAsk, ...]:
    return tuple(
        CaseAsk(
            what=name,
            is_field=field,
            title_zh="要的",
            title_en="Wanted",
            reason_zh="看不清",
            reason_en="Unclear",
            here=here,
        )
        for name in names
    )


def standing(number: int, state: str, item: str = "jinglaoka", **more: Any) -> CaseStatus:
    """How one case stands."""
    at = NOW - dt.timedelta(days=number)
    return CaseStatus(
        case=f"K{number}", item=item, version=1, state=state, revision=3, submitted_at=at, since=at, **more
    )


STANDING = (
    standing(1, "returned", asks=asks("contact.phone"), answers={"contact.phone": "13800000001"}, deadline=NOW),
    standing(2, "waiting", asks=(*asks("mail.address", "residence.address"), *asks("photo", here=False, field=False))),
    standing(3, "ready", here=True),
    *(standing(4 + n, state) for n, state in enumerate(TONES)),
    standing(20, "returned", asks=asks("photo", field=False)),
    standing(21, "returned", asks=asks("contact.phone"), item="nowhere"),
    standing(22, "a_state_of_tomorrow"),
)


def told(*cases: CaseStatus) -> Cases:
    return Cases(nonce="n", terminal="t", as_of=NOW, cases=cases)


def once(**answers: e.Event) -> Hand:
    """A hand that reports one of these, once."""
    return lambda: {name: (event, None) for name, event in answers.items()}


def printing() -> dict[str, tuple[e.Event, Hand | None]]:
    failed = {f"fail{known}": (e.PagesFailed(Fault.PRINTER_JAMMED, known), None) for known in (True, False)}
    out = {f"out{seen}": (e.PagesOut(seen), once(taken=e.PagesTaken())) for seen in (Seen.YES, Seen.UNKNOWN)}
    stop = (e.PagesStopped(Fault.PRINTER_PAPER_OUT), stopped)
    return {**failed, **out, "stop": stop, "store": (e.PapersFailed("store.full"), None)}


def stopped() -> dict[str, tuple[e.Event, Hand | None]]:
    after = {name: found for name, found in printing().items() if name != "store"}
    return {**after, "on": (e.PagesGoOn(), going_on)}


def going_on() -> dict[str, tuple[e.Event, Hand | None]]:
    return {name: found for name, found in printing().items() if name != "store"}


def slip() -> dict[str, tuple[e.Event, Hand | None]]:
    out = {f"slip{seen}": (e.SlipOut(seen), once(slip_taken=e.SlipTaken())) for seen in Seen}
    missed = (e.SlipMissed(Fault.PRINTER_PAPER_OUT), None)
    made = (e.SlipMade(b"slip"), lambda: {**out, "missed": missed})
    return {**out, "made": made, "missed": missed}


def door() -> dict[str, tuple[e.Event, Hand | None]]:
    opened = {f"open{seen}": (e.DoorOpened(seen), open_door) for seen in (Seen.YES, Seen.UNKNOWN)}
    return {
        **opened,
        "shut": (e.DoorStayedShut(), late_door),
        "lost": (e.DoorLost("device.link_lost"), None),
        "full": (e.DoorLost("store.full"), None),
    }


def late_door() -> dict[str, tuple[e.Event, Hand | None]]:
    return {"late": (e.DoorOpened(Seen.YES), open_door), "gone_lying": (e.ItemGone(), emptied), **_lost()}


def open_door() -> dict[str, tuple[e.Event, Hand | None]]:
    closed = {f"closed{t}": (e.DoorClosed(t), None) for t in (Seen.NO, Seen.UNKNOWN)}
    return {"gone": (e.ItemGone(), emptied), **closed, **_lost()}


def emptied() -> dict[str, tuple[e.Event, Hand | None]]:
    return {"closed": (e.DoorClosed(Seen.YES), None), **_lost()}


def _lost() -> dict[str, tuple[e.Event, Hand | None]]:
    return {"door_lost": (e.DoorLost("device.link_lost"), None)}


def leftovers() -> dict[str, tuple[e.Event, Hand | None]]:
    left = frozenset({"card", "pages", "slip", "door"})
    return {
        "nothing": (e.LeftoversSeen(frozenset()), None),
        "all": (e.LeftoversSeen(left), leftovers),
        "card": (e.LeftoversSeen(frozenset({"card"})), leftovers),
    }


RECORDS = {
    state.value: e.RecordCame(RecordAnswer(state=state, columns=("a",), rows=(("1",),))) for state in RecordState
}


@dataclass
class Walker:
    """One terminal's visits. `walk` takes numbers; each picks one of what may happen next."""

    items: tuple[str, ...] = ()
    visit: v.Visit = field(default_factory=v.Visit)
    hands: dict[str, Hand] = field(default_factory=dict)
    times: set[str] = field(default_factory=set)
    watching: o.Watch = v.LISTEN
    orders: list[o.Order] = field(default_factory=list)
    numbered: int = 0
    draft: Draft | None = None  # what lies sealed for the one card that may have any
    world: World = field(
        default_factory=lambda: World({name: Status(DeviceState.ONLINE) for name in DEVICES}, Network.UP)
    )

    # ---- the world ----

    def scene(self) -> Scene:
        countdown = (9, 15) if self.numbered % 7 == 0 else None
        return Scene(
            WORDS, self.world, ITEMS, NOW, "测试点", "Test site", "12345", 16, countdown, plan=PLAN, index=INDEX
        )

    def moment(self) -> v.Moment:
        offers = {item.code: Offer(item, self.scene().available(item).can_now) for item in ITEMS}
        return v.Moment(NOW, TODAY, offers)

    def view(self) -> View:
        return present(self.visit, self.scene())

    def inner(self) -> Any:
        """The journey that is under way."""
        return self.visit.inner

    def options(self) -> list[e.Event | tuple[str, str]]:
        """Everything that may happen next: events, or (hand, answer)."""
        view = self.view()
        found: list[e.Event | tuple[str, str]] = []
        choices = [c for c in (view.back, view.leave, view.next, *view.choices) if c is not None and c.enabled]
        # leaving is offered everywhere: pressed as often as it stands here, walks would never come far
        found += [e.Pressed(c.ask) for c in choices if c.ask != "leave" or self.numbered % 11 == 0]
        found += [e.Pressed("next")] * 4 if any(c.ask == "next" for c in choices) else []
        if self.items and "cases" not in self.items:
            found = [one for one in found if one != e.Pressed("cases")]
        if "cases" in self.items:
            found += [e.Pressed(c.ask) for c in choices if c.ask in ("cases", "amend", "collect")] * 12
        for tile in tiles(view.body):
            code = tile.ask.removeprefix("item:")
            if code == tile.ask:
                found.append(e.Pressed(tile.ask))
            elif not self.items or code in self.items:
                found += [e.Pressed(tile.ask)] * 8
        if view.page is Page.GUIDE:  # the first answers are those that go on
            found += [e.Pressed(c.ask) for c in view.choices[:1]] * 3
        if view.page is Page.SEARCH:
            found += [e.Typed("search", query) for query in ("老人卡", "sb", "护照", "xyzzy", MARK, "")]
        if isinstance(view.body, FormBody):
            for one in view.body.fields:
                good = "13800000000" if one.kind == "phone" else "上海市测试区样例路1号"
                found += [e.Typed(one.id, value) for value, _ in one.options] or [e.Typed(one.id, good)] * 2
                found.append(e.Typed(one.id, ""))
        found += [e.Typed("pickup_code", "12345678"), e.Typed("pickup_code", "12a")]
        found += [
            e.LanguageChosen("en"),
            e.LanguageChosen("zh"),
            *(e.ModeChosen(mode, not view.modes.has(mode)) for mode in Mode),
            e.StillHere(),
        ]
        if self.watching.card:
            cards = (OLD, OLD, YOUNG, EXPIRED, WRONG)
            found += [e.CardSeen(CardRead(holder, SECRET), TODAY) for holder in cards]
            found.append(e.CardSeen(CardRead(OLD), TODAY))  # a card without a photo
            found += [e.CardSeen(CardRefused(problem), TODAY) for problem in CardProblem]
        if self.watching.code and (self.visit.identifying is not None or not self.items or "cases" in self.items):
            found += [e.CodeShown("NT1.x"), e.CodeShown("", readable=False)]
        found += [e.TimeUp(name) for name in sorted(self.times)]
        for name in sorted(self.hands):
            answers = [(name, answer) for answer in self.hands[name]()]
            found += answers * 2
        if self.numbered % 23 == 0:
            found.append(e.Absent())
        return found

    def happen(self, what: e.Event | tuple[str, str]) -> None:
        if isinstance(what, tuple):
            hand, answer = what
            event, after = self.hands.pop(hand)()[answer]
            if after is not None:
                self.hands[hand] = after
        else:
            event = what
            if isinstance(event, e.TimeUp):
                self.times.discard(event.name)
        before = self.visit.number
        self.visit, given = v.step(self.visit, event, self.moment())
        for order in given:
            self.order(order)
        if self.visit.number != before:
            self.hands.clear()
        self.numbered += 1

    def order(self, order: o.Order) -> None:
        self.orders.append(order)
        match order:
            case o.Watch():
                self.watching = order
            case o.Arm(name, _):
                self.times.add(name)
            case o.CheckCode():
                faults = {fault.value: e.CodeChecked(fault) for fault in CodeFault}
                slips = {"slip": e.SlipShown("NT1.slip")} if order.slip else {}
                self.hands["desk"] = once(good=e.CodeChecked(code()), **faults, **slips)
            case o.CheckSlip():
                self.hands["desk"] = once(slip=e.SlipShown("NT1.slip"))
            case o.AskCases():
                some = {f"n{n}": e.CasesCame(told(*STANDING[:n])) for n in (0, 1, 2, len(STANDING))}
                each = {f"only{one.state}{n}": e.CasesCame(told(one)) for n, one in enumerate(STANDING)}
                self.hands["desk"] = once(away=e.CasesCame(None), **some, **each)
            case o.FindTickets():
                some = {f"n{n}": e.TicketsFound(tuple(ticket(i + 1) for i in range(n)), NOW) for n in range(3)}
                self.hands["desk"] = once(never=e.TicketsFound((), None), **some)
            case o.AskRecord():
                self.hands["desk"] = once(**RECORDS)
            case o.MakeProof():
                self.hands["desk"] = once(
                    made=e.ProofMade(f"S{self.numbered}", PAGES), not_made=e.PapersFailed("papers.no_glyph")
                )
            case o.PrintPages():
                self.hands["pages"] = printing
            case o.GiveUpPages():
                self.hands["pages"] = once(
                    given_up=e.PagesFailed(Fault.PRINTER_PAPER_OUT), too_late=e.PagesOut(Seen.YES)
                )
            case o.PagesInHand():
                self.hands["pages"] = once(taken=e.PagesTaken())
            case o.PrintProofSlip() | o.PrintPromisedSlip():
                self.hands["slips"] = slip
            case o.MakeApplicationPage():
                self.hands["desk"] = once(
                    made=e.PageMade(order.case or f"C{self.numbered}", PAGES, NOW),
                    not_made=e.PapersFailed("papers.no_glyph"),
                )
            case o.Submit():
                refused = {reason.value: e.SubmitRefused(reason) for reason in StoreRefused}
                accepted = e.Submitted(order.case, DeedId(f"D{self.numbered}"), online=bool(self.numbered % 2))
                self.hands["desk"] = once(yes=accepted, broken=e.PapersFailed("store.broken"), **refused)
            case o.FindDraft():
                self.hands["drafts"] = once(none=e.DraftFound(None), some=e.DraftFound(self.draft))
            case o.KeepDraft():
                assert order.card == SECRET
                self.draft = order.draft
                self.hands["drafts"] = once(kept=e.DraftKept(order.hours))
            case o.DropDraft():
                self.draft = None
            case o.OpenDoor():
                self.hands["doors"] = door
            case o.ThingInHand():
                self.hands.pop("doors", None)
            case o.LookForLeftovers():
                self.hands["leftovers"] = leftovers
            case o.Forget():
                self.times &= {"goodbye"}
                for name in ("desk", "pages", "slips", "leftovers"):
                    self.hands.pop(name, None)

    def walk(self, picks: list[int], check: Callable[["Walker"], None]) -> None:
        for pick in picks:
            options = self.options()
            assert options, f"stuck in {self.visit.phase}"
            self.happen(options[pick % len(options)])
            check(self)
