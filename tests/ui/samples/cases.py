"""How a person's cases stand, drawn as the mind draws them from what central says, and the way in."""

import datetime as dt
from dataclasses import replace

from kiosk.health import Availability
from kiosk.journeys.cases import Cases, Phase
from kiosk.journeys.identify import Identify
from kiosk.ports import PersonFacts
from kiosk.presenting.cases import Here, cases_page
from kiosk.presenting.front import identify_page
from kiosk.presenting.saying import Say
from kiosk.view import Page, View
from tests.ui.samples.finding import CATALOGUE, WORDS, WORLD
from tests.ui.samples.frame import Frame
from wire.messages import CaseAsk, CaseStatus

NOW = dt.datetime(2026, 11, 22, 15, 4, tzinfo=dt.UTC)
PERSON = PersonFacts(kind="citizen", name="陈真", number="310101195003070022", by="card")
HERE = Here({item.code: (item, Availability(True)) for item in CATALOGUE.items}, NOW)
PHONE = CaseAsk(
    what="contact.phone", is_field=True, title_zh="联系手机", title_en="Mobile number", reason="number.wrong",
    reason_zh="少了一位数，短信发不到", reason_en="A digit is missing, so our messages do not arrive",
)  # fmt: skip
ADDRESS = CaseAsk(
    what="residence.address", is_field=True, title_zh="居住地址", title_en="Where you live",
    reason_zh="请写到门牌号和室号", reason_en="Please give house and room number",
)  # fmt: skip
PHOTO = CaseAsk(
    what="photo", is_field=False, title_zh="近期证件照", title_en="A recent passport photograph",
    reason_zh="原来的照片看不清", reason_en="The one we have is not clear", here=False,
)  # fmt: skip
WHERE = {
    "where_zh": "漕河泾街道社区事务受理服务中心 3 号窗口",
    "where_en": "Caohejing community service centre, counter 3",
}


def status(state: str, number: int = 17, item: str = "jinglaoka", **more: object) -> CaseStatus:
    told = {
        "case": f"JI-YP01-261102-{number:04}-W", "item": item, "version": 4, "state": state, "revision": 2,
        "submitted_at": NOW - dt.timedelta(days=number), "since": NOW - dt.timedelta(days=number // 2),
    }  # fmt: skip
    return CaseStatus.model_validate({**told, **more})


RETURNED = status("returned", asks=(PHONE, ADDRESS), deadline=NOW + dt.timedelta(days=8))
WAITING = status("waiting", asks=(ADDRESS, PHOTO), deadline=NOW + dt.timedelta(days=1), **WHERE)
READY = status("ready", here=True, deadline=NOW + dt.timedelta(days=20))
SEVERAL = (
    status("received", 3), status("returned", 9, asks=(PHONE,), deadline=NOW + dt.timedelta(days=8)),
    status("ready", 41, "juzhuzheng-pickup", here=True), status("done", 77),
    status("withdrawn", 400, "gone-item"),
)  # fmt: skip


def one(told: CaseStatus, *, slip: bool = False) -> Cases:
    return Cases(None if slip else PERSON, "NT1.x" if slip else "", Phase.CASE, (told,), case=told.case)


STATES: dict[str, Cases] = {
    "cases": Cases(PERSON, phase=Phase.LIST, cases=SEVERAL),
    "cases-none": Cases(PERSON, phase=Phase.NOTHING),
    "case-returned": one(RETURNED),
    "case-waiting": one(WAITING),
    "case-ready": one(READY),
    "case-by-slip": one(RETURNED, slip=True),
}  # fmt: skip


def views(language: str) -> dict[str, View]:
    """Name -> View."""
    own = Frame(language)
    say = Say(WORDS, language, phone="12345")
    made: dict[str, View] = {}
    for name, state in STATES.items():
        drawn = cases_page(state, HERE, say)
        frame = own.known if state.person is not None else own.frame
        made[name] = replace(
            frame, page=drawn.page, body=drawn.body, back=drawn.back, next=drawn.next, choices=drawn.choices,
            leave=own.leave,
        )  # fmt: skip
    asked = identify_page(Identify(("card", "code", "slip")), None, WORLD, say)
    made["identify-cases"] = replace(
        own.frame, page=Page.IDENTIFY, body=asked.body, back=asked.back, leave=own.leave, choices=asked.choices
    )
    return made
