"""Nothing is wrong with any page on wide glass in English and large type; tall glass in low reach."""

from tests.ui.gallery.plan import LOW, WIDE_ELDER, Job
from tests.ui.reduced import faults, of
from tests.ui.stage import Bench


@of(WIDE_ELDER, LOW)
def test_nothing_is_wrong_with_the_picture(bench: Bench, job: Job) -> None:
    assert faults(bench, job) == []
