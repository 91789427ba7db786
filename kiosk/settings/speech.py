"""Speech and sounds."""

import enum
from typing import Annotated

from pydantic import Field

from kiosk.settings.group import Group, Number, Where, Whole, YesNo, described

Card = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_:=,./-]*$")]


class Engine(enum.StrEnum):
    """What makes speech out of text."""

    ESPEAK = "espeak"
    SHERPA = "sherpa"
    NONE = "none"


class Speech(Group):
    """Speech and sounds; docs/devices/speech.md and docs/devices/headset.md. Without an outlet the terminal is mute."""

    engine: Engine = described("What speaks: espeak-ng, a voice of sherpa-onnx before it, or nothing.", Engine.ESPEAK)
    voice: Where | None = described("Folder of the voice that sherpa-onnx speaks with.", None)
    voice_speaks_english: YesNo = described("Whether that voice speaks English too; espeak-ng does otherwise.", False)
    rate: Number = described("Speed of speech; 1 is about four Chinese characters in a second.", 1.0, ge=0.5, le=2)
    headset: Card = described('ALSA device of the headset\'s socket, such as "plughw:1,0"; empty: there is none.', "")
    speaker: Card = described('ALSA device of the loudspeaker, such as "default"; empty: there is none.', "")
    headset_jack: Annotated[str, Field(max_length=80, pattern=r"^([A-Za-z0-9_:,.-]+/[A-Za-z0-9 ,._-]+)?$")] = described(
        'Card and control that feel the plug, such as "hw:1/Headphone Jack"; empty: only the keypad feels it.', ""
    )
    private_unfelt: YesNo = described(
        "Speak personal data into the headset's socket although nothing feels whether a headset is plugged in.", False
    )
    headset_limit: Number = described(
        "The part of the full signal that a headset ever gets; measured once for every kind of headset.",
        0.5, ge=0.05, le=1,
    )  # fmt: skip
    volume: Whole = described("Loudness at the beginning of a visit.", 6, ge=1, le=10)
    sounds: YesNo = described("The four short sounds: key, done, wrong, hurry.", True)

    @property
    def jack(self) -> tuple[str, str] | None:
        """Card and control of the contact in the socket."""
        card, _, control = self.headset_jack.partition("/")
        return (card, control) if control else None

    @property
    def outlets(self) -> dict[str, str]:
        """ALSA device by outlet, for outlets that there are."""
        named = {"headset": self.headset, "speaker": self.speaker}
        return {outlet: device for outlet, device in named.items() if device}
