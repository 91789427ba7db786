"""A proof on paper: a department's record with its source, a serial number, a stamp and a code that proves it."""

import datetime as dt
from dataclasses import dataclass, field

from catalogue.model import Item
from documents.fonts import Face
from documents.person import Person
from documents.sheet import INK, LINE, MM, SEAL, SMALL, SOFT, Sheet, Style
from documents.stamp import put_stamp
from documents.table import Look, fitting, put_table
from documents.wrapping import narrow_quotes
from wire.canonical import canonical, sha256_hex
from wire.messages import RecordAnswer

DEMO_WORDS = "演示数据，不作凭证 · Demonstration data, not valid as proof"


def figures_hash(record: RecordAnswer) -> str:
    """What a proof's token says of its figures (wire.tokens.Proof.figures)."""
    return sha256_hex(canonical(record.model_dump(mode="json", include={"heading", "columns", "rows"})))


def is_demonstration(record: RecordAnswer) -> bool:
    """Whether the connector says that its figures are made up."""
    return "演示" in record.source or "demo" in record.source.casefold()


@dataclass(frozen=True)
class ProofFacts:
    """Everything on the paper. `at` is in the terminal's own time zone; `token` is the signed code."""

    item: Item
    record: RecordAnswer = field(repr=False)
    person: Person = field(repr=False)
    serial: str
    at: dt.datetime
    terminal: str
    place_zh: str
    place_en: str
    token: str


def proof_pdf(facts: ProofFacts) -> bytes:
    """A4 pages as PDF; the same bytes for the same facts. Raises NoGlyph."""
    page = _Page(facts)
    page.put()
    return page.sheet.pdf(f"{_title(facts.item)} {facts.serial}", "zh")


_TITLE = Style(Face.SERIF, 24, INK, 1.4)
_UNDER = Style(size=10, colour=SOFT, leading=1.5)
_LABEL = Style(size=9.5, colour=SOFT, leading=1.6)
_VALUE = Style(Face.BOLD, 10.5, INK, 1.45)
_WARN = Style(Face.BOLD, 10.5, "#6B4100", 1.4)
_MARK = Style(Face.SERIF, 92, "#F4E9E2", 1)
_CODE = 36 * MM
_OFFICE_WIDTH = 44 * MM
_STAMP = 15.5 * MM
_OFFICE = Style(size=10, leading=1.5)
_FIGURES = Look(pad=0.42 * MM)


def _title(item: Item) -> str:
    """The name of the paper: the item's, without the verb."""
    return item.title.zh.removesuffix("打印")


