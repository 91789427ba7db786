"""What time does: reminders, lapses, overdue compartments; jobs of several workers, once each."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from central.jobs import casework, deadlines
from central.jobs import clock as clockwork
from central.jobs.clock import JOBS, Job, Ticking, run, tick
from central.jobs.deadlines import lapse, remind, watch_compartments
from central.jobs.tickets import Compartment
from central.rules.asks import Ask, day_of
from central.rules.deciding import WITHIN
from central.rules.progress import GOING, ON_ITS_WAY
from central.rules.progress import CaseMove as M
from central.rules.progress import CaseState as S
from central.store import jobs
from central.store.database import StoreUnavailable
from central.store.desk import Wanted, listed
from central.wiring import Central
from tests.central.caseworld import amended, moved, sent, the, whats
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.test_deciding import promised
from tests.central.world import Clock, Terminal

PHONE = Ask("contact.phone", "phone.unreachable")


def told(central: Central, what: str) -> int:
    return whats(central).count(what)


def test_the_citizen_is_reminded_twice_and_then_it_lapses(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])  # 15 days
    assert row.deadline is not None
    assert (remind(central), lapse(central)) == (0, 0)
    clock.at = row.deadline - dt.timedelta(days=2, hours=1)
    assert [remind(central), remind(central)] == [1, 0]
    assert whats(central)[-1] == "reminded_3"
    clock.at = row.deadline - dt.timedelta(hours=1)
    assert [remind(central), remind(central)] == [1, 0]
    assert whats(central)[-1] == "reminded_1"
    assert lapse(central) == 0
    clock.at = row.deadline + ON_ITS_WAY + dt.timedelta(seconds=1)
    assert [lapse(central), lapse(central), remind(central)] == [1, 0, 0]
    after = the(central)
    assert (after.state, after.deadline) == (S.LAPSED, None)
    with central.database.reading() as connection:
        assert casework.asks_of(connection, row.region, row.case) == ()
        assert casework.events_of(central, connection, row.region, row.case)[-1].who == "clock"


def test_what_was_handed_in_on_the_last_day_counts_when_it_comes(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    """The line was down for two days."""
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    assert row.deadline is not None
    clock.at = row.deadline - dt.timedelta(minutes=5)
    late = amended(terminal, row, {"contact.phone": "13900005678"})
    clock.move(days=2)
    assert lapse(central) == 0
    terminal.send(terminal.letter(late))
    assert the(central).state is S.CHECKED
    clock.move(days=9)
    assert lapse(central) == 0


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own zone, in which clocks are changed on 14 March 2027."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(("sent_at", "until"), [("15:59:59", "2027-03-20"), ("16:00:00", "2027-03-21")])
def test_days_are_china_s_days_whatever_the_machine_s_zone(
    new_york: None, terminal: Terminal, central: Central, clock: Clock, sent_at: str, until: str
) -> None:
    """15 days from one second before midnight, and from midnight; the last day ends at its midnight, for everybody."""
    clock.at = dt.datetime.fromisoformat(f"2027-03-05T{sent_at}Z")
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    assert the(central).deadline == row.deadline == dt.datetime.fromisoformat(f"{until}T15:59:59Z")
    clock.at = dt.datetime.fromisoformat(f"{until}T15:59:59Z") + ON_ITS_WAY
    assert lapse(central) == 0
    clock.move(seconds=1)
    assert lapse(central) == 1


def test_after_a_long_sleep_only_the_nearer_reminder_is_sent(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    assert row.deadline is not None
    clock.at = row.deadline - dt.timedelta(hours=2)
    assert remind(central) == 1
    assert (told(central, "reminded_1"), told(central, "reminded_3")) == (1, 0)


@pytest.mark.log_warnings_expected
def test_nothing_waits_behind_what_is_not_to_be_done(
    terminal: Terminal,
    central: Central,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither behind a page of cases of whom nobody is reminded, nor behind one over which the program stumbles."""
    monkeypatch.setattr(deadlines, "AT_ONCE", 1)
    for number, days in (("A-1", 2), ("A-2", 3), ("A-3", 3)):
        moved(central, sent(central, terminal, number), M.ASK, asks=[PHONE], deadline=day_of(clock(), days))
        clock.move(seconds=1)
    until = the(central, "A-2").deadline
    assert until is not None
    clock.at = until - dt.timedelta(days=3, minutes=-1)
    assert remind(central) == 2
    assert "reminded_3" not in whats(central, "A-1")
    clock.at = until + ON_ITS_WAY + dt.timedelta(minutes=1)
    real = deadlines.move_within

    def stumbles(connection: Any, central: Central, region: str, case: str, *told: Any, **how: Any) -> Any:
        if case == "A-1":
            raise ZeroDivisionError
        return real(connection, central, region, case, *told, **how)

    with monkeypatch.context() as patched:
        patched.setattr(deadlines, "move_within", stumbles)
        assert lapse(central) == 2
    assert "case A-1 met a mistake of ours: ZeroDivisionError" in caplog.text
    assert [lapse(central), lapse(central)] == [1, 0]


