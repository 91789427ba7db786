"""Everything around one terminal: the devices' ends of its cables, central behind a gate, and its settings file.

A World lives in one process and the terminal in another: only bytes go between them. Nothing of it is real: devices are
twins that speak their protocols on pseudo-terminals, people are made up, central's records come from a demo connector.
"""

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from central import desk
from demo.central_here import CentralHere
from demo.gate import Gate
from hardware.api.id_card import Holder
from hardware.codecs.sam_text import holder_of, parse_text
from hardware.twins.closing import Closing
from hardware.twins.id_card_sam import IdCardSamTwin
from hardware.twins.lights_relay import LightsRelayTwin
from hardware.twins.locker_cu16 import LockerCu16Twin
from hardware.twins.made_up_people import MadeUpPerson
from hardware.twins.page_ipp import PageIppTwin
from hardware.twins.scanner_gm65 import ScannerGm65Twin
from hardware.twins.slip_escpos import SlipEscPosTwin
from hardware.twins.wire import PtyWire, Twin
from wire.ids import ItemCode, RegionId, SiteId, TerminalId, TicketId

ROOT = Path(__file__).resolve().parent.parent
REGION, SITE, TERMINAL = RegionId("310110"), SiteId("YP-YANGLI"), TerminalId("YP01")
DOORS = 16
PERMIT = ItemCode("juzhuzheng-pickup")
PERMIT_DOOR = 7
PICKUP_CODE = "26112207"
SCREEN = (
    '{"screens": [{"name": "glass", "x": 0, "y": 0, "width": 1080, "height": 1920,'
    ' "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}'
)
"""The offscreen platform's screen, in Qt's own form."""

_SETTINGS = """\
# A made-up terminal: its devices are twins on this machine.
[terminal]
name = "NT-DEMO"
place_zh = "样例路社区 24 小时自助服务厅"
place_en = "Yangli Road 24-hour service hall"
phone = "021-0000 0000"

[screen]
windowed = {windowed}
reduced_motion = {calm}

[visit]
warn_after_s = {warn}
end_after_s = {end}

[reader]
model = "sam"
path = "{wires}/reader"

[scanner]
model = "gm65"
path = "{wires}/scanner"

[slip]
model = "escpos"
path = "{wires}/slip"
baud = 115200
presenter = "kpm150"

[pages]
model = "ipp"
uri = "{printer}"

[locker]
model = "cu16"
path = "{wires}/locker"
doors = {doors}

[lights]
model = "modbus_relay"
path = "{wires}/lights"

[store]
folder = "{store}"
key_in = "file"

[central]
url = "{central}"
mirror_every_s = {mirror}

[catalogue]
folder = "{catalogue}"

[logs]
folder = "{logs}"

[speech]
{speech}
"""


def heard_here() -> str:
    """`speech` for this desk: its own sound card for both outlets, when there is a card, a player and an engine."""
    cards = Path("/proc/asound/cards")
    has_card = cards.exists() and "no soundcards" not in cards.read_text("utf-8", "replace")
    if not has_card or shutil.which("aplay") is None or shutil.which("espeak-ng") is None:
        return ""
    return 'headset = "default"\nspeaker = "default"'


class NotEnrolledHere(Exception):
    """The terminal's own enrolment failed; the text is what it said."""


