"""Whether the terminal is open, limited or closed, and which item can be done now. Pure: statuses in, decisions out."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.model import Item, Need, NetworkNeed
from hardware.api.status import DeviceState, Level, Status, Supply
from kiosk.alarms import Alarm, Freshness
from kiosk.ports import Network, Waiting

READER, SCANNER, PAGES, SLIP, LOCKER, LIGHTS = "reader", "scanner", "pages", "slip", "locker", "lights"
DEVICES = (READER, SCANNER, PAGES, SLIP, LOCKER, LIGHTS)
VOICE, SOUND = "voice", "sound"
BESIDE = frozenset({LIGHTS, VOICE, SOUND})
"""Devices that no item needs: a technician hears of them, nobody is told that something cannot be done."""


class Opening(enum.StrEnum):
    OPEN = "open"
    LIMITED = "limited"
    CLOSED = "closed"


@dataclass(frozen=True)
class World:
    """What is known of the terminal at one moment. `devices` holds only those that the settings name."""

    devices: Mapping[str, Status]
    network: Network = Network.UNKNOWN
    store_word: str = ""  # why the store accepts nothing, "" when it does
    closed_items: Mapping[str, str] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    notice_zh: str = ""
    notice_en: str = ""
    mirror: Freshness = Freshness.FRESH
    mirror_seen: dt.datetime | None = None  # told while `mirror` is OLD: what is shown of it is as of then
    alarms: frozenset[Alarm] = frozenset()
    held: frozenset[str] = frozenset()  # what lies about from before the last start: "pages", "door"


@dataclass(frozen=True)
class Availability:
    """Whether an item can be done here now; `reason` is a key of the words, for the person."""

    can_now: bool
    reason: str = ""


def works(world: World, device: str) -> bool:
    status = world.devices.get(device)
    return status is not None and status.can_work


def needs_hand(status: Status) -> bool:
    """Whether a technician should come for this device, soon or at once."""
    if status.device in (DeviceState.OFFLINE, DeviceState.ERROR) or status.fault is not None:
        return True
    return any(status.level(s) in (Level.LOW, Level.OUT) for s in (Supply.PAPER, Supply.TONER))


def opening(world: World) -> Opening:
    """Closed when nobody can be identified or nothing can be kept; limited when a device of an item wants a hand."""
    if world.store_word:
        return Opening.CLOSED
    if not works(world, READER) and not works(world, SCANNER):
        return Opening.CLOSED
    if any(needs_hand(status) for name, status in world.devices.items() if name not in BESIDE):
        return Opening.LIMITED
    return Opening.OPEN


def availability(item: Item, world: World, local: dt.datetime) -> Availability:
    """The first thing that stands against the item, in the order a person can do something about it."""
    if item.code in world.closed_items:
        return Availability(False, "item.reason.closed")
    if not item.needs.open_at(local):
        return Availability(False, "item.reason.hours")
    if world.store_word:
        return Availability(False, "item.reason.store")
    for need in item.needs.devices:
        reason = _stands_against(need, world)
        if reason:
            return Availability(False, reason)
    if item.needs.network is NetworkNeed.REQUIRED and world.network is Network.DOWN:
        return Availability(False, "item.reason.network")
    return Availability(True)


def _stands_against(need: Need, world: World) -> str:
    match need:
        case Need.ID_CARD_OR_CODE:
            if works(world, READER) or works(world, SCANNER):
                return ""
            return "item.reason.id_card_or_code"
        case Need.PAGE_PRINTER:
            return _printer(world, PAGES, "item.reason.page_printer")
        case Need.SLIP_PRINTER:
            return _printer(world, SLIP, "item.reason.slip_printer")
        case Need.LOCKER:
            return "" if works(world, LOCKER) else "item.reason.locker"


def _printer(world: World, device: str, reason: str) -> str:
    if works(world, device):
        return ""
    status = world.devices.get(device)
    if status is not None and status.level(Supply.PAPER) is Level.OUT:
        return f"{reason}_paper"
    return reason
