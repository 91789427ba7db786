"""What a speech engine promises."""

import array

import pytest

from hardware.api.speech import Speech, Unspoken, Voice
from hardware.api.status import DeviceState

ZH = "请把身份证放在读卡的地方，不要拿开。"
EN = "Please put your identity card on the reader."


def loudest(speech: Speech) -> int:
    return max(map(abs, array.array("h", speech.pcm)), default=0)


class VoiceContract:
    """Inherited by each engine's test; a fixture `voice` hands over a started engine for both languages."""

    def test_it_is_ready(self, voice: Voice) -> None:
        assert voice.status().device is DeviceState.ONLINE

    @pytest.mark.parametrize(("language", "text", "least_s", "most_s"), [("zh", ZH, 2.0, 9.0), ("en", EN, 1.2, 7.0)])
    def test_both_languages_become_speech_of_a_likely_length(
        self, voice: Voice, language: str, text: str, least_s: float, most_s: float
    ) -> None:
        made = voice.render(text, language, 1.0)
        assert isinstance(made, Speech)
        assert least_s < made.length_s < most_s
        assert loudest(made) > 3_000

    def test_faster_is_shorter(self, voice: Voice) -> None:
        lengths = []
        for rate in (0.7, 1.0, 1.6):
            made = voice.render(ZH, "zh", rate)
            assert isinstance(made, Speech)
            lengths.append(made.length_s)
        assert lengths == sorted(lengths, reverse=True)
        assert lengths[0] > 1.5 * lengths[2]

    @pytest.mark.parametrize("text", ["", "  ", "…。？", "——", "\n\t", "《》"])
    def test_what_has_no_sound(self, voice: Voice, text: str) -> None:
        assert voice.render(text, "zh", 1.0) is Unspoken.NOTHING

    def test_a_language_that_it_does_not_speak(self, voice: Voice) -> None:
        assert voice.render(EN, "xx", 1.0) is Unspoken.NO_VOICE

    def test_a_text_without_end(self, voice: Voice) -> None:
        assert voice.render("好" * 100_000, "zh", 1.0) is Unspoken.TOO_LONG

    def test_a_stop_with_nothing_under_way_spoils_nothing(self, voice: Voice) -> None:
        voice.stop()
        assert isinstance(voice.render("好。", "zh", 1.0), Speech)
