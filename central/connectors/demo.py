"""A made-up department for demonstrations and tests: records, and cases that are handed on to it.

Every answer says so, and so does every paper made of it. What it tells of a person comes from the number alone, the
same every time; of what was submitted it remembers references and times, no person. Sequence digits (15 to 17) of a
number choose what happens to them: 999 has no record, 998 is refused, 997 is not taken at all.
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Mapping

from central.connectors.callbacks import believe
from central.connectors.department import (
    Away,
    CallbackOutcome,
    NotTaken,
    Standing,
    Stands,
    StatusOutcome,
    Submission,
    SubmitOutcome,
    Taken,
    Unknown,
)
from wire.messages import RecordAnswer, RecordState

SOURCE = "演示数据 · demonstration data"
NOTHING_SEQUENCE, REFUSED_SEQUENCE, NOT_TAKEN_SEQUENCE = "999", "998", "997"
MONTHS = 24
WORKING_AFTER, DECIDED_AFTER = dt.timedelta(minutes=10), dt.timedelta(days=1)
CALLBACK_SECRET = b"demonstration: known to everybody"

_COLUMNS = ("缴费年月", "缴费基数", "个人缴费", "单位", "状态")
_EMPLOYERS = ("演示纺织有限公司", "演示物业服务有限公司", "演示机械制造有限公司", "演示餐饮管理有限公司")
_FLOOR, _CEILING = 7384, 36921  # a plausible lower and upper limit of the monthly base, in yuan; made up
_SHARE = 8  # per cent of the base that the insured person pays
_ALLOWANCE = "jintie-account"
_KEPT = 10_000


class DemoConnector:
    """Twenty-four made-up months of 城保 (urban employees' pension insurance) or of 老年综合津贴 for any number.

    `available` False: the department does not answer.
    """

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self.available = True
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[dt.datetime, bool]] = {}  # reference -> (since, whether it will be granted)

    def query(self, item: str, number: str, name: str) -> RecordAnswer:
        now = self._now()
        if not self.available:
            return RecordAnswer(state=RecordState.UNAVAILABLE, source=SOURCE, as_of=now)
        if number[14:17] == NOTHING_SEQUENCE:
            return RecordAnswer(state=RecordState.NOTHING, source=SOURCE, as_of=now)
        chance = hashlib.sha256(f"{item}\0{number}".encode()).digest()
        if item == _ALLOWANCE:
            return _allowance(chance, number, name, now)
        return _insurance(chance, number, name, now)

    def submit(self, submission: Submission) -> SubmitOutcome:
        if not self.available:
            return Away("demo")
        if submission.number[14:17] == NOT_TAKEN_SEQUENCE:
            return NotTaken("demo.not_ours")
        reference = "D" + hashlib.sha256(submission.key.encode()).hexdigest()[:15].upper()
        granted = submission.number[14:17] != REFUSED_SEQUENCE
        with self._lock:
            self._taken.setdefault(reference, (self._now(), granted))
            while len(self._taken) > _KEPT:
                del self._taken[next(iter(self._taken))]
        return Taken(reference)

    def status(self, reference: str) -> StatusOutcome:
        if not self.available:
            return Away("demo")
        with self._lock:
            found = self._taken.get(reference)
        if found is None:
            return Unknown()
        since, granted = found
        now = self._now()
        standing = Standing.RECEIVED
        if now - since >= DECIDED_AFTER:
            standing = Standing.GRANTED if granted else Standing.REFUSED
        elif now - since >= WORKING_AFTER:
            standing = Standing.WORKING
        return Stands(reference, standing, now)

    def callback(self, headers: Mapping[str, str], body: bytes) -> CallbackOutcome:
        return believe(CALLBACK_SECRET, headers, body, self._now())

    def probe(self) -> bool:
        return self.available


def _insurance(chance: bytes, number: str, name: str, now: dt.datetime) -> RecordAnswer:
    base = _FLOOR + int.from_bytes(chance[:4], "big") % (_CEILING - _FLOOR - 3000)
    employer = _EMPLOYERS[chance[4] % len(_EMPLOYERS)]
    gap = chance[5] % MONTHS if chance[6] % 4 == 0 else -1  # one person in four has missed a month
    rows = []
    for back in range(MONTHS, 0, -1):
        year, month = _months_before(now.date(), back)
        monthly = base + (1200 if month >= 7 and back <= MONTHS // 2 else 0)  # bases are set anew every July
        missed = back - 1 == gap
        paid = "0.00" if missed else f"{monthly * _SHARE / 100:.2f}"
        rows.append((f"{year}-{month:02d}", f"{monthly}.00", paid, employer, "未缴费" if missed else "已缴费"))
    paid_months = sum(row[4] == "已缴费" for row in rows)
    heading = {
        "姓名": name,
        "证件号码": number,
        "险种": "城镇职工基本养老保险",
        "查询期间": f"{rows[0][0]} 至 {rows[-1][0]}",
        "期间缴费月数": str(paid_months),
    }
    return RecordAnswer(
        state=RecordState.FOUND, source=SOURCE, as_of=now, heading=heading, columns=_COLUMNS, rows=tuple(rows)
    )


def _allowance(chance: bytes, number: str, name: str, now: dt.datetime) -> RecordAnswer:
    """The last twelve payments of an allowance; amount and account are made up."""
    account = f"621799********{int.from_bytes(chance[:2], 'big') % 10_000:04d}"
    monthly = 75 + 75 * (chance[2] % 5)
    rows = []
    for back in range(12, 0, -1):
        year, month = _months_before(now.date(), back)
        rows.append((f"{year}-{month:02d}", f"{monthly}.00", account, "已发放"))
    heading = {"姓名": name, "证件号码": number, "津贴": "老年综合津贴", "发放账号": account}
    return RecordAnswer(
        state=RecordState.FOUND,
        source=SOURCE,
        as_of=now,
        heading=heading,
        columns=("发放年月", "金额", "账号", "状态"),
        rows=tuple(rows),
    )


def _months_before(day: dt.date, back: int) -> tuple[int, int]:
    months = day.year * 12 + day.month - 1 - back
    return months // 12, months % 12 + 1
