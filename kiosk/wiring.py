"""The only place that builds objects out of the settings. Drivers stand in plain tables, so the freezer finds them.

Past 400 lines because there is one such place, so that all that depends on what is seen at once.
"""

import datetime as dt
import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from catalogue.loader import Catalogue
from catalogue.search import index
from hardware.api.clock import Clock
from hardware.api.code_scanner import CodeScanner
from hardware.api.id_card import IdCardReader
from hardware.api.lights import Spot
from hardware.api.link import ByteLink
from hardware.api.locker import Locker
from hardware.api.page_printer import PagePrinter
from hardware.api.slip_printer import SlipPrinter
from hardware.api.speech import AudioOut, Outlet, Voice
from hardware.codecs.lock_8a import StatusOrder
from hardware.drivers.id_card_sam.driver import IdCardSam, SamOptions
from hardware.drivers.lights_relay import LightsRelay
from hardware.drivers.locker_8a import Feedback, Locker8A
from hardware.drivers.locker_cu16 import LockerCu16
from hardware.drivers.page_ipp.driver import PageIpp
from hardware.drivers.scanner_gm65.driver import ScannerGm65
from hardware.drivers.scanner_lines.driver import ScannerLines
from hardware.drivers.slip_escpos import Presenter, SlipEscPos
from hardware.drivers.sound_player import SoundPlayer
from hardware.drivers.voice_espeak import VoiceEspeak
from hardware.drivers.voice_sherpa import BetterVoice, VoiceSherpa
from hardware.transports.engine_pipe import EnginePipe
from hardware.transports.ipp_link import IppLink
from hardware.transports.jack_contact import JackContact
from hardware.transports.serial_link import SerialLink
from hardware.transports.sound_pipe import SoundPipe
from hardware.transports.tcp_link import TcpLink
from kiosk import applied, health
from kiosk.editions import CatalogueReader, Contents
from kiosk.hands.desk import Desk, Place
from kiosk.hands.dispatch import Hands
from kiosk.hands.doors import DoorsHand
from kiosk.hands.drafts import DraftsHand
from kiosk.hands.lamps import Lamps, Lights
from kiosk.hands.leftovers import Leftovers
from kiosk.hands.pages import PagesHand
from kiosk.hands.slips import SlipsHand
from kiosk.hands.voice import VoiceHand, load_sounds
from kiosk.hands.watching import Watching
from kiosk.mind import Finding, Mind
from kiosk.papers import PapersRoom
from kiosk.recovery import Recovery
from kiosk.settings import devices as d
from kiosk.settings.afar import laid_over
from kiosk.settings.model import Settings
from kiosk.settings.speech import Engine
from kiosk.settings.speech import Speech as SpeechSettings
from kiosk.stations import Station
from kiosk.upkeep.watch import Watch
from kiosk.words import Words
from offline_cache import own_key, technician
from offline_cache.boot import Opened, open_store
from offline_cache.central_link import CentralLink
from offline_cache.citizen_codes import CitizenCodes
from offline_cache.editions import seen_in
from offline_cache.enrol import NotEnrolled as NotEnrolled
from offline_cache.enrol import WhyNotEnrolled as WhyNotEnrolled
from offline_cache.enrol import enrol_here
from offline_cache.hints import Hints
from offline_cache.identity import Identity, IdentityFault
from offline_cache.link import Link
from offline_cache.own_key import KeyHold, NotMoved
from offline_cache.room import RoomSettings
from offline_cache.store import SqlStore, StoreSettings
from offline_cache.sync import Sync, SyncSettings
from trust.tags import ScryptTags
from trust.tpm import opener
from ui.keyboard.characters import characters
from wire.editions import Edition

log = logging.getLogger("kiosk.wiring")

SOUNDS = Path(__file__).resolve().parent.parent / "assets" / "sounds"


# ---- drivers --------------------------------------------------------------------------------------------------


def _serial(
    found: d.SamReader | d.Gm65Scanner | d.LineScanner | d.Cu16Locker | d.Board8aLocker | d.RelayLights,
) -> ByteLink:
    return SerialLink(str(found.path), found.baud)


def _slip_link(found: d.EscposSlip) -> ByteLink:
    if found.host:
        return TcpLink(found.host, found.port)
    return SerialLink(str(found.path), found.baud)


def _sam(s: d.SamReader, link: ByteLink, clock: Clock) -> IdCardSam:
    return IdCardSam(link, clock, SamOptions(s.with_fingerprint, s.additional_address))


