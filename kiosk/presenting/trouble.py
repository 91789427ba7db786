"""The one page for everything that goes wrong: what happened, whose doing it is not, what is safe, what to do now.

A word of trouble has its sentences in the words (`fault.<word>`) and its kind here. A word without a kind of its own
has that of its first part: every printer fault is met the same way, and a new word can never lack a part of the page.
"""

from dataclasses import dataclass

from kiosk.presenting.front import Drawn
from kiosk.presenting.saying import Say
from kiosk.view import Choice, Page, TroubleBody


@dataclass(frozen=True)
class Kind:
    """What the page adds to a word's own two sentences; names below `trouble.blame`, `.safe` and `.advice`."""

    blame: str  # whose doing it is: "terminal", "elsewhere", "nobody"
    safe: str
    advice: tuple[str, ...]


TERMINAL = Kind("terminal", "all_kept", ("other_terminal", "counter"))
KINDS = {
    "device": TERMINAL,
    "reader": TERMINAL,
    "program": TERMINAL,
    "voice": Kind("terminal", "all_kept", ("staff",)),
    "printer": Kind("terminal", "nothing_lost", ("other_terminal", "night")),
    "printer.stuck": Kind("terminal", "paper_unknown", ("other_terminal",)),
    "lock": Kind("terminal", "item_inside", ("staff",)),
    "door": Kind("terminal", "item_inside", ("item_waits", "staff")),
    "card": Kind("nobody", "nothing_read", ("counter",)),
    "code": Kind("nobody", "nothing_read", ("counter",)),
    "store": Kind("terminal", "nothing_sent", ("other_terminal",)),
    "pickup": Kind("nobody", "nothing_read", ("place",)),
    "pickup.unknown": Kind("nobody", "item_inside", ("place",)),
    "pickup.no_list": Kind("elsewhere", "nothing_read", ("place",)),
    "cases": Kind("elsewhere", "nothing_read", ("other_hour", "keep_slip")),
    "record.nothing": Kind("nobody", "nothing_read", ("counter",)),
    "record.unavailable": Kind("elsewhere", "nothing_printed", ("other_hour", "counter")),
    "network": Kind("elsewhere", "all_kept", ("other_hour", "counter")),
    "pages": Kind("terminal", "nothing_printed", ("other_terminal", "night")),
    "pages.unknown": Kind("terminal", "paper_unknown", ("staff",)),
    "papers": Kind("terminal", "nothing_sent", ("counter",)),
}
"""By word, or by a word's first part."""


def kind_of(word: str) -> Kind:
    """Raises KeyError for a word of no known family: our bug."""
    return KINDS.get(word) or KINDS[word.split(".", maxsplit=1)[0]]


def trouble(
    word: str, say: Say, *choices: Choice, safe: str = "", cause: str = "", code: str = "", note: str = ""
) -> Drawn:
    """The page. `safe` stands in the place of what is safe by itself; `cause` is the device's word behind it; `note`
    says first what the rest rests on."""
    kind = kind_of(word)
    title, do = say.fault(word)
    blame = say(f"trouble.blame.{kind.blame}")
    if cause and cause != word:
        blame = say("trouble.because", cause=say.fault(cause)[0], blame=blame)
    if note:
        blame = say("text.two", first=note, second=blame)
    body = TroubleBody(
        title=title,
        happened=blame,
        safe=say(f"trouble.safe.{safe or kind.safe}"),
        advice=(do, *(say(f"trouble.advice.{name}") for name in kind.advice)),
        code=code or cause or word,
        call=say("trouble.call", phone=say.phone) if say.phone else say("trouble.call_none"),
    )
    return Drawn(Page.TROUBLE, body, next=Choice("home", say("foot.home"), icon="home"), choices=choices)
