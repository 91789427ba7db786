"""What a citizen sent and was held for a person: taken into the case, or set aside with a reason that he reads."""

import httpx2

from central.jobs import audit, casework, statuses
from central.jobs.held import set_aside, take
from central.jobs.opening import file_of
from central.rules.asks import Ask
from central.rules.letters import LetterState, Sender
from central.rules.progress import CaseMove, CaseState
from central.store import letters, notices, supplements
from central.store.cases import CaseRow
from central.store.supplements import SupplementRow
from tests.central.caseworld import amended, moved, told_of
from tests.console.plain import Plain, hidden_of, words_of
from tests.console.world import ANSWERS, REGION, Desk, DeskTerminal, citizen
from wire.messages import CasesRequest, SignedCases
from wire.records import LEAST_NONCE

M, S = CaseMove, CaseState
NEW = "上海市黄浦区演示路2号203室"


def held_case(desk: Desk, terminal: DeskTerminal, number: str, *, extended: bool = True) -> CaseRow:
    """Returned to have the address put right, then given another day: what the citizen sends meanwhile is held."""
    terminal.apply(desk.item("jinglaoka"), number, citizen(), ANSWERS)
    seen = moved(
        desk.central,
        desk.row(number),
        M.RETURN,
        "chen.shenhe",
        asks=[Ask("residence.address", "")],
        reasons=["field.wrong"],
    )
    day = casework.usual_deadline(desk.central, seen)
    row = moved(desk.central, seen, M.EXTEND, "chen.shenhe", deadline=day) if extended else seen
    answers = {"residence.address": NEW, "contact.phone": "13900009999"}
    page = terminal.page(citizen(), number, answers)
    terminal.send(
        terminal.letter(
            amended(terminal, seen, answers, page=page, person=citizen(), materials=[("paper.jpg", b"a scan")])
        )
    )
    return row


def waiting(desk: Desk, case: str) -> SupplementRow:
    with desk.central.database.reading() as connection:
        (row,) = [each for each in supplements.of_case(connection, REGION, case) if each.waits]
    return row


def letter_of(desk: Desk, row: SupplementRow) -> tuple[LetterState, str]:
    with desk.central.database.reading() as connection:
        kept = letters.find(connection, row.region, row.letter)
    assert kept is not None
    return kept.state, kept.note


def answers_of(desk: Desk, case: str) -> dict[str, str]:
    return dict(told_of(desk.central, case).answers)