class _Page:
    def __init__(self, facts: ProofFacts) -> None:
        self.facts = facts
        self.demo = is_demonstration(facts.record)
        self.sheet = Sheet(left=20 * MM, right=20 * MM, top=16 * MM, bottom=20 * MM)
        self.sheet.under = self._mark

    def put(self) -> None:
        self._mark()
        self._heading()
        self._about()
        self._figures()
        self._close()
        self._feet()

    def _mark(self) -> None:
        """What lies under everything on each page of made-up figures."""
        if self.demo:
            self.sheet.slanted("演示数据", _MARK)

    def _heading(self) -> None:
        sheet, facts = self.sheet, self.facts
        middle = (sheet.left + sheet.right) / 2
        sheet.text(sheet.left, sheet.y + 3 * MM, f"{facts.place_zh} · 自助终端 {facts.terminal}", SMALL)
        sheet.text(sheet.right, sheet.y + 3 * MM, f"文件编号 {facts.serial}", SMALL, "right")
        sheet.y += 9 * MM
        sheet.y = sheet.lines(middle, sheet.y, _TITLE.wrap(_title(facts.item), sheet.width), _TITLE, "centre")
        sheet.y = sheet.lines(
            middle, sheet.y, _UNDER.wrap(narrow_quotes(facts.item.title.en), sheet.width), _UNDER, "centre"
        )
        sheet.y += 2.5 * MM
        sheet.rule(middle - 12 * MM, sheet.y, middle + 12 * MM, SEAL, 1.4)
        sheet.y += 4 * MM
        if self.demo:
            sheet.box(sheet.left, sheet.y, sheet.width, 8 * MM, fill="#FFF1D6", stroke="#C98A1B")
            sheet.lines(middle, sheet.y + (8 * MM - _WARN.step) / 2, [DEMO_WORDS], _WARN, "centre")
            sheet.y += 11 * MM

    def _about(self) -> None:
        """The person and the record's heading, two to a line; one that is too long has a line of its own."""
        sheet = self.sheet
        half = sheet.width / 2
        column = 0
        for label, value in self._heads():
            label_width = max(24 * MM, _LABEL.measure(label) + 3 * MM)
            lines = _VALUE.wrap(value, half - label_width - 3 * MM)
            whole = len(lines) > 1 or label_width > half * 0.6
            if whole and column:
                self._next_line()
                column = 0
            if column == 0:
                sheet.room_for(_VALUE.step + 2 * MM)
            if whole:
                for at, line in enumerate(_VALUE.wrap(value, sheet.width - label_width)):
                    if at:
                        sheet.y += _VALUE.step
                        sheet.room_for(_VALUE.step + 2 * MM)
                    else:
                        sheet.lines(sheet.left, sheet.y, [label], _LABEL)
                    sheet.lines(sheet.left + label_width, sheet.y, [line], _VALUE)
                self._next_line()
                continue
            x = sheet.left + column * half
            sheet.lines(x, sheet.y, [label], _LABEL)
            sheet.lines(x + label_width, sheet.y, lines, _VALUE)
            if column:
                self._next_line()
            column = 1 - column
        if column:
            self._next_line()
        sheet.y += 3 * MM

    def _next_line(self) -> None:
        sheet = self.sheet
        sheet.y += _VALUE.step + 0.6 * MM
        sheet.rule(sheet.left, sheet.y, sheet.right, LINE, 0.3)
        sheet.y += 0.6 * MM

    def _heads(self) -> list[tuple[str, str]]:
        """Name and number first, whatever order the department's answer came in; each told once."""
        heading, person = self.facts.record.heading, self.facts.person
        rest = [(label, value) for label, value in heading.items() if value not in (person.name, person.number)]
        by_value = {value: label for label, value in reversed(heading.items())}
        name = (by_value.get(person.name, "姓名"), person.name)
        number = (by_value.get(person.number, "证件号码"), person.number)
        return [name, number, *rest]

    def _figures(self) -> None:
        record = self.facts.record
        look, columns = fitting(record.columns, record.rows, self.sheet.width, _FIGURES)
        if columns:
            put_table(self.sheet, columns, record.rows, look, after=2.5 * MM + self._close_height())

    def _close(self) -> None:
        """Source, code and stamp: together on one page."""
        sheet, facts = self.sheet, self.facts
        sheet.y += 2.5 * MM
        sheet.room_for(self._close_height())
        sheet.paragraph(self._source(), SMALL)
        sheet.y += 3 * MM
        top = sheet.y
        sheet.code(sheet.left, top, _CODE, facts.token)
        self._how(sheet.left + _CODE + 4 * MM, top)
        self._office(sheet.right - _OFFICE_WIDTH / 2, top + _STAMP)

    def _office_lines(self) -> list[str]:
        return _OFFICE.wrap(self.facts.item.department.zh, _OFFICE_WIDTH)

    def _close_height(self) -> float:
        source = len(SMALL.wrap(self._source(), self.sheet.width)) * SMALL.step
        office = 2 * _STAMP + 1 * MM + (len(self._office_lines()) + 1) * _OFFICE.step
        return source + 3 * MM + max(_CODE, office)

    def _source(self) -> str:
        record, item = self.facts.record, self.facts.item
        told = f"数据来源：{record.source or item.department.zh}"
        if record.as_of is not None:
            told += f"　截至 {record.as_of.astimezone(self.facts.at.tzinfo):%Y-%m-%d %H:%M}"
        return told + f"　共 {len(record.rows)} 行"

    def _how(self, x: float, top: float) -> None:
        sheet, facts = self.sheet, self.facts
        wide = sheet.right - _OFFICE_WIDTH - 3 * MM - x
        y = sheet.lines(x, top + 1 * MM, ["验证 Verify"], Style(Face.BOLD, 9.5, INK, 1.5))
        how = (
            "扫码读出以 NT1. 开头的一行文字，在受理系统的验证页核对文件编号、时间、终端和内容指纹。"
            "核对不需要联系本终端。"
        )
        y = sheet.lines(x, y, SMALL.wrap(how, wide), SMALL)
        english = "Scan the code and check its text on the verification page of the office."
        y = sheet.lines(x, y, SMALL.wrap(english, wide), SMALL)
        sheet.lines(x, y, [f"内容指纹 {figures_hash(facts.record)[:16]}"], SMALL)

    def _office(self, x: float, y: float) -> None:
        sheet, facts = self.sheet, self.facts
        office = facts.item.department.zh
        date = f"{facts.at.year} 年 {facts.at.month} 月 {facts.at.day} 日"
        sheet.lines(x, y + _STAMP + 1 * MM, [*self._office_lines(), date], _OFFICE, "centre")
        if self.demo:
            put_stamp(sheet, x, y, _STAMP, "演示数据不作凭证", "演示章", "DEMONSTRATION")
        else:
            put_stamp(sheet, x, y, _STAMP, office, "自助打印", facts.terminal)

    def _feet(self) -> None:
        when = f"打印于 {self.facts.at:%Y-%m-%d %H:%M}"
        self.sheet.feet(self.facts.serial, lambda page, pages: f"第 {page} 页，共 {pages} 页", when)
