"""Large letters, piece by piece: resumed where they were cut, whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.jobs.intake import MOST_UPLOADS, sweep
from central.jobs.opening import file_of
from central.rules.letters import Append, Elsewhere, Overlong, Upload, judge_piece
from central.store import cases, letters
from central.wiring import Central
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.world import Terminal, error
from wire.canonical import b64u, canonical, sha256_hex
from wire.ids import LetterId
from wire.messages import PIECE, AckState, LetterHeader

PAGE = b"%PDF-1.7 " + bytes(range(256)) * 10_000  # 2.5 MB: four pieces once sealed


def large(terminal: Terminal, case: str, letter: LetterId | None = None) -> tuple[LetterHeader, bytes]:
    contents = terminal.application(case, page=PAGE)
    letter = letter or terminal.letter_id()
    body = terminal.sealed(contents, letter)
    return terminal.header(contents, letter, body), body


def send(terminal: Terminal, header: LetterHeader, body: bytes) -> AckState:
    """Send from where central says it is, to the end."""
    offset = terminal.held(header.id)
    for _ in range(20):
        answer = terminal.piece(header, offset, body[offset : offset + PIECE])
        if answer.status_code == 200:
            (ack,) = terminal.believed(answer)
            assert (ack.id, ack.sha256) == (header.id, header.sha256)
            return ack.state
        assert answer.status_code in (204, 409)
        offset = int(answer.headers["Upload-Offset"])
    pytest.fail("no end")


def test_a_large_letter_becomes_a_case_with_its_page_in_a_file(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-1")
    assert terminal.held(header.id) == 0
    assert send(terminal, header, body) is AckState.RECEIVED
    assert terminal.held(header.id) == len(body)
    with central.database.reading() as connection:
        (case,) = cases.find_cases(connection, "A-1")
        used = letters.paths_in_use(connection)
    assert case.flags == ()
    page = file_of(central, case.region, "A-1", 0)
    assert page is not None
    assert page[0].body.path is not None
    assert page[1] == PAGE
    assert PAGE[:1000] not in central.bodies.read(page[0].body.path)  # sealed
    assert set(central.bodies.names()) == used  # nothing lies about that no row names


def test_after_a_lost_answer_an_empty_piece_asks_for_the_acknowledgement(terminal: Terminal) -> None:
    header, body = large(terminal, "A-2")
    assert send(terminal, header, body) is AckState.RECEIVED
    (ack,) = terminal.believed(terminal.piece(header, len(body), b""))
    assert ack.state is AckState.ALREADY


def test_a_piece_at_another_offset_is_told_the_right_one(terminal: Terminal) -> None:
    header, body = large(terminal, "A-3")
    terminal.piece(header, 0, body[:PIECE])
    for offset in (0, 5, 2 * PIECE, len(body)):
        answer = terminal.piece(header, offset, body[offset : offset + 10])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, str(PIECE))
        assert error(answer) == "letters.other_offset"
    assert send(terminal, header, body) is AckState.RECEIVED


def test_bytes_behind_what_the_row_tells_are_written_anew(terminal: Terminal, central: Central) -> None:
    """A kill between the file's fsync and the row's commit leaves a file that is longer than its row says."""
    header, body = large(terminal, "A-4")
    terminal.piece(header, 0, body[:PIECE])
    (name,) = central.bodies.names()
    central.bodies.write_at(name, PIECE, b"half a piece that was never told of")
    assert terminal.held(header.id) == PIECE
    assert send(terminal, header, body) is AckState.RECEIVED


def test_a_beginning_that_is_gone_from_the_disk_is_asked_for_again(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-5")
    terminal.piece(header, 0, body[:PIECE])
    (name,) = central.bodies.names()
    central.bodies.remove(name)
    answer = terminal.piece(header, PIECE, body[PIECE : 2 * PIECE])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    assert send(terminal, header, body) is AckState.RECEIVED


def test_a_whole_body_with_another_hash_is_rejected_and_leaves_nothing(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-6")
    assert send(terminal, header, body[:-1] + bytes([body[-1] ^ 1])) is AckState.REJECTED
    assert list(central.bodies.names()) == []
    assert terminal.held(header.id) == 0
    assert send(terminal, header, body) is AckState.RECEIVED


def test_a_piece_past_the_end_is_rejected(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-7")
    short = header.model_copy(update={"size": 100})
    (ack,) = terminal.believed(terminal.piece(short, 0, body[:200]))
    assert (ack.state, ack.reason) == (AckState.REJECTED, "letter.bad_hash")
    assert list(central.bodies.names()) == []


def test_other_bytes_under_a_taken_id_are_kept_beside(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-8")
    other, other_body = large(terminal, "A-9", LetterId(header.id))
    assert send(terminal, header, body) is AckState.RECEIVED
    for _ in range(2):
        assert send(terminal, other, other_body) is AckState.CONFLICT
    assert send(terminal, header, body) is AckState.ALREADY
    with central.database.reading() as connection:
        first = letters.find(connection, header.region, header.id)
        beside = letters.conflict_body(connection, header.region, header.id, other.sha256)
    assert first is not None
    assert sha256_hex(central.bodies.read(first.body.path or "")) == header.sha256
    assert beside is not None
    assert sha256_hex(central.bodies.read(beside.path or "")) == other.sha256


def test_other_bytes_in_the_middle_of_an_upload_start_from_nothing(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-10")
    other, other_body = large(terminal, "A-10", LetterId(header.id))
    terminal.piece(header, 0, body[:PIECE])
    assert send(terminal, other, other_body) is AckState.RECEIVED
    assert len(list(central.bodies.names())) == 2  # the letter, and the page that was in it


def test_unfinished_uploads_are_bounded_and_the_oldest_gives_way(terminal: Terminal, central: Central) -> None:
    body = bytes(3000)
    headers = []
    for number in range(MOST_UPLOADS + 3):
        terminal.clock.move(seconds=1)
        header = terminal.header(terminal.incident(), terminal.letter_id(), body)
        assert terminal.piece(header, 0, body[:1000]).status_code == 204, number
        headers.append(header)
    assert len(list(central.bodies.names())) == MOST_UPLOADS
    assert [terminal.held(header.id) for header in headers[:4]] == [0, 0, 0, 1000]


def test_files_that_no_row_names_are_swept_at_start(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-11")
    terminal.piece(header, 0, body[:PIECE])
    central.bodies.write_at("e" * 64, 0, b"left by a cut before the commit")
    assert sweep(central) == 0  # another worker may be about to name it
    assert sweep(central, idle_s=0) == 1
    assert send(terminal, header, body) is AckState.RECEIVED


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({"Upload_Offset": "0"}, "letters.bad_header"),
        ({"Upload_Offset": "0", "Letter_Header": "###"}, "letters.bad_header"),
        ({"Upload_Offset": "0", "Letter_Header": "e30"}, "letters.bad_header"),
        ({"Upload_Offset": "-1", "Letter_Header": ""}, "letters.bad_offset"),
        ({"Upload_Offset": "9" * 5000, "Letter_Header": ""}, "letters.bad_offset"),
        ({"Letter_Header": ""}, "letters.bad_offset"),
    ],
)
def test_a_piece_without_sense_gets_a_word(terminal: Terminal, headers: dict[str, str], word: str) -> None:
    header, body = large(terminal, "A-12")
    told = b64u(canonical(header.model_dump(mode="json")))
    named = {name: value or told for name, value in headers.items()}
    answer = terminal.ask("PATCH", f"/v1/letters/{header.id}", body[:10], **named)
    assert (answer.status_code, error(answer)) == (422, word)


def test_a_piece_larger_than_a_piece_is_refused(terminal: Terminal, central: Central) -> None:
    header, body = large(terminal, "A-13")
    answer = terminal.piece(header, 0, body[: PIECE + 1])
    assert (answer.status_code, error(answer)) == (413, "request.too_large")
    assert list(central.bodies.names()) == []


def test_what_another_terminal_holds_is_not_told(terminal: Terminal, central: Central, tmp_path: Path) -> None:
    header, body = large(terminal, "A-14")
    send(terminal, header, body)
    stranger = Terminal(terminal.client, terminal.clock)
    answer = stranger.ask("HEAD", f"/v1/letters/{header.id}")
    assert answer.status_code == 401


@settings(max_examples=200)
@given(
    st.integers(1, 1000),
    st.none() | st.integers(0, 999),
    st.booleans(),
    st.integers(0, 1100),
    st.integers(0, 1100),
)
def test_a_piece_is_written_exactly_where_the_body_ends(
    size: int, held: int | None, same: bool, offset: int, length: int
) -> None:
    header = LetterHeader.model_validate(
        {
            "id": "i", "region": "r", "terminal": "t", "kind": "incident", "seq": 1, "sha256": "a" * 64, "size": size,
            "created_at": "2026-11-22T00:00:00Z", "subject": "s",
        }
    )  # fmt: skip
    upload = None if held is None else Upload("a" * 64 if same else "b" * 64, size, held)
    end = held if held is not None and same else 0
    match judge_piece(header, upload, offset, length):
        case Append(offset=at, last=last, fresh=fresh):
            assert at == offset == end
            assert last == (offset + length == size)
            assert fresh == (upload is None or not same)
        case Elsewhere(held=told):
            assert offset != end == told
        case Overlong():
            assert offset == end
            assert offset + length > size
