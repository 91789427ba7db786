"""Letters: stored once, acknowledged after they are on disk, never overwritten.

Past 400 lines because every way in which a letter can be wrong is tried here, in JSON and packed.
"""

import json
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.app import create_app
from central.jobs.opening import file_of
from central.jobs.unseal import unseal_pending
from central.rules.letters import LetterState
from central.store import cases, letters
from central.store.additions import Additions
from central.store.database import StoreUnavailable
from central.wiring import Central
from tests.central.caseworld import letter_state, unopenable
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import PDF, Clock, Terminal, error
from wire.batches import MAGIC, pack_batch
from wire.canonical import b64u, canonical, sha256_hex, un_b64u
from wire.ids import LetterId, new_letter_id
from wire.messages import AckState, Letter, LetterKind


def test_a_letter_is_received_once_and_already_afterwards(terminal: Terminal, central: Central, clock: Clock) -> None:
    letter = terminal.letter(terminal.application("A-1"))
    first = terminal.send(letter)
    assert [(ack.id, ack.sha256, ack.state) for ack in first] == [
        (letter.header.id, letter.header.sha256, AckState.RECEIVED)
    ]
    clock.move(hours=3)
    again = terminal.send(letter)
    assert again[0].state is AckState.ALREADY
    assert again[0].received_at == first[0].received_at
    with central.database.reading() as connection:
        assert [case.case for case in cases.newest_cases(connection, 10)] == ["A-1"]


def test_an_application_becomes_a_case_with_the_very_page(terminal: Terminal, central: Central) -> None:
    letter = terminal.letter(terminal.application("A-2", materials=[b"small"]))
    assert terminal.send(letter)[0].state is AckState.RECEIVED
    assert letter_state(central, letter) == (LetterState.OPENED, "")
    with central.database.reading() as connection:
        (case,) = cases.find_cases(connection, "A-2")
    assert case.flags == ()
    assert case.letter == letter.header.id
    page = file_of(central, case.region, "A-2", 0)
    assert page is not None
    assert page[1] == PDF


def test_other_bytes_under_a_taken_id_are_kept_beside_and_overwrite_nothing(
    terminal: Terminal, central: Central
) -> None:
    first = terminal.letter(terminal.application("A-3"))
    other = terminal.letter(terminal.application("A-4"), LetterId(first.header.id))
    assert terminal.send(first)[0].state is AckState.RECEIVED
    for _ in range(2):
        assert terminal.send(other)[0].state is AckState.CONFLICT
    assert terminal.send(first)[0].state is AckState.ALREADY
    with central.database.reading() as connection:
        kept = letters.find(connection, first.header.region, first.header.id)
        beside = letters.conflict_body(connection, first.header.region, first.header.id, other.header.sha256)
        count = len(letters.conflicts(connection, 10))
        opened = [case.case for case in cases.newest_cases(connection, 10)]
    assert kept is not None
    assert kept.body.data is not None
    assert sha256_hex(kept.body.data) == first.header.sha256
    assert beside is not None
    assert beside.data is not None
    assert sha256_hex(beside.data) == other.header.sha256
    assert (count, opened) == (1, ["A-3"])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"sha256": "0" * 64}, "letter.bad_hash"),
        ({"size": 1}, "letter.bad_hash"),
        ({"terminal": "NT-0002"}, "letter.not_yours"),
        ({"region": "bj-110101"}, "letter.not_yours"),
        ({"id": "not-a-uuid"}, "letter.bad_header"),
        ({"seq": 2**70}, "letter.bad_header"),
        ({"seq": -1}, "letter.bad_header"),
        ({"subject": "a\0b"}, "letter.bad_header"),
        ({"id": "a\0b"}, "letter.bad_header"),
        ({"created_at": "9999-12-31T23:59:59-12:00"}, "letter.bad_header"),
        ({"size": 0}, "letter.too_large"),
        ({"size": 2**70}, "letter.too_large"),
    ],
)
def test_a_letter_that_is_not_right_is_rejected_with_its_reason(
    terminal: Terminal, central: Central, changed: dict[str, object], reason: str
) -> None:
    contents = terminal.application("A-5")
    letter = terminal.letter_id()
    body = terminal.sealed(contents, letter)
    bad = Letter(header=terminal.header(contents, letter, body, **changed), body=b64u(body))
    good = terminal.letter(terminal.application("A-6"))
    acks = terminal.send(bad, good)
    assert [(ack.state, ack.reason) for ack in acks] == [(AckState.REJECTED, reason), (AckState.RECEIVED, "")]
    with central.database.reading() as connection:
        assert [row["reason"] for row in letters.refused(connection, 10)] == [reason]
        assert letters.find(connection, terminal.region, bad.header.id.replace("\0", "")) is None


