"""The screen's one application: window, fonts, facades, and the way Views come in from the mind's thread."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QSize, QSocketNotifier, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QImage
from PySide6.QtQml import QQmlApplicationEngine, qmlRegisterSingletonInstance
from PySide6.QtQuick import QQuickWindow

from kiosk import front as drawing
from kiosk.journeys.events import Event, Typed
from kiosk.view import Page, View
from kiosk.words import LANGUAGES, Words
from ui.front import Front
from ui.keyboard.engine import CHARACTERS_ONLY, open_engine
from ui.keyboard.facade import LABELS as KEYBOARD_LABELS
from ui.keyboard.facade import Keyboard
from ui.keyboard.facade import labels as keyboard_labels
from ui.keyboard.handwriting import HANDWRITING, open_hand
from ui.link import MindLink, ScreenPlan, Silent, VoiceLink
from ui.measures import HARDLY_MM
from ui.pictures import ASSETS, DrawingPictures, IconPictures, PaperPictures
from ui.reading.keypad import KeypadPlan, Keys
from ui.reading.reader import Reader
from ui.screens.cases import CaseScreen, CasesScreen
from ui.screens.doing import DoorScreen, FormScreen, ReviewScreen, TakeScreen, WorkingScreen
from ui.screens.ending import GoodbyeScreen, LeavingScreen, RatingScreen, ResultScreen, TroubleScreen
from ui.screens.entry import AttractScreen, ClosedScreen, ConsentScreen, HomeScreen, IdentifyScreen, ItemScreen
from ui.screens.facade import Facade
from ui.screens.finding import GuideScreen, ListScreen, SearchScreen, TreeScreen
from ui.screens.shell import Shell
from ui.theme import Look, Theme

log = logging.getLogger(__name__)

URI = "Nuanting"
MAIN_QML = Path(__file__).resolve().parent / "qml" / "Main.qml"
FONT_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSerifSC-SemiBold.ttf", "HanaMinB.ttf")
FACADES: dict[Page, type[Facade]] = {
    Page.CLOSED: ClosedScreen, Page.ATTRACT: AttractScreen, Page.HOME: HomeScreen, Page.LIST: ListScreen,
    Page.TREE: TreeScreen, Page.SEARCH: SearchScreen, Page.ITEM: ItemScreen, Page.GUIDE: GuideScreen,
    Page.IDENTIFY: IdentifyScreen, Page.CASES: CasesScreen, Page.CASE: CaseScreen,
    Page.CONSENT: ConsentScreen, Page.FORM: FormScreen, Page.REVIEW: ReviewScreen,
    Page.WORKING: WorkingScreen, Page.TAKE: TakeScreen, Page.DOOR: DoorScreen, Page.RESULT: ResultScreen,
    Page.RATING: RatingScreen, Page.TROUBLE: TroubleScreen, Page.LEAVING: LeavingScreen, Page.GOODBYE: GoodbyeScreen,
}  # fmt: skip
WINDOW_SHARE = 0.94  # of the desk's free height, for the window of the demo
LABELS = "screen."  # the sentences that are the screen's own


class ScreenError(Exception):
    """The screen could not be built: a QML file or a font is missing or wrong. Our bug or a broken installation."""


class Inlet(QObject):
    """Lets Views in from any thread; only the newest is kept until the screen's thread comes for it."""

    arrived = Signal()
    asked_to_stop = Signal(int)

    def __init__(self, shown: Callable[[View], None]) -> None:
        super().__init__()
        self._shown = shown
        self._lock = threading.Lock()
        self._newest: View | None = None
        self.arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def deliver(self, view: View) -> None:
        """Any thread: show this View soon."""
        with self._lock:
            waiting, self._newest = self._newest is not None, view
        if not waiting:
            self.arrived.emit()

    @Slot()
    def _take(self) -> None:
        with self._lock:
            view, self._newest = self._newest, None
        if view is not None:
            self._shown(view)


