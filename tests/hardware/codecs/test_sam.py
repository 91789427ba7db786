"""SAM frames: the published ones byte for byte, any bytes at all, any cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.codecs import sam
from hardware.codecs.hunt import Hunter, Noise
from hardware.codecs.sam import CardData, Command, Reply, Request, Sw
from tests.hardware.chunks import cut, piece_sizes
from tests.hardware.codecs import card_blocks

HEAD = "AA AA AA 96 69 "
SAM_ID = "05.03-20200101-0001234567-0007654321"


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (Command.RESET, "00 03 10 FF EC"),
        (Command.STATUS, "00 03 11 FF ED"),
        (Command.SAM_ID, "00 03 12 FF EE"),
        (Command.FIND, "00 03 20 01 22"),
        (Command.SELECT, "00 03 20 02 21"),
        (Command.READ, "00 03 30 01 32"),
        (Command.READ_WITH_FINGERPRINT, "00 03 30 10 23"),
        (Command.READ_ADDITIONAL_ADDRESS, "00 03 30 03 30"),
        (Command.READ_MANAGEMENT_NUMBER, "00 03 30 05 36"),
        (Command.BAUD_115200, "00 03 60 00 63"),
        (Command.BAUD_57600, "00 03 60 01 62"),
        (Command.BAUD_38400, "00 03 60 02 61"),
        (Command.BAUD_19200, "00 03 60 03 60"),
        (Command.BAUD_9600, "00 03 60 04 67"),
    ],
)
def test_requests_as_published(command: Command, frame: str) -> None:
    wire = bytes.fromhex(HEAD + frame)
    assert sam.encode_request(command) == wire
    (found,) = sam.request_reader().feed(wire)
    assert isinstance(found, Request)
    assert found.known is command


def test_every_command_has_a_published_frame() -> None:
    assert len(Command) == 14 + 1  # those above, and MAX_RF_BYTES, which carries a data byte


@pytest.mark.parametrize(("size", "check"), [(0x50, "CA"), (0x58, "C2")])
def test_the_request_with_a_data_byte(size: int, check: str) -> None:
    wire = bytes.fromhex(f"{HEAD} 00 04 61 FF {size:02X} {check}")
    assert sam.encode_request(Command.MAX_RF_BYTES, bytes([size])) == wire
    (found,) = sam.request_reader().feed(wire)
    assert isinstance(found, Request)
    assert (found.known, found.data) == (Command.MAX_RF_BYTES, bytes([size]))


@pytest.mark.parametrize(
    ("sw3", "check"),
    [
        (0x90, "94"), (0x10, "14"), (0x11, "15"), (0x21, "25"), (0x24, "20"), (0x31, "35"), (0x32, "36"), (0x33, "37"),
        (0x40, "44"), (0x41, "45"), (0x47, "43"), (0x60, "64"), (0x66, "62"), (0x80, "84"), (0x81, "85"), (0x91, "95"),
    ],
)  # fmt: skip
def test_bare_replies_as_published(sw3: int, check: str) -> None:
    wire = bytes.fromhex(f"{HEAD} 00 04 00 00 {sw3:02X} {check}")
    assert sam.encode_reply(Reply(sw3)) == wire
    assert sam.reply_reader().feed(wire) == [Reply(sw3)]
    assert Reply(sw3).sw is Sw(sw3)


@pytest.mark.parametrize(
    ("reply", "frame"),
    [
        (Reply(Sw.FOUND, bytes(4)), "00 08 00 00 9F 00 00 00 00 97"),
        (Reply(Sw.DONE, bytes(8)), "00 0C 00 00 90 00 00 00 00 00 00 00 00 9C"),
        (
            Reply(Sw.DONE, sam.encode_sam_id(SAM_ID)),
            "00 14 00 00 90 05 00 03 00 A5 3A 34 01 87 D6 12 00 B1 CB 74 00 65",
        ),
    ],
)
def test_replies_with_data_as_published(reply: Reply, frame: str) -> None:
    wire = bytes.fromhex(HEAD + frame)
    assert sam.encode_reply(reply) == wire
    assert sam.reply_reader().feed(wire) == [reply]


def test_the_sam_id_is_printed_as_vendors_print_it() -> None:
    assert sam.sam_id(bytes.fromhex("05 00 03 00 A5 3A 34 01 87 D6 12 00 B1 CB 74 00")) == SAM_ID
    assert sam.sam_id(bytes(15)) is None


@pytest.mark.parametrize(
    ("fingerprint", "length", "check", "total"),
    [(1024, "09 0A", 0x0C, 2321), (512, "07 0A", 0x04, 1809), (0, "05 0A", 0x04, 1297)],
)
def test_card_data_with_fingerprint_as_published(fingerprint: int, length: str, check: int, total: int) -> None:
    card = CardData(card_blocks.CITIZEN, bytes(1024), bytes(fingerprint))
    wire = sam.encode_reply(Reply(Sw.DONE, sam.encode_card_data(card, with_fingerprint=True)))
    head = f"{HEAD} {length} 00 00 90 01 00 04 00 {fingerprint >> 8:02X} 00"
    assert wire[:16] == bytes.fromhex(head)
    assert (wire[-1], len(wire)) == (check, total)
    (reply,) = sam.reply_reader().feed(wire)
    assert isinstance(reply, Reply)
    assert sam.parse_card_data(reply.data, with_fingerprint=True) == card


@given(st.binary(max_size=3000), st.booleans())
def test_card_data_of_any_bytes_adds_up_or_is_refused(data: bytes, with_fingerprint: bool) -> None:
    parts = sam.parse_card_data(data, with_fingerprint=with_fingerprint)
    if parts is not None:
        assert sam.encode_card_data(parts, with_fingerprint=with_fingerprint) == data


def test_a_reply_never_shows_its_data() -> None:
    assert "abc" not in repr(Reply(Sw.DONE, b"abc"))
    assert "abc" not in repr(CardData(b"abc", b"abc", b"abc"))


# ---- any bytes, any cut

replies = st.builds(Reply, st.integers(0, 255), st.binary(max_size=300), st.integers(0, 255), st.integers(0, 255))
requests = st.builds(Request, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=40))
starts = st.sampled_from([sam.PREAMBLE, sam.PREAMBLE[:3], sam.PREAMBLE + b"\xff\xff", sam.PREAMBLE + b"\x09\x0a"])
junk = st.lists(st.binary(max_size=60) | starts, max_size=30).map(b"".join)


@given(junk, piece_sizes)
def test_any_bytes_are_accounted_for_and_little_is_held(data: bytes, sizes: list[int]) -> None:
    for reader, longest in ((sam.reply_reader(), sam.LONGEST_REPLY), (sam.request_reader(), sam.LONGEST_REQUEST)):
        given_out = b""
        for chunk in cut(data, sizes):
            given_out += b"".join(_wire(piece) for piece in reader.feed(chunk))
            assert reader.held < longest
        assert given_out == data[: len(data) - reader.held]
        given_out += b"".join(_wire(piece) for piece in reader.quiet())
        assert given_out == data
        assert reader.held == 0


def test_a_long_false_frame_never_makes_it_hold_more_than_one_frame() -> None:
    reader = sam.reply_reader()
    flood = (sam.PREAMBLE + b"\x09\x0a") * 400
    given_out = 0
    for chunk in cut(flood, [1000]):
        given_out += sum(len(_wire(piece)) for piece in reader.feed(chunk))
        assert reader.held < sam.LONGEST_REPLY
    assert given_out + reader.held == len(flood)


@given(st.lists(replies | st.sampled_from([Noise(b"\x00\x11\x22")]), max_size=6), piece_sizes)
def test_how_the_wire_cuts_replies_does_not_matter(sent: list[Reply | Noise], sizes: list[int]) -> None:
    wire = b"".join(_wire(piece) for piece in sent)
    found = _feed(sam.reply_reader(), wire, sizes)
    assert [piece for piece in found if isinstance(piece, Reply)] == [p for p in sent if isinstance(p, Reply)]
    assert b"".join(_wire(piece) for piece in found) == wire


@given(st.lists(requests, max_size=6), piece_sizes)
def test_how_the_wire_cuts_requests_does_not_matter(sent: list[Request], sizes: list[int]) -> None:
    wire = b"".join(sam.encode_raw_request(request) for request in sent)
    assert _feed(sam.request_reader(), wire, sizes) == sent


@given(replies, st.integers(0, 10_000), st.integers(0, 7))
def test_one_wrong_bit_is_never_taken_for_the_same_reply(reply: Reply, place: int, bit: int) -> None:
    wire = bytearray(sam.encode_reply(reply))
    wire[place % len(wire)] ^= 1 << bit
    assert reply not in _feed(sam.reply_reader(), bytes(wire), [])


@given(replies, st.integers(0, 300))
def test_half_a_reply_does_not_swallow_the_next_one_once_the_line_was_quiet(reply: Reply, kept: int) -> None:
    wire = sam.encode_reply(reply)
    reader = sam.reply_reader()
    reader.feed(wire[: min(kept, len(wire) - 1)])
    reader.quiet()
    assert reply in reader.feed(wire)


def test_a_whole_reply_inside_a_false_long_one_is_found_when_the_line_goes_quiet() -> None:
    reader = sam.reply_reader()
    assert reader.feed(sam.PREAMBLE + b"\x09\x0a" + sam.encode_reply(Reply(Sw.DONE))) == []
    assert Reply(Sw.DONE) in reader.quiet()


def _feed(reader: Hunter, wire: bytes, sizes: list[int]) -> list:
    return [piece for chunk in cut(wire, sizes) for piece in reader.feed(chunk)]


def _wire(piece: Reply | Request | Noise) -> bytes:
    if isinstance(piece, Reply):
        return sam.encode_reply(piece)
    return sam.encode_raw_request(piece) if isinstance(piece, Request) else piece.raw
