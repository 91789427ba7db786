"""What is said out of an old mirror is said with the time that it is of, in both languages; else no time is said."""

import datetime as dt
from dataclasses import replace

import pytest

from hardware.api.id_card import CardRead
from kiosk.alarms import Freshness
from kiosk.journeys import events as e
from kiosk.presenting.saying import LONGEST_NOTICE, Say, moment, notice
from kiosk.view import AttractBody, DoorBody, HomeBody, ListBody, Page, TroubleBody
from tests.journeys.walker import NOW, OLD, SECRET, TODAY, WORDS, Walker, ticket

PICKUP, SHUT = "juzhuzheng-pickup", "jinglaoka"
SEEN = NOW - dt.timedelta(days=2)
WHEN = {"zh": "11 月 20 日 15:04", "en": "20 Nov, 15:04"}


def walker(freshness: Freshness) -> Walker:
    made = Walker()
    seen = SEEN if freshness is Freshness.OLD else None
    made.world = replace(
        made.world, mirror=freshness, mirror_seen=seen, closed_items={SHUT: "desk"},
        notice_zh="今晚维护", notice_en="Maintenance tonight",
    )  # fmt: skip
    return made


def collecting(walker: Walker, language: str, *doors: int) -> Walker:
    for event in (
        e.LanguageChosen(language), e.Pressed("start"), e.Pressed(f"item:{PICKUP}"), e.Pressed("next"),
        e.CardSeen(CardRead(OLD, SECRET), TODAY), e.Pressed("next"),
        e.TicketsFound(tuple(ticket(door) for door in doors), SEEN),
    ):  # fmt: skip
        walker.happen(event)
    return walker


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("freshness", "says"), [(Freshness.OLD, True), (Freshness.FRESH, False), (Freshness.NONE, False)]
)
def test_old_words_carry_their_time_and_new_ones_do_not(freshness: Freshness, says: bool, language: str) -> None:
    when = WHEN[language]
    nothing = collecting(walker(freshness), language).view().body
    assert isinstance(nothing, TroubleBody)
    assert nothing.code == ("pickup.not_listed" if says else "pickup.nothing")
    several = collecting(walker(freshness), language, 1, 2).view().body
    assert isinstance(several, DoorBody)
    found = walker(freshness)
    found.happen(e.LanguageChosen(language))
    doorway = found.view().body
    assert isinstance(doorway, AttractBody)
    found.happen(e.Pressed("start"))
    home = found.view().body
    assert isinstance(home, HomeBody)
    found.happen(e.Pressed("block:apply"))
    listed = found.view().body
    assert isinstance(listed, ListBody)
    (shut,) = [tile for tile in listed.items if tile.code == SHUT]
    assert not shut.can_now
    for text in (nothing.happened, several.line, doorway.news, home.news, shut.reason):
        assert (when in text) is says
    assert several.line == "" or says
    assert doorway.news.startswith("今晚维护" if language == "zh" else "Maintenance tonight")
    assert home.news == doorway.news


def test_without_any_list_it_is_not_said_that_nothing_lies_here() -> None:
    made = walker(Freshness.NONE)
    for event in (
        e.Pressed("start"), e.Pressed(f"item:{PICKUP}"), e.Pressed("next"),
        e.CardSeen(CardRead(OLD, SECRET), TODAY), e.Pressed("next"), e.TicketsFound((), None),
    ):  # fmt: skip
        made.happen(event)
    view = made.view()
    assert view.page is Page.TROUBLE
    assert view.body.code == "pickup.no_list"


def test_a_notice_is_one_line_of_bounded_length() -> None:
    for language, most in LONGEST_NOTICE.items():
        say = Say(WORDS, language)
        assert notice("一\n二   三", say) == "一 二 三"
        assert notice("长" * most, say) == "长" * most
        assert notice("长" * (most + 1), say) == "长" * (most - 1) + "…"
        assert notice(" ", Say(WORDS, language, as_of="then")) == ""


def test_a_time_of_another_year_says_the_year_and_is_in_the_time_of_the_place() -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))
    seen = dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)
    assert moment(seen, NOW, WORDS, "zh") == "2025 年 12 月 31 日 23:30"
    assert moment(seen, NOW.astimezone(shanghai), WORDS, "en") == "1 Jan, 07:30"
