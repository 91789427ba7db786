"""The pages on which something is done: form, review, working, take, door."""

from dataclasses import replace

from hardware.api.lights import Spot
from kiosk.view import (
    Choice,
    Countdown,
    DoorBody,
    FieldView,
    FormBody,
    Line,
    Page,
    ReviewBody,
    TakeBody,
    View,
    WorkingBody,
)
from tests.ui.samples.frame import Frame, steps


def views(language: str) -> dict[str, View]:
    """Name -> View."""
    own = Frame(language)
    say, at = own.say, own.at
    again = own.again
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
    return {
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
        "form-restored": at(
            Page.FORM,
            FormBody(
                say("怎么联系您", "How to reach you"),
                fields,
                note=say(
                    "上次填写的内容已经取回，请核对后接着办。",
                    "What you typed last time is back. Please check it and go on.",
                ),
            ),
            steps=steps(language, 3),
            next=nine,
            choices=(Choice("anew", say("不用了，重新填写", "No, start anew"), icon="refresh"),),
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
                (
                    (say("联系电话", "Mobile number"), "13812345678"),
                    (say("居住地址", "Home address"), "上海市徐汇区样例路5号101室"),
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
                "slip",
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
                Choice("erase", say("结束并清除我的信息", "End and clear my details"), icon="door-exit"),
            ),
        ),
    }