def test_one_letter_without_sense_does_not_stop_its_batch(terminal: Terminal) -> None:
    good = terminal.letter(terminal.application("A-7")).model_dump(mode="json")
    bad = json.loads(json.dumps(good))
    bad["header"]["kind"] = "poem"
    bad["header"]["id"] = terminal.letter_id()
    answer = terminal.ask("POST", "/v1/letters", canonical({"letters": [bad, good]}))
    acks = terminal.believed(answer)
    assert [(ack.state, ack.reason) for ack in acks] == [
        (AckState.REJECTED, "letter.bad_header"),
        (AckState.RECEIVED, ""),
    ]


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 422, "letters.not_json"),
        (b"<html>", 422, "letters.not_json"),
        (b"[" * 100_000, 422, "letters.not_json"),
        (b'{"letters":[{"header":{"id":"\\ud800"}}]}', 422, "letters.not_json"),
        (b'{"letters":{}}', 422, "letters.not_a_batch"),
        (b'{"letters":[],"more":1}', 422, "letters.not_a_batch"),
        (b'{"letters":[null]}', 422, "letters.not_a_letter"),
        (b'{"letters":[' + b"1," * 64 + b"1]}", 413, "letters.too_many"),
    ],
)
def test_a_body_without_sense_gets_a_word(terminal: Terminal, body: bytes, status: int, word: str) -> None:
    answer = terminal.ask("POST", "/v1/letters", body)
    assert (answer.status_code, error(answer)) == (status, word)


def packed(*letters: Letter) -> bytes:
    return pack_batch([(letter.header, un_b64u(letter.body)) for letter in letters])


def test_a_packed_batch_is_the_same_as_one_in_json(terminal: Terminal, central: Central) -> None:
    first, second = (terminal.letter(terminal.application(f"P-{number}")) for number in range(2))
    short = first.header.model_copy(update={"id": terminal.letter_id(), "size": 1})
    batch = packed(first, Letter(header=short, body=first.body), second)
    acks = terminal.believed(terminal.ask("POST", "/v1/letters", batch))
    assert [(ack.id, ack.state, ack.reason) for ack in acks] == [
        (first.header.id, AckState.RECEIVED, ""),
        (short.id, AckState.REJECTED, "letter.bad_hash"),
        (second.header.id, AckState.RECEIVED, ""),
    ]
    assert [letter_state(central, letter) for letter in (first, second)] == [(LetterState.OPENED, "")] * 2
    assert [ack.state for ack in terminal.send(first, second)] == [AckState.ALREADY] * 2
    again = terminal.believed(terminal.ask("POST", "/v1/letters", packed(first, second)))
    assert [ack.state for ack in again] == [AckState.ALREADY] * 2


def test_one_packed_letter_without_sense_does_not_stop_its_batch(terminal: Terminal) -> None:
    good = terminal.letter(terminal.application("P-7"))
    bad = good.header.model_copy(update={"id": terminal.letter_id(), "kind": "poem"})
    sealed = un_b64u(good.body)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that such a kind is none
        batch = pack_batch([(bad, sealed), (good.header, sealed)])
    acks = terminal.believed(terminal.ask("POST", "/v1/letters", batch))
    assert [(ack.state, ack.reason) for ack in acks] == [
        (AckState.REJECTED, "letter.bad_header"),
        (AckState.RECEIVED, ""),
    ]


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (MAGIC, 422, "letters.cut"),
        (pack_batch([]) + b"\0", 422, "letters.overlong"),
        (pack_batch([]), 422, "letters.empty"),
        (MAGIC + b"\0\x01\0\0\0\0\0\0\0\0", 422, "letters.bad_headers"),
        (MAGIC + b"\0\x41" + bytes(400), 413, "letters.too_many"),
    ],
    ids=lambda told: "" if isinstance(told, bytes) else str(told),
)
def test_a_packed_body_without_sense_gets_a_word(terminal: Terminal, body: bytes, status: int, word: str) -> None:
    answer = terminal.ask("POST", "/v1/letters", body)
    assert (answer.status_code, error(answer)) == (status, word)


def test_an_empty_batch_is_acknowledged_as_such(terminal: Terminal) -> None:
    assert terminal.send() == []


