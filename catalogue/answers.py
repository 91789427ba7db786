"""What may be written into a form: which pages and fields apply, which answers will do, which are kept.

Answers travel as text by field id, as they were typed. A field that does not apply is never required and never kept
(the fault of fhir-emr#880: a hidden field that blocks the form). A page applies only when its condition is *true*: what
is not known yet asks for nothing.
"""

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from stdnum.iso7064 import mod_11_2

from catalogue.facts import PersonLike, facts_about, from_source
from catalogue.guide import facts_of
from catalogue.model import FieldType, FormField, Item, Rule, Section


class AnswerFault(enum.StrEnum):
    """Why an answer will not do; each is the key of a sentence. CHECK's sentence is the field's own."""

    REQUIRED = "answer.required"
    TOO_LONG = "answer.too_long"
    NOT_A_PHONE = "answer.not_a_phone"
    NOT_AN_ID_NUMBER = "answer.not_an_id_number"
    NOT_A_DATE = "answer.not_a_date"
    NOT_A_NUMBER = "answer.not_a_number"
    NOT_A_CHOICE = "answer.not_a_choice"
    BAD_CHARACTERS = "answer.bad_characters"
    SOURCE_MISSING = "answer.source_missing"
    CHECK = "answer.check"


@dataclass(frozen=True)
class Refusal:
    """A rule that this person does not meet."""

    rule: Rule


@dataclass(frozen=True)
class Open:
    """A rule that cannot be judged yet."""

    rule: Rule


def eligible(item: Item, facts: Mapping[str, object]) -> tuple[Refusal | Open, ...]:
    """The rules that these facts do not meet for sure, in order; none of them when the way is free."""
    found: list[Refusal | Open] = []
    for rule in item.eligibility:
        met = item.condition(rule.when).value(facts)
        if met is False:
            found.append(Refusal(rule))
        elif met is not True:
            found.append(Open(rule))
    return tuple(found)


def sections(item: Item, values: Mapping[str, str], person: PersonLike, today: dt.date) -> tuple[Section, ...]:
    """The pages of the form that apply.

    Pages are walked in order and an answer counts only once its own page applies, so that an answer left over from a
    page that is gone cannot call up another. Answers of the guide stand among `values` under their questions' ids.
    """
    facts = {**facts_about(person, today), **facts_of(item, values)}
    shown: list[Section] = []
    for section in item.form:
        if section.when is None or item.condition(section.when).value(facts) is True:
            shown.append(section)
            facts.update(_as_facts(_asked(item, section), values))
    return tuple(shown)


def applicable(item: Item, values: Mapping[str, str], person: PersonLike, today: dt.date) -> dict[str, str]:
    """The answers that are kept: tidy, of applicable fields only, empty ones left out.

    A field that cannot be typed holds what its source says, whatever `values` claims.
    """
    kept: dict[str, str] = {}
    for section in sections(item, values, person, today):
        for field in _asked(item, section):
            answer = tidy(field, values.get(field.id, "")) if field.editable else filled(field, person)
            if answer:
                kept[field.id] = answer
    return kept


def known(item: Item, values: Mapping[str, str], person: PersonLike, today: dt.date) -> dict[str, object]:
    """Everything that conditions may know once a form was filled in: the person, and the answers that apply."""
    facts = {**facts_about(person, today), **facts_of(item, values)}
    for section in sections(item, values, person, today):
        facts.update(_as_facts(_asked(item, section), values))
    return facts


def check(
    item: Item, section: Section, values: Mapping[str, str], person: PersonLike, today: dt.date
) -> dict[str, str]:
    """What stands against the answers of one page: field id -> `AnswerFault`. Empty when the page may be left.

    Which sentence that is: `kiosk.words.Words.answer`.
    """
    if section not in sections(item, values, person, today):
        return {}
    facts: dict[str, object] = {**facts_about(person, today), **facts_of(item, values)}
    for shown in sections(item, values, person, today):
        facts.update(_as_facts(_asked(item, shown), values))
    faults: dict[str, str] = {}
    for field in _asked(item, section):
        if not field.editable:
            if field.required and not filled(field, person):
                faults[field.id] = AnswerFault.SOURCE_MISSING.value
            continue
        fault = answer_fault(field, values.get(field.id, "")) or _own_check(item, field, facts)
        if fault is not None:
            faults[field.id] = fault.value
    return faults


