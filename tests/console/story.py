"""A day at central: cases in every state, for whoever wants to look at pages that are not empty."""

import io

import httpx2
from PIL import Image, ImageDraw

from central.__main__ import CATALOGUE
from central.jobs.casework import assign
from central.jobs.editions import publish
from central.jobs.tickets import Compartment
from central.rules.asks import Ask, day_of
from central.rules.progress import CaseMove
from central.rules.roles import Role
from tests.central.caseworld import amended, moved
from tests.console.world import ANSWERS, PROMISED, Desk, citizen
from wire.letters import RatingReason

M = CaseMove


def photo() -> bytes:
    """A picture of a made-up paper."""
    paper = Image.new("RGB", (900, 1200), "#f4efe6")
    pen = ImageDraw.Draw(paper)
    for line in range(14):
        pen.rectangle((90, 120 + line * 70, 810 - (line % 3) * 120, 132 + line * 70), fill="#8c7f72")
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=70)
    return out.getvalue()


def told(desk: Desk, client: httpx2.Client) -> dict[str, dict[str, str]]:
    """Fill central; the pages worth a look, by login ("" is nobody)."""
    for login, name, role in (
        ("li.shouli", "李收件", Role.INTAKE),
        ("chen.shenhe", "陈审核", Role.REVIEWER),
        ("zhao.yunwei", "赵运维", Role.TECHNICIAN),
        ("qian.shenji", "钱审计", Role.AUDITOR),
        ("sun.guanli", "孙管理", Role.ADMIN),
        ("wu.shixiang", "吴事项", Role.CATALOGUE),
    ):
        desk.official(login, name, role)
    one, two = desk.terminal(client, "NT-0001"), desk.terminal(client, "NT-0002", "徐家汇", "sh-310104")
    card, pay = desk.item("jinglaoka"), desk.item("jintie-account")
    people = [citizen(), citizen("欧阳小明", "310101195003072316"), citizen("李阿婆", "310104194811020027")]
    for at in range(9):
        desk.clock.move(minutes=17)
        where = two if at % 4 == 3 else one
        where.apply(card, f"A7K{at}-20261122", people[at % 3], ANSWERS, [photo()] if at % 2 else [])
    drawn = desk.number("P", sampled=True)
    one.apply(pay, drawn, people[1], PROMISED)
    chen, central = "chen.shenhe", desk.central
    row = [desk.row(f"A7K{at}-20261122") for at in range(9)]
    for at in (0, 1):
        assign(central, row[at].region, row[at].case, chen, who=chen, revision=row[at].revision)
    accepted = moved(central, desk.row(row[1].case), M.ACCEPT, chen, note="电话里和本人核对过住址。")
    asks = [Ask("residence.address", "address.incomplete"), Ask("contact.phone", "phone.unreachable")]
    seen = moved(
        central, row[2], M.RETURN, chen, asks=asks, deadline=day_of(desk.clock(), 17), note="打了三次电话没有人接。"
    )
    moved(central, seen, M.EXTEND, chen, deadline=day_of(desk.clock(), 20))
    late = ANSWERS | {"residence.address": "上海市黄浦区演示路2号203室"}
    one.send(one.letter(amended(one, seen, late, page=one.page(people[2], seen.case, late), person=people[2])))
    moved(central, row[3], M.ACCEPT_WITH_GAPS, "li.shouli", deadline=day_of(desk.clock(), 15))
    done = moved(central, moved(central, row[4], M.ACCEPT, chen), M.APPROVE, chen)
    moved(central, done, M.MAKE_READY, "li.shouli", ticket=Compartment("NT-0001", 7))
    moved(central, moved(central, row[5], M.ACCEPT, chen), M.REFUSE, chen, reasons=["granted.before"])
    moved(central, moved(central, row[6], M.ACCEPT, chen), M.APPROVE, chen)
    stranger = one.application("A7KX-20261122", receipt="NT1.x", item=card.code, version=card.version)
    one.send(one.letter(stranger))
    one.send(one.letter(one.collected("T-unknown", 3)), one.letter(one.incident()))
    one.send(one.letter(one.rated(row[4].case, 5)), one.letter(one.rated(row[5].case, 1, RatingReason.TOO_LONG)))
    publish(central, CATALOGUE, by="wu.shixiang")
    desk.clock.move(days=15, hours=7)
    one.send(one.letter(one.incident()))
    first = row[1].case
    return {
        "": {"login": "/login?next=/queue", "verify": "/verify", "verdict": f"/verify?t={row[0].receipt}"},
        "chen.shenhe": {
            "day": "/",
            "queue": "/queue",
            "case": f"/cases/{accepted.case}?region={accepted.region}",
            "file": f"/cases/{first}?region={accepted.region}&part=0",
            "photo": f"/cases/{first}?region={accepted.region}&part=1",
            "checked": f"/cases/{row[0].case}?region={row[0].region}",
            "flagged": "/cases/A7KX-20261122",
            "sampled": f"/cases/{drawn}",
            "returned": f"/cases/{row[2].case}",
            "search": "/search",
            "letters-seen": "/letters",
            "figures": "/figures",
            "keys": "/keys",
            "unknown": "/cases/none",
            "person": "/person",
            "forbidden": "/audit",
            "nowhere": "/no/such/page",
        },
        "li.shouli": {"approved": f"/cases/{row[6].case}", "ready": f"/cases/{row[4].case}"},
        "zhao.yunwei": {
            "machine-day": "/",
            "terminals": "/terminals",
            "terminal": "/terminals/NT-0001",
            "letters": "/letters",
        },
        "qian.shenji": {"audit": "/audit", "auditor-day": "/"},
        "sun.guanli": {"staff": "/staff"},
        "wu.shixiang": {"editions": "/editions"},
    }
