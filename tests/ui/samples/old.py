"""What the terminal says out of what central told it a while ago: drawn by the mind's own hand, network away."""

import datetime as dt
from dataclasses import replace

from kiosk.alarms import Freshness
from kiosk.journeys import collect
from kiosk.journeys.find import Find
from kiosk.journeys.find import Phase as Finding
from kiosk.ports import Network
from kiosk.presenting.present import Scene, present
from kiosk.view import View
from kiosk.visit import Phase, Visit
from tests.ui.samples.cases import NOW, PERSON
from tests.ui.samples.finding import CATALOGUE, INDEX, WORDS, WORLD
from tests.ui.samples.frame import Frame
from wire.messages import Ticket

LOCAL = NOW.astimezone(dt.timezone(dt.timedelta(hours=8)))
WORLD_THEN = replace(
    WORLD,
    network=Network.DOWN,
    mirror=Freshness.OLD,
    mirror_seen=NOW - dt.timedelta(days=2, hours=9),
    closed_items={"jinglaoka": "desk"},
    notice_zh="11 月 23 日（周一）0:00 至 6:00 社保系统维护，期间打不了缴费证明。",
    notice_en="On Monday 23 November from 0:00 to 6:00 the insurance system is maintained: no payment records then.",
)
THINGS = tuple(
    Ticket(
        ticket=f"T{door}", item="juzhuzheng-pickup", what_zh=zh, what_en=en, door=door, holder_tag="x", code_tag="",
        since=NOW,
    )
    for door, zh, en in ((3, "居住证", "residence permit"), (11, "敬老卡", "senior card"))
)  # fmt: skip
PICKUP = CATALOGUE.item("juzhuzheng-pickup")


def visit(inner: collect.Collect) -> Visit:
    return Visit(phase=Phase.DOING, item=PICKUP, person=PERSON, inner=inner)


STATES: dict[str, Visit] = {
    "attract-old": Visit(),
    "home-old": Visit(phase=Phase.FINDING),
    "list-old": Visit(phase=Phase.FINDING, find=Find(Finding.BLOCK, block="apply")),
    "trouble-old": visit(collect.Collect(PICKUP.code, "card", collect.Phase.NOTHING, as_of=NOW)),
    "trouble-no-list": visit(collect.Collect(PICKUP.code, "card", collect.Phase.NOTHING)),
    "door-several-old": visit(collect.Collect(PICKUP.code, "card", collect.Phase.CHOOSING, THINGS, as_of=NOW)),
}  # fmt: skip


def views(language: str) -> dict[str, View]:
    """Name -> View."""
    own = Frame(language)
    scene = Scene(
        WORDS, WORLD_THEN, CATALOGUE.items, LOCAL, own.frame.place, own.frame.place, "12345", 16,
        plan=CATALOGUE.home, index=INDEX,
    )  # fmt: skip
    return {name: present(replace(state, language=language), scene) for name, state in STATES.items()}
