"""Writes the keyboard's table of people's names: `python -m tests.ui_keyboard.make_names DICT ZH_CN`.

DICT is `jieba/dict.txt` of jieba 0.42.1 (MIT): its words marked as persons' names are counted by their characters.
ZH_CN is `faker/providers/person/zh_CN/__init__.py` of Faker (MIT): surnames and their share of the people, per cent.
Neither package is installed with the program or for its tests; the lists of characters below are our own.
"""

import argparse
import ast
from collections import Counter
from math import log
from pathlib import Path

from pypinyin import Style, lazy_pinyin, pinyin

from ui.keyboard.names import FILE

PERSONS = frozenset({"nr", "nrfg"})
# Only surnames that seldom begin a foreign name or a title are counted with.
COUNTED = frozenset(
    "王李张刘陈杨黄吴赵周徐孙朱胡郭何林高郑梁谢宋唐许邓冯韩曹曾彭蔡潘董袁于余叶蒋杜苏魏程吕丁沈任姚卢钟姜崔谭廖范"
    "汪陆戴贾韦邱侯邹熊孟秦薛尹段黎陶贺顾郝龚邵钱严赖覃洪汤武施樊葛邢倪庄聂章岳翟殷詹耿焦俞柳祝童凌毕骆翁冉靳"
)
NO_NAMES = frozenset(
    (
        "先生 大哥 家庄 夫人 大人 皇后 将军 师叔 太后 老爷 师弟 公子 师兄 长老 二人 师伯 小姐 兄弟 太太 姑娘 大侠"
        " 大爷 大夫 相公 公公 师傅 总兵 御史 家湾 太监 国公 皇帝 老板 丞相 王爷 老儿 太尉 家村 二哥 太公 三爷 老师"
        " 先主 女士 家人 家沟 家坪 家屯 家口 家店 家堡 家镇 家寨 家河 家山 家桥 家坝 家集 家营 家窑 家台 家冲 家大"
        " 家院 二爷 四爷 五爷 老三 老二 老大 老五 老四 大娘 大妈 大嫂 二嫂 师父 师妹 师姐 掌门 帮主 舵主 堂主 教主"
        " 庄主 寨主 员外 知府 知县 县令 县长 市长 省长 局长 校长 院长 部长 主任 主席 书记 总理 总统 司令 师长 团长"
        " 营长 连长 排长 班长 队长 厂长 经理 博士 教授 医生 护士 律师 记者 编辑 导演 同志 同学 先锋 元帅 大帅 提督"
        " 都督 巡抚 总督 尚书 侍郎 学士"
    ).split()
)
# Whose frequencies the names of that dictionary (public figures, novels) do not show: given names of the living, by
# place in the name, the likelier first.
FIRST_OF_OLD = (
    "建国志秀玉文桂明春晓永金海丽凤淑小美红爱学德家雪新素少世伟兰荣俊正立庆振宝惠月云福兴长成光亚卫广景树洪天东江"
    "林祥翠香彩慧雅静艳燕冬秋梅莲巧银水根阿孝维克启继绍锦瑞佩培贵龙华玲士思大子一嘉佳超鹏中仁义忠友会喜来连凯宏浩"
    "军莉婷丹琳琴晨向胜万朝运顺道显传守怀宗泽润炳耀如若诗梦心可欣怡敏英芳民良先加善其全发存宇元再"
)
SECOND_OF_OLD = (
    "华英明兰平珍芳军国强荣梅民生林文红玲云凤霞香芝花琴娟燕清萍良芬秀成龙峰山德东祥辉波杰勇安伟敏福义春海新光飞根"
    "元发贵忠江才庆宝仁莲娥妹娣宏鹏斌刚涛亮武洪利昌先学全青松柏泉健洁丽慧静雯琳婷倩颖莉蓉丹菊桃仙弟珠玉瑛瑾琪仪月"
    "雪艳妮娜欣怡超凯宁阳兵浩俊友远达信章彬进胜权立群贤豪坤雄雷锋南星顺富有财喜来康寿和亭培法如"
)
FIRST_OF_YOUNG = (
    "子梓雨宇一欣浩思诗佳嘉俊奕雅语晨心若可梦昊皓诺依铭睿天文泽沐紫家煜博明宸艺君瑞志静彦承景芷钰琪熙锦乐书馨安妍"
    "允予清亦恩婉星灵逸羽悠启辰苡茗懿瑾璟润弘柏楚怡慧玥珺晓舒念知听"
)
SECOND_OF_YOUNG = (
    "涵轩萱怡彤泽宇辰宸然妍琪熙瑶航豪杰睿博霖桐雯诺汐曦欣瑞阳晨晴洋媛莹琳悦佳昊浩凯鑫哲远明文逸凡铭希语洁薇茹蕊菲"
    "婷蓉琦钰恩成城韬翔杨皓柔墨沫懿伟乐心安月宁羽潼源恺翰骏"
)
ALONE = (
    "伟静敏芳丽强磊军洋勇艳杰娟涛明超霞平刚鹏辉玲燕斌波俊健红梅宇飞凯浩鑫婷莉萍丹英华林慧帅琳颖晶倩旭亮峰龙云晨琴"
    "洁宁楠阳蕾佳瑞毅雪悦彬博欣娜雷兵东坤璐瑶莹茜菲雯昊睿哲萌薇岩炜璇卉珊露翔成捷晖琪瑾君诚萱轩越蓉芬兰菊珍进畅威"
    "宏文清青春芸彦妍怡冰冉晓可然月凡政立志欢阔康坚武海琦瑜涵琼蓓"
)
# What given names are made of besides, in no order.
SELDOM = (
    "喆赟婧珺芸蕾虹缘跃泳满钦卿禄霏菲妤懋颖莎婵苒苓芊芃茉莞荷莺菀菁萌葳蓝蔚蕙薏藜蘅鸢鹂鹃鹤骁骐骥驰驹驿韶韵顼颂馥"
    "飒飘晗晞晔晟晏晖暄暖曜曼朔朗杉杏枫柠柯柳栋栩桢桥桦梁梧棋棠椿楷榆榕樱橙毅汀汝汪沁沂沄沅沛泉波泓泠泱洲浦浚浠涓"
    "涟涵淇淙淞淮淳渊渝渭湉湘湛溪溢滢滔漪漫潇澄澈澜澍澳濠瀚瀛灏灵灿炅炎炫烁烨焕焱煊煦熠燊燚爽牧玏玑玘玙玚玟玢玫玳"
    "珂珈珉珍珞珠珩珮珲琅琇琎琏琛琢琨琬琮琰琲琼瑄瑗瑛瑜瑭瑰瑶瑷璇璋璎璘璞璠璨璟甄甫畅皎皑盈盼睦瞳硕碧磬礼祎祉祐祖"
    "祚祯祺禛禧禹秉秋秦稷穆竣笑笛笙筠筱简箫籽纬纯纾绎绪绫绮缇缨缦羡翊翌翎翘翠翡耘聪肃胤臻舟航艾芙芝芮芯芷苇苏若苹"
    "范茵茸荃荔莘莱莲莹菡葵蒙蓓蔓薪襄西言诠询诣谆谦谧谨赋赫赞超越路轶辂辉辕迅迈迎远迪逊通遥遵邦郁郡酉醇采金鉴钊钗"
    "钢钧钫钰铄铎铮银锐锟锡镇镕镜长阔隽雁雄雍雎雯霁霄露靓靖鞅顾领频飏飚驭骄骋鲲鸣鸥鸽鸾黎鼎齐龄丞业丛东丹义之乔习"
    "亨京亮亲亿仑仕仙仲伊伍伦佐佑何余作侃依侠侨俏保俐倪偲储傲允克全兮兰典凝凡初利创励劲勇勋勤匀北千升午卉卓协南占"
    "卫厚原双叔古可史司向君听启吟吾周呈和咏品响哈唯商喜圆圣坚垒城培基堂堃塬塘增墨士声壹夏多夫天太央奇奋奎奕好如妃"
    "妙姗姣姿娅娉娌娴娆婀媚媱嫒嫣嫦孜孟孝季学宁守宛宜实宪宵容宽宾寅密寒寿封尊小尚尧尹尼屹山岐岑岗岭岱岳岸峥峪峻崇"
    "崎崧嵘川州工左巧帆帅希师席帜干年广序庄庭度康庸廷弋弘弛归录形彪彬影征徐徽德忆忻怀怿恂恋恒恬恺悉悟悦悠惜惟惠愉"
    "愿慈慎慕憬戈戎戌扬承拓持挺捷掌揆攀政斋斐斓方施旋旖旗无旦早旭时旺昀昂昆昉昌易昔昕昙春昭昱晁晋晌晚景晶智暑曙曲"
    "月有朋朝木本朱权材村来极果枝柔标树桂桃桐"
)
NOT_GIVEN = frozenset(
    "你我他她它们您这那哪谁是的了者叫教氏傻啥又与使犯死鬼狗猪偷骂打杀病痛哭丑坏假贼奴妓娼尸毒蛇鼠虫粪屁尿屎坟墓丧"
    "亡败恶怒恨怕吓疯癫残废都就也很吗呢吧啊呀哦嗯么什怎被把给让从往跟及或但却而且乎焉矣哉彼孰"
)
LEAST_SHARE = 0.02  # weight of a reading that is not the usual one
MOST_PAIRS = 6000
MORE_HERE = "朱徐沈陆顾俞姚倪钱施戴陶奚瞿诸严金"  # surnames more frequent in Shanghai than in the country
TIMES_HERE = 2
TOO_RARE = 1e-6

