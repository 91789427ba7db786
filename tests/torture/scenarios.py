"""What is done to the two machines, scenario by scenario. One *cycle* is one thing going wrong, once."""

import contextlib
import random
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import disks
from tests.torture.disks import Disk, Faults, ImageDisk, SmallDisk
from tests.torture.judge import Verdict, judge
from tests.torture.machines import Machines, Stuck
from tests.torture.proxy import GOOD, Line

MIB = 1024 * 1024
RACE_S = 0.05
TERMINAL_BYTES, CENTRAL_BYTES = 48 * MIB, 512 * MIB


def let_pass(chance: random.Random, low: float, high: float) -> None:
    """A random moment within this many seconds: what goes wrong comes unannounced."""
    threading.Event().wait(chance.uniform(low, high))


def at_work(machines: Machines) -> None:
    """A random moment of work: some letters were accepted, others are being accepted or on their way."""
    machines.work(machines.chance.randrange(6))
    let_pass(machines.chance, 0.0, 0.25)


# ---- kills


def kill_terminal(machines: Machines) -> None:
    _cut_short(machines, terminal=True, central=False)


def kill_central(machines: Machines) -> None:
    _cut_short(machines, terminal=False, central=True)


def kill_both(machines: Machines) -> None:
    _cut_short(machines, terminal=True, central=True)


def _cut_short(machines: Machines, *, terminal: bool, central: bool) -> None:
    """SIGKILL at a random moment of work; one start in six is itself cut short."""
    chance = machines.chance
    at_work(machines)
    if central:
        machines.kill_central()
    if terminal:
        machines.kill_terminal()
    if chance.random() < 1 / 6:
        if central:
            machines.spawn_central()
        if terminal:
            machines.spawn_terminal()
        let_pass(chance, 0.1, 0.7)
        if central:
            machines.kill_central()
        if terminal:
            machines.kill_terminal()
    if central:
        machines.start_central()
    if terminal:
        machines.start_terminal()


# ---- the line


def torn_line(machines: Machines) -> None:
    """Nine of ten connections break at a random byte; in between the line is good for a moment."""
    machines.proxy.set(Line(cut=0.9))
    let_pass(machines.chance, 0.3, 0.6)
    machines.proxy.set(Line(cut=0.2))
    let_pass(machines.chance, 0.0, 0.1)


def shuffled_line(machines: Machines) -> None:
    """Requests twice, late, again, unanswered, delayed."""
    machines.proxy.set(Line(shuffled=True, twice=0.3, again=0.3, late=0.15, mute=0.15, delay_s=0.03))
    let_pass(machines.chance, 0.4, 0.7)


def shuffled_and_killed(machines: Machines) -> None:
    """The same while either machine is killed."""
    machines.proxy.set(Line(shuffled=True, twice=0.3, again=0.3, late=0.2, mute=0.2, delay_s=0.02))
    if machines.chance.random() < 0.5:
        kill_terminal(machines)
    else:
        kill_central(machines)


# ---- disks


def full_terminal(machines: Machines) -> None:
    """The terminal's disk fills up while it works; one time in three it is killed and started in this state."""
    disk, chance = machines.terminal_disk, machines.chance
    assert isinstance(disk, SmallDisk)
    let_pass(chance, 0.02, 0.3)
    disk.fill()
    let_pass(chance, 0.05, 0.3)
    if chance.random() < 1 / 3:
        machines.kill_terminal()
        disk.fill()  # a file of the dead may have been half-written
        machines.try_boot()
        disk.free()
        machines.kill_terminal()
        machines.start_terminal()
    else:
        disk.free()
    machines.push()


def full_central(machines: Machines) -> None:
    """Central's disk fills up while it works; one time in three it is killed, and starts when there is room again."""
    disk, chance = machines.central_disk, machines.chance
    assert isinstance(disk, SmallDisk)
    let_pass(chance, 0.02, 0.3)
    disk.fill()
    let_pass(chance, 0.05, 0.4)
    if chance.random() < 1 / 3:
        machines.kill_central()
        disk.free()
        machines.start_central()
    else:
        disk.free()
    machines.push()


def read_only_terminal(machines: Machines) -> None:
    """The terminal is killed and wakes up with a disk that takes nothing: it says so and accepts nothing."""
    disk = machines.terminal_disk
    assert isinstance(disk, SmallDisk)
    let_pass(machines.chance, 0.02, 0.3)
    machines.kill_terminal()
    disk.make_read_only()
    reason = machines.refused_boot()
    if reason != "store.broken":
        machines.told.wrong.append(f"a read-only disk was called {reason}")
    disk.make_writable()
    machines.start_terminal()


def read_only_at_work(machines: Machines) -> None:
    """A fault of the medium makes the disk read-only under the terminal's, or central's, feet (ext4).

    An fsync that is under way at that very moment may be answered well and its bytes be gone all the same: ext4's
    race, a few milliseconds long, seen here again and again. What is said within it binds nobody; afterwards every word
    does.
    """
    chance = machines.chance
    let_pass(chance, 0.02, 0.3)
    at_terminal = chance.random() < 0.5
    disk = machines.terminal_disk if at_terminal else machines.central_disk
    assert isinstance(disk, ImageDisk)
    machines.proxy.go_dark()
    moment = time.monotonic_ns()
    disk.break_down()
    let_pass(chance, RACE_S, RACE_S)
    machines.told.forget(moment, time.monotonic_ns())
    if at_terminal:
        let_pass(chance, 0.0, 0.2)
        machines.kill_terminal()
        disk.bring_back()
        machines.proxy.light_up()
        machines.start_terminal()
    else:
        machines.proxy.light_up()
        let_pass(chance, 0.0, 0.2)
        machines.kill_central()
        disk.bring_back()
        machines.start_central()
    machines.push()


