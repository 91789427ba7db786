"""What a printer's attributes mean in our words: pure, no wire.

Sources: RFC 8011 §5.3.7–8 (job states and reasons), §5.4.11–12 (printer states and reasons), PWG 5100.9 (alerts as
reasons), PWG 5100.13 §5.6.11 printer-input-tray, §5.6.36 printer-output-tray, §5.6.41 printer-supply (values as in
RFC 3805: -1 other, -2 unknown, -3 at least one more), and CUPS for the marker-* attributes.
"""

import enum
from collections.abc import Iterable
from types import MappingProxyType

from hardware.api.locker import Seen
from hardware.api.page_printer import Job, JobName, JobState
from hardware.api.status import DeviceState, Fault, Level, Status, Supply
from hardware.codecs.ipp import Group, keyed, reasons

LOW_PERCENT = 10
"""A toner at or below this share is low where the printer names no limit of its own."""

PRINTER_ATTRIBUTES = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-input-tray",
    "printer-output-tray",
    "printer-supply",
    "marker-levels",
    "marker-low-levels",
    "marker-types",
)
JOB_ATTRIBUTES = ("job-id", "job-name", "job-state", "job-state-reasons")


class PrinterState(enum.IntEnum):
    """printer-state (RFC 8011 §5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class IppJobState(enum.IntEnum):
    """job-state (RFC 8011 §5.3.7)."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


_JOB_STATES = {
    IppJobState.PENDING: JobState.QUEUED,
    IppJobState.HELD: JobState.QUEUED,
    IppJobState.PROCESSING: JobState.PRINTING,
    IppJobState.STOPPED: JobState.STOPPED,
    IppJobState.CANCELED: JobState.CANCELLED,
    IppJobState.ABORTED: JobState.ABORTED,
    IppJobState.COMPLETED: JobState.DONE,
}

_UNPRINTABLE = frozenset(
    {
        "document-format-error",
        "document-unprintable-error",
        "document-password-error",
        "document-access-error",
        "unsupported-document-format",
        "unsupported-compression",
        "unsupported-attributes-or-values",
    }
)

_MECHANISM = frozenset({"fuser-over-temp", "fuser-under-temp", "opc-life-over", "power-down"})
_NO_PAPER = frozenset({"media-empty", "media-needed", "input-tray-missing"})
_NO_ROOM = frozenset({"output-area-full", "output-tray-missing"})
_NO_TONER = frozenset({"toner-empty", "marker-supply-empty", "marker-supply-missing", "developer-empty"})
_WASTE_FULL = frozenset({"marker-waste-full"})
_PAUSED = frozenset({"paused", "moving-to-paused"})
_BROKEN = frozenset({Fault.PRINTER_COVER_OPEN, Fault.PRINTER_JAMMED, Fault.PRINTER_HEAD, Fault.PRINTER_STUCK})
HALTING = _BROKEN | {Fault.PRINTER_PAPER_OUT, Fault.PRINTER_TRAY_FULL, Fault.PRINTER_TONER_OUT}
"""With one of these, a job that is under way waits for a hand."""
_PAPER_LOW = frozenset({"media-low"})
_TONER_LOW = frozenset({"toner-low", "marker-supply-low", "developer-low"})
_GONE = frozenset({"shutdown", "deactivated", "offline", "timed-out"})


def status_of(printer: Group, *, believe_tray: bool) -> Status:
    """The printer's status and supplies; ERROR where a hand or a technician is needed before anything can print."""
    said = reasons(printer.texts("printer-state-reasons"))
    paper = _paper(printer, said)
    fault = _fault(printer, said, paper)
    levels = {Supply.PAPER: paper, Supply.TONER: _toner(printer, said), Supply.EXIT: _exit(printer, said, believe_tray)}
    if fault is Fault.NOT_ANSWERING:
        return Status(DeviceState.OFFLINE, fault, MappingProxyType(levels))
    return Status(DeviceState.ERROR if fault in _BROKEN else DeviceState.ONLINE, fault, MappingProxyType(levels))


def tray_seen(printer: Group, *, believe_tray: bool) -> Seen:
    """Whether paper lies in the output tray; UNKNOWN without an attribute that tells, or when it is not believed."""
    if not believe_tray:
        return Seen.UNKNOWN
    answers = {_lies_in(keyed(text)) for text in printer.texts("printer-output-tray")}
    if Seen.YES in answers:
        return Seen.YES
    return Seen.NO if answers == {Seen.NO} else Seen.UNKNOWN


def job_of(attributes: Group) -> Job | None:
    """A job as told by its attributes; None when it lacks what every job must have."""
    name, number, state = attributes.text("job-name"), attributes.number("job-id"), attributes.number("job-state")
    if name is None or number is None or state not in _JOB_STATES.keys():
        return None
    said = frozenset(attributes.texts("job-state-reasons"))
    ours = _JOB_STATES[IppJobState(state)]
    if ours is JobState.PRINTING and "printer-stopped" in said:
        ours = JobState.STOPPED
    fault = Fault.PRINTER_REFUSED if ours is JobState.ABORTED and said & _UNPRINTABLE else None
    return Job(JobName(name), number, ours, fault)


