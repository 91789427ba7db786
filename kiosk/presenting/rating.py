"""The page on which an item that is over is rated."""

from typing import assert_never

from kiosk.journeys import rate
from kiosk.presenting.front import Drawn
from kiosk.presenting.saying import Say
from kiosk.view import Choice, Page, RatingBody, RatingMark

ICONS = {5: "mood-happy", 4: "mood-smile", 3: "mood-neutral", 2: "mood-sad", 1: "mood-angry"}


def rating_page(state: rate.Rate, say: Say) -> Drawn:
    phase = state.phase
    skip = Choice("skip", say(f"rating.skip.{state.onward}"))
    match phase:
        case rate.Phase.ASKING | rate.Phase.OVER:
            levels = tuple(
                RatingMark(f"level:{level}", say(f"rating.level.{level}"), ICONS[level]) for level in rate.LEVELS
            )
            title = state.item.title.say(say.language)
            body = RatingBody(say("rating.question", item=title), say("rating.line"), levels)
            return Drawn(Page.RATING, body, next=skip, choices=_pressed(levels))
        case rate.Phase.REASONS:
            reasons = tuple(
                RatingMark(f"reason:{reason.value}", say(f"rating.reason.{reason.value}"), "", reason in state.reasons)
                for reason in rate.REASONS
            )
            chosen = say("rating.chosen", level=say(f"rating.level.{state.level}"))
            body = RatingBody(say("rating.why"), chosen, (), reasons)
            back, go = Choice("back", say("foot.back")), Choice("next", say("rating.send"))
            return Drawn(Page.RATING, body, back=back, next=go, choices=_pressed(reasons))
        case rate.Phase.THANKS:
            body = RatingBody(say("rating.thanks"), say("rating.thanks_line"))
            return Drawn(Page.RATING, body, next=Choice("next", say(f"rating.on.{state.onward}")))
        case _:
            assert_never(phase)


def _pressed(marks: tuple[RatingMark, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(mark.ask, mark.label, icon=mark.icon) for mark in marks)
