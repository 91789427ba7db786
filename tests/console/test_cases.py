"""Whole cases at the desk, driven in a browser; citizens and terminals send real letters meanwhile."""

from collections.abc import Callable

import pytest

from central.jobs import audit
from central.rules.progress import CaseState
from central.store import tickets
from tests.central.waiting import until
from tests.console.browser import Face
from tests.console.world import ANSWERS, PROMISED, REGION, Desk, DeskTerminal, citizen

Come = Callable[..., Face]
CASE = "/cases/{}?region=" + REGION


def state(desk: Desk, case: str) -> CaseState:
    found: CaseState = desk.row(case).state
    return found


def apply(desk: Desk, terminal: DeskTerminal, number: str) -> None:
    terminal.apply(desk.item("jinglaoka"), number, citizen(), ANSWERS)


def test_accepted_approved_made_ready_and_collected(
    desk: Desk, terminal: DeskTerminal, number: str, come: Come
) -> None:
    apply(desk, terminal, number)
    li = come("li.shouli")
    li.go("/queue?who=nobody")
    li.sent(lambda: li.page.locator("tr", has_text=number).get_by_role("button", name="我来办").click())
    li.page.wait_for_selector("figure.page img")
    assert li.says("这件归您办了")
    li.press_button("受理")
    assert li.says("已受理")
    assert "批准" not in li.buttons()  # who receives does not decide

    chen = come("chen.shenhe")
    chen.go(CASE.format(number))
    chen.press_button("批准")
    assert chen.says("王*亭")
    assert not chen.says("王暖亭")
    assert chen.says("申请人会知道")
    assert state(desk, number) is CaseState.ACCEPTED  # not yet
    chen.say_yes()
    assert state(desk, number) is CaseState.APPROVED

    li.go(CASE.format(number))
    li.open_form("放入取件柜")
    li.page.select_option("#terminal", f"{REGION}/NT-0001")
    li.page.fill("#door", "8")
    li.send_form("放入取件柜")
    assert li.says("已登记在取件柜里")
    assert li.says("8 号格口")

    with desk.central.database.reading() as connection:
        (ticket,) = [each for each, _ in tickets.of_terminal(connection, REGION, "NT-0001") if each.door == 8]
    terminal.send(terminal.letter(terminal.collected(ticket.ticket, 8)))
    li.go(CASE.format(number))
    assert li.says("已办结")
    assert li.says("已领取")
    assert state(desk, number) is CaseState.DONE


def test_returned_with_reasons_put_right_at_the_terminal_and_accepted(
    desk: Desk, terminal: DeskTerminal, number: str, come: Come
) -> None:
    apply(desk, terminal, number)
    li = come("li.shouli")
    li.go(CASE.format(number))
    li.open_form("退回补正")
    form = li.page.locator("details[open]")
    assert form.locator("select:visible").count() == 0
    form.get_by_label("现在住的地址").check()
    form.locator("select:visible").select_option("address.incomplete")
    form.get_by_label("说明").fill("门牌号后面没有室号。")
    li.send_form("退回补正")
    assert li.says("门牌号后面没有室号。")
    assert li.says("【暖亭】您办理的“敬老卡申领”")  # the very message
    li.say_yes()
    assert state(desk, number) is CaseState.RETURNED
    assert "现在住的地址\n地址没有写到门牌号和室号" in li.page.inner_text("aside")
    assert li.says("门牌号后面没有室号。")

    terminal.put_right(desk, number, citizen(), ANSWERS | {"residence.address": "上海市黄浦区演示路2号203室"})
    li.go(CASE.format(number))
    assert li.says("补正后重新提交")
    li.sent(lambda: li.page.click("text=补正后的申请表"))
    li.page.wait_for_selector("figure.page img")
    li.press_button("受理")
    assert state(desk, number) is CaseState.ACCEPTED


def test_accepted_with_gaps_and_supplied_at_another_terminal(
    desk: Desk, terminal: DeskTerminal, other_terminal: DeskTerminal, number: str, come: Come
) -> None:
    apply(desk, terminal, number)
    li = come("li.shouli")
    li.go(CASE.format(number))
    li.open_form("容缺受理")
    gap = li.page.locator("details[open]").get_by_label("津贴发到哪个账号")
    assert gap.is_checked()  # what may follow later and was left empty is proposed
    li.send_form("容缺受理")
    assert state(desk, number) is CaseState.WAITING
    assert li.says("任何一台终端都能补")

    other_terminal.put_right(desk, number, citizen(), {"pay.account": "6222020000000000"})
    li.go(CASE.format(number))
    assert li.says("补件收到")
    assert li.says("NT-0002")
    assert state(desk, number) is CaseState.ACCEPTED
    chen = come("chen.shenhe")
    chen.go(CASE.format(number))
    chen.press_button("批准")
    chen.say_yes()
    chen.go(CASE.format(number))
    assert state(desk, number) is CaseState.APPROVED


