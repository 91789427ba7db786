"""The audit: whatever is changed in it afterwards, an auditor finds without central."""

import datetime as dt
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from central import __main__ as program
from central.jobs import audit
from central.rules.audit import (
    FIRST,
    LONGEST_WHY,
    AuditEvent,
    Head,
    Verified,
    clean_why,
    event_hash,
    head_bytes,
    verify,
)
from central.rules.roles import Role
from central.store import audit as store
from central.wiring import Central
from tests.central.people import as_browser, begin, let_in
from tests.central.shared import app as app
from tests.central.shared import central as central
from tests.central.shared import client as client
from tests.central.shared import clock as clock
from tests.central.shared import new_terminal as new_terminal
from tests.central.shared import shared as shared
from tests.central.world import Clock, Terminal
from trust.keys import USE_ACK, KeyRing, SigningKey
from wire.canonical import b64u

AT = dt.datetime(2026, 11, 22, 15, 0, tzinfo=dt.UTC)
KEY = SigningKey.generate()
RING = KeyRing([KEY.public(USE_ACK)])


def line(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False)


def book(count: int, region: str = "sh", *, sign: int | None = None) -> list[str]:
    """An export of `count` events, its head signed after event `sign` (the last one)."""
    lines, previous = [], FIRST
    for seq in range(1, count + 1):
        told = AuditEvent(region, seq, AT, "wang", "case.seen", f"A-{seq}", "", {"page": seq}, previous).told()
        previous = event_hash(told)
        lines.append(line({"event": told, "hash": previous}))
        if seq == (sign or count):
            lines.append(signed(region, seq, previous))
    return lines


def signed(region: str, seq: int, digest: str, key: SigningKey = KEY) -> str:
    told = Head(region, seq, digest, AT).told()
    return line({"head": told, "kid": key.kid, "sig": b64u(key.sign(head_bytes(told)))})


def read(lines: list[str]) -> Verified:
    return verify(lines, RING, AT)


def words(lines: list[str]) -> set[str]:
    return {fault.word for fault in read(lines).faults}


def rehashed(lines: list[str]) -> list[str]:
    """The events as somebody would leave them who edits the database and can compute hashes, but has no key."""
    previous, made, seq = FIRST, [], 0
    for each in lines:
        told = json.loads(each)
        if "event" in told:
            seq += 1
            told["event"] |= {"previous": previous, "seq": seq}
            told["hash"] = previous = event_hash(told["event"])
        made.append(line(told))
    return made


# ---- found --------------------------------------------------------------------------------------------------


def test_an_untouched_book_is_sound() -> None:
    found = read([*book(5), *book(3, "bj", sign=2), ""])
    assert (found.events, found.heads, found.unsigned, found.faults) == (8, 2, 1, ())
    assert {(head.region, head.seq) for head in found.newest} == {("sh", 5), ("bj", 2)}


@given(st.integers(2, 12), st.data())
def test_a_removed_a_moved_and_an_added_event_are_found(count: int, data: st.DataObject) -> None:
    lines = book(count)
    at = data.draw(st.integers(0, count - 1))
    assert read(lines[:at] + lines[at + 1 :]).faults
    other = data.draw(st.integers(0, count - 1).filter(lambda each: each != at))
    moved = list(lines)
    moved[at], moved[other] = moved[other], moved[at]
    assert read(moved).faults
    assert read([*lines[:at], lines[other], *lines[at:]]).faults


@given(st.integers(1, 8), st.data())
def test_an_edited_event_is_found(count: int, data: st.DataObject) -> None:
    lines = book(count)
    at = data.draw(st.integers(0, count - 1))
    name = data.draw(st.sampled_from(["who", "what", "about", "why", "at", "previous", "region", "seq", "facts"]))
    told = json.loads(lines[at])
    was = told["event"][name]
    told["event"][name] = data.draw(st.sampled_from([each for each in ("li", "", 7, 99, {"page": 0}) if each != was]))
    assert read([*lines[:at], line(told), *lines[at + 1 :]]).faults


