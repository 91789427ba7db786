"""Sentences in one visit's language."""

import datetime as dt
from dataclasses import dataclass

from kiosk.words import Words
from wire.messages import CaseAsk

LONGEST_NOTICE = {"zh": 80, "en": 180}
"""Characters of what central announces that a page has room for."""


@dataclass(frozen=True)
class Say:
    """`say(key, **parameters)` in the language of the visit; `elder` asks for fewer choices on a page.

    `as_of` is when central was last heard, in words, while what it said then is old: whoever says something out of it
    says that time too.
    """

    words: Words
    language: str
    elder: bool = False
    phone: str = ""
    as_of: str = ""

    def __call__(self, key: str, **parameters: object) -> str:
        return self.words.say(key, self.language, **parameters)

    def fault(self, word: str) -> tuple[str, str]:
        """(what happened, what to do) for a word of trouble."""
        return self(f"fault.{word}.title"), self(f"fault.{word}.do")


def moment(at: dt.datetime, local: dt.datetime, words: Words, language: str) -> str:
    """Day and time as one says them, in the time zone of `local`, which is now; the year only when it is another."""
    there = at.astimezone(local.tzinfo)
    month, time = words.say(f"cases.month.m{there.month}", language), f"{there:%H:%M}"
    if there.year == local.year:
        return words.say("old.at", language, month=month, day=there.day, time=time)
    return words.say("old.at_year", language, year=there.year, month=month, day=there.day, time=time)


def notice(text: str, say: Say) -> str:
    """What central has announced, in one line that leaves room for the page, and as of when if that is long ago."""
    line = " ".join(text.split())
    most = LONGEST_NOTICE[say.language]
    if len(line) > most:
        line = line[: most - 1].rstrip() + "…"
    return say("old.notice", notice=line, when=say.as_of) if line and say.as_of else line


def ask_text(ask: CaseAsk, say: Say) -> str:
    """What a case asks for, and why."""
    what, why = (ask.title_en, ask.reason_en) if say.language == "en" else (ask.title_zh, ask.reason_zh)
    return say("cases.ask", what=what, why=why) if why else what
