"""Everything about a person as a download, and what was published of the catalogue."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import httpx2
import pytest

from central.__main__ import CATALOGUE
from central.console.casefacts import parts_told
from central.jobs import audit
from central.jobs.editions import publish
from central.store import cases
from tests.console.plain import Plain, words_of
from tests.console.world import ANSWERS, REGION, Desk, DeskTerminal, citizen

pytestmark = pytest.mark.threads_stay("the central of all these tests answers with threads of its own")


def test_everything_about_a_person_is_a_download(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    who = citizen("欧阳小明", "310101195003072315")
    terminal.apply(desk.item("jinglaoka"), number, who, ANSWERS, [b"a scan"])
    chen = Plain(desk, line, "chen.shenhe")
    assert "/person" in chen.get("/search").text
    assert chen.get("/person").status_code == 200
    answer = chen.post("/person/export", {"number": who.number.lower(), "why": f"本人要求 {who.number}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert who.number not in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read("person.json"))
        files = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}
    assert [case["case"] for case in told["cases"]] == [number]
    assert told["cases"][0]["person"]["number"] == who.number
    assert files[f"files/{REGION}-{number}/1-material-1.jpg"] == b"a scan"
    about = desk.central.vault.tag(who.number)[:12]
    (event,) = audit.events_about(desk.central, about)
    assert event[1:3] == ("chen.shenhe", "person.exported")
    assert who.number not in event[3]


@pytest.mark.parametrize(
    ("told", "status", "says"),
    [
        ({"number": "310101194905150023"}, 422, "请写明为什么"),
        ({"number": "310101194905150024", "why": "本人要求"}, 422, "这个证件号码不对"),
        ({"number": "", "why": "本人要求"}, 422, "这个证件号码不对"),
        ({"number": "110101194905150026", "why": "本人要求"}, 404, "没有这个人的资料"),
    ],
)
def test_what_cannot_be_exported_is_said_without_the_number(
    desk: Desk, line: httpx2.Client, told: dict[str, str], status: int, says: str
) -> None:
    page = Plain(desk, line, "chen.shenhe").post("/person/export", told)
    assert page.status_code == status
    assert says in words_of(page)
    assert not told["number"] or told["number"] not in page.text


def test_another_regions_cases_are_not_in_it(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    terminal.apply(desk.item("jinglaoka"), number, citizen(), ANSWERS)
    xu = Plain(desk, line, "xu.quyu")
    page = xu.post("/person/export", {"number": citizen().number, "why": "本人要求"})
    assert page.status_code == 404
    assert number not in page.text


def test_who_must_not_gets_neither(desk: Desk, line: httpx2.Client) -> None:
    for login in ("li.shouli", "sun.guanli", "qian.shenji", "wu.shixiang"):
        assert Plain(desk, line, login).post("/person/export", {"number": "x", "why": "y"}).status_code == 403
    assert Plain(desk, line, "chen.shenhe").get("/editions").status_code == 403


def test_editions_say_when_by_whom_and_what_changed(desk: Desk, line: httpx2.Client, tmp_path: Path) -> None:
    wu = Plain(desk, line, "wu.shixiang")
    assert "还没有发布过" in words_of(wu.get("/editions"))
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    first = publish(desk.central, folder, by="wu.shixiang", region="sh-310106")
    desk.clock.move(minutes=5)
    item = folder / "items/jinglaoka.yaml"
    text = item.read_text("utf-8")
    version = desk.item("jinglaoka").version
    item.write_text(text.replace(f"version: {version}", f"version: {version + 1}", 1), "utf-8")
    second = publish(desk.central, folder, by="desk", region="sh-310106")
    read = words_of(wu.get("/editions"))
    assert "第一次发布" in read
    assert "静安区社区事务受理服务中心" in read
    assert "吴事项" in read
    assert read.index(str(second.version)) < read.index(str(first.version))
    assert "改了：敬老卡申领" in read
    assert "在用" in read[read.index(str(second.version)) : read.index(str(first.version))]
    assert "在用" not in read[read.index(str(first.version)) : read.index("中心现在用的事项")]


def test_papers_go_by_the_catalogues_titles(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    terminal.apply(desk.item("jinglaoka"), number, citizen(), ANSWERS, [b"a scan"])
    row = desk.row(number)
    with desk.central.database.reading() as connection:
        parts = cases.case_parts(connection, REGION, number)
    told = parts_told(desk.central, row, parts, "en")
    assert [(each.title, each.kind, each.file) for each in told] == [
        ("The form as the citizen approved it", "PDF document", ""),
        ("Paper 1", "picture", "material-1.jpg"),
    ]
    read = words_of(Plain(desk, line, "chen.shenhe", "en").get(f"/cases/{number}?region={REGION}"))
    assert "Senior citizen card · version" in read
    assert "jinglaoka" not in read
    assert "Agreed to the privacy notice" in read
    assert "图片 · 6 B · material-1.jpg" in words_of(
        Plain(desk, line, "chen.shenhe").get(f"/cases/{number}?region={REGION}")
    )
