"""What is said of a page, a stop, a key: finished texts out of what stands there. Nothing private is ever in them."""

from dataclasses import dataclass

from kiosk.view import FieldView, FormBody, Page, View
from kiosk.words import Words
from ui.reading.examples import example
from ui.reading.spelling import unmasked
from ui.reading.walk import LINE, PRESSED, READ, Found, Role, Stop, Zone, heading

ENDS = "。！？.!?：:；;，,"
READ_WHOLE = frozenset({
    Page.CLOSED, Page.IDENTIFY, Page.WORKING, Page.TAKE, Page.DOOR, Page.RESULT, Page.TROUBLE, Page.LEAVING,
    Page.GOODBYE,
})  # fmt: skip
"""Pages that ask for hands or patience and not for a choice: all that stands there is said when they come."""
AT_ONCE = ("message", "notice", "news")
"""What else of a page's body is said when it comes."""
SIGNS = {",": "comma", "，": "comma", ".": "dot", "。": "dot", "-": "hyphen", "#": "hash", "@": "at", "'": "apostrophe"}


@dataclass(frozen=True)
class Teller:
    """The sentences of spoken use in one language."""

    words: Words
    language: str

    def __call__(self, key: str, **given: object) -> str:
        return self.words.say(f"reading.{key}", self.language, **given)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return f"reading.{key}" in self.words.sentences

    def joined(self, *parts: str) -> str:
        """Parts as sentences, one after the other."""
        stop, gap = ("。", "") if self.language == "zh" else (".", " ")
        told = [part.strip() for part in parts if part.strip()]
        return gap.join(part if part[-1] in ENDS else part + stop for part in told)

    # ------------------------------------------------------------------------------------------------------- pages

    def arrival(self, view: View, found: Found, at: Stop | None) -> str:
        """A page that has just come: where in the matter, what it asks, what is new, how much follows, how to begin."""
        stops = found.stops
        if found.dialog is not None:
            title = "" if at is not None and at.name == found.dialog_name else found.dialog_name
            return self.joined(title, self.stop(at, view) if at is not None else "", self("go_on"))
        page = [one for one in stops if one.zone is Zone.PAGE]
        told = [self.step(view), unmasked(at.name) if at is not None and at.role is Role.HEADING else ""]
        whole = view.page in READ_WHOLE
        if whole:
            told += [self.read(one) for one in page if one.role in READ and not one.secret and one is not at]
            told += [self.kept_back(one) for one in page if one.secret]
        else:
            told += [str(getattr(view.body, name, "")) for name in AT_ONCE]
        if at is not None and at.role is not Role.HEADING:
            return self.joined(*told, self.stop(at, view))
        return self.joined(*told, self._how_many(stops, view), self("go_on" if whole else "begin"))

    def step(self, view: View) -> str:
        """Which step of how many this is."""
        now = [(number, step.label) for number, step in enumerate(view.steps, start=1) if step.state == "now"]
        return self("step", number=now[0][0], count=len(view.steps), label=now[0][1]) if now else ""

    def _how_many(self, stops: list[Stop], view: View) -> str:
        page = [one for one in stops if one.zone is Zone.PAGE]
        if isinstance(view.body, FormBody):
            count = len([field for field in view.body.fields if field.kind != "read_only"])
            return self._count("fields", count)
        return self._count("things", len([one for one in page if one.role in PRESSED or one.role is Role.FIELD]))

    def _count(self, what: str, count: int) -> str:
        return "" if count == 0 else self(f"{what}_one") if count == 1 else self(what, count=count)

    def purpose(self, page: Page) -> str:
        """What a page is for."""
        key = f"page.{page.value}"
        return self(key if self.has(key) else "page.other")

    def help(self, view: View) -> str:
        """What the page is for, what the keys do, whom to call."""
        keys = (self("help.keys"), self("help.volume"), self("help.again"))
        return self.joined(self.purpose(view.page), *keys, view.help)

    def where(self, view: View, stops: list[Stop], here: Stop | None) -> str:
        """Which terminal, which page, which step, which item."""
        asks = heading(stops)
        place = self("help.where", place=view.place, page=unmasked(asks.name) if asks else self.purpose(view.page))
        if here is None:
            return self.joined(place, self.step(view))
        at = self("help.item", number=stops.index(here) + 1, count=len(stops))
        return self.joined(place, self.step(view), at, self.stop(here, view))

    def faults(self, before: View, view: View) -> list[str]:
        """What is newly said to be wrong in fields."""
        old = {field.id: field.error for field in _fields(before)}
        return [
            self.joined(field.label + ("：" if self.language == "zh" else ": ") + field.error)
            for field in _fields(view)
            if field.error and field.error != old.get(field.id, "")
        ]

    # ------------------------------------------------------------------------------------------------------- stops

    def stop(self, stop: Stop, view: View, before: Stop | None = None) -> str:
        """Name, role, state, and what the OK key does. `before`: where the person comes from."""
        if stop.secret and stop.role in READ:
            return self.kept_back(stop)
        name = stop.name
        if stop.role in READ:
            return self.joined(self.read(stop), self("role.heading") if stop.role is Role.HEADING else "")
        group = field_of(view, stop)
        if stop.role is Role.OPTION and group is not None and (before is None or before.field != stop.field):
            name = self.joined(group.label, name)
        hint = stop.hint if stop.role in (Role.BUTTON, Role.CHECK) else ""
        act = "" if stop.fixed or not stop.enabled else self(f"ok.{stop.role.value}")
        return self.joined(name, self(f"role.{stop.role.value}"), self.state(stop, view), hint, act)

    def read(self, stop: Stop) -> str:
        """Something there is only to hear."""
        name = unmasked(stop.name)
        return self.joined(f"{self('role.picture')}，{name}" if stop.role is Role.PICTURE else name, stop.hint)

    def kept_back(self, stop: Stop) -> str:
        """Something personal, named but not told."""
        key = f"secret.{stop.secret}"
        named = stop.name if stop.secret == LINE else self(key if self.has(key) else "secret.value")
        return self.joined(named, self("right"))

    def state(self, stop: Stop, view: View) -> str:
        """How it stands."""
        if not stop.enabled:
            return self("state.disabled")
        match stop.role:
            case Role.CHECK:
                return self("state.on" if stop.on else "state.off")
            case Role.OPTION:
                return self("state.chosen" if stop.on else "state.not_chosen")
            case Role.TAB:
                return self("state.chosen") if stop.on else ""
            case Role.FIELD:
                return self._field_state(stop, field_of(view, stop))
            case Role.BUTTON | Role.HEADING | Role.TEXT | Role.PICTURE:
                return ""

    def _field_state(self, stop: Stop, field: FieldView | None) -> str:
        filled = bool(stop.value)
        told = [self("state.fixed" if stop.fixed else "state.filled") if filled else self("state.empty")]
        if field is not None and not field.required and not filled:
            told.append(self("state.optional"))
        if field is not None and field.error:
            told.append(field.error)
        if filled:
            told.append(self("right"))
        return self.joined(*told)

    # -------------------------------------------------------------------------------------------------------- keys

    def key(self, name: str) -> str:
        """A key of the keyboard, by name."""
        if name in SIGNS:
            return self(f"typing.sign.{SIGNS[name]}")
        if len(name) == 1 and name.isascii() and name.isupper():
            return self("typing.sign.capital", letter=name.lower())
        return self.character(name)

    def character(self, text: str) -> str:
        """A character with a word that it stands in: many sound the same."""
        word = example(text)
        return self("typing.as", character=text, word=word) if word else text


def _fields(view: View) -> tuple[FieldView, ...]:
    return view.body.fields if isinstance(view.body, FormBody) else ()


def field_of(view: View, stop: Stop) -> FieldView | None:
    """The form's field that a stop belongs to."""
    return next((field for field in _fields(view) if stop.field and field.id == stop.field), None)
