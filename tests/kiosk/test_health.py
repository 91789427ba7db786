"""Open, limited or closed; and which item can be done now, and why not."""

import datetime as dt

import pytest

from catalogue.model import Need
from hardware.api.status import ADVICE, OFFLINE, STARTING, DeviceState, Fault, Level, Status, Supply
from kiosk.health import DEVICES, LIGHTS, LOCKER, PAGES, READER, SCANNER, SLIP, Opening, World, availability, opening
from kiosk.ports import Network
from tests.journeys.walker import ITEMS, WORDS

ONLINE = Status(DeviceState.ONLINE)
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
PROOF, APPLY, COLLECT = (
    next(item for item in ITEMS if item.code == code) for code in ("shebao-proof", "jinglaoka", "juzhuzheng-pickup")
)
BY_NEED = {Need.PAGE_PRINTER: PAGES, Need.SLIP_PRINTER: SLIP, Need.LOCKER: LOCKER}


def world(network: Network = Network.UP, **devices: Status | None) -> World:
    found = {**dict.fromkeys(DEVICES, ONLINE), **devices}
    return World({name: status for name, status in found.items() if status is not None}, network)


def broken(fault: Fault) -> Status:
    return Status(DeviceState.ERROR, fault)


def low(supply: Supply, level: Level) -> Status:
    return Status(DeviceState.ONLINE, None, {supply: level})


@pytest.mark.parametrize(
    ("at", "is_now"),
    [
        (world(), Opening.OPEN),
        (world(reader=OFFLINE), Opening.LIMITED),
        (world(scanner=OFFLINE), Opening.LIMITED),
        (world(reader=OFFLINE, scanner=OFFLINE), Opening.CLOSED),
        (world(reader=OFFLINE, scanner=None), Opening.CLOSED),
        (world(reader=STARTING, scanner=STARTING), Opening.CLOSED),
        (world(reader=None), Opening.OPEN),  # not in the settings: nothing is missing
        (world(pages=OFFLINE), Opening.LIMITED),
        (world(slip=low(Supply.PAPER, Level.OUT)), Opening.LIMITED),
        (world(slip=low(Supply.PAPER, Level.LOW)), Opening.LIMITED),
        (world(pages=low(Supply.TONER, Level.LOW)), Opening.LIMITED),
        (world(pages=low(Supply.EXIT, Level.LOW)), Opening.OPEN),  # paper in the tray is nobody's fault
        (world(locker=Status(DeviceState.ONLINE, Fault.LOCK_SENSOR_DOUBTFUL)), Opening.LIMITED),
        (world(lights=OFFLINE), Opening.OPEN),  # lights are a kindness
        (world(network=Network.DOWN), Opening.OPEN),
        (World(dict.fromkeys(DEVICES, ONLINE), store_word="store.broken"), Opening.CLOSED),
    ],
)
def test_open_limited_or_closed(at: World, is_now: Opening) -> None:
    assert opening(at) is is_now


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in ADVICE])
@pytest.mark.parametrize("device", [READER, SCANNER, PAGES, SLIP, LOCKER])
def test_every_fault_of_every_device_limits_and_shuts_exactly_what_needs_it(device: str, fault: Fault) -> None:
    for state in (DeviceState.ONLINE, DeviceState.ERROR, DeviceState.OFFLINE):
        at = world(**{device: Status(state, fault)})
        assert opening(at) is Opening.LIMITED
        for item in ITEMS:
            needs_it = device in {BY_NEED.get(need, "") for need in item.needs.devices}
            found = availability(item, at, NOON)
            assert found.can_now is not needs_it, (item.code, device)
            assert bool(found.reason) is needs_it


def test_a_doubtful_sensor_keeps_no_door_shut() -> None:
    assert availability(COLLECT, world(locker=Status(DeviceState.ONLINE, Fault.LOCK_SENSOR_DOUBTFUL)), NOON).can_now


@pytest.mark.parametrize(
    ("item", "at", "reason"),
    [
        (PROOF, world(pages=broken(Fault.PRINTER_JAMMED)), "item.reason.page_printer"),
        (PROOF, world(pages=low(Supply.PAPER, Level.OUT)), "item.reason.page_printer_paper"),
        (PROOF, world(pages=None), "item.reason.page_printer"),
        (APPLY, world(slip=broken(Fault.PRINTER_CUTTER)), "item.reason.slip_printer"),
        (APPLY, world(slip=low(Supply.PAPER, Level.OUT)), "item.reason.slip_printer_paper"),
        (COLLECT, world(locker=OFFLINE), "item.reason.locker"),
        (PROOF, world(reader=OFFLINE, scanner=OFFLINE), "item.reason.id_card_or_code"),
        (PROOF, world(Network.DOWN), "item.reason.network"),
        (APPLY, World(dict.fromkeys(DEVICES, ONLINE), store_word="store.full"), "item.reason.store"),
        (APPLY, World(dict.fromkeys(DEVICES, ONLINE), closed_items={"jinglaoka": "moved"}), "item.reason.closed"),
    ],
)
def test_each_reason_is_the_right_one_and_has_a_sentence(item: object, at: World, reason: str) -> None:
    found = availability(item, at, NOON)  # type: ignore[arg-type]
    assert (found.can_now, found.reason) == (False, reason)
    for language in ("zh", "en"):
        assert WORDS.say(reason, language)


def test_hours_have_a_sentence() -> None:
    assert WORDS.has("item.reason.hours")


def test_what_works_without_the_network_is_offered_without_it() -> None:
    assert availability(APPLY, world(Network.DOWN), NOON).can_now
    assert availability(COLLECT, world(Network.DOWN), NOON).can_now
    assert availability(PROOF, world(Network.UNKNOWN), NOON).can_now


def test_one_way_to_identify_is_enough() -> None:
    for down in ("reader", "scanner"):
        assert availability(PROOF, world(**{down: OFFLINE}), NOON).can_now


def test_lights_are_never_needed() -> None:
    assert all(availability(item, world(**{LIGHTS: OFFLINE}), NOON).can_now for item in ITEMS)


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_has_its_sentences(fault: Fault, language: str) -> None:
    title, do = WORDS.fault(fault.value, language)
    assert title
    assert do
