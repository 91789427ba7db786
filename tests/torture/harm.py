"""What is done to the two machines. One *cycle* is one thing going wrong, once."""

import random
import threading
import time

from tests.torture.disks import ImageDisk, SmallDisk
from tests.torture.machines import Machines
from tests.torture.proxy import Line

RACE_S = 0.05
ONE_OF_FIFTY = 0.02


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


# ---- PostgreSQL


def kill_workers(machines: Machines) -> None:
    """One of the two, to be replaced by what is above them; two times in three all of central."""
    if machines.chance.random() < 1 / 3:
        at_work(machines)
        machines.kill_worker()
        let_pass(machines.chance, 0.0, 0.3)
    else:
        kill_central(machines)


def kill_postgres(machines: Machines) -> None:
    """The database is killed under central's hands and comes back at once; one start in six is itself cut short."""
    at_work(machines)
    machines.kill_postgres()
    if machines.chance.random() < 1 / 6:
        machines.start_postgres()
        let_pass(machines.chance, 0.0, 0.3)
        machines.kill_postgres()
    machines.start_postgres()
    machines.push()


def kill_central_and_postgres(machines: Machines) -> None:
    """Either first; half the time central is started before its database, and has to say so."""
    at_work(machines)
    for kill in machines.chance.sample((machines.kill_central, machines.kill_postgres), 2):
        kill()
    if machines.chance.random() < 0.5:
        machines.refused_central()
    machines.start_postgres()
    machines.start_central()
    machines.push()


def torn_with_postgres(machines: Machines) -> None:
    """The torn line; half the time a worker is killed meanwhile, or the database."""
    torn_line(machines)
    chance = machines.chance.random()
    if chance < 0.25:
        machines.kill_worker()
    elif chance < 0.5:
        kill_postgres(machines)


def power_of_postgres(machines: Machines) -> None:
    """The disk under the database is gone; whatever central, whose own disk lives, still answers reaches nobody."""
    disk = machines.postgres_disk
    assert isinstance(disk, ImageDisk)
    at_work(machines)
    machines.proxy.go_dark()
    disk.cut_power()
    if machines.chance.random() < 0.5:
        machines.end_central()
    machines.end_postgres()
    disk.bring_back()
    machines.start_postgres()
    if machines.central is None:
        machines.start_central()
    machines.proxy.light_up()
    machines.push()


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
    faults.begin(process, ONE_OF_FIFTY)
    let_pass(chance, 0.2, 0.6)
    if chance.random() < 0.5:
        machines.kill_terminal()
        machines.start_terminal()
    else:
        faults.end(process)
    machines.push()


def errors_of_central(machines: Machines) -> None:
    """The same at central, while letters are sent: its database and the files of large bodies."""
    chance, faults = machines.chance, machines.faults
    assert faults is not None
    assert machines.central is not None
    process = machines.central.process.pid
    faults.begin(process, ONE_OF_FIFTY, faults.FILES)
    for _ in range(3):
        machines.push()  # after a refusal a terminal waits as long as central asks it to
        at_work(machines)
    if chance.random() < 0.5:
        machines.kill_central()
        machines.start_central()
    else:
        faults.end(process, faults.FILES)
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
