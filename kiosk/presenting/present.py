"""The whole screen from the whole state: `present(visit, scene) -> View`. Pure."""

import datetime as dt
from dataclasses import dataclass, field

from catalogue.model import HomePlan, Item, ItemKind
from catalogue.search import Index
from hardware.api.identity_number import masked
from kiosk.alarms import Freshness
from kiosk.health import Availability, Opening, World, availability, opening
from kiosk.journeys import apply, cases, collect, prove
from kiosk.ports import Network, PersonFacts
from kiosk.presenting import cases as standing
from kiosk.presenting import collecting, doing, finding, front, rating
from kiosk.presenting.saying import Say, moment, notice
from kiosk.view import Choice, Countdown, Masked, Step, View
from kiosk.visit import Phase, Visit, draft_hours
from kiosk.words import Words


@dataclass(frozen=True)
class Scene:
    """What surrounds the visit when the screen is drawn."""

    words: Words
    world: World
    items: tuple[Item, ...]
    local: dt.datetime
    place_zh: str
    place_en: str
    phone: str
    doors: int = 0  # compartments of the cabinet beside it
    countdown: tuple[int, int] | None = None  # seconds left, seconds in all
    starting: bool = False
    plan: HomePlan = field(default_factory=HomePlan)
    index: Index = field(default_factory=Index)

    def place(self, language: str) -> str:
        return self.place_en if language == "en" else self.place_zh

    def available(self, item: Item) -> Availability:
        return availability(item, self.world, self.local)

    def as_of(self, language: str) -> str:
        """When central was last heard, in words; "" while that is not long ago, or when it never was."""
        seen = self.world.mirror_seen if self.world.mirror is Freshness.OLD else None
        return moment(seen, self.local, self.words, language) if seen is not None else ""


def present(visit: Visit, scene: Scene) -> View:
    say = Say(scene.words, visit.language, visit.modes.elder, scene.phone, scene.as_of(visit.language))
    drawn = _page(visit, scene, say)
    network = ""
    if scene.world.network is Network.DOWN and visit.phase is not Phase.GOODBYE:
        network = say("network.down")
    countdown = None
    if scene.countdown is not None:
        left, total = scene.countdown
        hours = draft_hours(visit)
        text = say("countdown.text_draft", seconds=left, hours=hours) if hours else say("countdown.text", seconds=left)
        countdown = Countdown(left, total, text, Choice("erase", say("countdown.erase"), icon="door-exit"))
    owned = visit.phase not in (Phase.ATTRACT, Phase.GOODBYE, Phase.LEAVING)
    return View(
        page=drawn.page,
        body=drawn.body,
        language=visit.language,
        modes=visit.modes,
        visit=visit.number,
        place=scene.place(visit.language),
        clock=f"{scene.local:%H:%M}",
        network=network,
        steps=steps(visit, say),
        person=_masked(visit.person),
        back=drawn.back,
        leave=Choice("leave", say("foot.leave"), icon="door-exit") if owned else None,
        next=drawn.next,
        choices=drawn.choices,
        countdown=countdown,
        help=say("help.phone", phone=scene.phone) if scene.phone else say("help.desk"),
        restless=owned,
    )


def _page(visit: Visit, scene: Scene, say: Say) -> front.Drawn:
    open_now = opening(scene.world)
    match visit.phase:
        case Phase.ATTRACT if scene.starting or open_now is Opening.CLOSED or not scene.items:
            return front.closed(scene.world, say, scene.phone, starting=scene.starting, items=bool(scene.items))
        case Phase.ATTRACT if scene.world.held:
            return front.leaving(scene.world.held, say, looked=True, long_left=True)
        case Phase.ATTRACT:
            world = scene.world
            news = notice(world.notice_en if visit.language == "en" else world.notice_zh, say)
            return front.attract(scene.words, visit.language, scene.place(visit.language), open_now, news)
        case Phase.FINDING:
            offered = tuple((item, scene.available(item)) for item in scene.items)
            return finding.finding_page(visit.find, offered, scene.plan, scene.index, scene.world, say)
        case Phase.IDENTIFYING if visit.identifying is not None:
            return front.identify_page(visit.identifying, visit.item, scene.world, say)
        case Phase.NOT_ELIGIBLE if visit.item is not None:
            return front.not_eligible(visit.item, visit.against, say)
        case Phase.DOING:
            match visit.inner:
                case prove.Prove() as state:
                    return doing.prove_page(state, say, visit.number)
                case apply.Apply() as state:
                    return doing.apply_page(state, say, visit.number)
                case collect.Collect() as state:
                    return collecting.collect_page(state, say, scene.doors)
                case cases.Cases() as state:
                    here = standing.Here(
                        {one.code: (one, scene.available(one)) for one in scene.items}, scene.local, visit.amended
                    )
                    return standing.cases_page(state, here, say)
                case None:
                    pass
        case Phase.RATING if visit.rating is not None:
            return rating.rating_page(visit.rating, say)
        case Phase.LEAVING:
            return front.leaving(visit.leftovers, say, looked=visit.looked, long_left=visit.long_left)
        case Phase.GOODBYE:
            return front.goodbye(say, kept=visit.kept, draft_hours=visit.draft_hours)
        case _:
            pass
    raise AssertionError(f"no page for {visit.phase.name}")


def _masked(person: PersonFacts | None) -> Masked | None:
    if person is None:
        return None
    return Masked(name=person.name[:1] + "*" * max(1, len(person.name) - 1), number=masked(person.number))


STEPS: dict[ItemKind, tuple[str, ...]] = {
    ItemKind.PROOF: ("choose", "identify", "consent", "print", "take"),
    ItemKind.APPLY: ("choose", "identify", "consent", "fill", "review", "done"),
    ItemKind.COLLECT: ("choose", "identify", "open", "collect"),
}


def steps(visit: Visit, say: Say) -> tuple[Step, ...]:
    """Where I am: done, now, left; none before an item is chosen nor after everything is over."""
    if visit.item is None or visit.phase in (Phase.LEAVING, Phase.GOODBYE, Phase.NOT_ELIGIBLE):
        return ()
    names = STEPS[visit.item.kind]
    at = names.index(_now(visit))
    return tuple(
        Step(say(f"step.{name}"), "done" if i < at else "now" if i == at else "left") for i, name in enumerate(names)
    )


def _now(visit: Visit) -> str:
    if visit.phase is Phase.FINDING:
        return "choose"
    if visit.phase is Phase.IDENTIFYING:
        return "identify"
    match visit.inner:
        case prove.Prove(phase=phase):
            if phase is prove.Phase.CONSENT:
                return "consent"
            late = (prove.Phase.TAKE, prove.Phase.SLIP, prove.Phase.TAKE_SLIP, prove.Phase.DONE)
            return "take" if phase in late else "print"
        case apply.Apply(phase=phase):
            early = {apply.Phase.CONSENT: "consent", apply.Phase.FORM: "fill", apply.Phase.MAKING: "fill"}
            review = {apply.Phase.REVIEW: "review", apply.Phase.SUBMITTING: "review", apply.Phase.REFUSED: "review"}
            ends = {apply.Phase.LOOKING: "identify", apply.Phase.FAILED: "fill"}
            return {**early, **review, **ends}.get(phase, "done")
        case collect.Collect(phase=phase):
            opened = (collect.Phase.OPEN, collect.Phase.TAKEN, collect.Phase.STILL_INSIDE, collect.Phase.DONE)
            return "collect" if phase in opened else "open"
        case cases.Cases() | None:
            return "choose"
