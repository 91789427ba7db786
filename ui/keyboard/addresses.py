"""Words that stand ready in an address field: what may follow, or complete, what stands before the caret.

Source: the districts, subdistricts and towns of Shanghai as the city government lists them (上海市行政区划), roads from
`places.py`. Roads are offered by their beginning only: which subdistrict a road crosses is in no list of ours.
"""

from dataclasses import dataclass
from functools import cache

from ui.keyboard.places import PLACES

CITY = "上海市"
DISTRICTS = """
浦东新区 潍坊新村街道 陆家嘴街道 周家渡街道 塘桥街道 上钢新村街道 南码头路街道 沪东新村街道 金杨新村街道 洋泾街道
 浦兴路街道 东明路街道 花木街道 川沙新镇 高桥镇 北蔡镇 合庆镇 唐镇 曹路镇 金桥镇 高行镇 高东镇 张江镇 三林镇 惠南镇
 周浦镇 新场镇 大团镇 康桥镇 航头镇 祝桥镇 泥城镇 宣桥镇 书院镇 万祥镇 老港镇 南汇新城镇
黄浦区 南京东路街道 外滩街道 半淞园路街道 小东门街道 豫园街道 老西门街道 五里桥街道 打浦桥街道 淮海中路街道 瑞金二路街道
徐汇区 天平路街道 湖南路街道 斜土路街道 枫林路街道 长桥街道 田林街道 虹梅路街道 康健新村街道 徐家汇街道 凌云路街道
 龙华街道 漕河泾街道 华泾镇
长宁区 华阳路街道 江苏路街道 新华路街道 周家桥街道 天山路街道 仙霞新村街道 虹桥街道 程家桥街道 北新泾街道 新泾镇
静安区 江宁路街道 石门二路街道 南京西路街道 静安寺街道 曹家渡街道 天目西路街道 北站街道 宝山路街道 共和新路街道
 大宁路街道 彭浦新村街道 临汾路街道 芷江西路街道 彭浦镇
普陀区 曹杨新村街道 长风新村街道 长寿路街道 甘泉路街道 石泉路街道 宜川路街道 万里街道 真如镇街道 长征镇 桃浦镇
虹口区 欧阳路街道 曲阳路街道 广中路街道 嘉兴路街道 凉城新村街道 四川北路街道 北外滩街道 江湾镇街道
杨浦区 定海路街道 平凉路街道 江浦路街道 四平路街道 控江路街道 长白新村街道 延吉新村街道 殷行街道 大桥街道 五角场街道
 新江湾城街道 长海路街道
闵行区 江川路街道 古美路街道 新虹街道 浦锦街道 莘庄镇 七宝镇 颛桥镇 华漕镇 虹桥镇 梅陇镇 吴泾镇 马桥镇 浦江镇
宝山区 友谊路街道 吴淞街道 张庙街道 罗店镇 大场镇 杨行镇 月浦镇 罗泾镇 顾村镇 高境镇 庙行镇 淞南镇
嘉定区 新成路街道 真新街道 嘉定镇街道 菊园新区 南翔镇 安亭镇 马陆镇 徐行镇 华亭镇 外冈镇 江桥镇
金山区 石化街道 朱泾镇 枫泾镇 张堰镇 亭林镇 吕巷镇 廊下镇 金山卫镇 漕泾镇 山阳镇
松江区 岳阳街道 永丰街道 方松街道 中山街道 广富林街道 九里亭街道 泗泾镇 佘山镇 车墩镇 新桥镇 洞泾镇 九亭镇 泖港镇
 石湖荡镇 新浜镇 叶榭镇 小昆山镇
青浦区 夏阳街道 盈浦街道 香花桥街道 朱家角镇 赵巷镇 徐泾镇 华新镇 重固镇 白鹤镇 练塘镇 金泽镇
奉贤区 西渡街道 奉浦街道 金海街道 南桥镇 奉城镇 庄行镇 金汇镇 四团镇 青村镇 柘林镇 海湾镇
崇明区 城桥镇 堡镇 新河镇 庙镇 竖新镇 向化镇 三星镇 港沿镇 中兴镇 陈家镇 绿华镇 港西镇 建设镇 新海镇 东平镇 长兴镇
 新村乡 横沙乡
"""
ROAD_ENDS = ("路", "大道", "街")
STREET_ENDS = ("街道", "镇", "乡", "新区")
AFTER_ROAD = ("弄", "号", "支路")
AFTER_NUMBER = ("弄", "号", "室", "幢", "号楼", "单元", "层")
AFTER_PART = ("室", "楼", "层", "单元")
AFTER_NAME = ("路", "村", "小区", "弄", "号")
MOST = 40


@dataclass(frozen=True, repr=False)
class Word:
    """A word that is offered: `text` as it is read, `rest` as it goes behind what stands before the caret."""

    text: str
    rest: str


@cache
def districts() -> dict[str, tuple[str, ...]]:
    """District -> its subdistricts and towns."""
    lines = DISTRICTS.replace("\n ", " ").strip().splitlines()
    return {line.split()[0]: tuple(line.split()[1:]) for line in lines}


@cache
def roads() -> tuple[str, ...]:
    """Roads whose beginning may be completed."""
    names = PLACES.split()[::2]
    return tuple(dict.fromkeys(name for name in names if name.endswith(ROAD_ENDS) and len(name) > 2))


def suggestions(before: str) -> list[Word]:
    """What may follow what stands before the caret, the likeliest first; at most MOST."""
    where, rest = _placed(before)
    if not rest:
        return [Word(name, name) for name in (where or AFTER_NAME)][:MOST]
    return _completing(where, rest)[:MOST] or [Word(name, name) for name in _suffixes(rest)]


def _placed(before: str) -> tuple[tuple[str, ...], str]:
    """The names that may come next, and what has been typed since the last place that is known."""
    if not before.startswith(CITY) and CITY.startswith(before):
        return (CITY, *districts()), before
    rest = before.removeprefix(CITY)
    district = next((name for name in districts() if rest.startswith(name)), "")
    if not district:
        return tuple(districts()), rest
    rest = rest.removeprefix(district)
    street = next((name for name in districts()[district] if rest.startswith(name)), "")
    return (() if street else districts()[district]), rest.removeprefix(street)


def _completing(where: tuple[str, ...], rest: str) -> list[Word]:
    """Names that begin with what has been typed of them."""
    names = [name for name in (*where, *roads()) if name.startswith(rest) and name != rest]
    return [Word(name, name.removeprefix(rest)) for name in dict.fromkeys(names)]


def _suffixes(rest: str) -> tuple[str, ...]:
    last = rest[-1]
    if last.isascii() and last.isalnum():
        return AFTER_NUMBER
    if last in "弄号幢楼层元":
        return AFTER_PART
    return AFTER_ROAD if rest.endswith(ROAD_ENDS) else AFTER_NAME