def _fault(printer: Group, said: frozenset[str], paper: Level) -> Fault | None:
    """The one fault to be told, in the order in which a person at the printer has to mend them."""
    paused = bool(said & _PAUSED) or printer.yes("printer-is-accepting-jobs") is False
    faults = (
        (Fault.PRINTER_COVER_OPEN, any(_is_opening(word) for word in said)),
        (Fault.PRINTER_JAMMED, any("jam" in word.split("-") for word in said)),
        (Fault.PRINTER_HEAD, bool(said & _MECHANISM) or any(word.endswith("-failure") for word in said)),
        (Fault.PRINTER_PAPER_OUT, paper is Level.OUT),
        (Fault.PRINTER_TRAY_FULL, bool(said & _NO_ROOM)),
        (Fault.PRINTER_TONER_OUT, bool(said & (_NO_TONER | _WASTE_FULL))),
        (Fault.NOT_ANSWERING, bool(said & _GONE)),
        (Fault.PRINTER_REFUSED, paused),
        (Fault.PRINTER_STUCK, printer.number("printer-state") == PrinterState.STOPPED),
    )
    return next((fault for fault, holds in faults if holds), None)


def _is_opening(word: str) -> bool:
    """cover-open, door-open, interlock-open, and the same of one part (fuser-cover-open; PWG 5100.9)."""
    return word.endswith(("cover-open", "door-open", "interlock-open"))


def _paper(printer: Group, said: frozenset[str]) -> Level:
    if said & _NO_PAPER:
        return Level.OUT
    trays = [
        level for text in printer.texts("printer-input-tray") if (level := _number(keyed(text), "level")) is not None
    ]
    if trays and all(level == 0 for level in trays):
        return Level.OUT
    return Level.LOW if said & _PAPER_LOW else Level.FULL


def _toner(printer: Group, said: frozenset[str]) -> Level:
    if said & _NO_TONER:
        return Level.OUT
    shares = list(_marker_shares(printer)) or list(_supply_shares(printer))
    if said & _TONER_LOW:
        return Level.LOW
    return min(shares, key=(Level.OUT, Level.LOW, Level.FULL).index, default=Level.UNKNOWN)


def _marker_shares(printer: Group) -> Iterable[Level]:
    """Levels by marker-levels; types may be missing or fewer, and other things (waste, drum) stand among them."""
    levels = printer.numbers("marker-levels")
    kinds = printer.texts("marker-types")
    limits = printer.numbers("marker-low-levels")
    for index, level in enumerate(levels):
        kind = kinds[index].lower() if index < len(kinds) else "toner"
        if kind.startswith(("toner", "ink")):
            yield from _share(level, limits[index] if index < len(limits) else LOW_PERCENT)


def _supply_shares(printer: Group) -> Iterable[Level]:
    for pairs in map(keyed, printer.texts("printer-supply")):
        level, most = _number(pairs, "level"), _number(pairs, "maxcapacity")
        if level is None or not pairs.get("type", "").lower().startswith(("toner", "ink")):
            continue
        yield from _share(level * 100 // most if most is not None and most > 0 and level > 0 else level, LOW_PERCENT)


def _share(percent: int, low_at: int) -> Iterable[Level]:
    if percent < 0:  # -1, -2, -3: the printer does not know how much
        return
    yield Level.OUT if percent == 0 else Level.LOW if percent <= low_at else Level.FULL


def _exit(printer: Group, said: frozenset[str], believe_tray: bool) -> Level:
    if "output-area-full" in said:
        return Level.OUT
    match tray_seen(printer, believe_tray=believe_tray):
        case Seen.YES:
            return Level.LOW
        case Seen.NO:
            return Level.FULL
        case Seen.UNKNOWN:
            return Level.LOW if "output-area-almost-full" in said else Level.UNKNOWN


def _lies_in(tray: dict[str, str]) -> Seen:
    """Whether one tray holds paper: `remaining` below `maxcapacity`; `level` where a maker counts sheets instead."""
    level = _number(tray, "level")
    if level is not None and level >= 0:
        return Seen.YES if level > 0 else Seen.NO
    room, most = _number(tray, "remaining"), _number(tray, "maxcapacity")
    if room is None or most is None or room < 0 or most <= 0:
        return Seen.UNKNOWN
    return Seen.YES if room < most else Seen.NO


def _number(pairs: dict[str, str], key: str) -> int | None:
    text = pairs.get(key, "")
    digits = text.removeprefix("-")
    return int(text) if 0 < len(digits) < 10 and digits.isascii() and digits.isdecimal() else None
