"""Every sentence that a page may say is there, in both languages, and every word that may come has one."""

import datetime as dt
import re
from pathlib import Path

import pytest

from catalogue.district import FROM_AFAR
from central.console import casepage, frame, heldpage, secondlook, words
from central.console.casefacts import kind_of
from central.console.verification import Arrival, Finding
from central.jobs.amending import Held
from central.jobs.casework import Refused
from central.rules.cases import Flag
from central.rules.letters import LetterState, Refusal
from central.rules.progress import CaseMove, CaseNews, CaseState
from central.rules.roles import Role
from central.rules.tickets import TicketRefusal
from tests.house.tree import ROOT
from trust.sealing import SealFault
from wire.letters import BEST_RATING, WORST_RATING, RatingReason
from wire.messages import LetterKind

TEMPLATES = sorted((ROOT / "central/console/templates").glob("*.html"))


def test_both_languages_have_the_same_holes() -> None:
    for key, pair in words.WORDS.items():
        holes = [sorted(re.findall(r"{(\w+)}", text)) for text in pair]
        assert holes[0] == holes[1], key


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_a_template_says_is_there(path: Path) -> None:
    said = re.findall(r"say\('([^']+)'\s*[,)]", path.read_text("utf-8"))
    assert [key for key in said if key not in words.WORDS] == []


def test_no_sentence_stands_in_a_template() -> None:
    for path in TEMPLATES:
        plain = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r"[\u4e00-\u9fff]+", plain.replace(">暖</span>", "")) == [], path.name


def test_every_word_that_may_come_has_a_sentence() -> None:
    wanted = [f"flag.{flag.value}" for flag in Flag]
    wanted += [f"note.{each.value}" for each in (*Refusal, *SealFault, *Held)]
    wanted += [
        f"note.{each.value}" for each in TicketRefusal if each not in (TicketRefusal.DOOR_TAKEN, TicketRefusal.BAD_DOOR)
    ]
    wanted += [f"rating.reason.{reason.value}" for reason in RatingReason]
    wanted += [f"rating.{level}" for level in range(WORST_RATING, BEST_RATING + 1)]
    for state in (LetterState.HELD, LetterState.UNREADABLE):
        wanted += [f"trouble.{state.value}", f"letters.do.{state.value}"]
    wanted += [f"verify.{finding.value}" for finding in Finding]
    wanted += [f"arrival.{arrival.value}" for arrival in Arrival]
    wanted += [f"state.{state.value}" for state in CaseState]
    wanted += [f"{group}.{each.value}" for each in (*CaseMove, *CaseNews) for group in ("event",)]
    wanted += [f"role.{role.value}{more}" for role in Role for more in ("", ".what")]
    wanted += [f"nav.{entry.key}" for entry in frame.MENU]
    by_hand = [each.value for each in (*casepage.RIGHTS, *casepage.NEWS_RIGHTS)]
    wanted += [f"{group}.{name}" for name in by_hand for group in ("move", "said")]
    wanted += [f"move.{name}.what" for name in by_hand if name not in casepage.PLAIN]
    wanted += [f"setting.{name}" for name in FROM_AFAR]
    wanted += [f"show.{word}" for word in casepage.WHY]
    restated = [*secondlook.SECOND_LOOK, *(f"held_{deed}" for deed in heldpage.DEEDS)]
    wanted += [f"sure.{name}.{part}" for name in restated for part in ("title", "citizen", "back", "do")]
    wanted += [f"said.held_{deed}" for deed in heldpage.DEEDS]
    wanted += [f"sure.silent.{word}" for word in ("none", "no_phone")]
    wanted += [f"kind.{kind_of(media)}" for media in ("application/pdf", "image/png", "text/x")]
    wanted += [f"sorry.{each.value}" for each in Refused]
    wanted += [f"{key}.do" for key in words.WORDS if key.startswith("sorry.") and not key.endswith((".do", ".title"))]
    assert [key for key in wanted if key not in words.WORDS] == []


def test_every_word_of_a_refusal_to_let_somebody_in_has_a_sentence() -> None:
    source = (ROOT / "central/jobs/staff.py").read_text("utf-8")
    raised = set(re.findall(r'StaffRefused\("(staff\.\w+)"\)', source)) | set(re.findall(r'= "(staff\.\w+)"', source))
    assert raised
    assert [word for word in raised if f"sorry.{word}" not in words.WORDS] == []


def test_a_sentence_without_its_other_language_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: {zh: 一}\n", "utf-8")
    with pytest.raises(ValueError, match="one needs"):
        words.load(tmp_path)
    (tmp_path / "a.yaml").write_text("one: {zh: 一, en: One}\n", "utf-8")
    (tmp_path / "b.yaml").write_text("one: {zh: 一, en: One}\n", "utf-8")
    with pytest.raises(ValueError, match="another file"):
        words.load(tmp_path)


def test_days_are_counted_in_beijing() -> None:
    now = dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)  # the 23rd there
    assert words.days_until(dt.datetime(2026, 11, 23, 15, 59, tzinfo=dt.UTC), now) == 0
    assert words.days_until(dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC), now) == 1
    assert words.days_until(dt.datetime(2026, 11, 22, 15, 0, tzinfo=dt.UTC), now) == -1
    assert words.show_day(now) == "2026-11-23"
    assert words.moment("2026-11-23") is None
    assert words.moment("2026-11-23T00:00:00+08:00") == dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC)


def test_a_letter_in_trouble_says_what_it_is_about_and_whom_to_ask() -> None:
    assert [kind for kind in LetterKind if f"letters.about.{kind.value}" not in words.WORDS] == []
    assert all(word in words.say("letters.do.held", "en") for word in ("intake", "reviewer"))
    kit = (ROOT / "central/console/templates/kit.html").read_text("utf-8")
    assert "word('letters.about', letter.kind) }} <span class=\"code\">{{ letter.subject }}" in kit
