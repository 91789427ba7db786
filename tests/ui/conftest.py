"""One screen for all tests of a worker: an engine may own the singletons only once."""

from collections.abc import Iterator

import pytest

from tests.ui.stage import Bench


@pytest.fixture(scope="session")
def the_only_bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


@pytest.fixture
def bench(the_only_bench: Bench) -> Bench:
    """The screen, with an empty memory."""
    the_only_bench.fresh()
    return the_only_bench
