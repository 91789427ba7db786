"""The items as they are shipped: golden cases."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from catalogue.answers import Open, Refusal, applicable, check, eligible, sections
from catalogue.conditions import UNKNOWN
from catalogue.facts import age_on, facts_about
from catalogue.loader import load
from catalogue.model import Block, Item, ItemKind, Need, NetworkNeed

HERE = Path(__file__).parent
CATALOGUE = load(HERE.parents[1] / "assets" / "catalogue")
TODAY = dt.date(2026, 3, 1)


@dataclass(frozen=True)
class Person:
    kind: str = "citizen"
    by: str = "card"
    name: str = "测试甲"
    number: str = "310199195503010015"
    birth: dt.date | None = dt.date(1955, 3, 1)
    address: str = "上海市测试区样例路1号"


OLD = Person()


def test_a_definition_that_changed_has_a_new_version() -> None:
    """A submission names (item, version, sha256). When this fails: raise `version`, then the golden file."""
    golden = json.loads((HERE / "golden.json").read_text("utf-8"))
    assert {item.code: [item.version, item.sha256] for item in CATALOGUE.items} == golden


def test_the_order_of_the_home_page() -> None:
    assert CATALOGUE.codes == ("jinglaoka", "jintie-account", "shebao-proof", "juzhuzheng-pickup")


@pytest.mark.parametrize(
    ("code", "block", "kind", "devices", "network", "ways"),
    [
        ("shebao-proof", Block.QUERY, ItemKind.PROOF, (Need.ID_CARD_OR_CODE, Need.PAGE_PRINTER),
         NetworkNeed.REQUIRED, ("card", "code")),
        ("jinglaoka", Block.APPLY, ItemKind.APPLY, (Need.ID_CARD_OR_CODE, Need.SLIP_PRINTER),
         NetworkNeed.OPTIONAL, ("card", "code")),
        ("jintie-account", Block.APPLY, ItemKind.APPLY, (Need.ID_CARD_OR_CODE, Need.SLIP_PRINTER),
         NetworkNeed.OPTIONAL, ("card", "code")),
        ("juzhuzheng-pickup", Block.COLLECT, ItemKind.COLLECT, (Need.LOCKER,),
         NetworkNeed.OPTIONAL, ("card", "code", "pickup_code")),
    ],
)  # fmt: skip
def test_what_each_item_is(
    code: str, block: Block, kind: ItemKind, devices: tuple[Need, ...], network: NetworkNeed, ways: tuple[str, ...]
) -> None:
    item = CATALOGUE.item(code)
    assert (item.block, item.kind, item.needs.devices, item.needs.network, item.ways) == (
        block, kind, devices, network, ways,
    )  # fmt: skip
    assert item.needs.open_at(dt.datetime(2026, 3, 1, 23, 0, tzinfo=dt.UTC))


def test_every_text_of_every_item_is_in_both_languages() -> None:
    def walk(value: object) -> None:
        if isinstance(value, dict):
            assert ("zh" in value) == ("en" in value)
            if "zh" in value:
                assert value["zh"].strip()
                assert value["en"].strip()
                assert not any("\u4e00" <= c <= "\u9fff" for c in value["en"]), value["en"]
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for item in CATALOGUE.items:
        walk(item.model_dump(mode="json"))


JINGLAOKA = CATALOGUE.item("jinglaoka")


@pytest.mark.parametrize(
    ("person", "refused"),
    [
        (OLD, ()),
        (replace(OLD, birth=dt.date(1961, 3, 1)), ()),  # 65 today
        (replace(OLD, birth=dt.date(1961, 3, 2)), ("age_65",)),  # 65 tomorrow
        (replace(OLD, address="江苏省样例市1号"), ("shanghai_household",)),
        (replace(OLD, kind="hmt_permit"), ("shanghai_household",)),
        (replace(OLD, kind="foreigner_2023", address=""), ("shanghai_household",)),
        (replace(OLD, birth=dt.date(1990, 1, 1), address="江苏省"), ("age_65", "shanghai_household")),
        (replace(OLD, address=""), ()),  # a code without an address: not known, so the office will look
        (replace(OLD, birth=None), ()),
    ],
)
def test_who_may_have_the_senior_card(person: Person, refused: tuple[str, ...]) -> None:
    assert JINGLAOKA.refusals(facts_about(person, TODAY)) == refused


def test_before_identification_nothing_is_refused_and_everything_is_open() -> None:
    assert eligible(JINGLAOKA, {}) == tuple(Open(rule) for rule in JINGLAOKA.eligibility)
    young = eligible(JINGLAOKA, facts_about(replace(OLD, birth=dt.date(2000, 1, 1)), TODAY))
    assert young == (Refusal(JINGLAOKA.rule("age_65")),)
    assert eligible(JINGLAOKA, facts_about(OLD, TODAY)) == ()
    assert JINGLAOKA.condition("age >= 65").value({}) is UNKNOWN


@pytest.mark.parametrize(
    ("birth", "today", "age"),
    [
        ("1961-02-28", "2026-02-28", 65),
        ("1961-03-01", "2026-02-28", 64),
        ("1960-02-29", "2025-02-28", 64),
        ("1960-02-29", "2025-03-01", 65),
        ("1960-02-29", "2024-02-29", 64),
        ("1960-12-31", "2026-01-01", 65),
    ],
)
def test_age_in_full_years(birth: str, today: str, age: int) -> None:
    assert age_on(dt.date.fromisoformat(birth), dt.date.fromisoformat(today)) == age


GOOD = {"contact.phone": "13800000000", "residence.address": "上海市测试区样例路1号", "delivery.way": "cabinet"}
POST = {**GOOD, "delivery.way": "post", "mail.recipient": "测试甲", "mail.address": "上海市样例路2号"}


def pages(values: dict[str, str]) -> list[str]:
    return [section.id for section in sections(JINGLAOKA, values, OLD, TODAY)]


def test_the_postal_page_comes_only_with_post() -> None:
    assert pages({}) == ["about_you"]
    assert pages(GOOD) == ["about_you"]
    assert pages(POST) == ["about_you", "mail"]
    assert pages({**GOOD, "delivery.way": "nonsense"}) == ["about_you"]


def test_answers_that_do_not_apply_are_neither_required_nor_kept() -> None:
    changed_mind = {**POST, "delivery.way": "cabinet", "unknown.field": "x"}
    assert applicable(JINGLAOKA, changed_mind, OLD, TODAY) == GOOD
    assert applicable(JINGLAOKA, POST, OLD, TODAY) == POST
    assert check(JINGLAOKA, JINGLAOKA.form[1], {**GOOD}, OLD, TODAY) == {}


def test_a_page_tells_all_that_is_wrong_on_it() -> None:
    wrong = {"contact.phone": "1380000000", "residence.address": "  ", "delivery.way": "pigeon"}
    assert check(JINGLAOKA, JINGLAOKA.form[0], wrong, OLD, TODAY) == {
        "contact.phone": "answer.not_a_phone",
        "residence.address": "answer.required",
        "delivery.way": "answer.not_a_choice",
    }
    assert check(JINGLAOKA, JINGLAOKA.form[0], GOOD, OLD, TODAY) == {}
    mail = {**POST, "mail.recipient": "", "mail.address": "样" * 71}
    assert check(JINGLAOKA, JINGLAOKA.form[1], mail, OLD, TODAY) == {
        "mail.recipient": "answer.required",
        "mail.address": "answer.too_long",
    }


def test_an_item_says_its_title_in_the_language_of_the_visit() -> None:
    item: Item = JINGLAOKA
    assert (item.title.say("zh"), item.title.say("en")) == ("敬老卡申领", "Senior citizen card")
