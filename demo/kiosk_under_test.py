"""The terminal's own program with a control post beside it: `python -m demo.kiosk_under_test --control SOCKET …`.

Everything after the socket goes to `kiosk.main` as it is. Where there is a screen, the post's hand is a finger on it;
with --screenless it is a hand that posts what a touch would have posted.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from demo.glass import Asked, CannotBeDone, ControlPost, answers, field_of, label_of, seen
from kiosk import main as program
from kiosk import wiring
from kiosk.journeys.events import LanguageChosen, ModeChosen, Pressed, StillHere, Typed
from kiosk.mind import Mind
from kiosk.modes import Mode
from kiosk.view import FormBody, SearchBody, View
from kiosk.wiring import Closed, Terminal


class Blind:
    """A hand without a glass: presses go to the mind as the screen would send them. Implements `demo.glass.Hand`."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind
        self._view: View | None = None
        self._changed = threading.Condition()
        mind.subscribe(self._shown)

    def _shown(self, view: View) -> None:
        with self._changed:
            self._view = view
            self._changed.notify_all()

    def do(self, asked: Asked) -> dict[str, Any]:
        with self._changed:
            if asked["do"] == "wait":
                if not self._changed.wait_for(lambda: answers(self._view, asked), float(asked.get("within", 20.0))):
                    raise CannotBeDone(f"waited for {asked}; there is {seen(self._view)}")
                return seen(self._view)
            view = self._view
        if view is None:
            raise CannotBeDone("the glass is empty")
        match asked["do"]:
            case "look":
                return seen(view)
            case "press":
                label_of(view, asked["ask"])
                self._mind.post(Pressed(asked["ask"]))
            case "type":
                self._mind.post(Typed(asked["field"], _written(view, asked)))
            case "code":
                self._mind.post(Typed("pickup_code", asked["text"]))
            case "still_here":
                self._mind.post(StillHere())
            case "head" if asked["what"] == "language":
                self._mind.post(LanguageChosen("en" if view.language == "zh" else "zh"))
            case "head":
                self._mind.post(ModeChosen(Mode.ELDER, not view.modes.elder))
            case other:
                raise CannotBeDone(f"a hand without a glass cannot {other}")
        return {}


def _written(view: View, asked: Asked) -> str:
    """The field's text after the keys of a `type`."""
    field_of(view, asked["field"])
    if isinstance(view.body, SearchBody):
        return view.body.query[: len(view.body.query) - int(asked.get("erase", 0))] + str(asked["text"])
    if not isinstance(view.body, FormBody):
        raise CannotBeDone("no form")
    one = next(field for field in view.body.fields if field.id == asked["field"])
    if one.kind == "choice":
        return next(value for value, label in one.options if label == asked["text"])
    kept = one.value[: len(one.value) - int(asked.get("erase", 0))]
    return kept + str(asked["text"])


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    if len(given) < 2 or given[0] != "--control":
        sys.stderr.write("usage: python -m demo.kiosk_under_test --control SOCKET (arguments of kiosk.main)\n")
        return 2
    control, rest = Path(given[1]), given[2:]
    if "--screenless" in rest:
        _watch_the_building(control)
    else:
        _watch_the_screen(control)
    return program.main(rest)


def _watch_the_building(control: Path) -> None:
    begin = wiring.begin

    def begun(*given: Any) -> Terminal | Closed:
        terminal = begin(*given)
        if isinstance(terminal, Terminal):
            ControlPost(control, Blind(terminal.mind))
        return terminal

    setattr(program, "begin", begun)  # noqa: B010 - the program's own name for it, changed from outside


def _watch_the_screen(control: Path) -> None:
    from demo.finger import Finger  # Qt is loaded only where there is a screen
    from ui import app

    run: Callable[..., int] = app.run
    fingers: list[Finger] = []

    def ran(
        mind: Any,
        plan: Any,
        words: Any,
        on_started: Callable[[app.Stage], None] | None = None,
        *furnishing: Any,
    ) -> int:
        def begin(stage: app.Stage) -> None:
            if on_started is not None:
                on_started(stage)
            fingers.append(Finger(stage))
            ControlPost(control, fingers[0])

        return run(mind, plan, words, begin, *furnishing)

    setattr(app, "run", ran)  # noqa: B010 - changed from outside


if __name__ == "__main__":
    sys.exit(main())
