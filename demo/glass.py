"""What a person at the glass can see and do, as requests and answers; nothing else of the terminal can be reached.

One JSON object a line, both ways. Requests: `{"do": "look"}`, `{"do": "press", "ask": …}`, `{"do": "tap", "name": …}`,
`{"do": "type", "field": …, "text": …, "erase": n}`, `{"do": "field", "field": …}`, `{"do": "keys", "names": […]}`,
`{"do": "code", "text": …}`, `{"do": "still_here"}`, `{"do": "head", "what": "language" | "elder"}`,
`{"do": "where", "name": …}`,
`{"do": "picture", "file": …}`, `{"do": "wait", "pages": […], "not": …, "text": …, "past": […], "within": s}`, where a
page that is none of `past` ends the waiting too. Answers hold `"ok"`, and `"why"` where it is false.
"""

import dataclasses
import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from kiosk.journeys.events import Event
from kiosk.view import AttractBody, FormBody, SearchBody, View, tiles

Asked = dict[str, Any]


class CannotBeDone(Exception):
    """The person asked for what is not on the glass; the text says what."""


class Hand(Protocol):
    """A way to touch the glass."""

    def do(self, asked: Asked) -> dict[str, Any]:
        """Carry one request out. Raises CannotBeDone."""
        ...


class Mind(Protocol):
    """What the hand without a glass needs of the mind."""

    def subscribe(self, told: Callable[[View], None]) -> None: ...

    def post(self, event: Event) -> None: ...


def label_of(view: View, ask: str) -> str:
    """The words on the thing that sends `ask`. Raises CannotBeDone when nothing on the page does."""
    if isinstance(view.body, AttractBody) and ask == "start":
        return view.body.title  # the whole glass is the handle
    choices = [choice for choice in (view.back, view.leave, view.next, *view.choices) if choice is not None]
    for choice in (*choices, *tiles(view.body)):
        if choice.ask == ask:
            if not choice.enabled:
                raise CannotBeDone(f"{ask} cannot be pressed: {choice.reason}")
            return choice.label
    raise CannotBeDone(f"nothing on {view.page.value} asks {ask}")


def place_among(view: View, ask: str) -> int | None:
    """Which of several tiles with the same words sends `ask`, as they stand on the page; None when no words are shared.

    Two applications for the same thing have the same title: a person sees the rest of what stands on them.
    """
    label = label_of(view, ask)
    alike = [choice.ask for choice in tiles(view.body) if choice.label == label]
    return alike.index(ask) if len(alike) > 1 and ask in alike else None


def field_of(view: View, field_id: str) -> tuple[str, str, str]:
    """(label, kind, keyboard) of a field on the page. Raises CannotBeDone."""
    if isinstance(view.body, FormBody):
        for one in view.body.fields:
            if one.id == field_id:
                return one.label, one.kind, one.keyboard
    if isinstance(view.body, SearchBody) and field_id == "search":
        return view.body.label, "text", "pinyin"
    raise CannotBeDone(f"no field {field_id} on {view.page.value}")


def seen(view: View | None) -> dict[str, Any]:
    """The View as the answer to a look: what it says and what can be pressed."""
    if view is None:
        return {"page": "", "visit": -1}
    asks = [choice.ask for choice in view.ways()]
    return {
        "page": view.page.value,
        "visit": view.visit,
        "language": view.language,
        "elder": view.modes.elder,
        "asks": asks,
        "network": view.network,
        "person": dataclasses.asdict(view.person) if view.person else None,
        "countdown": view.countdown.seconds if view.countdown else None,
        "body": dataclasses.asdict(view.body),
    }


def answers(view: View | None, asked: Asked) -> bool:
    """Whether the View is what a `wait` waits for."""
    told = seen(view)
    if asked.get("past") and told["page"] not in asked["past"]:
        return True
    pages = asked.get("pages") or [told["page"]]
    text = asked.get("text", "")
    ask = asked.get("ask", "")
    return (
        told["page"] in pages
        and told["page"] not in asked.get("not", ())
        and (not text or text in json.dumps([told.get("body"), told.get("network")], ensure_ascii=False))
        and (not ask or ask in told.get("asks", ()))
        and asked.get("countdown") in (None, told.get("countdown") is not None)
        and asked.get("language") in ("", None, told.get("language"))
    )


class ControlPost:
    """Listens on a Unix socket for one person at a time and passes what they ask to the hand."""

    def __init__(self, path: Path, hand: Hand) -> None:
        self._hand = hand
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        os.chmod(path, 0o600)
        self._listener.listen(1)
        threading.Thread(target=self._listen, name="control-post", daemon=True).start()

    def _listen(self) -> None:
        while True:
            line, _ = self._listener.accept()
            with line, line.makefile("rw", encoding="utf-8") as talk:
                for asked in talk:
                    try:
                        told: dict[str, Any] = {"ok": True, **self._hand.do(json.loads(asked))}
                    except CannotBeDone as why:
                        told = {"ok": False, "why": str(why)}
                    talk.write(json.dumps(told, ensure_ascii=False) + "\n")
                    try:
                        talk.flush()
                    except BrokenPipeError:
                        break
