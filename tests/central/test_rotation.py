"""Central's keys change while terminals are away and letters under way: everybody is served, nothing stays closed.

Past 400 lines because real terminals, terminals that do anything, cut commands and workers are one story of one rule.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from central import desk
from central.__main__ import main
from central.backup import CannotCopy, back_up, restore
from central.console.verification import Finding, verify
from central.jobs import audit, rotation, staff
from central.jobs.mirror import mirror
from central.jobs.rotation import GRACE, LEAD, NotNow, announce, retire, switch
from central.keys import BOOK, load_or_make
from central.rules.audit import verify as verify_audit
from central.rules.letters import Sender
from central.settings import CentralSettings
from central.store import cases, terminals
from central.store import staff as staff_store
from central.store.tables import terminals as terminals_table
from central.store.vault import key_for, key_of
from central.wiring import Central, open_central
from offline_cache.boot import Opened, open_store
from offline_cache.enrol import enrol_here
from offline_cache.identity import Identity
from offline_cache.link import Link
from offline_cache.store import SqlStore, StoreSettings, trusted_keys
from offline_cache.sync import Sync
from tests.central.databases import settings_on
from tests.central.people import CHEAP
from tests.central.test_serve import on_a_bad_day
from tests.central.test_with_the_store import BothClocks
from tests.central.waiting import settled
from tests.central.world import Clock, Terminal
from trust.keys import USE_ACK, USE_CODE, USE_SEAL, USE_TERMINAL, KeyFileBroken, KeyRing, SigningKey
from wire.canonical import canonical, un_b64u
from wire.ids import RegionId, SiteId, TerminalId
from wire.messages import Mirror, SignedMirror

SH, SITE = RegionId("sh"), SiteId("s")
DAY = dt.timedelta(days=1)


# ---- the real terminal and the real central -----------------------------------------------------------------


@dataclass
class Machine:
    """A terminal's store and sync."""

    store: SqlStore
    sync: Sync
    clock: BothClocks
    writer: Terminal

    def accept(self, case: str) -> None:
        self.store.accept(self.writer.application(case), subject=case)

    def round(self) -> None:
        self.clock.count += 2000
        self.sync.try_now()
        self.sync.round()

    def kids(self, use: str) -> list[str]:
        return [key.kid for key in self.store.keyring().of_use(use, self.clock.now())]


class City:
    """One central behind real HTTP, and terminals that are enrolled when a test says so."""

    def __init__(self, folder: Path, central: Central, url: str, calendar: Clock, stack: ExitStack) -> None:
        self.central = central
        self.calendar = calendar
        self._folder, self._url, self._stack = folder, url, stack

    def enrolled(self, name: str) -> Machine:
        clock = BothClocks(self.calendar)
        code = desk.enrolment_code(self.central, SH, SITE, TerminalId(name))
        identity = enrol_here(self._url, code, self._folder / name, clock)
        assert isinstance(identity, Identity)
        outcome = open_store(self._folder / name, identity, clock, StoreSettings(reserve_bytes=0))
        assert isinstance(outcome, Opened)
        self._stack.callback(outcome.store.close)
        link = Link(self._url, identity.key, clock)
        self._stack.callback(link.close)
        sync = Sync(outcome.store, link, clock, chance=lambda: 0.0)
        writer = Terminal(None, self.calendar, key=identity.key, region=SH, terminal=name)  # type: ignore[arg-type]
        return Machine(outcome.store, sync, clock, writer)

    def opened(self) -> list[str]:
        with settled(self.central).database.reading() as connection:
            return sorted(case.case for case in cases.newest_cases(connection, 100))

    def heard(self, machine: Machine) -> None:
        """What the server writes down of its requests now and then."""
        with self.central.database.writing() as connection:
            terminals.set_seen(connection, [(SH, machine.writer.terminal, self.calendar())])

    def in_use(self, use: str) -> str:
        (key,) = self.central.keys.book().of(use, "in use")
        return key.kid

    def rotated(self, use: str, *heard: Machine) -> str:
        """The name of the former key, after announcement and switch; `heard` fetch their mirrors in between."""
        former = self.in_use(use)
        announce(self.central, use)
        for machine in heard:
            machine.round()
        self.calendar.at += LEAD
        switch(self.central, use)
        for machine in heard:
            machine.round()
        return former


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    calendar = Clock()
    with ExitStack() as stack:
        _, central, url = stack.enter_context(on_a_bad_day(tmp_path / "central", calendar))
        yield City(tmp_path, central, url, calendar, stack)