def _cu16(s: d.Cu16Locker, link: ByteLink, clock: Clock) -> LockerCu16:
    closed, item = s.closed_is.bit, s.item_is.bit
    return LockerCu16(link, clock, s.doors, first_board=s.first_board, closed_bit=closed, item_bit=item)


def _8a(s: d.Board8aLocker, link: ByteLink, clock: Clock) -> Locker8A:
    return Locker8A(
        link,
        clock,
        s.board,
        s.doors,
        channels=s.channels,
        feedback_mode=Feedback(s.feedback.value),
        status_order=StatusOrder(s.status_order.value),
    )


def _escpos(s: d.EscposSlip, link: ByteLink, clock: Clock) -> SlipEscPos:
    return SlipEscPos(link, clock, Presenter(s.presenter.value), s.width_dots)


def _relay(s: d.RelayLights, link: ByteLink, clock: Clock) -> LightsRelay:
    channels = {Spot(spot): relay for spot, relay in s.channels.items()}
    return LightsRelay(link, clock, channels, unit=s.unit, relays=s.relays)


def _tls(found: d.IppPages) -> ssl.SSLContext | None:
    if not found.uri.startswith("ipps:"):
        return None
    return ssl.create_default_context(cafile=str(found.ca_file) if found.ca_file else None)


SERIAL_DRIVERS: Mapping[type, Callable[[Any, ByteLink, Clock], Any]] = {
    d.SamReader: _sam,
    d.Gm65Scanner: lambda _, link, clock: ScannerGm65(link, clock),
    d.LineScanner: lambda _, link, clock: ScannerLines(link, clock),
    d.Cu16Locker: _cu16,
    d.Board8aLocker: _8a,
    d.EscposSlip: _escpos,
    d.RelayLights: _relay,
}


def stations(settings: Settings, clock: Clock) -> dict[str, Station[Any]]:
    """A station for every device that the settings name."""
    built: dict[str, Station[Any]] = {}
    for name in health.DEVICES:
        found = getattr(settings, name)
        if isinstance(found, d.NoDevice):
            continue
        if isinstance(found, d.IppPages):
            link = IppLink(found.uri, clock, tls=_tls(found))
            built[name] = Station(name, PageIpp(link, clock, believe_tray=found.believe_tray), None, clock)
            continue
        wire = _slip_link(found) if isinstance(found, d.EscposSlip) else _serial(found)
        built[name] = Station(name, SERIAL_DRIVERS[type(found)](found, wire, clock), wire, clock)
    return built


def _engine(wanted: SpeechSettings) -> Voice | None:
    plain = VoiceEspeak(EnginePipe("espeak-ng"))
    match wanted.engine:
        case Engine.NONE:
            return None
        case Engine.ESPEAK:
            return plain
        case Engine.SHERPA:
            languages = ("zh", "en") if wanted.voice_speaks_english else ("zh",)
            return BetterVoice(VoiceSherpa(wanted.voice, languages), plain) if wanted.voice is not None else plain


def voice_of(wanted: SpeechSettings, words: Words, clock: Clock) -> tuple[VoiceHand | None, dict[str, Station[Any]]]:
    """The hand that speaks, and its stations; none on a terminal that has nothing to be heard through."""
    if not wanted.outlets:
        return None, {}
    jack = JackContact(*wanted.jack).seen if wanted.jack is not None else None
    pipes = {Outlet(outlet): SoundPipe(device) for outlet, device in wanted.outlets.items()}
    player = SoundPlayer(pipes, clock, headset_limit=wanted.headset_limit, jack=jack)
    card = Station[AudioOut](health.SOUND, player, None, clock)
    engine = _engine(wanted)
    voice = None if engine is None else (Station[Voice](health.VOICE, engine, None, clock), engine)
    hand = VoiceHand(voice, (card, player), words, load_sounds(SOUNDS), applied.speech_manners(wanted))
    return hand, {health.SOUND: card} | ({} if voice is None else {health.VOICE: voice[0]})


class _Absent:
    """Stands where the settings name no device: it is never there, and everything that needs it says so."""

    def start(self) -> str:
        raise AssertionError("no device stands here")

    def status(self) -> Any:
        raise AssertionError("no device stands here")


def _or_absent(built: Mapping[str, Station[Any]], name: str, clock: Clock) -> Station[Any]:
    return built.get(name) or Station(name, _Absent(), None, clock)


@dataclass(frozen=True)
class Closed:
    """The terminal cannot begin; `reason` is one of the words `closed.reason.*`."""

    reason: str


