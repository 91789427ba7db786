"""Everything about a person as a download, and what was published of the catalogue."""

import contextlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.__main__ import CATALOGUE
from central.console.casefacts import parts_told
from central.jobs import audit
from central.jobs.edition_upload import unpacked
from central.jobs.editions import NotPublished, publish
from central.rules.roles import Role
from central.store import cases, editions
from tests.console.plain import Plain, words_of
from tests.console.world import ANSWERS, REGION, Desk, DeskTerminal, citizen


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
    assert f"改了： 敬老卡申领 第 {version} 版 → 第 {version + 1} 版 · jinglaoka" in read
    assert "在用" in read[read.index(str(second.version)) : read.index(str(first.version))]
    assert "在用" not in read[read.index(str(first.version)) : read.index("中心现在用的事项")]
    # What the district sets, old and new; the other files by what they are for.
    for at, told in enumerate(
        (
            ("[speech]\nvolume = 8\n", "朗读音量： 各终端按自己的 → 8 speech.volume"),
            ("[speech]\nvolume = 10\nsounds = false\n", "提示音： 各终端按自己的 → 否 speech.sounds"),
            ("# x\n[speech]\nvolume = 10\nsounds = false\n", "没有一项的值变了"),
        )
    ):
        desk.clock.move(minutes=5)
        (folder / "settings.toml").write_text(told[0], "utf-8")
        with (folder / "home.yaml").open("a", encoding="utf-8") as home:
            home.write(f"# {at}\n")
        publish(desk.central, folder, by="desk", region="sh-310106")
        read = words_of(wu.get("/editions"))
        assert told[1] in read[: read.index(str(second.version))]
    assert "朗读音量： 8 → 10 speech.volume" in read
    assert "其他文件： 首页的排列 home.yaml" in read
    (folder / "items/jinglaoka.yaml").unlink()
    (folder / "home.yaml").unlink()
    desk.clock.move(minutes=5)
    publish(desk.central, folder, by="desk", region="sh-310106")
    english = words_of(Plain(desk, line, "wu.shixiang", "en").get("/editions"))
    assert f"Gone: Senior citizen card version {version + 1} · jinglaoka" in english


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


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def whole() -> dict[str, bytes]:
    paths = [*CATALOGUE.glob("*.yaml"), *CATALOGUE.glob("items/*.yaml")]
    return {path.relative_to(CATALOGUE).as_posix(): path.read_bytes() for path in paths}


def upload(who: Plain, data: bytes, region: str = "sh-310105", **fields: str) -> httpx2.Response:
    told = {"csrf": who.session.csrf, "region": region, "sure": "1"} | fields
    return who.ask("POST", "/editions/publish", data=told, files={"file": ("c.zip", data, "application/zip")})


def test_a_catalogue_is_published_as_a_zip(desk: Desk, line: httpx2.Client) -> None:
    wu = Plain(desk, line, "wu.shixiang")
    packed = zipped(
        {f"catalogue/{name}": data for name, data in whole().items()}
        | {"__MACOSX/._home.yaml": b"litter", "catalogue/readme.md": b"x", "about.txt": b"x"}
    )
    done = upload(wu, packed)
    assert done.status_code == 303
    assert "said=published" in done.headers["location"]
    assert "published_same" in upload(wu, packed).headers["location"]
    assert "长宁区社区事务受理服务中心 吴事项" in words_of(wu.get("/editions"))
    with desk.central.database.reading() as connection:
        found = editions.newest(connection, "sh-310105")
    assert found is not None
    assert {name: text.encode() for name, text in found.files.items()} == whole()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"../evil.yaml": "a: 1"}, "is no name for a file of a catalogue"),
        ({"/etc/x.yaml": "a: 1"}, "is no name for a file of a catalogue"),
        ({"items/..\\x.yaml": "a: 1"}, "is no name for a file of a catalogue"),
        ({"items/a/b.yaml": "a: 1"}, "is no name for a file of a catalogue"),
        ({"README.md": "x"}, "holds no file of a catalogue"),
        ({"items/a/b.md": "x", "items/a/c.yaml": "a: 1"}, "is no name for a file of a catalogue"),
        ({"items/jinglaoka.yaml": "code: jinglaoka\nversion: x\n"}, "items/jinglaoka.yaml:2"),
        ({"home.yaml": b"\xff\xfe"}, "home.yaml"),
        ({"home.yaml": " " * 5_000_000}, "is larger than"),
        ({}, "holds no file of a catalogue"),
    ],
)
def test_what_is_no_catalogue_is_not_published_and_says_where(
    desk: Desk, line: httpx2.Client, files: dict[str, bytes | str], says: str
) -> None:
    wu = Plain(desk, line, "wu.shixiang")
    with desk.central.database.reading() as connection:
        before = editions.highest_version(connection)
    page = upload(wu, zipped(files))
    assert page.status_code == 422
    assert says in words_of(page)
    assert "检查程序的原话见下" not in page.text  # all of these are said in Chinese
    assert "nuanting-publish" not in page.text
    with desk.central.database.reading() as connection:
        assert editions.highest_version(connection) == before


