"""The desk's pages: who may see what, nobody recognisable unasked, nothing lost, everything written down.

Whole cases are driven in a browser by `tests/console`; verification has `test_verify`.
Past 400 lines because every page is asked for by the same few people, who are let in once, here.
"""

import re
from collections.abc import Callable

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from central import desk
from central.app import create_app
from central.connectors.oidc import OidcSettings
from central.console import lists, machines, words
from central.jobs import audit, casework, staff
from central.jobs.records import ask
from central.rules.asks import Ask, day_of
from central.rules.letters import Sender
from central.rules.masks import mask_name, mask_number
from central.rules.progress import CaseMove as M
from central.rules.progress import CaseState as S
from central.rules.roles import Role
from central.settings import CentralSettings
from central.store.tables import cases
from central.wiring import Central
from tests.central.caseworld import amended, moved, sent, the
from tests.central.emptied import app as app
from tests.central.emptied import central as central
from tests.central.emptied import client as client
from tests.central.emptied import clock as clock
from tests.central.emptied import house as house
from tests.central.people import CHEAP, as_browser, begin, let_in
from tests.central.world import BASE, NAME, NUMBER, Clock, Terminal, person
from trust.keys import USE_TERMINAL, SigningKey
from wire.canonical import canonical
from wire.ids import ItemCode, LetterId, RegionId, SiteId, TerminalId
from wire.letters import RatingReason
from wire.messages import EnrolRequest, RecordRequest

EVIL = "<script>alert('暖')</script>"
Ask_ = Callable[..., httpx2.Response]


@pytest.fixture
def sit(client: TestClient, central: Central) -> Callable[..., Ask_]:
    """Somebody of the staff signs in; what he then asks for."""

    def down(login: str, *roles: Role, regions: tuple[str, ...] = ("*",)) -> Ask_:
        let_in(central, login, *roles, regions=regions)
        session = begin(central, login)

        def asked(path: str, method: str = "GET", **told: object) -> httpx2.Response:
            return as_browser(client, session, method, path, **told)

        return asked

    return down


@pytest.fixture
def chen(sit: Callable[..., Ask_]) -> Ask_:
    return sit("chen", Role.REVIEWER)


def posted(chen: Ask_, path: str, row: object, **fields: object) -> httpx2.Response:
    told = {name: getattr(row, name) for name in ("region", "case", "revision")}
    return chen(path, "POST", data={**told, **fields})


def filled(terminal: Terminal, central: Central) -> None:
    """One of everything."""
    terminal.send(terminal.letter(terminal.application("A-1", materials=[b"photo"])))
    terminal.send(terminal.letter(terminal.application("A-2", receipt="NT1.x")))
    terminal.send(terminal.letter(terminal.proof("P-1")), terminal.letter(terminal.incident()))
    desk.register_ticket(
        central,
        RegionId(terminal.region),
        TerminalId(terminal.terminal),
        item=ItemCode("juzhuzheng-pickup"),
        what_zh="居住证",
        what_en="Residence permit",
        door=7,
        number=NUMBER,
    )
    terminal.send(terminal.letter(terminal.collected("T-unknown", 3)))
    terminal.send(terminal.letter(terminal.rated("A-1", 1, RatingReason.UNEASY)))


PAGES = (
    "/",
    "/queue",
    "/cases/A-1",
    "/cases/A-2",
    "/cases/none",
    "/search",
    "/letters",
    "/figures",
    "/verify",
    "/keys",
)
MACHINES = ("/", "/terminals", "/terminals/NT-0001", "/terminals/none", "/letters", "/figures")


# ---- who sees what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_shows_a_person_unasked(
    terminal: Terminal, central: Central, chen: Ask_, sit: Callable[..., Ask_], lang: str
) -> None:
    filled(terminal, central)
    zhao = sit("zhao", Role.TECHNICIAN)
    for who, paths in ((chen, PAGES), (zhao, MACHINES)):
        for path in paths:
            page = who(path, params={"lang": lang})
            assert page.status_code in (200, 404), path
            assert page.headers["Cache-Control"] == "no-store"
            for told in (NAME, NUMBER, "13800001234", "演示路"):
                assert told not in page.text, path
    case = chen("/cases/A-1").text
    assert mask_name(NAME) in case
    assert mask_number(NUMBER) in case


