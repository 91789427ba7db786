"""IPP bytes: the standard's own example, any bytes at all, and an independent reader and writer."""

import struct
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyipp.enums import IppOperation
from pyipp.parser import parse
from pyipp.serializer import encode_dict

from hardware.codecs import ipp
from hardware.codecs.ipp import Group, Message, NotIppError, Operation, Section, StatusCode, Tag, Value, decode, encode


def field(tag: int, name: bytes, value: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


# RFC 8010, appendix A.1: a Print-Job request.
PRINT_JOB = (
    bytes.fromhex("0101 0002 00000001 01")
    + field(0x47, b"attributes-charset", b"utf-8")
    + field(0x48, b"attributes-natural-language", b"en-us")
    + field(0x45, b"printer-uri", b"ipp://printer.example.com/ipp/print/pinetree")
    + field(0x42, b"job-name", b"foobar")
    + field(0x22, b"ipp-attribute-fidelity", b"\x01")
    + b"\x02"
    + field(0x21, b"copies", bytes.fromhex("00000014"))
    + field(0x44, b"sides", b"two-sided-long-edge")
    + b"\x03%!PDF..."
)
# RFC 8010 §3.1.6 and appendix A.6: a collection, its members named by values.
MEDIA_COL = (
    bytes.fromhex("0101 0002 00000001 02")
    + field(0x34, b"media-col", b"")
    + field(0x4A, b"", b"media-size")
    + field(0x34, b"", b"")
    + field(0x4A, b"", b"x-dimension")
    + field(0x21, b"", bytes.fromhex("00005208"))
    + field(0x4A, b"", b"y-dimension")
    + field(0x21, b"", bytes.fromhex("00007404"))
    + field(0x37, b"", b"")
    + field(0x4A, b"", b"media-type")
    + field(0x44, b"", b"stationery")
    + field(0x37, b"", b"")
    + b"\x03"
)


def test_the_standards_print_job_is_read_and_written_to_the_byte() -> None:
    message = decode(PRINT_JOB)
    assert (message.code, message.request_id, message.version) == (Operation.PRINT_JOB, 1, (1, 1))
    assert message.document == b"%!PDF..."
    assert message.first(Section.OPERATION).text("job-name") == "foobar"
    assert message.first(Section.OPERATION).yes("ipp-attribute-fidelity") is True
    assert message.first(Section.JOB).number("copies") == 20
    assert encode(message) == PRINT_JOB


def test_a_collection_is_read_and_written_to_the_byte() -> None:
    (value,) = decode(MEDIA_COL).first(Section.JOB).values("media-col")
    assert isinstance(value.body, Mapping)
    (size,) = value.body["media-size"]
    assert isinstance(size.body, Mapping)
    assert (size.body["x-dimension"], size.body["y-dimension"]) == (ipp.whole(21000), ipp.whole(29700))
    assert value.body["media-type"] == ipp.keywords("stationery")
    assert encode(decode(MEDIA_COL)) == MEDIA_COL


def test_text_with_a_language_is_its_text() -> None:
    raw = struct.pack(">H", 2) + b"zh" + struct.pack(">H", 6) + "暖亭".encode()
    data = bytes.fromhex("0200 0000 00000001 04") + field(0x35, b"printer-info", raw) + b"\x03"
    assert decode(data).first(Section.PRINTER).text("printer-info") == "暖亭"


@pytest.mark.parametrize(
    "rest",
    [
        b"",  # no end
        b"\x42\x00\x01a\x00\x00\x03",  # an attribute outside every group
        b"\x01\x42\x00\x00\x00\x00\x03",  # a further value of nothing
        b"\x01\x42\x00\x01a\xff\xfa\x03",  # a length of -6: points back at its own beginning
        b"\x01\x42\xff\xff\x00\x00\x03",  # a name of negative length
        b"\x01\x42\x00\x01a\xff\xfa" + b"x" * 0xFFFA + b"\x03",  # the same, with bytes to be taken for the value
        b"\x01\x21\x00\x01a\x00\x02\x00\x00\x03",  # a number of two bytes
        b"\x01\x22\x00\x01a\x00\x02\x00\x00\x03",  # a yes or no of two bytes
        b"\x01\x33\x00\x01a\x00\x04\x00\x00\x00\x00\x03",  # a range of four bytes
        b"\x01\x37\x00\x01a\x00\x00\x03",  # the end of no collection
        b"\x01\x34\x00\x01a\x00\x00\x03",  # a collection that does not end
        b"\x01\x42\x00\x01a\x00\x09abc\x03",  # a value longer than the message
        b"\x01" + b"\x34\x00\x01a\x00\x00" + b"\x4a\x00\x00\x00\x01m\x34\x00\x00\x00\x00" * 5000,  # a tower of them
    ],
)
def test_what_breaks_the_encoding_is_refused(rest: bytes) -> None:
    with pytest.raises(NotIppError):
        decode(bytes.fromhex("0200 0000 00000001") + rest)


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_message_or_refused(junk: bytes) -> None:
    try:
        message = decode(junk)
    except NotIppError:
        return
    assert junk.endswith(message.document)


@given(st.data())
def test_a_message_with_a_hole_in_it_is_a_message_or_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([PRINT_JOB, MEDIA_COL]))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    torn = whole[:start] + data.draw(st.binary(max_size=12)) + whole[end:]
    try:
        decode(torn)
    except NotIppError:
        return


