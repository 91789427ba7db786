"""Which terminal this is, in words. Region, site and the terminal's own id are given by enrolment, not here."""

import zoneinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kiosk.settings.group import Group, Line, described


def _known_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone, such as Asia/Shanghai") from None
    return name


class Terminal(Group):
    """Which terminal this is."""

    name: Annotated[Line, Field(min_length=1)] = described("What staff call it, such as NT-0001.")
    place_zh: Annotated[Line, Field(min_length=1)] = described("Where it stands, in Chinese: on the screen, on slips.")
    place_en: Annotated[Line, Field(min_length=1)] = described("Where it stands, in English.")
    phone: Line = described("The number a person may call for help; empty: none is shown.", "")
    language: Literal["zh", "en"] = described("The language a visit begins in.", "zh")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = described(
        "Time zone of what people read and of opening hours.", "Asia/Shanghai"
    )

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)
