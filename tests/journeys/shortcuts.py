"""The straight way to a page of the application, for tests that begin there."""

from hardware.api.id_card import CardRead
from hardware.api.locker import Seen
from kiosk import visit as v
from kiosk.journeys import apply
from kiosk.journeys import events as e
from kiosk.modes import Mode
from kiosk.ports import Draft
from tests.journeys.walker import OLD, SECRET, TODAY, Walker

ITEM = "jinglaoka"
ANSWERS = {"contact.phone": "13800000000", "residence.address": "上海市测试区样例路1号", "delivery.way": "cabinet"}


def identified(*, draft: Draft | None = None, secret: bytes = SECRET, modes: tuple[Mode, ...] = ()) -> Walker:
    """A person who is known, by a card; `draft` is what lies sealed for it."""
    walker = Walker(items=(ITEM,), draft=draft)
    walker.happen(e.Pressed("start"))
    for mode in modes:
        walker.happen(e.ModeChosen(mode, on=True))
    walker.happen(e.Pressed(f"item:{ITEM}"))
    while walker.visit.phase is v.Phase.FINDING:
        answers = [choice.ask for choice in walker.view().choices if choice.ask.startswith("answer:")]
        walker.happen(e.Pressed(answers[0] if answers else "next"))
    walker.happen(e.CardSeen(CardRead(OLD, secret), TODAY))
    walker.happen(e.Pressed("next"))
    return walker


def at_the_form(*, draft: Draft | None = None, secret: bytes = SECRET, modes: tuple[Mode, ...] = ()) -> Walker:
    """The form: empty after the consent, or with the draft."""
    walker = identified(draft=draft, secret=secret, modes=modes)
    if secret:
        walker.happen(("drafts", "some" if draft else "none"))
    if draft is None:
        walker.happen(e.Pressed("next"))
    assert walker.inner().phase is apply.Phase.FORM
    return walker


def applied(modes: tuple[Mode, ...] = ()) -> Walker:
    """An application that has come to its end."""
    walker = at_the_form(modes=modes)
    for name, text in ANSWERS.items():
        walker.happen(e.Typed(name, text))
    while walker.inner().phase is apply.Phase.FORM:
        walker.happen(e.Pressed("next"))
    walker.happen(("desk", "made"))
    walker.happen(e.Pressed("next"))
    for hand, answer in (("desk", "yes"), ("slips", f"slip{Seen.YES}"), ("slips", "slip_taken")):
        walker.happen((hand, answer))
    assert walker.inner().phase is apply.Phase.DONE
    return walker
