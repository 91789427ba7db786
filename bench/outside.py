"""The world around a measured terminal, in this process; the terminal runs in another, as it does in the field.

The terminal's process asks for what a hand does (`lay`, `lift`, `cut`, `mend`) by a line of JSON on its standard output
and reads the answer on its standard input; times are `time.monotonic`, which all processes of a machine share. The
measured bytes themselves go over the pseudo-terminals and the network, never over this line.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from demo.world import ROOT, World
from hardware.codecs import sam
from hardware.codecs.hunt import Noise
from hardware.twins import made_up_people as people

BITS_PER_BYTE = 10
"""8N1: a start bit, eight data bits, a stop bit."""
EMPTY_WINDOW = "a rectangle in an empty window"
"""What stands beside touches: the least that a touch can change."""


class Outside:
    """Does what the terminal's process asks for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = random.Random(11)
        self.does: dict[str, Callable[..., Any]] = {
            "lay": self.lay,
            "lift": self.lift,
            "exchange": self.exchange,
            "cut": lambda: world.gate.cut(),
            "mend": lambda: world.gate.mend(),
        }

    def lay(self, key: str) -> float:
        """Lay a card at a moment that no beat of the terminal knows; returns that moment."""
        time.sleep(self._chance.uniform(0.2, 0.4))
        self._world.reader.wire.trace.clear()
        card = people.BY_KEY[key].card
        at = time.monotonic()
        self._world.reader.lay(card)
        return at

    def lift(self) -> None:
        self._world.reader.lift()

    def exchange(self) -> list[int]:
        """Bytes of the newest find, select and read, both ways: (asked, answered), from what was on the wire."""
        requests, replies = sam.request_reader(), sam.reply_reader()
        asked: list[sam.Request] = []
        answered: list[sam.Reply] = []
        for way, chunk in tuple(self._world.reader.wire.trace):
            if way == "in":
                asked += [piece for piece in requests.feed(chunk) if not isinstance(piece, Noise)]
            else:
                answered += [piece for piece in replies.feed(chunk) if not isinstance(piece, Noise)]
        found = [place for place, reply in enumerate(answered) if reply.sw is sam.Sw.FOUND][-1]
        read = [place for place, request in enumerate(asked) if request.known is sam.Command.READ][-1]
        three = [request.known for request in asked[read - 2 : read + 1]]
        assert three == [sam.Command.FIND, sam.Command.SELECT, sam.Command.READ], three
        down = sum(len(sam.encode_raw_request(request)) for request in asked[read - 2 : read + 1])
        up = sum(len(sam.encode_reply(reply)) for reply in answered[found : found + 3])
        return [down, up]

    def serve(self, measure: str, *more: str) -> Any:
        """Run `python -m bench.inside`, do what it asks, and return what it found."""
        command = [sys.executable, "-m", "bench.inside", measure, "--settings", str(self._world.settings), *more]
        environment = self._world.environment(offscreen=True)
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as inside:
            assert inside.stdin is not None
            assert inside.stdout is not None
            found: Any = None
            for line in inside.stdout:
                told = json.loads(line)
                if "found" in told:
                    found = told["found"]
                    continue
                answer = self.does[told["do"]](*told["with"])
                inside.stdin.write(json.dumps(answer) + "\n")
                inside.stdin.flush()
        if inside.returncode != 0 or found is None:
            raise RuntimeError(f"the measured terminal ended with {inside.returncode}")
        return found


def ask(what: str, *given: object) -> Any:
    """In the terminal's process: have the world do something; returns its answer."""
    print(json.dumps({"do": what, "with": given}), flush=True)
    return json.loads(sys.stdin.readline())


def tell(found: object) -> None:
    """In the terminal's process: what was found."""
    print(json.dumps({"found": found}), flush=True)
