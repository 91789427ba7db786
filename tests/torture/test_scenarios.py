"""One or two of everything that `python -m tests.torture` does a thousand times, so that it cannot rot unseen."""

import contextlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from bench.cluster import NoPostgres
from tests.contracts.until import until
from tests.torture import disks, harm, scenarios
from tests.torture.__main__ import jobs, table, write
from tests.torture.disks import Disk, Faults, ImageDisk, SmallDisk
from tests.torture.judge import Verdict, judge, judged
from tests.torture.machines import Machines
from tests.torture.postgres import Server
from tests.torture.proxy import GOOD, Line
from tests.torture.scenarios import MIB, SCENARIOS, Outcome

pytestmark = pytest.mark.timeout(300)  # processes are started again and again; on a busy machine that takes its time

SEED = 2
"""With this one nothing is killed a second time: the long run does that."""

Cycle = Callable[[Machines], None]


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a central and of a terminal that it knows, to begin from."""
    folder = tmp_path_factory.mktemp("enrolled")
    machines = Machines(folder, random.Random(1), Disk(folder), Disk(folder))
    try:
        machines.start_central()
        machines.enrol()
        machines.end_central()
    finally:
        machines.close()
    return folder


def through(machines: Machines, enrolled: Path | None, *cycles: Cycle) -> Verdict:
    """Those cycles, a rest and a verdict."""
    try:
        machines.begin(enrolled)
        for cycle in cycles:
            cycle(machines)
        machines.proxy.set(GOOD)
        machines.come_to_rest()
        return judged(machines)
    finally:
        machines.close()


@contextlib.contextmanager
def closing(*made: Disk) -> Iterator[None]:
    try:
        yield
    finally:
        for disk in made:
            disk.close()


def all_is_well(verdict: Verdict) -> None:
    assert verdict.all() == []
    assert verdict.arrived >= verdict.accepted > 0
    assert verdict.receipts > 0


def in_the_dark(machines: Machines) -> None:
    """What power cuts rest on: after `go_dark`, whatever is said reaches nobody."""
    machines.proxy.go_dark()
    passed = machines.proxy.counts["bytes up"] + machines.proxy.counts["bytes down"]
    assert machines.terminal is not None
    for _ in range(2):
        assert machines.terminal.wait_for("accepted", 90)
    assert machines.proxy.counts["bytes up"] + machines.proxy.counts["bytes down"] == passed
    machines.proxy.light_up()


def happened(machines: Machines, *what: str) -> bool:
    return any(machines.proxy.counts[name] for name in what)


def torn(machines: Machines) -> None:
    """However slow the machine is: until the line has broken."""
    harm.torn_line(machines)
    machines.proxy.set(Line(cut=1.0))
    until(lambda: happened(machines, "cut up", "cut down"), 90.0)


def shuffled(machines: Machines) -> None:
    """Until something was delivered twice, late or again."""
    harm.shuffled_line(machines)
    until(lambda: happened(machines, "twice", "again", "late"), 90.0)


def nothing_broken(machines: Machines) -> None:
    """Kills and lines are no reason for central to say that it is broken; a full disk will be."""
    assert not {status for status in machines.proxy.answers if status >= 500}


@pytest.fixture(scope="module")
def survivors(enrolled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machines, Verdict]]:
    """Two machines after kills and a bad line, and after bad disks where such can be had, at rest."""
    folder = tmp_path_factory.mktemp("machines")
    cycles = [Machines.publish, torn, in_the_dark, shuffled, harm.kill_both, nothing_broken]
    terminal_disk, central_disk, faults = Disk(folder / "t"), Disk(folder / "c"), None
    if not disks.why_no_small_disk():
        terminal_disk = SmallDisk(folder / "t", scenarios.TERMINAL_BYTES)
        central_disk = SmallDisk(folder / "c", scenarios.CENTRAL_BYTES)
        cycles += [harm.full_terminal, harm.full_central, harm.read_only_terminal]
        if not disks.why_no_faults():
            faults = Faults(folder)
            cycles += [harm.errors_of_the_terminal, harm.errors_of_central]
    chance = random.Random(SEED)
    both = ("terminal", "central")
    machines = Machines(folder, chance, terminal_disk, central_disk, reserve=MIB, faults=faults, faulty=both)
    with closing(terminal_disk, central_disk):
        yield machines, through(machines, enrolled, *cycles)


def test_nothing_is_lost_doubled_or_changed(survivors: tuple[Machines, Verdict]) -> None:
    all_is_well(survivors[1])


def test_a_read_only_disk_was_called_so(survivors: tuple[Machines, Verdict]) -> None:
    why_not = disks.why_no_small_disk()
    if why_not:
        pytest.skip(f"no small disk can be had here: {why_not}")
    assert survivors[0].told.unusable["store.broken"] == 1


def test_power_cuts(enrolled: Path, tmp_path: Path) -> None:
    why_not = disks.why_no_image("ext4")
    if why_not:
        pytest.skip(f"no power can be cut here: {why_not}")
    other = "ext4" if disks.why_no_image("xfs") else "xfs"
    terminal_disk = ImageDisk(tmp_path / "t", "ext4")
    central_disk = ImageDisk(tmp_path / "c", other)
    machines = Machines(tmp_path, random.Random(7), terminal_disk, central_disk)
    with closing(terminal_disk, central_disk):
        all_is_well(through(machines, enrolled, harm.power_of_terminal, harm.power_of_central))


def test_central_on_postgresql() -> None:
    with tempfile.TemporaryDirectory(prefix="nuanting-torture-") as name:  # pytest's folders let no other user in
        folder = Path(name)
        folder.chmod(0o711)
        try:
            server = Server(folder / "data")
        except NoPostgres as absent:
            pytest.skip(f"not run on PostgreSQL: {absent}")
        try:
            machines = Machines(folder, random.Random(SEED), Disk(folder / "t"), Disk(folder / "c"), workers=2)
            machines.postgres = server
            # the terminal last: it would wait with its hints for as long as central without a database asked it to
            done = (harm.kill_postgres, Machines.kill_worker, harm.kill_terminal)
            all_is_well(through(machines, None, *done))
        finally:
            server.close()


# ---- the harness itself


def judged_anew(machines: Machines, folder: Path, spoil: Callable[[Path, Path], None]) -> Verdict:
    """The verdict over a copy of both machines' books that `spoil` (terminal, central) has changed."""
    terminal, central = folder / "terminal", folder / "central"
    shutil.copytree(machines.terminal_folder, terminal)
    shutil.copytree(machines.central_folder, central)
    spoil(terminal, central)
    return judge(terminal, central, machines.identity(), machines.told, machines.editions)


