"""What a sound card promises."""

import select
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from hardware.api.errors import DeviceError, LinkLost, NotAnswering
from hardware.api.speech import LOUDEST, AudioOut, Heard, Outlet, Speech
from hardware.api.status import DeviceState, Fault
from hardware.twins.sound_card import Played, SoundCardTwin, SoundFault
from tests.contracts.until import until

HZ = 22_050


def tone(seconds: float, value: int = 8_000, hz: int = HZ) -> Speech:
    """A hum that is never zero: its samples say how long it was and how loud."""
    return Speech(value.to_bytes(2, "little", signed=True) * round(seconds * hz), hz)


def all_played(twin: SoundCardTwin) -> bool:
    """Whether all that players which are gone have handed over has come out: one may be gone before it is heard.

    A player that was killed before it handed over anything leaves a stream on which nothing ever comes.
    """
    with twin._lock:
        still = select.poll()
        for stream in twin._streams.values():
            still.register(stream.end, select.POLLIN)
        return not still.poll(0) and all(each.ended for heard in map(twin.heard, twin._heard) for each in heard)


@dataclass
class AudioBench:
    """A driver and the far end of its wires; `devices` names the twin's outlet of each."""

    out: AudioOut
    twin: SoundCardTwin
    devices: dict[Outlet, str]

    def heard(self, outlet: Outlet) -> list[Played]:
        return self.twin.heard(self.devices[outlet])

    def whole(self, outlet: Outlet, count: int = 1) -> list[Played]:
        """What was heard, when so many playings have ended and none is under way."""
        until(lambda: len(self.heard(outlet)) >= count and self.played())
        return self.heard(outlet)

    def played(self) -> bool:
        return all_played(self.twin)

    def aside(self, pieces: Any, outlet: Outlet) -> "Aside":
        return Aside(lambda: self.out.play(pieces, outlet))


class Aside:
    """A playing in a thread of its own, as in its lane."""

    def __init__(self, work: Callable[[], Heard]) -> None:
        self.ended: list[Heard | DeviceError] = []
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()

    def _run(self, work: Callable[[], Heard]) -> None:
        try:
            self.ended.append(work())
        except DeviceError as error:
            self.ended.append(error)

    def wait(self) -> Heard | DeviceError:
        self._thread.join(30.0)
        assert self.ended
        return self.ended[0]


