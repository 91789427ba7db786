"""What cannot be taken back is restated first, done once, and refused as plainly as before."""

import httpx2
import pytest

from central.jobs import audit, casework
from central.rules.progress import CaseMove, CaseState
from tests.central.caseworld import moved
from tests.central.waiting import until
from tests.console.plain import Plain, hidden_of, words_of
from tests.console.world import ANSWERS, PROMISED, REGION, Desk, DeskTerminal, citizen

M = CaseMove


@pytest.fixture
def accepted(desk: Desk, terminal: DeskTerminal, number: str) -> str:
    terminal.apply(desk.item("jinglaoka"), number, citizen(), ANSWERS)
    moved(desk.central, desk.row(number), M.ACCEPT, "chen.shenhe")
    return number


def form(desk: Desk, case: str, move: str, **more: object) -> dict[str, object]:
    return {"region": REGION, "case": case, "revision": str(desk.row(case).revision), "move": move, **more}


def whats(desk: Desk, case: str) -> list[str]:
    with desk.central.database.reading() as connection:
        return [event.what for event in casework.events_of(desk.central, connection, REGION, case)]


def test_it_restates_which_case_whom_what_and_that_it_stays(desk: Desk, line: httpx2.Client, accepted: str) -> None:
    for lang, says in (
        ("zh", ("敬老卡申领", "已受理 → ✓ 已批准", "不能退回")),
        ("en", ("Senior citizen card", "No. After this")),
    ):
        page = Plain(desk, line, "chen.shenhe", lang).post("/case/move", form(desk, accepted, "approve"))
        assert page.status_code == 200
        read = words_of(page)
        for told in (accepted, "王*亭", "3101**********0023", *says):
            assert told in read
        assert citizen().name not in page.text
        assert citizen().number not in page.text
        assert "<script>" not in page.text
    assert desk.row(accepted).state is CaseState.ACCEPTED
    seen = [(who, what) for _, who, what, _ in audit.events_about(desk.central, accepted)]
    assert seen.count(("chen.shenhe", "case.seen")) == 2


def test_the_yes_is_done_once_however_often_it_is_sent(desk: Desk, line: httpx2.Client, accepted: str) -> None:
    chen = Plain(desk, line, "chen.shenhe")
    page = chen.post("/case/move", form(desk, accepted, "refuse", reason="granted.before", note="登记显示去年已领"))
    assert "已经办过，不用再办" in words_of(page)
    assert "有结果了" in words_of(page)  # the very text message
    told = hidden_of(page, "/case/move") | {"sure": ["1"]}
    for _ in range(3):
        done = chen.post("/case/move", told)
        assert done.status_code == 303
        assert "said=refuse" in done.headers["location"]
    assert whats(desk, accepted).count("refuse") == 1
    other = chen.post("/case/move", told | {"reason": ["not.eligible"]})  # not what was done
    assert other.status_code == 409
    assert Plain(desk, line, "li.shouli").post("/case/move", told).status_code == 403


def test_another_person_who_says_the_same_is_told_that_somebody_was_faster(
    desk: Desk, line: httpx2.Client, accepted: str
) -> None:
    desk.official(f"wei{accepted[1:5]}", "魏审核", *desk.roles("chen.shenhe"))
    told = form(desk, accepted, "approve", sure="1")
    assert Plain(desk, line, "chen.shenhe").post("/case/move", told).status_code == 303
    page = Plain(desk, line, f"wei{accepted[1:5]}").post("/case/move", told)
    assert page.status_code == 409
    assert "同事快了一步" in words_of(page)


def test_what_would_be_refused_is_refused_before_the_second_look(
    desk: Desk, line: httpx2.Client, accepted: str
) -> None:
    chen = Plain(desk, line, "chen.shenhe")
    for told, says in (
        (form(desk, accepted, "refuse", note="为什么"), "请至少选一条原因"),
        (form(desk, accepted, "refuse"), "请至少选一条原因"),  # what stands first in the form is said first
        (form(desk, accepted, "refuse", reason="granted.before"), "请写一句说明"),
        (form(desk, accepted, "return", reason="field.wrong", deadline="2020-01-01"), "这个日期不行"),
        (form(desk, accepted, "approve", revision="1"), "同事快了一步"),
    ):
        page = chen.post("/case/move", told)
        assert page.status_code in (409, 422)
        assert page.text.count("<h1>") == 1
        assert says in words_of(page)
    page = Plain(desk, line, "li.shouli").post("/case/move", form(desk, accepted, "close"))
    assert page.status_code == 409
    assert "现在的状态不能这样做" in words_of(page)
    page = chen.get(f"/cases/{accepted}?region={REGION}")
    assert "原因（至少选一条" in words_of(page)
    assert "说明（必填）" in words_of(page)
    assert desk.row(accepted).state is CaseState.ACCEPTED


def test_not_yet_leads_back_with_what_was_typed(desk: Desk, line: httpx2.Client, accepted: str) -> None:
    chen = Plain(desk, line, "chen.shenhe")
    asks = {"ask": "contact.phone", "why:contact.phone": "phone.unreachable", "note": "打不通", "deadline": ""}
    page = chen.post("/case/move", form(desk, accepted, "return", **asks))
    assert "这个手机号码联系不上" in words_of(page)
    back = chen.post("/case/move", hidden_of(page, "/case/move") | {"again": ["1"]})
    assert back.status_code == 200
    assert "打不通" in back.text
    assert '<details class="move" name="move" open>' in back.text
    assert desk.row(accepted).state is CaseState.ACCEPTED


