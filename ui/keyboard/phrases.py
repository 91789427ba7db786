"""Places and surnames by syllables: what the pinyin library does not know of this city and its people."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product

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
# Characters that given names are often made of (the same reports' lists of names by generation), the likelier first.
GIVEN = """
ai 爱 an 安 bao 宝保 bin 斌彬 bo 波博 cai 彩才 chang 昌 chao 超 chen 晨辰 cheng 成诚 chun 春 cui 翠 da 大 dan 丹
de 德 di 娣 dong 东冬 e 娥 fang 芳方 fei 飞菲 fen 芬 feng 峰凤锋 fu 福富 gang 刚 gen 根 guang 光广 gui 桂贵 guo 国
hai 海 han 涵晗 hang 航 hao 浩昊 he 和 heng 恒 hong 红宏洪 hua 华花 huan 欢 hui 慧辉惠 jia 佳家嘉 jian 建健剑
jiang 江 jie 杰洁 jin 金锦 jing 静晶景 ju 菊 juan 娟 jun 军俊君 kai 凯 ke 可 kun 坤 lai 来 lan 兰岚 lei 磊蕾
li 丽莉立力 lian 莲 liang 亮良 lin 琳林霖 ling 玲灵 long 龙 lu 露璐 lun 伦 mei 梅美 meng 梦 min 敏民 ming 明铭 na 娜
nan 楠南 ni 妮 ning 宁 peng 鹏 ping 平萍 qi 琪琦 qian 倩茜 qiang 强 qin 琴勤 qing 清青庆 quan 全泉 ren 仁 rong 荣蓉
ru 如茹 rui 瑞睿 san 三 shan 珊山 sheng 生胜 shi 世诗 shu 淑树 shui 水 si 思 song 松 tao 涛 tian 天 ting 婷亭
tong 彤桐 wan 婉 wei 伟玮薇 wen 文雯 xi 希熙 xia 霞 xian 贤仙 xiang 祥翔香 xiao 晓小 xin 欣鑫新 xing 星兴 xiu 秀修
xu 旭 xuan 轩萱 xue 雪学 xun 勋 ya 雅亚 yan 艳燕妍 yang 洋阳扬 yao 瑶 ye 叶业 yi 怡一艺 yin 银 ying 英颖莹 yong 勇永
you 友 yu 玉宇雨 yuan 媛元远 yue 月悦 yun 云芸 ze 泽 zhe 哲喆 zhen 珍振贞 zheng 正征 zhi 志智 zhong 忠 zhu 珠
zhuo 卓 zi 子梓紫
"""
LEAST_SPAN = 2  # one syllable alone is nobody's phrase


class Phrases:
    """Phrases by their syllables. The earlier of two with the same syllables is the likelier."""

    def __init__(
        self, entries: Iterable[tuple[str, str]], surnames: Mapping[str, str], given: Mapping[str, str]
    ) -> None:
        self._texts: dict[tuple[str, ...], list[str]] = {}
        for text, pinyin in entries:
            self._texts.setdefault(tuple(pinyin.split("'")), []).append(text)
        self._longest = max((len(key) for key in self._texts), default=0)
        self._surnames = surnames
        self._given = given

    def surnames(self, syllable: str) -> str:
        """Surnames of this syllable, the likelier first."""
        return self._surnames.get(syllable, "")

    def given(self, syllables: Sequence[str]) -> list[str]:
        """Given names of characters that names are often made of, the likeliest first."""
        likely = [self._given.get(syllable, "") for syllable in syllables]
        return ["".join(one) for one in product(*likely)]

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
    return Phrases(((text, pinyin) for text, pinyin in entries), _pairs(SURNAMES), _pairs(GIVEN))


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))
