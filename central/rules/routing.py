"""Whose queue a case comes into: 直接受理 and 收受分离 (全市通办, 2018). Pure."""

from catalogue.model import Item
from catalogue.offices import OfficeBook

UNROUTED = "unrouted"
"""The queue of cases whose office nobody could tell: a person there sends them on."""


def queue_for(item: Item | None, region: str, address: str, number: str, book: OfficeBook) -> str:
    """The queue of a case that came in at a terminal of `region`. A queue is called after its office's region.

    An item that the catalogue does not have stays with the office of the terminal.
    """
    if item is None or item.routing.mode == "direct":
        return region
    if item.routing.by == "household":
        office = book.office_of(address, number)
        return UNROUTED if office is None else office.region
    if item.routing.office:
        office = book.office(item.routing.office)
        return UNROUTED if office is None else office.region
    return region