def test_who_cannot_go_on_leaves_the_case_to_those_who_can(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    terminal.apply(desk.item("jinglaoka"), number, citizen(), ANSWERS)
    li, chen = Plain(desk, line, "li.shouli"), Plain(desk, line, "chen.shenhe")

    def waits_for(who: Plain, of: str) -> bool:
        return number in words_of(who.get(f"/queue?who={of}"))

    took = {"region": REGION, "case": number}
    li.post("/case/take", took | {"revision": str(desk.row(number).revision)})
    assert waits_for(li, "me")
    assert li.post("/case/move", form(desk, number, "accept")).status_code == 303  # who receives does not decide
    assert (waits_for(li, "me"), waits_for(chen, "nobody")) == (False, True)
    chen.post("/case/take", took | {"revision": str(desk.row(number).revision)})
    assert waits_for(chen, "me")
    assert chen.post("/case/move", form(desk, number, "approve", sure="1")).status_code == 303
    assert (waits_for(chen, "me"), waits_for(li, "nobody")) == (False, True)
    li.post("/case/take", took | {"revision": str(desk.row(number).revision)})
    place = {"terminal": f"{REGION}/NT-0001", "door": "31"}
    assert li.post("/case/move", form(desk, number, "make_ready", **place)).status_code == 303
    assert li.post("/case/move", form(desk, number, "take_back", note="空的")).status_code == 303
    assert waits_for(li, "me")  # who can go on keeps it


def test_a_drawn_case_goes_nowhere_before_somebody_looked(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal
) -> None:
    drawn = desk.number("G", sampled=True)
    terminal.apply(desk.item("jintie-account"), drawn, citizen(), PROMISED)
    until(lambda: desk.row(drawn).state is CaseState.APPROVED, "a decision by rule")
    li, chen = Plain(desk, line, "li.shouli"), Plain(desk, line, "chen.shenhe")
    here = f"/cases/{drawn}?region={REGION}"
    assert ("请点“看过了" in words_of(li.get("/")), "请点“看过了" in words_of(chen.get("/"))) == (False, True)
    page = li.get(here)
    assert "等审核的同事看过" in words_of(page)
    assert not [move for move in ("close", "make_ready") if f'name="move" value="{move}"' in page.text]
    place = {"terminal": f"{REGION}/NT-0001", "door": "32"}
    for told in (
        form(desk, drawn, "close"),
        form(desk, drawn, "close", sure="1"),
        form(desk, drawn, "make_ready", **place),
    ):
        page = li.post("/case/move", told)
        assert (page.status_code, "还没有人看过" in words_of(page)) == (409, True)
    assert desk.row(drawn).state is CaseState.APPROVED
    chen.post("/case/take", {"region": REGION, "case": drawn, "revision": str(desk.row(drawn).revision)})
    assert "请核对后点下面的" in words_of(chen.get(here))
    assert chen.post("/case/move", form(desk, drawn, "looked_at")).status_code == 303
    assert desk.row(drawn).assigned_to == ""  # the rest is not the reviewer's
    assert li.post("/case/move", form(desk, drawn, "close", sure="1")).status_code == 303
    assert desk.row(drawn).state is CaseState.DONE


def test_a_region_that_nobody_knows_is_marked_where_people_are_let_in(desk: Desk, line: httpx2.Client) -> None:
    sun = Plain(desk, line, "sun.guanli")
    assert "没有这样的地区" not in words_of(sun.get("/staff"))
    told = {"login": "ma.diqu", "name": "马地区", "role": "intake", "regions": f"{REGION} sh-310999"}
    for page in (sun.post("/staff/add", told), sun.get("/staff")):
        assert "没有这样的地区：sh-310999" in words_of(page)
        assert "所以马地区看不到那里的办件" in words_of(page)
        assert "⚠ sh-310999" in words_of(page)
        assert f"⚠ {REGION}" not in words_of(page)
    sun.post("/staff/change", told | {"regions": f"{REGION} sh-310104"})
    assert "没有这样的地区" not in words_of(sun.get("/staff"))


def test_nobody_of_the_staff_is_disabled_or_reset_without_a_second_look(desk: Desk, line: httpx2.Client) -> None:
    desk.official("jin.lishi", "金临时", *desk.roles("li.shouli"))
    jin, sun = Plain(desk, line, "jin.lishi"), Plain(desk, line, "sun.guanli")
    for path, told, says in (
        ("/staff/disable", {"login": "jin.lishi", "out": "1"}, "停用金临时？"),
        ("/staff/reset", {"login": "jin.lishi"}, "重设金临时的密码和验证器？"),
    ):
        page = sun.post(path, told)
        assert (page.status_code, says in words_of(page)) == (200, True)
        assert 'class="secret' not in page.text
        assert jin.get("/queue").status_code == 200  # still in
        assert hidden_of(page, path) == {name: [value] for name, value in told.items()}
        assert sun.post(path, {**told, "login": "nobody.here"}).status_code == 422
    done = sun.post("/staff/reset", {"login": "jin.lishi", "sure": "1"})
    assert 'class="secret' in done.text
    assert jin.get("/queue").status_code in (303, 401)
    assert sun.post("/staff/disable", {"login": "jin.lishi", "out": "1", "sure": "1"}).status_code == 303
    assert sun.post("/staff/disable", {"login": "jin.lishi", "out": "0"}).status_code == 303  # harmless
