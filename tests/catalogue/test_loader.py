"""A catalogue folder with mistakes: all told, each with its line; and nothing else is lost."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.loader import CatalogueMistakes, load, load_lenient
from catalogue.model import HomePlan, Hours, Need

SHIPPED = Path(__file__).parents[2] / "assets" / "catalogue"


DECISION = """decision:
  by: promise
  when: guide.for_whom == 'self'
  sample: 10
  promise: {zh: 属实, en: It is true}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three of the items that are shipped."""
    copied = Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))
    (copied / "items" / "jintie-account.yaml").unlink()
    return copied


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, f"{old} is not in {name}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def line(folder: Path, name: str, text: str) -> int:
    """The line of the first occurrence, from 1."""
    return (folder / name).read_text("utf-8").split(text)[0].count("\n") + 1


def test_all_mistakes_of_all_files_are_told_together_with_lines_and_near_names(folder: Path) -> None:
    change(folder, "items/jinglaoka.yaml", "audience:", "audiense:")
    change(folder, "items/jinglaoka.yaml", "mode: receive_only", "mode: recieve_only")
    change(folder, "items/jinglaoka.yaml", "minutes: 5", "minutes: five")
    change(folder, "items/shebao-proof.yaml", "page_printer", "page_priner")
    change(folder, "items/juzhuzheng-pickup.yaml", "version: 2", "version: 0")
    change(folder, "dictionary.yaml", "  type: phone", "  type: fone")
    with pytest.raises(CatalogueMistakes) as told:
        load(folder)
    found = {(m.file, m.where, m.near_name) for m in told.value.mistakes}
    assert found == {
        ("items/jinglaoka.yaml", "audience", ""),
        ("items/jinglaoka.yaml", "audiense", "audience"),
        ("items/jinglaoka.yaml", "routing.mode", "receive_only"),
        ("items/jinglaoka.yaml", "minutes", ""),
        ("items/shebao-proof.yaml", "needs.devices[1]", "page_printer"),
        ("items/juzhuzheng-pickup.yaml", "version", ""),
        ("dictionary.yaml", "contact.phone.type", "phone"),
    }
    lines = {m.where: m.line for m in told.value.mistakes}
    assert lines["audiense"] == line(folder, "items/jinglaoka.yaml", "audiense:")
    assert lines["routing.mode"] == line(folder, "items/jinglaoka.yaml", "recieve_only")
    assert lines["needs.devices[1]"] == line(folder, "items/shebao-proof.yaml", "page_priner")
    assert lines["contact.phone.type"] == line(folder, "dictionary.yaml", "fone")
    assert "items/jinglaoka.yaml:" in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("when: age >= 65", "when: agee >= 65", "eligibility[0].when", "did you mean `age`"),
        ("when: age >= 65", "when: age >= '65'", "eligibility[0].when", "no matching overload"),
        ("when: age >= 65", "when: age", "eligibility[0].when", "yes-or-no"),
        ("contact.phone, residence", "contact.fone, residence", "form[0].fields[0]", "did you mean `contact.phone`"),
        ("[mail.recipient, mail.address]", "[mail.recipient, contact.phone]", "form[1].fields[1]", "asked twice"),
        ("- id: mail\n", "- id: about_you\n", "form[1].id", "stands twice"),
        ("delivery.way == 'post'", "delivery.wy == 'post'", "form[1].when", "did you mean `delivery.way`"),
        ("code: jinglaoka", "code: jinglao-ka", "code", "name of the file"),
        ("document: application-form", "document: ''", "", "needs `form` and `document`"),
        ("assurance: [card, code]", "assurance: [card, pickup_code]", "", "who may open a door"),
        ("version: 5", "version: '2x'", "version", "integer"),
        ("assurance: [card, code]", "assurance: [code]", "", "an application that takes a card"),
        ("draft_hours: 24", "draft_hours: 240", "draft_hours", "less than or equal to 72"),
        ("block: apply", "block: aply", "block", "did you mean `apply`"),
        ("    else:\n", "    els:\n", "eligibility[0].els", "did you mean `else`"),
        ("  office:", "  ofice:", "consent.ofice", "did you mean `office`"),
        ("field: pay.account,", "field: pay.acount,", "gaps[0].field", "did you mean `pay.account`"),
        ("field: pay.account,", "field: contact.phone,", "gaps[0].field", "cannot follow later"),
        ("days: 30}", "days: 0}", "gaps[0].days", "greater than or equal to 1"),
        ("draft_hours: 24\n", "draft_hours: 24\n" + DECISION, "decision.when", "`guide.for_whom` is not a name"),
    ],
)
def test_a_mistake_in_an_item_names_its_place(folder: Path, old: str, new: str, where: str, says: str) -> None:
    change(folder, "items/jinglaoka.yaml", old, new)
    catalogue, mistakes = load_lenient(folder)
    told = [m for m in mistakes if m.where == where and says in str(m)]
    assert told, f"not told: {[str(m) for m in mistakes]}"
    assert all(m.file == "items/jinglaoka.yaml" and m.line > 0 for m in mistakes)
    assert catalogue.codes == ("shebao-proof", "juzhuzheng-pickup")
    assert catalogue.not_offered == {"jinglaoka"}


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("prefill: [card.address]", "prefill: [card.adress]", "residence.address", "cannot be filled from card.adress"),
        ("  options:", "  opions:", "delivery.way.opions", "did you mean `options`"),
        ("value: post", "value: cabinet", "delivery.way", "same value"),
        ("contact.phone:", "age:", "age", "name of a fact"),
        ("  max_length: 11", "  max_length: 11\n  check: {when: \"contact.fone != ''\", else: {zh: 一, en: A}}",
         "contact.phone.check.when", "did you mean `contact.phone`"),
        ("  max_length: 11", "  max_length: 11\n  compute: age", "contact.phone.compute", "type text"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_dictionary_costs_only_the_items_that_use_it(
    folder: Path, old: str, new: str, where: str, says: str
) -> None:
    change(folder, "dictionary.yaml", old, new)
    catalogue, mistakes = load_lenient(folder)
    assert [m for m in mistakes if m.file == "dictionary.yaml" and m.where == where and says in str(m)], [
        str(m) for m in mistakes
    ]
    assert catalogue.codes == ("shebao-proof", "juzhuzheng-pickup")


def test_an_unreadable_dictionary_leaves_the_items_without_a_form(folder: Path) -> None:
    (folder / "dictionary.yaml").write_bytes(b"\xff\xfe")
    catalogue, mistakes = load_lenient(folder)
    assert catalogue.codes == ("shebao-proof", "juzhuzheng-pickup")
    assert mistakes[0].file == "dictionary.yaml"


def test_a_garbage_file_does_not_take_the_others_down(folder: Path) -> None:
    (folder / "items" / "garbage.yaml").write_bytes(b"\x00\x01{[")
    (folder / "items" / "empty.yaml").write_bytes(b"")
    (folder / "items" / "list.yaml").write_bytes(b"- 1\n- 2\n")
    catalogue, mistakes = load_lenient(folder)
    assert len(catalogue.items) == 3
    assert {m.file for m in mistakes} == {"items/garbage.yaml", "items/empty.yaml", "items/list.yaml"}
    assert catalogue.not_offered == {"garbage", "empty", "list"}


def test_an_empty_folder_is_a_mistake_not_a_silence(tmp_path: Path) -> None:
    catalogue, mistakes = load_lenient(tmp_path)
    assert catalogue.items == ()
    assert mistakes


def test_a_package_may_only_hold_items_on_offer(folder: Path) -> None:
    (folder / "packages").mkdir()
    head = "code: old-age\nversion: 1\ntitle: {zh: 养老, en: Old age}\nsummary: {zh: 一, en: A}\n"
    text = head + "items: [jinglaoka, shebao-prof]\n"
    (folder / "packages" / "old-age.yaml").write_text(text, "utf-8")
    _, mistakes = load_lenient(folder)
    assert [(m.where, m.line, m.near_name) for m in mistakes] == [("items[1]", 5, "shebao-proof")]
    change(folder, "packages/old-age.yaml", "shebao-prof", "shebao-proof")
    assert load(folder).packages[0].items == ("jinglaoka", "shebao-proof")


def test_what_later_work_adds_is_accepted_today(folder: Path) -> None:
    more = """
