"""Facts that documents are made of in these tests, and ways to look at what came out without our own code."""

import datetime as dt
import io
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image

from catalogue.loader import load_lenient
from catalogue.model import Item
from kiosk.papers import PapersRoom
from kiosk.ports import PersonFacts
from trust.keys import SigningKey
from wire.messages import RecordAnswer, RecordState

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 22, 15, 3, 7, 123456, tzinfo=dt.UTC)
RARE = "欧阳㛃䶮𬱖𠮷赟"
"""𬱖 is above U+FFFF in Noto; 𠮷 is in HanaMinB only."""
ADDRESS = "上海市杨浦区殷行路850弄12号1203室"
CASE = "JI-YP01-261122-0007-K"
SERIAL = "SP-YP01-261122-0003-M"
COLUMNS = ("缴费年月", "缴费基数", "个人缴费", "单位", "状态")
ANSWERS = {
    "contact.phone": "13800138000",
    "residence.address": ADDRESS,
    "delivery.way": "post",
    "mail.recipient": RARE,
    "mail.address": "上海市杨浦区国权路 580 号",
}


@lru_cache
def item(code: str) -> Item:
    catalogue = load_lenient(Path(__file__).parents[2] / "assets" / "catalogue")[0]
    return next(one for one in catalogue.items if one.code == code)


@lru_cache
def key() -> SigningKey:
    return SigningKey.generate()


def room(zh: str = "殷行街道社区事务受理服务中心", en: str = "Yinhang Community Service Centre") -> PapersRoom:
    return PapersRoom(key(), "YP01", zh, en, ZONE)


def person(**changes: Any) -> PersonFacts:
    facts = {
        "kind": "citizen",
        "name": RARE,
        "number": "310110195802290022",
        "by": "card",
        "sex": "2",
        "birth": dt.date(1958, 2, 28),
        "address": ADDRESS,
        "nation": "01",
    }
    return PersonFacts(**{**facts, **changes})


def record(rows: int = 24, source: str = "演示数据 · demonstration data", **changes: Any) -> RecordAnswer:
    made = tuple(
        (f"{2024 + n // 12}-{n % 12 + 1:02d}", f"{8000 + n}.00", f"{640 + n}.00", "演示纺织有限公司", "已缴费")
        for n in range(rows)
    )
    facts = {
        "state": RecordState.FOUND,
        "source": source,
        "as_of": NOW,
        "heading": {"证件号码": "310110195802290022", "险种": "城镇职工基本养老保险", "姓名": RARE},
        "columns": COLUMNS,
        "rows": made,
    }
    return RecordAnswer(**{**facts, **changes})


# ---- looking ----


def page_texts(pdf: bytes) -> list[str]:
    """What a reader copies from each page, line breaks and spaces taken out."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def text(pdf: bytes) -> str:
    return "".join(page_texts(pdf))


def plain(words: str) -> str:
    return "".join(words.split())


def codes_in(png: bytes) -> list[str]:
    """The texts of the QR codes in a picture, read by an independent reader."""
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))]


def fonts_of(pdf: bytes) -> list[tuple[str, str, bool]]:
    """(subtype, name, embedded) of every font object of the file, whether a page uses it or not."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            (str(one["/Subtype"]), str(one["/BaseFont"]), "/FontFile2" in one.get("/FontDescriptor", {}))
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
        ]
