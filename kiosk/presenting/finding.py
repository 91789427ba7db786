"""The pages on which an item is found: home, list, tree of life, search, the item's card, its guide."""

from typing import assert_never

from catalogue.guide import asked, turned_by
from catalogue.model import Block, HomePlan, Item, LifeEvent
from catalogue.search import Index, search
from kiosk.health import Availability, World
from kiosk.journeys.find import EVERYTHING, Find, Phase
from kiosk.presenting.front import Drawn
from kiosk.presenting.saying import Say, notice
from kiosk.view import (
    BlockTile,
    Choice,
    EventTile,
    Fact,
    GuideBody,
    HomeBody,
    ItemBody,
    ItemTile,
    Line,
    ListBody,
    Page,
    SearchBody,
    TreeBody,
)

ICONS = {
    Block.CONSULT: "message-circle",
    Block.APPLY: "clipboard-text",
    Block.QUERY: "search",
    Block.COLLECT: "package",
}
EVENT_ICON = "tree"
HOT, HOT_ELDER = 6, 2
"""Items on the home page, at most."""
EVENTS_FOUND = 3

Offered = tuple[tuple[Item, Availability], ...]


def finding_page(state: Find, items: Offered, plan: HomePlan, index: Index, world: World, say: Say) -> Drawn:
    """The page of this state. `say.elder` asks for fewer choices."""
    phase = state.phase
    match phase:
        case Phase.HOME:
            return home(items, plan, world, say)
        case Phase.BLOCK:
            return block(state.block, items, say)
        case Phase.TREE:
            return tree(plan, say)
        case Phase.EVENT:
            return event(state.event, items, plan, say)
        case Phase.SEARCH:
            return searching(state.query, items, plan, index, say)
        case Phase.ITEM if state.item is not None:
            return item(state.item, _availability(state.item, items), say)
        case Phase.GUIDE if state.item is not None:
            return guide(state, state.item, say)
        case Phase.GUIDE_REFUSED if state.item is not None:
            return refused(state, state.item, say)
        case Phase.READY | Phase.ITEM | Phase.GUIDE | Phase.GUIDE_REFUSED:
            raise AssertionError(f"no page for {phase.name}")
        case _:
            assert_never(phase)


def _availability(wanted: Item, items: Offered) -> Availability:
    """Of the item as it is offered now; one that was taken back meanwhile is closed."""
    return next((found for one, found in items if one.code == wanted.code), Availability(False, "item.reason.closed"))


# ---- tiles ------------------------------------------------------------------------------------------------------


def minutes(one: Item, say: Say) -> str:
    return say("time.minute") if one.minutes == 1 else say("time.minutes", minutes=one.minutes)


def reason_text(one: Item, found: Availability, say: Say) -> str:
    if found.can_now:
        return ""
    if found.reason == "item.reason.hours":
        hours = say("list.separator").join(f"{h.start}-{h.end}" for h in one.needs.hours)
        return say(found.reason, hours=hours)
    if found.reason == "item.reason.closed" and say.as_of:
        return say("old.closed", when=say.as_of)
    return say(found.reason)


def item_tile(one: Item, found: Availability, say: Say) -> ItemTile:
    return ItemTile(
        code=one.code,
        title=one.title.say(say.language),
        summary=one.summary.say(say.language),
        block=one.block.value,
        can_now=found.can_now,
        reason=reason_text(one, found, say),
        minutes=minutes(one, say),
        icon=one.icon or ICONS[one.block],
    )


def event_tile(one: LifeEvent, say: Say) -> EventTile:
    held = len(one.items)
    line = say("tree.none") if not held else say("tree.one") if held == 1 else say("tree.some", count=held)
    return EventTile(one.code, one.title.say(say.language), line, one.icon or EVENT_ICON, held)


def _tiles(items: Offered, say: Say, codes: tuple[str, ...] | None = None) -> tuple[ItemTile, ...]:
    """Tiles of these codes in their order; of everything when none are named."""
    if codes is None:
        return tuple(item_tile(one, found, say) for one, found in items)
    at = {one.code: (one, found) for one, found in items}
    return tuple(item_tile(*at[code], say) for code in codes if code in at)


def _tree_way(say: Say) -> Choice:
    return Choice("tree", say("home.tree"), icon="tree")


