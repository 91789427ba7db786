"""Whatever takes longer than a person likes to wait says so, and what else can be done."""

from catalogue.model import ItemKind
from kiosk import visit as v
from kiosk.journeys import apply
from kiosk.journeys import events as e
from kiosk.ports import DeedId, PersonFacts
from kiosk.view import Page, WorkingBody
from tests.journeys.walker import ITEMS, MARK, NOW, OLD, OLD_NUMBER, PAGES, TODAY, Walker


def patience(walker: Walker) -> tuple[str, str]:
    """What is said at once, and after the time that the page set itself."""
    said = []
    for _ in range(2):
        view = walker.view()
        assert view.page is Page.WORKING
        assert isinstance(view.body, WorkingBody)
        said.append(view.body.patience)
        if "patience" in walker.times:
            walker.happen(e.TimeUp("patience"))
    return said[0], said[1]


def test_an_application_says_when_it_takes_long() -> None:
    item = next(one for one in ITEMS if one.kind is ItemKind.APPLY)
    person = PersonFacts("citizen", MARK, OLD_NUMBER, birth=OLD.birth, address=OLD.address, by="card")
    begun, _ = apply.begin(item, person, "zh", TODAY)
    inner, _ = apply.consent(begun, NOW)
    walker = Walker(visit=v.Visit(phase=v.Phase.DOING, item=item, person=person, inner=inner))
    while walker.view().page is Page.FORM:
        for one in walker.view().body.fields:  # type: ignore[union-attr]
            if one.kind == "phone":
                walker.happen(e.Typed(one.id, "13800000000"))
            elif one.options:
                walker.happen(e.Typed(one.id, one.options[0][0]))
        walker.happen(e.Pressed("next"))
    for after in (
        e.PageMade("C1", PAGES, NOW),
        e.Submitted("C1", DeedId("D1"), online=True),
        None,
    ):
        at_once, later = patience(walker)
        assert at_once == ""
        assert later != ""
        if isinstance(after, e.PageMade):
            walker.happen(after)
            walker.happen(e.Pressed("next"))
        elif after is not None:
            walker.happen(after)