def test_who_may_see_a_person_whole_says_why_and_it_is_written_down(
    terminal: Terminal, central: Central, chen: Ask_
) -> None:
    row = sent(central, terminal)
    assert posted(chen, "/case/show", row, why="because").status_code == 422
    page = posted(chen, "/case/show", row, why="compare")
    for told in (NAME, NUMBER, "13800001234", "演示路1号"):
        assert told in page.text
    told = [(who, what, why) for _, who, what, why in audit.events_about(central, row.case)]
    assert told.count(("chen", "person.seen", "compare")) == 1
    assert ("chen", "case.seen", "") in told


def test_nobody_is_sent_to_the_door_and_comes_back_where_he_wanted(client: TestClient) -> None:
    for path in ("/", "/queue?who=me", "/cases/A-1"):
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/login?next=/")
    assert 'value="/queue"' in client.get("/login?next=/queue").text
    assert 'value="/"' in client.get("/login?next=//evil.example").text


def test_pages_list_what_came(terminal: Terminal, central: Central, chen: Ask_, sit: Callable[..., Ask_]) -> None:
    filled(terminal, central)
    for told in ("A-1", "A-2", "敬老卡申领", "需核对", "NT-0001"):
        assert told in chen("/queue").text
    case = chen("/cases/A-1").text
    for told in ("material-1.jpg", "联系手机", "home.address", "第 3 版", "规则自动", "回执相符"):
        assert told in case
    assert "回执不是该终端签的" in chen("/cases/A-2").text
    assert "没有这张取件单" in chen("/letters").text
    assert "担心个人信息 1" in chen("/figures").text
    shown = sit("zhao", Role.TECHNICIAN)("/terminals/NT-0001").text
    for told in ("deed-1", "pages of proof P-1", "居住证", "待取", "没有缺号"):
        assert told in shown
    assert chen("/cases/none").status_code == 404


def test_a_case_is_its_regions_and_its_queues(terminal: Terminal, central: Central, sit: Callable[..., Ask_]) -> None:
    row = sent(central, terminal)
    xu = sit("xu", Role.REVIEWER, Role.TECHNICIAN, regions=("sh-310104",))
    paths = ("/case/take", "/case/show", "/case/move")
    assert "A-1" not in xu("/queue?state=all").text
    assert xu("/cases/A-1").status_code == 404
    assert xu(f"/case/image?region={row.region}&case=A-1&part=0&page=0").status_code == 404
    assert [posted(xu, path, row, why="check", move="accept").status_code for path in paths] == [404, 404, 404]
    assert "NT-0001" not in xu("/terminals").text
    assert xu("/terminals/NT-0001").status_code == 404
    assert the(central).state is S.CHECKED
    casework.send_on(central, row.region, row.case, "sh-310104", who="chen", revision=row.revision)
    assert "A-1" in xu("/queue").text  # and now it lies in his queue
    assert xu("/cases/A-1").status_code == 200