# ---- the terminal ---------------------------------------------------------------------------------------------


@dataclass
class Terminal:
    """Everything of a running terminal but its screen. `start`, then `stop`."""

    mind: Mind
    hands: Hands
    stations: dict[str, Station[Any]]
    sync: Sync
    hints: Hints
    watch: Watch
    store: SqlStore
    links: tuple[Link, ...]
    settings: Settings  # to start with: the file's, over what the district set
    absent: tuple[Station[Any], ...] = ()
    voice: VoiceHand | None = None

    def start(self) -> None:
        self.mind.start()
        self.hands.begin()
        for station in self.stations.values():
            station.begin()
        self.sync.start()
        self.hints.start()
        self.watch.start()

    def stop(self) -> None:
        """End everything in the order in which one needs the other. A deed under way is left to the next boot."""
        self.watch.stop()
        self.mind.stop()
        self.hands.end()
        if self.voice is not None:
            self.voice.end()
        for station in (*self.stations.values(), *self.absent):
            station.end()
        self.hints.stop()
        self.sync.stop()
        for link in self.links:
            link.close()
        self.store.close()


_MB = 1024 * 1024


def kept(settings: Settings) -> StoreSettings:
    store = settings.store
    room = RoomSettings(store.least_free_mb * _MB, store.low_free_mb * _MB)
    return StoreSettings(reserve_bytes=store.reserve_bytes, room=room)


def begin(settings: Settings, words: Words, clock: Clock) -> Terminal | Closed:
    """Identity, store, everything else; logged word by word. Not started yet."""
    identity = Identity.load(settings.store.folder, opener(settings.store.tpm))
    if isinstance(identity, IdentityFault):
        log.error("not a terminal: %s: %s", identity.value, _told(words, identity.value))
        return Closed("key" if identity.of_the_key else "enrolment")
    log.info("the terminal's key: %s", own_key.place_of(settings.store.folder, identity.key).value)
    if settings.store.key_in == "tpm" and identity.key.level == "file":
        log.warning("the settings want the terminal's key in the TPM, and it is in a file")
    opened = open_store(settings.store.folder, identity, clock, kept(settings))
    if not isinstance(opened, Opened):
        word = opened.reason.value
        why = _told(words, f"letters.unusable.{word.removeprefix('store.')}")
        log.error("no store: %s %s: %s", word, opened.detail, why)
        return Closed("store")
    report = opened.report
    if report.damage is not None:
        log.error(
            "the store was damaged and set aside; what could be read was rescued: %s; account for the letters as "
            "docs/operating/store.md says, After damage",
            report.damage,
        )
    if report.swept or report.missing:
        log.warning(
            "store: %d stray files swept, which is no harm; %d letters parked without their file: see --letters list",
            report.swept,
            report.missing,
        )
    return build(settings, words, identity, opened.store, clock)


def _told(words: Words, word: str) -> str:
    """What a word means, for the log."""
    return words.say(word, "en") if words.has(word) else "see docs/operating/day.md"


def enrol(settings: Settings, code: str, clock: Clock) -> Identity | NotEnrolled:
    """Make this machine a terminal with central's one-time code."""
    store = settings.store
    hold, tpm = KeyHold(store.key_in), opener(store.tpm)
    told = enrol_here(settings.central.url, code, store.folder, clock, ca=settings.central.ca_file, hold=hold, tpm=tpm)
    if isinstance(told, Identity):
        own_key.let_go(told.key)
    return told


def letters_by_hand(
    settings: Settings, order: Sequence[str], clock: Clock, words: Words, say: Callable[[str], None]
) -> int:
    """A technician's order about letters that cannot be sent; the exit code."""
    oldest = dt.timedelta(hours=settings.store.oldest_letter_h)
    manner = technician.Manner(say, words, settings.terminal.zone, oldest)
    tpm = opener(settings.store.tpm)
    return technician.run(settings.store.folder, technician.asked(order), clock, manner, kept(settings), tpm)


def identity_fault(settings: Settings) -> str:
    """Why this machine is no terminal yet, "" when it is one."""
    found = Identity.load(settings.store.folder, opener(settings.store.tpm))
    if isinstance(found, IdentityFault):
        return found.value
    own_key.let_go(found.key)
    return ""


def key_told(settings: Settings) -> tuple[str, ...]:
    """Where the terminal's key lies, or why it cannot be used, and what could be done: words of the sentences."""
    return own_key.told(settings.store.folder, KeyHold(settings.store.key_in), opener(settings.store.tpm))


