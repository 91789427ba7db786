"""What a service is: one frozen, versioned description of an item, made from a data file and never changed after.

An `Item` carries everything that a journey needs of it, the fields of its form included: a running visit stays on the
definition that it began with, whatever central publishes meanwhile. The shapes of what is authored but not yet driven
by an engine (materials, packages) are here too, so that files written today stay good. Conditions are CEL
(`catalogue.conditions`); what is not known is *unknown*, never false.

Past 400 lines because these are the shapes of the files an author writes, and a shape is looked up in one place.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from catalogue.conditions import Condition
from catalogue.facts import FACT_TYPES, SOURCES, FactType
from wire.drafts import MOST_HOURS
from wire.ids import ItemCode

Language = Literal["zh", "en"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=60)]
Cel = Annotated[str, Field(min_length=1, max_length=500)]
Sentence = Annotated[str, Field(min_length=1, max_length=400)]
Word = Annotated[str, Field(min_length=1, max_length=40)]
Icon = Annotated[str, Field(pattern=r"^[a-z0-9-]*$", max_length=40)]  # name of a drawing in assets/icons


class Part(BaseModel):
    """Base of everything that is read from a data file: frozen, unknown names refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


class Text(Part):
    """The same sentence in Chinese and in plain English."""

    zh: Sentence
    en: Sentence

    def say(self, language: str) -> str:
        """The sentence in that language; Chinese for a language that we do not have."""
        return self.en if language == "en" else self.zh


class LongText(Text):
    """Text of several paragraphs, for what is read at leisure."""

    zh: Annotated[str, Field(min_length=1, max_length=4000)]
    en: Annotated[str, Field(min_length=1, max_length=4000)]


# ---- fields -----------------------------------------------------------------------------------------------------


class FieldType(enum.StrEnum):
    """What an answer is. Answers travel as text; the type says which text is one."""

    TEXT = "text"
    PHONE = "phone"  # mainland mobile: 11 digits from 1
    ADDRESS = "address"
    CN_ID = "cn_id"  # 18 characters with a check digit
    DATE = "date"  # YYYY-MM-DD
    CHOICE = "choice"
    INT = "int"


class Keyboard(enum.StrEnum):
    """The keyboard panel that rises for a field."""

    PINYIN = "pinyin"
    ENGLISH = "english"
    DIGITS = "digits"
    PHONE = "phone"
    ID = "id"
    ADDRESS = "address"
    NAME = "name"  # a person's


class Option(Text):
    """One answer of a choice."""

    value: Id


class Check(Part):
    """A rule for an answer, and what is said when it is broken."""

    when: Cel
    otherwise: Text = Field(alias="else")


class FormField(Part):
    """A shared data element: the unit of de-duplication. Two items that name the same id ask it once."""

    id: Id
    type: FieldType
    label: Text
    hint: Text | None = None
    prefill: tuple[str, ...] = ()  # sources in order of preference, see `catalogue.facts.SOURCES`
    editable: bool = True  # False: shown with its source, never typed
    required: bool = True
    sensitive: bool = False
    check: Check | None = None
    max_length: Annotated[int, Field(ge=1, le=500)] = 60
    keyboard: Keyboard = Keyboard.PINYIN
    options: tuple[Option, ...] = ()
    compute: Cel | None = None  # carried for the form engine; a computed field is never asked

    @model_validator(mode="after")
    def _fits_together(self) -> "FormField":
        if (self.type is FieldType.CHOICE) != bool(self.options):
            raise ValueError("options belong to a choice, and a choice needs them")
        values = [option.value for option in self.options]
        if len(set(values)) != len(values):
            raise ValueError("two options have the same value")
        unknown = [source for source in self.prefill if source not in SOURCES]
        if unknown:
            raise ValueError(f"cannot be filled from {unknown[0]}; known sources: {', '.join(SOURCES)}")
        if not self.editable and not self.prefill and self.compute is None:
            raise ValueError("a field that cannot be typed needs prefill or compute")
        return self

    @property
    def fact_type(self) -> FactType:
        """What the answer is to a condition."""
        match self.type:
            case FieldType.INT:
                return FactType.INT
            case FieldType.DATE:
                return FactType.DATE
            case _:
                return FactType.TEXT


class Section(Part):
    """One page of the form. It is left out when `when` is false or not known to be true."""

    id: Id
    title: Text
    fields: tuple[Id, ...] = Field(min_length=1)
    when: Cel | None = None


# ---- the item ---------------------------------------------------------------------------------------------------


class Block(enum.StrEnum):
    """The four blocks of the home page (宝山 2020: 综合咨询 / 智能办理 / 自助查询 / 自助取件)."""

    CONSULT = "consult"
    APPLY = "apply"
    QUERY = "query"
    COLLECT = "collect"


class ItemKind(enum.StrEnum):
    """Which journey does it."""

    PROOF = "proof"
    APPLY = "apply"
    COLLECT = "collect"


class Way(enum.StrEnum):
    """A way of saying who one is."""

    CARD = "card"
    CODE = "code"
    PICKUP_CODE = "pickup_code"


