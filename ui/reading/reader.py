"""Spoken use of the whole screen: a cursor over its stops, moved and worked by the keypad, told through the voice.

Off until a key of the keypad is pressed or a headset is plugged in; off again when the visit ends. While it is off,
nothing is walked and nothing said; only the four sounds are given. Personal things are said after the person asks, and
then into the headset only.

Past 400 lines because keys, cursor and what is told of both change one state together.
"""

from PySide6.QtCore import SIGNAL, SLOT, Property, QObject, QRectF, QTimer, Signal, Slot
from PySide6.QtQuick import QQuickWindow
from shiboken6 import isValid

from hardware.api.speech import Sound
from kiosk.view import ClosedBody, Page, View
from kiosk.words import Words
from ui.keyboard.facade import Keyboard
from ui.link import Silent, VoiceLink
from ui.reading import spelling, walk
from ui.reading.cursor import Cursor, place_of
from ui.reading.keypad import Key, Keypad, KeypadPlan
from ui.reading.phrases import READ_WHOLE, Teller, field_of
from ui.reading.sounds import sound_of
from ui.reading.spoken import Spoken
from ui.reading.typist import Typist
from ui.reading.walk import PRESSED, READ, Found, Role, Stop, Zone, heading, texts
from ui.screens.shell import Shell

TICK_MS = 1000
NO_ANSWER_MS = 1500
"""After this a pressed button that changed nothing is said to have changed nothing."""
NOBODY = View(Page.CLOSED, ClosedBody("", ()))


