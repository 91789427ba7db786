"""Who gets in, who sees what, and that hands, eyes and keyboards of every kind can use it."""

from collections.abc import Callable

import pytest

from tests.console.browser import LATIN, OPEN, Face
from tests.console.test_cases import CASE, apply
from tests.console.test_held import held_case
from tests.console.world import PASSWORD, REGION, Desk, DeskTerminal, citizen

Come = Callable[..., Face]

SEEN = {
    "li.shouli": {"/queue", "/search", "/terminals"},
    "chen.shenhe": {"/queue", "/search", "/letters", "/figures"},
    "zhao.yunwei": {"/letters", "/terminals", "/figures"},
    "qian.shenji": {"/audit"},
    "sun.guanli": {"/staff"},
    "zhou.bangban": {"/terminals"},
    "wu.shixiang": {"/editions", "/figures"},
}

# What a screen reader needs, and what a low-sighted eye does: every field has a name, every picture a text, headings
# and landmarks are there, nothing that says something is paler than 4.5:1 (WCAG 2.2, 1.4.3).
EXAMINE = """
() => {
  const wrong = [];
  const light = (c) => {
    const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const c = rgb(getComputedStyle(at).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const name = (e) => e.tagName + '.' + e.className + ' ' + (e.id || e.name || e.textContent.trim().slice(0, 20));
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
    if (!e.labels || !e.labels.length || !e.labels[0].textContent.trim()) wrong.push('no label: ' + name(e));
  for (const e of document.querySelectorAll('img')) if (!e.alt) wrong.push('no alt: ' + e.src);
  for (const e of document.querySelectorAll('button, a'))
    if (!(e.textContent.trim() || e.getAttribute('aria-label'))) wrong.push('no name: ' + name(e));
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push('twice: ' + id);
  if (!document.documentElement.lang || !document.title.trim()) wrong.push('no lang or title');
  if (document.querySelectorAll('main').length !== 1 || !document.querySelector('nav')) wrong.push('landmarks');
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.getClientRects().length || e.closest('.hidden, .skip')) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(rgb(style.color).slice(0, 3)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) wrong.push('pale ' + ratio.toFixed(1) + ': ' + name(e));
    if (parseFloat(style.fontSize) < 14) wrong.push('small: ' + name(e));
  }
  for (const e of document.querySelectorAll('.sheet'))
    if (e.scrollWidth > e.clientWidth + 1) wrong.push('cut off: ' + e.innerText.slice(0, 40));
  if (document.querySelectorAll('h1').length !== 1) wrong.push('h1');
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('wide: ' + document.documentElement.scrollWidth);
  return wrong;
}
"""


def test_three_wrong_sign_ins_are_answered_kindly_and_the_right_one_lets_in(desk: Desk, come: Come) -> None:
    face = come()
    face.go("/queue")  # nobody: to the door, and afterwards where he wanted to go
    assert "/login" in face.page.url
    for told in ("账号、密码或动态码不对", "账号、密码或动态码不对", "还是不对，先别着急"):
        face.sign_in("zhou.bangban", "not my password at all")
        assert face.says(told)
    assert face.page.input_value("#login") == "zhou.bangban"
    assert face.page.input_value("#password") == ""
    assert face.says("大小写锁定")
    face.sign_in("zhou.bangban")
    assert face.says("您的角色不能做这件事")  # of /queue: an agent has none
    face.go("/")
    assert face.says("周帮办，您好")
    face.sent(lambda: face.page.click("text=退出"))
    assert face.says("您已退出")
    face.go("/")
    assert "/login" in face.page.url


