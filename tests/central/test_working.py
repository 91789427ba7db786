"""Central works by what was published last: in every worker, without a restart; and by what a citizen was shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from catalogue.files import read_files
from catalogue.loader import load
from central import working
from central.__main__ import CATALOGUE
from central.jobs.editions import publish
from central.rules.progress import CaseState
from central.store import editions
from central.wiring import Central, open_central
from tests.central.caseworld import sent, the
from tests.central.test_deciding import ITEM as PROMISE
from tests.central.test_deciding import promised, unsampled
from tests.central.test_editions import change
from tests.central.test_editions import folder as folder
from tests.central.world import START, Clock, Terminal, person
from wire.editions import EVERYWHERE, Edition

CARD = "jinglaoka"
HERE = "sh-310101"
ELSEWHERE = "上海市徐汇区演示路1号"


@pytest.fixture(autouse=True)
def looked_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central.app.LOOK_S", 3600.0)


@pytest.fixture
def author(central: Central, clock: Clock) -> Iterator[Central]:
    """The same central opened by another process: whoever publishes there."""
    other = open_central(central.settings, now=clock)
    yield other
    other.close()


def raised(folder: Path, version: int, code: str = CARD) -> None:
    """The item has a higher version."""
    path = folder / "items" / f"{code}.yaml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join(f"version: {version}" if each.startswith("version:") else each for each in lines), "utf-8"
    )


def test_titles_routing_and_rules_follow_what_was_published(
    central: Central, author: Central, app: FastAPI, terminal: Terminal, folder: Path
) -> None:
    household = person().model_copy(update={"address": ELSEWHERE})
    frame = app.state.frame
    assert sent(central, terminal, "A-1", person=household).queue == "sh-310104"
    before = frame.titles.item(CARD, "zh")
    raised(folder, 70)
    change(folder, f"title: {{zh: {before}", "title: {zh: 新的名字")
    change(folder, "mode: receive_only", "mode: direct")
    change(folder, "  by: household\n", "")
    change(folder, "黄浦区社区事务受理服务中心", "新的办公室", "offices.yaml")
    done = publish(author, folder, by="desk")
    assert frame.titles.item(CARD, "zh") == before
    assert central.working.follow()
    assert not central.working.follow()
    assert central.working.now.editions == {EVERYWHERE: done.version}
    assert frame.titles.item(CARD, "zh") == "新的名字"
    assert central.offices.offices[0].zh == "新的办公室"
    assert sent(central, terminal, "A-2", person=household).queue == HERE
    assert the(central, "A-1").queue == "sh-310104"  # what has a queue keeps it
    (folder / "items" / f"{PROMISE}.yaml").unlink()
    (folder / "home.yaml").unlink()
    publish(author, folder, by="desk")
    assert central.working.follow()
    assert central.item(PROMISE) is None
    publish(author, CATALOGUE, by="desk")  # going back is publishing the former folder
    assert central.working.follow()
    assert frame.titles.item(CARD, "zh") == before


def test_a_case_is_judged_by_the_version_that_its_citizen_was_shown(
    central: Central, author: Central, terminal: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(author, CATALOGUE, by="desk")
    central.working.follow()
    old = [promised(central, terminal, unsampled(central, HERE))]
    shown, beside = central.item(PROMISE), central.item(CARD)
    assert shown is not None
    assert beside is not None
    raised(folder, 70, PROMISE)
    raised(folder, 70)
    change(folder, "sample: 10", "sample: 11", f"items/{PROMISE}.yaml")
    publish(author, folder, by="desk")
    central.working.follow()
    assert central.item(PROMISE) != shown
    assert central.item_of(PROMISE, shown.sha256) == shown
    terminal.send(terminal.letter(old[0]))
    assert the(central, old[0].case).state is CaseState.DONE
    anew = open_central(central.settings)  # a worker that never had the former edition
    anew.working.follow()
    assert anew.item_of(PROMISE, shown.sha256) == shown
    with monkeypatch.context() as patched:
        patched.delattr(working, "load_files")  # its edition was read just now
        assert anew.item_of(CARD, beside.sha256) == beside
    assert anew.item_of(PROMISE, "d" * 64) == anew.item(PROMISE) == central.item(PROMISE)
    assert anew.item_of("no-such-item", "d" * 64) is None
    anew.close()


def test_a_rule_that_was_taken_away_decides_nothing_more(
    central: Central, author: Central, terminal: Terminal, folder: Path
) -> None:
    publish(author, CATALOGUE, by="desk")
    central.working.follow()
    told = promised(central, terminal, unsampled(central, HERE))
    raised(folder, 70, PROMISE)
    text = (folder / "items" / f"{PROMISE}.yaml").read_text("utf-8")
    rule, after = text.index("\ndecision:"), text.index("\npromise:")
    (folder / "items" / f"{PROMISE}.yaml").write_text(text[:rule] + text[after:], "utf-8")
    publish(author, folder, by="desk")
    central.working.follow()
    terminal.send(terminal.letter(told))
    assert the(central, told.case).state is CaseState.CHECKED


@pytest.mark.log_warnings_expected
def test_an_edition_that_this_program_cannot_read_is_said_once_and_the_last_good_stays(
    central: Central, author: Central, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As after going back to an older program."""
    good = publish(author, folder, by="desk")
    central.working.follow()
    files = read_files(folder) | {f"items/{CARD}.yaml": "code: jinglaoka\nof_a_later_release: 1\n"}
    odd = Edition(version=good.version + 1, as_of=START, region=EVERYWHERE, files=files)
    with author.database.writing() as connection:
        editions.keep(connection, odd, "0" * 64)
    works = central.working.now
    assert [central.working.follow() for _ in range(3)] == [False] * 3
    assert central.working.now is works
    said = [each for each in caplog.records if each.name == "central.working" and "of_a_later_release" in each.message]
    assert len(said) == 1
    raised(folder, 71)
    done = publish(author, folder, by="desk")
    assert central.working.follow()
    assert central.working.now.editions == {EVERYWHERE: done.version}


