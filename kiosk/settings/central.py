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
    connect_s: Number = described("How long a connection may take.", 5.0, ge=0.5, le=60)
    answer_s: Number = described("How long an answer may take.", 20.0, ge=1, le=300)
    record_s: Number = described("How long a person waits for a record at most.", 15.0, ge=1, le=120)
    mirror_every_s: Number = described("How often central is asked for news.", 60.0, ge=5, le=3600)