def errors_of_the_terminal(machines: Machines) -> None:
    """One write and one fsync in fifty end in EIO for a while; half the time the terminal is killed within it."""
    chance, faults = machines.chance, machines.faults
    assert faults is not None
    assert machines.terminal is not None
    process = machines.terminal.process.pid
    let_pass(chance, 0.0, 0.2)
    faults.begin(process, 0.02)
    let_pass(chance, 0.2, 0.6)
    if chance.random() < 0.5:
        machines.kill_terminal()
        machines.start_terminal()
    else:
        faults.end(process)
    machines.push()


# ---- power


def power_of_terminal(machines: Machines) -> None:
    """The line is dead and the disk gone at one moment; what was said from then on was not said."""
    disk = machines.terminal_disk
    assert isinstance(disk, ImageDisk)
    at_work(machines)
    machines.proxy.go_dark()
    moment = time.monotonic_ns()
    disk.cut_power()
    machines.power_failed(moment)
    disk.bring_back()
    machines.proxy.light_up()
    machines.start_terminal()


def power_of_central(machines: Machines) -> None:
    """Nothing that central answers reaches anybody from just before the cut."""
    disk = machines.central_disk
    assert isinstance(disk, ImageDisk)
    at_work(machines)
    machines.proxy.go_dark()
    disk.cut_power()
    machines.end_central()
    disk.bring_back()
    machines.start_central()
    machines.proxy.light_up()
    machines.push()


# ---- the list


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
    faulty: bool = False  # errors can be put into the terminal's process
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
    Scenario("kill the terminal", "SIGKILL", 130, kill_terminal),
    Scenario("kill central", "SIGKILL", 130, kill_central),
    Scenario("kill both", "SIGKILL of both at once", 110, kill_both),
    Scenario("torn line", "connections cut at a random byte, both directions", 110, torn_line),
    Scenario("shuffled line", "requests twice, late, repeated, unanswered, delayed", 90, shuffled_line),
    Scenario("shuffled line and kills", "the same while either machine is killed", 70, shuffled_and_killed),
    Scenario("full disk of the terminal", "tmpfs", 50, full_terminal, _small(TERMINAL_BYTES),
             why_not=disks.why_no_small_disk, reserve=MIB),
    Scenario("full disk of central", "tmpfs", 50, full_central, central_disk=_small(CENTRAL_BYTES),
             why_not=disks.why_no_small_disk),
    Scenario("read-only at the start", "tmpfs remounted", 25, read_only_terminal, _small(TERMINAL_BYTES),
             why_not=disks.why_no_small_disk),
    Scenario("read-only at work", "ext4 after a fault of the medium", 35, read_only_at_work, _image("ext4"),
             _image("ext4"), _no_image("ext4", to_break=True)),
    Scenario("I/O errors of the terminal", "EIO in one of fifty writes and fsyncs, libfiu", 30, errors_of_the_terminal,
             why_not=disks.why_no_faults, faulty=True),
    Scenario("power cut of the terminal, ext4", "GOINGDOWN, no log flush", 55, power_of_terminal, _image("ext4"),
             why_not=_no_image("ext4")),
    Scenario("power cut of the terminal, xfs", "GOINGDOWN, no log flush", 45, power_of_terminal, _image("xfs"),
             why_not=_no_image("xfs")),
    Scenario("power cut of central, ext4", "GOINGDOWN, no log flush", 55, power_of_central,
             central_disk=_image("ext4"), why_not=_no_image("ext4")),
    Scenario("power cut of central, xfs", "GOINGDOWN, no log flush", 45, power_of_central,
             central_disk=_image("xfs"), why_not=_no_image("xfs")),
    Scenario("control: a terminal without fsync", "power cut, ext4: must lose", 6, power_of_terminal, _image("ext4"),
             why_not=_no_image("ext4"), careless="terminal", round=3),
    Scenario("control: a central without fsync", "power cut, ext4: must lose", 6, power_of_central,
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
            reserve=scenario.reserve, faults=Faults(folder) if scenario.faulty else None,
        )  # fmt: skip
        after.callback(machines.close)
        verdict = _through(machines, scenario, cycles)
    return Outcome(
        scenario.name, seed, cycles, verdict, time.monotonic() - begun, machines.starts, machines.proxy.counts,
        machines.proxy.answers, machines.told.refused, machines.told.unusable,
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
            scenario.cycle(machines)
        machines.proxy.set(GOOD)
        machines.come_to_rest()
    except Stuck as stuck:
        verdict = Verdict(accepted=len(machines.told.accepted))
        verdict.broken.append(f"in cycle {done}: {stuck}")
        return verdict
    return judge(machines.terminal_folder, machines.central_folder, machines.identity(), machines.told)
