"""Nothing is wrong with any page on tall glass: Chinese, normal and large type; English in high contrast."""

from tests.ui.gallery.plan import CONTRAST, ELDER, NORMAL, Job
from tests.ui.reduced import faults, of
from tests.ui.stage import Bench


@of(NORMAL, ELDER, CONTRAST)
def test_nothing_is_wrong_with_the_picture(bench: Bench, job: Job) -> None:
    assert faults(bench, job) == []