def test_a_short_deadline_is_not_reminded_of_at_once(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = moved(central, sent(central, terminal), M.ASK, asks=[PHONE], deadline=day_of(clock(), 2))
    assert remind(central) == 0
    row = moved(central, row, M.EXTEND, deadline=day_of(clock(), 9))
    assert row.deadline is not None
    clock.at = row.deadline - dt.timedelta(days=2)
    assert remind(central) == 1


def test_another_deadline_is_reminded_of_anew(terminal: Terminal, central: Central, clock: Clock) -> None:
    row = moved(central, sent(central, terminal), M.RETURN, asks=[PHONE])
    for _ in range(2):
        assert row.deadline is not None
        clock.at = row.deadline - dt.timedelta(days=2)
        assert remind(central) == 1
        row = moved(central, the(central), M.EXTEND, deadline=day_of(clock(), 20))
    assert told(central, "reminded_3") == 2


def test_what_lies_too_long_is_told_of_and_then_somebodys_task(
    terminal: Terminal, central: Central, clock: Clock
) -> None:
    row = moved(central, moved(central, sent(central, terminal), M.ACCEPT), M.APPROVE)
    row = moved(central, row, M.MAKE_READY, ticket=Compartment("NT-0001", 2))
    clock.move(days=4)
    assert watch_compartments(central) == 0
    clock.move(days=2)
    assert [watch_compartments(central), watch_compartments(central)] == [1, 0]
    clock.move(days=25)
    assert [watch_compartments(central), watch_compartments(central)] == [1, 0]
    assert whats(central)[-2:] == ["overdue", "task_take_back"]
    with central.database.reading() as connection:
        assert [each.case for each in listed(connection, Wanted(["*"], GOING, until=clock()), 9)] == ["A-1"]
    moved(central, the(central), M.TAKE_BACK)
    with central.database.reading() as connection:
        assert listed(connection, Wanted(["*"], GOING, until=clock()), 9) == ()


# ---- jobs ---------------------------------------------------------------------------------------------------------


def test_a_job_runs_as_often_as_it_says(central: Central, clock: Clock) -> None:
    ran: list[dt.datetime] = []
    job = Job("counting", dt.timedelta(minutes=10), lambda _: len(ran.append(clock()) or ran))
    for _ in range(25):
        run(central, job)
        clock.move(minutes=1)
    assert [int((at - ran[0]).total_seconds() / 60) for at in ran] == [0, 10, 20]
    with central.database.reading() as connection:
        assert jobs.ran(connection)["counting"] == (ran[-1], "3")


def test_a_clock_that_was_set_back_stops_no_job(central: Central, clock: Clock) -> None:
    job = Job("counting", dt.timedelta(minutes=10), lambda _: 1)
    assert run(central, job) == 1
    clock.move(days=-30)
    clock.move(minutes=1)
    with central.database.writing() as connection:
        jobs.give_back(connection, "counting", "nobody", clock(), "")
    assert run(central, job) is None  # its lease is of the time to come
    clock.move(days=31)
    assert run(central, job) == 1


def test_of_several_workers_one_does_a_job(central: Central) -> None:
    entered, leave = threading.Event(), threading.Event()
    counted: list[int | None] = []

    def slow(_: Central) -> int:
        entered.set()
        assert leave.wait(20)
        return 1

    job = Job("slow", dt.timedelta(minutes=1), slow)
    first = threading.Thread(target=lambda: counted.append(run(central, job)))
    first.start()
    assert entered.wait(20)
    assert run(central, job) is None
    leave.set()
    first.join(20)
    assert counted == [1]


def test_a_job_whose_worker_was_killed_is_taken_over(central: Central, clock: Clock) -> None:
    def killed(_: Central) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(central, Job("killed", dt.timedelta(minutes=1), killed))
    again = Job("killed", dt.timedelta(minutes=1), lambda _: 7)
    assert run(central, again) is None
    clock.move(minutes=11)
    assert run(central, again) == 7


def test_a_job_that_failed_is_done_at_its_next_turn(central: Central, clock: Clock) -> None:
    def away(_: Central) -> int:
        raise StoreUnavailable("a restart")

    with pytest.raises(StoreUnavailable):
        run(central, Job("away", dt.timedelta(minutes=1), away))
    again = Job("away", dt.timedelta(minutes=1), lambda _: 7)
    assert run(central, again) is None
    clock.move(minutes=1)
    assert run(central, again) == 7


def test_a_worker_that_was_killed_while_it_decided_keeps_nobody_waiting_too_long() -> None:
    (decide,) = (job for job in JOBS if job.name == "decide")
    assert decide.every + decide.lease + decide.every <= WITHIN


def test_every_job_runs_on_an_empty_central(central: Central) -> None:
    assert tick(central) == {job.name: 0 for job in JOBS}
    assert tick(central) == {}


@pytest.mark.log_warnings_expected
def test_a_job_that_fails_leaves_the_others_alone(
    central: Central, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    def bug(_: Central) -> int:
        raise ZeroDivisionError

    def away(_: Central) -> int:
        raise StoreUnavailable("disk")

    def last(_: Central) -> int:
        done.set()
        return 0

    often = dt.timedelta(seconds=1)
    three: tuple[Callable[[Central], int], ...] = (bug, away, last)
    monkeypatch.setattr(clockwork, "JOBS", tuple(Job(work.__name__, often, work) for work in three))
    ticking = Ticking(central, 0.001).start()
    assert done.wait(20)
    ticking.stop()
    assert "bug met a mistake of ours: ZeroDivisionError" in caplog.text
    assert "away: the store is unavailable: disk" in caplog.text


def test_what_was_cut_off_before_it_was_decided_is_decided_by_the_clock(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.jobs.unseal.decide_all", lambda *_: 0)
    terminal.send(terminal.letter(promised(central, terminal, "P-1")))
    assert the(central, "P-1").state is S.CHECKED
    assert tick(replace(central))["decide"] == 1
    assert the(central, "P-1").state in (S.DONE, S.APPROVED)