def move_key(settings: Settings) -> tuple[bool, tuple[str, ...]]:
    """Put the terminal's key into the TPM; whether it is there now, and the words that say so or why not."""
    folder = settings.store.folder
    was_in_file = (folder / own_key.KEY_FILE).exists()
    moved = own_key.move_into_tpm(folder, opener(settings.store.tpm))
    if isinstance(moved, NotMoved):
        return False, (moved.reason, "key.kept")
    return True, (*(("key.moved",) if was_in_file else ()), f"key.place.{moved.value}")


def held_edition(settings: Settings) -> Edition | None:
    """The edition that lies in the terminal's store; also while its program runs."""
    return seen_in(settings.store.folder)


def build(own: Settings, words: Words, identity: Identity, store: SqlStore, clock: Clock) -> Terminal:
    """A terminal out of its file's settings; nothing is opened or started yet. Mistakes in the catalogue are logged."""
    editions = CatalogueReader(own)
    is_read = editions.begin(store.edition(), own.catalogue.folder)
    items = editions.catalogue
    settings = laid_over(own, editions.contents.afar)
    zone = settings.terminal.zone
    built = stations(settings, clock)
    reader: Station[IdCardReader] = _or_absent(built, health.READER, clock)
    pages: Station[PagePrinter] = _or_absent(built, health.PAGES, clock)
    slips: Station[SlipPrinter] = _or_absent(built, health.SLIP, clock)
    locker: Station[Locker] = _or_absent(built, health.LOCKER, clock)
    scanner = cast("Station[CodeScanner] | None", built.get(health.SCANNER))
    lamps = Lamps(cast("Station[Lights] | None", built.get(health.LIGHTS)))

    ca = settings.central.ca_file
    line = Link(settings.central.url, identity.key, clock, ca=ca)
    asking = Link(settings.central.url, identity.key, clock, ca=ca)
    hints = Hints(line, lambda: sync.mirror_hinted(), clock)
    every = SyncSettings(mirror_every_s=settings.central.mirror_every_s)
    sync = Sync(store, line, clock, settings=every, changed=hints.told, reader=editions)
    if not is_read:
        sync.edition_unread()
    central = CentralLink(asking, sync, store.keyring, clock, identity.terminal)
    papers = PapersRoom(identity.key, identity.terminal, settings.terminal.place_zh, settings.terminal.place_en, zone)
    place = Place(
        identity.terminal, settings.terminal.place_zh, settings.terminal.place_en, settings.terminal.phone, zone
    )
    desk = Desk(store, store.drafts, papers, central, CitizenCodes(store.keyring), ScryptTags(), words, clock, place)
    pages_hand = PagesHand(pages, store, clock)
    slips_hand = SlipsHand(slips, store, papers, clock)
    doors_hand = DoorsHand(locker, store, clock)
    three = (pages_hand, slips_hand, doors_hand)
    hands = Hands(
        desk,
        Watching(reader, scanner, clock, zone),
        pages_hand,
        slips_hand,
        doors_hand,
        Leftovers(reader, pages, slips, three, lamps, clock),
        lamps,
        DraftsHand(store.drafts, clock),
    )
    mind = Mind(items.items, words, applied.manners(settings), clock, hands.do, _finding(items))
    recovery = Recovery(
        store, built.get(health.PAGES), built.get(health.SLIP), built.get(health.LOCKER), papers, words, clock
    )
    voice, heard = voice_of(settings.speech, words, clock)
    built |= heard
    watch = Watch(
        mind, built, sync, store, recovery, lambda: any(hand.busy for hand in three), clock, applied.limits(settings)
    )

    def switched(new: Contents) -> None:
        """In the sync's thread; what it says holds from the next visit on, all of it at once."""
        now = laid_over(own, new.afar)

        def taken() -> None:
            watch.bound(applied.limits(now))
            if voice is not None:
                voice.behave(applied.speech_manners(now.speech))

        mind.offer(new.catalogue.items, _finding(new.catalogue), applied.manners(now), taken)

    editions.switched = switched
    named = (reader, pages, slips, locker)
    absent = tuple(station for station in named if station.name not in built)
    return Terminal(mind, hands, built, sync, hints, watch, store, (line, asking), settings, absent, voice)


def _finding(catalogue: Catalogue) -> Finding:
    return Finding(catalogue.home, index(catalogue.items, catalogue.home.life, characters().readings()))
