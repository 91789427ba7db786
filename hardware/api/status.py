"""How a device is, apart from what it holds: one small state for all devices, supplies beside it.

The split follows XFS4IoT (Status.common.device against paper/toner/… thresholds): a printer that is out of paper is
*online*; a printer whose cable is out is *offline*. Statuses are values: two equal ones are no news.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class DeviceState(enum.StrEnum):
    """Whether the device can be talked to and works at all."""

    STARTING = "starting"
    ONLINE = "online"
    OFFLINE = "offline"
    ERROR = "error"


class Supply(enum.StrEnum):
    """What a device uses up, or fills up."""

    PAPER = "paper"
    TONER = "toner"
    EXIT = "exit"  # the mouth or tray where paper waits for a hand: LOW = something lies there, OUT = blocked/full


class Level(enum.StrEnum):
    """How much of a supply is left."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


class Fault(enum.StrEnum):
    """Every fault word, listed once, never reused. Each has a citizen's sentence and a technician's page.

    The words are the public names: `docs/devices/` explains each, `kiosk/words` says each in Chinese and English.
    """

    LINK_LOST = "device.link_lost"  # the cable, the power or the converter
    BROKE_RULES = "device.broke_rules"  # it said something its manual forbids
    NOT_ANSWERING = "device.not_answering"
    WRONG_DEVICE = "device.wrong_device"  # something else answers on that wire

    READER_SAM_FAILED = "reader.sam_failed"  # SW3 60
    READER_SAM_UNAUTHORISED = "reader.sam_unauthorised"  # SW3 66

    PRINTER_PAPER_OUT = "printer.paper_out"
    PRINTER_JAMMED = "printer.jammed"
    PRINTER_COVER_OPEN = "printer.cover_open"
    PRINTER_CUTTER = "printer.cutter"
    PRINTER_HEAD = "printer.head"  # too hot, or the mechanism failed
    PRINTER_TONER_OUT = "printer.toner_out"
    PRINTER_REFUSED = "printer.refused"
    PRINTER_STUCK = "printer.stuck"  # it took the job and nothing came out in time
    PRINTER_TRAY_FULL = "printer.tray_full"

    LOCK_STAYED_SHUT = "lock.stayed_shut"  # acknowledged, or pulsed, and the door did not open
    LOCK_SENSOR_DOUBTFUL = "lock.sensor_doubtful"  # the sensors contradict each other; doors are still opened

    VOICE_NO_ENGINE = "voice.no_engine"  # the speech engine is not installed, or lacks a language
    VOICE_NO_MODEL = "voice.no_model"  # the better voice is absent or wrong; the plain one speaks


ADVICE = frozenset({Fault.LOCK_SENSOR_DOUBTFUL, Fault.VOICE_NO_MODEL})
"""Fault words that a technician should see and that hinder no work: no door is kept shut for a sensor, nobody is left
without a voice because a better one is missing."""


@dataclass(frozen=True)
class Status:
    """One device's state at one moment."""

    device: DeviceState
    fault: Fault | None = None
    supplies: Mapping[Supply, Level] = field(default_factory=lambda: MappingProxyType({}))

    def level(self, supply: Supply) -> Level:
        """The level of one supply, UNKNOWN when the device has no sensor for it."""
        return self.supplies.get(supply, Level.UNKNOWN)

    @property
    def can_work(self) -> bool:
        """Whether a job may be given to it now: online, no fault but one that is only advice, nothing out."""
        hindered = self.fault is not None and self.fault not in ADVICE
        return self.device is DeviceState.ONLINE and not hindered and self.level(Supply.PAPER) is not Level.OUT


STARTING = Status(DeviceState.STARTING)
OFFLINE = Status(DeviceState.OFFLINE, Fault.LINK_LOST)
