"""A row of the table, how figures are condensed into it, and how the table is printed."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Row:
    """One measured thing beside its limit. Figures are in `unit`; None stands for "not measured"."""

    name: str
    what: str
    unit: str = "ms"
    count: int = 0
    median: float | None = None
    p99: float | None = None
    worst: float | None = None
    limit: str = ""
    limit_median: float | None = None
    goal: str = ""
    met: bool | None = None
    note: str = ""

    @classmethod
    def of_times(
        cls,
        name: str,
        what: str,
        took: Sequence[float],
        limit: str,
        beside: Sequence[float],
        *,
        goal: str = "",
        met: bool | None = None,
        note: str = "",
    ) -> Self:
        """What each time of ours took, in milliseconds, `beside` what the limit's own took."""
        return cls(
            name=name,
            what=what,
            count=len(took),
            median=median(took),
            p99=quantile(took, 0.99),
            worst=max(took),
            limit=limit,
            limit_median=median(beside),
            goal=goal,
            met=met,
            note=note,
        )

    @property
    def ratio(self) -> float | None:
        """Our median to the limit's median."""
        if self.median is None or not self.limit_median:
            return None
        return self.median / self.limit_median

    def told(self) -> dict[str, Any]:
        return asdict(self)


def quantile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least `part` of all values do not exceed (nearest rank: a value that occurred)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    return quantile(values, 0.5)


def number(value: float | None) -> str:
    """Three digits that count; "–" for what was not measured."""
    if value is None:
        return "–"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


HEADINGS = ("measure", "n", "median", "p99", "worst", "limit beside it", "limit", "ratio", "goal", "met")


def cells(row: Row) -> tuple[str, ...]:
    met = {True: "yes", False: "**no**", None: "–"}[row.met]
    figures = [number(each) for each in (row.median, row.p99, row.worst, row.limit_median)]
    ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
    unit = f"{row.what}, {row.unit}"
    return (unit, str(row.count or "–"), *figures[:3], row.limit or "–", figures[3], ratio, row.goal or "–", met)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, then their notes: the same on a terminal and in the documentation."""
    lines = [f"| {' | '.join(HEADINGS)} |", "|---|" + "---:|" * 4 + "---|" + "---:|" * 2 + "---|---|"]
    lines += [f"| {' | '.join(cells(row))} |" for row in rows]
    notes = [f"* {row.what}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, "", *notes])
