"""The 256-byte text block of the four identity cards, both ways: UTF-16LE fields at fixed places, padded with spaces.

Byte 248 tells the kind: space (or 0) citizen, `J` Hong Kong/Macao/Taiwan permit, `I` foreigner's card of 2017, `Y` of
2023. Offsets: three independent open drivers agree on them; what the `Y` link field means rests on one.
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass, field, fields
from typing import assert_never

from hardware.api.card_words import ALPHA_3, NUMERIC
from hardware.api.id_card import CardKind, Holder
from hardware.api.identity_number import check_digit_731

TEXT_SIZE = 256
ADDRESS_SIZE = 70
"""One record of the additional address: 35 UTF-16 units."""
KIND_AT = 248
FOR_EVER = "长期"
UNIT = 2


@dataclass(frozen=True)
class CardText:
    """The fields of a text block as they stand on the card, without their padding. Shown by no repr."""

    kind: CardKind
    name: str = field(default="", repr=False)
    sex: str = field(default="", repr=False)
    nation: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)  # YYYYMMDD
    address: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    valid_from: str = field(default="", repr=False)
    valid_to: str = field(default="", repr=False)  # YYYYMMDD or 长期
    english_name: str = field(default="", repr=False)
    nationality: str = field(default="", repr=False)  # alpha-3 on the card of 2017, three digits on that of 2023
    permit_number: str = field(default="", repr=False)
    issue_count: str = field(default="", repr=False)  # times issued (J) or renewed (Y)
    card_version: str = field(default="", repr=False)
    authority: str = field(default="", repr=False)  # of the 2017 card
    link: str = field(default="", repr=False)  # three characters that lead back to the 15-character number


@dataclass(frozen=True)
class _Place:
    """Where a field lies. `rest` is where a field too long for its place goes on."""

    name: str
    at: int
    size: int
    rest: tuple[int, int] | None = None


_COMMON = (_Place("name", 0, 30), _Place("sex", 30, 2), _Place("birth", 36, 16), _Place("number", 122, 36))
_DATES = (_Place("valid_from", 188, 16), _Place("valid_to", 204, 16))
_HOME = (_Place("address", 52, 70), _Place("issuer", 158, 30))
_LAYOUTS: dict[CardKind, tuple[_Place, ...]] = {
    CardKind.CITIZEN: (*_COMMON, _Place("nation", 32, 4), *_HOME, *_DATES),
    CardKind.HMT_PERMIT: (
        *_COMMON,
        *_HOME,
        *_DATES,
        _Place("permit_number", 220, 18),
        _Place("issue_count", 238, 4),
    ),
    CardKind.FOREIGNER_2017: (
        _Place("english_name", 0, 120),
        _Place("sex", 120, 2),
        _Place("number", 122, 30),
        _Place("nationality", 152, 6),
        _Place("name", 158, 30),
        *_DATES,
        _Place("birth", 220, 16),
        _Place("card_version", 236, 4),
        _Place("authority", 240, 8),
    ),
    CardKind.FOREIGNER_2023: (
        *_COMMON,
        _Place("issue_count", 32, 4),
        _Place("english_name", 52, 70, rest=(220, 22)),
        *_DATES,
        _Place("nationality", 242, 6),
        _Place("link", 250, 6),
    ),
}
_MARKS: dict[CardKind, str] = {
    CardKind.CITIZEN: " ",
    CardKind.HMT_PERMIT: "J",
    CardKind.FOREIGNER_2017: "I",
    CardKind.FOREIGNER_2023: "Y",
}
_KINDS = {mark: kind for kind, mark in _MARKS.items()} | {"\0": CardKind.CITIZEN}


def encode_text(card: CardText) -> bytes:
    """The text block. Raises ValueError for a field that does not fit, or that this kind of card does not have."""
    block = bytearray(" ".encode("utf-16-le") * (TEXT_SIZE // UNIT))
    layout = _LAYOUTS[card.kind]
    known = {place.name for place in layout} | {"kind"}
    strangers = [each.name for each in fields(card) if each.name not in known and getattr(card, each.name)]
    if strangers:
        raise ValueError(f"{card.kind} has no {', '.join(strangers)}")
    block[KIND_AT : KIND_AT + UNIT] = _MARKS[card.kind].encode("utf-16-le")
    for place in layout:
        raw = getattr(card, place.name).encode("utf-16-le")
        more = b""
        if place.rest is not None and len(raw) > place.size:
            raw, more = raw[: place.size], raw[place.size :]
            block[place.rest[0] : place.rest[0] + len(more)] = more
        if len(raw) > place.size or (place.rest is not None and len(more) > place.rest[1]):
            raise ValueError(f"{place.name} is too long for the card")
        block[place.at : place.at + len(raw)] = raw
    return bytes(block)


def parse_text(block: bytes) -> CardText | None:
    """The fields of a text block; None when it makes no sense (size, kind, broken UTF-16, control characters)."""
    if len(block) != TEXT_SIZE:
        return None
    kind = _KINDS.get(chr(int.from_bytes(block[KIND_AT : KIND_AT + UNIT], "little")))
    if kind is None:
        return None
    values: dict[str, str] = {}
    for place in _LAYOUTS[kind]:
        raw = block[place.at : place.at + place.size]
        if place.rest is not None:
            raw += block[place.rest[0] : place.rest[0] + place.rest[1]]
        value = _field(raw)
        if value is None:
            return None
        values[place.name] = value
    return CardText(kind, **values)


def holder_of(card: CardText, *, photo_wlt: bytes = b"", additional_address: str = "") -> Holder | None:
    """Who the card says its holder is; None when it gives no name or no number at all."""
    name = card.name or card.english_name
    if not name or not card.number:
        return None
    holder = Holder(
        kind=card.kind,
        name=name,
        number=card.number,
        sex=card.sex,
        birth=day(card.birth),
        nation=card.nation,
        address=card.address,
        issuer=card.issuer,
        valid_from=day(card.valid_from),
        valid_to=day(card.valid_to),
        valid_for_ever=card.valid_to == FOR_EVER,
        english_name=card.english_name,
        nationality=ALPHA_3.get(card.nationality, card.nationality),
        permit_number=card.permit_number,
        old_number=_old_number_of(card),
        additional_address=additional_address,
        photo_wlt=photo_wlt,
    )
    return holder


def day(yyyymmdd: str) -> dt.date | None:
    """The day, or None where there is none or an impossible one."""
    if len(yyyymmdd) != 8 or not (yyyymmdd.isascii() and yyyymmdd.isdigit()):
        return None
    try:
        return dt.date(int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:]))
    except ValueError:
        return None


def old_number(country: str, number: str, link: str) -> str:
    """The 15-character number of a 2017 card from a 2023 card's; "" where it cannot be made.

    `country` is alpha-3: country + number[1:3] + link[0:2] + number[8:14] (YYMMDD) + link[2] + check digit (7-3-1).
    One open driver is the only source; its example is a test vector.
    """
    parts = number + link
    if len(number) != 18 or len(link) != 3 or country not in NUMERIC or not parts.isascii() or not parts[:17].isdigit():
        return ""
    if not link.isalnum() or not link.upper() == link:
        return ""
    body = country + number[1:3] + link[:2] + number[8:14] + link[2]
    return body + check_digit_731(body)


def encode_addresses(addresses: tuple[str, ...]) -> bytes:
    """Additional addresses as records of 70 bytes. Raises ValueError for one that does not fit."""
    records = [address.encode("utf-16-le") for address in addresses]
    if any(len(record) > ADDRESS_SIZE for record in records):
        raise ValueError("an additional address has at most 35 UTF-16 units")
    return b"".join(record + b" \0" * ((ADDRESS_SIZE - len(record)) // UNIT) for record in records)


def parse_addresses(data: bytes) -> tuple[str, ...] | None:
    """The additional addresses, oldest first; None when the bytes are not whole records of readable text."""
    if len(data) % ADDRESS_SIZE:
        return None
    found = [_field(data[at : at + ADDRESS_SIZE]) for at in range(0, len(data), ADDRESS_SIZE)]
    if any(address is None for address in found):
        return None
    return tuple(address for address in found if address)


def _old_number_of(card: CardText) -> str:
    match card.kind:
        case CardKind.FOREIGNER_2023:
            # The card's own country field first; the number holds the same three digits.
            country = ALPHA_3.get(card.nationality) or ALPHA_3.get(card.number[3:6], "")
            return old_number(country, card.number, card.link)
        case CardKind.CITIZEN | CardKind.HMT_PERMIT | CardKind.FOREIGNER_2017:
            return ""
        case _ as never:
            assert_never(never)


def _field(raw: bytes) -> str | None:
    """The text of one field without its padding; None for broken UTF-16 or control characters inside."""
    try:
        text = raw.decode("utf-16-le")
    except UnicodeDecodeError:
        return None
    text = text.strip(" \0\u3000")  # readers pad with spaces; blank fields of some are zeros
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
        return None
    return text