class Reader(QObject):
    """Made once, a singleton for QML, which draws the mark. `attach` once the window is there; then `take` Views."""

    on_changed = Signal(name="onChanged")
    mark_changed = Signal(name="markChanged")

    _cursor: Cursor  # these two from `attach` on
    _typist: Typist

    def __init__(self, shell: Shell, keyboard: Keyboard, voice: VoiceLink, words: Words, plan: KeypadPlan) -> None:
        super().__init__()
        self._shell = shell
        self._keyboard = keyboard
        self._words = words
        self._offered = not isinstance(voice, Silent)
        self._spoken = Spoken(voice)
        self._keypad = Keypad(plan, self.press, self._touched)
        self._view = NOBODY
        self._tell = Teller(words, "zh")
        self._on = self._greeted = self._plugged = False
        self._arrived: object = None  # the page that was told
        self._texts: dict[tuple[str, str], None] = {}  # what stood on it when it was last told
        self._helped = False  # the last key was help
        self._asked = False  # the content of this stop was told already
        self._mark = QRectF()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._listens)
        self._answer = QTimer(self, interval=NO_ANSWER_MS, singleShot=True)
        self._answer.timeout.connect(self._no_answer)
        self._said_at_press = 0

    # ------------------------------------------------------------------------------------------------ what is drawn

    offered = Property(bool, lambda self: self._offered, constant=True)  # whether there is anything to listen to

    @Property(bool, notify=on_changed)
    def on(self) -> bool:
        """Whether the screen is being read aloud."""
        return self._on

    @Property(QRectF, notify=mark_changed)
    def mark(self) -> QRectF:
        """Where the cursor is in the window; empty for nowhere."""
        return self._mark

    def attach(self, window: QQuickWindow) -> None:
        """Listen to the window's keys."""
        self._cursor = Cursor(window)
        self._typist = Typist(window, self._keyboard, self._say, self._keyboard_closed)
        window.installEventFilter(self._keypad)
        QObject.connect(window, SIGNAL("settledChanged()"), self, SLOT("settled()"))

    # ------------------------------------------------------------------------------------------------------- Views

    def take(self, view: View) -> None:
        """After the screen has taken a View: say what is new."""
        before, self._view = self._view, view
        sound = sound_of(before, view)
        if sound is not None:
            self._spoken.sound(sound)
        if before is not NOBODY and before.visit != view.visit:
            self._end(let_end=before.page is Page.GOODBYE)
        self._tell = Teller(self._words, view.language)
        if not self._on:
            return
        if before.language != view.language:
            self._arrived = None
        if view.countdown is None:
            self._look(before)
        elif before.countdown is None:
            self._say(self._tell.joined(view.countdown.text, self._tell("any_key")))

    @Slot()
    def settled(self) -> None:
        """A page has come to rest."""
        if self._on and self._cursor.settled:
            self._look(self._view)

    def _look(self, before: View) -> None:
        """Tell a page that has come, or what has changed on it."""
        found = self._found()
        first = heading(found.stops)
        arrived = (self._view.page, first.name if first else "", found.dialog_name)
        if not self._cursor.settled:
            if arrived != self._arrived:
                self._spoken.hush()
        elif arrived != self._arrived:
            self._arrived = arrived
            self._arrive(found)
        else:
            self._tell_changes(before, found)

    def _arrive(self, found: Found) -> None:
        self._typist.lower()  # a page that begins with its keyboard up is heard first
        self._helped = self._asked = False
        self._answer.stop()
        stops = found.stops
        first = heading(stops) or next((one for one in stops if one.zone is Zone.PAGE), None)
        self._go_to(first, stops)
        self._texts = texts(stops, self._view.network)
        told = [] if self._greeted else [self._tell("greeting"), self._tell("help.keys"), self._tell("help.ever")]
        self._greeted = True
        self._say(self._tell.joined(*told, self._tell.arrival(self._view, found, first)))

    def _tell_changes(self, before: View, found: Found) -> None:
        now = texts(found.stops, self._view.network)
        new = [self._tell.joined(*text) for text in now if text not in self._texts]
        self._texts = now
        new += self._tell.faults(before, self._view)
        if new and self._typist.field is None:
            # What was cut is said after it, unless it told how things stood before.
            cut = "" if self._view.page in READ_WHOLE else self._spoken.unheard
            self._say(self._tell.joined(*new, cut))
        else:
            self._tell_state(found.stops)

    def _tell_state(self, stops: list[Stop]) -> None:
        """Where the stop under the cursor has changed by being pressed, say how it stands now."""
        before = self._cursor.at
        if before is None or self._typist.field is not None:
            return
        now = next((one for one in stops if one.item == before.item), None) if isValid(before.item) else None
        now = now or next((one for one in stops if one.same(before)), None)
        if now is None:
            return
        self._cursor.at = now
        if now.told != before.told and now.role in PRESSED:
            self._say(self._tell.joined(now.name, self._tell.state(now, self._view)))

    # -------------------------------------------------------------------------------------------------------- keys

    def press(self, key: Key) -> None:
        """A key of the keypad."""
        self._spoken.sound(Sound.KEY)
        counting = self._view.countdown is not None
        if counting:
            self._shell.stillHere()
        else:
            self._shell.touched()
        match key:
            case Key.HEADSET:
                self._headset(not self._plugged)
            case Key.HEADSET_IN:
                self._headset(True)
            case Key.HEADSET_OUT:
                self._headset(False)
            case Key.LOUDER:
                self._spoken.voice.louder()
            case Key.SOFTER:
                self._spoken.voice.softer()
            case _ if not self._on:
                self._begin()
            case _ if counting:
                self._say(self._tell("still"))
            case _ if self._cursor.settled:
                self._work(key)

    def _work(self, key: Key) -> None:
        self._helped = self._helped and key is Key.HELP
        self._asked = self._asked and key is Key.RIGHT
        self._answer.stop()
        if self._typist.begun():
            self._tell_typing(first=True)
            return
        if self._typist.field is not None:
            self._typist.work(key, self._tell)
            if self._typist.begun():
                self._tell_typing(first=False)
            self._place_mark()
            return
        match key:
            case Key.UP:
                self._move(-1)
            case Key.DOWN:
                self._move(1)
            case Key.OK:
                self._ok()
            case Key.BACK:
                self._back()
            case Key.LEFT:
                self._spoken.again()
            case Key.RIGHT:
                self._more()
            case Key.HELP:
                self._help()
            case _:
                pass

    def _move(self, by: int) -> None:
        stops = self._found().stops
        number = self._cursor.index(stops) + by
        if not stops:
            self._say(self._tell("empty"))
        elif not 0 <= number < len(stops):
            self._say(self._tell("first" if by < 0 else "last"))
        else:
            before = self._cursor.at
            self._go_to(stops[number], stops)
            self._say(self._tell.stop(stops[number], self._view, before))

    def _ok(self) -> None:
        stops = self._found().stops
        stop = self._cursor.here(stops)
        if stop is None:
            self._say(self._tell("empty"))
        elif stop.role in READ:
            self._move(1)
        elif not stop.enabled or stop.fixed:
            self._say(self._tell.stop(stop, self._view))
        elif stop.role is Role.FIELD:
            stop.item.setProperty("cursorPosition", stop.item.property("length"))
            stop.item.forceActiveFocus()
            if self._typist.begun():
                self._tell_typing(first=True)
        else:
            self._cursor.at = stop
            self._wait_for_answer()
            walk.press(stop.item)
            found = self._found()
            if found.dialog is not None:
                self._look(self._view)
            else:
                self._tell_state(found.stops)
                self._texts = texts(found.stops, self._view.network)

    def _back(self) -> None:
        dialog = self._found().dialog
        back = self._view.back
        if dialog is not None and walk.close(dialog):
            self._look(self._view)
        elif back is None or not back.enabled:
            self._say(self._tell("no_back"))
        else:
            self._wait_for_answer()
            self._shell.press(back.ask)

    def _more(self) -> None:
        """What else there is to know of the stop; its personal content, into the headset."""
        stop = self._cursor.here(self._found().stops)
        if stop is None:
            self._say(self._tell("empty"))
        elif stop.role is Role.FIELD:
            field = field_of(self._view, stop)
            value = stop.value if field is None else field.value
            hint = "" if value else stop.hint
            self._say_private(value, hint if field is None else self._tell.joined(field.source, hint))
        elif stop.secret:
            self._say_private(stop.kept_back, "")
        else:
            self._say(stop.hint or self._tell("no_more"))

    def _say_private(self, value: str, extra: str) -> None:
        if not value:
            self._say(self._tell.joined(self._tell("nothing_typed"), extra))
            return
        text = spelling.spelled(value) if self._asked else spelling.content(value)
        self._asked = True
        self._say(self._tell.joined(text, extra), private=True)

    def _help(self) -> None:
        """What the page is for, the keys, whom to call; asked again: where this is."""
        self._helped = not self._helped
        if self._helped:
            self._say(self._tell.help(self._view))
            return
        stops = self._found().stops
        self._say(self._tell.where(self._view, stops, self._cursor.here(stops)))

    # ------------------------------------------------------------------------------------------------------ typing

    def _tell_typing(self, *, first: bool) -> None:
        """A field has come to be typed in."""
        stops = self._found().stops
        stop = next((one for one in stops if one.item == self._typist.field), None)
        self._go_to(stop or self._cursor.at, stops if stop else [])
        label = stop.name if stop else ""
        begun = self._tell("typing.begin" if first else "typing.next", label=label)
        key = self._typist.at
        self._say(self._tell.joined(begun, self._tell.key(key.name) if key else ""))

    def _keyboard_closed(self) -> None:
        stops = self._found().stops
        stop = self._cursor.here(stops)
        self._go_to(stop, stops)
        here = self._tell.joined(stop.name, self._tell.state(stop, self._view)) if stop is not None else ""
        self._say(self._tell.joined(self._tell("typing.closed"), here))

    # ------------------------------------------------------------------------------------------------------ the mark

    def _found(self) -> Found:
        return self._cursor.look(self._view)

    def _go_to(self, stop: Stop | None, stops: list[Stop]) -> None:
        self._cursor.go_to(stop, stops)
        self._place_mark()

    @Slot()
    def _place_mark(self) -> None:
        """Follow what the cursor is on; called before each frame while it is drawn."""
        item = self._typist.at.item if self._typist.at else self._cursor.at.item if self._cursor.at else None
        place = place_of(item) if self._on else QRectF()
        if place != self._mark:
            self._mark = place
            self.mark_changed.emit()

    # ----------------------------------------------------------------------------------------------------- on, off

    def _headset(self, plugged: bool) -> None:
        self._plugged = plugged
        self._spoken.voice.headset(plugged)
        if plugged and not self._on:
            self._begin()
        elif not plugged and self._on:
            self._say(self._tell("headset_out"))
            self._switch(False)

    def _begin(self) -> None:
        self._switch(True)
        self._arrived = None
        self._look(self._view)

    def _switch(self, on: bool) -> None:
        if on == self._on:
            return
        self._on = on
        drawn = self._cursor.window.afterAnimating
        if on:
            drawn.connect(self._place_mark)
            self._tick.start()
        else:
            drawn.disconnect(self._place_mark)
            self._tick.stop()
            self._answer.stop()
            self._cursor.forget()
            self._typist.forget()
            self._place_mark()
        self.on_changed.emit()

    def _end(self, *, let_end: bool = False) -> None:
        """The visit is over: nothing of it is kept. The goodbye is said to its end."""
        self._switch(False)
        self._spoken.forget(let_end=let_end)
        self._greeted = self._helped = self._asked = False
        self._arrived = None
        self._texts = {}

    # ------------------------------------------------------------------------------------------------------ saying

    def _say(self, text: str, private: bool = False) -> None:
        self._spoken.say(text, self._view.language, private)

    def _wait_for_answer(self) -> None:
        self._said_at_press = self._spoken.count
        self._answer.start()

    @Slot()
    def _no_answer(self) -> None:
        """A press that changed nothing is not left without a word: what the page said last still holds."""
        if self._on and self._spoken.count == self._said_at_press:
            message = str(getattr(self._view.body, "message", ""))
            faults = self._tell.faults(NOBODY, self._view)
            self._say(self._tell.joined(message, *faults) or self._tell("unchanged"))

    @Slot()
    def _listens(self) -> None:
        """Who is being spoken to is there: long texts end no visit."""
        if self._spoken.going:
            self._shell.touched()

    def _touched(self) -> None:
        self._spoken.sound(Sound.KEY)