def _search_way(say: Say) -> Choice:
    return Choice("search", say("home.search"), icon="search")


def _cases_way(say: Say) -> Choice:
    return Choice("cases", say("home.cases"), icon="file-text")


# ---- home and lists ---------------------------------------------------------------------------------------------


def home(items: Offered, plan: HomePlan, world: World, say: Say) -> Drawn:
    """Four blocks, what is asked for most, and the ways to the rest."""
    held = {kind: sum(one.block is kind for one, _ in items) for kind in Block}
    blocks = tuple(
        BlockTile(
            kind.value,
            say(f"home.block.{kind.value}.label"),
            say(f"home.block.{kind.value}.line") if held[kind] else say("home.block.none"),
            ICONS[kind],
            held[kind],
        )
        for kind in Block
    )
    order = (*plan.hot, *(one.code for one, _ in items if one.code not in plan.hot))
    hot = _tiles(items, say, order)[: HOT_ELDER if say.elder else HOT]
    everything = Choice(f"block:{EVERYTHING}", say("home.more" if say.elder else "home.all"), icon="list-details")
    if say.elder:
        ways: tuple[Choice, ...] = (_cases_way(say), everything)
    else:
        ways = (_cases_way(say), *((_tree_way(say),) if plan.life else ()), _search_way(say))
        ways += (everything,) if len(hot) < len(items) else ()
    news = notice(world.notice_en if say.language == "en" else world.notice_zh, say)
    body = HomeBody(say("home.question"), blocks, hot, say("home.notice"), say("home.hot"), news)
    return Drawn(Page.HOME, body, choices=ways)


def block(name: str, items: Offered, say: Say) -> Drawn:
    """One block, or everything; an empty one says where its kind of thing is done."""
    ways: tuple[Choice, ...] = (_tree_way(say), _search_way(say))
    back = Choice("back", say("foot.back"))
    if name == EVERYTHING:
        body = ListBody(say("home.everything"), "list-details", _tiles(items, say))
        return Drawn(Page.LIST, body, back=back, choices=ways)
    kind = Block(name)
    if kind is Block.QUERY:
        ways = (_cases_way(say), *ways)
    here = tuple((one, found) for one, found in items if one.block is kind)
    if here:
        body = ListBody(say(f"home.block.{name}.question"), ICONS[kind], _tiles(here, say))
        return Drawn(Page.LIST, body, back=back, choices=ways)
    label = say(f"home.block.{name}.label")
    lines = (Line("place", say(f"home.block.{name}.elsewhere")), *_call(say))
    body = ListBody(say(f"home.block.{name}.question"), ICONS[kind], (), lines, say("list.none", label=label))
    return Drawn(Page.LIST, body, back=back, choices=ways)


def _call(say: Say) -> tuple[Line, ...]:
    return (Line("call", say("list.call", phone=say.phone)),) if say.phone else ()


def tree(plan: HomePlan, say: Say) -> Drawn:
    """What happens in a life, first what this terminal can help with."""
    ordered = sorted(plan.life, key=lambda one: not one.items)  # stable: the author's order within both
    body = TreeBody(say("tree.question"), tuple(event_tile(one, say) for one in ordered), say("tree.notice"))
    return Drawn(Page.TREE, body, back=Choice("back", say("foot.back")), choices=(_search_way(say),))


def event(code: str, items: Offered, plan: HomePlan, say: Say) -> Drawn:
    """The items of one event, and where the rest of it is done."""
    found = next((one for one in plan.life if one.code == code), None)
    back = Choice("back", say("foot.back"))
    if found is None:  # the plan changed under the page: nothing is said that nobody knows
        return Drawn(Page.LIST, ListBody(say("tree.question"), EVENT_ICON, (), _call(say)), back=back)
    held = _tiles(items, say, found.items)
    title = found.title.say(say.language)
    elsewhere = found.elsewhere.say(say.language) if found.elsewhere is not None else say("list.elsewhere")
    lines = (
        *((Line("head", say("list.others")),) if held else ()),
        Line("place", elsewhere),
        *(() if held else _call(say)),
    )
    notice = "" if held else say("list.none", label=title)
    body = ListBody(title, found.icon or EVENT_ICON, held, lines, notice)
    return Drawn(Page.LIST, body, back=back, choices=(_search_way(say),))


