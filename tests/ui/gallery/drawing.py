"""Draws one job after the other and examines what it drew."""

from collections.abc import Iterator

from tests.ui.gallery.checks import examine
from tests.ui.gallery.checks.covered import covered
from tests.ui.gallery.picture import Finding, Picture
from tests.ui.gallery.plan import Job, states
from tests.ui.gallery.reading import Reader
from tests.ui.stage import Bench
from ui.theme import Look

LOOK = Look()


def drawn(bench: Bench, job: Job) -> Iterator[tuple[Picture, list[Finding]]]:
    """Every state's picture, with what is wrong with it. What a magnifier shows is cut off by design."""
    for state, view in states(bench, job):
        name = f"{job.sample}{'-' + state if state else ''}-{job.way}"
        picture = Reader(bench).read(name, view, LOOK)
        if state == "magnified":
            yield picture, []
        elif state == "covered":
            yield picture, examine(picture) + covered(picture, view)
        else:
            yield picture, examine(picture)