def test_a_letter_that_does_not_open_is_received_and_kept_unreadable(terminal: Terminal, central: Central) -> None:
    contents = terminal.application("A-8")
    letter = terminal.letter_id()
    garbage = b"<html>" + bytes(500)
    sent = [
        Letter(header=terminal.header(contents, letter, garbage), body=b64u(garbage)),
        _sealed_as(terminal, contents, b"{}"),
        _sealed_as(terminal, contents, b"\xff\xfe"),
    ]
    moved = terminal.letter(terminal.application("A-9"))
    other = terminal.letter_id()  # the seal is bound to the letter's id: carried to another, it does not open
    sent.append(Letter(header=moved.header.model_copy(update={"id": other}), body=moved.body))
    assert [ack.state for ack in terminal.send(*sent)] == [AckState.RECEIVED] * 4
    assert [letter_state(central, each) for each in sent] == [
        (LetterState.UNREADABLE, "seal.not_sealed"),
        (LetterState.UNREADABLE, "letter.bad_contents"),
        (LetterState.UNREADABLE, "letter.bad_contents"),
        (LetterState.UNREADABLE, "seal.damaged"),
    ]


def _sealed_as(terminal: Terminal, contents: object, plain: bytes) -> Letter:
    letter = terminal.letter_id()
    body = terminal.sealed(plain, letter)
    return Letter(header=terminal.header(terminal.application("A-0"), letter, body), body=b64u(body))


def test_a_letter_of_another_kind_than_its_header_says_is_unreadable(terminal: Terminal, central: Central) -> None:
    letter = terminal.letter(terminal.incident())
    lying = Letter(header=letter.header.model_copy(update={"kind": LetterKind.APPLICATION}), body=letter.body)
    assert terminal.send(lying)[0].state is AckState.RECEIVED
    assert letter_state(central, lying) == (LetterState.UNREADABLE, "letter.bad_contents")


@pytest.mark.parametrize("changed", [{"version": 2**70}, {"submitted_at": "0001-01-01T00:00:00+14:00"}])
def test_numbers_that_no_database_holds_make_a_letter_unreadable(
    terminal: Terminal, central: Central, changed: dict[str, object]
) -> None:
    letter = terminal.letter(terminal.application("A-11", **changed))
    assert terminal.send(letter)[0].state is AckState.RECEIVED
    assert letter_state(central, letter) == (LetterState.UNREADABLE, "letter.bad_contents")


def test_a_second_letter_with_a_case_number_is_held_for_a_person(terminal: Terminal, central: Central) -> None:
    first, second = (terminal.letter(terminal.application("A-12")) for _ in range(2))
    assert [ack.state for ack in terminal.send(first, second)] == [AckState.RECEIVED] * 2
    assert letter_state(central, first) == (LetterState.OPENED, "")
    assert letter_state(central, second) == (LetterState.HELD, "case.number_taken")


def test_an_id_of_another_terminals_letter_is_rejected(enrolled: Callable[[str], Terminal], central: Central) -> None:
    one, two = enrolled("NT-0001"), enrolled("NT-0002")
    letter = one.letter(one.application("A-13"))
    stolen = two.letter(two.application("A-14"), LetterId(letter.header.id))
    one.send(letter)
    ack = two.send(stolen)[0]
    assert (ack.state, ack.reason) == (AckState.REJECTED, "letter.id_taken")
    assert letter_state(central, letter) == (LetterState.OPENED, "")


@pytest.mark.parametrize(
    ("changed", "flag"),
    [
        ({"receipt": "NT1.x"}, "receipt.unverified"),
        ({"case": "A-16"}, "receipt.other_case"),
        ({"version": 4}, "receipt.other_item"),
    ],
)
def test_an_application_that_contradicts_its_receipt_is_flagged(
    terminal: Terminal, central: Central, changed: dict[str, object], flag: str
) -> None:
    told = terminal.application("A-15", **changed)
    terminal.send(terminal.letter(told))
    with central.database.reading() as connection:
        (case,) = cases.find_cases(connection, told.case)
    assert case.flags == (flag,)


def test_a_receipt_of_another_terminal_does_not_stand_for_this_one(
    enrolled: Callable[[str], Terminal], central: Central
) -> None:
    one, two = enrolled("NT-0001"), enrolled("NT-0002")
    one.send(one.letter(one.application("A-17", receipt=two.receipt("A-17", [sha256_hex(PDF)]))))
    with central.database.reading() as connection:
        assert cases.find_cases(connection, "A-17")[0].flags == ("receipt.unverified",)


