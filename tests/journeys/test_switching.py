"""Language and modes are switched at any page of any journey, in any order: nothing done or written is lost."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.model import ItemKind
from kiosk import visit as v
from kiosk.journeys import apply
from kiosk.journeys import events as e
from kiosk.modes import ALL_OFF, Mode
from kiosk.ports import PersonFacts
from kiosk.view import FormBody
from tests.journeys.walker import ITEMS, MARK, NOW, OLD, OLD_NUMBER, TODAY, Walker

WALKS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
steps = st.lists(st.integers(0, 10_000), min_size=40, max_size=120)
switches = st.lists(st.one_of(st.sampled_from(["zh", "en"]), st.sampled_from(list(Mode))), min_size=1, max_size=6)


def essence(visit: v.Visit) -> object:
    """The visit without how it is shown: language, modes, which questions share a page."""
    inner = visit.inner
    if isinstance(inner, apply.Apply):
        form = replace(inner.form, one_by_one=False, group=0, epoch=0)
        inner = replace(inner, language="", form=form)
        if inner.phase in (apply.Phase.REVIEW, apply.Phase.MAKING):  # the page is made anew in the other language
            inner = replace(inner, phase=apply.Phase.REVIEW, pages=None, made_at=None, slow=False)
    elif inner is not None and hasattr(inner, "language"):
        inner = replace(inner, language="")
    return replace(visit, language="", modes=ALL_OFF, inner=inner)


def switch(walker: Walker, chosen: str | Mode) -> None:
    if isinstance(chosen, Mode):
        walker.happen(e.ModeChosen(chosen, not walker.visit.modes.has(chosen)))
    else:
        walker.happen(e.LanguageChosen(chosen))


def at_form() -> Walker:
    item = next(one for one in ITEMS if one.kind is ItemKind.APPLY)
    person = PersonFacts("citizen", MARK, OLD_NUMBER, birth=OLD.birth, address=OLD.address, by="card")
    begun, _ = apply.begin(item, person, "zh", TODAY)
    inner, _ = apply.consent(begun, NOW)
    return Walker(visit=v.Visit(phase=v.Phase.DOING, item=item, person=person, inner=inner))


@WALKS
@given(picks=steps, chosen=switches)
def test_switching_loses_nothing_at_any_page(picks: list[int], chosen: list[str | Mode]) -> None:
    walker = Walker()

    def look(walker: Walker) -> None:
        if walker.numbered % 7 == 0:
            before = essence(walker.visit)
            for one in chosen:
                switch(walker, one)
            assert essence(walker.visit) == before

    walker.walk(picks, look)


@WALKS
@given(chosen=switches, typed=st.lists(st.text(max_size=12), min_size=4, max_size=4))
def test_every_word_of_a_form_survives_every_switch(chosen: list[str | Mode], typed: list[str]) -> None:
    walker = at_form()
    body = walker.view().body
    assert isinstance(body, FormBody)
    written = {}
    for one, text in zip((f for f in body.fields if f.kind != "read_only"), typed, strict=False):
        if not one.options:
            walker.happen(e.Typed(one.id, text))
            written[one.id] = text
        for mode in chosen:
            switch(walker, mode)
    form = walker.visit.inner.form  # type: ignore[union-attr]
    assert {name: form.values[name] for name in written} == written


def test_large_type_asks_one_question_a_page_and_keeps_the_one_being_written() -> None:
    walker = at_form()
    body = walker.view().body
    assert isinstance(body, FormBody)
    asked = [one for one in body.fields if one.kind != "read_only"]
    assert len(asked) > 1
    walker.happen(e.Typed(asked[-1].id, "x"))
    walker.happen(e.ModeChosen(Mode.ELDER, True))
    shown = walker.view().body
    assert isinstance(shown, FormBody)
    assert [one.id for one in shown.fields] == [asked[-1].id]
    walker.happen(e.ModeChosen(Mode.ELDER, False))
    whole = walker.view().body
    assert isinstance(whole, FormBody)
    assert [one.id for one in whole.fields] == [one.id for one in body.fields]
