"""Where the terminal keeps things, where its contents lie, and what it logs."""

from pathlib import Path
from typing import Literal

from kiosk.settings.group import Group, Number, Where, Whole, described


class Store(Group):
    """What the terminal remembers."""

    folder: Where = described("Folder of the store; on a disk that survives a power cut, readable by us alone.")
    reserve_mb: Whole = described(
        "Space held back so that what was begun can be finished on a full disk, MB.", 16, ge=1, le=1024
    )

    least_free_mb: Whole = described(
        "Free space beside the reserve below which no visit is begun, MB: the largest application must fit.",
        64,
        ge=1,
        le=102400,
    )
    low_free_mb: Whole = described(
        "Free space beside the reserve below which a technician is asked to come, MB.", 512, ge=1, le=102400
    )
    oldest_letter_h: Number = described(
        "Age of the oldest letter that central has not acknowledged, from which an alarm is raised, hours.",
        24.0,
        ge=0.1,
        le=720,
    )
    key_in: Literal["auto", "tpm", "file"] = described(
        "What holds the terminal's own key, made at enrolment: the TPM where there is one that works, else a file "
        "(auto); the TPM, or the terminal is not enrolled (tpm); a file that its account alone reads (file).",
        "auto",
    )
    tpm: Where = described("The TPM 2.0: its device behind the system's resource manager.", Path("/dev/tpmrm0"))

    @property
    def reserve_bytes(self) -> int:
        return self.reserve_mb * 1024 * 1024


class Catalogue(Group):
    """What the terminal offers."""

    folder: Where = described("Folder of the catalogue: dictionary.yaml and items/.")


class Logs(Group):
    """What the terminal writes down of itself. No name, number, address or picture is ever in it."""

    folder: Where | None = described(
        "Folder of the log files; none: to standard error, for the system's journal.", None
    )
    level: Literal["debug", "info", "warning"] = described("The least that is written.", "info")
    keep_mb: Whole = described("Most that all log files may hold together, MB.", 50, ge=1, le=10240)
