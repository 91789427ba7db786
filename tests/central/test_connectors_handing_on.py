"""Accepted cases handed on to a department's system: once, whatever the line does; only its yes moves a case."""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from catalogue.loader import Catalogue
from catalogue.model import Item
from central.connectors.callbacks import signed
from central.connectors.demo import CALLBACK_SECRET, DemoConnector
from central.connectors.department import (
    Away,
    Standing,
    Stands,
    StatusOutcome,
    Submission,
    SubmitOutcome,
    Taken,
    Unknown,
)
from central.jobs import casework
from central.jobs.handing_on import ask_departments, called_back, hand_on
from central.rules.asks import Ask
from central.rules.progress import CaseMove as M
from central.rules.progress import CaseState as S
from central.store.case_tables import handed_on
from central.store.cases import CaseRow
from central.store.vault import destroy_key
from central.wiring import Central
from central.working import Working, Works
from tests.central.caseworld import amended, moved, sent, the, told_of, whats
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.test_connectors import numbered
from tests.central.world import Clock, Terminal, error, person


class Department(DemoConnector):
    """Counts; forgets when it is told to."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.submitted: list[Submission] = []
        self.forgetful = False
        self.fails_over: tuple[str, ...] = ()

    def submit(self, submission: Submission) -> SubmitOutcome:
        self.submitted.append(submission)
        return Away("server") if submission.case in self.fails_over else super().submit(submission)

    def status(self, reference: str) -> StatusOutcome:
        return Unknown() if self.forgetful else super().status(reference)


@pytest.fixture
def department(clock: Clock) -> Department:
    return Department(clock)


@pytest.fixture
def joined(app: FastAPI, central: Central, department: Department) -> Central:
    """Central with an item whose accepted cases go to the department."""
    items = [item.model_copy(update={"system": "cards"}) for item in central.catalogue.items]
    works = Works(Catalogue(tuple(items), central.catalogue.fields), central.offices)
    made = replace(central, working=Working(central.database, works), departments={"cards": department}, breakers={})
    app.state.central = made
    return made


def facts(central: Central, number: str = "A-1") -> dict[str, Any]:
    row = the(central, number)
    with central.database.reading() as connection:
        return dict(casework.events_of(central, connection, row.region, row.case)[-1].facts)


def accepted(central: Central, terminal: Terminal, sequence: str = "002") -> None:
    about = person().model_copy(update={"number": numbered(sequence)})
    moved(central, sent(central, terminal, person=about), M.ACCEPT)


def back(central: Central) -> CaseRow:
    """The case, returned for its phone number."""
    return moved(central, the(central), M.RETURN, asks=[Ask("contact.phone", "phone.unreachable")])


def put_right(central: Central, terminal: Terminal, returned: CaseRow) -> None:
    """Its citizen sends another number."""
    told = amended(terminal, returned, {"contact.phone": "13900005678"}, person=told_of(central).person)
    terminal.send(terminal.letter(told))


def test_what_is_accepted_is_handed_on_once_and_approved_by_the_departments_yes(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    accepted(joined, terminal)
    assert [hand_on(joined), hand_on(joined)] == [1, 0]
    assert (len(department.submitted), whats(joined)[-1]) == (1, "submitted")
    assert department.submitted[0].answers["contact.phone"] == "13800001234"
    clock.move(minutes=16)
    assert [ask_departments(joined), ask_departments(joined)] == [1, 0]
    assert facts(joined) == {"system": "cards", "standing": "working"}
    clock.move(days=1)
    assert ask_departments(joined) == 1
    row = the(joined)
    assert (row.state, row.decided_by) == (S.APPROVED, "department:cards")
    clock.move(days=1)
    assert ask_departments(joined) == 0


def test_what_cannot_be_handed_on_stands_in_nobody_s_way(
    terminal: Terminal, enrolled: Any, joined: Central, department: Department, clock: Clock
) -> None:
    """Neither another region's cases, whose item has no system there, nor those of a system that is away."""
    there = enrolled("NT-0104", region="sh-310104")
    for each, number in ((there, "A-1"), (terminal, "A-2")):
        moved(joined, sent(joined, each, number), M.ACCEPT)
        clock.move(minutes=1)
    items = joined.catalogue.items
    alone = tuple(item.model_copy(update={"system": ""}) for item in items)
    offices = joined.offices

    def working(everywhere: tuple[Item, ...], **own: tuple[Item, ...]) -> Central:
        by_region = {region.replace("_", "-"): Catalogue(here) for region, here in own.items()}
        works = Works(Catalogue(everywhere, joined.catalogue.fields), offices, own=by_region)
        return replace(joined, working=Working(joined.database, works))

    assert hand_on(working(alone, sh_310101=items), limit=1) == 1
    assert [each.case for each in department.submitted] == ["A-2"]
    assert hand_on(working(items, sh_310104=alone), limit=1) == 0
    away = Department(clock)
    away.available = False
    elsewhere = tuple(item.model_copy(update={"system": "away"}) for item in items)
    both = replace(working(items, sh_310104=elsewhere), departments={"away": away, "cards": department})
    clock.move(minutes=1)
    moved(joined, sent(joined, terminal, "A-3"), M.ACCEPT)
    assert hand_on(both, limit=1) == 1
    assert [[each.case for each in those.submitted] for those in (away, department)] == [["A-1"], ["A-2", "A-3"]]


