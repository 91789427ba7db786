"""A sample View of every page and state, in Chinese and English, as the mind would make them.

Past 400 lines because it is one table of pages, and a table is read best whole.
"""

from dataclasses import replace

from hardware.api.lights import Spot
from kiosk.view import (
    AttractBody,
    Choice,
    ClosedBody,
    ConsentBody,
    Countdown,
    DoorBody,
    FieldView,
    FormBody,
    GoodbyeBody,
    HomeBody,
    IdentifyBody,
    ItemBody,
    ItemTile,
    LeavingBody,
    Line,
    Masked,
    Page,
    ResultBody,
    ReviewBody,
    Step,
    TakeBody,
    TroubleBody,
    View,
    WorkingBody,
)


def pick(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def steps(language: str, now: int) -> tuple[Step, ...]:
    labels = (
        ("选事项", "Choose"),
        ("验证身份", "Identify"),
        ("知情同意", "Consent"),
        ("填表", "Fill in"),
        ("核对", "Check"),
        ("完成", "Done"),
    )
    return tuple(
        Step(pick(language, *label), "done" if at < now else "now" if at == now else "left")
        for at, label in enumerate(labels)
    )


def views(language: str) -> dict[str, View]:  # one long table on purpose
    """Name -> View."""

    def say(zh: str, en: str) -> str:
        return pick(language, zh, en)

    back = Choice("back", say("上一步", "Back"))
    leave = Choice("leave", say("结束离开", "Finish and leave"))
    home = Choice("home", say("办别的事", "Do something else"), icon="home")
    again = Choice("again", say("再试一次", "Try again"), icon="arrow-right")
    person = Masked(say("陈*", "陈*"), "3101**********0022")
    frame = View(
        page=Page.HOME,
        body=GoodbyeBody("", ""),
        language=language,
        place=say("漕河泾街道 · 凯科大厦一楼", "Caohejing · Kaike Tower, ground floor"),
        clock="23:04",
        visit=7,
    )
    known = replace(frame, person=person, restless=True, back=back, leave=leave)
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
        ("consult", say("咨询", "Ask")),
        ("apply", say("办理", "Apply")),
        ("query", say("查询打印", "Print")),
        ("collect", say("取件", "Collect")),
    )
    fields = (
        FieldView(
            "name", say("姓名", "Name"), "read_only", "陈𬱖䶮", source=say("取自身份证", "From your identity card")
        ),
        FieldView(
            "number",
            say("身份证号码", "Identity number"),
            "read_only",
            "3101**********0022",
            source=say("取自身份证", "From your identity card"),
            sensitive=True,
        ),
        FieldView(
            "phone",
            say("联系电话", "Phone number"),
            "phone",
            "",
            "phone",
            hint=say("11 位手机号码", "11-digit mobile number"),
            max_length=11,
        ),
        FieldView(
            "address",
            say("居住地址", "Where you live"),
            "address",
            "上海市徐汇区漕宝路 82 号 3 号楼 1201 室",
            "address",
            source=say("取自您的证件，可以修改", "From your document; you can change it"),
        ),
        FieldView(
            "way",
            say("怎么领卡", "How to receive the card"),
            "choice",
            "post",
            options=(
                ("post", say("邮寄到居住地址", "Post it to my address")),
                ("fetch", say("到街道窗口领取", "I collect it at the centre")),
            ),
        ),
        FieldView(
            "other",
            say("紧急联系人电话", "Emergency contact"),
            "phone",
            "",
            "phone",
            required=False,
            hint=say("可以先不填", "May be left empty"),
            max_length=11,
        ),
    )
    wrong = tuple(
        replace(
            field,
            value="1380013",
            error=say(
                "手机号码是 11 位，现在是 7 位，请再看一看。",
                "A mobile number has 11 digits; this one has 7. Please check.",
            ),
        )
        if field.id == "phone"
        else field
        for field in fields
    )
    nine = Choice("submit", say("下一步", "Next"))
    card_first = say(
        "请把身份证放在亮灯的地方，或出示您的码", "Please lay your card on the lit spot, or show your code"
    )
    network = say(
        "网络暂时不通。可以先办的照常办，材料会稳妥存在本机，通了就送出。",
        "The network is down for now. What can be done here still works; papers are kept safely and sent later.",
    )

    def at(page: Page, body: object, **more: object) -> View:
        return replace(known, page=page, body=body, **more)  # type: ignore[arg-type]

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
                    (say("要多久", "Time"), say("约 5 分钟", "About 5 min")),
                    (say("费用", "Fee"), say("不收费", "Free")),
                    (say("要带什么", "Bring"), say("您的身份证", "Your identity card")),
                    (say("谁来办", "Office"), say("街道社区事务受理服务中心", "Community service centre")),
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
                ((say("要多久", "Time"), say("约 1 分钟", "About 1 min")),),
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
        "form": at(
            Page.FORM,
            FormBody(say("请核对并补全您的信息", "Please check your details and fill in what is missing"), fields),
            steps=steps(language, 3),
            next=Choice("next", say("下一步", "Next"), False, say("还差：联系电话", "Still missing: phone number")),
        ),
        "form-error": at(
            Page.FORM,
            FormBody(
                say("请核对并补全您的信息", "Please check your details and fill in what is missing"),
                wrong,
                say("有一项需要再看一看。", "One answer needs another look."),
            ),
            steps=steps(language, 3),
            next=nine,
        ),
        "review": at(
            Page.REVIEW,
            ReviewBody(
                say("请看一看，写得对吗？", "Please have a look. Is everything right?"),
                ("page-1", "page-2"),
                say(
                    "点“确认提交”就是正式申请。之后约 15 个工作日寄到，凭条上有编号可查。",
                    "Touching “Submit” makes this your application. The card arrives in about 15 working days.",
                ),
            ),
            steps=steps(language, 4),
            next=Choice("submit", say("确认提交", "Submit")),
        ),
        "working": at(
            Page.WORKING,
            WorkingBody(
                say("正在打印您的证明，约 20 秒", "Printing your record, about 20 seconds"),
                (
                    Line("ok", say("已向社保中心查到您的缴费情况", "Your payment record was found")),
                    Line("ok", say("已做好证明并盖章", "The record is made and sealed")),
                    Line("step", say("正在打印", "Printing")),
                    Line("info", say("请取纸", "Take your paper")),
                ),
                say(
                    "还要再等一会儿。您可以继续等，也可以不打印了。", "It takes a little longer. You may wait or stop."
                ),
            ),
            steps=steps(language, 4),
            back=None,
        ),
        "take-pages": at(
            Page.TAKE,
            TakeBody(
                say("请取走您的文件", "Please take your document"),
                say("在亮灯的出纸口，共 1 张", "It is in the lit tray: 1 sheet"),
                Spot.PAGES,
                True,
            ),
            back=None,
        ),
        "take-slip": at(
            Page.TAKE,
            TakeBody(
                say("请取走凭条", "Please take your slip"),
                say("凭条上有编号，查进度时会用到", "Its number lets you ask how things stand"),
                Spot.SLIP,
                False,
            ),
            back=None,
            next=Choice("taken", say("我已拿好", "I have it")),
        ),
        "door-opening": at(
            Page.DOOR,
            DoorBody(
                say("正在打开 7 号门", "Opening door 7"),
                say("请看亮灯的柜子", "Please look at the lit locker"),
                7,
                12,
                "opening",
            ),
            back=None,
        ),
        "door-open": at(
            Page.DOOR,
            DoorBody(
                say("7 号门开了，请取出居住证", "Door 7 is open. Please take out: residence permit"),
                say("取出后请把门关好", "Then please close the door"),
                7,
                12,
                "open",
            ),
            back=None,
        ),
        "door-taken": at(
            Page.DOOR,
            DoorBody(
                say("已取出，请把 7 号门关好", "Thank you. Please close door 7"),
                say("推到听见“咔”一声", "Push until it clicks"),
                7,
                12,
                "taken",
            ),
            back=None,
        ),
        "door-shut": at(
            Page.DOOR,
            DoorBody(
                say("7 号门好像没有弹开", "Door 7 does not seem to have opened"),
                say("请轻轻拉一下门。还是不开，可以再试一次。", "Please pull it gently. If it stays shut, try again."),
                7,
                24,
                "shut",
            ),
            back=None,
            choices=(again,),
        ),
        "result": at(
            Page.RESULT,
            ResultBody(
                say("申请已经收好了", "Your application is safely received"),
                True,
                say("办件编号", "Case number"),
                "310104-20261122-00017-3",
                (
                    Line("ok", say("凭条已打印，上面有编号", "The slip with this number is printed")),
                    Line(
                        "info",
                        say("约 15 个工作日寄到您填的地址", "It arrives at your address in about 15 working days"),
                    ),
                    Line("info", say("网络恢复后自动送出，不用再来", "It is sent by itself when the network is back")),
                ),
            ),
            steps=steps(language, 5),
            back=None,
            choices=(home,),
            next=Choice("finish", say("结束", "Finish")),
        ),
        "result-not-good": at(
            Page.RESULT,
            ResultBody(
                say("查到了，但没有缴费记录", "There is no payment record for you"),
                False,
                lines=(Line("info", say("如果觉得不对，请拨打 12333", "If this seems wrong, please call 12333")),),
            ),
            back=None,
            choices=(home,),
            next=Choice("finish", say("结束", "Finish")),
        ),
        "trouble": at(
            Page.TROUBLE,
            TroubleBody(
                say("打印机里没有纸了", "The printer is out of paper"),
                say(
                    "不是您的问题，纸刚好用完了。已通知工作人员来加纸。",
                    "This is not your fault. The paper has just run out; staff have been told.",
                ),
                say("您的证明没有丢，可以换一种方式拿到。", "Your record is not lost. You can still get it."),
                (
                    say("在旁边的终端上凭身份证再打印", "Print it at the terminal next to this one with your card"),
                    say("明天到街道窗口领取", "Or collect it at the centre tomorrow"),
                ),
                "printer.paper_out",
            ),
            back=None,
            choices=(
                again,
                Choice(
                    "wait",
                    say("继续等", "Keep waiting"),
                    False,
                    say("工作人员约 30 分钟后到", "Staff arrive in about 30 minutes"),
                    "hourglass",
                ),
            ),
        ),
        "leaving": at(
            Page.LEAVING,
            LeavingBody(
                say("您还有东西没有拿", "Something of yours is still here"),
                (
                    ("card", say("身份证还在读卡处", "Your card is still on the reader")),
                    ("pages", say("文件还在出纸口", "Your document is still in the tray")),
                    ("door", say("7 号门还开着，请关好", "Door 7 is still open; please close it")),
                ),
            ),
            back=None,
            leave=None,
        ),
        "goodbye": replace(
            frame,
            page=Page.GOODBYE,
            body=GoodbyeBody(
                say("慢走，再见", "Goodbye, take care"),
                say("您的信息已经从本机清除。", "Your details have been removed from this terminal."),
            ),
        ),
        "countdown": at(
            Page.FORM,
            FormBody(say("请核对并补全您的信息", "Please check your details and fill in what is missing"), fields),
            steps=steps(language, 3),
            next=nine,
            countdown=Countdown(
                12,
                15,
                say(
                    "您还在吗？12 秒后将结束并清除本次信息。轻触屏幕即可继续。",
                    "Are you still there? In 12 seconds this visit ends and its details are erased. "
                    "Touch the screen to go on.",
                ),
            ),
        ),
    }
