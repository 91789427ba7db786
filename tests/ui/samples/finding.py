"""The pages on which an item is found, drawn from the shipped catalogue: lists, tree, search, guide."""

from dataclasses import replace
from pathlib import Path

from catalogue.loader import load
from catalogue.search import index
from hardware.api.status import DeviceState, Status
from kiosk.health import DEVICES, Availability, World
from kiosk.journeys.find import Find, Phase
from kiosk.ports import Network
from kiosk.presenting.finding import finding_page
from kiosk.presenting.saying import Say
from kiosk.view import Page, View
from kiosk.words import Words
from tests.ui.samples.frame import Frame
from ui.keyboard.characters import characters

ASSETS = Path(__file__).resolve().parents[3] / "assets"
CATALOGUE = load(ASSETS / "catalogue")
INDEX = index(CATALOGUE.items, CATALOGUE.home.life, characters().readings())
WORDS = Words.load(ASSETS / "i18n")
WORLD = World({name: Status(DeviceState.ONLINE) for name in DEVICES}, Network.UP)
CARD = CATALOGUE.item("jinglaoka")
AWAY = {"juzhuzheng-pickup": Availability(False, "item.reason.locker")}
WHOM, FIRST = "guide.for_whom", "guide.first_time"

STATES: dict[str, Find] = {
    "home-plan": Find(),
    "list-everything": Find(Phase.BLOCK, block="all"),
    "list-block": Find(Phase.BLOCK, block="apply"),
    "list-none": Find(Phase.BLOCK, block="consult"),
    "list-event": Find(Phase.EVENT, event="retirement"),
    "list-event-none": Find(Phase.EVENT, event="marriage"),
    "tree": Find(Phase.TREE),
    "search": Find(Phase.SEARCH),
    "search-found": Find(Phase.SEARCH, query="老人卡"),
    "search-elsewhere": Find(Phase.SEARCH, query="护照"),
    "search-nothing": Find(Phase.SEARCH, query="养猫许可"),
    "item-card": Find(Phase.ITEM, item=CARD),
    "guide": Find(Phase.GUIDE, item=CARD, question=WHOM),
    "guide-answered": Find(Phase.GUIDE, item=CARD, question=FIRST, answers={WHOM: "self", FIRST: "first"}),
    "guide-relative": Find(Phase.GUIDE_REFUSED, item=CARD, question=WHOM, answers={WHOM: "relative"}),
    "guide-lost": Find(Phase.GUIDE_REFUSED, item=CARD, question=FIRST, answers={WHOM: "self", FIRST: "lost"}),
}  # fmt: skip


def view(own: Frame, state: Find, *, elder: bool = False) -> View:
    """A page as the mind makes it."""
    offered = tuple((item, AWAY.get(item.code, Availability(True))) for item in CATALOGUE.items)
    say = Say(WORDS, own.language, elder, "12345")
    drawn = finding_page(state, offered, CATALOGUE.home, INDEX, WORLD, say)
    begun = state.phase in (Phase.ITEM, Phase.GUIDE)
    return replace(
        own.frame, page=drawn.page, body=drawn.body, back=drawn.back, leave=own.leave, next=drawn.next,
        choices=drawn.choices, steps=own.steps(0) if begun else (), restless=drawn.page is not Page.HOME,
    )  # fmt: skip


def views(language: str) -> dict[str, View]:
    """Name -> View."""
    own = Frame(language)
    return {name: view(own, state) for name, state in STATES.items()} | {"home-fewer": view(own, Find(), elder=True)}
