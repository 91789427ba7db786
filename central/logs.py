"""Central's logs: one JSON object per line on the standard error, of fields that are named here and no others.

Who logs passes words, ids and counts. What is not expected in a line - another field, a value that is neither a number
nor a short text, the text of an exception - does not get into it: nothing of a person is ever written by accident.
"""

import datetime as dt
import json
import logging
import sys
import traceback
from typing import IO, Any

FIELDS = ("route", "method", "status", "ms", "terminal", "region")
"""What a line may carry beside time, level, logger and message, given as `extra`."""

LONGEST = 500
_FRAMES = 6


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage()[:LONGEST],
        }
        for name in FIELDS:
            value = record.__dict__.get(name)
            if isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= LONGEST):
                told[name] = value
        if record.exc_info and record.exc_info[0] is not None:
            told["mistake"] = record.exc_info[0].__name__  # its text may hold what it failed on
            frames = traceback.extract_tb(record.exc_info[2])[-_FRAMES:]
            told["at_lines"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(told, ensure_ascii=False)


def say_logs(stream: IO[str] | None = None, least: int = logging.INFO) -> None:
    """Send all logs from level `least` on to `stream`, the standard error when none is named."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    handler.setLevel(least)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
