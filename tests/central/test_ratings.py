"""Ratings: one for each thing that was done, and nobody at the desk learns who gave it."""

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from central.rules.letters import LetterState
from central.rules.roles import Role
from central.store import letters, ratings
from central.wiring import Central
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.people import as_browser, begin, let_in
from tests.central.world import NAME, NUMBER, Terminal
from wire.letters import Rated, RatingReason
from wire.messages import AckState


def counts(central: Central) -> dict[str, dict[int, int]]:
    with central.database.reading() as connection:
        return {row.item: row.levels for row in ratings.rating_counts(connection)}


def test_each_thing_is_rated_once(terminal: Terminal, central: Central) -> None:
    first, again, other = (
        terminal.letter(terminal.rated(about, level)) for about, level in (("A-1", 5), ("A-1", 1), ("A-2", 4))
    )
    assert [ack.state for ack in terminal.send(first, again, other)] == [AckState.RECEIVED] * 3
    assert terminal.send(first)[0].state is AckState.ALREADY
    assert counts(central) == {"jinglaoka": {5: 1, 4: 1}}
    with central.database.reading() as connection:
        held = letters.find(connection, terminal.region, again.header.id)
    assert held is not None
    assert (held.state, held.note) == (LetterState.HELD, "rating.already")


def test_why_is_counted_by_reason(terminal: Terminal, central: Central) -> None:
    for number, level in enumerate((1, 2, 2)):
        terminal.send(terminal.letter(terminal.rated(f"A-{number}", level, RatingReason.UNCLEAR)))
    with central.database.reading() as connection:
        (row,) = ratings.rating_counts(connection)
    assert (row.levels, row.reasons) == ({1: 1, 2: 2}, {"unclear": 3})


def test_the_desk_sees_sums_and_not_whose(client: TestClient, terminal: Terminal, central: Central) -> None:
    terminal.send(terminal.letter(terminal.rated("SECRET-CASE", 1, RatingReason.UNEASY)))
    let_in(central, "chen", Role.CATALOGUE)
    page = as_browser(client, begin(central, "chen"), "GET", "/figures?lang=zh").text
    assert "非常不满意" in page
    assert "担心个人信息 1" in page
    for told in ("SECRET-CASE", NAME, NUMBER):
        assert told not in page


@pytest.mark.parametrize(
    "changed",
    [{"level": 0}, {"level": 6}, {"level": 4, "reasons": ["unclear"]}, {"reasons": ["because of Mr Zhang"]},
     {"reasons": ["unclear", "unclear"]}, {"name": NAME}],
)  # fmt: skip
def test_a_rating_of_another_shape_is_none(terminal: Terminal, changed: dict[str, object]) -> None:
    told = terminal.rated("A-1", 2).model_dump(mode="json")
    with pytest.raises(ValidationError):
        Rated.model_validate({**told, **changed})