@pytest.mark.parametrize(
    ("login", "lang"),
    [
        ("chen.shenhe", "zh"),
        ("chen.shenhe", "en"),
        ("li.shouli", "en"),
        ("zhao.yunwei", "en"),
        ("qian.shenji", "en"),
        ("sun.guanli", "en"),
        ("zhou.bangban", "zh"),
        ("wu.shixiang", "zh"),
    ],
)
def test_everybody_sees_what_is_theirs_and_every_page_can_be_used_by_everybody(
    desk: Desk, come: Come, login: str, lang: str
) -> None:
    face = come(login, lang)
    face.go("/")
    if lang == "en" and LATIN.exists():  # not drawn by a Chinese face, where it is as wide as a character
        width = "e => { e.innerHTML = '<i>’</i>'; return e.firstChild.getBoundingClientRect().width; }"
        assert face.page.eval_on_selector("h2", width) < 8
        face.go("/")
    shown = {path for path in face.page.eval_on_selector_all("nav a", "all => all.map(a => a.pathname)")}
    assert shown == SEEN[login] | {"/", "/verify", "/keys"}
    for path in sorted(shown):
        face.go(path)
        assert face.page.evaluate(EXAMINE) == [], path


def test_the_pages_of_a_case_can_be_used_by_everybody(
    desk: Desk, terminal: DeskTerminal, number: str, come: Come
) -> None:
    apply(desk, terminal, number)
    for login in ("li.shouli", "chen.shenhe"):
        face = come(login, "en" if login.startswith("li") else "zh")
        face.go(CASE.format(number) + "&part=0")
        assert face.page.locator("nav [aria-current]").inner_text() == ("Queue" if login.startswith("li") else "办件")
        below = face.page.locator("aside .below")
        assert below.is_hidden()  # all that may be done stands in the window
        face.page.eval_on_selector_all("details", OPEN)
        assert face.page.evaluate(EXAMINE) == []
        below.wait_for(state="visible")
        box = below.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800
        face.page.eval_on_selector("aside", "all => all.scrollTo(0, all.scrollHeight)")
        below.wait_for(state="hidden")
    face.go(CASE.format(number))
    face.open_form("退回补正")
    face.page.locator("details[open] input[name=reason]").first.check()
    face.send_form("退回补正")
    assert face.says("能不能收回")
    assert face.page.evaluate(EXAMINE) == []
    face.focused()
    assert face.focus() == "确定退回"
    face.page.keyboard.press("u")
    face.page.wait_for_url("**/cases/**")
    face.go("/person")
    assert face.page.evaluate(EXAMINE) == []


def test_a_case_with_something_held_can_be_used_by_everybody(
    desk: Desk, terminal: DeskTerminal, number: str, come: Come
) -> None:
    held_case(desk, terminal, number)
    for lang in ("zh", "en"):
        face = come("chen.shenhe", lang)
        face.go(CASE.format(number))
        face.page.eval_on_selector_all("details", OPEN)
        assert face.page.evaluate(EXAMINE) == []


def test_the_queue_is_worked_with_the_keyboard_alone(
    desk: Desk, terminal: DeskTerminal, number: str, come: Come
) -> None:
    apply(desk, terminal, number)
    face = come("li.shouli")
    keys = face.page.keyboard
    face.go("/queue")
    keys.press("Tab")
    assert face.focus() == "跳到正文"
    keys.press("Enter")
    face.page.focus("body")
    rows = face.page.locator("[data-row]").count()
    keys.press("j")
    first = face.focus_row()
    keys.press("j")
    assert rows < 2 or face.focus_row() != first
    keys.press("k")
    assert face.focus_row() == first
    while number not in face.focus_row():
        keys.press("j")
    face.sent(lambda: keys.press("Enter"))
    assert number in face.page.url
    for _ in range(40):
        keys.press("Tab")
        if face.focus() == "我来办":
            break
    face.sent(lambda: keys.press("Enter"))
    assert desk.row(number).assigned_to == "li.shouli"
    keys.press("u")
    face.page.wait_for_url("**/queue")
    keys.press("/")
    face.page.wait_for_url("**/search")
    keys.press("/")
    assert face.page.evaluate("document.activeElement.id") == "text"
    keys.type(number)
    face.sent(lambda: keys.press("Enter"))
    assert number in face.page.url