class Stage:
    """The built screen. Made and used on the screen's thread, except `stop`."""

    def __init__(
        self,
        mind: MindLink,
        plan: ScreenPlan,
        words: Words,
        voice: VoiceLink | None = None,
        keypad: KeypadPlan | None = None,
        front: drawing.Front = drawing.WHOLE,
    ) -> None:
        self._plan = plan
        self.look = Look()
        load_fonts(self.look)
        self.theme = Theme(self.look, plan)
        if self.theme.beyond_mm > HARDLY_MM:
            log.warning(
                "low reach goes %.0f mm too high: hang the glass lower (screen.bottom_mm)", self.theme.beyond_mm
            )
        self._mind = mind
        self.shell = Shell(self._post, labels(words))
        self.pages = {page: facade(self._post) for page, facade in FACADES.items()}
        self.shell.manage({page.value: facade for page, facade in self.pages.items()})
        self.shell.modes_changed.connect(self._follow_modes)
        self.keyboard = Keyboard(open_engine(), keyboard_labels(labels(words, KEYBOARD_LABELS)), open_hand())
        if self.keyboard.status == CHARACTERS_ONLY:
            log.warning("pinyin library absent: %s", self.keyboard.status)
        if self.keyboard.hand_status != HANDWRITING:
            log.warning("handwriting absent or partly so: %s", self.keyboard.hand_status)
        self.shell.visit_changed.connect(self.keyboard.reset)
        self.shell.switching.connect(self.keyboard.settle)
        self.shell.warned.connect(self.keyboard.settle_untouched)
        self.reader = Reader(self.shell, self.keyboard, voice or Silent(), words, keypad or Keys())
        self.front = Front(front)
        register(self.theme, self.front, self.shell, self.keyboard, self.reader, *self.pages.values())
        self.inlet = Inlet(self._take)
        self.inlet.asked_to_stop.connect(QCoreApplication.exit, Qt.ConnectionType.QueuedConnection)
        self.engine = QQmlApplicationEngine()
        self.engine.addImageProvider("icon", IconPictures(self.look.schemes))
        self.engine.addImageProvider("drawing", DrawingPictures(self.look.schemes))
        self.engine.addImageProvider("papers", PaperPictures(mind.paper_image))
        self.engine.setInitialProperties({"turned": plan.rotation % 360})
        self.engine.load(QUrl.fromLocalFile(str(MAIN_QML)))
        if not self.engine.rootObjects():
            raise ScreenError(f"{MAIN_QML.name} could not be loaded")
        window = self.engine.rootObjects()[0]
        if not isinstance(window, QQuickWindow):
            raise ScreenError(f"{MAIN_QML.name} is not a window")
        self.window = window
        self.reader.attach(window)
        window.widthChanged.connect(self._follow_shape)
        window.heightChanged.connect(self._follow_shape)
        mind.subscribe(self.inlet.deliver)

    def _post(self, event: Event) -> None:
        """Tell the mind; of a text that came of no touch, that it did."""
        if isinstance(event, Typed) and self.keyboard.untouched:
            event = replace(event, touched=False)
        self._mind.post(event)

    def _take(self, view: View) -> None:
        self.shell.take(view)
        self.reader.take(view)

    def _follow_modes(self) -> None:
        self.theme.set_modes(self.shell.modes)

    def _follow_shape(self) -> None:
        turned = self._plan.rotation % 180 != 0
        width, height = self.window.width(), self.window.height()
        self.theme.set_landscape((height if turned else width) > (width if turned else height))

    def open(self, plan: ScreenPlan) -> None:
        """Show the window: the whole glass, or a window that fits the desk with the design's proportions."""
        if not plan.windowed:
            # Where no window manager runs, nobody else would make it as large as the glass.
            self.window.setGeometry(QGuiApplication.primaryScreen().geometry())
            self.window.showFullScreen()
            return
        free = QGuiApplication.primaryScreen().availableGeometry()
        size = QSize(round(self.look.width * plan.scale), round(self.look.height * plan.scale))
        if size.height() > free.height() * WINDOW_SHARE or size.width() > free.width() * WINDOW_SHARE:
            size.scale(round(free.width() * WINDOW_SHARE), round(free.height() * WINDOW_SHARE),
                       Qt.AspectRatioMode.KeepAspectRatio)  # fmt: skip
        self.window.resize(size)
        self.window.show()

    def once_drawn(self, then: Callable[["Stage"], None]) -> None:
        """Call `then` on this thread when the next frame is on the glass."""
        once = Qt.ConnectionType.QueuedConnection.value | Qt.ConnectionType.SingleShotConnection.value
        self.window.frameSwapped.connect(lambda: then(self), Qt.ConnectionType(once))

    def grab(self) -> QImage:
        """What is on the glass now."""
        return self.window.grabWindow()

    def stop(self, code: int = 0) -> None:
        """Any thread: end `run` with this code."""
        self.inlet.asked_to_stop.emit(code)

    def close(self) -> None:
        """Take the screen down in the order Qt needs: QML first, then what it drew with."""
        self.window.hide()
        shiboken6.delete(self.engine)
        self.keyboard.close()


