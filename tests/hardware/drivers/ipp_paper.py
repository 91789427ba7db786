"""Documents and a clock for the printer's tests."""

import io

import pikepdf

from hardware.api.clock import SystemClock


def blank_pdf(pages: int = 2) -> bytes:
    """A PDF of blank A4 pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class LeapingClock(SystemClock):
    """Waiting takes no time and moves the clock; `waited` is how often and how long."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def monotonic(self) -> float:
        return super().monotonic() + sum(self.waited)

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
