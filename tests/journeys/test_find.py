"""Finding an item, step by step: where each touch leads, where "back" leads, and what is forgotten on the way."""

from dataclasses import replace

import pytest

from catalogue.model import Block
from kiosk.journeys.events import ModeChosen, Pressed, Typed
from kiosk.journeys.find import Find, Offer, Phase, card, reopened, step
from kiosk.modes import Mode
from kiosk.view import GuideBody, HomeBody, ListBody, Page, SearchBody, TreeBody, View
from kiosk.visit import Phase as V
from tests.journeys.walker import ITEMS, PLAN, Walker

OFFERS = {item.code: Offer(item, True) for item in ITEMS}
CARD = next(item for item in ITEMS if item.code == "jinglaoka")


def go(state: Find, *asks: str) -> Find:
    for ask in asks:
        state = step(state, Pressed(ask), OFFERS)
    return state


TREE = ("tree", "event:retirement")


@pytest.mark.parametrize(
    ("asks", "phases"),
    [
        (("block:apply", "item:jinglaoka"), (Phase.BLOCK, Phase.HOME)),
        ((*TREE, "item:jinglaoka"), (Phase.EVENT, Phase.TREE, Phase.HOME)),
        (("item:jinglaoka",), (Phase.HOME,)),
        (("search", "tree", "event:birth"), (Phase.TREE, Phase.SEARCH, Phase.HOME)),
        (("tree", "search", "tree"), (Phase.HOME,)),  # nobody is led in circles
        (("search", "event:abroad"), (Phase.SEARCH, Phase.HOME)),
        (("block:consult", "tree"), (Phase.BLOCK, Phase.HOME)),
    ],
)
def test_back_leads_where_one_came_from(asks: tuple[str, ...], phases: tuple[Phase, ...]) -> None:
    state = go(Find(), *asks)
    for phase in phases:
        state = go(state, "back")
        assert state.phase is phase
        assert state.item is None


def test_home_has_forgotten_what_was_searched() -> None:
    state = step(go(Find(), "search"), Typed("search", "老人卡" * 40), OFFERS)
    assert state.query == ("老人卡" * 40)[:40]
    assert "老人" not in repr(state)
    chosen = go(state, "item:jinglaoka")
    assert go(chosen, "back").query == state.query, "one step back, and it stands there still"
    assert go(chosen, "back", "back") == Find()


def test_what_is_not_offered_changes_nothing() -> None:
    for state in (Find(), go(Find(), "tree"), go(Find(), "item:jinglaoka")):
        for ask in ("block:nonsense", "item:nonsense", "answer:self", "nonsense"):
            assert go(state, ask) == state
        assert step(state, Typed("search", "x"), OFFERS) == state


def test_an_item_that_cannot_be_done_now_asks_no_questions() -> None:
    state = go(Find(), "item:jinglaoka")
    assert step(state, Pressed("next"), {CARD.code: Offer(CARD, False)}) == state
    assert step(state, Pressed("next"), {}) == state


GUIDE = go(Find(), "item:jinglaoka", "next")


def test_the_guide_is_walked_forth_and_back() -> None:
    assert (GUIDE.phase, GUIDE.question) == (Phase.GUIDE, "guide.for_whom")
    second = go(GUIDE, "answer:self")
    assert (second.phase, second.question) == (Phase.GUIDE, "guide.first_time")
    ready = go(second, "answer:first")
    assert ready.phase is Phase.READY
    assert ready.answers == {"guide.for_whom": "self", "guide.first_time": "first"}
    again = reopened(ready)
    assert (again.phase, again.question, again.answers) == (Phase.GUIDE, "guide.first_time", ready.answers)
    assert go(again, "next") == ready, "what was answered need not be answered again"
    first = go(again, "back")
    assert first.question == "guide.for_whom"
    assert go(first, "next").question == "guide.first_time"
    assert go(first, "back") == card(ready)
    assert go(first, "back", "back") == Find()


def test_another_answer_is_followed_by_the_questions_that_belong_to_it() -> None:
    ready = go(GUIDE, "answer:self", "answer:first")
    changed = go(reopened(ready), "back", "answer:relative")
    assert changed.phase is Phase.GUIDE_REFUSED
    assert changed.answers == {"guide.for_whom": "relative"}
    assert go(changed, "back", "answer:self").question == "guide.first_time"
    assert go(changed, "home") == Find()


def test_an_answer_that_breaks_a_rule_is_refused_before_anybody_identifies() -> None:
    rule = CARD.eligibility[0].model_copy(update={"id": "own", "when": "guide.for_whom == 'self'"})
    options = tuple(option.model_copy(update={"refuse": None}) for option in CARD.guide[0].options)
    item = CARD.model_copy(
        update={"eligibility": (rule,), "guide": (CARD.guide[0].model_copy(update={"options": options}),)}
    )
    state = step(replace(GUIDE, item=item), Pressed("answer:relative"), OFFERS)
    assert (state.phase, state.against) == (Phase.GUIDE_REFUSED, ("own",))