def test_a_person_is_found_by_number_with_a_reason_and_the_number_is_nowhere(
    desk: Desk, terminal: DeskTerminal, number: str, come: Come
) -> None:
    apply(desk, terminal, number)
    face = come("chen.shenhe")
    face.go("/search")
    face.page.fill("#number", citizen().number)
    face.page.fill("#why", "电话询问进度")
    face.sent(lambda: face.page.locator("form[action='/search/person'] button").click())
    assert face.says(number)
    assert citizen().number not in face.page.content()
    assert all(citizen().number not in url for url in face.urls)
    receipt = desk.row(number).receipt
    face.go("/search")
    face.page.fill("#text", receipt)
    face.sent(lambda: face.page.press("#text", "Enter"))
    assert number in face.page.url
    auditor = come("qian.shenji")
    auditor.go("/audit?what=person.searched")
    assert auditor.says("电话询问进度")
    assert not auditor.says(citizen().number)


def test_another_regions_case_is_not_there(desk: Desk, terminal: DeskTerminal, number: str, come: Come) -> None:
    apply(desk, terminal, number)
    face = come("xu.quyu")
    face.go("/queue?state=all")
    assert not face.says(number)
    face.go(CASE.format(number))
    assert face.says("没有这个办件")
    answer = face.page.goto(f"{desk.url}/case/image?region={REGION}&case={number}&part=0&page=0")
    assert answer is not None
    assert answer.status == 404


def test_an_administrator_lets_somebody_in_who_then_signs_in(desk: Desk, come: Come) -> None:
    admin = come("sun.guanli")
    admin.go("/staff")
    admin.page.fill("#login", "he.xinren")
    admin.page.fill("#new-name", "何新人")
    form = admin.page.locator("form[action='/staff/add']")
    form.get_by_label("审计").check()
    form.get_by_label("运维").check()
    admin.sent(lambda: form.get_by_role("button").click())
    assert admin.says("管理和审计不能兼任别的角色")
    form.get_by_label("审计").uncheck()
    admin.sent(lambda: form.get_by_role("button").click())
    password = admin.page.inner_text(".secret")
    assert password != PASSWORD
    assert admin.page.locator("svg[role=img]").is_visible()
    row = admin.page.locator("tr", has_text="he.xinren")
    admin.sent(lambda: row.get_by_role("button", name="停用").click())
    assert admin.says("停用何新人？")
    admin.say_yes()
    assert admin.says("已停用，立即生效")
    assert not admin.says(password)


def test_a_technician_enrols_a_terminal_and_never_sees_a_case(desk: Desk, come: Come) -> None:
    face = come("zhao.yunwei")
    face.go("/terminals")
    face.page.fill("#region", REGION)
    face.page.fill("#site", "新天地")
    face.page.fill("#terminal", "NT-0077")
    face.sent(lambda: face.page.click("text=生成登记码"))
    assert len(face.page.inner_text(".secret")) == 19
    face.go("/terminals/NT-0001")
    face.page.fill("#zh", "今晚十点到十一点维护")
    face.page.fill("#en", "Maintenance tonight from 10 to 11")
    face.page.get_by_label("敬老卡申领").check()
    face.sent(lambda: face.page.click("text=保存"))
    assert face.page.input_value("#zh") == "今晚十点到十一点维护"
    answer = face.page.goto(desk.url + "/cases/T0001-20261122")
    assert answer is not None
    assert answer.status == 403


def test_an_old_page_changes_nothing(desk: Desk, terminal: DeskTerminal, number: str, come: Come) -> None:
    apply(desk, terminal, number)
    face = come("li.shouli")
    face.go(CASE.format(number))
    face.page.eval_on_selector_all("input[name=csrf]", "all => all.forEach(each => each.value = 'old')")
    face.press_button("受理")
    assert face.says("这一页放得太久了")
    assert desk.row(number).revision == 1
