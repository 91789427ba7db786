"""Recordings of a department for contract tests: a recorder beside the real one, a replayer in its place.

A recording holds what was asked and what was answered, whole: it is made with made-up people only, and is a part of the
tests, never of a running central. One line of JSON for each exchange.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from central.connectors.department import (
    Away,
    CallbackOutcome,
    Department,
    NotTaken,
    Standing,
    Stands,
    StatusOutcome,
    Submission,
    SubmitOutcome,
    Taken,
    Unknown,
)
from wire.canonical import b64u, canonical, sha256_hex
from wire.messages import RecordAnswer, RecordState


def _asked(what: str, **told: Any) -> str:
    return sha256_hex(canonical({"what": what, **told}))


def _written(outcome: Taken | NotTaken | Stands | Unknown | Away) -> dict[str, Any]:
    told = {"outcome": type(outcome).__name__, **asdict(outcome)}
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in told.items()}


def _read(told: dict[str, Any]) -> Taken | NotTaken | Stands | Unknown | Away:
    match told:
        case {"outcome": "Taken", "reference": reference}:
            return Taken(reference)
        case {"outcome": "NotTaken", "why": why}:
            return NotTaken(why)
        case {"outcome": "Stands", "reference": reference, "standing": standing, "as_of": as_of}:
            return Stands(reference, Standing(standing), dt.datetime.fromisoformat(as_of))
        case {"outcome": "Unknown", "why": why}:
            return Unknown(why)
        case {"outcome": "Away", "why": why}:
            return Away(why)
    raise ValueError("not a recorded outcome")


def _submission(submission: Submission) -> dict[str, Any]:
    told = {**vars(submission), "answers": dict(submission.answers)}
    return {**told, "submitted_at": submission.submitted_at.isoformat()}


class Recorder:
    """Passes everything on and writes it down. Raises OSError when it cannot."""

    def __init__(self, department: Department, path: Path) -> None:
        self._department = department
        self._path = path

    def _write(self, asked: str, told: Any) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"asked": asked, "told": told}, ensure_ascii=False, sort_keys=True) + "\n")

    def query(self, item: str, number: str, name: str) -> RecordAnswer:
        answer = self._department.query(item, number, name)
        self._write(_asked("query", item=item, number=number, name=name), answer.model_dump(mode="json"))
        return answer

    def submit(self, submission: Submission) -> SubmitOutcome:
        outcome = self._department.submit(submission)
        self._write(_asked("submit", **_submission(submission)), _written(outcome))
        return outcome

    def status(self, reference: str) -> StatusOutcome:
        outcome = self._department.status(reference)
        self._write(_asked("status", reference=reference), _written(outcome))
        return outcome

    def callback(self, headers: Mapping[str, str], body: bytes) -> CallbackOutcome:
        outcome = self._department.callback(headers, body)
        self._write(_asked("callback", headers=dict(headers), body=b64u(body)), _written(outcome))
        return outcome

    def probe(self) -> bool:
        answered = self._department.probe()
        self._write(_asked("probe"), answered)
        return answered


class Replayer:
    """Answers as was recorded, the same asking in the order of its answers, the last one again and again.

    What was never asked is Away, UNAVAILABLE or Unknown. Raises OSError, ValueError for a file that is no recording.
    """

    def __init__(self, path: Path) -> None:
        self._told: dict[str, list[Any]] = {}
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            self._told.setdefault(row["asked"], []).append(row["told"])

    def _next(self, asked: str) -> Any:
        told = self._told.get(asked, [])
        if len(told) > 1:
            return told.pop(0)
        return told[0] if told else None

    def query(self, item: str, number: str, name: str) -> RecordAnswer:
        told = self._next(_asked("query", item=item, number=number, name=name))
        return RecordAnswer(state=RecordState.UNAVAILABLE) if told is None else RecordAnswer.model_validate(told)

    def submit(self, submission: Submission) -> SubmitOutcome:
        told = self._next(_asked("submit", **_submission(submission)))
        outcome = Away("not recorded") if told is None else _read(told)
        if isinstance(outcome, Taken | NotTaken | Away):
            return outcome
        raise ValueError("not recorded of submit")

    def status(self, reference: str) -> StatusOutcome:
        told = self._next(_asked("status", reference=reference))
        outcome = Away("not recorded") if told is None else _read(told)
        if isinstance(outcome, Stands | Unknown | Away):
            return outcome
        raise ValueError("not recorded of status")

    def callback(self, headers: Mapping[str, str], body: bytes) -> CallbackOutcome:
        told = self._next(_asked("callback", headers=dict(headers), body=b64u(body)))
        outcome = Unknown("not recorded") if told is None else _read(told)
        if isinstance(outcome, Stands | Unknown):
            return outcome
        raise ValueError("not recorded of callback")

    def probe(self) -> bool:
        return bool(self._next(_asked("probe")))
