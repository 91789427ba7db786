"""Sentences in one visit's language."""

from dataclasses import dataclass

from kiosk.words import Words
from wire.messages import CaseAsk


@dataclass(frozen=True)
class Say:
    """`say(key, **parameters)` in the language of the visit; `elder` asks for fewer choices on a page."""

    words: Words
    language: str
    elder: bool = False
    phone: str = ""

    def __call__(self, key: str, **parameters: object) -> str:
        return self.words.say(key, self.language, **parameters)

    def fault(self, word: str) -> tuple[str, str]:
        """(what happened, what to do) for a word of trouble."""
        return self(f"fault.{word}.title"), self(f"fault.{word}.do")


def ask_text(ask: CaseAsk, say: Say) -> str:
    """What a case asks for, and why."""
    what, why = (ask.title_en, ask.reason_en) if say.language == "en" else (ask.title_zh, ask.reason_zh)
    return say("cases.ask", what=what, why=why) if why else what
