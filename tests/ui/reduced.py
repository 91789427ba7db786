"""The gallery's reduced set: each page in every state, in the ways that differ most. Split over files by process."""

import pytest

from tests.ui.gallery.drawing import drawn
from tests.ui.gallery.plan import Job, Way, jobs
from tests.ui.stage import Bench


def of(*ways: Way) -> pytest.MarkDecorator:
    """A test for each page in these ways."""
    chosen = [job for job in jobs() if job.way in ways]
    return pytest.mark.parametrize("job", chosen, ids=str)


def faults(bench: Bench, job: Job) -> list[str]:
    """What is wrong with any of its pictures."""
    return [str(finding) for _, findings in drawn(bench, job) for finding in findings]