Shares = dict[str, float]  # together 1
TABLES = ("first_of_old", "first_of_young", "second_of_old", "second_of_young", "alone")


def by_rank(characters: str) -> Shares:
    """Shares that fall with the place in the list."""
    weights = {one: 1 / (place + 15) for place, one in enumerate(dict.fromkeys(characters))}
    total = sum(weights.values())
    return {one: weight / total for one, weight in weights.items()}


def shares(counts: Counter[str]) -> Shares:
    total = sum(counts.values())
    return {one: count / total for one, count in counts.items()}


def mixed(*parts: tuple[float, Shares]) -> Shares:
    result: Shares = {}
    for weight, part in parts:
        for one, share in part.items():
            result[one] = result.get(one, 0.0) + weight * share
    return result


def surnames_of(source: Path) -> dict[str, float]:
    """Surname -> per cent, from the assignment to `last_names`; the greater where one is listed twice."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "last_names":
            assert isinstance(node.value, ast.Call)
            listed = ast.literal_eval(node.value.args[0])
            return {surname: max(share for other, share in listed if other == surname) for surname, _ in listed}
    raise SystemExit(f"no last_names in {source}")


def read(text: str) -> str:
    """The usual reading as one types it, an apostrophe between syllables."""
    return "'".join(lazy_pinyin(text, v_to_u=False)).replace("ü", "v")


def readings(one: str) -> list[str]:
    """Every reading without tones, the usual one first."""
    others = {sound.replace("ü", "v") for sound in pinyin(one, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]}
    return list(dict.fromkeys([read(one), *sorted(others)]))


SURNAME_READINGS = {
    "曾": "zeng", "覃": "qin tan", "单": "shan", "仇": "qiu", "解": "xie", "任": "ren", "盖": "gai ge",
    "翟": "zhai di", "朴": "piao pu", "查": "zha", "区": "ou", "乐": "yue le", "尉": "wei", "缪": "miao", "薄": "bo",
    "晁": "chao", "那": "na", "宓": "mi", "员": "yun", "繁": "po", "隗": "wei kui", "都": "du", "种": "chong",
    "折": "she", "冼": "xian", "重": "chong", "长": "zhang chang", "谌": "chen shen", "华": "hua", "万俟": "mo'qi",
    "尉迟": "yu'chi", "单于": "chan'yu", "澹台": "tan'tai", "长孙": "zhang'sun", "令狐": "ling'hu", "祭": "zhai",
    "石": "shi", "召": "shao", "曲": "qu", "车": "che", "强": "qiang", "燕": "yan", "宁": "ning", "盛": "sheng",
    "葛": "ge", "相": "xiang", "吕": "lv", "阙": "que", "郇": "xun huan", "洗": "xian", "佴": "nai", "於": "yu",
    "卜": "bu", "柏": "bai bo", "褚": "chu",
}  # fmt: skip
COMPOUND = (
    "司马 上官 欧阳 夏侯 诸葛 东方 皇甫 尉迟 公孙 令狐 钟离 宇文 长孙 慕容 司徒 司空 端木 南宫 西门 东郭 百里 澹台"
    " 轩辕 申屠 独孤 第五 万俟"
)
RARE_SURNAMES = (
    "侴禤幸逄麴揣仉亓綦妫妘嬴芈芮郗郯郇郅郏郄鄂鄞酆阎闫肖萧付傅於俸候冮刀勾占卓卯厍召同问后哈哀啜喇圣垢多夕奎妙姒"
    "娄宦宓宰密寸寻寿尔尼山岩岱己帖年庆庹库延弋弓彦徒律怀思恽惠慎户才扎折抗招操敖敬晏智暴暨曲木术朴朵朿来杲枚柘栋"
    "校桓楮欣殳毋毌沃沐沓沮油沿泰洗浮涉淡渠温源滑漫潭濮灌烟热牙牧犹猪玄玛琚瓮生甫甯申由疏白百皇益盈真睢矫硕磨祁祖"
    "禄秘税稂空窝竹竺端笪筱米粘糜红纳线终经缑缪老者聊聪肇胥能臣良艳芒芦苍苟若荀莘菅落蒯蓟蓝蔚藏虎蚁蛮衣补裕西要覃"
    "角言计许诺谯谷豆贝贡费贲赏赛过迟达迮逢速遇道那郁鄢里野银镇镡镜长门闪阚阮阿陀随隗隽雒雨零青靖静顺须飞香骆高魄"
    "鱼鲍鲜鸟鸿鹤鹿麦黑鼎齐龙眭昌伏佴宫奚吉冼"
)


def made(dictionary: Path, surname_source: Path) -> str:
    """The whole file."""
    pairs: Counter[str] = Counter()
    singles: Counter[str] = Counter()
    for line in dictionary.read_text("utf-8").splitlines():
        word, _, kind = line.split(" ")
        if kind not in PERSONS or word[0] not in COUNTED or word[1:] in NO_NAMES or NOT_GIVEN & set(word[1:]):
            continue
        if len(word) == 3:
            pairs[word[1:]] += 1
        elif len(word) == 2:
            singles[word[1]] += 1
    first, second = Counter[str](), Counter[str]()
    for pair, count in pairs.items():
        first[pair[0]] += count
        second[pair[1]] += count
    seldom = {one: 1 / len(set(SELDOM)) for one in SELDOM}
    counted = shares(first), shares(second)
    of_old = by_rank(FIRST_OF_OLD), by_rank(SECOND_OF_OLD)
    of_young = by_rank(FIRST_OF_YOUNG), by_rank(SECOND_OF_YOUNG)
    places = []
    for place in (0, 1):
        old = mixed((0.4, counted[place]), (0.45, of_old[place]), (0.05, of_young[place]), (0.1, seldom))
        young = mixed((0.1, counted[place]), (0.1, of_old[place]), (0.7, of_young[place]), (0.1, seldom))
        places += [old, young]
    alone = mixed(
        (0.6, by_rank(ALONE)), (0.15, shares(singles)), (0.15, shares(second)), (0.1, by_rank(SECOND_OF_YOUNG))
    )
    known = surnames_of(surname_source)
    known.update({"肖": known.pop("萧"), "闫": known["阎"], "付": 0.2, "萧": 0.05, "阎": 0.1, "傅": 0.2, "鞠": 0.023})
    for one in MORE_HERE:
        known[one] = TIMES_HERE * known.get(one, 0.01)
    for one in RARE_SURNAMES:
        known.setdefault(one, 0.002)
    for one in COMPOUND.split():
        known.setdefault(one, 0.002)

    lines = ["surnames\n"]
    table: dict[str, list[tuple[str, float]]] = {}
    for surname, share in known.items():
        for place, sound in enumerate(SURNAME_READINGS.get(surname, read(surname)).split()):
            table.setdefault(sound, []).append((surname, share / 100 * (0.1 if place else 1)))
    for sound, found in sorted(table.items()):
        lines.append(
            sound + "".join(f" {one}{points(share)}" for one, share in sorted(found, key=lambda e: -e[1])) + "\n"
        )
    for title, weights in zip(TABLES, [*places, alone], strict=True):
        lines.append(f"{title}\n")
        of: dict[str, list[tuple[str, float]]] = {}
        for one, share in weights.items():
            for place, sound in enumerate(readings(one)):
                worth = share * (LEAST_SHARE if place else 1)
                if worth > TOO_RARE:
                    of.setdefault(sound, []).append((one, worth))
        for sound, found in sorted(of.items()):
            ordered = sorted(found, key=lambda entry: (-entry[1], entry[0]))
            lines.append(sound + "".join(f" {one}{points(share)}" for one, share in ordered) + "\n")
    lines.append("pairs\n")
    total = sum(pairs.values())
    most = sorted(pairs.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_PAIRS]
    grouped: dict[str, list[str]] = {}
    for pair, count in most:
        if count > 1:
            grouped.setdefault(read(pair), []).append(f" {pair}{points(count / total)}")
    lines += [sound + "".join(found) + "\n" for sound, found in sorted(grouped.items())]
    return HEAD + "".join(lines)


def points(share: float) -> int:
    """How unlikely, in hundredths of a natural logarithm."""
    return round(-100 * log(share))


HEAD = (
    "# People's names by pinyin: surnames, then characters of given names as the first of two, the second, and alone,\n"
    "# then given names of two; each with minus the logarithm of its share, in hundredths.\n"
    "# Made from jieba's dictionary (MIT; characters counted), Faker's list of surnames (MIT) and our own lists.\n"
    "# Written by `python -m tests.ui_keyboard.make_names`. Do not edit.\n"
)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dictionary", type=Path)
    parser.add_argument("surnames", type=Path)
    asked = parser.parse_args()
    FILE.write_text(made(asked.dictionary, asked.surnames), "utf-8")
