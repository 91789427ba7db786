"""The back end."""

from typing import Annotated

from pydantic import Field

from kiosk.settings.group import Group, Number, Where, described


class Central(Group):
    """The back end that letters go to and mirrors come from."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=300)] = described(
        "Its address, https: unless it is on this machine."
    )
    ca_file: Where | None = described("Certificate it is believed by; none: the system's.", None)
    mirror_every_s: Number = described("How often central is asked for news.", 60.0, ge=5, le=3600)
    stale_after_h: Number = described(
        "When central has not been heard for so long, what is shown of it is marked as old, hours.",
        12.0,
        ge=0.1,
        le=720,
    )