def test_a_page_with_other_bytes_than_the_receipt_names_is_flagged(terminal: Terminal, central: Central) -> None:
    told = terminal.application("A-18")
    other = told.page.model_copy(update={"data": b64u(b"%PDF-1.7 another page")})
    broken = told.page.model_copy(update={"data": "###"})
    terminal.send(terminal.letter(told.model_copy(update={"page": other})))
    terminal.send(terminal.letter(told.model_copy(update={"case": "A-19", "page": broken})))
    with central.database.reading() as connection:
        assert cases.find_cases(connection, "A-18")[0].flags == ("part.damaged", "receipt.other_parts")
        assert cases.find_cases(connection, "A-19")[0].flags == (
            "part.damaged",
            "page.not_pdf",
            "receipt.other_case",
            "receipt.other_parts",
        )


@pytest.mark.log_warnings_expected
def test_a_disk_that_refuses_to_open_letters_takes_nothing_back(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: Clock
) -> None:
    def full(*_: object) -> bool:
        raise StoreUnavailable("body errno 28")

    letter = terminal.letter(terminal.application("A-20", page=b"%PDF-small"))
    monkeypatch.setattr(Additions, "write", full)
    terminal.settles = False
    assert terminal.send(letter)[0].state is AckState.RECEIVED
    with pytest.raises(StoreUnavailable):
        unseal_pending(central)
    assert letter_state(central, letter) == (LetterState.RECEIVED, "")
    monkeypatch.undo()
    again = create_app(central.settings, now=clock).state.central  # the next start opens what waits
    assert unseal_pending(again) == 1
    assert letter_state(again, letter) == (LetterState.OPENED, "")
    again.close()


def test_acknowledgements_do_not_wait_for_letters_to_be_opened(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [terminal.letter(terminal.application(f"D-{number}")) for number in range(3)]
    terminal.settles = False
    with central.opening.turn():  # whoever opens letters waits; the answer does not
        assert {ack.state for ack in terminal.send(*made)} == {AckState.RECEIVED}
        assert {letter_state(central, letter)[0] for letter in made} == {LetterState.RECEIVED}
        assert {ack.state for ack in terminal.send(*made)} == {AckState.ALREADY}
    unseal_pending(central)
    assert {letter_state(central, letter)[0] for letter in made} == {LetterState.OPENED}


@pytest.mark.log_warnings_expected
def test_a_store_that_cannot_write_acknowledges_nothing(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreUnavailable("OperationalError")

    letter = terminal.letter(terminal.application("A-21"))
    monkeypatch.setattr(letters, "keep", refuse)
    answer = terminal.post(letter)
    assert (answer.status_code, error(answer)) == (503, "store.unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    monkeypatch.undo()
    assert terminal.send(letter)[0].state is AckState.RECEIVED


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=6), min_size=1, max_size=8))
def test_letters_in_any_order_and_any_number_make_one_case_each(
    terminal: Terminal, central: Central, batches: list[list[int]]
) -> None:
    """One central for all examples: each has its own letters, which the others must not touch either."""
    own = new_letter_id(terminal.clock())
    wanted = {number for batch in batches for number in batch}
    made = {number: terminal.letter(terminal.application(f"{own}-{number:02}")) for number in sorted(wanted)}
    sent: set[int] = set()
    for batch in batches:
        for number, ack in zip(batch, terminal.send(*(made[each] for each in batch)), strict=True):
            assert ack.state is (AckState.ALREADY if number in sent else AckState.RECEIVED)
            assert (ack.id, ack.sha256) == (made[number].header.id, made[number].header.sha256)
            sent.add(number)
    with central.database.reading() as connection:
        found = sorted(case.case for case in cases.newest_cases(connection, 10_000) if case.case.startswith(own))
    assert found == [f"{own}-{number:02}" for number in sorted(sent)]


def test_the_same_letters_from_several_threads_are_stored_once(terminal: Terminal, central: Central) -> None:
    made = [terminal.letter(terminal.application(f"C-{number}")) for number in range(6)]
    acks: list[AckState] = []

    def send() -> None:
        for letter in made:
            acks.extend(ack.state for ack in terminal.send(letter))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(acks) == [AckState.ALREADY] * 18 + [AckState.RECEIVED] * 6
    with central.database.reading() as connection:
        assert len(cases.newest_cases(connection, 100)) == 6


@pytest.mark.log_warnings_expected
def test_a_mistake_of_ours_on_one_letter_holds_that_letter_and_no_other(
    terminal: Terminal, central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = terminal.letter(terminal.application("A-1")), terminal.letter(terminal.application("A-2"))
    unopenable(monkeypatch, bad, RuntimeError("a mistake of ours"))
    assert [ack.state for ack in terminal.send(bad, good)] == [AckState.RECEIVED] * 2
    assert letter_state(central, bad) == (LetterState.HELD, "central.bug")
    assert letter_state(central, good) == (LetterState.OPENED, "")
    assert unseal_pending(central) == 0  # nor does a start stumble