class Need(enum.StrEnum):
    """A device without which the item cannot be done."""

    ID_CARD_OR_CODE = "id_card_or_code"
    PAGE_PRINTER = "page_printer"
    SLIP_PRINTER = "slip_printer"
    LOCKER = "locker"


class NetworkNeed(enum.StrEnum):
    REQUIRED = "required"  # it asks a department something at once
    OPTIONAL = "optional"  # it is kept and sent later, or works from the mirror


class Day(enum.StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


DAYS = tuple(Day)
Minute = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Hours(Part):
    """A range of the terminal's local time on some days; `from` later than `to` runs past midnight."""

    days: tuple[Day, ...] = DAYS
    start: Minute = Field(alias="from")
    end: Minute = Field(alias="to")

    def covers(self, local: dt.datetime) -> bool:
        """Whether that moment of local time lies in it."""
        now = f"{local:%H:%M}"
        today = DAYS[local.weekday()] in self.days
        if self.start <= self.end:
            return today and self.start <= now < self.end
        yesterday = DAYS[local.weekday() - 1] in self.days
        return (today and now >= self.start) or (yesterday and now < self.end)


class Needs(Part):
    """What must be ready at the terminal for the item to be offered now. No hours: day and night."""

    devices: tuple[Need, ...]
    network: NetworkNeed
    hours: tuple[Hours, ...] = ()

    def open_at(self, local: dt.datetime) -> bool:
        """Whether the item may be done at that moment of local time."""
        return not self.hours or any(hours.covers(local) for hours in self.hours)


class Rule(Text):
    """A condition for having the item at all, told before identification and judged after it."""

    id: Id
    when: Cel
    otherwise: Text = Field(alias="else")


class Consent(Part):
    """What the person agrees to before a department is asked or told anything."""

    short: tuple[Text, ...] = Field(min_length=1, max_length=5)
    full: LongText
    office: Text


class Routing(Part):
    """Who decides. `direct` is 直接受理: the office of this terminal's region; `receive_only` 收受分离: taken in here,
    and accepted by the owner, `office`, or with `by: household` that of the person's household (`offices.yaml`).
    """

    mode: Literal["direct", "receive_only"]
    owner: Text
    by: Literal["office", "household"] = "office"
    office: Annotated[str, Field(max_length=60)] = ""  # an office's code; "" the office of the terminal's region


class Turned(Text):
    """Why an answer of the guide leads away from this terminal, and what to bring where it leads."""

    bring: tuple[Text, ...] = ()


class GuideOption(Option):
    """One answer of the guide. `refuse` ends the item there and then, honestly and before anybody identifies."""

    refuse: Turned | None = None


class Question(Part):
    """A question of the guide (情形引导), asked before identification when `when` is true of the answers before it.

    Its answer is a fact for every condition of the item. It decides and is not submitted: what an office has to know is
    a field of the form, where the person sees it and agrees to it.
    """

    id: Id
    ask: Text
    hint: Text | None = None
    options: tuple[GuideOption, ...] = Field(min_length=2, max_length=6)
    when: Cel | None = None

    @model_validator(mode="after")
    def _has_a_way_on(self) -> "Question":
        values = [option.value for option in self.options]
        if len(set(values)) != len(values):
            raise ValueError("two options have the same value")
        if all(option.refuse is not None for option in self.options):
            raise ValueError("every option refuses: nobody could have the item")
        return self

    def option(self, value: str) -> GuideOption | None:
        """The answer of that value, None when there is no such."""
        return next((option for option in self.options if option.value == value), None)


class Material(Part):
    """A paper the item needs. Carried, not yet collected.

    `gap_days` above 0 allows 容缺: the item is accepted without it, to be handed in later. `promise` allows 告知承诺:
    a signed promise stands in for it.
    """

    id: Id
    label: Text
    when: Cel | None = None
    how: Literal["scan", "drop", "reuse"] = "scan"
    gap_days: Annotated[int, Field(ge=0, le=365)] = 0
    promise: bool = False


class Gap(Part):
    """A field that may follow after the case was accepted (容缺受理), and within how many days. It is not required."""

    field: Id
    days: Annotated[int, Field(ge=1, le=365)]


class Decision(Part):
    """How central decides by itself (告知承诺): yes when `when` is *true* of answers and person; else a person decides.

    `promise` is what the citizen promises in the form. `sample` per cent of what was decided is drawn for a person.
    """

    by: Literal["promise"]
    when: Cel
    sample: Annotated[int, Field(ge=0, le=100)]
    promise: Text


class ItemText(Part):
    """An item as its author writes it: everything but the shared fields, which the dictionary holds."""

    code: Code
    version: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    also: tuple[Word, ...] = Field(default=(), max_length=40)  # what people call it, in any language, for the search
    icon: Icon = ""
    block: Block
    kind: ItemKind
    department: Text
    audience: Text
    minutes: Annotated[int, Field(ge=1, le=120)]
    fee: Text
    bring: tuple[Text, ...] = ()
    needs: Needs
    assurance: tuple[Way, ...] = Field(min_length=1)
    eligibility: tuple[Rule, ...] = ()
    exclusions: tuple[Text, ...] = ()
    consent: Consent | None = None
    guide: tuple[Question, ...] = ()
    form: tuple[Section, ...] = ()
    materials: tuple[Material, ...] = ()
    gaps: tuple[Gap, ...] = ()
    decision: Decision | None = None
    reasons: tuple[Id, ...] = ()  # of `reasons.yaml`, for returning and refusing; empty: all of them
    supplement_days: Annotated[int, Field(ge=1, le=365)] = 15  # so long the citizen has to put something right
    keep_days: Annotated[int, Field(ge=1, le=36500)] = 730  # so long central keeps a case after its end
    draft_hours: Annotated[int, Field(ge=0, le=MOST_HOURS)] = 0  # so long what was typed waits for the same card
    promise: Text  # what happens after the visit, and how long it takes
    routing: Routing
    document: Annotated[str, Field(max_length=60)] = ""  # name of the template that `documents` draws
    record: Annotated[str, Field(max_length=60)] = ""  # name of central's records connector
    system: Annotated[str, Field(max_length=60)] = ""  # name of the department that accepted cases are handed on to

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ItemText":
        wrong = _against_kind(self)
        if wrong:
            raise ValueError(wrong)
        return self


def _against_kind(item: ItemText) -> str:
    """What an item of its kind lacks, or has for nothing; "" when all is well."""
    match item.kind:
        case ItemKind.PROOF if not item.record or not item.document:
            return "a proof needs `record` and `document`"
        case ItemKind.APPLY if not item.form or not item.document:
            return "an application needs `form` and `document`"
        case ItemKind.COLLECT if Need.LOCKER not in item.needs.devices:
            return "a pickup needs the device `locker`"
        case _:
            pass
    if item.kind is not ItemKind.COLLECT:
        if item.consent is None:
            return "a department is asked or told something: `consent` is needed"
        if Way.PICKUP_CODE in item.assurance:
            return "`pickup_code` says who may open a door, not who somebody is"
    if item.draft_hours and (item.kind is not ItemKind.APPLY or Way.CARD not in item.assurance):
        return "`draft_hours` keeps what was typed for the same card: only an application that takes a card has any"
    if item.form and item.kind is not ItemKind.APPLY:
        return "only an application has a `form`"
    if (item.gaps or item.decision or item.system) and item.kind is not ItemKind.APPLY:
        return "only an application has `gaps`, a `decision` and a `system`"
    return ""


class Item(ItemText):
    """An item with its fields and the hash of its definition: what a visit works with and a submission names.

    `sha256` is over the canonical JSON of the definition as parsed from the files, fields included.
    """

    fields: tuple[FormField, ...] = ()
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def item_code(self) -> ItemCode:
        return ItemCode(self.code)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways of identification that it allows, as words."""
        return tuple(way.value for way in self.assurance)

    def field(self, field_id: str) -> FormField:
        """The field of that id. Raises KeyError."""
        for found in self.fields:
            if found.id == field_id:
                return found
        raise KeyError(field_id)

    @property
    def names(self) -> Mapping[str, FactType]:
        """Every name that the item's conditions may use."""
        return condition_names(self, self.fields)

    def condition(self, text: str) -> Condition:
        """One of the item's conditions, ready to be asked."""
        return Condition.compile(text, self.names)

    def refusals(self, facts: Mapping[str, object]) -> tuple[str, ...]:
        """Ids of the rules that these facts break for sure; a rule that cannot be judged yet is not among them."""
        return tuple(rule.id for rule in self.eligibility if self.condition(rule.when).value(facts) is False)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        for found in self.eligibility:
            if found.id == rule_id:
                return found
        raise KeyError(rule_id)


def condition_names(item: ItemText, fields: tuple[FormField, ...]) -> Mapping[str, FactType]:
    """Facts of the person, answers of the form and answers of the guide, by name."""
    names = dict(FACT_TYPES)
    names.update({field.id: field.fact_type for field in fields})
    names.update(guide_names(item.guide))
    return names


def guide_names(questions: tuple[Question, ...]) -> Mapping[str, FactType]:
    """What the answers of these questions are to a condition."""
    return {question.id: FactType.TEXT for question in questions}


class Package(Part):
    """Several items done as one (主题套餐, 一件事). Carried, not yet driven."""

    code: Code
    version: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    items: tuple[Code, ...] = Field(min_length=2)
    decide: tuple[Question, ...] = ()


class LifeEvent(Part):
    """Something that happens in a life (人生事), and the items here that belong to it. `elsewhere` tells where else."""

    code: Code
    title: Text
    icon: Icon = ""
    items: tuple[Code, ...] = ()
    elsewhere: Text | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "LifeEvent":
        if not self.items and self.elsewhere is None:
            raise ValueError("an event without items must say where to go: `elsewhere`")
        return self


class HomePlan(Part):
    """How the home page is laid out: what is asked for most, and the tree of life. No item's version depends on it."""

    hot: tuple[Code, ...] = ()
    life: tuple[LifeEvent, ...] = ()
