"""Which things are done to the two machines, and how often: each scenario, and a round of it with its verdict."""

import contextlib
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import disks, harm, postgres
from tests.torture.disks import Disk, Faults, ImageDisk, SmallDisk
from tests.torture.judge import Verdict, judged
from tests.torture.machines import Machines
from tests.torture.postgres import Server
from tests.torture.program import Stuck
from tests.torture.proxy import GOOD

MIB = 1024 * 1024
WORKERS = 2
TERMINAL_BYTES, CENTRAL_BYTES = 48 * MIB, 512 * MIB
PUBLISHED = 0.35
"""In so many cycles central publishes an edition of the catalogue before anything goes wrong."""


@dataclass(frozen=True)
class Scenario:
    """`share` of a thousand cycles; `why_not` says why this machine cannot do it, empty when it can."""

    name: str
    says: str
    share: int
    cycle: Callable[[Machines], None]
    terminal_disk: Callable[[Path], Disk] = Disk
    central_disk: Callable[[Path], Disk] = Disk
    why_not: Callable[[], str] = str
    reserve: int = 64 * 1024
    faulty: tuple[str, ...] = ()  # errors can be put into the processes of these machines
    postgres: Callable[[Path], Disk] | None = None  # central is on PostgreSQL, two workers of it; this is its disk
    careless: str = ""  # a control: this machine forgets every fsync, and something must be found
    round: int = 25  # cycles before everything comes to rest and is judged

    @property
    def is_control(self) -> bool:
        return bool(self.careless)


def _small(size: int) -> Callable[[Path], Disk]:
    return lambda folder: SmallDisk(folder, size)


def _image(kind: str) -> Callable[[Path], Disk]:
    return lambda folder: ImageDisk(folder, kind)


def _no_image(kind: str, *, to_break: bool = False) -> Callable[[], str]:
    return lambda: disks.why_no_image(kind, to_break=to_break)


SCENARIOS = (
    Scenario("kill the terminal", "SIGKILL", 110, harm.kill_terminal),
    Scenario("kill central", "SIGKILL", 85, harm.kill_central),
    Scenario("kill both", "SIGKILL of both at once", 60, harm.kill_both),
    Scenario("torn line", "connections cut at a random byte, both directions", 110, harm.torn_line),
    Scenario("shuffled line", "requests twice, late, repeated, unanswered, delayed", 85, harm.shuffled_line),
    Scenario("shuffled line and kills", "the same while either machine is killed", 55, harm.shuffled_and_killed),
    Scenario("full disk of the terminal", "tmpfs", 50, harm.full_terminal, _small(TERMINAL_BYTES),
             why_not=disks.why_no_small_disk, reserve=MIB),
    Scenario("full disk of central", "tmpfs", 50, harm.full_central, central_disk=_small(CENTRAL_BYTES),
             why_not=disks.why_no_small_disk),
    Scenario("read-only at the start", "tmpfs remounted", 25, harm.read_only_terminal, _small(TERMINAL_BYTES),
             why_not=disks.why_no_small_disk),
    Scenario("read-only at work", "ext4 after a fault of the medium", 30, harm.read_only_at_work, _image("ext4"),
             _image("ext4"), _no_image("ext4", to_break=True)),
    Scenario("I/O errors of the terminal", "EIO in one of fifty writes and fsyncs, libfiu", 30,
             harm.errors_of_the_terminal, why_not=disks.why_no_faults, faulty=("terminal",)),
    Scenario("I/O errors of central", "EIO in one of fifty writes and fsyncs, libfiu", 30, harm.errors_of_central,
             why_not=disks.why_no_faults, faulty=("central",)),
    Scenario("power cut of the terminal, ext4", "GOINGDOWN, no log flush", 45, harm.power_of_terminal, _image("ext4"),
             why_not=_no_image("ext4")),
    Scenario("power cut of the terminal, xfs", "GOINGDOWN, no log flush", 35, harm.power_of_terminal, _image("xfs"),
             why_not=_no_image("xfs")),
    Scenario("power cut of central, ext4", "GOINGDOWN, no log flush", 40, harm.power_of_central,
             central_disk=_image("ext4"), why_not=_no_image("ext4")),
    Scenario("power cut of central, xfs", "GOINGDOWN, no log flush", 30, harm.power_of_central,
             central_disk=_image("xfs"), why_not=_no_image("xfs")),
    Scenario("PostgreSQL: kill central", "SIGKILL of one of two workers, of both, of what is above them", 25,
             harm.kill_workers, postgres=Disk, why_not=postgres.why_none),
    Scenario("PostgreSQL: kill PostgreSQL", "SIGKILL of its first process, or SIGQUIT", 45, harm.kill_postgres,
             postgres=Disk, why_not=postgres.why_none),
    Scenario("PostgreSQL: kill both", "central and PostgreSQL", 15, harm.kill_central_and_postgres, postgres=Disk,
             why_not=postgres.why_none),
    Scenario("PostgreSQL: torn line", "cut at a random byte; a worker or PostgreSQL killed", 25,
             harm.torn_with_postgres, postgres=Disk, why_not=postgres.why_none),
    Scenario("PostgreSQL: power cut, ext4", "GOINGDOWN, no log flush", 20, harm.power_of_postgres,
             postgres=_image("ext4"), why_not=lambda: postgres.why_none() or disks.why_no_image("ext4")),
    Scenario("control: a terminal without fsync", "power cut, ext4: must lose", 6, harm.power_of_terminal,
             _image("ext4"), why_not=_no_image("ext4"), careless="terminal", round=3),
    Scenario("control: a central without fsync", "power cut, ext4: must lose", 6, harm.power_of_central,
             central_disk=_image("ext4"), why_not=_no_image("ext4"), careless="central", round=3),
)  # fmt: skip


