"""A parked letter is carried to central by hand and central's word back, all by the commands that people have."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from central import desk
from central.__main__ import main as central_main
from central.jobs import audit, rotation
from central.jobs.carried import ANSWER_SUFFIX, answers, take_file
from central.jobs.enrol import enrol
from central.jobs.intake import Progress, Small, take_batch, take_piece
from central.keys import utc_now
from central.rules.letters import Sender
from central.settings import CentralSettings
from central.store import cases, letters
from central.wiring import Central, open_central
from hardware.api.clock import SystemClock
from kiosk.main import main as kiosk_main
from offline_cache import outbox
from offline_cache.boot import Opened, open_store
from offline_cache.identity import Identity
from offline_cache.store import SqlStore, StoreSettings
from tests.central.databases import settings_on
from tests.central.people import CHEAP
from tests.central.world import Terminal
from tests.kiosk.test_main import settings as kiosk_settings
from trust.keys import USE_ACK, USE_TERMINAL, SigningKey
from wire.canonical import sha256_hex
from wire.deeds import Accepted
from wire.exported import SUFFIX, body, head, read_head, signed_bytes
from wire.ids import LetterId, RegionId, SiteId, TerminalId
from wire.letters import Application
from wire.messages import AckState, EnrolAnswer, EnrolRequest

SH, NT = RegionId("sh"), TerminalId("NT-1")
LARGE = b"%PDF-" + bytes(2_500_000)


@dataclass
class Place:
    """A central without a server, a terminal without a line, and a stick between them."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def stick(self) -> Path:
        return self.root / "stick"

    @contextmanager
    def central(self, now: Callable[[], dt.datetime] = utc_now) -> Iterator[Central]:
        central = open_central(CentralSettings(self.root / "central", password_cost=CHEAP), now=now)
        try:
            yield central
        finally:
            central.close()

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        identity = Identity.load(self.root / "store")
        assert isinstance(identity, Identity)
        outcome = open_store(self.root / "store", identity, SystemClock(), StoreSettings(reserve_bytes=0))
        assert isinstance(outcome, Opened)
        try:
            yield outcome.store
        finally:
            outcome.store.close()

    def enrolled(self) -> None:
        settings_on("", self.root / "central")
        with self.central() as central:
            code = desk.enrolment_code(central, SH, SiteId("s"), NT)
            key = SigningKey.generate()
            answer = enrol(central, EnrolRequest(code=code, key=key.public(USE_TERMINAL)))
        assert isinstance(answer, EnrolAnswer)
        Identity.of(answer, key).save(self.root / "store")

    def parked(self, *told: Application) -> list[LetterId]:
        made = []
        with self.store() as store:
            for each in told:
                outcome = store.accept(each, subject=each.case)
                assert isinstance(outcome, Accepted)
                store.park(outcome.letter, outbox.PARKED_CONFLICT)
                made.append(outcome.letter)
        return made

    def application(self, case: str, page: bytes = b"%PDF-1.7") -> Application:
        identity = Identity.load(self.root / "store")
        assert isinstance(identity, Identity)
        writer = Terminal(None, utc_now, key=identity.key, region=SH, terminal=NT)  # type: ignore[arg-type]
        return writer.application(case, page=page)

    def terminal(self, *words: object) -> tuple[int, str]:
        """The technician's command."""
        code = kiosk_main(["--settings", str(kiosk_settings(self.root)), "--letters", *map(str, words)])
        return code, self.capsys.readouterr().err

    def desk(self, *words: object) -> tuple[int, str]:
        """The command at central's machine."""
        code = central_main(["carried", "--folder", str(self.root / "central"), *map(str, words)])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def files(self, suffix: str = SUFFIX) -> list[Path]:
        return sorted(self.stick.glob(f"*{suffix}"))


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    made = Place(tmp_path, capsys)
    made.stick.mkdir()
    made.enrolled()
    return made


def test_letters_small_and_large_go_there_and_central_s_word_comes_back(place: Place) -> None:
    small, large = place.parked(place.application("C-small"), place.application("C-large", LARGE))
    code, said = place.terminal("list")
    assert code == 0
    assert "0 waiting, 2 parked" in said
    assert f"{small[-8:]}  application  C-small  " in said
    assert "letter.conflict" in said
    assert "王暖亭" not in said
    assert place.terminal("export", place.stick)[0] == 0
    code, said = place.desk(*place.files())
    assert code == 0, said
    assert said.count("taken in") == 2
    with place.central() as central, central.database.reading() as connection:
        assert sorted(case.case for case in cases.newest_cases(connection, 9)) == ["C-large", "C-small"]
        # the command works by a catalogue, as the server does: else the cases would stay where they came in
        assert {case.queue for case in cases.newest_cases(connection, 9)} == {"sh-310101"}
        assert {what for _, _, what, _ in audit.events_about(central, small)} == {"letter.carried"}
    code, said = place.terminal("acknowledge", *place.files(ANSWER_SUFFIX))
    assert (code, said.count(": 1 moved")) == (0, 2), said
    assert "0 waiting, 0 parked" in place.terminal("list")[1]
    code, said = place.terminal("acknowledge", *place.files(ANSWER_SUFFIX))
    assert (code, said.count("nothing moved")) == (1, 2)
    code, said = place.desk(*place.files())
    assert (code, said.count("was here already")) == (0, 2)
    assert {large, small} == {LetterId(path.name.removesuffix(SUFFIX)) for path in place.files()}