class World(Closing):
    """Twins, central and a gate. `folder` None makes a temporary one that goes with the World.

    `page_s`: seconds an A4 page takes; `slip_baud`: how fast its wire carries (a pseudo-terminal does not
    care what the settings say); `slip_dots_s`: its head's speed; `fast` runs the wires without pacing; `speech` are
    lines for that table of the settings: without them the terminal is mute.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        fast: bool = False,
        slip_baud: int = 115200,
        page_s: float = 1.5,
        slip_dots_s: float | None = None,
        windowed: bool = False,
        calm: bool = True,
        warn_after_s: float = 45.0,
        end_after_s: float = 60.0,
        mirror_every_s: float = 5.0,
        speech: str = "",
    ) -> None:
        self._own = folder is None
        self.folder = Path(tempfile.mkdtemp(prefix="nuanting-world-")) if folder is None else folder
        self.wires = self.folder / "wires"
        self.store = self.folder / "terminal" / "store"
        self.logs = self.folder / "terminal" / "logs"
        self.runtime = self.folder / "terminal" / "run"
        for made in (self.wires, self.logs, self.runtime):
            made.mkdir(parents=True, exist_ok=True)

        def wire(name: str, baud: int) -> PtyWire:
            return PtyWire(self.wires / name, baud, pacing=not fast)

        self.reader = IdCardSamTwin(wire("reader", 115200))
        self.scanner = ScannerGm65Twin(wire("scanner", 9600))
        self.slip = SlipEscPosTwin(wire("slip", slip_baud), presenter=True, dots_s=slip_dots_s)
        self.locker = LockerCu16Twin(wire("locker", 19200), DOORS, motion_s=0.0 if fast else 0.15)
        self.lights = LightsRelayTwin(wire("lights", 9600))
        self.pages = PageIppTwin(page_s=page_s)
        self.served = CentralHere(self.folder / "central")
        self.central = self.served.central
        self.gate = Gate(self.served.port)
        self.settings = self.folder / "terminal" / "settings.toml"
        self.settings.write_text(
            _SETTINGS.format(
                wires=self.wires,
                doors=DOORS,
                printer=self.pages.uri,
                store=self.store,
                logs=self.logs,
                central=f"http://127.0.0.1:{self.gate.port}",
                catalogue=ROOT / "assets" / "catalogue",
                windowed=str(windowed).lower(),
                calm=str(calm).lower(),
                warn=warn_after_s,
                end=end_after_s,
                mirror=mirror_every_s,
                speech=speech,
            ),
            "utf-8",
        )
        self.screen = self.folder / "terminal" / "screen.json"
        self.screen.write_text(SCREEN, "utf-8")

    # ---- devices

    @property
    def serial(self) -> Mapping[str, Twin]:
        """The twins on serial cables, by the name of their place."""
        return {
            "reader": self.reader,
            "scanner": self.scanner,
            "slip": self.slip,
            "locker": self.locker,
            "lights": self.lights,
        }

    def unplug(self, place: str) -> None:
        """Pull the cable of a place: reader, scanner, slip, locker, lights or pages."""
        if place == "pages":
            self.pages.go_away()
        else:
            self.serial[place].unplug()

    def replug(self, place: str) -> None:
        if place == "pages":
            self.pages.come_back()
        else:
            self.serial[place].replug()

    # ---- the terminal

    def environment(self, *, offscreen: bool) -> dict[str, str]:
        """What a terminal of this World is started with: everything it may write goes into the World's folder."""
        told = dict(os.environ)
        if not offscreen and (Path.home() / ".Xauthority").exists():
            told.setdefault("XAUTHORITY", str(Path.home() / ".Xauthority"))
        for name in ("TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
            folder = self.runtime / name.lower()
            folder.mkdir(mode=0o700, exist_ok=True)
            told[name] = str(folder)
        told["PYTHONDONTWRITEBYTECODE"] = "1"
        if offscreen:
            told["QT_QPA_PLATFORM"] = f"offscreen:configfile={self.screen}"
            told["QT_QUICK_BACKEND"] = "software"
            told["XDG_RUNTIME_DIR"] = told["TMPDIR"]
        return told

    def enrol(self) -> None:
        """Make the settings' machine a terminal, by the terminal's own command. Raises NotEnrolledHere."""
        code = desk.enrolment_code(self.central, REGION, SITE, TERMINAL)
        command = [sys.executable, "-m", "kiosk.main", "--settings", str(self.settings), "--enrol", code]
        told = subprocess.run(
            command, cwd=ROOT, env=self.environment(offscreen=True), capture_output=True, text=True, timeout=60
        )
        if told.returncode != 0:
            raise NotEnrolledHere(told.stderr.strip())

    # ---- central's desk

    def stock(self, person: MadeUpPerson, door: int = PERMIT_DOOR, pickup_code: str = PICKUP_CODE) -> TicketId:
        """Lay a residence permit of that person into a compartment and register its ticket."""
        ticket = desk.register_ticket(
            self.central,
            REGION,
            TERMINAL,
            item=PERMIT,
            what_zh="居住证",
            what_en="Residence permit",
            door=door,
            number=holder_on(person).number,
            pickup_code=pickup_code,
        )
        self.locker.stock(door)
        return ticket

    def code_of(self, person: MadeUpPerson, *, age: dt.timedelta = dt.timedelta(), minutes: int = 10) -> str:
        """A code that stands in for the person's card, made by central's key `age` ago."""
        holder = holder_on(person)
        return desk.citizen_code(
            self.central,
            kind=holder.kind.value,
            name=holder.name,
            number=holder.number,
            birth=holder.birth,
            address=holder.address,
            life=dt.timedelta(minutes=minutes),
            issued=self.central.now() - age,
        )

    # ---- its end

    def close(self) -> None:
        """End every thread; the folder goes too where the World made it. The terminal must be down before."""
        self.gate.close()
        self.served.close()
        self.pages.close()
        for twin in self.serial.values():
            twin.close()
        if self._own:
            shutil.rmtree(self.folder, ignore_errors=True)


def holder_on(person: MadeUpPerson) -> Holder:
    """What a reader finds on a made-up person's card."""
    card = parse_text(person.card.text)
    holder = holder_of(card) if card is not None else None
    if holder is None:
        raise ValueError(f"{person.key} has no readable card")
    return holder
