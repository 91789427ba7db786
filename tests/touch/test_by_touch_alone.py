"""Visit 4 by touch alone: an X server's pointer on the real window, a Chinese address in pinyin on our keyboard."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageStat

from central.store import terminals
from demo.album import kept_page
from demo.found import cases_at
from demo.visits import ANSWERS
from demo.world import REGION, TERMINAL, World
from documents.verify import Verified, verify
from hardware.twins.made_up_people import ELDER
from tests.contracts.until import until
from tests.touch.person import Person, Watched
from tests.touch.xscreen import HEIGHT, MISSING, WIDTH, x_screen
from trust.keys import KeyRing
from wire.tokens import Receipt

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs the packages {' '.join(MISSING)} (packages.apt)"),
    pytest.mark.timeout(150),
]
PHONE = "13916871687"
ON_THE_CARD = "上海市测试区样例路5号101室"
ADDRESS = "上海市杨浦区长阳路1687号"
TOLD_S = 40.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "world", page_s=0.3, slip_baud=921600) as world:
        world.enrol()
        yield world


@pytest.fixture
def person(world: World, tmp_path: Path) -> Iterator[Person]:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    with x_screen() as screen:
        terminal = Watched(world, screen)
        try:
            terminal.start()
            yield Person(screen, terminal, pictures)
        finally:
            terminal.close()


def test_an_application_is_made_by_touch_alone(world: World, person: Person) -> None:
    wait = person.terminal.wait
    wait("attract")
    window = person.screen.window_of(person.terminal.pid)
    assert window == {"X": 0, "Y": 0, "WIDTH": WIDTH, "HEIGHT": HEIGHT}

    person.touch(ask="start")
    wait("home")
    person.touch(ask="item:jinglaoka")
    wait("item", ask="next")
    person.touch(ask="next")
    for answer in ANSWERS:
        wait("guide", ask=answer)
        person.touch(ask=answer)
    wait("identify")
    world.reader.lay(ELDER.card)
    wait("consent")
    world.reader.lift()
    person.touch(ask="next")
    wait("form")

    person.touch(field="contact.phone")
    person.keys("contact.phone", PHONE)
    person.touch(name="完成")
    type_the_address(person)
    person.touch(name="到取件柜自取")
    person.sees("delivery.way", "cabinet")
    person.picture("form")
    person.touch(ask="next")
    wait("review")
    person.picture("review")
    person.touch(ask="next")

    wait("take", text='"spot": "slip"', within=TOLD_S)
    world.slip.take_slip()
    case = str(wait("result")["body"]["number"])
    person.picture("result")
    person.touch(ask="leave")
    wait("rating", ask="level:5")
    person.touch(ask="level:5")
    person.touch(ask="next")
    wait("attract", within=TOLD_S)

    central_has_it_once(world, case)
    the_slip_proves_it(world, case)


def type_the_address(person: Person) -> None:
    """Take the card's address away, sign by sign and then at once, and write another in pinyin."""
    field = "residence.address"
    person.sees(field, ON_THE_CARD)
    person.touch(field=field)
    person.erase(field, len("101室"))
    person.touch(name="清空")
    person.sees(field, "")
    person.spell(field, "shanghaishi", "上海市")
    person.spell(field, "yangpuqu", "杨浦区")
    person.spell(field, "changyang", "长阳")
    on_the_glass = Image.open(person.picture("address"))
    assert on_the_glass.size == (WIDTH, HEIGHT)
    assert min(ImageStat.Stat(on_the_glass.convert("L")).stddev) > 1.0  # something is drawn there
    person.keys(field, "路1687号")
    person.sees(field, ADDRESS)
    person.touch(name="完成")


def central_has_it_once(world: World, case: str) -> None:
    until(lambda: cases_at(world.central), TOLD_S)
    (row,) = cases_at(world.central)
    assert row.case == case
    assert row.answers == {"contact.phone": PHONE, "residence.address": ADDRESS, "delivery.way": "cabinet"}
    assert row.person.name == "测试长者"
    assert row.flags == ()


def the_slip_proves_it(world: World, case: str) -> None:
    """The code on the paper, read by a decoder that is not ours, checked with the public keys alone."""
    (slip,) = world.slip.slips
    (code,) = zxingcpp.read_barcodes(slip.image())
    with world.central.database.reading() as connection:
        keys = terminals.keys_of(connection, REGION, TERMINAL)
    outcome = verify(code.text, KeyRing(keys), world.central.now())
    assert isinstance(outcome, Verified)
    receipt = outcome.payload
    assert isinstance(receipt, Receipt)
    assert receipt.case == case
    assert receipt.parts == (hashlib.sha256(kept_page(world.central, REGION, case)).hexdigest(),)
