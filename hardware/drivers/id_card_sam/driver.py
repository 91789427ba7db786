"""Meaning for the SAM reader: find, select, read; every status word turned into an outcome or a fault."""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.api.clock import Clock
from hardware.api.errors import (
    DeviceBrokeRules,
    DeviceError,
    NotAnswering,
    OutOfService,
    WrongDevice,
)
from hardware.api.id_card import CardProblem, CardRead, CardRefused, NoCard, PollOutcome, card_secret
from hardware.api.link import ByteLink
from hardware.api.status import DeviceState, Fault, Status
from hardware.codecs import sam, sam_text
from hardware.codecs.hunt import Noise
from hardware.codecs.sam import Command, Reply, Sw
from hardware.drivers.exchange import status_of

OTHER_SHAPES = (0, 8, 16, 28)
"""Sizes of the answers to other commands: a DONE with so much data is not what READ asked for, it is a late one."""


@dataclass(frozen=True)
class SamOptions:
    """Site settings of the reader."""

    with_fingerprint: bool = False  # ask 30 10 in place of 30 01; the features are thrown away unread
    additional_address: bool = False  # ask 30 03 after the card: one more exchange, a later address where there is one
    answer_s: float = 2.0  # to the first byte of an answer
    gap_s: float = 0.5  # silence inside an answer that has begun
    whole_s: float = 5.0  # for one exchange, noise and late answers of others included
    retries: int = 2  # from find again, when a read failed in the air


class _NotSupportedError(DeviceBrokeRules):
    """The module does not know this command."""


