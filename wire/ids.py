"""Ids that cross the wire. Region comes first in every key, so that a country can be cut by it."""

import datetime as dt
import secrets
import uuid
from typing import NewType

RegionId = NewType("RegionId", str)
SiteId = NewType("SiteId", str)
TerminalId = NewType("TerminalId", str)
LetterId = NewType("LetterId", str)
CaseNumber = NewType("CaseNumber", str)
TicketId = NewType("TicketId", str)
ItemCode = NewType("ItemCode", str)


def new_letter_id(now: dt.datetime) -> LetterId:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then chance. Made once, by the terminal; not an order."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return LetterId(str(uuid.UUID(int=value)))
