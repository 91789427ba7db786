"""What the settings mean to the rooms that work by them: said once, for the start and for settings that come later."""

import datetime as dt

from kiosk.alarms import AlarmLimits
from kiosk.hands.voice import SpeechManners
from kiosk.mind import Manners
from kiosk.settings.devices import NoDevice
from kiosk.settings.model import Settings
from kiosk.settings.speech import Speech


def manners(settings: Settings) -> Manners:
    """Of the mind."""
    terminal, visit = settings.terminal, settings.visit
    return Manners(
        visit.warn_after_s,
        visit.end_after_s,
        visit.elder_times,
        terminal.language,
        terminal.zone,
        terminal.place_zh,
        terminal.place_en,
        terminal.phone,
        0 if isinstance(settings.locker, NoDevice) else settings.locker.doors,
    )


def speech_manners(speech: Speech) -> SpeechManners:
    """Of the hand that speaks."""
    return SpeechManners(speech.rate, speech.volume, speech.sounds, speech.private_unfelt)


def limits(settings: Settings) -> AlarmLimits:
    """Of the watch."""
    return AlarmLimits(
        dt.timedelta(hours=settings.store.oldest_letter_h), dt.timedelta(hours=settings.central.stale_after_h)
    )
