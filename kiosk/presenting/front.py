"""The pages that belong to every item: closed, attract, identify, not eligible, leaving, goodbye."""

from dataclasses import dataclass

from catalogue.model import Item
from hardware.api.lights import Spot
from kiosk.health import READER, SCANNER, Opening, World, works
from kiosk.journeys import identify
from kiosk.presenting.saying import Say
from kiosk.view import (
    AttractBody,
    Body,
    Choice,
    ClosedBody,
    GoodbyeBody,
    IdentifyBody,
    LeavingBody,
    Page,
    TroubleBody,
)
from kiosk.words import Words


@dataclass(frozen=True)
class Drawn:
    """A page with its buttons."""

    page: Page
    body: Body
    back: Choice | None = None
    next: Choice | None = None
    choices: tuple[Choice, ...] = ()


def closed(world: World, say: Say, phone: str, *, starting: bool, items: bool) -> Drawn:
    if starting:
        return Drawn(Page.CLOSED, ClosedBody(say("closed.title"), (say("closed.starting"),), phone=phone))
    if world.store_word:
        reason, code = "store", world.store_word
    elif not items:
        reason, code = "catalogue", "catalogue.empty"
    else:
        reason, code = "devices", "reader.none"
    lines = [say(f"closed.reason.{reason}"), say("closed.line"), say("closed.elsewhere")]
    if phone:
        lines.append(say("closed.phone", phone=phone))
    return Drawn(Page.CLOSED, ClosedBody(say("closed.title"), tuple(lines), code, phone))


def attract(words: Words, language: str, place: str, open_now: Opening, news: str) -> Drawn:
    """The doorway; `news` is what central has announced."""
    other = "zh" if language == "en" else "en"
    notice = words.say("attract.limited", language) if open_now is Opening.LIMITED else ""
    body = AttractBody(
        title=words.say("attract.title", language),
        line=words.say("attract.line", language),
        other_line=words.say("attract.title", other),
        place=place,
        notice=notice,
        news=news,
    )
    return Drawn(Page.ATTRACT, body, next=Choice("start", words.say("foot.start", language)))


def _question(ways: tuple[str, ...], say: Say) -> str:
    if "slip" in ways:
        return say("identify.question.cases")
    if "pickup_code" in ways:
        return say("identify.question.collect")
    if "card" in ways and "code" in ways:
        return say("identify.question.card_or_code")
    return say("identify.question.card" if "card" in ways else "identify.question.code")


def identify_page(state: identify.Identify, chosen: Item | None, world: World, say: Say) -> Drawn:
    del chosen
    back = Choice("back", say("foot.back"))
    if state.phase is identify.Phase.KNOWN and state.person is not None:
        by_card = state.person.by == "card"
        name = state.person.name[:1] + "*" * max(1, len(state.person.name) - 1)
        text = say("identify.known" if by_card else "identify.known_code", name=name)
        body = IdentifyBody(text, (), "reading", None)
        return Drawn(Page.IDENTIFY, body, back=back, next=Choice("next", say("foot.next")))
    message = ""
    waiting = "waiting"
    if state.phase is identify.Phase.CHECKING:
        waiting, message = "reading", say("identify.checking")
    elif state.problem:
        waiting = "refused"
        title, do = say.fault(state.problem)
        message = say("text.two", first=title, second=do)
    elif "card" in state.ways and not works(world, READER):
        message = say("identify.reader_away")
    elif "code" in state.ways and not works(world, SCANNER):
        message = say("identify.scanner_away")
    spot = Spot.CARD if "card" in state.ways else Spot.CODE
    body = IdentifyBody(_question(state.ways, say), state.ways, waiting, spot, message, state.code_typed)
    choices: tuple[Choice, ...] = ()
    if "pickup_code" in state.ways:
        enough = len(state.code_typed) == identify.PICKUP_CODE_DIGITS
        reason = "" if enough else say("identify.question.pickup")
        choices = (Choice("pickup", say("foot.next"), enabled=enough, reason=reason),)
    return Drawn(Page.IDENTIFY, body, back=back, choices=choices)


def not_eligible(chosen: Item, against: tuple[str, ...], say: Say) -> Drawn:
    why = tuple(chosen.rule(rule_id).otherwise.say(say.language) for rule_id in against)
    body = TroubleBody(
        title=say("item.refused.title"),
        happened=" ".join(why),
        safe=say("item.refused.line"),
        advice=(say("item.refused.advice"),),
        call=say("trouble.ask", phone=say.phone) if say.phone else "",
    )
    return Drawn(Page.TROUBLE, body, next=Choice("home", say("foot.home")))


def leaving(things: frozenset[str], say: Say, *, looked: bool, long_left: bool) -> Drawn:
    order = ("door", "card", "pages", "slip")
    listed = tuple((thing, say(f"leaving.{thing}")) for thing in order if thing in things)
    title = say("leaving.title") if looked else say("leaving.checking")
    if long_left and things and "door" not in things:
        listed = (*listed, ("", say("leaving.long")))
        return Drawn(Page.LEAVING, LeavingBody(title, listed), next=Choice("start", say("foot.start")))
    return Drawn(Page.LEAVING, LeavingBody(title, listed))


def goodbye(say: Say, *, kept: bool, draft_hours: int = 0) -> Drawn:
    lines = ([say("goodbye.line_kept")] if kept else []) + (
        [say("goodbye.draft", hours=draft_hours)] if draft_hours else []
    )
    line = lines[0] if lines else say("goodbye.line")
    if len(lines) > 1:
        line = say("text.two", first=lines[0], second=lines[1])
    return Drawn(Page.GOODBYE, GoodbyeBody(say("goodbye.title"), line), next=Choice("start", say("foot.start")))
