"""The sound player on its twin, and the same player's bytes through the real aplay into a file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.api.clock import SystemClock
from hardware.api.errors import LinkLost
from hardware.api.locker import Seen
from hardware.api.speech import LOUDEST, Heard, Outlet
from hardware.codecs.wav import head
from hardware.drivers import sound_player
from hardware.drivers.sound_player import SoundPlayer
from hardware.transports import jack_contact, sound_pipe
from hardware.transports.jack_contact import JackContact
from hardware.transports.sound_pipe import SoundPipe
from hardware.twins.sound_card import SoundCardTwin, SoundFault
from tests.contracts.audio_out import AudioBench, AudioOutContract, tone
from tests.contracts.until import until

DEVICES = {Outlet.HEADSET: "headset", Outlet.SPEAKER: "speaker"}


PATIENCE_S = 30.0


class Patience(float):
    """How long a player may take nothing: long, but for a card that is stuck, which never will."""

    twin: SoundCardTwin | None = None

    def __mul__(self, other: float) -> float:
        stuck = self.twin is not None and SoundFault.STUCK in self.twin.faults
        return (0.3 if stuck else float(self)) * other


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """A busy machine starts and ends programs when it comes to it."""
    patience = Patience(PATIENCE_S)
    monkeypatch.setattr(sound_pipe, "STUCK_S", patience)
    monkeypatch.setattr(sound_player, "FINISH_S", PATIENCE_S)
    monkeypatch.setattr(jack_contact, "ANSWER_S", PATIENCE_S)
    return patience


@pytest.fixture
def bench(tmp_path: Path, patience: Patience) -> Iterator[AudioBench]:
    with SoundCardTwin(tmp_path, *DEVICES.values()) as twin:
        patience.twin = twin
        pipes = {outlet: SoundPipe(device, player=str(twin.player)) for outlet, device in DEVICES.items()}
        player = SoundPlayer(pipes, SystemClock())
        player.start()
        player.set_level(LOUDEST)
        yield AudioBench(player, twin, DEVICES)


class TestTwoOutlets(AudioOutContract):
    """Everything that a sound card promises."""


def test_an_outlet_that_comes_back_is_found_by_looking(bench: AudioBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_player, "TRY_AGAIN_S", 0.0)
    bench.twin.unplug("headset")
    bench.out.start()
    assert not bench.out.status().can_work
    bench.twin.replug("headset")
    assert bench.out.status().can_work


def test_a_paced_twin_takes_samples_at_their_own_speed(bench: AudioBench) -> None:
    bench.twin.pacing = True
    bench.out.play([tone(1.0)], Outlet.SPEAKER)
    until(lambda: bench.heard(Outlet.SPEAKER)[-1].ended)
    played = bench.heard(Outlet.SPEAKER)[-1]
    assert played.length_s == pytest.approx(1.0, abs=0.001)


def test_a_stream_that_is_no_sound_is_noticed(bench: AudioBench) -> None:
    pipe = SoundPipe("speaker", player=str(bench.twin.player))
    pipe.open()
    pipe.write(b"not a wave at all")
    pipe.finish(PATIENCE_S)
    until(lambda: bool(bench.heard(Outlet.SPEAKER)))
    assert bench.heard(Outlet.SPEAKER)[0].noise


def test_a_machine_without_a_player() -> None:
    player = SoundPlayer({Outlet.SPEAKER: SoundPipe("default", player="/nowhere/aplay")}, SystemClock())
    with pytest.raises(LinkLost):
        player.start()
    assert not player.has(Outlet.HEADSET)
    assert player.play([tone(0.1)], Outlet.HEADSET) is Heard.NOTHING


@pytest.mark.skipif(shutil.which("aplay") is None, reason="alsa-utils is not installed")
class TestRealAplay:
    def test_the_samples_reach_alsa_unchanged(self, tmp_path: Path) -> None:
        kept = tmp_path / "out.raw"
        player = SoundPlayer({Outlet.SPEAKER: SoundPipe(f"file:FILE={kept},FORMAT=raw")}, SystemClock())
        player.start()
        player.set_level(LOUDEST)
        speech = tone(0.5)
        assert player.play([speech], Outlet.SPEAKER) is Heard.WHOLE
        assert kept.read_bytes().startswith(speech.pcm)

    def test_a_device_that_is_not_there(self) -> None:
        with pytest.raises(LinkLost):
            SoundPlayer({Outlet.SPEAKER: SoundPipe("nosuchdevice")}, SystemClock()).start()

    def test_a_head_of_ours_is_taken(self) -> None:
        pipe = SoundPipe("null")
        pipe.open()
        pipe.write(head(16_000) + bytes(3200))
        pipe.finish(PATIENCE_S)


@pytest.mark.parametrize(
    ("says", "seen"),
    [
        ("echo '  : values=on'", Seen.YES),
        ("echo 'numid=11,iface=CARD'; echo '  : values=off'", Seen.NO),
        ("echo '  : values=3'", Seen.UNKNOWN),
        ("echo '  : values=on'; exit 1", Seen.UNKNOWN),
    ],
)
def test_the_contact_of_a_socket(tmp_path: Path, says: str, seen: Seen) -> None:
    program = tmp_path / "amixer"
    program.write_text(f"#!/bin/sh\n{says}\n", "utf-8")
    program.chmod(0o700)
    contact = JackContact("hw:0", "Headphone Jack", program=str(program))
    assert contact.seen() is seen
    assert JackContact("hw:0", "x", program="/nowhere").seen() is Seen.UNKNOWN
    player = SoundPlayer({}, SystemClock(), jack=contact.seen)
    player.status()
    assert player.plugged() is seen
