"""The pages at the end: result, trouble, leaving, goodbye."""

from dataclasses import replace

from kiosk.view import (
    Choice,
    GoodbyeBody,
    LeavingBody,
    Line,
    Page,
    RatingBody,
    RatingMark,
    ResultBody,
    TroubleBody,
    View,
)
from tests.ui.samples.frame import Frame, steps


def views(language: str) -> dict[str, View]:
    """Name -> View."""
    own = Frame(language)
    say, at, frame = own.say, own.at, own.frame
    home, again = own.home, own.again

    return {
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
        "result-slip": at(
            Page.RESULT,
            ResultBody(
                say("申请已经收好了", "Your application is safely received"),
                True,
                say("办件编号", "Case number"),
                "310104-20261122-00017-3",
                (
                    Line("ok", say("已送到社区事务受理服务中心", "Sent to the community service centre")),
                    Line(
                        "warn",
                        say(
                            "凭条没有打印出来，不影响办理。图上就是凭条，请用手机拍下来。",
                            "The slip could not be printed. That changes nothing: photograph the picture.",
                        ),
                    ),
                ),
                "slip",
            ),
            steps=steps(language, 5),
            back=None,
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
        "rating": at(
            Page.RATING,
            RatingBody(
                say("“敬老卡申领”办得怎么样？", "How was “Senior citizen card”?"),
                say("不评也行。评价不留姓名，不影响办理。", "Only if you like. No name is kept."),
                tuple(
                    RatingMark(f"level:{level}", say(zh, en), icon)
                    for level, zh, en, icon in (
                        (5, "非常满意", "Very satisfied", "mood-happy"),
                        (4, "满意", "Satisfied", "mood-smile"),
                        (3, "基本满意", "Fairly satisfied", "mood-neutral"),
                        (2, "不满意", "Dissatisfied", "mood-sad"),
                        (1, "非常不满意", "Very dissatisfied", "mood-angry"),
                    )
                ),
            ),
            back=None,
            next=Choice("skip", say("不评价，离开", "Skip and leave")),
        ),
        "rating-why": at(
            Page.RATING,
            RatingBody(
                say("哪里没做好？可以多选，也可以不选", "What went wrong? Choose any, or none"),
                say("您选了“不满意”", "You chose “Dissatisfied”"),
                reasons=tuple(
                    RatingMark(f"reason:{number}", say(zh, en), "", number == 1)
                    for number, (zh, en) in enumerate(
                        (
                            ("等得太久", "It took too long"),
                            ("说明看不懂", "It was hard to understand"),
                            ("操作不方便", "It was hard to use"),
                            ("机器有毛病", "The machine had a fault"),
                            ("事情没办好", "I did not get what I came for"),
                            ("担心个人信息", "I am uneasy about my data"),
                        )
                    )
                ),
            ),
            back=Choice("back", say("返回", "Back")),
            next=Choice("next", say("提交评价", "Send")),
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
                say("需要人帮忙，请拨打 021-12345，报上编号。", "For help, please call 021-12345 and give the number."),
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
    }