def test_a_large_letter_goes_on_where_the_line_was_cut(place: Place) -> None:
    (letter,) = place.parked(place.application("C-1", LARGE))
    place.terminal("export", place.stick)
    (file,) = place.files()
    with place.central() as central, file.open("rb") as came:
        header = read_head(came).header
        assert isinstance(take_piece(central, Sender(SH, NT), header, 0, came.read(1_000_000)), Progress)
        carried = take_file(central, file)
        assert carried.ack is not None
        assert carried.ack.state is AckState.RECEIVED
        with central.database.reading() as connection:
            assert letters.find(connection, SH, letter) is not None
            assert [case.case for case in cases.newest_cases(connection, 9)] == ["C-1"]


@pytest.mark.parametrize("harm", ["cut", "flipped", "longer", "beginning", "no file"])
def test_a_damaged_copy_is_not_taken_and_not_answered(place: Place, harm: str) -> None:
    place.parked(place.application("C-1"))
    place.terminal("export", place.stick)
    (file,) = place.files()
    data = bytearray(file.read_bytes())
    match harm:
        case "cut":
            del data[-1]
        case "flipped":
            data[-1] ^= 1
        case "longer":
            data += b"\0"
        case "beginning":
            data[3] ^= 1
    file.write_bytes(data)
    if harm == "no file":
        file.unlink()
    code, said = place.desk(file)
    assert code != 0
    assert "copy it again" in said or "cannot be read" in said
    assert place.files(ANSWER_SUFFIX) == []
    with place.central() as central, central.database.reading() as connection:
        assert letters.unopened_count(connection) == 0
        assert cases.newest_cases(connection, 9) == ()
        assert letters.refused(connection, 9) == ()


def test_what_another_signed_or_changed_is_not_believed(place: Place) -> None:
    place.parked(place.application("C-1"))
    place.terminal("export", place.stick)
    (file,) = place.files()
    with file.open("rb") as came:
        told = read_head(came)
        sealed = b"".join(body(came))
    stranger = SigningKey.generate()
    changed = told.header.model_copy(update={"subject": "another"})
    elsewhere = told.header.model_copy(update={"terminal": "NT-2"})
    identity = Identity.load(place.root / "store")
    assert isinstance(identity, Identity)
    for header, kid, sig, why in (
        (told.header, stranger.kid, stranger.sign(signed_bytes(told.header)), "key is unknown"),
        (told.header, told.kid, stranger.sign(signed_bytes(told.header)), "signature is wrong"),
        (changed, told.kid, told.signature, "signature is wrong"),
        (elsewhere, told.kid, identity.key.sign(signed_bytes(elsewhere)), "not what that terminal would say"),
    ):
        file.write_bytes(head(header, kid, sig) + sealed)
        code, said = place.desk(file)
        assert code != 0
        assert why in said
    assert place.files(ANSWER_SUFFIX) == []


def test_a_terminal_that_was_withdrawn_is_believed_only_when_somebody_says_so(place: Place) -> None:
    place.parked(place.application("C-1"))
    place.terminal("export", place.stick)
    with place.central() as central:
        desk.withdraw_terminal(central, SH, NT)
    code, said = place.desk(*place.files())
    assert (code != 0, "--former" in said) == (True, True)
    code, said = place.desk("--former", *place.files())
    assert (code, "taken in" in said) == (0, True)


def test_other_bytes_under_the_same_number_are_kept_for_a_person(place: Place) -> None:
    (letter,) = place.parked(place.application("C-1"))
    place.terminal("export", place.stick)
    (file,) = place.files()
    with file.open("rb") as came:
        header = read_head(came).header
    other = b"other bytes"
    with place.central() as central:
        twin = header.model_copy(update={"sha256": sha256_hex(other), "size": len(other)})
        take_batch(central, Sender(SH, NT), [Small(twin, other)])
    code, said = place.desk(file)
    assert (code, "both are kept" in said) == (0, True)
    code, said = place.terminal("acknowledge", *place.files(ANSWER_SUFFIX))
    assert "parked" in place.terminal("list")[1]
    assert letter in place.terminal("list")[1]


def test_the_word_is_believed_by_a_terminal_that_knows_only_a_former_key(place: Place) -> None:
    (letter,) = place.parked(place.application("C-1"))
    place.terminal("export", place.stick)
    now = utc_now()

    def moved() -> dt.datetime:
        return now

    with place.central(moved) as central:
        for _ in range(2):
            rotation.announce(central, USE_ACK)
            now += rotation.LEAD
            _, old = rotation.switch(central, USE_ACK)
            now += 40 * dt.timedelta(days=1)
            rotation.retire(central, old.kid)
        came = take_file(central, place.files()[0])
        assert came.ack is not None
        lines = answers(central, (came.ack,)).splitlines()
    assert len(lines) == 3
    with place.store() as store:
        assert store.take_acks(b"\n".join(lines[:2])) == 0
        assert store.take_acks(b"\n".join([b"{", b"\xff", *lines, b""])) == 1
        assert store.letters() == ()
        assert letter


def test_the_technician_is_told_why_it_is_not_possible_now(place: Place) -> None:
    (letter,) = place.parked(place.application("C-1"))
    with place.store():
        code, said = place.terminal("list")
    assert (code != 0, "is running" in said) == (True, True)
    assert place.terminal("export", place.root / "no stick")[0] != 0
    assert place.terminal("retry", "no such letter")[0] != 0
    assert place.terminal("acknowledge", place.root / "none")[0] != 0
    code, said = place.terminal("retry")
    assert (code, f"{letter}: will be sent again" in said) == (0, True)
    assert "1 waiting, 0 parked" in place.terminal("list")[1]
    assert "no letter is parked" in place.terminal("retry")[1]


def test_where_no_terminal_is_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Place(tmp_path, capsys).terminal("list")[0] != 0
    assert not (tmp_path / "store").exists()