def test_mistakes_are_told_in_the_readers_language(desk: Desk, line: httpx2.Client) -> None:
    files = whole()
    item = files["items/jinglaoka.yaml"].decode()
    files["items/jinglaoka.yaml"] = item.replace("title:", "titel:", 1).replace("minutes: ", "minutes: 99", 1).encode()
    files["settings.toml"] = b"[speech]\nvolume = 11\n"
    packed = zipped(files)
    for lang, says in (
        (
            "zh",
            (
                "这里不能有这个名称。",
                "是不是想写 title？",
                "不能大于 120。",
                "要写 1 到 10 的整数。",
                "第 2 行 · speech.volume",
            ),
        ),
        (
            "en",
            (
                "This name does not belong here.",
                "Did you mean title?",
                "It must be 120 or less.",
                "line 2 · speech.volume",
            ),
        ),
    ):
        page = upload(Plain(desk, line, "wu.shixiang", lang), packed)
        read = words_of(page)
        assert [each for each in says if each not in read] == []
        assert "settings.toml:2: speech.volume: must be a whole number from 1 to 10" in read  # and in the check's words
        assert page.text.count("<h1>") == 1


def test_a_zip_that_is_none_or_was_not_checked_is_refused(desk: Desk, line: httpx2.Client) -> None:
    wu = Plain(desk, line, "wu.shixiang")
    good = zipped(whole())
    for data in (b"PK\x03\x04 nothing", good[: len(good) // 2], b"x" * 1000):
        page = upload(wu, data)
        assert (page.status_code, "no ZIP archive" in words_of(page)) == (422, True)
    assert upload(wu, good, sure="").status_code == 422
    assert upload(wu, b"").status_code == 422
    assert wu.post("/editions/publish", {"region": "", "sure": "1"}).status_code == 422
    assert upload(Plain(desk, line, "chen.shenhe"), good).status_code == 403
    desk.official("feng.quyu", "冯区域", Role.CATALOGUE, regions=["sh-310104"])
    feng = Plain(desk, line, "feng.quyu")
    for region in ("", "sh-310105"):
        page = upload(feng, good, region)
        assert (page.status_code, "这个地区不归您发布" in words_of(page)) == (422, True)


def test_a_refused_upload_keeps_for_whom_it_was(desk: Desk, line: httpx2.Client) -> None:
    wu = Plain(desk, line, "wu.shixiang")
    good = zipped(whole())
    for page in (upload(wu, b"PK"), upload(wu, good, sure=""), upload(wu, b"")):
        assert page.status_code == 422
        assert re.findall(r'<option value="([^"]*)" selected>', page.text) == ["sh-310105"]
    files = {"file": ("c.zip", good, "application/zip")}
    page = wu.ask("POST", "/editions/publish", data={"csrf": wu.session.csrf, "sure": "1"}, files=files)
    assert page.status_code == 422  # nobody is everybody unless it was said


def test_a_zip_that_is_too_large_says_so_and_leads_back(desk: Desk, line: httpx2.Client) -> None:
    page = upload(Plain(desk, line, "wu.shixiang"), b"x" * 1_100_000)
    assert page.status_code == 413
    assert "最多 1 MB" in words_of(page)
    assert 'href="/editions#publish"' in page.text


@given(st.binary(max_size=300), st.integers(0, 400))
def test_any_bytes_are_unpacked_or_refused(junk: bytes, at: int) -> None:
    good = zipped({"home.yaml": "a: 1", "items/x.yaml": "b: 2"})
    for data in (junk, good[:at] + junk + good[at:], good[:at] + junk):
        with contextlib.suppress(NotPublished):
            assert set(unpacked(data)) <= {"home.yaml", "items/x.yaml"}
