"""Conditions: true, false, and not known yet."""

import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.conditions import LONGEST, UNKNOWN, BadCondition, Condition, Unknown, check_type
from catalogue.facts import FACT_TYPES, FactType

NAMES = {"a": FactType.BOOL, "b": FactType.BOOL, "n": FactType.INT, "t": FactType.TEXT, "d": FactType.DATE}
DAY = dt.date(2026, 3, 1)

Kleene = bool | None
Model = tuple[str, Callable[[dict[str, Any]], Kleene]]


def _atom(text: str, name: str, judge: Callable[[Any], bool]) -> Model:
    return text, lambda facts: judge(facts[name]) if name in facts else None


ATOMS: tuple[Model, ...] = (
    _atom("a", "a", bool),
    _atom("b", "b", bool),
    _atom("n >= 65", "n", lambda n: n >= 65),
    _atom("t == 'x'", "t", lambda t: t == "x"),
    _atom("t.startsWith('上海')", "t", lambda t: t.startswith("上海")),
    _atom("d < timestamp('2026-03-01T00:00:00Z')", "d", lambda d: d < DAY),
)


def _not(one: Model) -> Model:
    def judge(facts: dict[str, Any]) -> Kleene:
        value = one[1](facts)
        return None if value is None else not value

    return f"!({one[0]})", judge


def _and(one: Model, other: Model) -> Model:
    def judge(facts: dict[str, Any]) -> Kleene:
        values = (one[1](facts), other[1](facts))
        return False if False in values else None if None in values else True

    return f"({one[0]}) && ({other[0]})", judge


def _or(one: Model, other: Model) -> Model:
    def judge(facts: dict[str, Any]) -> Kleene:
        values = (one[1](facts), other[1](facts))
        return True if True in values else None if None in values else False

    return f"({one[0]}) || ({other[0]})", judge


def _choose(which: Model, one: Model, other: Model) -> Model:
    def judge(facts: dict[str, Any]) -> Kleene:
        value = which[1](facts)
        return None if value is None else one[1](facts) if value else other[1](facts)

    return f"(({which[0]}) ? ({one[0]}) : ({other[0]}))", judge


conditions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(_not),
        st.tuples(inner, inner).map(lambda pair: _and(*pair)),
        st.tuples(inner, inner).map(lambda pair: _or(*pair)),
        st.tuples(inner, inner, inner).map(lambda three: _choose(*three)),
    ),
    max_leaves=8,
).filter(lambda model: len(model[0]) <= LONGEST)

facts_known = st.fixed_dictionaries(
    {},
    optional={
        "a": st.booleans(),
        "b": st.booleans(),
        "n": st.integers(0, 120),
        "t": st.sampled_from(["x", "上海市", "江苏省", ""]),
        "d": st.sampled_from([dt.date(1955, 3, 1), DAY, dt.date(2100, 1, 1)]),
    },
)


@given(conditions, facts_known)
def test_what_is_not_known_follows_kleenes_logic(model: Model, facts: dict[str, Any]) -> None:
    expected = model[1](facts)
    got = Condition.compile(model[0], NAMES).value(facts)
    assert got is (UNKNOWN if expected is None else expected)


@given(conditions, facts_known, facts_known)
def test_learning_more_never_takes_an_answer_back(model: Model, facts: dict[str, Any], more: dict[str, Any]) -> None:
    condition = Condition.compile(model[0], NAMES)
    before, after = condition.value(facts), condition.value({**more, **facts})
    assert isinstance(before, Unknown) or before is after


@given(conditions)
def test_names_are_those_that_are_used(model: Model) -> None:
    assert Condition.compile(model[0], NAMES).names == {name for name in NAMES if name in _words(model[0])}


def _words(text: str) -> set[str]:
    bare = text.replace("timestamp('2026-03-01T00:00:00Z')", "").replace("startsWith", "").replace("'x'", "")
    return {character for character in bare if character in NAMES}


def test_unknown_is_not_tested_as_if_it_were_an_answer() -> None:
    with pytest.raises(TypeError):
        bool(Condition.compile("age >= 65", FACT_TYPES).value({}))


def test_none_is_not_known() -> None:
    assert Condition.compile("age >= 65", FACT_TYPES).value({"age": None}) is UNKNOWN


def test_facts_that_are_not_asked_for_do_not_matter() -> None:
    assert Condition.compile("age >= 65", FACT_TYPES).value({"age": 70, "name": "x", "by": 3}) is True


def test_an_error_of_arithmetic_is_not_known_rather_than_a_crash() -> None:
    assert Condition.compile("n / 0 > 1", NAMES).value({"n": 1}) is UNKNOWN
    assert Condition.compile("n * n > 1", NAMES).value({"n": 2**62}) is UNKNOWN


@pytest.mark.parametrize("wrong", [{"age": "65"}, {"age": True}, {"age": dt.date(1955, 1, 1)}])
def test_a_fact_of_another_type_is_our_bug(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="age"):
        Condition.compile("age >= 65", FACT_TYPES).value(wrong)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("age >= '65'", "no matching overload"),
        ("age * 1.5 > 3.0", "no matching overload"),
        ("age >=", "Syntax error"),
        ("age + 1", "yes-or-no"),
        ("a" * (LONGEST + 1), "longer"),
        ("(" * 200 + "true" + ")" * 200, "cannot be understood"),
        ("today > '2026-01-01'", "no matching overload"),
    ],
)
def test_an_author_is_told_at_once(text: str, says: str) -> None:
    with pytest.raises(BadCondition, match=says):
        Condition.compile(text, FACT_TYPES)


def test_a_name_nobody_knows_comes_with_a_near_one() -> None:
    with pytest.raises(BadCondition) as told:
        Condition.compile("adress.startsWith('上海市')", FACT_TYPES)
    assert "adress" in told.value.what
    assert told.value.near == ("address",)


def test_a_computed_value_must_be_of_its_fields_type() -> None:
    check_type("age * 12", FACT_TYPES, FactType.INT)
    with pytest.raises(BadCondition, match="type text"):
        check_type("age * 12", FACT_TYPES, FactType.TEXT)


@given(st.text(max_size=80))
def test_any_text_compiles_or_is_told(text: str) -> None:
    with contextlib.suppress(BadCondition):
        Condition.compile(text, NAMES).value({})
