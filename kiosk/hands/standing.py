"""What the desk needs for cases: a slip's receipt told from other codes, page and letter of what is put right."""

import binascii
import datetime as dt
import json

from pydantic import ValidationError

from catalogue.model import Item, Text
from kiosk.journeys.orders import Amends, Submit
from kiosk.words import Words
from wire.canonical import un_b64u
from wire.letters import Amended, Application, Attachment, Person
from wire.tokens import Receipt

LONGEST_RECEIPT = 4096
"""Characters, as `trust.tokens` writes them at most."""


def is_receipt(text: str) -> bool:
    """Whether a code claims to be a slip's receipt. Its signature is another terminal's: central judges it."""
    if len(text) > LONGEST_RECEIPT or not text.startswith("NT1.") or text.count(".") != 3:
        return False
    try:
        Receipt.model_validate(json.loads(un_b64u(text.split(".")[1])))
    except (ValueError, binascii.Error, RecursionError, ValidationError):
        return False
    return True


def titled(item: Item, amends: Amends | None, words: Words) -> Item:
    """The item whose page says that it puts something right, or adds to a case."""
    if amends is None:
        return item
    what = f"cases.page.{amends.state}"
    zh, en = (f"{item.title.say(lang)} · {words.say(what, lang)}" for lang in ("zh", "en"))
    return item.model_copy(update={"title": Text(zh=zh, en=en)})


def letter(order: Submit, receipt: str, at: dt.datetime) -> Application | Amended:
    """What goes to central of this application, or of what is put right in it; the pages' bytes go beside it."""
    p, item = order.person, order.item
    person = Person(kind=p.kind, name=p.name, number=p.number, birth=p.birth, address=p.address, by=p.by)
    page = Attachment(name=f"{order.case}.pdf", media_type="application/pdf", sha256=order.pages.sha256, data="")
    answers, consents = dict(order.answers), dict(order.consents)
    if order.amends is None:
        return Application(
            case=order.case, item=item.code, version=item.version, definition=item.sha256, person=person,
            answers=answers, consents=consents, receipt=receipt, page=page, language=order.language, submitted_at=at,
        )  # fmt: skip
    return Amended(
        case=order.case, item=item.code, version=item.version, definition=item.sha256, revision=order.amends.revision,
        person=person, answers=answers, consents=consents, receipt=receipt, page=page, language=order.language,
        submitted_at=at,
    )  # fmt: skip
