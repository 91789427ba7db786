"""The people of the bench panel. None exists: region 310199 is not allocated, nor is the street in any district."""

from dataclasses import dataclass

from hardware.api.identity_number import check_character
from hardware.codecs.sam import Sw
from hardware.twins.id_card_sam import (
    CardImage,
    citizen_card,
    damaged,
    foreigner_2017,
    foreigner_2023,
    hmt_card,
)


@dataclass(frozen=True)
class MadeUpPerson:
    """A card that the bench panel can lay: a short key, and what it shows off."""

    key: str
    label_zh: str
    label_en: str
    card: CardImage


def numbered(first_17: str) -> str:
    """A whole identity number from its first seventeen digits."""
    return first_17 + check_character(first_17)


def _wrong_check(first_17: str) -> str:
    return first_17 + ("1" if check_character(first_17) != "1" else "2")


CITIZEN = MadeUpPerson(
    "citizen",
    "居民身份证 · 测试一（1990 年生）",
    "Citizen, born 1990",
    citizen_card(name="测试一", number="310199199003070022"),
)
ELDER = MadeUpPerson(
    "elder",
    "居民身份证 · 测试长者（1955 年生，长期有效）",
    "Citizen, born 1955, card valid for ever",
    citizen_card(
        name="测试长者",
        number=numbered("31019919550412003"),
        sex="1",
        address="上海市测试区样例路5号101室",
        valid_from="20150601",
        valid_to="长期",
    ),
)
MOVED_HOUSE = MadeUpPerson(
    "moved_house",
    "居民身份证 · 测试七（卡内有追加住址）",
    "Citizen whose card holds a later address",
    citizen_card(
        name="测试七",
        number=numbered("31019919881120004"),
        addresses=("上海市测试区样例路2号",),
    ),
)
NATION = MadeUpPerson(
    "nation",
    "居民身份证 · 阿依测试·样例（维吾尔族）",
    "Citizen with a long name of another nation",
    citizen_card(name="阿依测试·样例", number=numbered("31019919790930006"), nation="05"),
)
HMT = MadeUpPerson(
    "hmt",
    "港澳台居民居住证 · 测试二",
    "Hong Kong/Macao/Taiwan residence permit",
    hmt_card(name="测试二", number="830000199003070019", permit_number="T12345678"),
)
FOREIGNER_2023 = MadeUpPerson(
    "foreigner_2023",
    "外国人永久居留身份证（2023 版）",
    "Foreigner's permanent residence card, 2023",
    foreigner_2023(english_name="SAMPLE, TEST PERSON", number="931826199003070010"),
)
FOREIGNER_2017 = MadeUpPerson(
    "foreigner_2017",
    "外国人永久居留身份证（2017 版）",
    "Foreigner's permanent residence card, 2017",
    foreigner_2017(english_name="SAMPLE, TEST PERSON", number="GBR310090030701", birth="19900307"),
)
EXPIRED = MadeUpPerson(
    "expired",
    "居民身份证 · 测试三（已过有效期）",
    "Citizen, card expired",
    citizen_card(
        name="测试三",
        number=numbered("31019919850615001"),
        sex="1",
        address="上海市测试区样例路3号",
        valid_from="20050801",
        valid_to="20250801",
    ),
)
DAMAGED = MadeUpPerson(
    "damaged",
    "损坏的身份证（信息验证失败）",
    "Damaged card, its data fail verification",
    damaged(citizen_card(name="测试四", number=numbered("31019919701201001"), sex="1")),
)
NOT_GENUINE = MadeUpPerson(
    "not_genuine",
    "未通过认证的卡",
    "A card that the module does not believe",
    damaged(citizen_card(name="测试五", number=numbered("31019919701201003"), sex="1"), Sw.SAM_REFUSED_CARD),
)
RARE = MadeUpPerson(
    "rare",
    "居民身份证 · 生僻字（测㛃𬱖）",
    "Citizen with rare characters (㛃, 𬱖)",
    citizen_card(name="测㛃𬱖", number=numbered("31019919920818002"), address="上海市测试区样例路8号"),
)
RARE_2 = MadeUpPerson(
    "rare_2",
    "居民身份证 · 生僻字（测䶮赟）",
    "Citizen with rare characters (䶮, 赟)",
    citizen_card(name="测䶮赟", number=numbered("31019919600229003"), sex="1", address="上海市测试区样例路9号"),
)
WRONG_CHECK = MadeUpPerson(
    "wrong_check",
    "居民身份证 · 测试六（号码校验位不符）",
    "Citizen, the number's check digit is wrong",
    citizen_card(name="测试六", number=_wrong_check("31019919930505004")),
)

PEOPLE = (
    CITIZEN,
    ELDER,
    MOVED_HOUSE,
    NATION,
    HMT,
    FOREIGNER_2023,
    FOREIGNER_2017,
    EXPIRED,
    DAMAGED,
    NOT_GENUINE,
    RARE,
    RARE_2,
    WRONG_CHECK,
)
BY_KEY = {person.key: person for person in PEOPLE}
