"""Places and surnames by syllables: what the pinyin library does not know of this city and its people."""

from collections.abc import Iterable, Sequence
from functools import cache

from ui.keyboard.places import PLACES

# The most frequent surnames of the national register (公安部, 全国姓名报告, 2020 and before), the likelier first.
SURNAMES = """
zhang 张章 wang 王汪 li 李黎 liu 刘柳 chen 陈谌 yang 杨阳 huang 黄 zhao 赵 wu 吴武 zhou 周 xu 徐许 sun 孙 ma 马
zhu 朱祝 hu 胡 guo 郭 he 何贺 lin 林 gao 高 luo 罗骆 zheng 郑 liang 梁 xie 谢解 song 宋 tang 唐汤 deng 邓 han 韩
feng 冯封 cao 曹 peng 彭 zeng 曾 xiao 肖萧 tian 田 dong 董 pan 潘 yuan 袁 cai 蔡 jiang 蒋江 yu 余于俞 du 杜 ye 叶
cheng 程成 wei 魏韦 su 苏 lv 吕 ding 丁 ren 任 lu 卢陆鲁 yao 姚 shen 沈申 zhong 钟 cui 崔 tan 谭谈 fan 范樊 jin 金
shi 石史施 liao 廖 jia 贾 xia 夏 fu 付傅 fang 方房 zou 邹 xiong 熊 bai 白柏 meng 孟蒙 qin 秦覃 qiu 邱丘 hou 侯
yin 尹殷 xue 薛 yan 闫严颜 lei 雷 long 龙 tao 陶 hao 郝 gu 顾古 mao 毛 gong 龚宫 shao 邵 wan 万 dai 戴代 qian 钱
dou 窦 xi 席 mi 米 ji 季纪 ni 倪 hong 洪 zuo 左 miao 苗缪 qi 齐戚 pu 蒲 lan 兰 kong 孔 cen 岑 chu 褚储 bao 鲍包
mei 梅 sheng 盛 ling 凌 huo 霍 yue 岳 tu 屠涂 chai 柴 zhan 詹 jian 简 ou 欧 guan 关管 che 车 rong 荣容 wen 文温
zang 臧 bi 毕 an 安 chang 常 qiao 乔 ke 柯 niu 牛 ge 葛 you 尤游 lai 赖 ning 宁 bian 卞边 nie 聂 xin 辛 ruan 阮
min 闵 mu 穆牧 zong 宗 hua 华 ping 平 pei 裴 mo 莫 tong 童 zhai 翟 ai 艾 le 乐 xing 邢 kang 康 duan 段 hang 杭
ban 班 gan 甘 shan 单山 lian 连 qu 瞿曲 que 阙 ying 应 ju 居
"""
LEAST_SPAN = 2  # one syllable alone is nobody's phrase


class Phrases:
    """Phrases by their syllables. The earlier of two with the same syllables is the likelier."""

    def __init__(self, entries: Iterable[tuple[str, str]], surnames: Iterable[tuple[str, str]]) -> None:
        self._texts: dict[tuple[str, ...], list[str]] = {}
        for text, pinyin in entries:
            self._texts.setdefault(tuple(pinyin.split("'")), []).append(text)
        self._longest = max((len(key) for key in self._texts), default=0)
        self._surnames = dict(surnames)

    def surnames(self, syllable: str) -> str:
        """Surnames of this syllable, the likelier first."""
        return self._surnames.get(syllable, "")

    def beginning(self, syllables: Sequence[str]) -> list[str]:
        """Phrases that stand at the beginning of these syllables, the longest first."""
        ends = range(min(len(syllables), self._longest), LEAST_SPAN - 1, -1)
        return [text for end in ends for text in self._texts.get(tuple(syllables[:end]), ())]

    def cover(self, syllables: Sequence[str]) -> list[tuple[int, int, str]]:
        """Phrases (start, end, text) that cover as many syllables as can be, by as few phrases as can be."""
        best: list[tuple[int, int, list[tuple[int, int, str]]]] = [(0, 0, [])]
        for end in range(1, len(syllables) + 1):
            here = best[end - 1]
            for start in range(max(0, end - self._longest), end - LEAST_SPAN + 1):
                texts = self._texts.get(tuple(syllables[start:end]))
                if texts:
                    covered, used, spans = best[start]
                    one = (covered + end - start, used - 1, [*spans, (start, end, texts[0])])
                    here = max(here, one, key=lambda way: way[:2])
            best.append(here)
        return best[-1][2]


@cache
def phrases() -> Phrases:
    """The one table of the program."""
    entries = [entry.rsplit(" ", 1) for line in PLACES.strip().splitlines() for entry in line.split("  ")]
    words = SURNAMES.split()
    return Phrases(((text, pinyin) for text, pinyin in entries), zip(words[::2], words[1::2], strict=True))