def test_letters_open_and_acknowledgements_are_believed_all_the_way(city: City) -> None:
    near = city.enrolled("NT-near")
    near.round()
    near.accept("A-before")  # sealed to the first key, and not sent yet
    announce(city.central, USE_SEAL)
    announce(city.central, USE_ACK)
    near.round()
    near.accept("A-between")
    city.calendar.at += LEAD
    (_, old_seal), (new_ack, _) = switch(city.central, USE_SEAL), switch(city.central, USE_ACK)
    near.accept("A-while")  # its mirror does not say yet which is used: both open it
    near.round()
    near.accept("A-after")
    near.round()
    city.calendar.at = old_seal.not_after + DAY
    assert near.kids(USE_SEAL) == [city.in_use(USE_SEAL)]
    near.accept("A-long-after")
    near.round()
    assert city.opened() == ["A-after", "A-before", "A-between", "A-long-after", "A-while"]
    assert (near.store.waiting().letters, near.sync.state().fault, near.sync.state().mirror_fault) == (0, "", "")
    assert city.central.keys.ack.kid == new_ack.kid
    assert near.kids(USE_ACK) == [new_ack.kid]


def test_who_was_away_during_two_whole_rotations_comes_back_and_is_served(city: City) -> None:
    near, away, new = city.enrolled("NT-near"), city.enrolled("NT-away"), city.enrolled("NT-never-fetched")
    near.round()
    away.round()
    for machine in (away, new):
        machine.accept(f"A-{machine.writer.terminal}")
    for _ in range(2):
        gone = [city.rotated(use, near) for use in (USE_ACK, USE_SEAL)]
        city.calendar.at += GRACE + 40 * DAY
        near.round()
        city.heard(near)
        retire(city.central, gone[0])
        with pytest.raises(NotNow, match="2 terminals have not been heard"):
            retire(city.central, gone[1])
        near.round()
    for machine in (away, new):
        assert machine.kids(USE_ACK) != [city.in_use(USE_ACK)]
        machine.round()
        assert machine.kids(USE_ACK) == [city.in_use(USE_ACK)]
        assert machine.kids(USE_SEAL) == [city.in_use(USE_SEAL)]
        assert (machine.store.waiting().letters, machine.sync.state().mirror_fault) == (0, "")
    assert city.opened() == ["A-NT-away", "A-NT-never-fetched"]
    late = city.enrolled("NT-late")
    late.accept("A-late")
    late.round()
    assert late.store.waiting().letters == 0


# ---- the rule by which a mirror's key is chosen, against terminals that do anything --------------------------


@dataclass
class Model:
    """What a terminal believes, by `offline_cache.store.trusted_keys`."""

    name: str
    identity: Identity
    held: Mirror | None = None

    def fetch(self, central: Central, now: dt.datetime) -> None:
        signed = mirror(central, Sender(SH, self.name), self.held.version if self.held else 0)
        if signed is not None:
            assert self.believes(signed, now)
            self.held = signed.mirror

    def believes(self, signed: SignedMirror, now: dt.datetime) -> bool:
        ring = KeyRing(trusted_keys(self.identity, self.held))
        return ring.verify(
            USE_ACK, signed.kid, canonical(signed.mirror.model_dump(mode="json")), un_b64u(signed.sig), now
        )


