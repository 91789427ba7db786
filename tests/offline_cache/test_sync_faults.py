"""The sync against a central end over real HTTP that answers wrongly: what it believes, how it waits."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.twins.seat import HOST, take_seat
from offline_cache import outbox
from offline_cache.link import LinkFault
from offline_cache.sync import SyncSettings, SyncState
from tests.offline_cache import world
from tests.offline_cache.rig import Rig, a_rig, accept
from tests.offline_cache.world import START, serving
from wire.batches import MAGIC
from wire.deeds import Network
from wire.messages import AckState, SignedAcks


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path / "store") as rig:
        yield rig


# ---- what goes wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (world.html_200, LinkFault.PORTAL),
        (world.redirect, LinkFault.PORTAL),
        (world.error_500, LinkFault.SERVER),
        (world.half_reply, LinkFault.CUT),
        (world.no_reply, LinkFault.CUT),
        (world.wrong_signature, LinkFault.BAD_SIGNATURE),
        (world.garbage_json, LinkFault.BAD_ANSWER),
        (world.endless, LinkFault.TOO_LONG),
        (lambda handler: handler.say(403, b"<html>no</html>", "text/html"), LinkFault.PORTAL),
        (lambda handler: handler.say(511, b"login", "text/html"), LinkFault.PORTAL),
        (lambda handler: handler.error(422, "letters.not_a_batch"), LinkFault.REJECTED),
    ],
)
@pytest.mark.parametrize("size", [100, 400_000])
def test_a_wrong_answer_has_its_name_and_loses_nothing(
    tmp_path: Path, fault: world.Reply, named: LinkFault, size: int
) -> None:
    with a_rig(tmp_path / "s") as rig:
        rig.sync.round()
        accept(rig, "C1", "C2", size=size)
        wrong = {"left": 2}

        def answer(handler: world.Handler) -> world.Reply | None:
            if handler.command == "HEAD" or wrong["left"] == 0:
                return None
            wrong["left"] -= 1
            return fault

        rig.end.when = answer
        rig.sync.round()
        assert rig.store.waiting().letters == 2
        assert rig.sync.state().fault == named
        assert rig.sync.network() is (Network.UP if named is LinkFault.REJECTED else Network.DOWN)
        rig.turn_until_empty()
        assert sorted(rig.end.cases()) == ["C1", "C2"]
        assert len(rig.end.stored) == 2
        assert rig.sync.state() == SyncState(Network.UP, mirror=1)
        assert rig.store.waiting().parked == 0


def test_everything_wrong_in_turn_then_right(rig: Rig) -> None:
    accept(rig, "C1", "C2", "C3")
    rig.end.faults = [
        world.html_200, world.error_500, world.half_reply, world.wrong_signature, world.no_reply, world.garbage_json,
    ]  # fmt: skip
    rig.turn_until_empty()
    assert rig.end.cases() == ["C1", "C2", "C3"]
    assert len(rig.end.stored) == 3


def test_acknowledgements_of_other_bytes_or_letters_count_for_nothing(rig: Rig) -> None:
    accept(rig, "C1")
    rig.sync.round()
    ours = rig.end.order[0]
    accept(rig, "C2")

    def lie(handler: world.Handler) -> None:
        real = handler.end.take

        def take(header, body):
            ack = real(header, body)
            return ack.model_copy(update={"sha256": "0" * 64})

        handler.end.take = take
        try:
            handler.right()
        finally:
            handler.end.take = real

    old = SignedAcks.model_validate(rig.end.sign((rig.end.take(_header_of(rig, ours), rig.end.letters[ours]),)))
    rig.end.faults = [lie, lambda handler: handler.message(old)]
    waits = rig.turn_until_empty()
    assert len(waits) == 2
    assert rig.faults().count(LinkFault.BAD_ANSWER) == 1


def _header_of(rig: Rig, letter: str):
    body = rig.end.letters[letter]
    return world.LetterHeader(
        id=letter, region="31", terminal="terminal-1", kind="application", seq=1, subject="C1", size=len(body),
        sha256=world.hashlib.sha256(body).hexdigest(), created_at=START,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "reason"),
    [(AckState.CONFLICT, outbox.PARKED_CONFLICT), (AckState.REJECTED, outbox.PARKED_REJECTED)],
)
@pytest.mark.parametrize("size", [100, 400_000])
def test_what_central_will_not_have_is_parked_and_holds_back_its_subject_alone(
    tmp_path: Path, state: AckState, reason: str, size: int
) -> None:
    with a_rig(tmp_path / "s") as rig:
        accept(rig, "P1", size=size, subject="p")
        accept(rig, "P2", subject="p")
        accept(rig, "C1")
        bad = rig.store.letters()[0].id
        rig.end.verdicts[bad] = state
        rig.sync.round()
        parked = [row for row in rig.store.letters() if row.state is outbox.LetterState.PARKED]
        assert [(row.id, row.reason) for row in parked] == [(bad, reason)]
        accept(rig, "P3", subject="p")
        rig.sync.round()
        assert "P3" not in rig.end.cases()
        rig.end.verdicts.clear()
        assert rig.store.unpark(bad)
        rig.turn_until_empty()
        assert {"P1", "P3", "C1"} <= set(rig.end.cases())


def test_one_poisonous_letter_does_not_stop_the_others(rig: Rig) -> None:
    """Central falls over one letter, with an answer that nobody signed: it steps aside and is never given up."""
    accept(rig, *(f"C{n}" for n in range(8)))
    poison = rig.store.letters()[3].id
    rig.end.when = lambda handler: (
        world.error_500
        if handler.command == "POST" and poison in (header.id for header, _ in world.batch_in(handler.body))
        else None
    )
    for _ in range(12):
        rig.clock.pass_(rig.sync.round())
    assert sorted(rig.end.cases()) == [f"C{n}" for n in range(8) if n != 3]
    left = rig.store.letters()
    assert [(row.id, row.state) for row in left] == [(poison, outbox.LetterState.WAITING)]
    assert left[0].tries > 1
    rig.end.when = lambda handler: None
    rig.turn_until_empty()


# ---- who takes packed batches, and who does not ---------------------------------------------------------------


def a_proxys_page(handler: world.Handler) -> None:
    handler.say(415, b"<html>Unsupported Media Type</html>", "text/html")


@pytest.mark.parametrize("answer", [None, a_proxys_page, lambda handler: handler.error(404, "http.not_found")])
def test_where_packed_batches_are_not_taken_the_same_letters_go_as_json_at_once(
    rig: Rig, answer: world.Reply | None
) -> None:
    rig.end.knows_packed = False
    rig.end.when = lambda handler: answer if handler.body.startswith(MAGIC) else None
    accept(rig, "C1", "C2")
    assert rig.turn_until_empty() == []
    assert set(rig.faults()) <= {""}  # nobody is told of a fault: there was none
    accept(rig, "C3")
    rig.turn_until_empty()
    assert (rig.end.cases(), len(rig.end.stored)) == (["C1", "C2", "C3"], 3)
    posts = [path for method, path in rig.end.seen if method == "POST"]
    assert len(posts) == 3  # packed in vain, then twice as JSON
    rig.end.knows_packed, rig.end.when = True, lambda handler: None  # central is of this release now
    rig.clock.pass_(SyncSettings().packed_again_s)
    accept(rig, "C4")
    rig.turn_until_empty()
    assert rig.end.packed[-1]
    assert (rig.end.cases(), len(rig.end.stored)) == (["C1", "C2", "C3", "C4"], 4)


def test_a_packed_batch_whose_answer_is_lost_is_sent_again_and_stored_once(rig: Rig) -> None:
    """And central goes back to the release before it meanwhile."""
    rig.sync.round()
    accept(rig, "C1", "C2")
    rig.end.faults = [world.half_reply]
    rig.sync.round()
    assert rig.store.waiting().letters == 2
    rig.end.knows_packed = False
    rig.turn_until_empty()
    assert (sorted(rig.end.cases()), len(rig.end.stored)) == (["C1", "C2"], 2)
    assert rig.end.packed == [True, True, False, False]  # after the cut, one by one


def test_waits_grow_to_their_bound_and_start_anew(rig: Rig) -> None:
    rig.sync.round()
    accept(rig, "C1")
    rig.end.when = lambda handler: world.html_200
    waits = []
    for _ in range(12):
        waits.append(rig.sync.round())
        rig.clock.pass_(waits[-1])
    assert waits == [min(900.0, 2.0**n) for n in range(12)]
    rig.end.when = lambda handler: None
    rig.sync.round()
    accept(rig, "C2")
    rig.end.when = lambda handler: world.html_200
    assert rig.sync.round() == 1.0


def test_jitter_is_over_the_whole_wait(tmp_path: Path) -> None:
    with a_rig(tmp_path / "s") as rig:
        rig.sync._chance = lambda: 0.25
        rig.end.when = lambda handler: world.html_200
        assert rig.sync.round() == 0.25
        rig.clock.pass_(0.25)
        assert rig.sync.round() == 0.5


def test_nothing_is_sent_within_a_wait_but_for_a_new_letter(rig: Rig) -> None:
    rig.sync.round()
    accept(rig, "C1")
    rig.end.when = lambda handler: world.html_200
    for _ in range(5):
        rig.clock.pass_(rig.sync.round())
    rig.sync.round()
    before = len(rig.end.seen)
    assert rig.sync.round() == 32.0
    assert len(rig.end.seen) == before
    rig.sync.round(woken=True)
    assert len(rig.end.seen) == before + 1
    rig.end.when = lambda handler: None
    rig.sync.try_now()
    rig.sync.round()
    assert rig.end.cases() == ["C1"]


def test_central_says_when_to_come_again(rig: Rig) -> None:
    rig.sync.round()
    accept(rig, "C1")
    rig.end.faults = [lambda handler: handler.error(503, "busy", Retry_After="120")]
    assert rig.sync.round() == 120.0
    rig.clock.pass_(119)
    before = len(rig.end.seen)
    assert rig.sync.round(woken=True) == pytest.approx(1.0)
    assert len(rig.end.seen) == before
    rig.clock.pass_(1)
    rig.sync.round()
    assert rig.end.cases() == ["C1"]


def test_nobody_can_send_the_terminal_to_sleep_for_good(rig: Rig) -> None:
    rig.end.faults = [lambda handler: handler.error(503, "busy", Retry_After="999999999")]
    assert rig.sync.round() == 3600.0


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_stops_and_burns_no_tries(rig: Rig, status: int) -> None:
    rig.sync.round()
    accept(rig, "C1")
    rig.end.when = lambda handler: lambda handler: handler.error(status, "terminal.withdrawn")
    assert rig.sync.round() == 900.0
    state = rig.sync.state()
    assert (state.fault, state.word, state.stopped) == (LinkFault.REFUSED, "terminal.withdrawn", True)
    before = len(rig.end.seen)
    rig.sync.round(woken=True)
    assert len(rig.end.seen) == before
    assert [row.tries for row in rig.store.letters()] == [0]
    rig.end.when = lambda handler: None
    rig.sync.try_now()
    rig.sync.round()
    assert rig.end.cases() == ["C1"]
    assert not rig.sync.state().stopped


def test_a_wrong_clock_is_noticed_and_signatures_set_right(tmp_path: Path) -> None:
    with a_rig(tmp_path / "s") as rig:
        rig.clock.jump(dt.timedelta(days=-900))
        rig.end.now = lambda: dt.datetime.now(dt.UTC)  # what the end's Date header says, too
        accept(rig, "C1")
        rig.sync.round()
        assert rig.end.cases() == ["C1"]


def test_nobody_there_is_told_and_noticed_when_somebody_is(tmp_path: Path) -> None:
    with take_seat() as nobody, a_rig(tmp_path / "s", url=f"http://{HOST}:{nobody.getsockname()[1]}") as rig:
        accept(rig, "C1")
        assert rig.sync.round() == 1.0
        assert rig.sync.state().fault == LinkFault.UNREACHABLE
        for _ in range(6):
            rig.clock.pass_(1000)
            wait = rig.sync.round()
        assert wait == 15.0  # the wait itself is longer; a look in between
        with serving(rig.end) as again:
            rig.link.url = again
            rig.link._client.base_url = again
            rig.clock.pass_(15)
            rig.sync.round()
            assert rig.end.cases() == ["C1"]


# ---- bytes that changed on the disk -------------------------------------------------------------------------


def test_a_large_letter_that_changed_on_disk_is_parked_unsent(rig: Rig) -> None:
    accept(rig, "L1", "L2", size=400_000)
    first, second = rig.store.letters()
    path = rig.store._bodies.path(first.id)
    spoilt = bytearray(path.read_bytes())
    spoilt[200_000] ^= 1
    path.write_bytes(spoilt)
    rig.sync.round()
    assert rig.end.cases() == ["L2"]
    assert [(row.id, row.reason) for row in rig.store.letters()] == [(first.id, outbox.PARKED_DAMAGED)]
    accept(rig, "L3", size=400_000)
    rig.store._bodies.path(rig.store.letters()[1].id).unlink()
    rig.sync.round()
    assert [row.reason for row in rig.store.letters()] == [outbox.PARKED_DAMAGED, outbox.PARKED_MISSING]
    assert second.id in rig.end.order