@given(st.integers(2, 8), st.data())
def test_who_computes_every_hash_anew_is_found_by_the_signed_head(count: int, data: st.DataObject) -> None:
    lines = book(count)
    at = data.draw(st.integers(0, count - 1))
    shorter = rehashed(lines[:at] + lines[at + 1 :])
    assert words(shorter) == {"audit.missing_events"}
    told = json.loads(lines[at])
    told["event"]["who"] = "li"
    assert words(rehashed([*lines[:at], line(told), *lines[at + 1 :]])) == {"audit.head_differs"}


def test_a_head_of_another_key_is_no_head() -> None:
    lines = book(2)
    digest = json.loads(lines[1])["hash"]
    assert words([*lines[:2], signed("sh", 2, digest, SigningKey.generate())]) == {"audit.bad_head"}


@given(st.text(max_size=60) | st.sampled_from(['{"event":{},"hash":""}', '{"head":{},"kid":"","sig":""}', "[" * 2000]))
def test_any_line_is_survived(text: str) -> None:
    assert read([*book(1), text]).events >= 1


@given(st.text(max_size=400))
def test_a_typed_reason_holds_no_long_number(why: str) -> None:
    kept = clean_why(f"{why} 310101194905150023 {why}")
    assert len(kept) <= LONGEST_WHY
    assert "310101" not in kept
    assert "\n" not in kept


# ---- written ------------------------------------------------------------------------------------------------


def exported(central: Central, region: str) -> list[str]:
    return list(audit.export(central, region))


def test_what_the_database_gives_back_is_what_was_hashed(central: Central, clock: Clock) -> None:
    with central.database.writing() as connection:
        audit.note(
            connection, central, "wang", "case.seen", "A-1", "电话询问 13800001234", region="r1", page=2, all=True
        )
        audit.note(connection, central, "clock", "case.forgotten", "A-2", region="r1")
    clock.move(seconds=1.5)
    with central.database.writing() as connection:
        audit.note(connection, central, "rule", "case.approve", "A-3", region="r1")
    assert audit.sign_heads(central) >= 1
    found = verify(exported(central, "r1"), central.keys.ring(), clock())
    assert (found.events, found.heads, found.unsigned, found.faults) == (3, 1, 0, ())
    assert "13800001234" not in "".join(exported(central, "r1"))


def test_an_event_stands_or_falls_with_its_transaction(central: Central) -> None:
    class Stopped(Exception):
        pass

    def stop() -> None:
        with central.database.writing() as connection:
            audit.note(connection, central, "wang", "case.seen", "A-9", region="r2")
            raise Stopped

    with pytest.raises(Stopped):
        stop()
    assert exported(central, "r2") == []


def test_a_head_is_signed_at_once_after_a_hundred_events(central: Central, clock: Clock) -> None:
    for _ in range(2):
        with central.database.writing() as connection:
            for number in range(60):
                audit.note(connection, central, "wang", "case.seen", f"A-{number}", region="r3")
    found = verify(exported(central, "r3"), central.keys.ring(), clock())
    assert (found.events, found.heads, found.unsigned, found.faults) == (120, 1, 0, ())


def test_writers_at_the_same_time_make_one_chain(central: Central, clock: Clock) -> None:
    def write(number: int) -> None:
        with central.database.writing() as connection:
            audit.note(connection, central, f"w{number}", "case.seen", region="r4")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    audit.sign_heads(central)
    found = verify(exported(central, "r4"), central.keys.ring(), clock())
    assert (found.events, found.unsigned, found.faults) == (40, 0, ())