def at_central(sql: str) -> Callable[[Path, Path], None]:
    return lambda _, central: _run(central / "central.db", sql)


def at_terminal(sql: str) -> Callable[[Path, Path], None]:
    return lambda terminal, _: _run(terminal / "store" / "store.db", sql)


def _run(path: Path, sql: str) -> None:
    with contextlib.closing(dbapi2.connect(str(path))) as connection:
        connection.execute(sql)
        connection.commit()


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("lost", at_central("DELETE FROM letters WHERE seq = 1")),
        ("lost", at_terminal("DELETE FROM letters WHERE seq = 2")),
        ("doubled", at_terminal("DELETE FROM letters WHERE seq = 2")),
        ("lost", at_central("DELETE FROM cases WHERE letter = (SELECT id FROM letters WHERE seq = 1)")),
        ("changed", at_central("UPDATE letters SET body = zeroblob(length(body)) WHERE body IS NOT NULL")),
        ("left", at_terminal("UPDATE letters SET state = 'parked' WHERE seq = 1")),
        ("left", at_central("UPDATE letters SET state = 'received' WHERE seq = 1")),
        ("left", at_terminal("UPDATE deeds SET state = 'begun' WHERE seq = 1")),
        ("broken", at_central("DELETE FROM receipts WHERE counter = 1")),
        ("broken", at_central("DELETE FROM case_events WHERE number = 2")),
        ("lost", at_central("DELETE FROM ratings")),
        ("broken", at_central("UPDATE audit_events SET who = 'nobody' WHERE seq = 2")),
        ("lost", at_central("DELETE FROM editions")),
        ("left", at_terminal("DELETE FROM editions")),
        ("changed", at_terminal("UPDATE editions SET body = substr(body, 1, 400)")),
        ("broken", at_terminal("UPDATE counters SET value = value + 1 WHERE name = 'receipt chain'")),
    ],
)
def test_the_judge_sees(
    kind: str, spoil: Callable[[Path, Path], None], survivors: tuple[Machines, Verdict], tmp_path: Path
) -> None:
    assert getattr(judged_anew(survivors[0], tmp_path, spoil), kind)


def test_a_thousand_cycles_are_a_thousand() -> None:
    for possible in (SCENARIOS, SCENARIOS[:6]):  # with and without the right to mount
        asked = list(jobs(possible, 1000, seed=1))
        counted = [(scenario, cycles) for scenario, _, cycles in asked if not scenario.is_control]
        assert sum(cycles for _, cycles in counted) >= 1000
        assert {scenario.name for scenario, _, _ in asked} == {scenario.name for scenario in possible}
        assert all(0 < cycles <= scenario.round for scenario, cycles in counted)
    assert [job[1] for job in jobs(SCENARIOS, 60, seed=1)] == [job[1] for job in jobs(SCENARIOS, 60, seed=1)]
    assert [job[1] for job in jobs(SCENARIOS, 60, seed=1)] != [job[1] for job in jobs(SCENARIOS, 60, seed=2)]


def test_the_table_leaves_the_controls_out_of_its_sum() -> None:
    lossy = Verdict(lost=["a", "b"], accepted=5, arrived=3)
    outcomes = [
        Outcome(SCENARIOS[0].name, 1, 7, Verdict(accepted=2, arrived=2), 1.0),
        Outcome(SCENARIOS[-1].name, 2, 3, lossy, 1.0),
    ]
    last = [cell.strip() for cell in table(outcomes).splitlines()[-1].split("|")]
    assert last[2] == "7"
    assert last[8] == "0"


def test_a_run_takes_the_place_of_the_last_in_its_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- run -->\nold\n<!-- end of run -->\nafter\n", "utf-8")
    write(page, "| new |")
    write(page, "| newer |")
    told = page.read_text("utf-8")
    assert told.split() == "before <!-- run --> | newer | <!-- end of run --> after".split()
    page.write_text("no place", "utf-8")
    with pytest.raises(ValueError, match="no place for a run"):
        write(page, "| new |")
