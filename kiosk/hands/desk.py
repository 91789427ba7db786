"""The desk: what needs the store, the documents room or central, and no device."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from catalogue.model import Item
from documents.fonts import NoGlyph
from hardware.api.clock import Clock
from hardware.transports.lane import Answer, Broke, Done, Failed, Lane
from kiosk.hands.slips import written_down
from kiosk.hands.standing import is_receipt, letter, titled
from kiosk.hands.telling import Tell
from kiosk.journeys import orders as o
from kiosk.journeys.events import (
    CasesCame,
    CodeChecked,
    Event,
    PageMade,
    PapersFailed,
    ProofMade,
    RecordCame,
    SlipShown,
    SubmitRefused,
    Submitted,
    TicketsFound,
)
from kiosk.numbers import case_number, new_deed_id
from kiosk.ports import (
    Accepted,
    Cases,
    Central,
    CodeFault,
    Codes,
    Deed,
    DeedId,
    DeedKind,
    Drafts,
    Network,
    Papers,
    Refused,
    SlipFacts,
    Store,
    StoreBroken,
    Tags,
)
from kiosk.presenting.saying import Say
from kiosk.words import Words
from trust.keys import KeyUnavailable
from wire.ids import CaseNumber
from wire.letters import Rated, RatingReason
from wire.messages import RecordAnswer, RecordRequest, RecordState, Ticket

T = TypeVar("T")

log = logging.getLogger("kiosk.hands.desk")

NO_GLYPH = "papers.no_glyph"
STORE_BROKEN = "store.broken"
PAPERS_BROKEN = "papers.broken"
NO_KEY = "papers.no_key"


@dataclass(frozen=True)
class Place:
    """What documents say of the terminal itself."""

    terminal: str
    name_zh: str
    name_en: str
    phone: str
    zone: dt.tzinfo

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


class Desk:
    """Two threads: one for papers and store, one for central, so that a slow network holds up nothing else."""

    def __init__(
        self,
        store: Store,
        drafts: Drafts,
        papers: Papers,
        central: Central,
        codes: Codes,
        tags: Tags,
        words: Words,
        clock: Clock,
        place: Place,
    ) -> None:
        self._store = store
        self._drafts = drafts
        self._papers = papers
        self._central = central
        self._codes = codes
        self._tags = tags
        self._words = words
        self._clock = clock
        self._place = place
        self._lane = Lane("hand.desk", clock)
        self._wire = Lane("hand.central", clock)
        self.promised: dict[DeedId, SlipFacts] = {}

    def end(self) -> None:
        self._lane.stop(10.0)
        self._wire.stop(5.0)

    # ---- asked by the dispatcher; each returns at once ----

    def check_code(self, order: o.CheckCode, tell: Tell) -> None:
        self._in_desk(lambda: self._check_code(order.text, order.slip, tell), tell, CodeChecked(CodeFault.DAMAGED))

    def check_slip(self, order: o.CheckSlip, tell: Tell) -> None:
        if is_receipt(order.text.strip()):
            tell(SlipShown(order.text.strip()))

    def find_tickets(self, order: o.FindTickets, tell: Tell) -> None:
        self._in_desk(lambda: self._find_tickets(order, tell), tell, TicketsFound((), None))

    def make_proof(self, order: o.MakeProof, tell: Tell) -> None:
        self._in_desk(lambda: self._make_proof(order, tell), tell, PapersFailed(PAPERS_BROKEN))

    def make_page(self, order: o.MakeApplicationPage, tell: Tell) -> None:
        self._in_desk(lambda: self._make_page(order, tell), tell, PapersFailed(PAPERS_BROKEN))

    def submit(self, order: o.Submit, tell: Tell) -> None:
        self._in_desk(lambda: self._submit(order, tell), tell, PapersFailed(PAPERS_BROKEN))

    def send_rating(self, order: o.SendRating) -> None:
        self._lane.ask(lambda: self._send_rating(order), lambda _: None)

    def ask_record(self, order: o.AskRecord, tell: Tell) -> None:
        request = RecordRequest(
            item=order.item.code,
            holder_number=order.person.number,
            holder_name=order.person.name,
            consent_at=order.consent_at,
        )
        self._wire.ask(lambda: self._ask_record(request, tell), lambda _: None)

    def ask_cases(self, order: o.AskCases, tell: Tell) -> None:
        self._wire.ask(lambda: self._ask_cases(order, tell), lambda _: None)

    def _in_desk(self, work: Callable[[], None], tell: Tell, otherwise: Event) -> None:
        """Do it in the desk's thread. Whatever goes wrong, the person hears of it: `otherwise`, or the store's word."""

        def ended(done: Done[None]) -> None:
            match done:
                case Answer():
                    pass
                case Broke(StoreBroken()) if isinstance(otherwise, PapersFailed):
                    tell(PapersFailed(STORE_BROKEN))
                case Failed() | Broke():
                    tell(otherwise)

        self._lane.ask(work, ended)

    # ---- in the desk's threads ----

    def _ask_record(self, request: RecordRequest, tell: Tell) -> None:
        answer = RecordAnswer(state=RecordState.UNAVAILABLE)
        try:
            answer = self._central.record(request)
        finally:
            tell(RecordCame(answer))

    def _ask_cases(self, order: o.AskCases, tell: Tell) -> None:
        told: Cases | None = None
        try:
            if order.person is not None:
                told = self._central.cases(number=order.person.number, name=order.person.name)
            else:
                told = self._central.cases(receipt=order.slip)
        finally:
            tell(CasesCame(told))

    def _check_code(self, text: str, slip: bool, tell: Tell) -> None:
        result = self._codes.check(text, self._clock.now())
        if result is CodeFault.FOREIGN and slip and is_receipt(text.strip()):
            tell(SlipShown(text.strip()))
            return
        if not isinstance(result, CodeFault) and not self._store.first_use(result.id, result.expires):
            result = CodeFault.USED
        tell(CodeChecked(result))

    def _find_tickets(self, order: o.FindTickets, tell: Tell) -> None:
        gone = self._store.tickets_gone()  # first: the mirror may be switched in between
        mirror = self._store.mirror()
        if mirror is None:
            tell(TicketsFound((), None))
            return
        here = [t for t in mirror.tickets if order.item in ("", t.item) and t.ticket not in gone]
        found: tuple[Ticket, ...] = ()
        if order.pickup_code:
            tag = self._tags.code(order.pickup_code, mirror.tag_salt)
            found = tuple(t for t in here if t.code_tag and t.code_tag == tag)
        elif order.number:
            tag = self._tags.holder(order.number, mirror.tag_salt)
            found = tuple(t for t in here if t.holder_tag == tag)
        tell(TicketsFound(found, mirror.as_of))

    def _make_proof(self, order: o.MakeProof, tell: Tell) -> None:
        now = self._clock.now()
        serial = self._number(order.item.code, "proof", now)
        pages = self._made(lambda: self._papers.proof(order.item, order.record, order.person, serial, now), tell)
        if pages is not None:
            tell(ProofMade(serial, pages))

    def _make_page(self, order: o.MakeApplicationPage, tell: Tell) -> None:
        now = self._clock.now()
        case = order.case or self._number(order.item.code, "case", now)
        item = titled(order.item, order.amends, self._words)
        pages = self._made(
            lambda: self._papers.application_page(item, order.answers, order.person, case, now, order.language),
            tell,
        )
        if pages is not None:
            tell(PageMade(case, pages, now))

    def _number(self, item_code: str, counter: str, now: dt.datetime) -> str:
        day = now.astimezone(self._place.zone).date()
        return case_number(item_code, self._place.terminal, day, self._store.next_number(counter))

    def _made(self, make: Callable[[], T], tell: Tell) -> T | None:
        try:
            return make()
        except NoGlyph:
            log.error("a document holds a character that no font has: nothing was printed or submitted; tell the maker")
            tell(PapersFailed(NO_GLYPH))
        except KeyUnavailable as unavailable:
            log.error("the terminal's key does not sign: %s; --key show says what to do", unavailable.fault)
            tell(PapersFailed(NO_KEY))
        return None

    def _submit(self, order: o.Submit, tell: Tell) -> None:
        counter, previous = self._store.chain()
        now = self._clock.now()
        case, parts = CaseNumber(order.case), (order.pages.sha256,)
        receipt = self._made(lambda: self._papers.receipt(case, order.item, parts, now, counter + 1, previous), tell)
        if receipt is None:
            return
        contents = letter(order, receipt, now)
        facts = self.application_slip(order, receipt, now)
        deed = Deed(new_deed_id(now), DeedKind.SLIP, order.case, order.item.code, again=written_down(facts))
        online = self._central.network() is Network.UP
        # what was typed an earlier time ends with the letter; what is put right has no draft
        draft = self._drafts.name(order.person.card, order.item.code) if order.amends is None else ""
        # After this line the case is submitted: nothing below may fail, or the person would submit it once more.
        files = {order.pages.sha256: order.pages.pdf}
        outcome = self._store.accept(contents, subject=order.case, promises=(deed,), draft=draft, files=files)
        if not isinstance(outcome, Accepted):
            tell(SubmitRefused(outcome.reason))
            return
        self.promised[deed.id] = facts
        tell(Submitted(order.case, deed.id, online))

    def _send_rating(self, order: o.SendRating) -> None:
        """A rating that the disk refuses is lost, and nobody is troubled with it."""
        rated = Rated(
            item=order.item.code,
            version=order.item.version,
            about=order.about,
            level=order.level,
            reasons=tuple(RatingReason(word) for word in order.reasons),
            at=self._clock.now(),
        )
        # the same subject as the case's own letter: central hears of the case first
        outcome = self._store.accept(rated, subject=order.about)
        if isinstance(outcome, Refused):
            log.warning("a rating was not kept: %s", outcome.reason.value)

    # ---- what slips say ----

    def application_slip(self, order: o.Submit, receipt: str, at: dt.datetime) -> SlipFacts:
        """The slip of an application: number, what happens next, the receipt's code. No name, no number of a person."""
        lang = order.language
        say = Say(self._words, lang)
        sent = self._central.network() is Network.UP
        promise = say("cases.done.next") if order.amends is not None else order.item.promise.say(lang)
        return SlipFacts(
            title=say(f"cases.slip.{order.amends.state}" if order.amends is not None else "slip.title.apply"),
            lines=(*self._lines(order.item, say), (say("slip.label.case"), order.case), self._at(say, at)),
            notes=(
                say("slip.note.sent") if sent else say("slip.note.kept"),
                say("slip.note.next", promise=promise),
                say("slip.note.verify"),
                say("slip.note.keep"),
            ),
            token=receipt,
            language=lang,
        )

    def proof_slip(self, order: o.PrintProofSlip) -> SlipFacts:
        """The slip of a printed proof: its serial and how anybody can check it."""
        say = Say(self._words, order.language)
        demonstration = (say("slip.note.demo"),) if order.demonstration else ()
        return SlipFacts(
            title=say("slip.title.proof"),
            lines=(
                *self._lines(order.item, say),
                (say("slip.label.serial"), order.serial),
                self._at(say, self._clock.now()),
            ),
            notes=(*demonstration, say("slip.note.verify")),
            token=order.token,
            language=order.language,
        )

    def _lines(self, item: Item, say: Say) -> tuple[tuple[str, str], ...]:
        return (
            (say("slip.label.item"), item.title.say(say.language)),
            (say("slip.label.place"), self._place.name(say.language)),
        )

    def _at(self, say: Say, at: dt.datetime) -> tuple[str, str]:
        return say("slip.label.at"), self._local(at)

    def _local(self, at: dt.datetime) -> str:
        return f"{at.astimezone(self._place.zone):%Y-%m-%d %H:%M}"