materials:
  - id: id_card
    label: {zh: 身份证, en: Identity card}
    how: reuse
  - id: authority
    label: {zh: 委托书, en: Letter of authority}
    when: guide.for_whom == 'relative'
    gap_days: 15
    promise: true
"""
    path = folder / "items" / "jinglaoka.yaml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    item = load(folder).item("jinglaoka")
    assert item.condition(item.materials[1].when or "").value({"guide.for_whom": "relative"}) is True


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("when: guide.for_whom", "when: guide.for_who", "guide[1].when", "did you mean `guide.for_whom`"),
        ("when: guide.for_whom == 'self'", "when: age >= 65", "guide[1].when", "is not a name that can be asked"),
        ("when: guide.for_whom == 'self'", "when: guide.first_time == 'lost'", "guide[1].when", "not a name"),
        ("- id: guide.first_time", "- id: guide.for_whom", "guide[1].id", "stands twice"),
        ("- id: guide.first_time", "- id: delivery.way", "guide[1].id", "name of a field"),
        ("- id: guide.first_time", "- id: age", "guide[1].id", "name of a fact"),
        ("value: lost", "value: first", "guide[1]", "same value"),
        ("        refuse:\n", "        refuze:\n", "guide[0].options[1].refuze", "did you mean `refuse`"),
        ("{value: self, zh: 我自己, en: Myself}", "{value: self, zh: 我, en: I, refuse: {zh: 不, en: No}}", "guide[0]",
         "nobody could have the item"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_guide_names_its_place(folder: Path, old: str, new: str, where: str, says: str) -> None:
    change(folder, "items/jinglaoka.yaml", old, new)
    catalogue, mistakes = load_lenient(folder)
    told = [m for m in mistakes if m.where == where and says in str(m)]
    assert told, f"not told: {[str(m) for m in mistakes]}"
    assert all(m.line > 0 for m in mistakes)
    assert catalogue.not_offered == {"jinglaoka"}


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("hot: [shebao-proof,", "hot: [shebao-prof,", "hot[0]", "did you mean `shebao-proof`"),
        ("items: [juzhuzheng-pickup]", "items: [juzhuzheng]", "life[5].items[0]", "not an item on offer"),
        ("code: abroad", "code: birth", "life[10].code", "stands twice"),
        ("    icon: world\n    elsewhere:", "    icon: world\n    elswhere:", "life[10].elswhere", "`elsewhere`"),
        ("hot: [", "hott: [", "hott", "did you mean `hot`"),
    ],
)
def test_a_mistake_in_the_home_page_costs_nothing_but_itself(
    folder: Path, old: str, new: str, where: str, says: str
) -> None:
    whole = load(folder)
    change(folder, "home.yaml", old, new)
    catalogue, mistakes = load_lenient(folder)
    told = [m for m in mistakes if m.where == where and says in str(m)]
    assert told, f"not told: {[str(m) for m in mistakes]}"
    assert all(m.file == "home.yaml" and m.line > 0 for m in mistakes)
    assert catalogue.items == whole.items
    if where != "hott":
        assert len(catalogue.home.life) >= len(whole.home.life) - 1


def test_a_home_page_may_be_absent_and_an_item_with_a_mistake_is_told_once(folder: Path) -> None:
    change(folder, "items/shebao-proof.yaml", "page_printer", "page_priner")
    catalogue, mistakes = load_lenient(folder)
    assert {m.file for m in mistakes} == {"items/shebao-proof.yaml"}
    assert catalogue.home.hot == ("jinglaoka", "juzhuzheng-pickup")
    assert all("shebao-proof" not in event.items for event in catalogue.home.life)
    (folder / "home.yaml").unlink()
    assert load_lenient(folder)[0].home == HomePlan()


def test_the_hash_is_of_what_is_said_not_of_how_it_is_written(folder: Path) -> None:
    before = load(folder).item("jinglaoka").sha256
    path = folder / "items" / "jinglaoka.yaml"
    path.write_text("# a new comment\n" + path.read_text("utf-8").replace("minutes: 5", "minutes:   5"), "utf-8")
    assert load(folder).item("jinglaoka").sha256 == before
    change(folder, "items/jinglaoka.yaml", "minutes:   5", "minutes: 6")
    assert load(folder).item("jinglaoka").sha256 != before


def test_the_hash_covers_the_fields_that_the_item_uses_and_no_others(folder: Path) -> None:
    before = {item.code: item.sha256 for item in load(folder).items}
    change(folder, "dictionary.yaml", "max_length: 11", "max_length: 12")
    after = {item.code: item.sha256 for item in load(folder).items}
    assert {code for code in before if before[code] != after[code]} == {"jinglaoka"}


def test_an_item_cannot_be_changed(folder: Path) -> None:
    item = load(folder).item("jinglaoka")
    with pytest.raises(ValueError, match="frozen"):
        item.minutes = 1  # type: ignore[misc]
    assert hash(item) == hash(load(folder).item("jinglaoka"))


@given(st.integers(0, 2**31), st.binary(min_size=1, max_size=6))
def test_an_item_file_with_changed_bytes_never_raises(
    tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes
) -> None:
    data = (SHIPPED / "items" / "jinglaoka.yaml").read_bytes()
    place = at % len(data)
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "items").mkdir()
    shutil.copy(SHIPPED / "dictionary.yaml", folder)
    (folder / "items" / "jinglaoka.yaml").write_bytes(data[:place] + junk + data[place + len(junk) :])
    catalogue, mistakes = load_lenient(folder)
    assert bool(mistakes) != bool(catalogue.items)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("start", "end", "at", "covered"),
    [
        ("08:30", "17:00", "2026-03-02T08:30", True),
        ("08:30", "17:00", "2026-03-02T17:00", False),
        ("08:30", "17:00", "2026-03-01T12:00", False),  # a Sunday
        ("22:00", "06:00", "2026-03-02T23:00", True),
        ("22:00", "06:00", "2026-03-07T05:59", True),  # Friday's night
        ("22:00", "06:00", "2026-03-02T05:59", False),  # Sunday's night
        ("00:00", "24:00", "2026-03-02T23:59", True),
    ],
)
def test_hours(start: str, end: str, at: str, covered: bool) -> None:
    hours = Hours.model_validate({"days": ["mon", "tue", "wed", "thu", "fri"], "from": start, "to": end})
    assert hours.covers(dt.datetime.fromisoformat(at + ":00+08:00")) is covered


def test_every_need_of_the_shipped_items_is_one_that_health_can_judge() -> None:
    assert {need for item in load(SHIPPED).items for need in item.needs.devices} <= set(Need)
