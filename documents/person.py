"""Whom a document is about, as the card or the code said it."""

import datetime as dt
from dataclasses import dataclass

_KINDS = {
    "citizen": ("居民身份证", "Resident identity card"),
    "hmt_permit": ("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents"),
    "foreigner_2017": ("外国人永久居留身份证", "Foreign permanent resident identity card"),
    "foreigner_2023": ("外国人永久居留身份证", "Foreign permanent resident identity card"),
}


@dataclass(frozen=True, repr=False)
class Person:
    """What a page may say of somebody; fields not known are empty. `by` is "card" or "code"."""

    kind: str
    name: str
    number: str
    by: str
    sex: str = ""
    birth: dt.date | None = None
    address: str = ""
    nation: str = ""

    def document(self, language: str) -> str:
        """What the number is the number of."""
        zh, en = _KINDS.get(self.kind, ("身份证件", "Identity document"))
        return en if language == "en" else zh