class AudioOutContract:
    """Inherited by each card's twin test; a fixture `bench` hands over a started bench at the loudest level."""

    @pytest.mark.parametrize("outlet", list(Outlet))
    def test_every_sample_comes_out_at_its_own_outlet(self, bench: AudioBench, outlet: Outlet) -> None:
        assert bench.out.play([tone(0.2), tone(0.3)], outlet) is Heard.WHOLE
        (played,) = bench.whole(outlet)
        assert played.hz == HZ
        assert len(played.pcm) == 2 * (round(0.2 * HZ) + round(0.3 * HZ))
        assert not any(bench.heard(other) for other in Outlet if other is not outlet)

    def test_nothing_to_play_is_no_sound(self, bench: AudioBench) -> None:
        assert bench.out.play([], Outlet.SPEAKER) is Heard.NOTHING
        assert bench.out.ring(Outlet.SPEAKER) is Heard.NOTHING
        assert bench.heard(Outlet.SPEAKER) == []

    def test_a_stop_cuts_within_what_the_pipes_hold(self, bench: AudioBench) -> None:
        bench.twin.hold(bench.devices[Outlet.HEADSET])
        begun = threading.Event()

        def pieces() -> Iterator[Speech]:
            begun.set()
            yield tone(30.0)

        playing = bench.aside(pieces(), Outlet.HEADSET)
        assert begun.wait(30)
        bench.out.stop()
        assert playing.wait() is Heard.CUT
        bench.twin.release(bench.devices[Outlet.HEADSET])
        assert bench.out.play([tone(0.1)], Outlet.HEADSET) is Heard.WHOLE
        played = bench.whole(Outlet.HEADSET)
        assert played[-1].length_s == pytest.approx(0.1, abs=0.001)
        assert sum(each.length_s for each in played[:-1]) < 0.5

    def test_a_stop_while_the_next_piece_is_awaited(self, bench: AudioBench) -> None:
        begun, go = threading.Event(), threading.Event()

        def pieces() -> Iterator[Speech]:
            yield tone(0.1)
            begun.set()
            go.wait(30)
            yield tone(5.0)

        playing = bench.aside(pieces(), Outlet.SPEAKER)
        assert begun.wait(30)
        bench.out.stop()
        go.set()
        assert playing.wait() is Heard.CUT
        assert sum(each.length_s for each in bench.heard(Outlet.SPEAKER)) < 0.2

    def test_loudness_and_its_steps(self, bench: AudioBench) -> None:
        loudest = []
        for level in range(LOUDEST + 1):
            bench.out.set_level(level)
            bench.out.play([tone(0.05)], Outlet.SPEAKER)
            loudest.append(bench.whole(Outlet.SPEAKER, len(loudest))[-1].loudest if level else 0)
        assert bench.heard(Outlet.SPEAKER)[-1].loudest == 8_000
        assert loudest == sorted(loudest)
        assert len(set(loudest)) == LOUDEST + 1

    def test_a_headset_never_gets_more_than_its_limit(self, bench: AudioBench) -> None:
        for _ in range(6):
            bench.out.chime(tone(0.1, 32_000))
        bench.out.set_level(99)
        bench.out.play([tone(0.1, 32_767)], Outlet.HEADSET)
        assert bench.whole(Outlet.HEADSET)[0].loudest <= 32_767 // 2

    def test_a_chime_lies_over_speech_and_cuts_none(self, bench: AudioBench) -> None:
        begun, go = threading.Event(), threading.Event()

        def pieces() -> Iterator[Speech]:
            yield tone(0.1)
            begun.set()
            go.wait(30)
            yield tone(0.5)

        playing = bench.aside(pieces(), Outlet.SPEAKER)
        assert begun.wait(30)
        bench.out.chime(tone(0.2, 4_000, 11_025))
        go.set()
        assert playing.wait() is Heard.WHOLE
        (played,) = bench.whole(Outlet.SPEAKER)
        values = memoryview(bytes(played.pcm)).cast("h")
        assert len(values) == round(0.1 * HZ) + round(0.5 * HZ)
        assert sum(value == 12_000 for value in values) == pytest.approx(0.2 * HZ, rel=0.01)
        assert bench.out.ring(Outlet.SPEAKER) is Heard.NOTHING

    def test_a_chime_longer_than_the_speech_is_heard_to_its_end(self, bench: AudioBench) -> None:
        bench.out.chime(tone(0.4, 4_000))
        assert bench.out.play([tone(0.1)], Outlet.SPEAKER) is Heard.WHOLE
        assert bench.whole(Outlet.SPEAKER)[0].length_s == pytest.approx(0.4, abs=0.05)

    def test_a_chime_alone(self, bench: AudioBench) -> None:
        bench.out.chime(tone(0.1))
        assert bench.out.ring(Outlet.SPEAKER) is Heard.WHOLE
        assert bench.whole(Outlet.SPEAKER)[0].loudest == 8_000

    def test_a_chime_that_was_cut_with_speech_comes_with_the_next(self, bench: AudioBench) -> None:
        bench.twin.hold(bench.devices[Outlet.SPEAKER])
        bench.out.chime(tone(0.2, 4_000))
        begun = threading.Event()

        def pieces() -> Iterator[Speech]:
            yield tone(0.02)
            begun.set()
            yield tone(30.0)

        playing = bench.aside(pieces(), Outlet.SPEAKER)
        assert begun.wait(30)
        bench.out.stop()
        assert playing.wait() is Heard.CUT
        bench.twin.release(bench.devices[Outlet.SPEAKER])
        assert bench.out.play([tone(0.1)], Outlet.SPEAKER) is Heard.WHOLE
        played = bench.whole(Outlet.SPEAKER)[-1]
        assert memoryview(bytes(played.pcm)).cast("h")[0] == 12_000

    def test_a_plug_pulled_in_the_middle(self, bench: AudioBench) -> None:
        bench.twin.faults.add(SoundFault.UNPLUGGED_HALFWAY)
        with pytest.raises(LinkLost):
            bench.out.play([tone(5.0)], Outlet.SPEAKER)
        assert bench.out.status().fault is Fault.LINK_LOST
        bench.out.start()
        assert bench.out.status().fault is Fault.LINK_LOST
        assert bench.out.play([tone(0.1)], Outlet.HEADSET) is Heard.WHOLE
        bench.twin.replug(bench.devices[Outlet.SPEAKER])
        bench.out.start()
        assert bench.out.status().can_work
        assert bench.out.play([tone(0.1)], Outlet.SPEAKER) is Heard.WHOLE

    def test_no_outlet_at_all(self, bench: AudioBench) -> None:
        for device in bench.devices.values():
            bench.twin.unplug(device)
        with pytest.raises(LinkLost):
            bench.out.start()
        assert bench.out.status().device is DeviceState.OFFLINE

    def test_a_card_that_is_stuck_is_given_up(self, bench: AudioBench) -> None:
        bench.twin.faults.add(SoundFault.STUCK)
        with pytest.raises(NotAnswering):
            bench.out.play([tone(5.0)], Outlet.SPEAKER)
        bench.twin.faults.clear()
        bench.twin.release(bench.devices[Outlet.SPEAKER])
        assert bench.out.play([tone(0.1)], Outlet.SPEAKER) is Heard.WHOLE
