"""The reader's end of the wire: a SAM module with a spot for one made-up card, and a list of what can go wrong."""

import enum
import hashlib
from collections import deque
from dataclasses import dataclass, field, replace
from typing import assert_never

from hardware.api.id_card import CardKind
from hardware.codecs import sam
from hardware.codecs.hunt import Noise
from hardware.codecs.sam import CardData, Command, Reply, Request, Sw
from hardware.codecs.sam_text import CardText, encode_addresses, encode_text
from hardware.twins.mishaps import MishapTwin
from hardware.twins.wire import PtyWire

SAM_ID = "05.03-20200101-0001234567-0007654321"
NO_PHOTO = bytes(1024)


@dataclass(frozen=True)
class CardImage:
    """What is on a made-up card. `trouble` is the status with which the card answers in place of its data."""

    text: bytes = field(repr=False)
    photo: bytes = field(default=NO_PHOTO, repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)
    fingerprint: bytes = field(default=b"", repr=False)
    trouble: Sw | None = None


class SamFault(enum.Enum):
    """What a reader, a card in the air, or a hand can do wrong."""

    LIFTED_BEFORE_SELECT = enum.auto()  # 81, and the card is gone
    LIFTED_IN_READ = enum.auto()  # 41, and the card is gone
    SILENT_IN_READ = enum.auto()  # no answer to READ, and the card is gone
    CUT_OFF_IN_READ = enum.auto()  # half an answer to READ, and the card is gone
    SELECT_FAILED = enum.auto()  # 81, the card stays
    READ_FAILED = enum.auto()  # 41, the card stays
    RANDOM_FAILED = enum.auto()  # 47
    CARD_REFUSED_SAM = enum.auto()  # 31
    SAM_REFUSED_CARD = enum.auto()  # 32
    FAILED_CHECK = enum.auto()  # 33
    WRONG_CARD = enum.auto()  # 40
    ADDRESS_FAILED = enum.auto()  # 41 to the additional address
    TEXT_NONSENSE = enum.auto()  # a text block of broken UTF-16
    LENGTHS_LIE = enum.auto()  # the inner lengths do not add up
    SAM_FAILED = enum.auto()  # 60 to everything
    SAM_UNAUTHORISED = enum.auto()  # 66 to everything
    CHECKSUM_COMPLAINT = enum.auto()  # 10
    LENGTH_COMPLAINT = enum.auto()  # 11
    NOT_ACCEPTED = enum.auto()  # 21
    UNKNOWN_COMMAND = enum.auto()  # 24
    NO_FINGERPRINT_COMMAND = enum.auto()  # 24 to 30 10 only
    OTHERS_FRAME = enum.auto()  # a whole answer to a command that was not asked
    LATE_ANSWER = enum.auto()  # the answer before this one comes once more, then the right one
    OVERSIZED = enum.auto()  # a length of FFFF, and bytes without end in sight
    OTHER_DIALECT = enum.auto()  # another vendor's preamble


_AT_SELECT = {
    SamFault.LIFTED_BEFORE_SELECT: Sw.SELECT_FAILED,
    SamFault.SELECT_FAILED: Sw.SELECT_FAILED,
    SamFault.CARD_REFUSED_SAM: Sw.CARD_REFUSED_SAM,
    SamFault.SAM_REFUSED_CARD: Sw.SAM_REFUSED_CARD,
}
_AT_READ = {
    SamFault.LIFTED_IN_READ: Sw.READ_FAILED,
    SamFault.READ_FAILED: Sw.READ_FAILED,
    SamFault.RANDOM_FAILED: Sw.RANDOM_FAILED,
    SamFault.FAILED_CHECK: Sw.FAILED_CHECK,
    SamFault.WRONG_CARD: Sw.WRONG_CARD,
}
_AT_ANY = {
    SamFault.SAM_FAILED: Sw.SAM_FAILED,
    SamFault.SAM_UNAUTHORISED: Sw.SAM_UNAUTHORISED,
    SamFault.CHECKSUM_COMPLAINT: Sw.CHECKSUM_WRONG,
    SamFault.LENGTH_COMPLAINT: Sw.LENGTH_WRONG,
    SamFault.NOT_ACCEPTED: Sw.NOT_ACCEPTED,
    SamFault.UNKNOWN_COMMAND: Sw.UNKNOWN_COMMAND,
}
_READS = (Command.READ, Command.READ_WITH_FINGERPRINT)
_READ_FAULTS = {*_AT_READ, SamFault.SILENT_IN_READ, SamFault.CUT_OFF_IN_READ, SamFault.TEXT_NONSENSE}
_LIFTING = {
    SamFault.LIFTED_BEFORE_SELECT,
    SamFault.LIFTED_IN_READ,
    SamFault.SILENT_IN_READ,
    SamFault.CUT_OFF_IN_READ,
}