def labels(words: Words, beginning: str = LABELS) -> dict[str, dict[str, str]]:
    """The screen's own fixed labels: language -> key -> sentence."""
    own = [key for key in words.sentences if key.startswith(beginning)]
    return {language: {key: words.sentence(key).text(language) for key in own} for language in LANGUAGES}


def register(*singletons: QObject) -> None:
    """Hand the facades to QML under their class names."""
    for singleton in singletons:
        kind = type(singleton)
        # Qt's own typing asks for bytes and takes only str.
        qmlRegisterSingletonInstance(kind, URI, 1, 0, kind.__name__, singleton)  # type: ignore[arg-type]


def load_fonts(look: Look) -> None:
    """Load our own fonts; the rare characters' face stands behind the main one for every text."""
    for name in FONT_FILES:
        if QFontDatabase.addApplicationFont(str(ASSETS / "fonts" / name)) < 0:
            raise ScreenError(f"font {name} is missing or damaged")
    font = QFont()
    font.setFamilies([look.fonts["sans"], look.fonts["rare"]])
    QGuiApplication.setFont(font)
    QFont.insertSubstitutions(look.fonts["serif"], [look.fonts["sans"], look.fonts["rare"]])


def prepare() -> None:
    """Set what Qt reads from the environment, before the application is made. An operator's own choice stands."""
    if not os.access("/dev/dri", os.R_OK):
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QSG_RENDER_LOOP", "basic")


class _Signals(QObject):
    """Lets Python's signal handlers run while Qt waits."""

    def __init__(self) -> None:
        super().__init__()
        self._far, self._near = socket.socketpair()
        for end in (self._far, self._near):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    @Slot()
    def _drain(self) -> None:
        self._near.recv(64)

    def close(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._far.close()
        self._near.close()


def run(
    mind: MindLink,
    plan: ScreenPlan,
    words: Words,
    on_started: Callable[[Stage], None] | None = None,
    voice: VoiceLink | None = None,
    keypad: KeypadPlan | None = None,
    front: drawing.Front = drawing.WHOLE,
) -> int:
    """Show the screen until it is stopped; returns the exit code. Call on the main thread.

    `on_started` is called once on this thread when the first frame is on the glass.
    Raises ScreenError when the screen cannot be built.
    """
    prepare()
    app = QGuiApplication.instance() or QGuiApplication(["nuanting"])
    # On X11 Qt keeps only the last of the moves that came while it was busy: a character that is written would lose
    # its bends.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    signals = _Signals()
    stage = Stage(mind, plan, words, voice, keypad, front)
    try:
        if on_started is not None:
            stage.once_drawn(on_started)
        stage.open(plan)
        return app.exec()
    finally:
        stage.close()
        signals.close()