def test_a_reviewer_takes_it_in_and_the_case_goes_on(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    held_case(desk, terminal, number)
    sent = waiting(desk, number)
    chen = Plain(desk, line, "chen.shenhe")
    listed = words_of(chen.get("/letters"))
    assert number in listed
    assert sent.letter not in listed  # it is not to be tried again: a person decides on the case's page
    page = chen.get(f"/cases/{number}?region={REGION}")
    assert "会改的：现在住的地址" in words_of(page)
    assert NEW not in page.text
    sure = chen.post("/case/held", hidden_of(page, "/case/held", "收下"))
    assert "会改成送来的 现在住的地址" in words_of(sure)
    assert waiting(desk, number) == sent  # nothing yet
    told = hidden_of(sure, "/case/held") | {"sure": ["1"]}
    for _ in range(2):
        done = chen.post("/case/held", told)
        assert done.status_code == 303
        assert "said=held_take" in done.headers["location"]
    row = desk.row(number)
    assert row.state is S.CHECKED
    assert answers_of(desk, number)["residence.address"] == NEW
    assert answers_of(desk, number)["contact.phone"] == ANSWERS["contact.phone"]  # that was never asked for
    assert file_of(desk.central, REGION, number, 2)[1] == b"a scan"  # type: ignore[index]
    assert letter_of(desk, sent) == (LetterState.OPENED, "")
    after = chen.get(f"/cases/{number}?region={REGION}")
    assert "补正后重新提交" in words_of(after)
    assert "没有自动收下" not in words_of(after)
    assert number not in words_of(chen.get("/letters"))
    seen = [(who, what) for _, who, what, _ in audit.events_about(desk.central, number)]
    assert seen.count(("chen.shenhe", "case.resubmit")) == 1


def test_a_reviewer_sets_it_aside_and_the_citizen_reads_why(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    held_case(desk, terminal, number)
    sent = waiting(desk, number)
    chen = Plain(desk, line, "chen.shenhe", "en")
    page = chen.get(f"/cases/{number}?region={REGION}")
    told = hidden_of(page, "/case/held", "set_aside")
    none = chen.post("/case/held", told)
    assert none.status_code == 422
    assert "Please choose at least one reason." in words_of(none)
    foreign = chen.post("/case/held", told | {"reason": "granted.before"})  # of another list
    assert foreign.status_code == 422
    sure = chen.post("/case/held", told | {"reason": "sent.same", "note": "同一份"})
    assert "后来送来的内容没有用上" in words_of(sure)  # the text message, in the citizen's language
    told = hidden_of(sure, "/case/held") | {"sure": ["1"]}
    for _ in range(2):
        assert chen.post("/case/held", told).status_code == 303
    assert letter_of(desk, sent) == (LetterState.OPENED, "amend.set_aside")
    assert desk.row(number).state is S.RETURNED
    assert answers_of(desk, number) == ANSWERS
    with desk.central.database.reading() as connection:
        (event,) = [e for e in casework.events_of(desk.central, connection, REGION, number) if e.what == "set_aside"]
        kinds = [each.kind for each in notices.of_case(connection, REGION, number)]
    assert (event.who, event.reasons, event.note) == ("chen.shenhe", ("sent.same",), "同一份")
    assert kinds.count("set_aside") == 1
    assert ("chen.shenhe", "case.set_aside", "sent.same") in [e[1:] for e in audit.events_about(desk.central, number)]


def test_who_only_receives_decides_neither(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    row = held_case(desk, terminal, number)
    sent = waiting(desk, number)
    li = Plain(desk, line, "li.shouli")
    assert "/case/held" not in li.get(f"/cases/{number}?region={REGION}").text
    told = {
        "region": REGION,
        "case": number,
        "revision": row.revision,
        "letter_region": sent.region,
        "letter": sent.letter,
    }
    assert li.post("/case/held", told | {"deed": "take", "sure": "1"}).status_code == 403
    chen = Plain(desk, line, "chen.shenhe")
    assert chen.post("/case/held", told | {"deed": "burn", "sure": "1"}).status_code == 422
    assert chen.post("/case/held", told | {"deed": "take", "letter": "x", "sure": "1"}).status_code == 422
    assert chen.post("/case/held", told | {"deed": "take", "revision": "1", "sure": "1"}).status_code == 409
    assert Plain(desk, line, "xu.quyu").post("/case/held", told | {"deed": "take", "sure": "1"}).status_code == 404
    assert waiting(desk, number) == sent


def test_nothing_is_taken_into_a_case_that_is_decided(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    row = moved(desk.central, held_case(desk, terminal, number), M.WITHDRAW, "chen.shenhe")
    sent = waiting(desk, number)
    where = desk.central, REGION, number, (sent.region, sent.letter)
    refused = take(*where, who="chen.shenhe", revision=row.revision)
    assert isinstance(refused, casework.MoveRefused)
    assert refused.why is casework.Refused.HELD_TOO_LATE
    page = Plain(desk, line, "chen.shenhe").get(f"/cases/{number}?region={REGION}")
    assert "放不进这件" in words_of(page)
    assert isinstance(
        set_aside(*where, who="chen.shenhe", revision=row.revision, reasons=["sent.late"]), casework.Moved
    )
    again = set_aside(*where, who="chen.shenhe", revision=row.revision + 1, reasons=["sent.late"])
    assert isinstance(again, casework.MoveRefused)
    assert again.why is casework.Refused.HELD_GONE


def test_into_a_case_that_is_being_worked_on_it_brings_what_was_asked_for_and_moves_nothing(
    desk: Desk, terminal: DeskTerminal, number: str
) -> None:
    row = held_case(desk, terminal, number)
    row = moved(desk.central, row, M.RESUBMIT, "chen.shenhe")
    sent = waiting(desk, number)
    done = take(desk.central, REGION, number, (sent.region, sent.letter), who="chen.shenhe", revision=row.revision)
    assert isinstance(done, casework.Moved)
    assert (done.row.state, done.row.revision) == (row.state, row.revision + 1)
    assert answers_of(desk, number)["residence.address"] == NEW
    with desk.central.database.reading() as connection:
        assert casework.events_of(desk.central, connection, REGION, number)[-1].what in ("amended", "check")


def test_a_letter_that_is_tried_again_after_it_was_settled_changes_nothing(
    desk: Desk, line: httpx2.Client, terminal: DeskTerminal, number: str
) -> None:
    row = held_case(desk, terminal, number)
    sent = waiting(desk, number)
    done = take(desk.central, REGION, number, (sent.region, sent.letter), who="chen.shenhe", revision=row.revision)
    assert isinstance(done, casework.Moved)
    before = desk.row(number)
    with desk.central.database.writing() as connection:
        letters.set_state(connection, sent.region, sent.letter, LetterState.HELD)
    told = {"region": sent.region, "letter": sent.letter}
    answer = Plain(desk, line, "zhao.yunwei").post("/letters/again", told)
    assert "letter_opened" in answer.headers["location"]
    assert vars(desk.row(number)) == vars(before)


def told_at_a_terminal(desk: Desk, number: str) -> str:
    """What a terminal tells the citizen of this case besides its state."""
    request = CasesRequest(nonce="n" * LEAST_NONCE, holder_number=citizen().number, holder_name=citizen().name)
    answer = statuses.ask(desk.central, Sender(REGION, "NT-0001"), request)
    assert isinstance(answer, SignedCases)
    (told,) = [each for each in answer.cases.cases if each.case == number]
    return told.next_zh


def test_the_citizen_reads_at_a_terminal_why_it_was_not_used(desk: Desk, terminal: DeskTerminal, number: str) -> None:
    row = held_case(desk, terminal, number)
    for move in (M.RESUBMIT, M.CHECK, M.ACCEPT):
        row = moved(desk.central, row, move, "li.shouli")
    sent = waiting(desk, number)
    where = desk.central, REGION, number
    promise = told_at_a_terminal(desk, number)
    done = set_aside(
        *where, (sent.region, sent.letter), who="chen.shenhe", revision=row.revision, reasons=["sent.late"]
    )
    assert isinstance(done, casework.Moved)
    assert told_at_a_terminal(desk, number) == f"您后来送来内容时，这件已经不用补了，所以没有用上；{promise}"
    row = moved(desk.central, done.row, M.REFUSE, "chen.shenhe", reasons=["granted.before"])
    noted = casework.write_note(*where, "已电话告知", who="chen.shenhe", revision=row.revision)
    assert isinstance(noted, casework.Moved)
    assert told_at_a_terminal(desk, number).endswith("；已经办过，不用再办")  # a note does not hide why