class IdCardSamTwin(MishapTwin[SamFault]):
    """A SAM reader. `lay` and `lift` are the citizen's hand; `fail` and `heal` are bad luck.

    A card that was read is not found again until it was lifted, or the module reset.
    """

    def __init__(self, wire: PtyWire, *, serial: str = SAM_ID, think_s: float = 0.0) -> None:
        super().__init__(wire)
        self.requests: deque[Request] = deque(maxlen=200)
        self._serial = serial
        self._think_s = think_s
        self._reader = sam.request_reader()
        self._card: CardImage | None = None
        self._found = self._selected = self._was_read = False
        self._previous = b""
        self.power_on()

    # ---- hands and luck

    def lay(self, card: CardImage) -> None:
        """Put a card on the spot, in place of any that lies there."""
        with self.lock:
            self._card = card
            self._found = self._selected = self._was_read = False

    def lift(self) -> None:
        with self.lock:
            self._card = None
            self._found = self._selected = self._was_read = False

    @property
    def card(self) -> CardImage | None:
        """The card that lies on the spot."""
        return self._card

    def lost_power(self) -> None:
        self._reader.reset()
        self._found = self._selected = self._was_read = False
        self._previous = b""

    # ---- the module

    def received(self, chunk: bytes) -> None:
        for piece in self._reader.feed(chunk):
            if not isinstance(piece, Noise):
                self.requests.append(piece)
                self._answer(piece)

    def _answer(self, request: Request) -> None:
        command = request.known
        if command is None:
            self._say(Reply(Sw.UNKNOWN_COMMAND))
            return
        fault = self.take_fault(lambda fault: self._can_happen(fault, command))
        if fault is None:
            self._say(self._obey(command))
            return
        if fault in _LIFTING:
            self.lift()
        match fault:
            case SamFault.SILENT_IN_READ:
                return
            case SamFault.CUT_OFF_IN_READ:
                self.send(sam.encode_reply(Reply(Sw.DONE, sam.encode_card_data(CardData(bytes(256), NO_PHOTO))))[:640])
            case SamFault.OTHERS_FRAME:
                self.send(sam.encode_reply(Reply(Sw.DONE, bytes(28))))
            case SamFault.LATE_ANSWER:
                self.send(self._previous)
                self._say(self._obey(command))
            case SamFault.OVERSIZED:
                self.send(sam.PREAMBLE + b"\xff\xff" + bytes(64))
            case SamFault.OTHER_DIALECT:
                self.send(bytes.fromhex("EA EB EC ED 00 04 00 00 90 94"))
            case SamFault.TEXT_NONSENSE | SamFault.LENGTHS_LIE:
                self._say(self._obey(command, fault))
            case _:
                self._say(Reply(_status_of(fault)))

    def _obey(self, command: Command, fault: SamFault | None = None) -> Reply:
        match command:
            case Command.RESET:
                self._found = self._selected = self._was_read = False
                return Reply(Sw.DONE)
            case Command.SAM_ID:
                return Reply(Sw.DONE, sam.encode_sam_id(self._serial))
            case Command.FIND:
                self._found = self._card is not None and not self._was_read
                self._selected = False
                return Reply(Sw.FOUND, bytes(4)) if self._found else Reply(Sw.NOT_FOUND)
            case Command.SELECT:
                return self._select()
            case Command.READ | Command.READ_WITH_FINGERPRINT:
                return self._read(fault, with_fingerprint=command is Command.READ_WITH_FINGERPRINT)
            case Command.READ_ADDITIONAL_ADDRESS:
                if self._card is None or not self._selected:
                    return Reply(Sw.READ_FAILED)
                records = encode_addresses(self._card.addresses)
                return Reply(Sw.DONE, records) if records else Reply(Sw.NONE_ON_CARD)
            case Command.READ_MANAGEMENT_NUMBER:
                return Reply(Sw.DONE, bytes(28)) if self._selected else Reply(Sw.READ_FAILED)
            case (
                Command.STATUS
                | Command.BAUD_115200
                | Command.BAUD_57600
                | Command.BAUD_38400
                | Command.BAUD_19200
                | Command.BAUD_9600
                | Command.MAX_RF_BYTES
            ):
                return Reply(Sw.DONE)
            case _ as never:
                assert_never(never)

    def _select(self) -> Reply:
        if self._card is None or not self._found:
            return Reply(Sw.SELECT_FAILED)
        if self._card.trouble in (Sw.CARD_REFUSED_SAM, Sw.SAM_REFUSED_CARD):
            return Reply(self._card.trouble)
        self._selected = True
        return Reply(Sw.DONE, bytes(8))

    def _read(self, fault: SamFault | None, *, with_fingerprint: bool) -> Reply:
        card = self._card
        if card is None or not self._selected:
            return Reply(Sw.READ_FAILED)
        if card.trouble is not None:
            return Reply(card.trouble)
        self._was_read = True
        text = b"\x00\xd8" * 128 if fault is SamFault.TEXT_NONSENSE else card.text
        data = sam.encode_card_data(CardData(text, card.photo, card.fingerprint), with_fingerprint=with_fingerprint)
        if fault is SamFault.LENGTHS_LIE:
            data = b"\x01\x01" + data[2:]
        return Reply(Sw.DONE, data)

    def _say(self, reply: Reply) -> None:
        self._previous = sam.encode_reply(reply)
        self.send(self._previous, self._think_s)

    def _can_happen(self, fault: SamFault, command: Command) -> bool:
        return _belongs_to(fault, command) and (fault not in _LIFTING or self._card is not None)


