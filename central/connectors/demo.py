"""Made-up records for demonstrations and tests. The answer says so, and so does every paper made of it."""

import datetime as dt
import hashlib
from collections.abc import Callable

from wire.messages import RecordAnswer, RecordState

SOURCE = "演示数据 · demonstration data"
NOTHING_SEQUENCE = "999"
"""A number whose sequence digits (15 to 17) are 999 has no record."""
MONTHS = 24

_COLUMNS = ("缴费年月", "缴费基数", "个人缴费", "单位", "状态")
_EMPLOYERS = ("演示纺织有限公司", "演示物业服务有限公司", "演示机械制造有限公司", "演示餐饮管理有限公司")
_FLOOR, _CEILING = 7384, 36921  # a plausible lower and upper limit of the monthly base, in yuan; made up
_SHARE = 8  # per cent of the base that the insured person pays


class DemoConnector:
    """Twenty-four made-up months of 城保 (urban employees' pension insurance) for any number, the same every time.

    `available` False: the department does not answer.
    """

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self.available = True

    def query(self, item: str, number: str, name: str) -> RecordAnswer:
        now = self._now()
        if not self.available:
            return RecordAnswer(state=RecordState.UNAVAILABLE, source=SOURCE, as_of=now)
        if number[14:17] == NOTHING_SEQUENCE:
            return RecordAnswer(state=RecordState.NOTHING, source=SOURCE, as_of=now)
        chance = hashlib.sha256(f"{item}\0{number}".encode()).digest()
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


def _months_before(day: dt.date, back: int) -> tuple[int, int]:
    months = day.year * 12 + day.month - 1 - back
    return months // 12, months % 12 + 1