def test_a_changed_database_is_found(central: Central, clock: Clock) -> None:
    with central.database.writing() as connection:
        for number in range(4):
            audit.note(connection, central, "wang", "case.seen", f"A-{number}", region="r5")
    audit.sign_heads(central)
    with central.database.writing() as connection:
        connection.exec_driver_sql("UPDATE audit_events SET who = 'li' WHERE region = 'r5' AND seq = 2")
    found = verify(exported(central, "r5"), central.keys.ring(), clock())
    assert {(fault.word, fault.seq) for fault in found.faults} >= {("audit.edited", 2), ("audit.broken_link", 3)}
    with central.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit_events WHERE region = 'r5' AND seq >= 3")
    found = verify(exported(central, "r5"), central.keys.ring(), clock())
    assert "audit.missing_events" in {fault.word for fault in found.faults}


def test_the_newest_can_be_asked_for(central: Central) -> None:
    with central.database.writing() as connection:
        for who in ("wang", "li", "wang"):
            audit.note(connection, central, who, "case.seen", "A-newest", region="r6")
    with central.database.reading() as connection:
        found = store.newest(connection, 10, region="r6", who="wang")
    assert [event.seq for event in found] == [3, 1]
    assert [who for _, who, _, _ in audit.events_about(central, "A-newest")] == ["wang", "li", "wang"]


def test_a_terminal_that_is_let_in_is_in_the_audit_with_what_holds_its_key(
    new_terminal: Callable[[], Terminal], central: Central
) -> None:
    terminal = new_terminal()
    with central.database.reading() as connection:
        event = store.newest(connection, 1, about=terminal.terminal, what="terminal.enrolled")[0]
    assert event.who == f"terminal:{terminal.terminal}"
    assert event.facts == {"kid": terminal.key.kid, "level": "file"}


def test_what_is_done_at_a_page_is_written_down_once_and_under_the_name_of_who_did_it(
    client: TestClient, central: Central, new_terminal: Callable[[], Terminal]
) -> None:
    name = new_terminal().terminal
    official = let_in(central, f"tech-{name.lower()}", Role.TECHNICIAN)
    session = begin(central, official.login)
    told = {"region": "sh-310101", "site": "人民广场", "terminal": name, "sure": "1", "zh": "", "en": ""}
    for path in ("/terminal/code", "/terminal/words", "/terminal/withdraw"):
        assert as_browser(client, session, "POST", path, data=told).status_code in (200, 303), path
    with central.database.reading() as connection:
        found = store.newest(connection, 10, about=name, who=official.login)
        others = {event.who for event in store.newest(connection, 10, about=name)} - {official.login}
    assert sorted(event.what for event in found) == ["terminal.code_made", "terminal.withdrawn", "terminal.words_set"]
    assert others == {"desk", f"terminal:{name}"}  # who made the first code, and who used it


# ---- by hand ------------------------------------------------------------------------------------------------


def test_an_auditor_verifies_without_central(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file, key = str(tmp_path / "c"), tmp_path / "audit.jsonl", tmp_path / "keys.json"
    assert program.main(["staff", "add", "--folder", folder, "--login", "chen", "--name", "陈", "--role", "admin"]) == 0
    assert program.main(["audit", "export", "--folder", folder, "--file", str(file), "--key", str(key)]) == 0
    (tmp_path / "c").rename(tmp_path / "elsewhere")
    check = ["audit", "verify", "--file", str(file), "--key", str(key)]
    capsys.readouterr()
    assert program.main(check) == 0
    assert "1 events, 1 signed heads, 0 events after" in capsys.readouterr().out
    file.write_text(file.read_text("utf-8").replace('"who":"desk"', '"who":"chen"'), "utf-8")
    assert program.main(check) == program.EXIT_CANNOT
    assert "audit.edited" in capsys.readouterr().err
    file.unlink()
    assert program.main(check) == program.EXIT_CANNOT
    assert "it is not there" in capsys.readouterr().err
    key.write_text("{}")
    assert program.main(check) == program.EXIT_CANNOT
    assert "does not hold" in capsys.readouterr().err