def test_what_other_regions_have_pushes_ones_own_off_no_list(
    terminal: Terminal,
    central: Central,
    enrolled: Callable[..., Terminal],
    sit: Callable[..., Ask_],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of the lists of letters has room for one here, and the newest are another region's."""
    monkeypatch.setattr(machines, "LETTERS", 1)
    monkeypatch.setattr(lists, "COUNTED", 1)
    there = enrolled("NT-0104", region="sh-310104")
    numbers = []
    for each, case in ((terminal, "A-1"), (there, "B-1")):
        came = sent(central, each, case)
        casework.send_on(central, came.region, case, came.region, who="chen", revision=came.revision)
        row = moved(central, the(central, case), M.ASK, asks=[Ask("contact.phone")])
        late = each.letter(amended(each, row, {"contact.phone": "13900005678"}))
        moved(central, row, M.EXTEND, deadline=day_of(clock(), 20))
        first, refused = each.letter(each.incident()), each.letter(each.incident())
        refused = refused.model_copy(update={"body": first.body})
        other = each.letter(each.incident(), LetterId(first.header.id))
        acks = each.send(first, refused) + each.send(other, late)
        assert [ack.state.value for ack in acks] == ["received", "rejected", "conflict", "received"]
        clock.move(minutes=1)
        tampered = each.letter(each.collected(f"T-{case}", 3))
        each.send(tampered)
        numbers.append((case, tampered.header.id, first.header.id, refused.header.id))
    for region, (own, others) in (("sh-310101", numbers), ("sh-310104", numbers[::-1])):
        asked = sit(f"xu-{region[-1]}", Role.REVIEWER, Role.TECHNICIAN, regions=(region,))
        text = asked("/letters").text
        assert [number in text for number in own] == [True] * 4
        assert [number in text for number in others] == [False] * 4
        assert re.search(r"<b>1\D", asked("/").text)
    row = the(central, "B-1")
    casework.send_on(central, row.region, row.case, "sh-310101", who="chen", revision=row.revision)
    xu = sit("xu", Role.REVIEWER, regions=("sh-310101",))
    assert "B-1" in xu("/letters").text
    assert xu("/cases/B-1").status_code == 200  # what is in his queue is his to settle


def test_what_a_role_does_not_allow_is_neither_shown_nor_done(
    terminal: Terminal, central: Central, sit: Callable[..., Ask_]
) -> None:
    row = moved(central, sent(central, terminal), M.ACCEPT)
    li = sit("li", Role.INTAKE)
    assert 'value="approve"' not in li("/cases/A-1").text
    answer = posted(li, "/case/move", row, move="approve")
    assert answer.status_code == 403
    assert "您的角色不能做这件事" in answer.text
    for move in ("decide_by_rule", "collect", "lapse", "opened", "fly", ""):
        assert posted(li, "/case/move", row, move=move).status_code == 422
    assert the(central).state is S.ACCEPTED


# ---- doing --------------------------------------------------------------------------------------------------------


def test_the_second_press_and_the_slower_colleague_change_nothing(
    terminal: Terminal, central: Central, chen: Ask_
) -> None:
    row = sent(central, terminal)
    assert posted(chen, "/case/move", row, move="accept").status_code == 303
    again = posted(chen, "/case/move", row, move="accept")
    assert again.status_code == 409
    assert "同事快了一步" in again.text
    told = {"reason": "field.wrong", "ask": "contact.phone", "why:contact.phone": "phone.unreachable", "note": "看过"}
    late = posted(chen, "/case/move", row, move="return", **told)
    assert late.status_code == 409
    assert ">看过</textarea>" in late.text
    assert re.search(r'value="field.wrong" checked', late.text)
    assert re.search(r'value="phone.unreachable" selected', late.text)
    assert (the(central).state, the(central).revision) == (S.ACCEPTED, row.revision + 1)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"move": "return"}, "请至少选一条原因"),
        ({"move": "return", "reason": "no such"}, "这条原因不在清单里"),
        ({"move": "ask"}, "请选出要补的内容"),
        ({"move": "ask", "ask": "mother.name"}, "要补的内容这个事项里没有"),
        ({"move": "ask", "ask": "contact.phone", "deadline": "yesterday"}, "这个日期不行"),
        ({"move": "ask", "ask": "contact.phone", "deadline": "2020-01-01"}, "这个日期不行"),
        ({"move": "withdraw"}, "请写一句说明"),
        ({"move": "noted", "note": "  "}, "请写一句说明"),
        ({"move": "sent_on", "queue": "nowhere", "note": "x"}, "没有这个部门"),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(
    terminal: Terminal, central: Central, chen: Ask_, fields: dict[str, str], word: str
) -> None:
    row = sent(central, terminal)
    answer = posted(chen, "/case/move", row, **fields)
    assert answer.status_code == 422
    assert word in answer.text
    assert the(central).revision == row.revision


def test_a_thing_is_put_behind_a_free_door_only(terminal: Terminal, central: Central, sit: Callable[..., Ask_]) -> None:
    li = sit("li", Role.INTAKE)
    first, second = (
        moved(central, moved(central, sent(central, terminal, number), M.ACCEPT), M.APPROVE)
        for number in ("A-1", "A-2")
    )
    place = {"move": "make_ready", "terminal": f"{terminal.region}/{terminal.terminal}", "door": "7"}
    assert posted(li, "/case/move", first, **place).status_code == 303
    taken = posted(li, "/case/move", second, **place)
    assert (taken.status_code, "这个格口里已经有别的东西" in taken.text) == (409, True)
    assert posted(li, "/case/move", second, **place | {"door": "many"}).status_code == 422
    assert posted(li, "/case/move", second, **place | {"terminal": "x/y", "door": "9"}).status_code == 422
    assert "已占 7" in li("/cases/A-2").text


