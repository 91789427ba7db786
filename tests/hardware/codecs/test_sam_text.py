"""The four text layouts both ways, on published blocks and on anything."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.api.id_card import CardKind, Holder
from hardware.codecs import sam, sam_text
from hardware.codecs.sam import CardData, Reply, Sw
from hardware.codecs.sam_text import CardText
from tests.hardware.codecs import card_blocks

ADDRESS = "上海市测试区样例路1号"
ISSUER = "上海市公安局测试分局"

TEXTS = {
    card_blocks.CITIZEN: CardText(
        CardKind.CITIZEN,
        name="测试一",
        sex="2",
        nation="01",
        birth="19900307",
        address=ADDRESS,
        number="310199199003070022",
        issuer=ISSUER,
        valid_from="20200101",
        valid_to="20400101",
    ),
    card_blocks.HMT: CardText(
        CardKind.HMT_PERMIT,
        name="测试二",
        sex="1",
        birth="19900307",
        address=ADDRESS,
        number="830000199003070019",
        issuer=ISSUER,
        valid_from="20200101",
        valid_to="20250101",
        permit_number="T12345678",
        issue_count="01",
    ),
    card_blocks.FOREIGNER_2017: CardText(
        CardKind.FOREIGNER_2017,
        english_name="SAMPLE, TEST PERSON",
        sex="1",
        number="GBR310090030701",
        nationality="GBR",
        valid_from="20200101",
        valid_to="20300101",
        birth="19900307",
        card_version="01",
        authority="1500",
    ),
    card_blocks.FOREIGNER_2023: CardText(
        CardKind.FOREIGNER_2023,
        sex="1",
        issue_count="01",
        birth="19900307",
        english_name="SAMPLE, TEST PERSON",
        number="931826199003070010",
        valid_from="20240101",
        valid_to="20340101",
        nationality="826",
        link="000",
    ),
}


@pytest.mark.parametrize("block", TEXTS, ids=["citizen", "hmt", "2017", "2023"])
def test_blocks_as_published_both_ways(block: bytes) -> None:
    assert sam_text.parse_text(block) == TEXTS[block]
    assert sam_text.encode_text(TEXTS[block]) == block


@pytest.mark.parametrize("block", TEXTS, ids=["citizen", "hmt", "2017", "2023"])
def test_whole_frames_as_published(block: bytes) -> None:
    wire = sam.encode_reply(Reply(Sw.DONE, sam.encode_card_data(CardData(block, bytes(1024)))))
    assert wire[:14] == bytes.fromhex("AA AA AA 96 69 05 08 00 00 90 01 00 04 00")
    assert (len(wire), wire[-1]) == (1295, card_blocks.CHECKS[block])


def test_the_citizen() -> None:
    assert _holder(TEXTS[card_blocks.CITIZEN]) == Holder(
        CardKind.CITIZEN,
        name="测试一",
        number="310199199003070022",
        sex="2",
        birth=dt.date(1990, 3, 7),
        nation="01",
        address=ADDRESS,
        issuer=ISSUER,
        valid_from=dt.date(2020, 1, 1),
        valid_to=dt.date(2040, 1, 1),
    )


def test_the_foreigner_of_2023_has_the_old_number_and_a_country_by_letters() -> None:
    holder = _holder(TEXTS[card_blocks.FOREIGNER_2023])
    assert (holder.old_number, holder.nationality) == ("GBR310090030701", "GBR")
    assert holder.name == holder.english_name == "SAMPLE, TEST PERSON"


def test_a_foreigner_with_a_chinese_name_is_called_by_it() -> None:
    holder = _holder(replace(TEXTS[card_blocks.FOREIGNER_2017], name="样例"))
    assert (holder.name, holder.english_name) == ("样例", "SAMPLE, TEST PERSON")


def test_an_english_name_that_goes_on_elsewhere_is_put_together() -> None:
    name = "ABCDEFGHIJ KLMNOPQRST UVWXYZABCDE F" + "GHIJ, KLMNO"
    card = replace(TEXTS[card_blocks.FOREIGNER_2023], english_name=name)
    assert sam_text.parse_text(sam_text.encode_text(card)) == card


@pytest.mark.parametrize("country", ["XXX", "", "826"])
def test_no_old_number_is_made_up_for_an_unknown_country(country: str) -> None:
    assert sam_text.old_number(country, "931826199003070010", "000") == ""


@pytest.mark.parametrize("link", ["", "00", "0-0", "0a0"])
def test_no_old_number_is_made_up_from_a_strange_link(link: str) -> None:
    assert sam_text.old_number("GBR", "931826199003070010", link) == ""


@pytest.mark.parametrize("name", ["测㛃𬱖", "䶮赟", "阿依测试·样例", "𬱖" * 7])
def test_rare_characters_come_back(name: str) -> None:
    card = replace(TEXTS[card_blocks.CITIZEN], name=name)
    assert _holder(card).name == name


def test_an_end_of_validity_that_never_comes() -> None:
    holder = _holder(replace(TEXTS[card_blocks.CITIZEN], valid_to="长期"))
    assert (holder.valid_to, holder.valid_for_ever) == (None, True)


@pytest.mark.parametrize("date", ["20230229", "00000000", "20231301", "2023", "", "２０２００１０１", "2020O101"])
def test_impossible_days_are_none(date: str) -> None:
    holder = _holder(replace(TEXTS[card_blocks.CITIZEN], birth=date, valid_to=date))
    assert (holder.birth, holder.valid_to, holder.valid_for_ever) == (None, None, False)


@pytest.mark.parametrize("padding", [" ", "\0"])
def test_blank_means_spaces_or_zeros(padding: str) -> None:
    block = bytearray(card_blocks.CITIZEN)
    block[6:30] = (padding * 12).encode("utf-16-le")
    block[248:250] = padding.encode("utf-16-le")
    assert sam_text.parse_text(bytes(block)) == TEXTS[card_blocks.CITIZEN]


@pytest.mark.parametrize(
    ("at", "raw"),
    [
        (248, "Z".encode("utf-16-le")),  # a kind nobody knows
        (0, b"\x00\xd8\x20\x00"),  # half of a surrogate pair
        (28, b"\x00\xd8"),  # the same, cut off by the field's end
        (52, "\x1b".encode("utf-16-le")),  # a control character
    ],
)
def test_text_that_makes_no_sense_is_refused(at: int, raw: bytes) -> None:
    block = bytearray(card_blocks.CITIZEN)
    block[at : at + len(raw)] = raw
    assert sam_text.parse_text(bytes(block)) is None


@pytest.mark.parametrize("size", [0, 255, 257, 512])
def test_a_block_of_another_size_is_refused(size: int) -> None:
    assert sam_text.parse_text(bytes(size)) is None


def test_a_card_without_name_or_number_has_no_holder() -> None:
    card = TEXTS[card_blocks.CITIZEN]
    assert sam_text.holder_of(replace(card, name="")) is None
    assert sam_text.holder_of(replace(card, number="")) is None


def test_what_does_not_fit_or_belong_is_not_written() -> None:
    card = TEXTS[card_blocks.CITIZEN]
    with pytest.raises(ValueError, match="name is too long"):
        sam_text.encode_text(replace(card, name="测" * 16))
    with pytest.raises(ValueError, match="has no link"):
        sam_text.encode_text(replace(card, link="000"))
    with pytest.raises(ValueError, match="english_name is too long"):
        sam_text.encode_text(replace(TEXTS[card_blocks.FOREIGNER_2023], english_name="A" * 47))


def test_the_additional_address_as_published() -> None:
    records = sam_text.encode_addresses(("上海市测试区样例路2号",))
    wire = sam.encode_reply(Reply(Sw.DONE, records))
    assert (len(wire), wire[5:7], wire[-1]) == (81, b"\x00\x4a", 0xA6)
    assert sam_text.parse_addresses(records) == ("上海市测试区样例路2号",)


def test_several_additional_addresses_and_none() -> None:
    addresses = ("上海市测试区样例路2号", "上海市测试区样例路3号")
    assert sam_text.parse_addresses(sam_text.encode_addresses(addresses)) == addresses
    assert sam_text.parse_addresses(b"") == ()
    assert sam_text.parse_addresses(bytes(69)) is None
    assert sam_text.parse_addresses(b"\x00\xd8" * 35) is None
    with pytest.raises(ValueError, match="35"):
        sam_text.encode_addresses(("测" * 36,))


def test_nobody_is_shown_by_a_repr() -> None:
    for card in TEXTS.values():
        shown = repr(card) + repr(_holder(card))
        assert [word for word in ("测试", "3101", "8300", "SAMPLE", "GBR", "路", "1990") if word in shown] == []


@given(st.binary(min_size=256, max_size=256))
def test_any_block_is_survived(block: bytes) -> None:
    card = sam_text.parse_text(block)
    if card is not None:
        sam_text.holder_of(card)


@given(st.data())
def test_any_card_that_was_read_can_be_written_and_read_the_same(data: st.DataObject) -> None:
    units = st.lists(st.integers(0x20, 0xFFFF), min_size=128, max_size=128)
    block = bytearray(b"".join(unit.to_bytes(2, "little") for unit in data.draw(units)))
    block[248:250] = data.draw(st.sampled_from(" JIY")).encode("utf-16-le")
    card = sam_text.parse_text(bytes(block))
    if card is not None:
        assert sam_text.parse_text(sam_text.encode_text(card)) == card


def _holder(card: CardText) -> Holder:
    parsed = sam_text.parse_text(sam_text.encode_text(card))
    assert parsed is not None
    holder = sam_text.holder_of(parsed)
    assert holder is not None
    return holder
