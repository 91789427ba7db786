"""The page of an application: what the person reviews is what is kept, to the byte."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.facts import from_source
from catalogue.model import FieldType, FormField, Item, Option, Text
from documents.fonts import Face
from documents.person import Person
from documents.sheet import BODY, INK, MM, SEAL, SMALL, SOFT, Sheet, Style
from documents.table import Column, Look, put_table
from documents.wrapping import narrow_quotes

_WORDS = {
    "form": ("申请表", "Application"),
    "case": ("受理编号", "Case number"),
    "item": ("事项", "Service"),
    "office": ("受理部门", "Office"),
    "place": ("办理地点", "Place"),
    "terminal": ("终端", "Terminal"),
    "at": ("制表时间", "Made at"),
    "about": ("申请人", "Applicant"),
    "name": ("姓名", "Name"),
    "sex": ("性别", "Sex"),
    "birth": ("出生日期", "Date of birth"),
    "nation": ("民族 / 国籍", "Ethnicity or nationality"),
    "document": ("证件", "Document"),
    "number": ("证件号码", "Document number"),
    "address": ("证件住址", "Address on the document"),
    "shown": ("出示方式", "Shown as"),
    "card": ("证件原件，由读卡器读取", "The document itself, read by the terminal"),
    "code": ("办事码，已验证签名", "Service code, signature verified"),
    "answers": ("填写内容", "Answers"),
    "what": ("项目", "Question"),
    "answer": ("内容", "Answer"),
    "source": ("来源", "Source"),
    "from_id": ("身份证", "Identity card"),
    "from_card": ("证件", "Document"),
    "from_code": ("办事码", "Service code"),
    "from_person": ("本人填写", "Applicant"),
    "blank": ("（未填）", "(left blank)"),
    "consent": ("告知与同意", "What you agreed to"),
    "agreed": (
        "申请人在本终端阅读以上内容并表示同意，本页生成于 {at}。",
        "The applicant read this on the terminal and agreed. This page was made on {at}.",
    ),
    "statement": ("申请人确认", "Statement of the applicant"),
    "stated": (
        "以上内容由本人提供并核对，真实有效；如有不实，愿承担相应责任。",
        "I gave and checked the information above. It is true, and I answer for it.",
    ),
    "kept": (
        "受理系统保存的就是这一页，与您提交前看到的逐字节相同。",
        "The office keeps this very page, byte for byte as it was shown before submission.",
    ),
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
}


@dataclass(frozen=True)
class Application:
    """Everything on the page. `at` is in the terminal's own time zone."""

    item: Item
    answers: Mapping[str, str] = field(repr=False)
    person: Person = field(repr=False)
    case: str
    at: dt.datetime
    terminal: str
    place: str
    language: str = "zh"


def application_pdf(facts: Application) -> bytes:
    """A4 pages as PDF; the same bytes for the same facts. Raises NoGlyph."""
    page = _Page(facts)
    page.put()
    return page.sheet.pdf(f"{facts.item.title.say(facts.language)} {facts.case}", facts.language)


_TITLE = Style(Face.SERIF, 22, INK, 1.35)
_HEAD = Style(Face.BOLD, 11.5, SEAL, 1.4)
_LABEL = Style(size=9.5, colour=SOFT, leading=1.5)
_FORM = Look(cell=Style(size=10.5, leading=1.45), first=_LABEL, pad=1.3 * MM)
_GROUP = Style(Face.BOLD, 10, INK, 1.4)
_CODE = 21 * MM