def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(
    terminal: Terminal, central: Central, client: TestClient
) -> None:
    row = sent(central, terminal)
    let_in(central, "wang", Role.REVIEWER)
    session = begin(central, "wang")
    told = {"region": row.region, "case": row.case, "revision": str(row.revision), "move": "accept"}
    cookie = {"Cookie": f"nuanting_session={session.token}"}
    bare = client.post("/case/move", data=told, headers=cookie)
    assert (bare.status_code, "这一页放得太久了" in bare.text) == (403, True)
    other = client.post(
        "/case/move", data=told | {"csrf": session.csrf}, headers=cookie | {"Origin": "https://x.example"}
    )
    assert (other.status_code, "从别的网站来的" in other.text) == (403, True)
    assert the(central).state is S.CHECKED


def test_a_file_that_is_no_picture_says_so_and_the_look_is_written_down(
    terminal: Terminal, central: Central, chen: Ask_
) -> None:
    row = sent(central, terminal, materials=[b"photo"])
    where = f"/case/image?region={row.region}&case={row.case}"
    assert chen(f"{where}&part=1&page=0").status_code == 422
    assert chen(f"{where}&part=7&page=0").status_code == 404
    assert "显示不出来" in chen("/cases/A-1?part=1").text
    looks = [what for _, who, what, _ in audit.events_about(central, row.case) if who == "chen"]
    assert looks.count("file.seen") == 1


# ---- lists --------------------------------------------------------------------------------------------------------


def test_the_oldest_deadline_comes_first_and_the_choice_narrows(
    terminal: Terminal, central: Central, chen: Ask_, clock: Clock
) -> None:
    for at, number in enumerate(("B-1", "B-2", "B-3", "B-4")):
        clock.move(seconds=1)
        row = sent(central, terminal, number)
        if at:
            moved(central, row, M.ASK, asks=[Ask("contact.phone")], deadline=day_of(clock(), 9 - at))
    shown = chen("/queue?state=all").text
    assert sorted(("B-1", "B-2", "B-3", "B-4"), key=shown.index) == ["B-4", "B-3", "B-2", "B-1"]
    assert "B-2" not in chen("/queue").text  # waits for its citizen
    assert "B-1" not in chen("/queue?state=citizen").text
    assert "B-1" in chen("/queue?state=checked&who=nobody&item=jinglaoka").text
    assert "B-1" not in chen("/queue?who=me").text
    assert "B-1" not in chen("/queue?item=shebao-proof").text
    assert chen("/queue?state=nonsense&page=-1&who=%3Cscript%3E").status_code == 200


