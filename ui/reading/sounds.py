"""Which sound a new View is given. Each has its text on the page already: a sound never says more than the page."""

from hardware.api.speech import Sound
from kiosk.view import FormBody, IdentifyBody, Page, ResultBody, View


def sound_of(before: View, view: View) -> Sound | None:
    """HURRY with the countdown; WRONG for trouble, a refusal, a form that wants another look; DONE at the result and
    where paper is to be taken."""
    if view.countdown is not None and before.countdown is None:
        return Sound.HURRY
    came = (before.page, before.visit) != (view.page, view.visit)
    if came and view.page is Page.TROUBLE:
        return Sound.WRONG
    if came and view.page is Page.TAKE:
        return Sound.DONE
    old = None if came else before.body
    match view.body:
        case ResultBody(good=good) if came:
            return Sound.DONE if good else Sound.WRONG
        case FormBody(message=message) if message and message != getattr(old, "message", ""):
            return Sound.WRONG
        case IdentifyBody(state="refused", message=message):
            if getattr(old, "state", "") != "refused" or getattr(old, "message", "") != message:
                return Sound.WRONG
    return None
