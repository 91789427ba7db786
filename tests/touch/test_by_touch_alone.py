"""Visit 4 by touch alone: an X server's pointer on the real window, a Chinese address in pinyin on our keyboard."""

import hashlib

import pytest
import zxingcpp
from PIL import Image, ImageStat

from central.store import terminals
from demo.album import kept_page
from demo.world import REGION, TERMINAL, World
from documents.verify import Verified, verify
from tests.touch import application
from tests.touch.person import Person
from tests.touch.xscreen import HEIGHT, MISSING, WIDTH
from trust.keys import KeyRing
from wire.tokens import Receipt

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs the packages {' '.join(MISSING)} (packages.apt)"),
    pytest.mark.timeout(300),
]
PHONE = "13916871687"
ADDRESS = "上海市杨浦区长阳路1687号"


def test_an_application_is_made_by_touch_alone(world: World, person: Person) -> None:
    wait = person.terminal.wait
    wait("attract")
    window = person.screen.window_of(person.terminal.pid)
    assert window == {"X": 0, "Y": 0, "WIDTH": WIDTH, "HEIGHT": HEIGHT}

    application.to_the_form(world, person)
    application.give_a_phone(person, PHONE)
    type_the_address(person)
    case = application.to_the_end(world, person)

    application.central_has_it_once(world, case, PHONE, ADDRESS)
    the_slip_proves_it(world, case)


def type_the_address(person: Person) -> None:
    """Take the card's address away, sign by sign and then at once, and write another in pinyin."""
    field = "residence.address"
    person.sees(field, application.ON_THE_CARD)
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
    person.touch(name="长阳路")  # the road stands ready
    person.sees(field, "上海市杨浦区长阳路")
    person.keys(field, "1687号")
    person.sees(field, ADDRESS)
    person.touch(name="完成")


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