def filled(field: FormField, person: PersonLike) -> str:
    """What the field's sources say of this person, the first that says anything; "" when none does."""
    return next((value for source in field.prefill if (value := from_source(source, person))), "")


def tidy(field: FormField, text: str) -> str:
    """The answer as it is kept: outer spaces gone, full-width digits and letters narrow where they are meant so."""
    text = unicodedata.normalize("NFC", text).strip()
    match field.type:
        case FieldType.PHONE:
            return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
        case FieldType.CN_ID:
            return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
        case FieldType.INT | FieldType.DATE:
            return unicodedata.normalize("NFKC", text)
        case FieldType.TEXT | FieldType.ADDRESS | FieldType.CHOICE:
            return text


def answer_fault(field: FormField, text: str) -> AnswerFault | None:
    """Why this answer alone will not do."""
    answer = tidy(field, text)
    if not answer:
        return AnswerFault.REQUIRED if field.required else None
    if any(_unkeepable(character) for character in answer):
        return AnswerFault.BAD_CHARACTERS
    fault = _against_type(field, answer)
    if fault is None and len(answer) > field.max_length:
        return AnswerFault.TOO_LONG
    return fault


def _against_type(field: FormField, answer: str) -> AnswerFault | None:
    match field.type:
        case FieldType.TEXT | FieldType.ADDRESS:
            return None
        case FieldType.PHONE:
            # 11 digits from 13 to 19: the mobile ranges of the national numbering plan.
            return None if re.fullmatch(r"1[3-9][0-9]{9}", answer) else AnswerFault.NOT_A_PHONE
        case FieldType.CN_ID:
            return None if _is_id_number(answer) else AnswerFault.NOT_AN_ID_NUMBER
        case FieldType.DATE:
            return None if _date(answer) is not None else AnswerFault.NOT_A_DATE
        case FieldType.INT:
            return None if _int(answer) is not None else AnswerFault.NOT_A_NUMBER
        case FieldType.CHOICE:
            return None if answer in {option.value for option in field.options} else AnswerFault.NOT_A_CHOICE


def _own_check(item: Item, field: FormField, facts: Mapping[str, object]) -> AnswerFault | None:
    """The field's own rule. Only a rule that is broken for sure counts, and only for an answer that was given."""
    if field.check is None or field.id not in facts:
        return None
    return AnswerFault.CHECK if item.condition(field.check.when).value(facts) is False else None


def _asked(item: Item, section: Section) -> tuple[FormField, ...]:
    """The fields of a page that a person sees; a computed one is nobody's to answer."""
    return tuple(field for name in section.fields if (field := item.field(name)).compute is None)


def _as_facts(fields: tuple[FormField, ...], values: Mapping[str, str]) -> dict[str, object]:
    """Answers as conditions see them; an answer that will not do is not known."""
    facts: dict[str, object] = {}
    for field in fields:
        answer = tidy(field, values.get(field.id, ""))
        if not answer or answer_fault(field, answer) is not None:
            continue
        match field.type:
            case FieldType.INT:
                facts[field.id] = _int(answer)
            case FieldType.DATE:
                facts[field.id] = _date(answer)
            case _:
                facts[field.id] = answer
    return facts


def _is_id_number(answer: str) -> bool:
    """18 characters, a real birthday, and the check character of GB 11643 (ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", answer):
        return False
    birth = f"{answer[6:10]}-{answer[10:12]}-{answer[12:14]}"
    return _date(birth) is not None and bool(mod_11_2.is_valid(answer))


def _date(answer: str) -> dt.date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", answer):
        return None
    try:
        return dt.date.fromisoformat(answer)
    except ValueError:
        return None


def _int(answer: str) -> int | None:
    return int(answer) if re.fullmatch(r"-?[0-9]{1,15}", answer) else None


def _unkeepable(character: str) -> bool:
    """Controls, formats, lone surrogates, private use, non-characters, and the sign for "could not be read".

    Unassigned ones pass: GB 18030-2022 holds characters newer than this Python's table.
    """
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or character == "\ufffd":
        return True
    point = ord(character)
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