def test_an_item_without_a_guide_is_ready_at_once() -> None:
    ready = go(Find(), "item:shebao-proof", "next")
    assert ready.phase is Phase.READY
    assert reopened(ready).phase is Phase.ITEM


# ---- what stands on the pages


def at(*asks: str) -> tuple[Walker, View]:
    walker = Walker()
    for ask in ("start", *asks):
        assert ask in {choice.ask for choice in walker.view().ways()} or ask == "start", f"{ask} is not offered"
        walker.happen(Pressed(ask))
    return walker, walker.view()


def test_home_shows_four_blocks_and_what_is_used_most() -> None:
    _, view = at()
    assert isinstance(view.body, HomeBody)
    assert [tile.block for tile in view.body.blocks] == [block.value for block in Block]
    assert [tile.held for tile in view.body.blocks] == [0, 2, 1, 1]
    assert [tile.code for tile in view.body.items] == [*PLAN.hot, "jintie-account"]
    assert [choice.ask for choice in view.choices] == ["cases", "tree", "search"]


def test_large_type_shows_less_and_the_rest_is_one_touch_away() -> None:
    walker, _ = at()
    walker.happen(ModeChosen(Mode.ELDER, True))
    view = walker.view()
    assert isinstance(view.body, HomeBody)
    assert len(view.body.blocks) == 4
    assert [tile.code for tile in view.body.items] == list(PLAN.hot[:2])
    assert [choice.ask for choice in view.choices] == ["cases", "block:all"]
    walker.happen(Pressed("block:all"))
    rest = walker.view()
    assert isinstance(rest.body, ListBody)
    assert {tile.code for tile in rest.body.items} == {item.code for item in ITEMS}
    assert {choice.ask for choice in rest.choices} == {"tree", "search"}


def test_an_empty_block_says_so_and_where_to_go() -> None:
    _, view = at("block:consult")
    assert isinstance(view.body, ListBody)
    assert view.body.items == ()
    assert "咨询" in view.body.notice
    assert any("12345" in line.text for line in view.body.lines if line.mark == "place")
    assert any(line.mark == "call" for line in view.body.lines)


def test_the_tree_begins_with_what_can_be_done_here_and_every_event_leads_somewhere() -> None:
    _, view = at("tree")
    assert isinstance(view.body, TreeBody)
    held = [tile.held for tile in view.body.events]
    assert held[0] > 0
    assert sorted(held, key=lambda count: count == 0) == held
    assert len(held) == len(PLAN.life) >= 7
    for event in view.body.events:
        _, page = at("tree", f"event:{event.code}")
        assert isinstance(page.body, ListBody)
        assert len(page.body.items) == event.held
        assert any(line.mark == "place" for line in page.body.lines)
        assert bool(page.body.notice) == (event.held == 0)


def test_a_search_tells_what_it_finds_and_that_it_finds_nothing() -> None:
    walker, view = at("search")
    assert view.page is Page.SEARCH
    walker.happen(Typed("search", "老人卡"))
    found = walker.view().body
    assert isinstance(found, SearchBody)
    assert [tile.code for tile in found.items] == ["jinglaoka"]
    assert found.message == ""
    walker.happen(Typed("search", "护照"))
    elsewhere = walker.view().body
    assert isinstance(elsewhere, SearchBody)
    assert [tile.code for tile in elsewhere.events] == ["abroad"]
    walker.happen(Typed("search", "养猫许可"))
    nothing = walker.view()
    assert isinstance(nothing.body, SearchBody)
    assert "12345" in nothing.body.message
    assert "tree" in {choice.ask for choice in nothing.choices}
    assert "养猫" not in repr(nothing)
    walker.happen(Pressed("leave"))
    assert walker.visit.find == Find()


def test_the_guide_stands_before_the_card_and_a_refusal_says_what_to_bring() -> None:
    walker, view = at("item:jinglaoka", "next")
    assert isinstance(view.body, GuideBody)
    assert [choice.ask for choice in view.choices] == ["answer:self", "answer:relative"]
    assert view.next is None
    walker.happen(Pressed("answer:relative"))
    refused = walker.view()
    assert isinstance(refused.body, GuideBody)
    assert "窗口" in refused.body.why
    assert sum(line.mark == "info" for line in refused.body.lines) == 4
    assert not walker.watching.card
    walker.happen(Pressed("back"))
    walker.happen(Pressed("answer:self"))
    walker.happen(Pressed("answer:first"))
    assert walker.visit.phase is V.IDENTIFYING
    walker.happen(Pressed("back"))
    back = walker.view()
    assert isinstance(back.body, GuideBody)
    assert back.body.chosen == "answer:first"
    assert back.next is not None
