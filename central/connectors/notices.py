"""How notices reach citizens: one port; a sink for demonstrations, which writes down instead of sending."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """What is handed on: a number, the template's id at the gateway, and what is filled in. Never more about a case."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    phone: str
    template: str
    language: str
    words: dict[str, str]

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return []


@dataclass(frozen=True)
class Sent:
    """The gateway took it, now or when it was asked before with the same key."""

    answer: str = ""


@dataclass(frozen=True)
class SendLater:
    """It could not be told whether it arrived, or it was refused for now: to be sent again under the same key."""

    answer: str


@dataclass(frozen=True)
class SendNever:
    """Refused for good: another try would be refused too."""

    answer: str


SendOutcome = Sent | SendLater | SendNever


class NoticeSender(Protocol):
    """Sends one message. Called in a worker thread, may take seconds, does not raise for what the gateway does.

    `key` names the message: whatever is sent twice under the same key must reach the citizen once.
    """

    def send(self, message: Message, key: str) -> SendOutcome: ...


class DemoSink:
    """Keeps the last messages, and with a file appends them to it as lines of JSON. Nothing is sent to anybody."""

    def __init__(self, file: Path | None = None, keep: int = 1000) -> None:
        self._file = file
        self._keep = keep
        self._lock = threading.Lock()
        self._sent: dict[str, Message] = {}

    @property
    def sent(self) -> tuple[Message, ...]:
        with self._lock:
            return tuple(self._sent.values())

    def send(self, message: Message, key: str) -> SendOutcome:
        with self._lock:
            if key in self._sent:
                return Sent("demo")
            if self._file is not None:
                try:
                    with self._file.open("a", encoding="utf-8") as file:
                        file.write(json.dumps({"key": key, **message.model_dump()}, ensure_ascii=False) + "\n")
                except OSError as world:
                    return SendLater(f"demo errno {world.errno}")
            self._sent[key] = message
            while len(self._sent) > self._keep:
                del self._sent[next(iter(self._sent))]
        return Sent("demo")