class IdCardSam:
    """Reads identity cards over any byte link. Implements `hardware.api.id_card.IdCardReader`.

    The driver waits for nothing but answers: a read takes as long as its bytes. The link is opened by its owner.
    """

    def __init__(self, link: ByteLink, clock: Clock, options: SamOptions | None = None) -> None:
        self._link = link
        self._clock = clock
        self._options = options or SamOptions()
        self._reader = sam.reply_reader()
        self._fingerprint = self._options.with_fingerprint
        self._additional = self._options.additional_address
        self._identified = False

    def start(self) -> str:
        """Reset and identify the module; returns its serial (SAM id). Raises DeviceError."""
        self._fingerprint = self._options.with_fingerprint
        self._additional = self._options.additional_address
        self._identified = False
        self._reset()
        self._exchange(Command.STATUS, _is_bare)
        answer = self._exchange(Command.SAM_ID, lambda reply: reply.sw is Sw.DONE and len(reply.data) == 16)
        serial = sam.sam_id(answer.data)
        if serial is None:
            raise DeviceBrokeRules("SAM id is not 16 bytes")
        self._identified = True
        return serial

    def status(self) -> Status:
        """Ask the module how it is (command 11)."""
        try:
            self._exchange(Command.STATUS, _is_bare)
        except DeviceError as error:
            return status_of(error)
        return Status(DeviceState.ONLINE)

    def poll(self) -> PollOutcome:
        """Look once for a card and read it. Raises DeviceError.

        A card that was read is not found again until it was lifted, so NoCard never means that it was.
        """
        if not self._find():
            return NoCard()
        for _ in range(self._options.retries):
            try:
                outcome = self._read_found()
                if outcome != CardRefused(CardProblem.MOVED):
                    return outcome
            except NotAnswering:
                # Lifted, or the answer was lost on the wire: then the module holds the card for read, and only a
                # reset makes it look again. A module that is dead does not answer the reset either.
                self._reset()
            if not self._find():
                return CardRefused(CardProblem.MOVED)
        try:
            return self._read_found()
        except NotAnswering:
            return CardRefused(CardProblem.MOVED)

    def card_still_there(self) -> bool:
        """Whether any card lies on the spot now. Resets the module, which then finds a card that was read again.

        That a reset makes the same card findable is what the reader's twin does; no real module was tried.
        """
        self._reset()
        return self._find()

    # ---- steps

    def _reset(self) -> None:
        self._exchange(Command.RESET, _is_bare)

    def _find(self) -> bool:
        reply = self._exchange(
            Command.FIND, lambda reply: (reply.sw is Sw.FOUND and len(reply.data) == 4) or reply.sw is Sw.NOT_FOUND
        )
        return reply.sw is Sw.FOUND

    def _read_found(self) -> CardRead | CardRefused:
        selected = self._exchange(
            Command.SELECT, lambda reply: (reply.sw is Sw.DONE and len(reply.data) == 8) or _is_card_trouble(reply)
        )
        if selected.sw is not Sw.DONE:
            return CardRefused(_problem(selected))
        answer = self._read()
        if answer.sw is not Sw.DONE:
            return CardRefused(_problem(answer))
        return self._understood(answer.data)

    def _read(self) -> Reply:
        def fits(reply: Reply) -> bool:
            return (reply.sw is Sw.DONE and len(reply.data) not in OTHER_SHAPES) or _is_card_trouble(reply)

        if self._fingerprint:
            try:
                return self._exchange(Command.READ_WITH_FINGERPRINT, fits)
            except _NotSupportedError:
                self._fingerprint = False  # until the next start: this module has no 30 10
        return self._exchange(Command.READ, fits)

    def _understood(self, data: bytes) -> CardRead | CardRefused:
        parts = sam.parse_card_data(data, with_fingerprint=self._fingerprint)
        text = sam_text.parse_text(parts.text) if parts is not None else None
        if parts is None or text is None:
            return CardRefused(CardProblem.UNREADABLE)
        addresses = self._addresses() if self._additional else ()
        if addresses is None:
            return CardRefused(CardProblem.UNREADABLE)
        newest = addresses[-1] if addresses else ""
        holder = sam_text.holder_of(text, photo_wlt=parts.photo, additional_address=newest)
        if holder is None:
            return CardRefused(CardProblem.UNREADABLE)
        return CardRead(holder, card_secret(parts.text, parts.photo))

    def _addresses(self) -> tuple[str, ...] | None:
        """Additional addresses of the selected card; None when they make no sense. Silence is the caller's to judge."""

        def fits(reply: Reply) -> bool:
            many = len(reply.data) // sam_text.ADDRESS_SIZE
            addressed = reply.sw is Sw.DONE and 1 <= many <= 4 and len(reply.data) % sam_text.ADDRESS_SIZE == 0
            return addressed or reply.sw is Sw.NONE_ON_CARD or _is_card_trouble(reply)

        try:
            reply = self._exchange(Command.READ_ADDITIONAL_ADDRESS, fits)
        except _NotSupportedError:
            self._additional = False
            return ()
        if reply.sw is Sw.NONE_ON_CARD:
            return ()
        if reply.sw is not Sw.DONE:
            # An old address shown as the newest would be worse than asking for the card once more.
            raise NotAnswering("the additional address could not be read")
        return sam_text.parse_addresses(reply.data)

    # ---- one exchange

    def _exchange(self, command: Command, fits: Callable[[Reply], bool]) -> Reply:
        """Ask once and wait for the answer that fits; what does not is a late answer to something else.

        The module answers in order, and no two commands that follow one another have answers of the same shape: a
        late answer can therefore never be taken for the one that is waited for.
        """
        reply = self._ask(command, fits)
        if reply.sw is Sw.CHECKSUM_WRONG:
            reply = self._ask(command, fits)
        match reply.sw:
            case Sw.SAM_FAILED:
                raise OutOfService(Fault.READER_SAM_FAILED)
            case Sw.SAM_UNAUTHORISED:
                raise OutOfService(Fault.READER_SAM_UNAUTHORISED)
            case Sw.NOT_ACCEPTED | Sw.UNKNOWN_COMMAND:
                raise _NotSupportedError(f"{command.name} is not supported")
            case Sw.CHECKSUM_WRONG | Sw.LENGTH_WRONG:
                raise DeviceBrokeRules(f"{command.name}: a whole request was called damaged")
            case _:
                return reply

    def _ask(self, command: Command, fits: Callable[[Reply], bool]) -> Reply:
        options = self._options
        self._link.discard_input()
        self._reader.reset()
        self._link.write(sam.encode_request(command))
        began = self._clock.monotonic()
        give_up = began + options.answer_s
        noise = strangers = False
        while True:
            chunk = self._link.read(give_up - self._clock.monotonic())
            pieces = self._reader.feed(chunk) if chunk else self._reader.quiet()
            for piece in pieces:
                if isinstance(piece, Noise):
                    noise = True
                elif fits(piece) or piece.sw in _ALWAYS:
                    return piece
                else:
                    strangers = True
            now = self._clock.monotonic()
            if not chunk or now >= began + options.whole_s:
                raise self._silence(command, noise=noise, strangers=strangers)
            if self._reader.held:
                give_up = min(now + options.gap_s, began + options.whole_s)
            elif now >= give_up:
                raise self._silence(command, noise=noise, strangers=strangers)

    def _silence(self, command: Command, *, noise: bool, strangers: bool) -> DeviceError:
        if strangers:
            return DeviceBrokeRules(f"{command.name}: only answers that belong to other commands came")
        if noise and not self._identified:
            return WrongDevice("bytes came, and no frame of a card reader")
        return NotAnswering(f"{command.name}: no whole answer in time")


_ALWAYS = (
    Sw.CHECKSUM_WRONG,
    Sw.LENGTH_WRONG,
    Sw.NOT_ACCEPTED,
    Sw.UNKNOWN_COMMAND,
    Sw.SAM_FAILED,
    Sw.SAM_UNAUTHORISED,
)
"""Statuses that may answer any command."""

_PROBLEMS: dict[Sw, CardProblem] = {
    Sw.CARD_REFUSED_SAM: CardProblem.NOT_GENUINE,
    Sw.SAM_REFUSED_CARD: CardProblem.NOT_GENUINE,
    Sw.FAILED_CHECK: CardProblem.FAILED_CHECK,
    Sw.WRONG_CARD: CardProblem.NOT_IDENTITY_CARD,
    Sw.READ_FAILED: CardProblem.MOVED,
    Sw.RANDOM_FAILED: CardProblem.MOVED,
    Sw.SELECT_FAILED: CardProblem.MOVED,
}


def _is_bare(reply: Reply) -> bool:
    return reply.sw is Sw.DONE and not reply.data


def _is_card_trouble(reply: Reply) -> bool:
    return reply.sw in _PROBLEMS


def _problem(reply: Reply) -> CardProblem:
    assert reply.sw is not None  # noqa: S101 - only statuses of _PROBLEMS are let through
    return _PROBLEMS[reply.sw]
