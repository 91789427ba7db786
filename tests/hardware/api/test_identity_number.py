"""Numbers on identity documents: which can be true, and how they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from hardware.api.card_words import ALPHA_3, NATIONS, nation_name
from hardware.api.id_card import CardKind
from hardware.api.identity_number import NumberFault, check_character, masked, number_fault

C, H, F17, F23 = CardKind.CITIZEN, CardKind.HMT_PERMIT, CardKind.FOREIGNER_2017, CardKind.FOREIGNER_2023


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("310199199003070022", C),
        ("11010519491231002X", C),  # the standard's own example
        ("830000199003070019", H),
        ("931826199003070010", F23),
        ("GBR310090030701", F17),
    ],
)
def test_true_numbers(number: str, kind: CardKind) -> None:
    assert number_fault(number, kind) is None


@pytest.mark.parametrize(
    ("number", "kind", "fault"),
    [
        ("", C, NumberFault.LENGTH),
        ("31019919900307002", C, NumberFault.LENGTH),
        ("GBR310090030701", F23, NumberFault.LENGTH),
        ("931826199003070010", F17, NumberFault.LENGTH),
        ("31019919900307002x", C, NumberFault.CHARACTERS),
        ("3101991990030700２2", C, NumberFault.CHARACTERS),
        ("gbr310090030701", F17, NumberFault.CHARACTERS),
        ("830000199003070019", C, NumberFault.PREFIX),
        ("310199199003070022", H, NumberFault.PREFIX),
        ("310199199003070022", F23, NumberFault.PREFIX),
        ("931826199003070010", C, NumberFault.PREFIX),
        ("310199199002300022", C, NumberFault.BIRTH),
        ("310199000000000022", C, NumberFault.BIRTH),
        ("GBR310090023001", F17, NumberFault.BIRTH),
        ("310199199003070023", C, NumberFault.CHECK_DIGIT),
        ("11010519491231002" + "1", C, NumberFault.CHECK_DIGIT),
        ("GBR310090030702", F17, NumberFault.CHECK_DIGIT),
    ],
)
def test_false_numbers_say_why(number: str, kind: CardKind, fault: NumberFault) -> None:
    assert number_fault(number, kind) is fault


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_character_agrees_with_an_independent_library(first_17: str) -> None:
    assert check_character(first_17) == mod_11_2.calc_check_digit(first_17)


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(place: int, by: int) -> None:
    number = "310199199003070022"
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert number_fault(wrong, C) is not None


@given(st.text(max_size=20), st.sampled_from(CardKind))
def test_any_text_at_all_gets_an_answer(number: str, kind: CardKind) -> None:
    fault = number_fault(number, kind)
    assert fault is None or isinstance(fault, NumberFault)


def test_a_check_character_needs_seventeen_digits() -> None:
    with pytest.raises(ValueError, match="seventeen"):
        check_character("3101991990030700X")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("310199199003070022", "3101**********0022"),
        ("GBR310090030701", "GBR3*******0701"),
        ("3101990022", "**********"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_words_of_cards() -> None:
    assert len(NATIONS) == 56 + 2
    assert [nation_name(code) for code in ("01", "05", "56", "97", "99", "")] == [
        "汉族",
        "维吾尔族",
        "基诺族",
        "其他",
        "",
        "",
    ]
    assert (len(ALPHA_3), len(set(ALPHA_3.values())), ALPHA_3["826"], ALPHA_3["156"]) == (249, 249, "GBR", "CHN")
