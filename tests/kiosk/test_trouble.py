"""Every word of trouble has its whole page in both languages: what happened, no blame, what is safe, what now, whom."""

import pytest

from hardware.api.id_card import CardProblem
from hardware.api.status import Fault
from kiosk.ports import CodeFault, StoreRefused
from kiosk.presenting.saying import Say
from kiosk.presenting.trouble import KINDS, kind_of, trouble
from kiosk.view import Page, TroubleBody
from tests.journeys.walker import WORDS

SAID = {key.removeprefix("fault.").removesuffix(".title") for key in WORDS.sentences if key.startswith("fault.")}
SAID = {word for word in SAID if not word.endswith(".do")}
ENUMS = {word.value for kind in (Fault, CardProblem, CodeFault, StoreRefused) for word in kind}


def test_every_word_of_the_machine_is_said() -> None:
    assert ENUMS <= SAID


def test_every_kind_is_of_some_word() -> None:
    families = {word.split(".")[0] for word in SAID} | {"network"}
    assert {word for word in KINDS if word not in SAID and word not in families} == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("word", sorted(SAID))
def test_no_part_of_the_page_is_empty(word: str, language: str) -> None:
    drawn = trouble(word, Say(WORDS, language, phone="12345"))
    body = drawn.body
    assert drawn.page is Page.TROUBLE
    assert isinstance(body, TroubleBody)
    parts = (body.title, body.happened, body.safe, body.call, *body.advice)
    assert all(part.strip() for part in parts)
    assert len(body.advice) >= 2, "what the word says, and another way"
    assert len(set(body.advice)) == len(body.advice)
    assert body.code == word
    assert "12345" in body.call
    assert drawn.next is not None, "a way on"
    assert not any(blame in " ".join(parts) for blame in ("错误", "失败", "非法", "error", "failed", "invalid"))


def test_the_cause_is_named_before_the_blame() -> None:
    body = trouble("pages.failed", Say(WORDS, "zh"), cause="printer.jammed").body
    assert isinstance(body, TroubleBody)
    assert body.happened == "原因：纸卡住了。是本机出了问题，不是您的问题。"
    assert body.code == "printer.jammed"
    assert body.call, "without a number the nearest hall is named"


def test_an_unknown_word_is_our_bug() -> None:
    with pytest.raises(KeyError):
        kind_of("nobody.knows")
