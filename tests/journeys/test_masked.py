"""What stands masked on the page: whose visit it is, and numbers that nobody is just typing."""

import pytest

from kiosk.journeys import events as e
from kiosk.view import FieldView, FormBody
from tests.journeys.shortcuts import ANSWERS, at_the_form
from tests.journeys.walker import OLD, OLD_NUMBER, Walker


def field(walker: Walker, name: str) -> FieldView:
    body = walker.view().body
    assert isinstance(body, FormBody)
    return next(one for one in body.fields if one.id == name)


def test_the_head_names_the_person_by_the_first_sign_and_the_ends_of_the_number() -> None:
    person = at_the_form().view().person
    assert person is not None
    assert (person.name[0], set(person.name[1:])) == (OLD.name[0], {"*"})
    assert person.number == f"{OLD_NUMBER[:4]}{'*' * 10}{OLD_NUMBER[-4:]}"


@pytest.mark.parametrize(("typed", "shown"), [("13812345678", "138****5678"), ("1381234567x", "138****567x")])
def test_a_telephone_number_is_masked_also_while_it_wants_another_look(typed: str, shown: str) -> None:
    walker = at_the_form()
    walker.happen(e.Typed("contact.phone", typed))
    walker.happen(e.Pressed("next"))
    phone = field(walker, "contact.phone")
    assert bool(phone.error) == (not typed.isdigit())
    assert phone.masked == shown


def test_an_account_is_masked_and_an_address_is_not() -> None:
    walker = at_the_form()
    for name, text in {"pay.account": "6222020200112233445", "residence.address": ANSWERS["residence.address"]}.items():
        walker.happen(e.Typed(name, text))
    assert field(walker, "pay.account").masked == "6222***********3445"
    assert field(walker, "residence.address").masked == ""
