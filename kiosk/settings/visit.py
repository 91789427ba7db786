"""How long a visit waits for a person."""

from kiosk.settings.group import Group, Number, described


class Visit(Group):
    """How long a visit waits for a person. Seconds without a touch."""

    warn_after_s: Number = described("After this the countdown is shown.", 45.0, ge=5, le=600)
    end_after_s: Number = described("After this the visit ends; more than warn_after_s.", 60.0, ge=10, le=900)
    elder_times: Number = described("Both are multiplied by this in large-type mode.", 3.0, ge=1, le=10)