@dataclass
class Outcome:
    """One round: so many cycles, a rest, a verdict."""

    scenario: str
    seed: int
    cycles: int
    verdict: Verdict
    seconds: float
    starts: int = 0
    line: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unusable: Counter[str] = field(default_factory=Counter)
    complaints: Counter[str] = field(default_factory=Counter)  # of central
    editions: int = 0  # published
    hints: int = 0  # heard


def run_round(scenario: Scenario, seed: int, cycles: int) -> Outcome:
    """Everything anew in a folder of its own; what is found is in the outcome, nothing is raised for it."""
    begun = time.monotonic()
    with contextlib.ExitStack() as after:
        folder = Path(tempfile.mkdtemp(prefix="nuanting-torture-"))
        after.callback(shutil.rmtree, folder, ignore_errors=True)
        terminal_disk = scenario.terminal_disk(folder / "t")
        after.callback(terminal_disk.close)
        central_disk = scenario.central_disk(folder / "c")
        after.callback(central_disk.close)
        machines = Machines(
            folder, random.Random(seed), terminal_disk, central_disk, careless=scenario.careless,
            reserve=scenario.reserve, faults=Faults(folder) if scenario.faulty else None, faulty=scenario.faulty,
        )  # fmt: skip
        if scenario.postgres is not None:
            folder.chmod(0o711)  # PostgreSQL's own user has to come there
            machines.postgres_disk = scenario.postgres(folder / "p")
            after.callback(machines.postgres_disk.close)
            machines.postgres = Server(machines.postgres_disk.folder / "data")
            after.callback(machines.postgres.close)
            machines.postgres_disk.settle()  # its first files were not flushed
            machines.workers = WORKERS
        after.callback(machines.close)
        verdict = _through(machines, scenario, cycles)
        complaints = machines.central_said()
    return Outcome(
        scenario.name, seed, cycles, verdict, time.monotonic() - begun, machines.starts, machines.proxy.counts,
        machines.proxy.answers, machines.told.refused, machines.told.unusable, complaints,
        len(machines.editions.good), machines.told.hints,
    )  # fmt: skip


def run_named(name: str, seed: int, cycles: int) -> Outcome:
    """The same for another process, which is told names only."""
    return run_round(next(scenario for scenario in SCENARIOS if scenario.name == name), seed, cycles)


def be_deaf() -> None:
    """A round ends in its own time; only whoever runs them is interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _through(machines: Machines, scenario: Scenario, cycles: int) -> Verdict:
    done = 0
    try:
        machines.begin()
        for done in range(1, cycles + 1):  # noqa: B007 - told when it gets stuck
            if machines.chance.random() < PUBLISHED and not scenario.is_control:
                machines.publish()
            scenario.cycle(machines)
        machines.proxy.set(GOOD)
        machines.come_to_rest()
    except Stuck as stuck:
        verdict = Verdict(accepted=len(machines.told.accepted))
        verdict.broken.append(f"in cycle {done}: {stuck}")
        return verdict
    return judged(machines)
