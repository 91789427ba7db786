"""What the pages say, in Chinese and English. Every key has both; a missing one is our mistake and raises."""

import datetime as dt
from collections.abc import Mapping

LANGUAGES = ("zh", "en")
BEIJING = dt.timezone(dt.timedelta(hours=8))

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("暖亭 · 中心", "Nuanting · Central"),
    "brand": ("暖亭", "Nuanting"),
    "brand.what": ("中心", "Central"),
    "nav": ("页面", "Pages"),
    "nav.home": ("案件与终端", "Cases and terminals"),
    "nav.verify": ("验证回执或证明", "Verify a receipt or proof"),
    "nav.other": ("English", "中文"),
    "demo.note": (
        "这些页面还没有工作人员登录，只供本机演示和开发；姓名与证件号码已遮盖。请勿开放到网络上。",
        (
            "These pages have no staff login yet: for demonstration on this machine only. Names and numbers are "
            "masked. Do not open them to a network."
        ),
    ),
    "demo.proxy": (
        "这些页面自己没有工作人员登录，谁能进入由前面的代理服务器决定；姓名与证件号码已遮盖。",
        (
            "These pages have no staff login of their own: the proxy in front decides who may enter. "
            "Names and numbers are masked."
        ),
    ),
    "time.zone": ("时间均为北京时间", "Times are Beijing time (UTC+8)"),
    "none": ("没有", "None"),
    "never": ("从未", "Never"),
    "cases": ("收到的申请", "Applications received"),
    "cases.none": ("还没有收到申请。", "No application has arrived yet."),
    "cases.older": ("更早的申请", "Older applications"),
    "cases.newest": ("回到最新", "Back to the newest"),
    "proofs": ("打印的证明", "Proofs printed"),
    "proofs.none": ("还没有打印过证明。", "No proof has been printed yet."),
    "terminals": ("终端", "Terminals"),
    "terminals.none": ("还没有终端登记。", "No terminal has been enrolled yet."),
    "trouble": ("需要人看的信件", "Letters a person must look at"),
    "trouble.none": ("没有。收到的信件都已打开并归档。", "None. Every letter was opened and filed."),
    "col.case": ("案件号", "Case"),
    "col.serial": ("编号", "Serial"),
    "col.item": ("事项", "Service"),
    "col.person": ("申请人", "Applicant"),
    "col.terminal": ("终端", "Terminal"),
    "col.site": ("地点", "Site"),
    "col.region": ("地区", "Region"),
    "col.submitted": ("提交", "Submitted"),
    "col.received": ("收到", "Received"),
    "col.printed": ("打印", "Printed"),
    "col.state": ("状态", "State"),
    "col.seen": ("最近联系", "Last heard"),
    "col.enrolled": ("登记", "Enrolled"),
    "col.letter": ("信件", "Letter"),
    "col.why": ("原因", "Why"),
    "col.at": ("时间", "Time"),
    "col.name": ("名称", "Name"),
    "col.size": ("大小", "Size"),
    "col.hash": ("SHA-256", "SHA-256"),
    "col.door": ("格口", "Door"),
    "col.what": ("物品", "What"),
    "col.matter": ("什么事", "Matter"),
    "col.ticket": ("取件单", "Ticket"),
    "col.deed": ("动作", "Deed"),
    "col.found": ("开机时查明", "Found at start"),
    "col.outcome": ("结果", "Outcome"),
    "state.agrees": ("回执相符", "Receipt agrees"),
    "state.signed": ("签名相符", "Signature agrees"),
    "state.flagged": ("需核对", "To be checked"),
    "case": ("案件", "Case"),
    "case.unknown": ("没有这个案件号。", "There is no case of this number."),
    "case.unknown.do": (
        "终端断网时，申请会晚一些到。可以先验证回执。",
        "A terminal without network delivers later. You can verify the receipt meanwhile.",
    ),
    "case.facts": ("情况", "Facts"),
    "case.answers": ("填写的内容", "What was filled in"),
    "case.filled": ("已填，登录功能完成前不显示", "Filled in; not shown until there is a staff login"),
    "case.empty": ("未填", "Left empty"),
    "case.parts": ("留存的文件", "Files kept"),
    "case.page": ("申请人确认过的那一页", "The very page the applicant approved"),
    "case.material": ("材料", "Material"),
    "case.parts.note": (
        "文件原样留存；登录功能完成前不能在这里打开。",
        "Files are kept as they came; they cannot be opened here until there is a staff login.",
    ),
    "case.receipt": ("回执", "Receipt"),
    "case.receipt.ok": (
        "回执由该终端的密钥签名，与收到的文件一致。",
        "The receipt is signed by that terminal's key and agrees with the files that arrived.",
    ),
    "case.receipt.bad": ("与回执不符，请核对：", "Does not agree with the receipt. Please check:"),
    "case.receipt.verify": ("在验证页查看这张回执", "See this receipt on the verification page"),
    "case.definition": ("事项定义", "Definition"),
    "case.version": ("第 {number} 版", "version {number}"),
    "case.consents": ("同意", "Consents"),
    "case.by": ("身份核验", "Identified by"),
    "case.letter": ("信件号", "Letter"),
    "by.card": ("身份证件", "identity card"),
    "by.code": ("二维码", "QR code"),
    "by.pickup_code": ("取件码", "pickup code"),
    "terminal": ("终端", "Terminal"),
    "terminal.unknown": ("没有这台终端。", "There is no such terminal."),
    "terminal.mirror": ("下发版本", "Mirror version"),
    "terminal.chain": ("回执链", "Receipt chain"),
    "terminal.chain.none": ("还没有回执。", "No receipt yet."),
    "terminal.chain.ok": (
        "最近 {count} 张回执首尾相连，没有缺号。",
        "The newest {count} receipts follow one another without a gap.",
    ),
    "terminal.chain.gap": (
        "回执 {numbers} 之前缺一张或对不上：可能还在路上，也可能需要查。",
        "Something before receipt {numbers} is missing or does not fit: still on its way, or to be looked into.",
    ),
    "incidents": ("开机时查明的事", "Found at start"),
    "incidents.none": ("没有。", "None."),
    "ratings": ("好差评", "Ratings"),
    "ratings.none": ("还没有评价。", "No rating yet."),
    "rating.5": ("非常满意", "Very satisfied"),
    "rating.4": ("满意", "Satisfied"),
    "rating.3": ("基本满意", "Fairly satisfied"),
    "rating.2": ("不满意", "Dissatisfied"),
    "rating.1": ("非常不满意", "Very dissatisfied"),
    "rating.reason.too_long": ("等得太久", "took too long"),
    "rating.reason.unclear": ("说明看不懂", "hard to understand"),
    "rating.reason.hard_to_use": ("操作不方便", "hard to use"),
    "rating.reason.machine": ("机器有毛病", "the machine had a fault"),
    "rating.reason.not_solved": ("事情没办好", "not what was needed"),
    "rating.reason.uneasy": ("担心个人信息", "uneasy about personal data"),
    "tickets": ("取件格口", "Compartments"),
    "tickets.none": ("没有待取的物品。", "Nothing waits to be collected."),
    "ticket.open": ("待取", "Waiting"),
    "ticket.closed": ("已取走", "Collected"),
    "ticket.doubtful": ("不确定，请到现场看", "Uncertain: someone must look"),
    "verify": ("验证回执或证明", "Verify a receipt or proof"),
    "verify.how": (
        "用手机扫纸上的二维码，把得到的文字粘贴在下面。文字以 NT1. 开头。",
        "Scan the QR code on the paper and paste its text below. It begins with NT1.",
    ),
    "verify.label": ("二维码里的文字", "Text of the QR code"),
    "verify.button": ("验证", "Verify"),
    "verify.receipt": ("这张回执是真的", "This receipt is genuine"),
    "verify.receipt.proves": (
        ("它证明：下面这台终端在这个时间收下了这件申请，之后回执上的内容没有改动过。它不证明申请已经受理或批准。"),
        (
            "It proves that the terminal below took in this application at this time, and that the receipt was not "
            "changed since. It does not prove that the application was accepted or approved."
        ),
    ),
    "verify.proof": ("这份证明是真的", "This proof is genuine"),
    "verify.proof.proves": (
        "它证明：下面这台终端在这个时间打印了这个编号的证明。请对照纸上的编号、事项和时间；不一致就不是这张纸。",
        (
            "It proves that the terminal below printed a proof of this serial at this time. Compare serial, service "
            "and time with the paper: if they differ, it is not this paper."
        ),
    ),
    "verify.figures": (
        "数据与中心当时交给终端的一致；来源：{source}。",
        "Its figures are those that central handed to the terminal. Source: {source}.",
    ),
    "verify.figures.unknown": (
        "中心没有交出过这组数据的记录，数据是否一致无法在这里确认。",
        "Central has no record of handing out these figures, so it cannot confirm them here.",
    ),
    "verify.citizen_code": ("这是市民身份码，不是回执或证明", "This is a citizen's code, not a receipt or proof"),
    "verify.citizen_code.do": (
        "它用来在终端上代替身份证，请不要给别人看。这里不显示它的内容。",
        "It stands in for an identity card at a terminal: please show it to nobody. Its contents are not shown here.",
    ),
    "verify.foreign": ("这不是暖亭的二维码", "This is not one of our codes"),
    "verify.foreign.do": (
        "它可能属于别的系统。请扫回执或证明上印的那个二维码。",
        "It may belong to another system. Please scan the code printed on the receipt or the proof.",
    ),
    "verify.damaged": ("这段文字不完整", "This text is not whole"),
    "verify.damaged.do": (
        "它的开头是对的，但后面缺了或改了。请重新扫一次，把全部文字粘贴进来。",
        "It begins as one of ours, but something is missing or changed. Please scan again and paste all of it.",
    ),
    "verify.unknown_key": ("不能确认是谁签的", "Nobody we know signed this"),
    "verify.unknown_key.do": (
        "签名的密钥不属于任何一台登记过的终端。不要相信这张纸，请向窗口询问。",
        "The key belongs to no enrolled terminal. Do not rely on this paper; please ask at a counter.",
    ),
    "verify.forged": ("这是假的，或被改动过", "This is false, or was changed"),
    "verify.forged.do": (
        "签名对不上。不要相信这张纸，请向窗口询问。",
        "The signature does not fit. Do not rely on this paper; please ask at a counter.",
    ),
    "verify.parts": ("签收的文件数", "Files it names"),
    "verify.counter": ("该终端的第几张回执", "Receipt no. of this terminal"),
    "verify.arrival": ("是否到达中心", "Has it reached central?"),
    "arrival.arrived": ("已到达，内容与这张纸一致", "Yes, and it agrees with this paper"),
    "arrival.differs": ("已到达，但与这张纸不一致，需要人工核对", "Yes, but it does not agree: a person must look"),
    "arrival.not_yet": (
        "还没有到达。终端可能暂时断网，会自动补送；这张纸仍然有效。",
        "Not yet arrived. The terminal may be offline and will deliver by itself; this paper stays valid.",
    ),
    "verify.key_ended": ("签名密钥已于 {at} 更换。", "The signing key was replaced on {at}."),
    "verify.after_end": (
        "注意：纸上的时间晚于密钥更换的时间，请向窗口核实。",
        "Caution: the paper's time is later than that. Please ask at a counter.",
    ),
    "outcome.taken": ("已取走", "taken"),
    "outcome.done": ("已取走", "taken"),
    "outcome.presented": ("已送出", "presented"),
    "outcome.failed": ("没有打成", "failed"),
    "outcome.unknown": ("不确定", "uncertain"),
    "outcome.not_taken": ("未取", "not taken"),
    "outcome.doubtful": ("不确定", "uncertain"),
    "trouble.unreadable": ("打不开", "Cannot be read"),
    "trouble.held": ("有疑问", "In question"),
    "trouble.conflict": ("同号不同内容", "Same id, other bytes"),
    "trouble.refused": ("已退回", "Rejected"),
    "flag.receipt.unverified": ("回执不是该终端签的", "the receipt was not signed by this terminal"),
    "flag.receipt.other_case": ("回执上的案件号不同", "the receipt names another case"),
    "flag.receipt.other_item": ("回执上的事项或版本不同", "the receipt names another service or version"),
    "flag.receipt.other_terminal": ("回执上的终端不同", "the receipt names another terminal"),
    "flag.receipt.other_parts": ("到达的文件与回执上的不同", "the files are not those the receipt names"),
    "flag.part.damaged": ("有文件与它自己的摘要不符", "a file is not what it says it is"),
    "flag.page.not_pdf": ("申请页不是 PDF", "the page is not a PDF"),
    "flag.proof.unverified": ("证明不是该终端签的", "the proof was not signed by this terminal"),
    "flag.proof.other_serial": ("编号不同", "another serial"),
    "flag.proof.other_item": ("事项不同", "another service"),
    "flag.proof.other_terminal": ("终端不同", "another terminal"),
    "note.letter.not_yours": ("写的是别的终端", "names another terminal"),
    "note.letter.bad_header": ("信封有误", "impossible header"),
    "note.letter.bad_hash": ("内容与摘要不符", "body does not fit its hash"),
    "note.letter.too_large": ("太大", "too large"),
    "note.letter.id_taken": ("别的终端用过这个号", "id of another terminal's letter"),
    "note.letter.bytes_changed": ("磁盘上的内容变了", "bytes changed on the disk"),
    "note.letter.bad_contents": ("内容读不懂", "contents make no sense"),
    "note.letter.other_bytes": ("两份都已保留", "both are kept"),
    "note.case.number_taken": ("案件号已被另一封信使用", "case number of another letter"),
    "note.proof.serial_taken": ("编号已被另一封信使用", "serial of another letter"),
    "note.rating.already": ("这件事已经评价过", "this was rated already"),
    "note.seal.not_sealed": ("不是密封的信", "not a sealed letter"),
    "note.seal.unknown_suite": ("不认识的加密方式", "unknown cipher suite"),
    "note.seal.not_for_us": ("不是封给本中心的", "sealed to another key"),
    "note.seal.damaged": ("密封已损坏", "seal is damaged"),
    "note.ticket.unknown": ("没有这张取件单", "no such ticket"),
    "note.ticket.other_terminal": ("取件单属于别的终端", "another terminal's ticket"),
    "note.ticket.closed_before": ("取件单早已关闭", "ticket was closed before"),
    "note.ticket.bad_outcome": ("结果写法不认识", "unknown outcome"),
    "page.unknown": ("没有这个页面。", "There is no such page."),
}


def say(key: str, language: str, **values: str) -> str:
    """A sentence. Raises KeyError for an unknown key."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def say_word(group: str, word: str, language: str) -> str:
    """The sentence for a word that came over the wire, or the word itself: an unknown word is shown, never raised."""
    found = WORDS.get(f"{group}.{word}")
    return found[LANGUAGES.index(language)] if found else word


def show_time(at: dt.datetime | None, language: str) -> str:
    """Beijing time to the minute, seconds kept out of the way."""
    if at is None:
        return say("never", language)
    aware = at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)
    return aware.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def show_size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 2**20:.1f} MB"