class _Page:
    def __init__(self, facts: Application) -> None:
        self.facts = facts
        self.sheet = Sheet(left=20 * MM, right=20 * MM, top=18 * MM, bottom=22 * MM)

    def say(self, word: str, **filled: object) -> str:
        zh, en = _WORDS[word]
        return (en if self.facts.language == "en" else zh).format(**filled)

    def told(self, text: Text | Option) -> str:
        """A sentence of the catalogue in the language of the page."""
        said = text.say(self.facts.language)
        return narrow_quotes(said) if self.facts.language == "en" else said

    @property
    def label_width(self) -> float:
        return (47 if self.facts.language == "en" else 42) * MM

    def put(self) -> None:
        self._title()
        self._applicant()
        self._answers()
        self._consent()
        self._statement()
        self._feet()

    def _title(self) -> None:
        sheet, facts = self.sheet, self.facts
        sheet.code(sheet.right - _CODE, sheet.top - 3 * MM, _CODE, facts.case)
        wide = sheet.width - _CODE - 8 * MM
        sheet.y = sheet.lines(sheet.left, sheet.y, [f"{facts.place} · {facts.terminal}"], SMALL)
        title = f"{self.told(facts.item.title)} · {self.say('form')}"
        sheet.y = sheet.lines(sheet.left, sheet.y + 1 * MM, _TITLE.wrap(title, wide), _TITLE)
        sheet.y += 2 * MM
        when = f"{facts.at:%Y-%m-%d %H:%M}"
        rows = [("case", facts.case), ("office", self.told(facts.item.routing.owner)), ("at", when)]
        for word, value in rows:
            style = Style(Face.BOLD, 10.5, leading=1.5) if word == "case" else BODY
            indent = 32 * MM if facts.language == "en" else 24 * MM
            sheet.lines(sheet.left, sheet.y, [self.say(word)], Style(size=9.5, colour=SOFT, leading=1.66))
            sheet.y = sheet.lines(sheet.left + indent, sheet.y, style.wrap(value, wide - indent), style)
        sheet.y = max(sheet.y + 3 * MM, sheet.top + _CODE)
        sheet.rule(sheet.left, sheet.y, sheet.right, SEAL, 1.2)

    def _section(self, title: str, below: float) -> None:
        """A section's head; stays with at least `below` points of what follows."""
        sheet = self.sheet
        sheet.y += 5 * MM
        sheet.room_for(_HEAD.step + below)
        sheet.y = sheet.lines(sheet.left, sheet.y, [title], _HEAD) + 1.2 * MM

    def _applicant(self) -> None:
        p = self.facts.person
        rows = [
            ("name", p.name),
            ("sex", p.sex),
            ("birth", p.birth.isoformat() if p.birth else ""),
            ("nation", p.nation),
            ("document", p.document(self.facts.language)),
            ("number", p.number),
            ("address", p.address),
            ("shown", self.say("code" if p.by == "code" else "card")),
        ]
        self._section(self.say("about"), 20 * MM)
        columns = [Column("", self.label_width), Column("", self.sheet.width - self.label_width)]
        self.sheet.rule(self.sheet.left, self.sheet.y, self.sheet.right)
        put_table(self.sheet, columns, [(self.say(word), value) for word, value in rows if value], _FORM)

    def _answers(self) -> None:
        sheet, facts = self.sheet, self.facts
        self._section(self.say("answers"), 30 * MM)
        label, source = self.label_width, 30 * MM
        columns = [Column(self.say("what"), label), Column(self.say("answer"), sheet.width - label - source)]
        columns.append(Column(self.say("source"), source))
        rows = []
        shown: set[str] = set()
        for section in facts.item.form:
            if not any(name in facts.answers for name in section.fields):
                continue
            for name in section.fields:
                found = facts.item.field(name)
                if found.compute is None and name not in shown:
                    shown.add(name)
                    rows.append(self._answer(found))
        rows += [(name, facts.answers[name], "") for name in facts.answers if name not in shown]
        put_table(sheet, columns, rows, _FORM)

    def _answer(self, found: FormField) -> tuple[str, str, str]:
        label = self.told(found.label)
        answer = self.facts.answers.get(found.id, "")
        if not answer:
            return label, self.say("blank"), ""
        told = answer
        if found.type is FieldType.CHOICE:
            said = {option.value: self.told(option) for option in found.options}
            told = said.get(answer, answer)
        return label, told, self._source(found, answer)

    def _source(self, found: FormField, answer: str) -> str:
        person = self.facts.person
        for source in found.prefill:
            if from_source(source, person)[: found.max_length].strip() == answer:
                if person.by == "code":
                    return self.say("from_code")
                return self.say("from_id" if person.kind == "citizen" else "from_card")
        return self.say("from_person")

    def _consent(self) -> None:
        consent = self.facts.item.consent
        if consent is None:
            return
        sheet = self.sheet
        self._section(self.say("consent"), 15 * MM)
        for line in consent.short:
            self._bullet(self.told(line))
        sheet.paragraph(self.say("agreed", at=f"{self.facts.at:%Y-%m-%d %H:%M}"), SMALL)

    def _bullet(self, text: str) -> None:
        sheet = self.sheet
        lines = BODY.wrap(text, sheet.width - 5 * MM)
        sheet.room_for(BODY.step * min(len(lines), 4))
        for at, line in enumerate(lines):
            sheet.room_for(BODY.step)
            if at == 0:
                sheet.lines(sheet.left + 1 * MM, sheet.y, ["·"], Style(Face.BOLD, BODY.size, SEAL))
            sheet.y = sheet.lines(sheet.left + 5 * MM, sheet.y, [line], BODY)

    def _statement(self) -> None:
        sheet = self.sheet
        self._section(self.say("statement"), 3 * BODY.step)
        sheet.paragraph(self.say("stated"), BODY)
        sheet.y += 1 * MM
        sheet.paragraph(self.say("kept"), SMALL)

    def _feet(self) -> None:
        item = self.facts.item
        version = f"{item.code} v{item.version} · {item.sha256[:12]}"
        self.sheet.feet(self.facts.case, lambda page, pages: self.say("page", page=page, pages=pages), version)
