"""The contact in a headset's socket, as the card's driver tells it: a control such as "Headphone Jack" (`amixer`)."""

import re
import subprocess

from hardware.api.locker import Seen
from hardware.transports.surroundings import surroundings

_VALUE = re.compile(rb":\s*values=(on|off)\b")
ANSWER_S = 1.0


class JackContact:
    """Reads one control of one card; unknown whenever it cannot be read."""

    def __init__(self, card: str, control: str, *, program: str = "amixer") -> None:
        self._command = [program, "-D", card, "cget", f"iface=CARD,name={control}"]

    def seen(self) -> Seen:
        try:
            told = subprocess.run(self._command, capture_output=True, timeout=ANSWER_S, check=False, env=surroundings())
        except (OSError, subprocess.TimeoutExpired):
            return Seen.UNKNOWN
        found = _VALUE.search(told.stdout) if told.returncode == 0 else None
        if found is None:
            return Seen.UNKNOWN
        return Seen.YES if found[1] == b"on" else Seen.NO
