"""Everything with a cable: for each place the model that stands there, and that model's own options.

The lists of models are closed; a model that is not here has no driver. `none` means the place is empty, and every item
that needs it says so.
"""

import enum
from typing import Annotated, Literal

from pydantic import Field

from kiosk.settings.group import Group, Where, Whole, YesNo, described

Baud = Literal[9600, 19200, 38400, 57600, 115200]
Port = Annotated[Where, Field(description="Path of the serial port; best a name under /dev/serial/by-id or by-path.")]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]*$", max_length=253)]


class NoDevice(Group):
    """Nothing stands there."""

    model: Literal["none"] = described("Nothing stands there.", "none")


class SamReader(Group):
    """Identity-card reader with a SAM module (GA/T 467); docs/devices/id-card-sam.md."""

    model: Literal["sam"] = described("Identity-card reader with a SAM module.")
    path: Port
    baud: Baud = described("Speed of the line.", 115200)
    with_fingerprint: YesNo = described(
        "Ask for fingerprint features too, for modules that want it; thrown away unread.", False
    )
    additional_address: YesNo = described("Ask for the address written to the card later; one more exchange.", False)


class Gm65Scanner(Group):
    """Code scanner of the GM65 family; docs/devices/gm65.md."""

    model: Literal["gm65"] = described("Code scanner of the GM65 family, triggered by us.")
    path: Port
    baud: Baud = described("Speed of the line.", 9600)


class LineScanner(Group):
    """Code scanner that sends plain lines; docs/devices/cdc-line-scanner.md."""

    model: Literal["lines"] = described("Code scanner that sends each code as a line.")
    path: Port
    baud: Baud = described("Speed of the line; a USB one ignores it.", 9600)


class Presenter(enum.StrEnum):
    NONE = "none"
    KPM150 = "kpm150"


class EscposSlip(Group):
    """80 mm slip printer, ESC/POS; docs/devices/escpos-slip.md. Give `path`, or `host`."""

    model: Literal["escpos"] = described("Slip printer that speaks ESC/POS.")
    path: Port | None = described("Path of its serial port.", None)
    baud: Baud = described("Speed of the line.", 19200)
    host: Host = described("Its address in the network, in place of a serial port.", "")
    port: Whole = described("Its port in the network.", 9100, ge=1, le=65535)
    width_dots: Literal[384, 512, 576, 640] = described("Dots across the paper: 576 for 80 mm at 8 dots per mm.", 576)
    presenter: Presenter = described("What holds the cut slip and can see it in the mouth.", Presenter.NONE)


class IppPages(Group):
    """A4 printer, IPP; docs/devices/ipp-a4.md."""

    model: Literal["ipp"] = described("A4 printer that speaks IPP.")
    uri: Annotated[str, Field(pattern=r"^ipps?://[^\s/]+(/\S*)?$", max_length=300)] = described(
        "Its address, such as ipp://192.0.2.7/ipp/print."
    )
    ca_file: Where | None = described("Certificate that an ipps: printer is believed by.", None)
    believe_tray: YesNo = described("Believe what it says of paper in its output tray; off for one that errs.", True)


class Sensor(enum.StrEnum):
    """How a sensor's bit is to be read."""

    ONE = "one"
    ZERO = "zero"
    NONE = "none"

    @property
    def bit(self) -> int | None:
        """The bit that means yes, None without a sensor."""
        return {"one": 1, "zero": 0, "none": None}[self.value]


class Cu16Locker(Group):
    """Locker on CU16 lock boards; docs/devices/cu16.md."""

    model: Literal["cu16"] = described("Locker on CU16 lock boards.")
    path: Port
    baud: Baud = described("Speed of the line.", 19200)
    doors: Whole = described("Number of compartments.", ge=1, le=240)
    first_board: Whole = described("Address of the board with doors 1 to 16.", 0, ge=0, le=14)
    closed_is: Sensor = described("The hook bit that means a closed door.", Sensor.ONE)
    item_is: Sensor = described("The infrared bit that means something lies inside.", Sensor.ONE)


class Feedback(enum.StrEnum):
    CLOSING = "closing"
    OPENING = "opening"
    NONE = "none"


class StatusOrder(enum.StrEnum):
    LAST = "last"
    FIRST = "first"


class Board8aLocker(Group):
    """Locker on an 8A lock board; docs/devices/lock-8a.md."""

    model: Literal["8a"] = described("Locker on an 8A lock board.")
    path: Port
    baud: Baud = described("Speed of the line.", 9600)
    board: Whole = described("Address of the board, as its switches say.", 1, ge=1, le=32)
    doors: Whole = described("Number of compartments.", ge=1, le=50)
    channels: Literal[8, 12, 16, 24, 32, 48, 50] | None = described(
        "Size of the board where it is not the smallest that fits.", None
    )
    feedback: Feedback = described(
        "When the lock's contact is made: while closing, opening, or not wired.", Feedback.CLOSING
    )
    status_order: StatusOrder = described("Which status byte holds channels 1 to 8.", StatusOrder.LAST)


class RelayLights(Group):
    """Guide lights on a Modbus RTU relay; docs/devices/modbus-relay.md. A place without a lamp has relay 0."""

    model: Literal["modbus_relay"] = described("Guide lights on a Modbus RTU relay.")
    path: Port
    baud: Baud = described("Speed of the line.", 9600)
    unit: Whole = described("Modbus address of the relay.", 1, ge=1, le=247)
    relays: Whole = described("Number of relays.", 8, ge=1, le=32)
    card: Whole = described("Relay of the lamp at the card's spot.", 1, ge=0, le=32)
    code: Whole = described("Relay of the lamp at the code window.", 2, ge=0, le=32)
    pages: Whole = described("Relay of the lamp at the A4 tray.", 3, ge=0, le=32)
    slip: Whole = described("Relay of the lamp at the slip's mouth.", 4, ge=0, le=32)
    locker: Whole = described("Relay of the lamp at the locker.", 5, ge=0, le=32)

    @property
    def channels(self) -> dict[str, int]:
        """Relay by spot, for spots that have a lamp."""
        spots = {"card": self.card, "code": self.code, "pages": self.pages, "slip": self.slip, "locker": self.locker}
        return {spot: relay for spot, relay in spots.items() if relay}


Reader = Annotated[SamReader | NoDevice, Field(discriminator="model")]
Scanner = Annotated[Gm65Scanner | LineScanner | NoDevice, Field(discriminator="model")]
Slip = Annotated[EscposSlip | NoDevice, Field(discriminator="model")]
Pages = Annotated[IppPages | NoDevice, Field(discriminator="model")]
Locker = Annotated[Cu16Locker | Board8aLocker | NoDevice, Field(discriminator="model")]
Lights = Annotated[RelayLights | NoDevice, Field(discriminator="model")]