@dataclass
class Walk:
    """Anything that may happen, in any order; each terminal must believe every mirror, and then know the key in use."""

    central: Central
    clock: Clock
    chance: random.Random
    models: list[Model] = field(default_factory=list)
    backup: dict[str, int] = field(default_factory=dict)

    def step(self) -> None:
        self.chance.choice(
            (
                self.fetch, self.fetch, self.fetch, self.time, self.time, self.enrol, self.announce, self.switch,
                self.retire, self.changed, self.forget, self.save, self.restore, self.enrol_again,
            )
        )()  # fmt: skip

    def fetch(self) -> None:
        for model in self.models:
            if self.chance.random() < 0.3:
                self.seen(model)

    def seen(self, model: Model) -> None:
        model.fetch(self.central, self.clock())
        assert model.held is not None
        ring = KeyRing(trusted_keys(model.identity, model.held))
        assert self.central.keys.ack.kid in [key.kid for key in ring.of_use(USE_ACK, self.clock())]

    def time(self) -> None:
        self.clock.at += self.chance.choice((dt.timedelta(minutes=1), LEAD / 2, LEAD, DAY, 31 * DAY))

    def enrol(self) -> None:
        if len(self.models) < 12:
            name = f"NT-{len(self.models)}"
            self.models.append(Model(name, self.identity(name)))

    def enrol_again(self) -> None:
        """With the same store: it believes the mirror that it holds."""
        if self.models:
            model = self.chance.choice(self.models)
            model.identity = self.identity(model.name)

    def identity(self, name: str) -> Identity:
        key = SigningKey.generate()
        code = terminals.CodeRow("sh", "s", name, self.clock() + DAY, "")
        with self.central.database.writing(durable=False) as connection:
            mark = self.central.keys.mark()
            terminals.admit(connection, code, key.public(USE_TERMINAL), "file", "salt", self.clock(), version=mark)
        return Identity("sh", "s", name, self.central.keys.public(), key)

    def forget(self) -> None:
        """Its mirror's bytes have changed on its disk: it believes its enrolment again."""
        if self.models:
            self.chance.choice(self.models).held = None

    def announce(self) -> None:
        self.unless_refused(lambda: announce(self.central, USE_ACK, hold=self.chance.random() < 0.3))

    def switch(self) -> None:
        self.unless_refused(lambda: switch(self.central, USE_ACK))

    def retire(self) -> None:
        former = self.central.keys.book().of(USE_ACK, "former")
        if former:
            self.unless_refused(lambda: retire(self.central, self.chance.choice(former).kid))

    def unless_refused(self, work: Callable[[], object]) -> None:
        try:
            work()
        except NotNow:
            pass

    def changed(self) -> None:
        for model in self.models:
            with self.central.database.writing(durable=False) as connection:
                terminals.mirror_changed(connection, SH, model.name)

    def save(self) -> None:
        with self.central.database.reading() as connection:
            self.backup = terminals.mirror_versions(connection, SH, [model.name for model in self.models])

    def restore(self) -> None:
        """An older database beside the keys of today."""
        table = terminals_table.c
        with self.central.database.writing(durable=False) as connection:
            for name, version in self.backup.items():
                where = sa.update(terminals_table).where(table.region == SH, table.terminal == name)
                connection.execute(where.values(mirror_version=version))


@pytest.mark.parametrize("seed", range(3))
def test_every_mirror_is_signed_by_a_key_that_its_terminal_believes(tmp_path: Path, seed: int) -> None:
    clock = Clock()
    central = open_central(CentralSettings(tmp_path, password_cost=CHEAP), now=clock)
    try:
        walk = Walk(central, clock, random.Random(seed))
        for _ in range(250):
            walk.step()
        for model in walk.models:
            walk.seen(model)
        assert len(central.keys.book().of(USE_ACK, "former", "retired")) >= 2
    finally:
        central.close()


@pytest.fixture
def alone(tmp_path: Path, database_url: str) -> Iterator[Walk]:
    """A central without a server, on one database and then on the other, and a terminal that holds its mirror."""
    yield from _alone(settings_on(database_url, tmp_path / "central"))


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Walk]:
    """The same where the database does not matter."""
    yield from _alone(CentralSettings(tmp_path / "central"))


def _alone(settings: CentralSettings) -> Iterator[Walk]:
    clock = Clock()
    central = open_central(replace(settings, password_cost=CHEAP), now=clock)
    walk = Walk(central, clock, random.Random(0))
    walk.enrol()
    walk.seen(walk.models[0])
    yield walk
    central.close()


def used(walk: Walk, use: str = USE_ACK) -> str:
    announce(walk.central, use)
    walk.clock.at += LEAD
    return switch(walk.central, use)[1].kid


@pytest.mark.parametrize("changes", [0, 500])
def test_a_database_older_than_the_keys_tells_of_them_all_the_same(alone: Walk, changes: int) -> None:
    alone.save()
    for _ in range(changes):
        alone.changed()
    alone.seen(alone.models[0])
    if changes:
        alone.restore()  # the terminal has outlived it
        used(alone)
    else:
        used(alone)
        alone.restore()  # the very version that the terminal holds
    alone.seen(alone.models[0])


# ---- the steps, refused and cut -----------------------------------------------------------------------------


def test_steps_are_refused_before_their_time(alone: Walk) -> None:
    central, clock = alone.central, alone.clock
    with pytest.raises(NotNow, match="announce one first"):
        switch(central, USE_CODE)
    first = central.keys.code.kid
    announce(central, USE_CODE, hold=True)
    with pytest.raises(NotNow, match="announce one first"):
        switch(central, USE_CODE)  # it is held: not every machine has it
    announce(central, USE_CODE)
    with pytest.raises(NotNow, match="announced already"):
        announce(central, USE_CODE)
    with pytest.raises(NotNow, match="a moment ago"):
        switch(central, USE_CODE)
    clock.at += LEAD
    with pytest.raises(NotNow, match="in use"):
        retire(central, first)
    switch(central, USE_CODE, life=DAY)
    with pytest.raises(NotNow, match="valid until"):
        retire(central, first)
    clock.at += 2 * DAY
    assert retire(central, first).state == "retired"
    assert not list(central.keys.folder.glob("sign-code.pem"))
    with pytest.raises(NotNow, match="retired already"):
        retire(central, first)


