"""What `make demo` plays without a screen, played without its pictures: every act ends well, every page is seen."""

from pathlib import Path

import pytest

from demo.album import Pages
from demo.found import cases_at, proofs_at
from demo.show import Show
from tests.visits.rig import Rig


@pytest.mark.threads_stay("the World's threads end with it")
@pytest.mark.timeout(300)
def test_the_demo_comes_to_its_end_and_has_seen_every_page(tmp_path: Path) -> None:
    # A slip takes long enough to lose power in its middle.
    rig = Rig(tmp_path, screenless=True, slip_baud=230400, warn_after_s=5.0, end_after_s=30.0)
    try:
        pages = Pages()
        came = Show(rig.world, rig.terminal, pages).play()
        assert pages.missing() == []
        assert rig.terminal.stop() == 0
        assert {row.case for row in cases_at(rig.world.central)} >= {came["apply"], came["put_right"]}
        assert {row.serial for row in proofs_at(rig.world.central)} == {came["prove"], came["paper_out"]}
    finally:
        rig.close()
