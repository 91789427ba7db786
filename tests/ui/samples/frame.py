"""What every sample shares: the words of a language, the ways of the foot, and the frame around a page."""

from dataclasses import replace
from typing import Any

from kiosk.view import Choice, GoodbyeBody, Masked, Page, Step, View


def pick(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def steps(language: str, now: int) -> tuple[Step, ...]:
    labels = (
        ("选事项", "Choose"),
        ("验证身份", "Identify"),
        ("知情同意", "Consent"),
        ("填表", "Fill in"),
        ("核对", "Check"),
        ("完成", "Done"),
    )
    return tuple(
        Step(pick(language, *label), "done" if at < now else "now" if at == now else "left")
        for at, label in enumerate(labels)
    )


class Frame:
    """The samples' frame in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        say = self.say
        self.back = Choice("back", say("上一步", "Back"))
        self.leave = Choice("leave", say("结束离开", "Finish and leave"))
        self.home = Choice("home", say("办别的事", "Do something else"), icon="home")
        self.again = Choice("again", say("再试一次", "Try again"), icon="arrow-right")
        self.person = Masked("陈*", "3101**********0022")
        self.frame = View(
            page=Page.HOME,
            body=GoodbyeBody("", ""),
            language=language,
            place=say("漕河泾街道 · 凯科大厦一楼", "Caohejing · Kaike Tower, ground floor"),
            clock="23:04",
            visit=7,
        )
        self.known = replace(self.frame, person=self.person, restless=True, back=self.back, leave=self.leave)

    def say(self, zh: str, en: str) -> str:
        return pick(self.language, zh, en)

    def at(self, page: Page, body: object, **more: Any) -> View:
        """A page of somebody who is known."""
        return replace(self.known, page=page, body=body, **more)  # type: ignore[arg-type]

    def open(self, page: Page, body: object, **more: Any) -> View:
        """A page of nobody in particular."""
        return replace(self.frame, page=page, body=body, **more)  # type: ignore[arg-type]

    def steps(self, now: int) -> tuple[Step, ...]:
        return steps(self.language, now)