def test_a_region_s_own_edition_brings_its_items_and_not_its_offices(
    central: Central, author: Central, terminal: Terminal, folder: Path
) -> None:
    publish(author, CATALOGUE, by="desk")
    own = (folder / "items" / f"{CARD}.yaml").read_text("utf-8").replace(f"code: {CARD}", "code: own-card", 1)
    (folder / "items" / "own-card.yaml").write_text(own, "utf-8")
    raised(folder, 70)
    change(folder, "mode: receive_only", "mode: direct")
    change(folder, "  by: household\n", "")
    change(folder, "黄浦区社区事务受理服务中心", "新的办公室", "offices.yaml")
    here = publish(author, folder, by="desk", region=HERE)
    central.working.follow()
    theirs = load(folder)
    assert central.item("own-card") == theirs.item("own-card")
    assert central.item(CARD) == central.item(CARD, "sh-310104") == load(CATALOGUE).item(CARD)
    assert central.item(CARD, HERE) == theirs.item(CARD)
    assert [item.version for item in central.working.now.every_item() if item.code == CARD] == [
        load(CATALOGUE).item(CARD).version,
        70,
    ]
    assert terminal.region == HERE
    household = person().model_copy(update={"address": ELSEWHERE})
    assert sent(central, terminal, "A-1", person=household).queue == HERE  # as its own edition says
    assert central.item_of(CARD, theirs.item(CARD).sha256) == theirs.item(CARD)
    assert "新的办公室" not in {office.zh for office in central.offices.offices}
    assert central.working.now.editions[HERE] == here.version
    raised(folder, 71)
    publish(author, folder, by="desk")  # for all: it takes the place of the region's own
    central.working.follow()
    assert central.working.now.own == {}
    assert central.item(CARD, HERE) == load(folder).item(CARD)