def test_what_a_rule_decided_is_drawn_and_looked_at(desk: Desk, terminal: DeskTerminal, come: Come) -> None:
    drawn, plain = desk.number("D", sampled=True), desk.number("E", sampled=False)
    for number in (drawn, plain):
        terminal.apply(desk.item("jintie-account"), number, citizen(), PROMISED)
    until(lambda: state(desk, plain) is CaseState.DONE, "a decision by rule")
    until(lambda: state(desk, drawn) is CaseState.APPROVED, "a decision by rule")
    chen = come("chen.shenhe")
    chen.go("/")
    assert drawn in chen.page.inner_text("#sampled ~ .sheet")
    assert plain not in chen.page.inner_text("main")
    chen.sent(lambda: chen.page.locator("tr", has_text=drawn).get_by_role("link").click())
    assert chen.says("规则自动决定")
    chen.press_button("看过了，没有问题")
    assert chen.says("已记下您看过了")
    chen.go("/")
    assert drawn not in chen.page.locator("#sampled ~ .sheet").first.inner_text()
    assert not desk.row(drawn).sampled


def test_refused_with_a_reason_and_a_note(desk: Desk, terminal: DeskTerminal, number: str, come: Come) -> None:
    apply(desk, terminal, number)
    chen = come("chen.shenhe")
    chen.go(CASE.format(number))
    chen.press_button("受理")
    chen.open_form("不予批准")
    form = chen.page.locator("details[open]")
    form.get_by_label("说明").fill("登记显示去年已领。")
    chen.send_form("不予批准")
    assert chen.says("请至少选一条原因")
    assert form.get_by_label("说明").input_value() == "登记显示去年已领。"  # what was typed is still there
    form.get_by_label("已经办过").check()
    chen.send_form("不予批准")
    assert chen.says("已经办过，不用再办")
    chen.sent(lambda: chen.page.get_by_role("button", name="先不，回去改").click())
    assert form.get_by_label("已经办过").is_checked()  # nothing was lost, and nothing done
    chen.send_form("不予批准")
    chen.say_yes()
    assert state(desk, number) is CaseState.REFUSED
    assert chen.says("这件已经了结")


def test_a_colleague_was_faster(desk: Desk, terminal: DeskTerminal, number: str, come: Come) -> None:
    apply(desk, terminal, number)
    li, chen = come("li.shouli"), come("chen.shenhe")
    for face in (li, chen):
        face.go(CASE.format(number))
    chen.open_form("退回补正")
    form = chen.page.locator("details[open]")
    form.get_by_label("这个手机号码联系不上").check()
    form.get_by_label("联系手机").check()
    form.get_by_label("说明").fill("没有人接。")
    li.press_button("受理")
    chen.send_form("退回补正")
    assert chen.says("同事快了一步")
    assert chen.says("李收件")
    assert state(desk, number) is CaseState.ACCEPTED
    assert chen.page.locator("details[open]").get_by_label("说明").input_value() == "没有人接。"
    chen.send_form("退回补正")  # having seen it, he may
    chen.say_yes()
    assert state(desk, number) is CaseState.RETURNED


def test_every_look_is_written_down_and_marked(desk: Desk, terminal: DeskTerminal, number: str, come: Come) -> None:
    apply(desk, terminal, number)
    chen = come("chen.shenhe")
    chen.go(CASE.format(number))
    assert not chen.says(citizen().name)
    assert not chen.says(citizen().number)
    with chen.page.expect_response("**/case/image*") as looked:
        chen.page.click("text=申请人确认的申请表")
    assert looked.value.headers["cache-control"] == "no-store"
    assert looked.value.headers["content-type"] == "image/jpeg"
    first = looked.value.body()
    desk.clock.move(minutes=1)
    with chen.page.expect_response("**/case/image*") as again:
        chen.page.reload()
    assert first != again.value.body()  # the time stands on it
    chen.page.select_option("#show-why", "call")
    with chen.page.expect_response("**/case/image*"):
        chen.sent(lambda: chen.page.click("text=显示完整内容"))
    assert chen.says(citizen().name)
    assert chen.says("到取件柜自取")
    seen = [(who, what, why) for _, who, what, why in audit.events_about(desk.central, number)]
    assert seen.count(("chen.shenhe", "file.seen", "")) == 3
    assert ("chen.shenhe", "person.seen", "call") in seen
    assert seen.count(("chen.shenhe", "case.seen", "")) == 4
    assert chen.page.locator("figure.page img").is_visible()  # the page that was looked at stays
    for url in chen.urls:
        assert citizen().number not in url


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_case_can_be_done_without_scripts(
    desk: Desk, terminal: DeskTerminal, number: str, come: Come, lang: str
) -> None:
    apply(desk, terminal, number)
    li = come("li.shouli", lang, java_script_enabled=False)
    li.go(CASE.format(number))
    words = {"zh": ("请申请人补件", "联系手机"), "en": ("Ask for more", "Mobile phone")}[lang]
    li.open_form(words[0])
    li.page.locator("details[open]").get_by_label(words[1]).check()
    li.send_form(words[0])
    assert state(desk, number) is CaseState.WAITING
