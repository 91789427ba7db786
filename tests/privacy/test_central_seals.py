"""A marked person's letters, cases, tickets and searches go through central, and nothing it wrote can be read.

Looked at: every file of central's folder (database, write-ahead log, bodies, keys), every cell of every table on both
databases, and everything that was logged. Sealed columns are looked at like the others: what is sealed is not found.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from central import desk
from central.__main__ import CATALOGUE
from central.app import create_app
from central.jobs import audit, casework, clock, export, staff
from central.rules.asks import Ask
from central.rules.progress import CaseMove
from central.rules.roles import Role
from central.settings import CentralSettings
from central.store.every_table import METADATA
from central.wiring import Central
from hardware.twins.made_up_people import numbered
from tests.central.caseworld import amended, moved, the
from tests.central.databases import BOTH, SQLITE, fresh
from tests.central.databases import cluster as cluster
from tests.central.people import CHEAP, as_browser, begin, let_in
from tests.central.world import BASE, Clock, Terminal
from tests.privacy.search import Found, Search
from wire.canonical import canonical
from wire.ids import ItemCode, RegionId, SiteId, TerminalId
from wire.letters import Person
from wire.messages import AckState, RecordRequest

NAME, NUMBER = "褚㛃𬱖", numbered("31019919510319007")
ADDRESS, PHONE, NEW_PHONE = "上海市测试区褚墨弄73号", "13907316402", "13907316499"
NOTE = "电话里说腿脚不便要求邮寄"
PICKUP = "73196402"
PAGE = b"%PDF-1.7 " + "褚㛃𬱖 的申请表，本人签字".encode()
PHOTO = b"\xff\xd8" + f"身份证 {NUMBER} 正面".encode() * 9000
MARKS = {
    "name": NAME,
    "number": NUMBER,
    "birth": NUMBER[6:14],
    "address": ADDRESS,
    "phone": PHONE,
    "new phone": NEW_PHONE,
    "note": NOTE,
    "pickup code": PICKUP,
    "words on the page": "的申请表，本人签字",
}
PERSON = Person(kind="citizen", name=NAME, number=NUMBER, address=ADDRESS, by="card")
REGION, TERMINAL = RegionId("sh-310101"), TerminalId("NT-0001")


@dataclass
class World:
    central: Central
    client: TestClient
    terminal: Terminal
    folder: Path
    log: Path

    def found(self) -> list[Found]:
        """Every mark in everything that was written."""
        search = Search()
        for name, text in MARKS.items():
            search.mark(name, text)
        search.mark_bytes("page", PAGE)
        search.mark_bytes("photograph", PHOTO[100:160])
        told = search.folder(self.folder) + search.file(self.log)
        with self.central.database.reading() as connection:
            for table in METADATA.sorted_tables:
                for row in connection.execute(sa.select(table)):
                    for name, cell in row._asdict().items():
                        data = cell if isinstance(cell, bytes) else str(cell).encode()
                        told += search.inside(data, f"{table.name}.{name}")
        assert search.read > 100_000
        return told


@pytest.fixture(scope="module", params=BOTH)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("central")
    if request.param == SQLITE:
        yield from _lived(folder, "")
    else:
        with fresh(request.getfixturevalue("cluster"), template="template1") as url:
            yield from _lived(folder, url)


def _lived(folder: Path, url: str) -> Iterator[World]:
    log = folder / "log" / "central.log"
    log.parent.mkdir()
    handler = logging.FileHandler(log, encoding="utf-8")
    handler.setLevel(logging.DEBUG)
    handler.addFilter(lambda record: record.name != "httpx2")  # of the test's own client
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    time = Clock()
    settings = CentralSettings(folder / "c", catalogue=CATALOGUE, database=url, password_cost=CHEAP)
    app = create_app(settings, now=time)
    try:
        client = TestClient(app, base_url=BASE)
        world = World(app.state.central, client, Terminal(client, time), folder / "c", log)
        live(world)
        yield world
    finally:
        app.state.central.close()
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


def live(world: World) -> None:
    """Everything that central ever does with a person."""
    central, client, terminal = world.central, world.client, world.terminal
    code = desk.enrolment_code(central, REGION, SiteId("人民广场"), TERMINAL)
    assert terminal.enrol(code).status_code == 200
    told = {"person": PERSON, "answers": {"contact.phone": PHONE, "home.address": ADDRESS}}

    # letters: small, large, twice with other bytes, half, unreadable
    first = terminal.letter(terminal.application("K-1", page=PAGE, **told))
    other = terminal.letter(terminal.application("K-1", page=PAGE, **told), first.header.id)
    assert [ack.state for ack in terminal.send(first)] == [AckState.RECEIVED]
    assert [ack.state for ack in terminal.send(other)] == [AckState.CONFLICT]
    contents = terminal.application("K-2", page=PAGE, materials=[PHOTO], **told)
    for case, size in ((contents, None), (contents, 1000)):
        letter = terminal.letter_id()
        body = terminal.sealed(case, letter)
        assert terminal.piece(terminal.header(case, letter, body), 0, body[:size]).status_code in (200, 204)
    broken = terminal.letter_id()
    strange = terminal.sealed(canonical({"name": NAME, "number": NUMBER}), broken)
    header = terminal.header(contents, broken, strange)
    assert terminal.piece(header, 0, strange).status_code == 200
    assert terminal.send(terminal.letter(terminal.proof("P-1", person=PERSON)))[0].state is AckState.RECEIVED

    # a record, a ticket, a code of a citizen that is shown to the page that verifies
    asked = RecordRequest(
        item="shebao-proof", holder_number=NUMBER, holder_name=NAME, consent_at=terminal.clock(), nonce="n" * 20
    )
    for item in ("shebao-proof", "no-such-item"):
        request = asked.model_copy(update={"item": item})
        terminal.ask("POST", "/v1/records", canonical(request.model_dump(mode="json")))
    desk.register_ticket(
        central,
        REGION,
        TERMINAL,
        item=ItemCode("juzhuzheng-pickup"),
        what_zh="居住证",
        what_en="Residence permit",
        door=7,
        number=NUMBER,
        pickup_code=PICKUP,
    )
    shown = desk.citizen_code(central, kind="citizen", name=NAME, number=NUMBER)
    client.get("/verify", params={"t": shown})
    client.post("/verify", data={"t": shown})
    client.get(f"/verify?t={NUMBER}")

    # the staff: somebody types a number where a name should be, looks, searches, writes, sends it back
    for typed in (NUMBER, NAME):
        staff.sign_in(central, typed, PHONE, PHONE[:6])
        client.post("/login", data={"login": typed, "password": NUMBER, "code": "1"}, headers={"Origin": BASE})
    let_in(central, "wang", Role.REVIEWER, Role.INTAKE)
    session = begin(central, "wang")
    page = as_browser(client, session, "GET", "/cases/K-1")
    assert NAME[0] in page.text  # it is there for who may see it
    for path, form in (
        ("/search", {"text": NUMBER}),
        ("/search/person", {"number": NUMBER, "why": f"柜台查询 {NUMBER}"}),
        ("/case/show", {"region": REGION, "case": "K-1", "why": "柜台查询"}),
    ):
        as_browser(client, session, "POST", path, data=form)
    as_browser(client, session, "GET", f"/cases/{NUMBER}")
    row = the(central, "K-1")
    written = casework.write_note(central, REGION, "K-1", NOTE, who="wang", revision=row.revision)
    assert isinstance(written, casework.Moved)
    row = moved(central, written.row, CaseMove.RETURN, asks=[Ask("contact.phone", "phone.unreachable")], note=NOTE)
    later = amended(terminal, row, {"contact.phone": NEW_PHONE}, page=PAGE + b" again", person=PERSON)
    assert terminal.send(terminal.letter(later))[0].state is AckState.RECEIVED
    clock.tick(central)
    audit.sign_heads(central)
    export.export_person(central, NUMBER, world.log.parent.parent / "handed-over", by="wang", why=f"申请人 {NUMBER}")
    terminal.clock.move(days=40)
    clock.tick(central)


def test_nothing_that_central_wrote_can_be_read(world: World) -> None:
    assert world.found() == []


def test_what_is_looked_for_is_there_for_who_may_see_it(world: World) -> None:
    session = begin(world.central, "wang")
    found = export.export_person(world.central, NUMBER, world.log.parent.parent / "again", by="wang", why="asked")
    assert (found.cases, found.proofs) == (2, 1)
    assert found.files >= 4
    text = (world.log.parent.parent / "again" / "person.json").read_text("utf-8")
    for mark in (NAME, NUMBER, ADDRESS, NEW_PHONE, NOTE):
        assert mark in text
    assert as_browser(world.client, session, "GET", "/cases/K-1").status_code == 200


def test_the_search_would_find_a_single_readable_word(world: World) -> None:
    with world.central.database.writing() as connection:
        audit.note(connection, world.central, "wang", "case.seen", "K-1", NAME, region="planted")
    logging.getLogger("central.test").info("%s", PHONE)
    (world.folder / "bodies" / "aa").mkdir(parents=True, exist_ok=True)
    (world.folder / "bodies" / "aa" / "planted").write_bytes(b"..." + PAGE)
    places = {found.where.split(" ")[0] for found in world.found()}
    assert {"central.log", "audit_events.why", "planted"} <= places
