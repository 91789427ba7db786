"""All settings of a terminal, as one frozen value: what wiring builds from, read nowhere else."""

from kiosk import front as drawing
from kiosk.settings.central import Central
from kiosk.settings.devices import Lights, Locker, NoDevice, Pages, Reader, Scanner, Slip
from kiosk.settings.front import PLACED_BY, Front
from kiosk.settings.group import Group, described
from kiosk.settings.keeping import Catalogue, Logs, Store
from kiosk.settings.keypad import Keypad
from kiosk.settings.screen import Screen
from kiosk.settings.speech import Speech
from kiosk.settings.terminal import Terminal
from kiosk.settings.visit import Visit


class Settings(Group):
    """All settings of a terminal."""

    terminal: Terminal = described("Which terminal this is.")
    screen: Screen = described("The glass.", Screen())
    front: Front = described("The terminal's front, as it is drawn to show where a hand goes.", Front())
    speech: Speech = described("Speech and sounds.", Speech())
    keypad: Keypad = described("The tactile keypad of those who do not see the screen.", Keypad())
    visit: Visit = described("How long a visit waits for a person.", Visit())
    reader: Reader = described("Identity-card reader.", NoDevice())
    scanner: Scanner = described("Code scanner.", NoDevice())
    slip: Slip = described("Slip printer.", NoDevice())
    pages: Pages = described("A4 printer.", NoDevice())
    locker: Locker = described("Locker.", NoDevice())
    lights: Lights = described("Guide lights.", NoDevice())
    store: Store = described("What the terminal remembers.")
    central: Central = described("The back end.")
    catalogue: Catalogue = described("What the terminal offers.")
    logs: Logs = described("What the terminal writes down of itself.", Logs())

    @property
    def drawn_front(self) -> drawing.Front:
        """The front with the devices that are named here."""
        present = {spot: not isinstance(getattr(self, device), NoDevice) for spot, device in PLACED_BY.items()}
        return self.front.drawn(present, 0 if isinstance(self.locker, NoDevice) else self.locker.doors)


DEVICES = ("reader", "scanner", "slip", "pages", "locker", "lights")
SERIAL = ("reader", "scanner", "slip", "locker", "lights")

RENAMED: dict[str, str] = {}
"""Old dotted name -> new one. A file that still uses the old one is told, not guessed at. Entries are never removed."""