@given(st.integers(0, len(PRINT_JOB) - len(b"\x03%!PDF...") - 1))
def test_a_message_cut_before_its_end_is_refused(length: int) -> None:
    with pytest.raises(NotIppError):
        decode(PRINT_JOB[:length])


_words = st.text(max_size=40)
_plain = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), st.integers(-(2**31), 2**31 - 1)),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.sampled_from([Tag.NAME, Tag.TEXT, Tag.KEYWORD, Tag.URI, Tag.MIME_TYPE]), _words),
    st.builds(Value, st.sampled_from([Tag.OCTETS, Tag.DATE, Tag.RESOLUTION]), st.binary(max_size=40)),
    st.builds(Value, st.just(Tag.RANGE), st.tuples(st.integers(-9, 9), st.integers(-9, 9))),
    st.builds(Value, st.sampled_from([Tag.NO_VALUE, Tag.UNKNOWN, Tag.UNSUPPORTED]), st.none()),
)


def _members(of: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    inside = st.dictionaries(st.text("abc-", min_size=1, max_size=9), st.lists(of, min_size=1, max_size=3).map(tuple))
    return st.builds(Value, st.just(Tag.COLLECTION), inside)


_values = st.recursive(_plain, _members, max_leaves=6)
_attributes = st.dictionaries(st.text("abcdef-", min_size=1), st.lists(_values, min_size=1, max_size=4).map(tuple))
_groups = st.builds(Group, st.sampled_from([Section.OPERATION, Section.JOB, Section.PRINTER]), _attributes)
_messages = st.builds(
    Message,
    st.sampled_from([*Operation, *StatusCode]),
    st.integers(0, 2**32 - 1),
    st.lists(_groups, max_size=4).map(tuple),
    st.sampled_from([(1, 1), (2, 0)]),
    st.binary(max_size=60),
)


@given(_messages)
def test_what_is_written_is_read_again(message: Message) -> None:
    assert decode(encode(message)) == message


def test_what_the_encoding_cannot_carry_is_our_mistake() -> None:
    for group in (
        Group(Section.JOB, {"name": ipp.name("x" * 40_000)}),
        Group(Section.JOB, {"": ipp.name("x")}),
        Group(Section.JOB, {"name": ()}),
        Group(Section.JOB, {"name": (Value(Tag.NAME, None),)}),
        Group(Section.END, {}),
    ):
        with pytest.raises(ValueError, match=r".+"):
            encode(Message(0, 1, (group,)))


def test_another_writers_request_is_read() -> None:
    asked = {
        "version": (2, 0),
        "operation": IppOperation.GET_JOBS,
        "request-id": 7,
        "operation-attributes-tag": {
            "attributes-charset": "utf-8",
            "which-jobs": "all",
            "requested-attributes": ["a", "b"],
        },
    }
    message = decode(encode_dict(asked))
    assert (message.code, message.request_id) == (Operation.GET_JOBS, 7)
    assert message.first(Section.OPERATION).texts("requested-attributes") == ("a", "b")


def test_another_reader_reads_our_answer() -> None:
    job = Group(Section.JOB, {"job-id": ipp.whole(3), "job-name": ipp.name("纸-3"), "job-state": ipp.enums(9)})
    printer = Group(Section.PRINTER, {"printer-state-reasons": ipp.keywords("media-low-report", "toner-low-report")})
    told = parse(encode(Message(StatusCode.OK, 5, (Group(Section.OPERATION, ipp.opening()), job, job, printer))))
    assert [(each["job-id"], each["job-name"], each["job-state"].value) for each in told["jobs"]] == [
        (3, "纸-3", 9)
    ] * 2
    assert told["printers"] == [{"printer-state-reasons": ["media-low-report", "toner-low-report"]}]


def test_reasons_lose_their_suffix_and_none() -> None:
    assert ipp.reasons(["none"]) == frozenset()
    assert ipp.reasons(["media-empty-error", "media-empty-report", " Toner-Low-warning", "other"]) == {
        "media-empty",
        "toner-low",
        "other",
    }


@given(st.text(max_size=200))
def test_pairs_of_any_text_are_survived(text: str) -> None:
    assert all(isinstance(value, str) for value in ipp.keyed(text).values())


def test_pairs_are_read() -> None:
    assert ipp.keyed("type=unRemovableBin;MaxCapacity=50;junk;remaining=-2;") == {
        "type": "unRemovableBin",
        "maxcapacity": "50",
        "remaining": "-2",
    }


def test_a_message_shows_nothing_of_what_is_in_it() -> None:
    assert "foobar" not in repr(decode(PRINT_JOB))
    assert "PDF" not in repr(decode(PRINT_JOB))
