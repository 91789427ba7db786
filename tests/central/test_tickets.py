"""What may be registered behind a door: checked against what central knows, and refused with what is possible."""

from typing import Any

import pytest

from central import desk
from central.rules.tickets import TicketMistake
from central.store import tickets
from central.wiring import Central
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.test_terminals import put
from tests.central.world import Terminal
from wire.ids import RegionId, TerminalId


def test_one_code_does_not_open_two_doors(terminal: Terminal, central: Central) -> None:
    first = put(central, terminal, door=3, pickup_code="7319-6402")
    with pytest.raises(desk.NotPossible, match="belongs to another thing") as taken:
        put(central, terminal, door=4, pickup_code="73196402")
    assert taken.value.word == TicketMistake.CODE_TAKEN
    terminal.send(terminal.letter(terminal.collected(first, 3)))
    put(central, terminal, door=4, pickup_code="73196402")
    put(central, terminal, door=5, pickup_code=" - ")  # none
    put(central, terminal, door=6, pickup_code="")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"region": "sh-310199"}, r"no terminal is enrolled in region sh-310199\. .*sh-310101 \(Huangpu"),
        ({"terminal": "NT-0009"}, r"no terminal NT-0009 .* Enrolled there: NT-0001"),
        ({"item": "juzhuzheng"}, r"no item juzhuzheng\. .*juzhuzheng-pickup \("),
        ({"item": "shebao-proof"}, r"nothing is collected for shebao-proof .* can be for: .*juzhuzheng-pickup \("),
        ({"door": 10_000}, r"1 to 9999"),
        ({"number": "310101194905150024"}, r"cannot be right"),
        ({"number": "王暖亭"}, r"cannot be right"),
        ({"pickup_code": "123456"}, r"8 digits"),
        ({"pickup_code": "AB12-CD34"}, r"8 digits"),
    ],
)
def test_a_ticket_that_makes_no_sense_is_refused_with_what_is_possible(
    terminal: Terminal, central: Central, changed: dict[str, Any], says: str
) -> None:
    told: dict[str, Any] = {
        "region": terminal.region,
        "terminal": terminal.terminal,
        "item": "juzhuzheng-pickup",
        "door": 7,
        "number": "310101194905150023",
        "pickup_code": "",
    }
    told |= changed
    with pytest.raises(desk.NotPossible, match=says) as refused:
        desk.register_ticket(
            central, told.pop("region"), told.pop("terminal"), what_zh="居住证", what_en="Residence permit", **told
        )
    assert str(changed.get("number", "no number")) not in str(refused.value)
    with central.database.reading() as connection:
        assert tickets.doors_taken(connection, terminal.region, terminal.terminal) == set()


def test_nothing_is_put_into_a_terminal_that_was_withdrawn(terminal: Terminal, central: Central) -> None:
    desk.withdraw_terminal(central, RegionId(terminal.region), TerminalId(terminal.terminal))
    with pytest.raises(desk.NotPossible, match="NT-0001 was withdrawn"):
        put(central, terminal)