def test_a_long_queue_is_paged(
    terminal: Terminal, central: Central, chen: Ask_, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for number in range(5):
        clock.move(seconds=1)
        sent(central, terminal, f"C-{number}")
    first, last = chen("/queue").text, chen("/queue?page=2").text
    assert [number for number in range(5) if f"C-{number}" in first] == [0, 1]
    assert [number for number in range(5) if f"C-{number}" in last] == [4]
    assert "下一页" in first
    assert "下一页" not in last


def test_my_day_counts_what_is_mine_due_free_and_drawn(
    terminal: Terminal, central: Central, chen: Ask_, clock: Clock
) -> None:
    mine, free, due = (sent(central, terminal, number) for number in ("D-1", "D-2", "D-3"))
    casework.assign(central, mine.region, mine.case, "chen", who="chen", revision=mine.revision)
    moved(central, due, M.ASK, asks=[Ask("contact.phone")], deadline=day_of(clock()))
    counts = re.findall(r"<b>(\d+)</b>", chen("/").text)
    assert counts == ["1", "1", "1", "0"]
    assert "您经手的办件没有新的变化" in chen("/").text
    moved(central, the(central, "D-1"), M.ACCEPT, who="li")
    assert "您经手的办件没有新的变化" not in chen("/").text
    assert free.case in chen("/queue?who=nobody").text
    moved(central, the(central, "D-3"), M.WITHDRAW)
    with central.database.writing() as connection:  # no move leaves a deadline behind at an end: what if one did
        connection.execute(sa.update(cases).where(cases.c.case == "D-3").values(deadline=clock()))
    assert re.findall(r"<b>(\d+)</b>", chen("/").text)[2] == "0"


def test_what_is_held_by_who_lost_his_role_or_was_let_out_is_free_for_others(
    terminal: Terminal, central: Central, sit: Callable[..., Ask_], chen: Ask_
) -> None:
    wang, regions = sit("wang", Role.REVIEWER), ["*"]
    for number in ("L-1", "L-2"):
        row = sent(central, terminal, number)
        casework.assign(central, row.region, row.case, "wang", who="wang", revision=row.revision)
    moved(central, the(central, "L-2"), M.ACCEPT, who="wang")

    def free() -> list[bool]:
        return [number in chen("/queue?who=nobody").text for number in ("L-1", "L-2")]

    assert free() == [False, False]
    staff.change_staff(central, "wang", "wang", [Role.INTAKE], regions, by="qian")  # in the middle of his cases
    assert posted(wang, "/case/move", the(central, "L-2"), move="approve", sure="1").status_code == 403
    assert free() == [False, True]
    assert re.findall(r"<b>(\d+)</b>", chen("/").text)[1] == "1"
    staff.change_staff(central, "wang", "wang", [Role.INTAKE], ["sh-310104"], by="qian")  # he moved away
    assert free() == [True, True]
    staff.change_staff(central, "wang", "wang", [Role.INTAKE], ["sh-310104", terminal.region], by="qian")
    assert free() == [False, True]
    staff.set_disabled(central, "wang", True, by="qian")
    assert free() == [True, True]
    assert posted(chen, "/case/take", the(central, "L-2")).status_code == 303
    assert the(central, "L-2").assigned_to == "chen"
    assert free() == [True, False]


def test_a_case_that_goes_on_leaves_who_works_in_another_region_now(
    terminal: Terminal, central: Central, sit: Callable[..., Ask_]
) -> None:
    sit("wang", Role.INTAKE)
    for number, regions, holder in (("L-1", [terminal.region], "wang"), ("L-2", ["sh-310104"], "")):
        row = sent(central, terminal, number)
        staff.change_staff(central, "wang", "wang", [Role.INTAKE, Role.REVIEWER], regions, by="qian")
        casework.assign(central, row.region, row.case, "wang", who="qian", revision=row.revision)
        assert moved(central, the(central, number), M.ACCEPT, who="chen").assigned_to == holder


def test_the_search_finds_by_number_by_slip_and_by_person_within_the_region(
    terminal: Terminal, central: Central, chen: Ask_, sit: Callable[..., Ask_]
) -> None:
    row = sent(central, terminal)
    for text in (row.case, row.receipt, f" {row.receipt[:50]}\n{row.receipt[50:]} "):
        found = chen("/search", "POST", data={"text": text})
        assert (found.status_code, found.headers.get("Location")) == (303, f"/cases/A-1?region={row.region}")
    assert "没有找到" in chen("/search", "POST", data={"text": "A-9"}).text
    assert "没有找到" in chen("/search", "POST", data={"text": "NT1.nonsense"}).text
    assert chen("/search/person", "POST", data={"number": NUMBER}).status_code == 422
    by = {"number": f" {NUMBER.lower()} ", "why": f"电话 {NUMBER}"}
    assert "A-1" in chen("/search/person", "POST", data=by).text
    assert "A-1" not in sit("xu", Role.REVIEWER, regions=("sh-310104",))("/search/person", "POST", data=by).text
    lines = "\n".join(audit.export(central))
    assert '"person.searched"' in lines
    assert NUMBER not in lines


def test_an_amendment_that_was_held_is_shown_with_its_case_and_among_the_letters(
    terminal: Terminal, central: Central, chen: Ask_
) -> None:
    row = moved(central, sent(central, terminal), M.ASK, asks=[Ask("contact.phone")])
    late = amended(terminal, row, {"contact.phone": "13900005678"})
    moved(central, row, M.EXTEND, deadline=day_of(terminal.clock(), 20))
    terminal.send(terminal.letter(late))
    for page in (chen("/cases/A-1").text, chen("/letters").text):
        assert "申请人补的时候，办件已经变过" in page
        assert "13900005678" not in page


def test_terminals_are_paged_and_only_those_of_ones_regions(
    enrolled: Callable[[str], Terminal],
    central: Central,
    sit: Callable[..., Ask_],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machines, "PLACES", 2)
    for name in ("NT-0001", "NT-0002", "NT-0003"):
        enrolled(name)
    zhao = sit("zhao", Role.TECHNICIAN, regions=("sh-310101",))
    xu = sit("xu", Role.TECHNICIAN, regions=("sh-310104",))
    first, second = zhao("/terminals").text, zhao("/terminals?page=1").text
    assert ["NT-0002" in first, "NT-0003" in first, "NT-0003" in second] == [True, False, True]
    assert "NT-000" not in xu("/terminals").text
    clock.move(hours=2)
    assert re.findall(r"<b>(\d+)</b>", sit("qi", Role.TECHNICIAN)("/").text)[0] == "3"
    assert re.findall(r"<b>(\d+)</b>", sit("wu", Role.TECHNICIAN, regions=("sh-310104",))("/").text)[0] == "0"


# ---- the books ----------------------------------------------------------------------------------------------------


def test_the_auditor_reads_and_exports_and_the_export_verifies(
    terminal: Terminal, central: Central, chen: Ask_, sit: Callable[..., Ask_], clock: Clock
) -> None:
    from central.rules.audit import verify

    sent(central, terminal)
    chen("/cases/A-1")
    qian = sit("qian", Role.AUDITOR)
    page = qian("/audit?who=chen&what=case.seen").text
    assert "打开办件" in page
    assert "A-1" in page
    assert "没有符合条件的记录" in qian("/audit?who=nobody").text
    assert qian("/audit?before=yesterday").status_code == 200
    told = qian("/audit/export", "POST")
    outcome = verify(told.text.splitlines(), central.keys.ring(), clock())
    assert (outcome.faults, outcome.unsigned) == ((), 0)
    assert chen("/audit").status_code == 403


def test_the_administrator_lets_in_changes_and_lets_out(client: TestClient, sit: Callable[..., Ask_]) -> None:
    sun = sit("sun", Role.ADMIN)
    bad = {"login": "He", "name": "何", "role": "reviewer"}
    for fields, word in (
        ({**bad, "login": "9"}, "账号不能用"),
        ({**bad, "login": "sun"}, "这个账号有人用了"),
        ({**bad, "login": "he", "role": ["admin", "reviewer"]}, "不能兼任"),
        ({"login": "he", "name": "何"}, "请至少选一个角色"),
        ({**bad, "login": "he", "name": " "}, "请填姓名"),
    ):
        answer = sun("/staff/add", "POST", data=fields)
        assert (answer.status_code, word in answer.text) == (422, True), word
    made = sun("/staff/add", "POST", data={**bad, "login": "he", "regions": "sh-310101，sh-310104"})
    assert made.status_code == 200
    assert "<svg" in made.text
    assert "sh-310101 sh-310104" in sun("/staff").text
    password = re.search(r'class="secret code">([^<]+)<', made.text)
    assert password is not None
    assert password[1] not in sun("/staff").text
    assert sun("/staff/change", "POST", data={"login": "he", "name": "何新", "role": "intake"}).status_code == 303
    assert sun("/staff/disable", "POST", data={"login": "sun", "out": "1"}).status_code == 422
    assert sun("/staff/disable", "POST", data={"login": "he", "out": "1", "sure": "1"}).status_code == 303
    assert "已停用" in sun("/staff").text
    assert sun("/staff/reset", "POST", data={"login": "ghost"}).status_code == 422


def test_a_technician_sets_words_withdraws_and_opens_a_letter_again(
    terminal: Terminal, central: Central, sit: Callable[..., Ask_]
) -> None:
    filled(terminal, central)
    zhao = sit("zhao", Role.TECHNICIAN)
    named = {"region": terminal.region, "terminal": terminal.terminal}
    words_ = {"zh": "今晚维护\n\n 十点 ", "en": "Maintenance", "closed": ["jinglaoka", "no-such"]}
    assert zhao("/terminal/words", "POST", data={**named, **words_}).status_code == 303
    shown = zhao("/terminals/NT-0001").text
    assert "今晚维护\n十点</textarea>" in shown
    assert 'value="jinglaoka" checked' in shown
    letter = re.search(r'name="letter" value="([^"]+)"', zhao("/letters").text)
    assert letter is not None
    again = zhao("/letters/again", "POST", data={"region": terminal.region, "letter": letter[1]})
    assert again.headers["Location"] == "/letters?said=letter_same"
    assert "没有这张取件单" in zhao("/letters").text
    assert zhao("/terminal/withdraw", "POST", data=named).status_code == 200  # not sure: nothing happens
    assert terminal.send(terminal.letter(terminal.incident()))
    assert zhao("/terminal/withdraw", "POST", data={**named, "sure": "1"}).status_code == 303
    assert terminal.post(terminal.letter(terminal.incident())).status_code == 403
    assert zhao("/terminal/code", "POST", data={"region": "", "site": "x", "terminal": "y"}).status_code == 422
    here = zhao("/terminal/code", "POST", data={"region": terminal.region, "site": "x", "terminal": "y"})
    assert "没有“" not in here.text
    strange = zhao("/terminal/code", "POST", data={"region": "上海", "site": "x", "terminal": "y"})
    assert "中心没有“上海”这个地区" in strange.text
    assert '<option value="sh-310101">' in strange.text


def test_a_terminals_page_says_what_holds_its_key(
    terminal: Terminal, central: Central, client: TestClient, sit: Callable[..., Ask_]
) -> None:
    zhao = sit("zhao", Role.TECHNICIAN)
    said = {held: words.WORDS[f"terminal.key.{held}"][0] for held in ("file", "tpm", "nothing")}

    def told() -> list[str]:
        page = zhao("/terminals/NT-0001").text
        return [held for held, sentence in said.items() if sentence in page]

    assert told() == ["file"]
    named = RegionId(terminal.region), TerminalId(terminal.terminal)
    code = desk.enrolment_code(central, named[0], SiteId(terminal.site), named[1], by="zhao")
    anew = EnrolRequest(code=code, key=SigningKey.generate().public(USE_TERMINAL), level="tpm")
    assert client.post("/v1/enrol", content=canonical(anew.model_dump(mode="json"))).status_code == 200
    assert told() == ["tpm"]
    desk.withdraw_terminal(central, *named, by="zhao")
    assert told() == ["nothing"]


# ---- what surrounds them --------------------------------------------------------------------------------------------


def test_the_language_stays(client: TestClient, central: Central) -> None:
    assert "Staff sign-in" in client.get("/login?lang=en").text
    assert "Staff sign-in" in client.get("/login").text
    assert "工作人员登录" in client.get("/login?lang=zh").text
    assert "工作人员登录" in client.get("/login?lang=%3Cscript%3E").text


def test_what_came_over_the_wire_is_never_markup(
    terminal: Terminal, central: Central, chen: Ask_, sit: Callable[..., Ask_]
) -> None:
    who = person().model_copy(update={"name": EVIL, "number": EVIL, "by": EVIL})
    told = terminal.application(EVIL, person=who, item=EVIL, answers={EVIL: EVIL}, consents={EVIL: terminal.clock()})
    terminal.send(terminal.letter(told))
    terminal.send(terminal.letter(terminal.incident().model_copy(update={"deed": EVIL, "what": EVIL, "found": EVIL})))
    listed = chen("/queue")
    link = re.search(r'href="(/cases/[^"]+)"', listed.text)
    assert link is not None
    whole = posted(chen, "/case/show", the(central, EVIL), why="check", note=EVIL)
    machine = sit("zhao", Role.TECHNICIAN)("/terminals/NT-0001")
    pages = [listed, chen(link[1].replace("&amp;", "&")), whole, machine, chen("/verify", params={"t": EVIL})]
    pages += [chen(f"/cases/{EVIL}x"), chen("/search", "POST", data={"text": EVIL + "y"})]
    pages.append(chen("/?said=" + EVIL))
    for page in pages:
        assert page.status_code in (200, 404)
        assert "<script>" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "same-origin"
    assert "&lt;script&gt;" in pages[1].text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1", "[bad"])
def test_a_page_is_not_shown_under_another_name(client: TestClient, host: str) -> None:
    assert client.get("/login", headers={"Host": host}).status_code in (400, 421)
    assert client.get("/login", headers={"Host": "localhost:8600"}).status_code == 200


def test_a_character_that_no_database_holds_is_refused_and_is_no_mistake_of_ours(
    terminal: Terminal, central: Central, client: TestClient, sit: Callable[..., Ask_]
) -> None:
    sent(central, terminal)
    asked = sit("xu", Role.REVIEWER, Role.TECHNICIAN)
    for path in ("/queue?queue=a%00b", "/cases/a%00b", "/terminals/%00", "/cases/A-1?region=%00"):
        assert asked(path).status_code == 400, path
    assert sit("aud", Role.AUDITOR)("/audit?about=%00").status_code == 400
    for path in ("/search", "/search/person", "/case/move", "/letters/again"):
        fields = {name: "a\0b" for name in ("text", "number", "why", "region", "case", "letter", "note")}
        assert asked(path, "POST", data=fields).status_code == 400, path
    told = {"login": "a\0b", "password": "x", "code": "123456"}
    assert client.post("/login", data=told, headers={"Origin": BASE}).status_code == 400
    assert staff.sign_in(central, "a\0b", "x", "123456") is staff.SignInRefusal.WRONG
    assert terminal.ask("HEAD", "/v1/letters/a%00b").status_code == 400


def test_what_is_not_there_gets_a_word(client: TestClient) -> None:
    assert client.get("/nothing").json() == {"error": "http.not_found"}
    assert client.get("/v1/letters").json() == {"error": "http.wrong_method"}
    assert client.get("/style.css").headers["Content-Type"].startswith("text/css")
    assert client.get("/desk.js").headers["Content-Type"].startswith("text/javascript")


def test_a_store_that_is_away_is_said_on_a_page(
    client: TestClient, chen: Ask_, monkeypatch: pytest.MonkeyPatch
) -> None:
    from central.store.database import StoreUnavailable

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("pool")

    monkeypatch.setattr("central.store.desk.listed", away)
    answer = chen("/queue")
    assert answer.status_code == 503
    assert "什么都没有丢" in answer.text
    assert answer.headers["Retry-After"] == "30"


def test_behind_a_proxy_other_names_are_shown(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> None:
    app = create_app(CentralSettings(tmp_path_factory.mktemp("c"), behind_proxy=True, password_cost=CHEAP), now=clock)
    with TestClient(app, base_url="https://central.example") as client:
        assert "工作人员登录" in client.get("/").text


def test_nothing_personal_is_ever_logged(
    terminal: Terminal, central: Central, chen: Ask_, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        filled(terminal, central)
        code = desk.citizen_code(central, kind="citizen", name=NAME, number=NUMBER)
        request = RecordRequest(
            item="shebao-proof", holder_number=NUMBER, holder_name=NAME, consent_at=terminal.clock(), nonce="n" * 16
        )
        ask(central, Sender(terminal.region, terminal.terminal), request)
        for path in PAGES:
            chen(path)
        posted(chen, "/case/show", the(central, "A-1"), why="check")
        posted(chen, "/case/move", the(central, "A-1"), move="noted", note=NAME)
        chen("/search/person", "POST", data={"number": NUMBER, "why": NAME})
        chen("/verify", "POST", data={"t": code})
    told = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records if record.name != "httpx2")
    assert "central.unseal" in told
    for personal in (NAME, NUMBER, "13800001234", "演示路", code.split(".")[1], "NT1."):
        assert personal not in told


def test_the_citys_provider_is_offered_where_there_is_one(
    client: TestClient, tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> None:
    assert "/login/oidc" not in client.get("/login").text
    provider = OidcSettings(issuer="https://id.example", client="nuanting", public_url="https://c.example", roles={})
    folder = tmp_path_factory.mktemp("c")
    app = create_app(CentralSettings(folder, password_cost=CHEAP, oidc=provider), now=clock)
    with TestClient(app, base_url="http://127.0.0.1") as offered:
        assert 'href="/login/oidc?next=%2Fqueue"' in offered.get("/login?next=/queue").text
