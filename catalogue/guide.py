"""The guide (情形引导): a few questions before anybody identifies, each with one answer out of a few.

An answer is kept under its question's id and is a fact for the item's conditions. A question applies when its condition
is *true* of the answers before it, and an answer to a question that no longer applies counts for nothing.
"""

from collections.abc import Mapping

from catalogue.model import GuideOption, Item, Question


def asked(item: Item, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that apply to these answers, in order. More may follow once the last of them is answered."""
    facts: dict[str, object] = {}
    found: list[Question] = []
    for question in item.guide:
        if question.when is not None and item.condition(question.when).value(facts) is not True:
            continue
        found.append(question)
        if _chosen(question, answers) is not None:
            facts[question.id] = answers[question.id]
    return tuple(found)


def facts_of(item: Item, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that count: of questions that apply, and among their options."""
    return {one.id: answers[one.id] for one in asked(item, answers) if _chosen(one, answers) is not None}


def following(item: Item, answers: Mapping[str, str]) -> Question | None:
    """The first question that applies and is not answered; None when the guide is through."""
    return next((one for one in asked(item, answers) if _chosen(one, answers) is None), None)


def turned_by(item: Item, answers: Mapping[str, str]) -> GuideOption | None:
    """The first answer that leads away from this terminal; None when the way is free."""
    for one in asked(item, answers):
        chosen = _chosen(one, answers)
        if chosen is not None and chosen.refuse is not None:
            return chosen
    return None


def _chosen(question: Question, answers: Mapping[str, str]) -> GuideOption | None:
    return question.option(answers.get(question.id, ""))