def test_nothing_waits_behind_a_case_that_cannot_be_read_or_that_is_not_answered(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    for number in ("A-1", "A-2", "A-3"):
        moved(joined, sent(joined, terminal, number), M.ACCEPT)
        clock.move(seconds=1)
    with joined.database.writing() as connection:
        destroy_key(connection, terminal.region, "A-1")
    assert [hand_on(joined, limit=1) for _ in range(3)] == [1, 1, 0]
    assert [each.case for each in department.submitted] == ["A-2", "A-3"]
    clock.move(days=2)
    department.available = False
    assert ask_departments(joined, limit=1) == 0
    department.available = True
    assert ask_departments(joined, limit=1) == 1
    assert [the(joined, number).state for number in ("A-2", "A-3")] == [S.ACCEPTED, S.APPROVED]
    clock.move(minutes=16)
    assert ask_departments(joined, limit=1) == 1


def test_cases_over_which_a_department_stumbles_keep_no_other_waiting(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    numbers = [f"A-{count}" for count in range(1, 6)]
    for number in numbers:
        moved(joined, sent(joined, terminal, number), M.ACCEPT)
        clock.move(seconds=1)
    department.fails_over = ("A-1", "A-2", "A-3")
    assert [hand_on(joined), hand_on(joined)] == [0, 0]  # three in vain: it is taken to be away
    clock.move(minutes=1)
    assert hand_on(joined) == 2
    assert [each.case for each in department.submitted] == ["A-1", "A-2", "A-3", "A-4", "A-5", "A-1", "A-2", "A-3"]
    department.fails_over = ()
    clock.move(minutes=1)
    assert [hand_on(joined), hand_on(joined)] == [3, 0]


def test_what_is_not_accepted_is_not_handed_on(terminal: Terminal, joined: Central, department: Department) -> None:
    sent(joined, terminal)
    assert (hand_on(joined), department.submitted) == (0, [])


def test_the_departments_no_is_for_a_person(terminal: Terminal, joined: Central, clock: Clock) -> None:
    accepted(joined, terminal, "998")
    hand_on(joined)
    clock.move(days=2)
    assert ask_departments(joined) == 1
    assert (the(joined).state, facts(joined)["standing"]) == (S.ACCEPTED, "refused")
    clock.move(days=2)
    assert ask_departments(joined) == 0


def test_what_a_department_will_not_have_is_for_a_person(
    terminal: Terminal, joined: Central, department: Department
) -> None:
    accepted(joined, terminal, "997")
    assert [hand_on(joined), hand_on(joined)] == [0, 0]
    assert len(department.submitted) == 1
    assert facts(joined)["why"] == "demo.not_ours"


def test_a_department_that_is_away_gets_it_later_under_the_same_key(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    accepted(joined, terminal)
    department.available = False
    for _ in range(5):
        assert hand_on(joined) == 0
    assert len(department.submitted) == 3  # then nobody waits for it
    department.available = True
    clock.move(minutes=1)
    assert hand_on(joined) == 1
    assert len({each.key for each in department.submitted}) == 1


def test_a_department_that_is_away_keeps_no_other_from_being_asked(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    away = Department(clock)
    accepted(joined, terminal)
    assert hand_on(replace(joined, departments={"cards": away})) == 1
    with joined.database.writing() as connection:
        connection.execute(sa.update(handed_on).values(system="away"))
    moved(joined, sent(joined, terminal, "A-2"), M.ACCEPT)
    clock.move(minutes=1)
    assert hand_on(joined) == 1
    away.available = False
    clock.move(days=2)
    both = replace(joined, departments={"away": away, "cards": department})
    assert ask_departments(both, limit=1) == 1
    assert [the(joined, number).state for number in ("A-1", "A-2")] == [S.ACCEPTED, S.APPROVED]


def test_a_case_that_went_back_meanwhile_is_not_approved(terminal: Terminal, joined: Central, clock: Clock) -> None:
    accepted(joined, terminal)
    hand_on(joined)
    back(joined)
    clock.move(days=2)
    assert ask_departments(joined) == 1
    assert (the(joined).state, facts(joined)["standing"]) == (S.RETURNED, "granted")


def test_a_yes_to_what_the_citizen_has_put_right_since_is_for_a_person(
    terminal: Terminal, joined: Central, clock: Clock
) -> None:
    accepted(joined, terminal)
    hand_on(joined)
    put_right(joined, terminal, back(joined))
    moved(joined, the(joined), M.ACCEPT)
    clock.move(days=2)
    assert ask_departments(joined) == 1
    row, last = the(joined), facts(joined)
    assert (row.state, last["standing"], last["of_before"]) == (S.ACCEPTED, "granted", True)


def test_what_the_department_refused_and_the_citizen_put_right_is_handed_on_once_more(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    accepted(joined, terminal)
    hand_on(joined)
    first = facts(joined)["reference"]
    returned = back(joined)
    assert hand_on(joined) == 0
    put_right(joined, terminal, returned)
    assert hand_on(joined) == 0  # a person looks first
    moved(joined, the(joined), M.ACCEPT)
    department.available = False
    assert hand_on(joined) == 0
    department.available = True
    assert [hand_on(joined), hand_on(joined)] == [1, 0]
    before, offered, taken = department.submitted
    assert (before.round, offered.round, taken.round) == (1, 2, 2)
    assert before.key != offered.key == taken.key
    assert (before.answers["contact.phone"], taken.answers["contact.phone"]) == ("13800001234", "13900005678")
    assert (facts(joined)["again"], facts(joined)["reference"] != first) == (True, True)
    assert called_back(joined, "cards", Stands(first, Standing.GRANTED, clock()))
    assert (the(joined).state, facts(joined)["of_before"]) == (S.ACCEPTED, True)
    clock.move(days=2)
    assert ask_departments(joined) == 1
    assert (the(joined).state, whats(joined).count("approve")) == (S.APPROVED, 1)


def test_what_is_put_right_while_the_department_takes_it_is_handed_on_once_more(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    accepted(joined, terminal)
    real = department.submit

    def submit(submission: Submission) -> SubmitOutcome:
        taken = real(submission)
        if submission.round == 1:
            put_right(joined, terminal, back(joined))
            moved(joined, the(joined), M.ACCEPT)
        return taken

    department.submit = submit  # type: ignore[method-assign]
    assert [hand_on(joined), hand_on(joined), hand_on(joined)] == [1, 1, 0]
    assert [each.answers["contact.phone"] for each in department.submitted] == ["13800001234", "13900005678"]


def test_a_department_that_forgot_is_not_asked_for_ever(
    terminal: Terminal, joined: Central, department: Department, clock: Clock
) -> None:
    accepted(joined, terminal)
    hand_on(joined)
    department.forgetful = True
    clock.move(hours=1)
    assert ask_departments(joined) == 1
    clock.move(hours=1)
    assert ask_departments(joined) == 0
    assert facts(joined)["standing"] == "not_taken"


def test_a_department_may_tell_by_itself_and_twice(
    terminal: Terminal, joined: Central, clock: Clock, client: TestClient
) -> None:
    accepted(joined, terminal)
    hand_on(joined)
    body = json.dumps({"reference": facts(joined)["reference"], "standing": "granted"}).encode()
    for _ in range(2):
        answer = client.post("/v1/departments/cards", content=body, headers=signed(CALLBACK_SECRET, body, clock()))
        assert (answer.status_code, answer.json()) == (200, {"state": "ok"})
    assert (the(joined).state, whats(joined).count("approve")) == (S.APPROVED, 1)


def test_a_yes_that_comes_before_the_answer_to_the_submission_is_asked_for_later(
    terminal: Terminal, joined: Central, department: Department, clock: Clock, client: TestClient
) -> None:
    """Nobody can tell yet whose it is: it is not taken, and nothing is lost by it."""
    came: list[int] = []
    real = department.submit

    def submit(submission: Submission) -> SubmitOutcome:
        taken = real(submission)
        assert isinstance(taken, Taken)
        body = json.dumps({"reference": taken.reference, "standing": "granted"}).encode()
        headers = signed(CALLBACK_SECRET, body, clock())
        came.append(client.post("/v1/departments/cards", content=body, headers=headers).status_code)
        return taken

    department.submit = submit  # type: ignore[method-assign]
    accepted(joined, terminal)
    assert (hand_on(joined), came, the(joined).state) == (1, [404], S.ACCEPTED)
    clock.move(days=2)
    assert (ask_departments(joined), the(joined).state) == (1, S.APPROVED)


def test_what_a_department_told_earlier_and_comes_later_or_again_is_no_news(
    terminal: Terminal, joined: Central, clock: Clock, client: TestClient
) -> None:
    """Recorded and sent once more, or overtaken on its way: within five minutes its signature is believed."""
    accepted(joined, terminal)
    hand_on(joined)
    reference = facts(joined)["reference"]
    told = {}
    for standing in ("received", "working", "granted"):
        body = json.dumps({"reference": reference, "standing": standing}).encode()
        told[standing] = body, signed(CALLBACK_SECRET, body, clock())
    before = len(whats(joined))
    for standing in ("working", "received", "working", "received"):
        body, headers = told[standing]
        assert client.post("/v1/departments/cards", content=body, headers=headers).status_code == 200
    assert (len(whats(joined)) - before, facts(joined)["standing"]) == (1, "working")
    back(joined)
    clock.move(minutes=6)
    body, headers = told["granted"]
    assert client.post("/v1/departments/cards", content=body, headers=headers).status_code == 401  # stale
    other = replace(joined, departments=dict.fromkeys(("cards", "health"), joined.departments["cards"]))
    terminal.client.app.state.central = other  # type: ignore[union-attr]
    headers = signed(CALLBACK_SECRET, body, clock())
    assert client.post("/v1/departments/health", content=body, headers=headers).status_code == 404  # another's case
    assert the(joined).state is S.RETURNED


def test_who_is_not_the_department_tells_nothing(joined: Central, clock: Clock, client: TestClient) -> None:
    body = b'{"reference": "D1", "standing": "granted"}'

    def told(name: str, secret: bytes, sent: bytes = body) -> tuple[int, str]:
        answer = client.post(f"/v1/departments/{name}", content=sent, headers=signed(secret, body, clock()))
        return answer.status_code, error(answer)

    assert told("cards", CALLBACK_SECRET) == (404, "department.unknown_reference")
    assert told("cards", b"guessed") == (401, "department.not_believed")
    assert told("cards", CALLBACK_SECRET, body + b" ") == (401, "department.not_believed")
    assert told("nobody", CALLBACK_SECRET) == (401, "department.not_believed")
    assert told("cards", CALLBACK_SECRET, b"x" * 20_000) == (413, "request.too_large")