def test_a_seal_key_goes_only_when_nothing_can_be_on_its_way(alone: Walk) -> None:
    central, clock = alone.central, alone.clock
    old = used(alone, USE_SEAL)
    (former,) = central.keys.book().of(USE_SEAL, "former")
    assert former.not_after is not None
    clock.at = former.not_after + DAY
    with pytest.raises(NotNow, match="may still be on their way"):
        retire(central, old)
    clock.at = former.not_after + GRACE
    with pytest.raises(NotNow, match="1 terminals have not been heard"):
        retire(central, old)
    assert central.keys.has(former)
    desk.withdraw_terminal(central, SH, TerminalId("NT-0"))
    retire(central, old)
    assert not central.keys.has(former)
    assert [key.kid for key in central.keys.public() if key.use == USE_SEAL] == [central.keys.seal.kid]


@pytest.mark.parametrize("step", ["announce", "switch", "retire"])
def test_a_step_that_was_cut_is_ended_by_the_next_command(
    alone: Walk, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    central = alone.central
    if step != "announce":
        announce(central, USE_CODE)
        alone.clock.at += LEAD
    if step == "retire":
        old = switch(central, USE_CODE, life=DAY)[1].kid
        alone.clock.at += 2 * DAY
    alone.seen(alone.models[0])

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    steps: dict[str, Callable[[], object]] = {
        "announce": lambda: announce(central, USE_CODE),
        "switch": lambda: switch(central, USE_CODE),
        "retire": lambda: retire(central, old),
    }
    with monkeypatch.context() as patched:
        patched.setattr(rotation, "note", cut)
        with pytest.raises(KeyboardInterrupt):
            steps[step]()
    held = alone.models[0].held
    alone.seen(alone.models[0])
    assert alone.models[0].held == held  # nobody was told
    announce(central, USE_CODE if step == "announce" else USE_SEAL)
    alone.seen(alone.models[0])
    assert alone.models[0].held is not None
    assert alone.models[0].held.keys == central.keys.public()
    assert len(list(central.keys.folder.glob("sign-code*"))) == (1 if step == "retire" else 2)


def test_every_worker_follows_at_its_next_request(alone: Walk) -> None:
    with_same_folder = open_central(alone.central.settings, now=alone.clock)
    try:
        old = used(alone)
        assert with_same_folder.keys.ack.kid == alone.central.keys.ack.kid != old
        (alone.central.keys.folder / BOOK).write_text("{}")
    finally:
        with_same_folder.close()


@pytest.mark.log_warnings_expected
def test_a_vault_that_cannot_be_read_stops_nobody_and_is_said_once(
    on_sqlite: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    vault, path = on_sqlite.central.vault, on_sqlite.central.keys.folder / "vault.key"
    kid, whole = vault.newest, path.read_bytes()
    path.unlink()
    assert [vault.newest, vault.newest] == [kid, kid]
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    path.write_bytes(whole[:20])
    assert vault.newest == kid
    path.write_bytes(whole)
    assert vault.newest == kid


@pytest.mark.log_warnings_expected
def test_keys_that_cannot_be_read_stop_no_worker_that_runs_and_start_none(on_sqlite: Walk) -> None:
    used(on_sqlite)
    kid, folder = on_sqlite.central.keys.ack.kid, on_sqlite.central.keys.folder
    book = (folder / BOOK).read_bytes()
    (folder / BOOK).write_bytes(b"{}")
    assert on_sqlite.central.keys.ack.kid == kid
    with pytest.raises(KeyFileBroken):
        load_or_make(folder, may_make=True)
    (folder / BOOK).unlink()
    with pytest.raises(KeyFileBroken):  # there was a rotation: the first release's files alone are not the keys
        load_or_make(folder, may_make=True)
    (folder / BOOK).write_bytes(book)
    (folder / f"sign-ack-{kid}.pem").unlink()
    with pytest.raises(FileNotFoundError):
        load_or_make(folder, may_make=True)


def test_each_key_is_in_a_file_that_only_central_reads(on_sqlite: Walk) -> None:
    for use in (USE_ACK, USE_CODE, USE_SEAL):
        used(on_sqlite, use)
    told = {path.name: path.stat().st_mode & 0o777 for path in on_sqlite.central.keys.folder.iterdir()}
    told.pop("keys.lock")
    assert set(told.values()) == {0o600}
    names = {key.file for key in on_sqlite.central.keys.book().keys}
    assert names | {BOOK, "vault.key"} == set(told)
    assert {"sign-ack.pem", "sign-code.pem", "seal.key"} < names


def test_what_was_signed_long_ago_is_still_verified(alone: Walk) -> None:
    central = alone.central
    code = desk.citizen_code(central, kind="citizen", name="某", number="310101194905150023", life=DAY)
    old = [used(alone, USE_CODE)]
    assert verify(central, code).finding is Finding.CITIZEN_CODE
    alone.clock.at += DAY
    assert audit.sign_heads(central) == 1
    old.append(used(alone, USE_ACK))
    alone.clock.at += 40 * DAY
    for kid in old:
        retire(central, kid)
    alone.clock.at += DAY
    assert audit.sign_heads(central) == 1
    found = verify_audit(audit.export(central), KeyRing(central.keys.ever()), alone.clock())
    assert (list(found.faults), found.heads) == ([], 2)
    assert verify_audit(audit.export(central), central.keys.ring(), alone.clock()).faults  # the key of today alone


# ---- the vault ----------------------------------------------------------------------------------------------


def test_the_vault_s_key_is_changed_and_all_it_wrapped_is_wrapped_anew_in_steps(alone: Walk) -> None:
    central = alone.central
    uri = staff.add_staff(central, "lin", "林", [staff.Role.AUDITOR], ["*"], "a long enough pass phrase")
    assert uri
    sealed = {f"C{number}": key_for(central.database, central.vault, "sh", f"C{number}") for number in range(7)}
    before = central.vault.newest
    other = open_central(central.settings, now=alone.clock)
    try:
        after = rotation.rotate_vault(central)
        assert other.vault.newest == after != before
        late = key_for(central.database, central.vault, "sh", "late").seal("x", b"late")
        assert key_for(other.database, other.vault, "sh", "late").open("x", late) == b"late"
        assert rotation.rewrap(central, step=2, most=2) == 2  # cut off
        assert rotation.rewrap(central, step=2) == 5 + 1
        assert rotation.rewrap(central, step=2) == 0
    finally:
        other.close()
    with central.database.reading() as connection:
        row = staff_store.find(connection, "lin")
        assert row is not None
        assert row.totp is not None
        assert row.totp.startswith(after.encode())
        assert central.vault.open_own("totp lin", row.totp).decode() in uri
        for about, key in sealed.items():
            same = key_of(connection, central.vault, "sh", about)
            assert same is not None
            assert same.open("x", key.seal("x", b"told")) == b"told"


# ---- the command --------------------------------------------------------------------------------------------


def test_the_command_says_what_it_did_and_what_it_will_not_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(settings_on("", tmp_path / "central").folder)]

    def told(*words: str) -> tuple[int, str]:
        code = main(["keys", *words, *folder])
        said = capsys.readouterr()
        return code, said.out + said.err

    assert told("list")[1].count("in use") == 3
    code, said = told("announce", "--use", "seal")
    assert (code, "is announced" in said) == (0, True)
    kid = said.split()[0]
    code, said = told("switch", "--use", "seal")
    assert (code != 0, "not now" in said, "a moment ago" in said) == (True, True, True)
    code, said = told("retire", "--kid", kid)
    assert (code != 0, "only a former key" in said) == (True, True)
    assert told("rotate-vault")[0] == 0
    assert "0 keys" in told("rewrap")[1]
    assert f"seal\t{kid}\tannounced" in told("list")[1]


# ---- with backups -------------------------------------------------------------------------------------------


def test_a_backup_is_restored_with_the_keys_of_today_and_not_with_those_of_before(
    on_sqlite: Walk, tmp_path: Path
) -> None:
    central, keys = on_sqlite.central, on_sqlite.central.keys.folder
    _copied(keys, tmp_path / "keys of the first day")
    back_up(central.settings, tmp_path / "backup")
    used(on_sqlite, USE_SEAL)
    rotation.rotate_vault(central)
    restored = CentralSettings(tmp_path / "restored", password_cost=CHEAP)
    restore(restored, tmp_path / "backup", keys)
    again = load_or_make(restored.folder / "keys", may_make=False)
    assert again.public() == central.keys.public()
    back_up(central.settings, tmp_path / "later")
    with pytest.raises(CannotCopy, match="not those of this backup"):
        restore(CentralSettings(tmp_path / "not restored"), tmp_path / "later", tmp_path / "keys of the first day")


def _copied(source: Path, to: Path) -> None:
    to.mkdir()
    for path in source.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
