"""An absent person is waited for from the moment the terminal's own work ended, not from the last touch before it."""

from collections.abc import Iterator

import pytest

from hardware.api.locker import Seen
from kiosk.journeys import events as e
from kiosk.journeys import orders as o
from kiosk.modes import Mode
from kiosk.view import Page
from tests.journeys.walker import PAGES, RECORDS
from tests.kiosk.test_mind import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.mind.stop()
    assert not made.broken


def test_a_print_that_took_long_leaves_the_person_their_whole_time_to_take_it(stage: Stage) -> None:
    stage.to_consent()
    stage.press("next", Page.WORKING)
    _, tell = stage.glass.ordered(o.AskRecord)
    tell(RECORDS["found"])
    _, tell = stage.glass.ordered(o.MakeProof)
    tell(e.ProofMade("S1", PAGES))
    _, tell = stage.glass.ordered(o.PrintPages)
    stage.clock.wait(59.0)  # nothing wakes the mind meanwhile
    tell(e.PagesOut(Seen.YES))
    assert stage.page(Page.TAKE).countdown is None
    stage.pass_time(44.0)
    stage.mind.post(e.ModeChosen(Mode.ELDER, False))
    assert stage.page(Page.TAKE).countdown is None