def _belongs_to(fault: SamFault, command: Command) -> bool:
    if fault in _AT_SELECT:
        return command is Command.SELECT
    if fault in _READ_FAULTS or fault is SamFault.LENGTHS_LIE:
        return command in _READS
    if fault is SamFault.ADDRESS_FAILED:
        return command is Command.READ_ADDITIONAL_ADDRESS
    if fault is SamFault.NO_FINGERPRINT_COMMAND:
        return command is Command.READ_WITH_FINGERPRINT
    return True


def _status_of(fault: SamFault) -> Sw:
    if fault is SamFault.ADDRESS_FAILED:
        return Sw.READ_FAILED
    if fault is SamFault.NO_FINGERPRINT_COMMAND:
        return Sw.UNKNOWN_COMMAND
    return (_AT_SELECT | _AT_READ | _AT_ANY)[fault]


# ---- cards


def _issued(text: CardText, *, addresses: tuple[str, ...] = ()) -> CardImage:
    """A card with a photo of its own: 1024 bytes as random to look at as compressed ones are."""
    block = encode_text(text)
    return CardImage(block, hashlib.shake_256(block).digest(len(NO_PHOTO)), addresses)


def citizen_card(
    *,
    name: str,
    number: str,
    sex: str = "2",
    nation: str = "01",
    birth: str = "",
    address: str = "上海市测试区样例路1号",
    issuer: str = "上海市公安局测试分局",
    valid_from: str = "20200101",
    valid_to: str = "20400101",
    addresses: tuple[str, ...] = (),
) -> CardImage:
    """A citizen's card; the birth date is the number's unless told otherwise."""
    text = CardText(
        CardKind.CITIZEN,
        name=name,
        number=number,
        sex=sex,
        nation=nation,
        birth=birth or number[6:14],
        address=address,
        issuer=issuer,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return _issued(text, addresses=addresses)


def hmt_card(
    *,
    name: str,
    number: str,
    permit_number: str,
    sex: str = "1",
    issue_count: str = "01",
    address: str = "上海市测试区样例路1号",
    issuer: str = "上海市公安局测试分局",
    valid_from: str = "20240101",
    valid_to: str = "20290101",
) -> CardImage:
    """A residence permit for residents of Hong Kong, Macao and Taiwan."""
    text = CardText(
        CardKind.HMT_PERMIT,
        name=name,
        number=number,
        sex=sex,
        birth=number[6:14],
        address=address,
        issuer=issuer,
        valid_from=valid_from,
        valid_to=valid_to,
        permit_number=permit_number,
        issue_count=issue_count,
    )
    return _issued(text)


def foreigner_2017(
    *,
    english_name: str,
    number: str,
    birth: str,
    name: str = "",
    sex: str = "1",
    valid_from: str = "20200101",
    valid_to: str = "20300101",
) -> CardImage:
    """A foreigner's permanent-residence card of 2017."""
    text = CardText(
        CardKind.FOREIGNER_2017,
        english_name=english_name,
        name=name,
        number=number,
        sex=sex,
        nationality=number[:3],
        birth=birth,
        valid_from=valid_from,
        valid_to=valid_to,
        card_version="01",
        authority="1500",
    )
    return _issued(text)


def foreigner_2023(
    *,
    english_name: str,
    number: str,
    name: str = "",
    sex: str = "1",
    renewals: str = "01",
    link: str = "000",
    valid_from: str = "20240101",
    valid_to: str = "20340101",
) -> CardImage:
    """A foreigner's permanent-residence card of 2023."""
    text = CardText(
        CardKind.FOREIGNER_2023,
        english_name=english_name,
        name=name,
        number=number,
        sex=sex,
        issue_count=renewals,
        nationality=number[3:6],
        birth=number[6:14],
        valid_from=valid_from,
        valid_to=valid_to,
        link=link,
    )
    return _issued(text)


def damaged(card: CardImage, trouble: Sw = Sw.FAILED_CHECK) -> CardImage:
    """The same card, answering with a fault."""
    return replace(card, trouble=trouble)
