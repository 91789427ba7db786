"""The documents room as the mind asks it: facts of a visit in, finished pages, slips and signed codes out."""

import datetime as dt
from collections.abc import Mapping, Sequence

from catalogue.model import FieldType, Item
from documents.application import Application, application_pdf
from documents.person import Person
from documents.proof import ProofFacts, figures_hash, proof_pdf
from documents.render import Secret, previews
from documents.slip import Slip, slip_image
from hardware.api.card_words import nation_name
from hardware.api.identity_number import SHOWN_AT_EACH_END
from hardware.api.slip_printer import SlipImage
from kiosk.ports import MadePages, PersonFacts, SlipFacts
from trust import tokens
from trust.keys import Signer
from wire.canonical import sha256_hex
from wire.ids import CaseNumber
from wire.messages import RecordAnswer
from wire.tokens import Proof, Receipt


class PapersRoom:
    """Makes documents and signs their codes with the terminal's own key. Implements `kiosk.ports.Papers`."""

    def __init__(self, key: Signer, terminal: str, place_zh: str, place_en: str, zone: dt.tzinfo) -> None:
        self._key = key
        self._terminal = terminal
        self._place_zh = place_zh
        self._place_en = place_en
        self._zone = zone

    def application_page(
        self, item: Item, answers: Mapping[str, str], person: PersonFacts, case: str, at: dt.datetime, language: str
    ) -> MadePages:
        """The page that is reviewed and kept. Raises NoGlyph."""
        facts = Application(
            item=item,
            answers=answers,
            person=_person(person, language),
            case=case,
            at=at.astimezone(self._zone),
            terminal=self._terminal,
            place=self._place(language),
            language=language,
        )
        return _made(application_pdf(facts), secrets=secrets_of(item, answers, person))

    def proof(self, item: Item, record: RecordAnswer, person: PersonFacts, serial: str, at: dt.datetime) -> MadePages:
        """The printed record with its signed code. Raises NoGlyph."""
        token = tokens.write(
            Proof(serial=serial, item=item.code, figures=figures_hash(record), at=_utc(at), terminal=self._terminal),
            self._key,
        )
        facts = ProofFacts(
            item=item,
            record=record,
            person=_person(person),
            serial=serial,
            at=at.astimezone(self._zone),
            terminal=self._terminal,
            place_zh=self._place_zh,
            place_en=self._place_en,
            token=token,
        )
        return _made(proof_pdf(facts), token)

    def receipt(
        self, case: CaseNumber, item: Item, parts: Sequence[str], at: dt.datetime, counter: int, previous: str
    ) -> str:
        """The signed receipt token."""
        said = Receipt(
            case=case,
            item=item.code,
            version=item.version,
            parts=tuple(parts),
            at=_utc(at),
            terminal=self._terminal,
            counter=counter,
            previous=previous,
        )
        return tokens.write(said, self._key)

    def slip(self, facts: SlipFacts) -> SlipImage:
        """The slip as the head prints it. Raises NoGlyph."""
        image = slip_image(
            Slip(
                title=facts.title,
                lines=facts.lines,
                notes=facts.notes,
                token=facts.token,
                language=facts.language,
                place=self._place(facts.language),
                terminal=self._terminal,
            )
        )
        return SlipImage(image.width, image.height, image.rows)

    def _place(self, language: str) -> str:
        return self._place_en if language == "en" else self._place_zh


def _made(pdf: bytes, token: str = "", secrets: Sequence[Secret] = ()) -> MadePages:
    whole, veiled = previews(pdf, secrets)
    return MadePages(pdf, sha256_hex(pdf), whole, token, veiled)


def secrets_of(item: Item, answers: Mapping[str, str], person: PersonFacts) -> tuple[Secret, ...]:
    """What nobody behind the person should read on the glass: numbers, wherever they stand; of the birth its year."""
    found = [_ends(person.number)]
    if person.birth is not None:
        found.append(Secret(person.birth.isoformat(), head=4))
    for one in item.fields:
        text = answers.get(one.id, "")
        if text and one.type is FieldType.PHONE:
            found.append(Secret(text, 3, 4) if len(text) > 8 else Secret(text))
        elif text and one.type is FieldType.CN_ID:
            found.append(_ends(text))
    return tuple(found)


def _ends(number: str) -> Secret:
    short = len(number) <= 2 * SHOWN_AT_EACH_END + 2
    return Secret(number) if short else Secret(number, SHOWN_AT_EACH_END, SHOWN_AT_EACH_END)


def _utc(at: dt.datetime) -> dt.datetime:
    """Whole seconds: a code is smaller, and no reader needs more."""
    return at.astimezone(dt.UTC).replace(microsecond=0)


SEX = {"1": ("男", "Male"), "2": ("女", "Female"), "9": ("未说明", "Not stated")}
"""GB/T 2261.1 in words; 0 (unknown) and anything else is left out."""


def _person(facts: PersonFacts, language: str = "zh") -> Person:
    """Codes of the card become words: a person is asked to vouch for what the page says."""
    sex = SEX.get(facts.sex, ("", ""))[1 if language == "en" else 0]
    return Person(
        kind=facts.kind,
        name=facts.name,
        number=facts.number,
        by=facts.by,
        sex=sex,
        birth=facts.birth,
        address=facts.address,
        nation=nation_name(facts.nation),
    )