def searching(query: str, items: Offered, plan: HomePlan, index: Index, say: Say) -> Drawn:
    """Results while typing; nothing found is said, with the ways that are left."""
    found = search(index, query)
    events = {one.code: one for one in plan.life}
    places = tuple(event_tile(events[code], say) for code in found.events if code in events)[:EVENTS_FOUND]
    here = _tiles(items, say, found.items)
    message = ""
    if query.strip() and not here and not places:
        message = say("search.nothing_call", phone=say.phone) if say.phone else say("search.nothing")
    elif query.strip() and not here:
        message = say("search.not_here")
    body = SearchBody(
        question=say("search.question"),
        label=say("search.label"),
        hint=say("search.hint"),
        query=query,
        items=here,
        events=places,
        message=message,
        heading=say("search.events") if places else "",
    )
    ways = (_tree_way(say),) if plan.life and not here else ()
    return Drawn(Page.SEARCH, body, back=Choice("back", say("foot.back")), choices=ways)


# ---- one item ---------------------------------------------------------------------------------------------------


def item(chosen: Item, found: Availability, say: Say) -> Drawn:
    """All there is to know of it before anybody identifies."""
    facts = [
        Fact("clock", say("item.fact.minutes"), minutes(chosen, say)),
        Fact("coin", say("item.fact.fee"), chosen.fee.say(say.language)),
    ]
    if chosen.bring:
        bring = say("list.separator").join(text.say(say.language) for text in chosen.bring)
        facts.append(Fact("id", say("item.fact.bring"), bring))
    facts.append(Fact("building", say("item.fact.office"), chosen.department.say(say.language)))
    facts.append(Fact("calendar-event", say("item.fact.next"), chosen.promise.say(say.language)))
    lines = _under(say("item.conditions"), "ok", [rule.say(say.language) for rule in chosen.eligibility])
    lines += _under(say("item.exclusions"), "warn", [text.say(say.language) for text in chosen.exclusions])
    reason = reason_text(chosen, found, say)
    body = ItemBody(
        title=chosen.title.say(say.language),
        summary=chosen.summary.say(say.language),
        facts=tuple(facts),
        lines=tuple(lines),
        can_now=found.can_now,
        reason=reason,
    )
    go = Choice("next", say("foot.identify"), enabled=found.can_now, reason=reason)
    return Drawn(Page.ITEM, body, back=Choice("back", say("foot.back")), next=go)


def _under(heading: str, mark: str, texts: list[str]) -> list[Line]:
    return [Line("head", heading), *(Line(mark, text) for text in texts)] if texts else []


def guide(state: Find, chosen: Item, say: Say) -> Drawn:
    """One question, its answers as the page's choices."""
    questions = asked(chosen, state.answers)
    names = [one.id for one in questions]
    at = names.index(state.question)
    question = questions[at]
    given = state.answers.get(question.id, "")
    answers = tuple(Choice(f"answer:{one.value}", one.say(say.language)) for one in question.options)
    body = GuideBody(
        question=question.ask.say(say.language),
        item=chosen.title.say(say.language),
        step=say("guide.step", number=at + 1),
        hint=question.hint.say(say.language) if question.hint is not None else "",
        chosen=f"answer:{given}" if given else "",
    )
    onward = Choice("next", say("foot.next")) if given else None
    return Drawn(Page.GUIDE, body, back=Choice("back", say("foot.back")), next=onward, choices=answers)


def refused(state: Find, chosen: Item, say: Say) -> Drawn:
    """Why an answer leads to a counter, and what to bring there."""
    turned = turned_by(chosen, state.answers)
    lines: list[Line] = []
    if turned is not None and turned.refuse is not None:
        why = turned.refuse.say(say.language)
        lines = _under(say("guide.bring"), "info", [text.say(say.language) for text in turned.refuse.bring])
    else:
        why = " ".join(chosen.rule(rule).otherwise.say(say.language) for rule in state.against)
    lines += [Line("head", say("guide.safe_head")), Line("ok", say("guide.safe")), *_call(say)]
    body = GuideBody(say("guide.refused"), chosen.title.say(say.language), why=why, lines=tuple(lines))
    back = Choice("back", say("guide.again"))
    return Drawn(Page.GUIDE, body, back=back, next=Choice("home", say("foot.home"), icon="home"))
