"""How cases stand, asked over the real wire: believed only as central's answer to this asking, to this terminal."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offline_cache.central_link import CentralLink
from tests.offline_cache.rig import Rig, a_rig
from tests.offline_cache.world import (
    IDENTITY,
    NAME,
    NUMBER,
    START,
    Handler,
    error_500,
    html_200,
    no_reply,
)
from trust.keys import SigningKey
from wire.canonical import b64u, canonical
from wire.messages import CaseAsk, Cases, CasesRequest, CaseStatus, SignedCases

STATUS = CaseStatus(
    case="K1", item="jinglaoka", version=4, state="returned", revision=3, submitted_at=START, since=START,
    deadline=START + dt.timedelta(days=8), answers={"contact.phone": "13800000000"}, next_zh="请补正",
    asks=(CaseAsk(what="contact.phone", is_field=True, title_zh="联系手机", title_en="Mobile number"),),
)  # fmt: skip


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path) as rig:
        yield rig


def central(rig: Rig) -> CentralLink:
    return CentralLink(rig.link, rig.sync, rig.store.keyring, rig.clock, IDENTITY.terminal)


def answering(rig: Rig, key: SigningKey | None = None, **changed: object) -> list[CasesRequest]:
    """Central answers one asking, signed by `key`; what it was asked."""
    asked: list[CasesRequest] = []

    def answer(handler: Handler) -> None:
        request = CasesRequest.model_validate_json(handler.body)
        asked.append(request)
        told = {"nonce": request.nonce, "terminal": IDENTITY.terminal, "as_of": START, "cases": (STATUS,), **changed}
        cases = Cases.model_validate(told)
        ack = rig.end.keys.ack
        sig = (key or ack).sign(canonical(cases.model_dump(mode="json")))
        handler.message(SignedCases(cases=cases, kid=ack.kid, sig=b64u(sig)))

    rig.end.faults.append(answer)
    return asked


def test_a_holder_is_told_of_their_cases(rig: Rig) -> None:
    asked = answering(rig)
    cases = central(rig).cases(number=NUMBER, name=NAME)
    assert cases is not None
    assert cases.cases == (STATUS,)
    assert rig.end.seen == [("POST", "/v1/cases")]
    (request,) = asked
    assert (request.holder_number, request.holder_name, request.receipt) == (NUMBER, NAME, "")


def test_a_slip_asks_for_itself_alone_and_every_asking_has_a_nonce_of_its_own(rig: Rig) -> None:
    first, second = answering(rig), answering(rig)
    for _ in range(2):
        assert central(rig).cases(receipt="NT1.slip") is not None
    (one,), (other,) = first, second
    assert (one.holder_number, one.holder_name, one.receipt) == ("", "", "NT1.slip")
    assert len(one.nonce) >= 16
    assert one.nonce != other.nonce


@pytest.mark.parametrize("changed", [{"nonce": "of another asking"}, {"terminal": "another"}])
def test_an_answer_to_somebody_else_is_none(rig: Rig, changed: dict[str, str]) -> None:
    answering(rig, **changed)
    assert central(rig).cases(number=NUMBER, name=NAME) is None


def test_an_answer_of_somebody_else_is_none(rig: Rig) -> None:
    answering(rig, SigningKey.generate())
    assert central(rig).cases(number=NUMBER, name=NAME) is None


def not_the_message(handler: Handler) -> None:
    handler.say(200, b'{"cases": {"nonce": "n"}}')


@pytest.mark.parametrize("fault", [html_200, error_500, no_reply, not_the_message])
def test_whoever_else_answers_tells_nothing(rig: Rig, fault: Callable[[Handler], None]) -> None:
    rig.end.faults += [fault] * 2
    assert central(rig).cases(number=NUMBER, name=NAME) is None


def test_what_it_is_asked_and_told_is_in_no_repr(rig: Rig) -> None:
    asked = answering(rig)
    cases = central(rig).cases(number=NUMBER, name=NAME)
    for secret in (NAME, NUMBER, "13800000000"):
        assert secret not in repr(asked) + repr(cases)
