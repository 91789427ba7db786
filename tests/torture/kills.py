"""A terminal whose power fails again and again in the middle of visits, and what must be true of it afterwards."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import zxingcpp

from central.rules.tickets import TicketState
from central.store import cases, terminals, tickets
from demo import found
from demo.glass import CannotBeDone
from demo.terminal import Gone, Terminal
from demo.visits import CARD, PROOF, Visit
from demo.world import DOORS, REGION, TERMINAL, World
from hardware.twins.made_up_people import CITIZEN, ELDER
from offline_cache.outbox import LetterState
from tests.contracts.until import until
from tests.torture import ledger
from trust import tokens
from trust.keys import USE_TERMINAL, KeyRing
from wire.messages import PublicKey
from wire.tokens import Receipt

KINDS = ("prove", "apply", "collect")
LONGEST_VISIT_S = {"prove": 3.2, "apply": 2.4, "collect": 1.3}
END_S = 90.0


@dataclass
class Told:
    """What was seen while it went on."""

    kills: int = 0
    whole: int = 0  # visits that ended before the power failed
    accepted: list[str] = field(default_factory=list)  # case numbers that a person saw on the end page
    at: Counter[str] = field(default_factory=Counter)  # the step at which the power failed
    boots_s: list[float] = field(default_factory=list)


class Torture:
    """One World, one terminal, and a power that fails at moments drawn by `seed`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World(folder, page_s=0.4, slip_baud=921600)
        self.world.enrol()
        self.terminal = Terminal(self.world, screenless=True)
        self.told = Told()
        self._step = ""
        self._codes: dict[int, str] = {}  # door -> pickup code of the ticket that was last given out for it
        self._visit = Visit(self.world, self.terminal, self._snapped)

    def close(self) -> None:
        self.terminal.close()
        self.world.close()

    # ---- the run

    def run(self, kills: int) -> None:
        """So many visits, each with a failing power; then everything is tidied up and comes to its end."""
        self._stock()
        self.terminal.start()
        for _ in range(kills):
            self._one_visit()
            self._tidy(thoroughly=self.chance.random() < 0.5)
            self._boot()
        self._come_to_rest()

    def _one_visit(self) -> None:
        kind = self.chance.choice(KINDS)
        power = threading.Timer(self.chance.uniform(0.05, LONGEST_VISIT_S[kind]), self.terminal.cut_power)
        self._step = f"{kind}: attract"
        self._kind = kind
        power.start()
        try:
            self._go(kind)
            self.told.whole += 1
        except Gone:
            pass
        finally:
            power.join()
        self.terminal.kill()
        self.told.kills += 1
        self.told.at[self._step] += 1
        self.world.reader.lift()

    def _go(self, kind: str) -> None:
        visit = self._visit
        match kind:
            case "prove":
                visit.prove(CITIZEN)
            case "apply":
                visit.choose(CARD)
                visit.lay_card(ELDER)
                visit.agree()
                visit.fill_in()
                visit.submit()
                visit.take_slip()
                self.told.accepted.append(visit.result()["number"])
            case "collect":
                doors = self._waiting_doors()
                if not doors:
                    visit.choose(PROOF)
                    return
                door = self.chance.choice(doors)
                visit.collect_by_code(self._codes[door], door)
        self._step = f"{kind}: over"
        visit.leave()

    def _snapped(self, name: str) -> None:
        self._step = f"{self._kind}: {name}"

    def _boot(self) -> None:
        try:
            self.terminal.start()
            page = self.terminal.look()["page"]
            if page == "leaving":  # something lies about: a person clears it away
                self._tidy(thoroughly=True)
                self.terminal.wait("attract", within=END_S)
        except CannotBeDone as never:
            raise AssertionError(f"it did not open again: {never}; {self._log()}") from never
        if not self._waiting_doors():
            self._stock()

    def _come_to_rest(self) -> None:
        store = self.world.store

        def nothing_is_open() -> bool:
            self._tidy(thoroughly=True)  # what was still under way may come out later
            return not ledger.read(store).open

        until(nothing_is_open, END_S)
        until(lambda: not ledger.read(store).letters[LetterState.WAITING.value], END_S)

    # ---- hands

    def _tidy(self, *, thoroughly: bool) -> None:
        """What somebody does who comes by: takes what lies about and shuts what stands open, or only some of it."""
        if thoroughly or self.chance.random() < 0.5:
            self.world.pages.take_paper()
        if thoroughly or self.chance.random() < 0.5:
            self.world.slip.take_slip()
        for number, door in self.world.locker.doors.items():
            if door.is_open and (thoroughly or self.chance.random() < 0.5):
                if door.item and self.chance.random() < 0.7:
                    self.world.locker.take_item(number)
                self.world.locker.close_door(number)

    def _open_tickets(self) -> set[int]:
        with self.world.central.database.reading() as connection:
            return {ticket.door for ticket in tickets.open_at(connection, REGION, TERMINAL)}

    def _waiting_doors(self) -> list[int]:
        """Doors behind which something lies for which the terminal knows a ticket."""
        known = self._open_tickets()
        return [door for door, state in self.world.locker.doors.items() if state.item and door in known]

    def _stock(self) -> None:
        """A clerk closes the tickets in doubt, clears out what has none and fills every free compartment."""
        with self.world.central.database.writing() as connection:
            for ticket, state in tickets.of_terminal(connection, REGION, TERMINAL):
                if state is TicketState.DOUBTFUL:
                    tickets.set_state(connection, REGION, ticket.ticket, TicketState.CLOSED, self.world.central.now())
            known = tickets.doors_taken(connection, REGION, TERMINAL)
        before = len(self._codes)
        for number, door in self.world.locker.doors.items():
            if number not in known and not door.is_open:
                door.item = False
                self._codes[number] = f"{number:02}{self.chance.randrange(10**6):06}"
                self.world.stock(ELDER, number, self._codes[number])
        if before and self.terminal.running:
            self._mirrored()

    def _mirrored(self) -> None:
        """Wait until the terminal has heard of the new tickets."""
        with self.world.central.database.reading() as connection:
            row = terminals.find(connection, REGION, TERMINAL)
        assert row is not None
        until(lambda: ledger.mirror_version(self.world.store) >= row.mirror_version, END_S)

    def _log(self) -> str:
        return (self.world.logs / "kiosk.log").read_text("utf-8")[-3000:] + self.terminal.last_words()

    # ---- what must be true

    def findings(self) -> list[str]:
        """Everything that is not as it must be; empty when all is well."""
        book = ledger.read(self.world.store)
        return [*self._submissions(book), *self._papers(book), *self._slips(book), *self._doors(book)]

    def _submissions(self, book: ledger.Ledger) -> list[str]:
        held = Counter(row.case for row in found.cases_at(self.world.central))
        wrong = [f"case {case} shown as accepted is at central {held[case]} times" for case in self.told.accepted
                 if held[case] != 1]  # fmt: skip
        wrong += [f"case {case} is at central {times} times" for case, times in held.items() if times != 1]
        with self.world.central.database.reading() as connection:
            links = sorted(counter for counter, _, _ in cases.chain(connection, REGION, TERMINAL, 10_000))
        if links != list(range(1, book.receipts + 1)):
            wrong.append(f"receipts 1 to {book.receipts} were signed, central has {links}")
        if len(links) != len(held):
            wrong.append(f"{len(links)} receipts and {len(held)} cases")
        wrong += [f"letters {state}: {count}" for state, count in book.letters.items() if state != LetterState.ACKED]
        flagged = [row.case for row in found.cases_at(self.world.central) if row.flags]
        return wrong + [f"central doubts case {case}" for case in flagged]

    def _papers(self, book: ledger.Ledger) -> list[str]:
        printed = Counter(document.name for document in self.world.pages.printed)
        taken = Counter(document.name for document in self.world.pages.received)
        states = {row.id: row for row in book.of("pages")}
        wrong = [f"{name} came out {times} times" for name, times in printed.items() if times > 1]
        wrong += [f"{name} was sent {times} times" for name, times in taken.items() if times > 1]
        wrong += [f"{name} is in no ledger" for name in taken if name not in states]
        serials = Counter(row.subject for row in states.values())
        wrong += [f"serial {serial} was promised {times} times" for serial, times in serials.items() if times > 1]
        for name, row in states.items():
            if row.state == "done" and not printed[name]:
                wrong.append(f"{name} is done and did not come out: {row.note}")
            if row.state in ("void", "failed") and printed[name]:
                wrong.append(f"{name} is {row.state} and came out: {row.note}")
        return wrong

    def _slips(self, book: ledger.Ledger) -> list[str]:
        begun = [row for row in book.of("slip") if row.state not in ledger.NEVER_BEGUN]
        pieces = self.world.slip.slips
        wrong = []
        if len(pieces) > len(begun):
            wrong.append(f"{len(pieces)} pieces of paper and {len(begun)} slips begun")
        codes = Counter(code.text for piece in pieces for code in zxingcpp.read_barcodes(piece.image()))
        wrong += [f"a slip was printed {times} times" for times in codes.values() if times > 1]
        ring = KeyRing(self._terminal_keys())
        held = {row.case for row in found.cases_at(self.world.central)}
        for code in codes:
            said = tokens.read(code, ring, USE_TERMINAL, self.world.central.now())
            if isinstance(said, tokens.TokenFault):
                wrong.append(f"a slip's code: {said.value}")
            elif isinstance(said, Receipt) and said.case not in held:
                wrong.append(f"the slip of case {said.case} was printed and central has no such case")
        return wrong

    def _terminal_keys(self) -> tuple[PublicKey, ...]:
        with self.world.central.database.reading() as connection:
            return terminals.keys_of(connection, REGION, TERMINAL)

    def _doors(self, book: ledger.Ledger) -> list[str]:
        begun = Counter(row.door for row in book.of("door") if row.state not in ledger.NEVER_BEGUN)
        wrong = []
        for number, door in self.world.locker.doors.items():
            if door.pulses > begun[number]:
                wrong.append(f"door {number} was driven {door.pulses} times, {begun[number]} were begun")
        return wrong

    def figures(self) -> str:
        """One paragraph for the report."""
        book = ledger.read(self.world.store)
        held = found.cases_at(self.world.central)
        ends = Counter(f"{row.kind} {row.state}" for row in book.deeds)
        pulses = sum(door.pulses for door in self.world.locker.doors.values())
        begun = sum(row.state not in ledger.NEVER_BEGUN for row in book.of("door"))
        return "\n".join(
            (
                f"{self.told.kills} kills, {self.told.whole} of them after a whole visit; {self.terminal.starts} boots",
                f"cases: {len(self.told.accepted)} shown, {book.receipts} signed, {len(held)} at central",
                f"papers: {len(self.world.pages.printed)} printed; slips: {len(self.world.slip.slips)} pieces",
                f"doors: {pulses} pulses, {begun} begun, of {DOORS}",
                f"ends: {dict(sorted(ends.items()))}",
                f"incidents: {len(found.incidents_at(self.world.central))}",
                f"killed at: {dict(sorted(self.told.at.items()))}",
            )
        )
