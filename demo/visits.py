"""Whole visits, as scripts: what a person touches at the glass and does with their hands, step by step.

A script works on a terminal with or without a screen. `snap(name)` is called at each page worth a picture. Every wait
has a deadline; what does not come raises `demo.glass.CannotBeDone`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.glass import CannotBeDone
from demo.terminal import Terminal
from demo.world import World
from hardware.twins.made_up_people import MadeUpPerson

PROOF, CARD, PERMIT = "shebao-proof", "jinglaoka", "juzhuzheng-pickup"
ANSWERS = ("answer:self", "answer:first")
"""To the questions of the senior card's guide."""
PHONE = "13812345678"
PRINT_S = 60.0
CHANGYANG = (*"changyanglu", "长阳路", "8", "8", "号", "2", "0", "1", "室")
"""Keys of another street and house, on a keyboard with pinyin."""
PLAIN = ("2",)
"""Keys of another room, on one without."""
OLD_TAIL = len("样例路5号101室")
Snap = Callable[[str], None]


def no_picture(name: str) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Visit:
    """One person's way through the terminal."""

    world: World
    terminal: Terminal
    snap: Snap = no_picture

    # ---- the beginning

    def choose(self, item: str) -> None:
        """From whatever stands there to the item's page."""
        page = self.terminal.look()["page"]
        if page == "goodbye":
            self.skip_goodbye()
            self.terminal.wait("attract")
            page = "attract"
        if page == "attract":
            self.snap("attract")
            self.terminal.press("start")
            self.terminal.wait("home")
            self.snap("home")
        self.terminal.press(f"item:{item}")
        self.terminal.wait("item")
        self.snap(f"item-{item}")

    def search(self, item: str, letters: str) -> None:
        """From the home page to the item's, by letters that are searched."""
        self.terminal.press("search")
        self.terminal.wait("search")
        self.terminal.type("search", letters, keys=() if self.terminal.screenless else ("英文", *letters))
        self.terminal.wait("search", ask=f"item:{item}")
        self.snap("search")
        self.terminal.press(f"item:{item}")
        self.terminal.wait("item")

    def begin(self) -> None:
        """From the item's page to identification, through its guide where it has one."""
        self.terminal.wait("item", ask="next")
        self.terminal.press("next")
        if self.terminal.wait("guide", "identify")["page"] == "guide":
            self.answer_guide()

    def answer_guide(self) -> None:
        """For oneself, and for the first time."""
        for answer in ANSWERS:
            self.terminal.wait("guide", ask=answer)
            self.snap(f"guide-{answer.removeprefix('answer:')}")
            self.terminal.press(answer)

    def lay_card(self, person: MadeUpPerson, *, lift: bool = True) -> None:
        """From the item's page to whatever follows identification."""
        self.begin()
        self.terminal.wait("identify")
        self.snap("identify")
        self.world.reader.lay(person.card)
        if self._is_known():
            self.snap("identify-known")
            if self.terminal.screenless:
                self.terminal.press("next")
        self.terminal.wait(not_pages=("identify", "item"))
        if lift:
            self.world.reader.lift()

    def _is_known(self) -> bool:
        """Wait until the card was read; whether the page still says whose it is, which goes on by itself."""
        page: str = self.terminal.wait("identify", ask="next", past=("item", "identify"))["page"]
        return page == "identify"

    def show_code(self, code: str | bytes, *, then: str = "consent", text: str = "") -> None:
        """From the item's page to what follows a shown code."""
        self.begin()
        self.terminal.wait("identify")
        self.hold_code(code, then=then, text=text)

    def hold_code(self, code: str | bytes, *, then: str = "identify", text: str = "") -> None:
        """Hold a code before the window until the terminal says so: one that went by unseen is seen again."""
        for last in (False, False, True):
            self.world.scanner.show(code.encode() if isinstance(code, str) else code)
            try:
                self.terminal.wait(then, text=text, within=4.0)
                break
            except CannotBeDone:
                if last:
                    raise

    def leave(self, *, rate: str = "skip") -> None:
        """One touch, and wait until the terminal is everybody's again; `rate` is pressed where it asks how it was."""
        self.terminal.press("leave")
        if self.terminal.wait("rating", "leaving", "goodbye", "attract")["page"] == "rating":
            self.snap("rating")
            self.terminal.press(rate)  # the thanks go by themselves
        self.terminal.wait("goodbye", "attract")
        self.snap("goodbye")
        if self.terminal.screenless:
            self.skip_goodbye()
        self.terminal.wait("attract")

    def skip_goodbye(self) -> None:
        """The next person does not wait for the goodbye to end."""
        if self.terminal.look()["page"] == "goodbye":
            self.terminal.press("start")

    # ---- prove

    def prove(self, person: MadeUpPerson) -> str:
        """A proof in the hand, and its slip. Returns the serial."""
        self.choose(PROOF)
        self.lay_card(person)
        self.agree()
        return self.take_proof()

    def agree(self) -> None:
        """Consent, and go on. What was typed an earlier time and came back is not wanted."""
        if self.terminal.wait("consent", "form")["page"] == "form":
            self.terminal.press("anew")
            self.terminal.wait("consent")
        self.snap("consent")
        self.terminal.press("next")

    def take_proof(self) -> str:
        """From the printing to the end page."""
        self.terminal.wait("take", text='"spot": "pages"', within=PRINT_S)
        self.snap("take-pages")
        self.world.pages.take_paper()
        self.take_slip()
        return self.result()["number"]

    def take_slip(self) -> None:
        self.terminal.wait("take", text='"spot": "slip"', within=PRINT_S)
        self.snap("take-slip")
        self.world.slip.take_slip()

    def result(self) -> dict[str, Any]:
        """The end page's body."""
        body: dict[str, Any] = self.terminal.wait("result")["body"]
        self.snap("result")
        return body

    # ---- apply

    def apply(self, person: MadeUpPerson, *, edit: bool = False) -> str:
        """An application, submitted, its slip taken. Returns the case number."""
        self.choose(CARD)
        self.lay_card(person)
        self.agree()
        self.fill_in(edit=edit)
        self.submit()
        self.take_slip()
        return str(self.result()["number"])

    def edit_address(self) -> None:
        """Another address, typed by the keyboard: in pinyin where it has pinyin."""
        if self.terminal.screenless:
            self.terminal.type("residence.address", "长阳路88号201室", erase=OLD_TAIL)
            return
        names = self.terminal.raise_keyboard("residence.address")
        self.snap("form-keyboard")
        pinyin = "拼音" in names or "Pinyin" in names
        if pinyin and "Pinyin" in names:
            self.terminal.tap("Pinyin")
        erase = OLD_TAIL if pinyin else 1
        self.terminal.type("residence.address", "", erase=erase, keys=CHANGYANG if pinyin else PLAIN)

    def fill_in(self, *, edit: bool = False) -> None:
        """The form, up to the page that is reviewed; with `edit` the prefilled address is changed."""
        self.terminal.wait("form")
        self.snap("form-empty")
        self.terminal.type("contact.phone", PHONE)
        if edit:
            self.edit_address()
        language = self.terminal.look()["language"]
        self.terminal.type("delivery.way", "Collect it from a locker" if language == "en" else "到取件柜自取")
        self.snap("form")
        self.terminal.press("next")
        self.terminal.wait("review")
        self.snap("review")

    def submit(self) -> None:
        self.terminal.wait("review", ask="next")
        self.terminal.press("next")
        self.terminal.wait("working", "take")
        self.snap("working")

    # ---- how applications stand

    def look_up(self, person: MadeUpPerson) -> dict[str, Any]:
        """By card, from the doorway to what there is: one case, or the list of several."""
        self.terminal.press("start")
        self.terminal.wait("home")
        self.terminal.press("cases")
        self.terminal.wait("identify")
        self.world.reader.lay(person.card)
        if self.terminal.screenless and self._is_known():
            self.terminal.press("next")
        seen: dict[str, Any] = self.terminal.wait("case", "cases", within=PRINT_S)
        self.world.reader.lift()
        self.snap(str(seen["page"]))
        return seen

    def amend(self) -> dict[str, Any]:
        """From the case's page to the form of what is asked for: its body."""
        self.terminal.press("amend")
        self.terminal.wait("consent")
        self.terminal.press("next")
        body: dict[str, Any] = self.terminal.wait("form")["body"]
        return body

    def hand_in(self) -> str:
        """From that form, filled in, to the result; the case's number."""
        self.snap("form-put-right")
        self.terminal.press("next")
        self.submit()
        self.take_slip()
        return str(self.result()["number"])

    # ---- collect

    def collect(self, person: MadeUpPerson, door: int) -> None:
        """A permit out of its compartment, by card."""
        self.choose(PERMIT)
        self.lay_card(person)
        self.empty_door(door)

    def collect_by_code(self, digits: str, door: int) -> None:
        """A permit out of its compartment, by the pickup code."""
        self.choose(PERMIT)
        self.begin()
        self.terminal.wait("identify")
        self.terminal.code(digits)
        self.terminal.wait("identify", ask="pickup")
        self.snap("identify-pickup")
        self.terminal.press("pickup")
        self.empty_door(door)

    def empty_door(self, door: int) -> None:
        """Open seen, emptied seen, closed seen."""
        self.terminal.wait("door", text='"state": "open"')
        self.snap("door-open")
        self.world.locker.take_item(door)
        self.terminal.wait("door", text='"state": "close"')
        self.snap("door-close")
        self.world.locker.close_door(door)
        self.result()
