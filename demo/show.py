"""The demo without a screen: scripted visits on the real program, drawn offscreen, and what came of them."""

import time
from collections.abc import Callable
from pathlib import Path

from central.jobs import casework
from central.rules.asks import Ask
from central.rules.progress import CaseMove
from demo import found
from demo.album import Album, Pages
from demo.terminal import Terminal
from demo.visits import CARD, PHONE, PROOF, Visit
from demo.world import PERMIT_DOOR, World
from hardware.twins.made_up_people import CITIZEN, ELDER, EXPIRED, RARE, RARE_2

FOLDER = Path("demo-output")
OTHER_DOOR, OTHER_CODE = 3, "26112203"
DELIVERED_S = 60.0
LOOK_AGAIN_S = 0.05


class Show:
    """The visits, one after the other, on one terminal."""

    def __init__(self, world: World, terminal: Terminal, album: Pages) -> None:
        self.world = world
        self.terminal = terminal
        self.album = album
        self.visit = Visit(world, terminal, lambda name: album.snap(terminal, name))

    def play(self) -> dict[str, str]:
        """Every act in its order; what came of each, by its name.

        The terminal is enrolled and not yet running. Raises CannotBeDone, Gone or TimeoutError in the act that cannot
        be played.
        """
        acts: tuple[tuple[str, Callable[[], str]], ...] = (
            ("looking around: the tree of life, a search, the guide leads to a counter", self.look_around),
            ("prove: a payment record, printed at once", self.prove),
            ("apply: phone and address typed on our keyboard", self.apply),
            ("collect: by card", self.collect),
            ("collect: by pickup code", self.collect_by_code),
            ("network cut: an application is kept and sent later", self.offline),
            ("paper out in the middle of a print, then refilled", self.paper_out),
            ("power cut in the middle of an application's slip", self.power_cut),
            ("returned by staff: put right at the terminal", self.put_right),
            ("a form left half-way: the same card brings it back", self.come_back),
            ("refusals, a forgotten card, a person who walks away", self.small_things),
            ("reader and scanner away: closed", self.closed),
        )
        self.world.stock(ELDER)
        self.world.stock(CITIZEN, OTHER_DOOR, OTHER_CODE)
        self.terminal.start()
        came: dict[str, str] = {}
        for title, act in acts:
            began = time.monotonic()
            outcome = came[act.__name__] = act()
            print(f"  {title}: {outcome} ({time.monotonic() - began:.0f} s)", flush=True)
        return came

    # ---- the acts

    def look_around(self) -> str:
        terminal = self.terminal
        terminal.wait("attract")
        terminal.press("start")
        terminal.wait("home")
        terminal.press("tree")
        terminal.wait("tree")
        self.visit.snap("tree")
        terminal.press("event:retirement")
        terminal.wait("list")
        self.visit.snap("list-retirement")
        for page in ("tree", "home"):
            terminal.press("back")
            terminal.wait(page)
        self.visit.search(CARD, "jlk")
        terminal.wait("item", ask="next")
        terminal.press("next")
        terminal.wait("guide", ask="answer:relative")
        terminal.press("answer:relative")
        terminal.wait("guide", ask="home")
        self.visit.snap("guide-to-a-counter")
        self.visit.leave()
        return "found, and told what to bring"

    def prove(self) -> str:
        serial = self.visit.prove(CITIZEN)
        self.visit.leave()
        return serial

    def apply(self) -> str:
        case = self.visit.apply(ELDER, edit=True)
        self.visit.leave(rate="level:5")
        return case

    def collect(self) -> str:
        self.visit.collect(ELDER, PERMIT_DOOR)
        self.visit.leave()
        return f"door {PERMIT_DOOR}"

    def collect_by_code(self) -> str:
        self.visit.collect_by_code(OTHER_CODE, OTHER_DOOR)
        self.visit.leave()
        return f"door {OTHER_DOOR}"

    def offline(self) -> str:
        self.world.gate.cut()
        self.terminal.press("start")
        self.terminal.wait("home", within=DELIVERED_S, text=self._network_word())
        self.visit.snap("home-offline")
        self.visit.choose(CARD)
        self.visit.lay_card(RARE_2)
        self.visit.agree()
        self.visit.fill_in()
        self.visit.submit()
        self.visit.take_slip()
        case = str(self.terminal.wait("result")["body"]["number"])
        self.visit.snap("result-offline")
        self.visit.leave()
        before = self._held(case)
        self.world.gate.mend()
        self._until(lambda: self._held(case) == 1)
        return f"{case}, at central {before} times before the cable was mended, once after"

    def paper_out(self) -> str:
        self.visit.choose(PROOF)
        self.visit.lay_card(RARE)
        self.visit.agree()
        self.terminal.wait("working")
        self.world.pages.load_paper(0)
        self.terminal.wait("working", ask="give_up", within=30)
        self.visit.snap("working-paper-out")
        self.world.pages.load_paper()
        serial = self.visit.take_proof()
        self.visit.leave()
        return serial

    def power_cut(self) -> str:
        self.visit.choose(CARD)
        self.visit.lay_card(ELDER)
        self.visit.agree()
        self.visit.fill_in()
        self.visit.submit()
        self._until(lambda: self.world.slip.uncut_rows > 0)  # it is promised, and half of it is out
        self.terminal.kill()
        self.terminal.start()
        self.terminal.wait("attract")
        self._until(lambda: len(found.incidents_at(self.world.central)) > 0)
        self.world.slip.take_slip()
        cases = [row.case for row in found.cases_at(self.world.central)]
        doubled = len(cases) - len(set(cases))
        told = found.incidents_at(self.world.central)[0]
        return f"{cases[0]} at central once, {doubled} doubled; told to central: {told[0]} {told[1]}"

    def put_right(self) -> str:
        row = found.cases_at(self.world.central)[0]
        done = casework.move(
            self.world.central,
            row.region,
            row.case,
            CaseMove.RETURN,
            who="shenhe",
            revision=row.revision,
            asks=(Ask("residence.address", "address.incomplete"),),
        )
        if isinstance(done, casework.MoveRefused):
            raise RuntimeError(done.why)
        if self.visit.look_up(ELDER)["page"] == "cases":
            self.terminal.press(f"case:{row.case}")
        self.terminal.wait("case")
        self.visit.snap("case")
        self.visit.amend()
        self.visit.edit_address()
        case = self.visit.hand_in()
        self.visit.leave()
        return case

    def come_back(self) -> str:
        self.visit.choose(CARD)
        self.visit.lay_card(ELDER)
        self.visit.agree()
        self.terminal.wait("form")
        self.terminal.type("contact.phone", PHONE)
        self.terminal.press("leave")
        self.terminal.wait("goodbye", text="24")
        self.visit.snap("goodbye-draft")
        self.visit.skip_goodbye()
        self.terminal.wait("attract")
        self.visit.choose(CARD)
        self.visit.lay_card(ELDER)
        self.terminal.wait("form", text=PHONE)
        self.visit.snap("form-brought-back")
        self.terminal.press("anew")
        self.terminal.wait("consent")
        self.visit.leave()
        return "and one touch begins anew"

    def small_things(self) -> str:
        self.visit.choose(CARD)
        self.visit.lay_card(CITIZEN, lift=False)
        self.terminal.wait("trouble")
        self.visit.snap("trouble-too-young")
        self.terminal.press("leave")
        self.terminal.wait("leaving", text="card")
        self.visit.snap("leaving-card")
        self.world.reader.lift()
        self.terminal.wait("attract")

        self.visit.choose(PROOF)
        self.terminal.press("next")
        self.terminal.wait("identify")
        self.world.reader.lay(EXPIRED.card)
        self.terminal.wait("identify", text='"state": "refused"')
        self.visit.snap("identify-expired")
        self.world.reader.lift()
        self.terminal.press("back")
        self.terminal.wait("item")
        for _ in self.album.languages:
            seen = self.terminal.ask(do="wait", countdown=True, within=60)
            self.album.snap_once(self.terminal, "countdown")
            self.terminal.still_here()
            self.terminal.switch_language()
            self.terminal.wait(language="en" if seen["language"] == "zh" else "zh")
        self.terminal.switch_elder()
        self.visit.snap("item-large-type")
        self.visit.leave()
        return "each said why"

    def closed(self) -> str:
        self.world.unplug("reader")
        self.world.unplug("scanner")
        self.terminal.wait("closed", within=30)
        self.visit.snap("closed")
        self.world.replug("reader")
        self.world.replug("scanner")
        self.terminal.wait("attract", within=30)
        return "and open again when they came back"

    # ---- what is asked in between

    def _network_word(self) -> str:
        return "网络" if self.terminal.look()["language"] == "zh" else "network"

    def _held(self, case: str) -> int:
        return sum(row.case == case for row in found.cases_at(self.world.central))

    def _until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DELIVERED_S
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError("central was not told in time")
            time.sleep(LOOK_AGAIN_S)


def show(folder: Path = FOLDER) -> int:
    """Play everything, keep what came of it in `folder`, and say so."""
    began = time.monotonic()
    album = Album(folder)
    print(
        "Nuanting, without a screen: scripted visits on the real program. Devices are emulated on their own protocols,"
    )
    print("people are made up, and central's payment records come from a demo connector.")
    with World(warn_after_s=8, end_after_s=18) as world:
        world.enrol()
        terminal = Terminal(world)
        try:
            Show(world, terminal, album).play()
            code = terminal.stop()
        finally:
            terminal.close()
        printed, kept, slips = album.keep_papers(world)
        print(f"  the program ended with code {code}")
    missing = album.missing()
    print(f"{album.pictures} pictures, {printed} printed documents, {kept} kept applications, {slips} slips")
    if missing:
        print(f"not pictured: {', '.join(missing)}")
    print(f"in {time.monotonic() - began:.0f} s; everything is in {folder.resolve()}")
    return 1 if missing or code else 0
