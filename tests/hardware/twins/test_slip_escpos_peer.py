"""The slip printer's twin asked and fed by python-escpos, a host that is not ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from hardware.twins.slip_escpos import SlipEscPosTwin
from hardware.twins.wire import PtyWire
from tests.contracts.until import until

printer = pytest.importorskip("escpos.printer", reason="python-escpos is a development package")
constants = pytest.importorskip("escpos.constants")

BAUD = 115200
ANSWER_S = 20.0


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[SlipEscPosTwin]:
    with SlipEscPosTwin(PtyWire(tmp_path / "slip", BAUD, pacing=False)) as made:
        yield made


@pytest.fixture
def host(twin: SlipEscPosTwin) -> Iterator[object]:
    made = printer.Serial(devfile=str(twin.wire.link_path), baudrate=BAUD, timeout=ANSWER_S)
    made.open()
    port = made.device
    read = port.read
    # It asks for sixteen bytes and waits its time for fifteen that never come: here it waits for the one that does.
    port.read = lambda size=1: read(1) + read(min(size - 1, port.in_waiting))
    yield made
    made.close()


def test_it_reads_the_twins_status_as_we_mean_it(twin: SlipEscPosTwin, host: object) -> None:
    assert host.is_online()
    assert host.paper_status() == 2  # plenty
    twin.paper_ends_after(100)
    assert host.paper_status() == 1  # near its end
    twin.paper_ends_after(0)
    assert host.paper_status() == 0  # none
    assert not host.is_online()
    twin.load_paper()
    assert host.is_online()


def test_its_raster_stands_on_the_twins_paper(twin: SlipEscPosTwin, host: object) -> None:
    drawn = Image.new("1", (576, 64), 1)
    ImageDraw.Draw(drawn).rectangle((8, 8, 300, 40), fill=0)
    host.image(drawn, impl="bitImageRaster")
    host.cut()
    until(lambda: twin.slips)
    assert twin.refused == []
    on_paper = twin.slips[0].image().crop((0, 0, 576, 64))
    assert on_paper.tobytes() == drawn.tobytes()
