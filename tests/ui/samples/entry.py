"""The pages before anything is done: closed, doorway, home, item, identify, consent."""

from dataclasses import replace

from hardware.api.lights import Spot
from kiosk.view import (
    AttractBody,
    BlockTile,
    Choice,
    ClosedBody,
    ConsentBody,
    Fact,
    HomeBody,
    IdentifyBody,
    ItemBody,
    ItemTile,
    Line,
    Page,
    View,
)
from tests.ui.samples.frame import Frame, steps


def views(language: str) -> dict[str, View]:
    """Name -> View."""
    own = Frame(language)
    say, at, frame = own.say, own.at, own.frame
    back, leave = own.back, own.leave
    tiles = (
        ItemTile(
            "shebao-proof",
            say("城保缴费情况打印", "Social insurance payment record"),
            say(
                "最近 24 个月的城镇职工基本养老保险缴费情况，当场打印盖章证明。",
                "A stamped record of your pension payments over the last 24 months.",
            ),
            "query",
            True,
            "",
            say("约 2 分钟", "About 2 min"),
            "certificate",
        ),
        ItemTile(
            "jinglaoka",
            say("敬老卡申领", "Senior citizen card"),
            say("年满 65 周岁的上海户籍老人可以申领。", "For Shanghai residents aged 65 and over."),
            "apply",
            True,
            "",
            say("约 5 分钟", "About 5 min"),
            "heart-handshake",
        ),
        ItemTile(
            "juzhuzheng-pickup",
            say("取件 · 居住证", "Collect your residence permit"),
            say("已制好的居住证存放在旁边的柜子里。", "Finished permits wait in the cabinet beside you."),
            "collect",
            False,
            say(
                "取件柜正在检修，请明天再来，或到一楼窗口领取。",
                "The cabinet is under repair. Please come tomorrow or ask at the counter.",
            ),
            "",
            "package",
        ),
    )
    blocks = (
        BlockTile("consult", say("咨询", "Ask"), say("问政策，问怎么办", "How things are done"), "message-circle"),
        BlockTile("apply", say("办理", "Apply"), say("填表，提交申请", "Fill in and submit"), "clipboard-text", 1),
        BlockTile("query", say("查询", "Look up"), say("查记录，打证明", "Records and proofs"), "search", 1),
        BlockTile("collect", say("取件", "Collect"), say("领办好的证件", "What is ready for you"), "package", 1),
    )
    card_first = say(
        "请把身份证放在亮灯的地方，或出示您的码", "Please lay your card on the lit spot, or show your code"
    )
    network = say(
        "网络暂时不通。能办的照常办，材料会稳妥存在本机，通了就送出。",
        "The network is down for now. What can be done here still works; papers are kept safely and sent later.",
    )
    identify = replace(frame, page=Page.IDENTIFY, back=back, leave=leave, steps=steps(language, 1))
    return {
        "closed": replace(
            frame,
            page=Page.CLOSED,
            body=ClosedBody(
                say("本机暂停服务", "This terminal is out of service"),
                (
                    say("本机的存储需要工作人员检查", "Its storage needs a technician"),
                    say(
                        "已记下，会转告工作人员。办好的事都已保存。",
                        "This has been noted for staff. Everything already done is safe.",
                    ),
                ),
                "store.broken",
                say("请拨打 021-12345", "Please call 021-12345"),
            ),
        ),
        "attract": replace(
            frame,
            page=Page.ATTRACT,
            body=AttractBody(
                say("您好，请点这里开始", "Welcome. Touch here to start"),
                say("24 小时，随时可办", "Open day and night"),
                say("Welcome. Touch here to start", "您好，请点这里开始"),
                frame.place,
            ),
        ),
        "attract-limited": replace(
            frame,
            page=Page.ATTRACT,
            body=AttractBody(
                say("您好，请点这里开始", "Welcome. Touch here to start"),
                say("24 小时，随时可办", "Open day and night"),
                say("Welcome. Touch here to start", "您好，请点这里开始"),
                frame.place,
                True,
                say(
                    "有些事项暂时不能办，点开就能看到。",
                    "Some services are not available right now. Touch to see which.",
                ),
            ),
        ),
        "home": replace(
            frame,
            page=Page.HOME,
            leave=leave,
            body=HomeBody(say("您今天想办什么？", "What would you like to do today?"), blocks, tiles),
        ),
        "home-offline": replace(
            frame,
            page=Page.HOME,
            leave=leave,
            network=network,
            body=HomeBody(
                say("您今天想办什么？", "What would you like to do today?"),
                blocks,
                tiles,
                say("不用先刷身份证，先看看再决定。", "No card needed yet. Have a look first."),
            ),
        ),
        "item": replace(
            frame,
            page=Page.ITEM,
            back=back,
            leave=leave,
            next=Choice("identify", say("开始办理", "Begin")),
            body=ItemBody(
                tiles[1].title,
                tiles[1].summary,
                (
                    Fact("clock", say("要多久", "Time"), say("约 5 分钟", "About 5 min")),
                    Fact("coin", say("费用", "Fee"), say("不收费", "Free")),
                    Fact("id", say("要带什么", "Bring"), say("您的身份证", "Your identity card")),
                    Fact(
                        "building", say("谁来办", "Office"), say("街道社区事务受理服务中心", "Community service centre")
                    ),
                ),
                (
                    Line("ok", say("年满 65 周岁", "You are 65 or older")),
                    Line("ok", say("上海市户籍", "You are registered in Shanghai")),
                    Line(
                        "no",
                        say(
                            "已经有有效敬老卡的，不用再领",
                            "If you already hold a valid card, there is no need to apply",
                        ),
                    ),
                    Line("info", say("提交后约 15 个工作日寄到", "The card arrives about 15 working days later")),
                ),
                True,
            ),
        ),
        "item-not-now": replace(
            frame,
            page=Page.ITEM,
            back=back,
            leave=leave,
            next=Choice(
                "identify",
                say("开始办理", "Begin"),
                False,
                say("取件柜正在检修，现在不能办", "The cabinet is under repair"),
            ),
            body=ItemBody(
                tiles[2].title,
                tiles[2].summary,
                (Fact("clock", say("要多久", "Time"), say("约 1 分钟", "About 1 min")),),
                (),
                False,
                tiles[2].reason,
            ),
        ),
        "identify": replace(identify, body=IdentifyBody(card_first, ("card", "code"), "waiting", Spot.CARD)),
        "identify-reading": replace(
            identify,
            body=IdentifyBody(
                say("正在读，请先不要拿走", "Reading. Please leave it there"), ("card", "code"), "reading", Spot.CARD
            ),
        ),
        "identify-refused": replace(
            identify,
            body=IdentifyBody(
                card_first,
                ("card", "code"),
                "refused",
                Spot.CARD,
                say(
                    "没有读清，请拿起来再放一次，放平一些。",
                    "That was not readable. Please lift the card and lay it flat again.",
                ),
            ),
        ),
        "identify-pickup": replace(
            identify,
            steps=steps(language, 1)[:4],
            next=Choice(
                "pickup",
                say("用取件码取件", "Use this code"),
                False,
                say("请先输入 8 位取件码", "Type the 8 digits first"),
            ),
            body=IdentifyBody(
                say("请放身份证、出示码，或输入取件码", "Lay your card, show your code, or type your pickup code"),
                ("card", "code", "pickup_code"),
                "waiting",
                Spot.CARD,
            ),
        ),
        "identify-typed": replace(
            identify,
            steps=steps(language, 1)[:4],
            next=Choice("pickup", say("用取件码取件", "Use this code")),
            body=IdentifyBody(
                say("请放身份证、出示码，或输入取件码", "Lay your card, show your code, or type your pickup code"),
                ("card", "code", "pickup_code"),
                "waiting",
                Spot.CODE,
                code_typed="20391174",
            ),
        ),
        "consent": at(
            Page.CONSENT,
            ConsentBody(
                say("办这件事要用到您的信息，可以吗？", "This needs some of your details. Is that all right?"),
                (
                    say("只用来查您的城保缴费情况", "They are used only to look up your payment record"),
                    say("打印后本机不留您的信息", "Nothing of yours stays on this terminal afterwards"),
                    say("不同意也没关系，可以到窗口办理", "If you do not agree, you can go to a counter instead"),
                ),
                say(
                    "全文：" + "为办理本事项，需要使用您的姓名、公民身份号码和住址。" * 12,
                    "Full text: " + "To handle this matter we use your name, identity number and address. " * 12,
                ),
                say("上海市社会保险事业管理中心", "Shanghai Social Insurance Centre"),
            ),
            steps=steps(language, 2),
            next=Choice("agree", say("我同意，继续", "I agree, go on")),
        ),
    }
