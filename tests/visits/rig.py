"""A World and a terminal for tests: quick twins, the real program in its own process, and what it left behind."""

from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from central.store import terminals
from demo.found import cases_at, proofs_at
from demo.terminal import Terminal
from demo.visits import Visit
from demo.world import REGION, TERMINAL, World
from documents.verify import Refused, Verified, verify
from tests.contracts.until import until
from tests.torture import ledger
from trust.keys import KeyRing
from wire.tokens import Proof, Receipt

TOLD_S = 40.0
DOTS = 4
"""Pixels a dot of the A4 page is drawn with before its code is looked for."""


class Rig:
    """One World and its terminal program. `visit` walks it."""

    def __init__(self, folder: Path, *, screenless: bool, **more: Any) -> None:
        """`more` is told the World beside what makes it quick."""
        self.world = World(folder, **{"page_s": 0.3, "slip_baud": 921600, **more})
        self.world.enrol()
        self.terminal = Terminal(self.world, screenless=screenless)
        self.visit = Visit(self.world, self.terminal)

    def close(self) -> None:
        self.terminal.close()
        self.world.close()

    def fresh(self) -> None:
        """The terminal running, nobody there, nothing lying about, everything plugged in and well."""
        world = self.world
        world.gate.mend()
        world.served.app.fault = None
        world.reader.heal()
        world.reader.lift()
        world.scanner.hide()
        world.locker.heal()
        for fault in tuple(world.pages.faults):
            world.pages.end(fault)
        world.pages.come_back()
        world.pages.load_paper()
        self.tidy()
        if not self.terminal.running:
            self.terminal.start()
        page = self.terminal.look()["page"]
        if page not in ("attract", "leaving", "goodbye"):
            self.terminal.press("leave")
        if self.terminal.wait("rating", "leaving", "goodbye", "attract", within=TOLD_S)["page"] == "rating":
            self.terminal.press("leave")
        self.terminal.wait("leaving", "goodbye", "attract", within=TOLD_S)
        self.tidy()
        self.terminal.wait("goodbye", "attract", within=TOLD_S)
        self.visit.skip_goodbye()
        self.terminal.wait("attract")

    def tidy(self) -> None:
        """Somebody takes what lies about and shuts every door."""
        self.world.pages.take_paper()
        self.world.slip.take_slip()
        for number, door in self.world.locker.doors.items():
            door.stuck_shut = False
            if door.is_open:
                self.world.locker.close_door(number)

    # ---- what it left behind

    def book(self) -> ledger.Ledger:
        return ledger.read(self.world.store)

    def told(self) -> None:
        """Wait until every letter has been acknowledged and every deed has its end."""
        until(lambda: not self.book().open and not self.book().letters["waiting"], TOLD_S)

    def case(self, number: str):
        """The one case of this number at central."""
        until(lambda: any(row.case == number for row in cases_at(self.world.central)), TOLD_S)
        (found,) = [row for row in cases_at(self.world.central) if row.case == number]
        return found

    def proof(self, serial: str):
        until(lambda: any(row.serial == serial for row in proofs_at(self.world.central)), TOLD_S)
        (found,) = [row for row in proofs_at(self.world.central) if row.serial == serial]
        return found

    def verified(self, token: str) -> Receipt | Proof:
        """What a code says, checked with the public keys alone."""
        with self.world.central.database.reading() as connection:
            keys = terminals.keys_of(connection, REGION, TERMINAL)
        outcome = verify(token, KeyRing(keys), self.world.central.now())
        assert isinstance(outcome, Verified), outcome.word if isinstance(outcome, Refused) else outcome
        return outcome.payload

    def slip_code(self) -> str:
        """The code on the newest slip, as an independent decoder reads it."""
        return only_code(self.world.slip.slips[-1].image())


def only_code(picture: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def page_code(pdf: bytes) -> str:
    """The code on a document's last page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[len(document) - 1].render(scale=DOTS).to_pil()
        return only_code(picture)
    finally:
        document.close()


def page_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
