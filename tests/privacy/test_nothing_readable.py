"""A marked person uses the terminal, it is killed and started again, and nothing it wrote can be read by a stranger.

Looked at: everything below the terminal's own folder (store, write-ahead log, letters, log files, home, caches,
temporary files, what it said on standard output and error), the files it holds open, its command line and its
environment. Central's folder is not the terminal's. Printed papers are in the twins' memory, not on the disk; pieces
of their bytes are marks, too.

Past 400 lines because the planted-file tests of the search stand beside the visits that rely on it.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from central.store import tickets
from demo.found import cases_at, collections_at, incidents_at, proofs_at
from demo.terminal import Terminal
from demo.visits import CARD, PERMIT, PROOF, Visit
from demo.world import REGION, TERMINAL, World
from hardware.api.id_card import card_secret
from hardware.twins.id_card_sam import citizen_card
from hardware.twins.made_up_people import MadeUpPerson, numbered
from tests.contracts.until import until
from tests.privacy.search import Found, Search, forms
from tests.torture import ledger

pytestmark = [pytest.mark.threads_stay("the twins go on until the World closes"), pytest.mark.timeout(300)]

NAME = "褚㛃𬱖"
NUMBER = numbered("31019919510319007")
ADDRESS = "上海市测试区褚墨弄73号"
PHONE = "13907316402"
HOUSE = "长阳路6402号"
PINYIN = "changyanglu"
HOUSE_KEYS = (*PINYIN, HOUSE[:3], *HOUSE[3:])
CODE, WRONG_CODE = "73196402", "64027319"
PHOTO = hashlib.shake_256(b"a face").digest(1024)
PERSON = MadeUpPerson(
    "marked",
    "测试",
    "Marked",
    replace(
        citizen_card(name=NAME, number=NUMBER, sex="1", address=ADDRESS, issuer="上海市公安局褚墨分局"), photo=PHOTO
    ),
)
MARKS = {
    "name": NAME,
    "rare half of the name": NAME[1:],
    "number": NUMBER,
    "birth in the number": NUMBER[6:14],
    "birth": "1951-03-19",
    "address": ADDRESS,
    "end of the address": ADDRESS[6:],
    "issuer": "公安局褚墨分局",
    "phone": PHONE,
    "typed house": HOUSE,
    "pinyin of the street": PINYIN,
    "pickup code": CODE,
    "wrong pickup code": WRONG_CODE,
}
DOOR, CODE_DOOR = 7, 3
PIECE, STRIDE = 24, 997
TOLD_S = 40.0


def marked() -> Search:
    search = Search()
    for name, text in MARKS.items():
        search.mark(name, text)
    for at in range(0, len(PHOTO) - PIECE, 100):
        search.mark_bytes("photo", PHOTO[at : at + PIECE])
    search.mark_bytes("the card's secret", card_secret(PERSON.card.text, PHOTO))
    search.mark("printed page", "%PDF-1.")
    search.mark_bytes("picture", b"\x89PNG\r\n\x1a\n")
    return search


# ---- the search finds what there is to find


def _plantings() -> Iterator[tuple[str, bytes]]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        raw = NAME.encode(encoding)
        yield encoding, b"x" + raw + b"x"
        yield f"hex {encoding}", b"00" + raw.hex().encode() + b"00"
        yield f"HEX {encoding}", raw.hex().upper().encode()
        for before in range(3):
            yield f"base64+{before} {encoding}", base64.b64encode(b"\xff" * before + raw + b"\xff\xfe")
            yield f"base64url+{before} {encoding}", base64.urlsafe_b64encode(b"\xfb" * before + raw + b"\xff")
    wrapped = base64.encodebytes(b"much that is of no interest, then at last some" + NAME.encode() + bytes(60))
    yield "wrapped base64", wrapped.replace(b"\n", b"\r\n")
    yield "JSON", json.dumps({"name": NAME}).encode()
    yield "JSON in capitals", b'"\\u891A\\u36C3\\uD873\\uDC56"'
    yield "Python", NAME.encode("unicode_escape")
    yield "bytes literal", repr(NAME.encode()).encode()
    yield "grouped number", f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}".encode()
    yield "grouped phone", b"139-0731-6402"
    yield "hash of the number", hashlib.sha256(NUMBER.encode()).hexdigest().encode()
    yield "hash of the phone", hashlib.md5(PHONE.encode()).digest()  # noqa: S324 - what a careless program would do
    yield "zlib", b"before" + zlib.compress(b"much " * 99 + NAME.encode()) + b"after"
    yield "gzip in base64", b"-" + gzip.compress(NAME.encode("utf-16-le"))
    yield "zlib, cut off", zlib.compress(os.urandom(99) + NAME.encode() + os.urandom(9999))[:-20]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.txt", "much " * 99 + NAME)
    yield "zip", packed.getvalue()
    yield "photo", b"x" * 7 + PHOTO[300:500]
    yield "printed page", b"%PDF-1.7\n"


PLANTINGS = list(_plantings())


@pytest.mark.parametrize(("how", "planted"), PLANTINGS, ids=[how for how, _ in PLANTINGS])
def test_the_search_finds_a_planted_file(tmp_path: Path, how: str, planted: bytes) -> None:
    search = marked()
    (tmp_path / "innocent").write_bytes(bytes(5000) + b"nothing here 310199 1955 13812345678" * 50)
    assert search.folder(tmp_path) == []
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "planted").write_bytes(os.urandom(500) + planted + bytes(500))
    assert search.folder(tmp_path), how
    assert NUMBER not in repr(search)


def test_the_search_finds_a_file_that_changed_a_name_and_the_very_end(tmp_path: Path) -> None:
    search = marked()
    file = tmp_path / "log"
    file.write_bytes(b"well")
    assert search.folder(tmp_path) == []
    file.write_bytes(PHONE.encode("utf-16-le"))
    assert {found.mark for found in search.folder(tmp_path)} == {"phone"}
    file.unlink()
    (tmp_path / f"of {NAME}").touch()
    assert {found.mark for found in search.folder(tmp_path)} == {"name", "rare half of the name"}


def test_the_search_finds_a_cell_that_the_data_base_cut_in_two(tmp_path: Path) -> None:
    search = marked()
    path = tmp_path / "store"
    for pad in range(0, 9000, 7):  # until the raw file alone does not show it
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE t (b BLOB)")
            connection.execute("INSERT INTO t VALUES (?)", (b"x" * pad + NUMBER[:14].encode() + b"y" * (9000 - pad),))
        if NUMBER[6:14].encode() not in path.read_bytes():
            break
    else:
        pytest.fail("it was never cut")
    assert [found.mark for found in search.folder(tmp_path)] == ["birth in the number"]


def test_every_text_is_looked_for_in_every_encoding() -> None:
    told = forms(NAME)
    assert NAME.encode("gb18030") in told
    assert len(told) > 60
    assert all(len(found) >= 6 for found in told)


# ---- the terminal


@dataclass
class Watched:
    """A terminal whose disk and process are searched again and again while a person uses it."""

    world: World
    screenless: bool
    search: Search = field(default_factory=marked)
    found: dict[Found, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    looks: int = 0

    def __post_init__(self) -> None:
        settings = self.world.settings.read_text("utf-8")
        most = settings.replace("[logs]\n", '[logs]\nlevel = "debug"\n')  # the most it can be made to say
        assert most != settings
        self.world.settings.write_text(most, "utf-8")
        self.world.enrol()
        self.terminal = Terminal(self.world, screenless=self.screenless)
        self.visit = Visit(self.world, self.terminal, self.look)
        self.folder = self.world.folder / "terminal"

    def look(self, step: str) -> None:
        """The disk, and the process where there is one. Before anybody is known there is nothing new to find."""
        if step in ("attract", "home") or step.startswith("item-"):
            return
        self.looks += 1
        told = self.search.folder(self.folder)
        if self.terminal.running:
            told += self._process(Path("/proc") / str(self.terminal.pid))
        for each in told:
            self.found.setdefault(each, step)

    def _process(self, process: Path) -> list[Found]:
        told: list[Found] = []
        for each in ("cmdline", "environ", *(f"task/{task.name}/comm" for task in (process / "task").iterdir())):
            try:
                told += self.search.inside((process / each).read_bytes(), f"the process's {each}")
            except (FileNotFoundError, ProcessLookupError):  # a thread that has ended, before or after it was opened
                continue
        for handle in (process / "fd").iterdir():
            try:
                path, flags = os.readlink(handle), (process / "fdinfo" / handle.name).read_text()
                writes = int(flags.split("flags:")[1].split()[0], 8) & os.O_ACCMODE != os.O_RDONLY
                if not writes or not handle.is_file():
                    continue
                if path.endswith(" (deleted)"):
                    told += self.search.inside(handle.read_bytes(), f"the deleted {path}")
                elif not path.startswith(f"{self.folder}/"):
                    self.outside.add(path)
            except FileNotFoundError:  # closed in between
                continue
        return told

    def papers_are_marks(self) -> None:
        """From now on pieces of everything that came out are looked for."""
        for document in self.world.pages.printed:
            for at in range(STRIDE, len(document.pdf) - PIECE, STRIDE):
                self.search.mark_bytes("a printed page", document.pdf[at : at + PIECE])
        for slip in self.world.slip.slips:
            for at in range(STRIDE, len(slip.rows) - PIECE, STRIDE):
                piece = slip.rows[at : at + PIECE]
                if len(set(piece)) > PIECE // 2:
                    self.search.mark_bytes("a printed slip", piece)

    # ---- what the person does

    def start_again(self) -> None:
        """After a kill: what lies about is taken, and it opens."""
        self.look("killed")
        self.terminal.start()
        self.look("started again")
        self.world.reader.lift()
        self.world.pages.take_paper()
        self.world.slip.take_slip()
        self.terminal.wait("attract", within=TOLD_S)

    def fill_in(self) -> None:
        terminal = self.terminal
        terminal.wait("form")
        terminal.type("contact.phone", PHONE)
        if self.screenless:
            terminal.type("residence.address", HOUSE, erase=len(ADDRESS) - len("上海市测试区"))
        else:
            names = terminal.raise_keyboard("residence.address")
            assert "拼音" in names or "Pinyin" in names
            terminal.type("residence.address", "", erase=len(ADDRESS) - len("上海市测试区"), keys=HOUSE_KEYS)
        terminal.type("delivery.way", "到取件柜自取")
        self.look("form")
        terminal.press("next")
        terminal.wait("review")
        self.look("review")

    def apply(self, identify: Callable[[], None]) -> str:
        self.visit.choose(CARD)
        identify()
        self.visit.agree()
        self.fill_in()
        self.visit.submit()
        self.visit.take_slip()
        number = str(self.visit.result()["number"])
        self.visit.leave()
        return number

    def by_card(self) -> None:
        self.visit.lay_card(PERSON)

    def by_code(self) -> None:
        code = self.world.code_of(PERSON)
        body = code.split(".")[1]
        for at in range(0, len(body) - PIECE, PIECE):
            self.search.mark_bytes("the shown code", body[at : at + PIECE].encode())
        self.visit.show_code(code)

    # ---- the end

    def told(self) -> None:
        def quiet() -> bool:
            book = ledger.read(self.world.store)
            return not book.open and not book.letters["waiting"]

        until(quiet, TOLD_S)

    def nothing_was_found(self) -> None:
        assert self.found == {}
        assert self.outside == set()
        names = {path.name for path in self.search.files}
        assert {"said.txt", "kiosk.log", "settings.toml"} <= names
        assert any(name.endswith("-wal") for name in names)
        log = (self.world.logs / "kiosk.log").read_text("utf-8")
        assert log.count("\n") > 10, "a terminal that says nothing proves nothing"


def drafts(store: Path) -> list[tuple[str]]:
    with closing(dbapi2.connect(str(store / "store.db"))) as connection:
        return list(connection.execute("SELECT name FROM drafts"))


@pytest.fixture
def watched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Watched]:
    world = World(tmp_path, page_s=0.3, slip_baud=921600, mirror_every_s=5.0)
    try:
        watched = Watched(world, screenless=request.param)
        try:
            yield watched
        finally:
            watched.terminal.close()
    finally:
        world.close()


@pytest.mark.parametrize("watched", [True], indirect=True, ids=["screenless"])
def test_whole_visits_kills_and_restarts_leave_nothing_readable(watched: Watched) -> None:
    world, terminal, visit = watched.world, watched.terminal, watched.visit
    world.stock(PERSON, DOOR, "11112222")
    world.stock(PERSON, CODE_DOOR, CODE)
    terminal.start()
    watched.look("started")

    visit.prove(PERSON)
    visit.leave()
    online = watched.apply(watched.by_code)
    terminal.press("start")
    terminal.wait("home")
    terminal.press("search")
    terminal.wait("search")
    terminal.type("search", NAME)
    terminal.wait("search", text=NAME)
    watched.look("a name where one searches")
    terminal.press("back")
    terminal.wait("home")
    visit.choose(PERMIT)
    terminal.press("next")
    terminal.wait("identify")
    terminal.code(WRONG_CODE)
    terminal.wait("identify", ask="pickup")
    terminal.press("pickup")
    watched.look("wrong pickup code")
    visit.leave()
    visit.collect_by_code(CODE, CODE_DOOR)
    visit.leave()
    visit.collect(PERSON, DOOR)
    visit.leave()
    watched.told()

    world.gate.cut()
    terminal.press("start")
    terminal.wait("home", text="网络", within=TOLD_S)
    offline = watched.apply(watched.by_card)
    assert ledger.read(world.store).letters["waiting"] > 0
    watched.look("an application waits on the disk")

    visit.choose(CARD)
    watched.by_card()
    visit.agree()
    watched.fill_in()
    visit.leave()
    until(lambda: len(drafts(world.store)) == 1)
    watched.look("a draft lies sealed")
    visit.choose(CARD)
    watched.by_card()
    terminal.wait("form", text=PHONE)
    watched.look("the draft is back")
    terminal.kill()  # in mid-form
    watched.start_again()
    world.gate.mend()
    watched.told()

    printed = len(world.pages.printed)
    world.pages.page_s = None  # no page comes out before it is killed
    visit.choose(PROOF)
    visit.lay_card(PERSON)
    visit.agree()
    until(lambda: len(world.pages.received) > printed, TOLD_S)
    assert len(world.pages.printed) == printed
    terminal.kill()  # in mid-print
    world.pages.page_s = 0.3
    world.pages.turn_page(0)
    until(lambda: len(world.pages.printed) > printed, TOLD_S)
    watched.start_again()
    watched.told()

    watched.papers_are_marks()
    watched.look("everything told, and the papers known")
    assert terminal.stop() == 0
    watched.look("stopped")

    held = {row.case: row for row in cases_at(world.central)}
    assert set(held) == {online, offline}
    for row in held.values():  # central has it all: it went through the terminal
        assert (row.person.name, row.person.number) == (NAME, NUMBER)
        assert row.answers["contact.phone"] == PHONE
        assert row.answers["residence.address"] == f"上海市测试区{HOUSE}"
    assert len(proofs_at(world.central)) == 1
    ((what, _),) = incidents_at(world.central)  # the one killed in mid-print
    assert what.startswith("pages:")
    assert [outcome for _, outcome in collections_at(world.central)] == ["taken", "taken"]
    with world.central.database.reading() as connection:
        assert list(tickets.open_at(connection, REGION, TERMINAL)) == []
    watched.nothing_was_found()


@pytest.mark.parametrize("watched", [False], indirect=True, ids=["glass"])
def test_an_application_typed_on_the_glass_leaves_nothing_readable(watched: Watched) -> None:
    watched.terminal.start()
    case = watched.apply(watched.by_card)
    watched.told()
    watched.visit.choose(CARD)
    watched.by_card()
    watched.visit.agree()
    watched.terminal.wait("form")
    watched.terminal.type("contact.phone", PHONE)
    watched.look("form, typed at")
    watched.terminal.kill()
    watched.start_again()
    watched.papers_are_marks()
    assert watched.terminal.stop() == 0
    watched.look("stopped")
    (row,) = cases_at(watched.world.central)
    assert row.case == case
    assert row.answers["residence.address"] == f"上海市测试区{HOUSE}"
    watched.nothing_was_found()
