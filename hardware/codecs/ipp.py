"""Bytes of the Internet Printing Protocol to messages and back; used by the printer's driver and by its twin.

Sources: RFC 8010 §3 (encoding), RFC 8011 §4–5 and appendix B (operations, attributes, status codes), PWG 5100.13 §5.6
(trays as `key=value;` octet strings). IPP rides in HTTP bodies, so a whole body is decoded at once; its length is
bounded by whoever read it, and the work and memory in here are bounded by that length.
"""

import enum
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

DEEPEST = 8
"""Collections within collections; RFC 8010 sets no limit, real ones have three."""
LONGEST_VALUE = 32767
"""Bytes of a name or value: the length is a signed 16-bit number and must not be negative (RFC 8010 §3.1.3)."""


class NotIppError(ValueError):
    """The bytes are not an IPP message; the text names the rule and quotes nothing of the content."""


class Operation(enum.IntEnum):
    """Operation ids (RFC 8011 §5.4.15)."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class StatusCode(enum.IntEnum):
    """Status codes that either end of ours uses (RFC 8011 appendix B). 0x0000–0x00FF are successes."""

    OK = 0x0000
    OK_IGNORED = 0x0001
    BAD_REQUEST = 0x0400
    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    TOO_LARGE = 0x0408
    FORMAT_NOT_SUPPORTED = 0x040A
    VALUES_NOT_SUPPORTED = 0x040B
    FORMAT_ERROR = 0x0411
    INTERNAL_ERROR = 0x0500
    OPERATION_NOT_SUPPORTED = 0x0501
    UNAVAILABLE = 0x0502
    VERSION_NOT_SUPPORTED = 0x0503
    DEVICE_ERROR = 0x0504
    NOT_ACCEPTING = 0x0506
    BUSY = 0x0507


class Section(enum.IntEnum):
    """Delimiter tags that open a group of attributes, and the one that ends them (RFC 8010 §3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(enum.IntEnum):
    """Value tags (RFC 8010 §3.5.2)."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_LANGUAGE = 0x35
    NAME_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


_DELIMITERS = range(0x00, 0x10)
_OUT_OF_BAND = range(0x10, 0x20)
_STRINGS = range(0x40, 0x60)
_NUMBERS = (Tag.INTEGER, Tag.ENUM)
_WITH_LANGUAGE = (Tag.TEXT_LANGUAGE, Tag.NAME_LANGUAGE)

Body: TypeAlias = "int | bool | str | bytes | tuple[int, int] | Attributes | None"
"""What a value holds: a number, a yes or no, text, raw bytes (octet strings, dates, resolutions, anything unknown),
a range, nothing (out of band: unsupported, unknown, no-value), or the members of a collection."""


@dataclass(frozen=True)
class Value:
    """One value with its tag. Never shown by repr: a job's name or a printer's place may be in it."""

    tag: int
    body: Body = field(repr=False)


Attributes: TypeAlias = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Group:
    """One group of attributes: the operation's, one job's, the printer's."""

    section: int
    attributes: Attributes = field(repr=False)

    def values(self, name: str) -> tuple[Value, ...]:
        """The values of one attribute, none when it is absent."""
        return self.attributes.get(name, ())

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of one attribute that are text, however many there are; octet strings read as UTF-8."""
        found: list[str] = []
        for value in self.values(name):
            if isinstance(value.body, str):
                found.append(value.body)
            elif isinstance(value.body, bytes) and value.tag == Tag.OCTETS:
                found.append(value.body.decode("utf-8", "replace"))
        return tuple(found)

    def numbers(self, name: str) -> tuple[int, ...]:
        """The values of one attribute that are whole numbers or enums."""
        return tuple(v.body for v in self.values(name) if isinstance(v.body, int) and not isinstance(v.body, bool))

    def number(self, name: str) -> int | None:
        """The first whole number of one attribute."""
        return next(iter(self.numbers(name)), None)

    def text(self, name: str) -> str | None:
        """The first text of one attribute."""
        return next(iter(self.texts(name)), None)

    def yes(self, name: str) -> bool | None:
        """The first yes or no of one attribute."""
        return next((v.body for v in self.values(name) if isinstance(v.body, bool)), None)


@dataclass(frozen=True)
class Message:
    """A request (code is an operation) or an answer (code is a status), and the document that follows it."""

    code: int
    request_id: int
    groups: tuple[Group, ...]
    version: tuple[int, int] = (2, 0)
    document: bytes = field(default=b"", repr=False)

    def of(self, section: Section) -> tuple[Group, ...]:
        """The groups of one kind, in the order sent."""
        return tuple(group for group in self.groups if group.section == section)

    def first(self, section: Section) -> Group:
        """The first group of one kind, an empty one when there is none."""
        return next(iter(self.of(section)), Group(section, {}))


def is_success(code: int) -> bool:
    """Whether a status code says the request was carried out."""
    return 0 <= code <= 0x00FF


def whole(*numbers: int) -> tuple[Value, ...]:
    return tuple(Value(Tag.INTEGER, number) for number in numbers)


def enums(*numbers: int) -> tuple[Value, ...]:
    return tuple(Value(Tag.ENUM, number) for number in numbers)


def keywords(*words: str) -> tuple[Value, ...]:
    return tuple(Value(Tag.KEYWORD, word) for word in words)


def name(word: str) -> tuple[Value, ...]:
    return (Value(Tag.NAME, word),)


def yes(answer: bool) -> tuple[Value, ...]:
    return (Value(Tag.BOOLEAN, answer),)


def octets(*texts: str) -> tuple[Value, ...]:
    return tuple(Value(Tag.OCTETS, text.encode()) for text in texts)


def opening(**more: tuple[Value, ...]) -> dict[str, tuple[Value, ...]]:
    """The two attributes every message begins with, in their required order (RFC 8011 §4.1.4), then `more`."""
    return {
        "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
        "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
        **{key.replace("_", "-"): value for key, value in more.items()},
    }


def keyed(text: str) -> dict[str, str]:
    """The pairs of a `key=value;key=value;` string (PWG 5100.13 §5.6: trays, supplies); what has no `=` is left out."""
    pairs = (piece.partition("=") for piece in text.split(";"))
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def encode(message: Message) -> bytes:
    """The message's bytes. Raises ValueError for what the encoding cannot carry (our bug)."""
    out = bytearray(struct.pack(">BBHI", *message.version, message.code, message.request_id))
    for group in message.groups:
        if group.section not in _DELIMITERS or group.section == Section.END:
            raise ValueError("not a group's tag")
        out.append(group.section)
        _put_attributes(out, group.attributes)
    out.append(Section.END)
    return bytes(out) + message.document


def _put_attributes(out: bytearray, attributes: Attributes) -> None:
    for key, values in attributes.items():
        if not key or not values:
            raise ValueError("an attribute needs a name and a value")
        label = key
        for value in values:
            _put_value(out, label, value)
            label = ""  # a further value of the same attribute has no name (RFC 8010 §3.1.5)


def _put_value(out: bytearray, label: str, value: Value) -> None:
    body = value.body
    if value.tag == Tag.COLLECTION:
        if not isinstance(body, Mapping):
            raise ValueError("a collection needs members")
        _put_field(out, Tag.COLLECTION, label, b"")
        for member, values in body.items():
            _put_field(out, Tag.MEMBER_NAME, "", member.encode())
            for each in values:
                _put_value(out, "", each)
        _put_field(out, Tag.END_COLLECTION, "", b"")
        return
    _put_field(out, value.tag, label, _bytes_of(value.tag, body))


def _bytes_of(tag: int, body: Body) -> bytes:
    if isinstance(body, bool):
        return bytes([body])
    if isinstance(body, int):
        return struct.pack(">i", body)
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    if isinstance(body, tuple):
        return struct.pack(">ii", *body)
    if body is None and tag in _OUT_OF_BAND:
        return b""
    raise ValueError("that tag cannot hold that value")


def _put_field(out: bytearray, tag: int, label: str, body: bytes) -> None:
    raw = label.encode()
    if len(raw) > LONGEST_VALUE or len(body) > LONGEST_VALUE:
        raise ValueError("a name or value is longer than the encoding carries")
    out += struct.pack(">BH", tag, len(raw)) + raw + struct.pack(">H", len(body)) + body


@dataclass
class _Cursor:
    """A place in the bytes that only moves forward."""

    data: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise NotIppError("the message ends in the middle of a field")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def byte(self) -> int:
        return self.take(1)[0]

    def field(self) -> bytes:
        length = int.from_bytes(self.take(2), "big")
        if length > LONGEST_VALUE:
            raise NotIppError("a length is negative")
        return self.take(length)


def decode(data: bytes) -> Message:
    """The message in these bytes. Raises NotIppError for anything else; no other exception, whatever the bytes are."""
    cursor = _Cursor(data)
    major, minor, code, request_id = struct.unpack(">BBHI", cursor.take(8))
    groups: list[Group] = []
    tag = cursor.byte()
    while tag != Section.END:
        if tag not in _DELIMITERS:
            raise NotIppError("an attribute stands outside every group")
        attributes, following = _take_attributes(cursor)
        groups.append(Group(tag, attributes))
        tag = following
    return Message(code, request_id, tuple(groups), (major, minor), data[cursor.at :])


def _take_attributes(cursor: _Cursor) -> tuple[Attributes, int]:
    """The attributes up to the next delimiter, and that delimiter. A name that comes again replaces the first."""
    gathered: dict[str, list[Value]] = {}
    current: list[Value] | None = None
    while (tag := cursor.byte()) not in _DELIMITERS:
        label = _text(cursor.field())
        if label:
            current = gathered[label] = []
        elif current is None:
            raise NotIppError("a further value comes before any attribute")
        current.append(_take_value(cursor, tag, 0))
    return {key: tuple(values) for key, values in gathered.items()}, tag


def _take_value(cursor: _Cursor, tag: int, depth: int) -> Value:
    raw = cursor.field()
    if tag in (Tag.END_COLLECTION, Tag.MEMBER_NAME):
        raise NotIppError("a piece of a collection stands outside one")
    if tag == Tag.COLLECTION:
        return Value(tag, _take_members(cursor, depth + 1))
    return Value(tag, _body_of(tag, raw))


def _take_members(cursor: _Cursor, depth: int) -> Attributes:
    if depth > DEEPEST:
        raise NotIppError("collections are nested too deep")
    members: dict[str, list[Value]] = {}
    current: list[Value] | None = None
    while (tag := cursor.byte()) != Tag.END_COLLECTION:
        if tag in _DELIMITERS:
            raise NotIppError("a group begins inside a collection")
        if cursor.field():
            raise NotIppError("a collection's member carries a name of its own")
        if tag == Tag.MEMBER_NAME:
            current = members.setdefault(_text(cursor.field()), [])
        elif current is None:
            raise NotIppError("a collection's value comes before its member name")
        else:
            current.append(_take_value(cursor, tag, depth))
    cursor.field()  # the end's own name and value, both empty (RFC 8010 §3.1.6)
    cursor.field()
    return {key: tuple(values) for key, values in members.items() if values}


def _body_of(tag: int, raw: bytes) -> Body:
    if tag in _NUMBERS:
        if len(raw) != 4:
            raise NotIppError("a number is not four bytes long")
        return int.from_bytes(raw, "big", signed=True)
    if tag == Tag.BOOLEAN:
        if len(raw) != 1:
            raise NotIppError("a yes or no is not one byte long")
        return raw != b"\x00"
    if tag == Tag.RANGE:
        if len(raw) != 8:
            raise NotIppError("a range is not eight bytes long")
        low, high = struct.unpack(">ii", raw)
        return int(low), int(high)
    if tag in _OUT_OF_BAND:
        return None
    if tag in _WITH_LANGUAGE:
        inner = _Cursor(raw)
        inner.field()  # the language; we only ever show the text
        return _text(inner.field())
    if tag in _STRINGS:
        return _text(raw)
    return raw


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def reasons(words: Iterable[str]) -> frozenset[str]:
    """State reasons without their severity, without "none".

    A printer rewrites the suffix by its own state (the same `media-empty` is -error, -warning or -report), so only
    the word before it means anything.
    """
    bare = (word.strip().lower() for word in words)
    cut = (word.removesuffix("-error").removesuffix("-warning").removesuffix("-report") for word in bare)
    return frozenset(word for word in cut if word and word != "none")
