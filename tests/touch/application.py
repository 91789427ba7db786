"""敬老卡申领 by touch, up to its form and from there to the end; and what has come of it."""

from demo.found import cases_at
from demo.visits import ANSWERS
from demo.world import World
from hardware.twins.made_up_people import ELDER
from tests.contracts.until import until
from tests.touch.person import Person

ON_THE_CARD = "上海市测试区样例路5号101室"
TOLD_S = 40.0


def to_the_form(world: World, person: Person) -> None:
    """From the attract page, with a card laid and lifted on the way."""
    wait = person.terminal.wait
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


def give_a_phone(person: Person, phone: str) -> None:
    person.touch(field="contact.phone")
    person.keys("contact.phone", phone)
    person.touch(name="完成")


def to_the_end(world: World, person: Person) -> str:
    """From the form with everything typed to the attract page; the case's number."""
    wait = person.terminal.wait
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
    return case


def central_has_it_once(world: World, case: str, phone: str, address: str) -> None:
    until(lambda: cases_at(world.central), TOLD_S)
    (row,) = cases_at(world.central)
    assert row.case == case
    assert row.answers == {"contact.phone": phone, "residence.address": address, "delivery.way": "cabinet"}
    assert row.person.name == "测试长者"
    assert row.flags == ()
