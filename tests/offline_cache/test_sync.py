"""The sync against a central end over real HTTP: what it sends and fetches."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache.central_link import CentralLink
from offline_cache.link import Link, LinkFault, checked_url
from offline_cache.sync import MIRROR_REFUSED, Sync, SyncSettings, SyncState
from tests.offline_cache import world
from tests.offline_cache.rig import Rig, a_rig, accept
from tests.offline_cache.world import START, CentralEnd, HandClock, a_mirror, serving
from trust.keys import SigningKey
from wire.deeds import Network, StoreRefused
from wire.messages import RecordRequest, RecordState, SignedRecord

PATIENCE_S = 20.0


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path / "store") as rig:
        yield rig


# ---- what goes well -----------------------------------------------------------------------------------------


def test_letters_arrive_once_and_are_let_go(rig: Rig) -> None:
    accept(rig, "C1", "C2", "C3")
    rig.sync.round()
    assert rig.end.cases() == ["C1", "C2", "C3"]
    assert rig.store.waiting().letters == 0
    assert rig.sync.network() is Network.UP
    rig.sync.round()
    assert len(rig.end.stored) == 3


def test_a_batch_is_bounded_by_number_and_size(tmp_path: Path) -> None:
    with a_rig(
        tmp_path / "s", settings=SyncSettings(in_flight=1, batch_letters=4, batch_bytes=300_000, mirror_every_s=1e9)
    ) as rig:
        accept(rig, *(f"C{n}" for n in range(6)))
        accept(rig, *(f"B{n}" for n in range(3)), size=160_000)
        rig.sync.round()
        assert rig.end.batches == [4, 3, 1, 1]
        assert len(rig.end.letters) == 9


def test_large_letters_go_piece_by_piece_after_the_small_ones(rig: Rig) -> None:
    accept(rig, "L1", size=4_000_000)
    accept(rig, "C1", "C2")
    rig.sync.round()
    assert rig.end.cases() == ["C1", "C2", "L1"]
    assert sum(method == "PATCH" for method, _ in rig.end.seen) == 4
    assert list((rig.store._bodies.folder).iterdir()) == []


def test_a_new_small_letter_goes_between_two_pieces(rig: Rig) -> None:
    accept(rig, "L1", size=4_000_000)

    def write_one(handler: world.Handler) -> None:
        handler.end.when = lambda _: None
        accept(rig, "C1")
        handler.right()

    rig.end.when = lambda handler: write_one if handler.command == "PATCH" else None
    rig.sync.round()
    assert rig.end.cases() == ["C1", "L1"]


def test_an_upload_goes_on_where_it_was_cut(rig: Rig) -> None:
    accept(rig, "L1", size=4_000_000)
    pieces = []

    def cut_third(handler: world.Handler) -> world.Reply | None:
        if handler.command == "PATCH":
            pieces.append(int(handler.headers["Upload-Offset"]))
            return world.no_reply if len(pieces) == 3 else None
        return None

    rig.end.when = cut_third
    rig.turn_until_empty()
    assert pieces == [0, 1 << 20, 2 << 20, 2 << 20, 3 << 20]
    assert rig.end.cases() == ["L1"]


def test_only_what_was_begun_is_asked_for_before_it_goes_on(rig: Rig) -> None:
    accept(rig, "L1", "L2", size=3_000_000)
    turns = {"left": 2}

    def cut_second(handler: world.Handler) -> world.Reply | None:
        turns["left"] -= handler.command == "PATCH"
        return world.no_reply if turns["left"] == 0 and handler.command == "PATCH" else None

    rig.end.when = cut_second
    rig.turn_until_empty()
    uploading = [method for method, _ in rig.end.seen if method in ("HEAD", "PATCH")]
    assert (uploading[0], uploading.count("HEAD")) == ("PATCH", 1)
    assert sorted(rig.end.cases()) == ["L1", "L2"]


def test_a_program_that_starts_anew_finds_what_it_had_begun_by_one_small_piece(tmp_path: Path) -> None:
    line = SyncSettings(mirror_every_s=1e9, in_flight=1)
    with a_rig(tmp_path / "store", settings=line) as rig:
        accept(rig, "L1", size=3_000_000)
        sent: list[tuple[int, int]] = []

        def cut_fifth(handler: world.Handler) -> world.Reply | None:
            if handler.command != "PATCH":
                return None
            sent.append((int(handler.headers["Upload-Offset"]), len(handler.body)))
            return world.no_reply if len(sent) == 5 else None

        rig.end.when = cut_fifth
        rig.sync.round()
        held = sum(size for _, size in sent[:4])
        again = Sync(rig.store, rig.link, rig.clock, settings=line, chance=lambda: 1.0)
        again.round()
        assert sent[5:7] == [(0, line.least_piece_bytes), (held, line.least_piece_bytes)]
        assert rig.end.cases() == ["L1"]
        assert all(method != "HEAD" for method, _ in rig.end.seen)


def test_the_acknowledgement_of_the_last_piece_may_get_lost(rig: Rig) -> None:
    accept(rig, "L1", size=1_000_000)
    rig.end.when = lambda handler: (
        world.half_reply if handler.command == "PATCH" and not rig.end.letters and handler.end.partial.get(
            handler.path.rsplit("/", 1)[1]) else None
    )  # fmt: skip
    rig.turn_until_empty()
    assert rig.end.stored == rig.end.order
    assert rig.end.cases() == ["L1"]


def test_central_may_have_forgotten_a_part(rig: Rig) -> None:
    accept(rig, "L1", size=3_000_000)

    def forget(handler: world.Handler) -> world.Reply | None:
        if handler.command == "PATCH" and handler.headers["Upload-Offset"] == str(2 << 20):
            handler.end.when = lambda _: None
            handler.end.partial.clear()
        return None

    rig.end.when = forget
    rig.sync.round()
    assert rig.end.cases() == ["L1"]


def test_one_subject_keeps_its_order_whatever_the_sizes(rig: Rig) -> None:
    accept(rig, "S1", subject="s")
    accept(rig, "S2", size=2_000_000, subject="s")
    accept(rig, "S3", subject="s")
    accept(rig, "O1", subject="other")
    rig.sync.round()
    assert [case for case in rig.end.cases() if case[0] == "S"] == ["S1", "S2", "S3"]
    assert rig.end.cases().index("O1") < rig.end.cases().index("S2")


# ---- mirror -------------------------------------------------------------------------------------------------


def test_the_mirror_is_fetched_on_its_period_and_only_when_it_is_newer(tmp_path: Path) -> None:
    with a_rig(tmp_path / "s", settings=SyncSettings(mirror_every_s=60)) as rig:
        assert rig.store.mirror() is None
        assert rig.sync.round() == 60.0
        assert rig.store.mirror() == rig.end.mirror
        rig.clock.pass_(60)
        rig.sync.round()
        rig.end.mirror = a_mirror(2, "T1")
        rig.sync.round()
        assert rig.store.mirror().version == 1
        rig.clock.pass_(60)
        rig.sync.round()
        assert [each.ticket for each in rig.store.mirror().tickets] == ["T1"]
        assert [path for _, path in rig.end.seen] == [f"/v1/mirror?have={n}" for n in (0, 1, 1)]
        assert rig.sync.state().mirror == 2


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (world.wrong_signature, LinkFault.BAD_SIGNATURE),
        (world.garbage_json, LinkFault.BAD_ANSWER),
        (world.html_200, LinkFault.PORTAL),
        (lambda handler: handler.message(handler.end.sign_mirror(a_mirror(2, terminal="terminal-2"))), MIRROR_REFUSED),
        (lambda handler: handler.message(handler.end.sign_mirror(a_mirror(0, as_of=START))), MIRROR_REFUSED),
    ],
)
def test_a_wrong_mirror_leaves_the_last_good_one(tmp_path: Path, wrong: world.Reply, named: str) -> None:
    with a_rig(tmp_path / "s", settings=SyncSettings(mirror_every_s=60)) as rig:
        rig.sync.round()
        rig.clock.pass_(60)
        rig.end.mirror = a_mirror(2)
        rig.end.faults = [wrong]
        rig.sync.round()
        assert named in (rig.sync.state().fault, rig.sync.state().mirror_fault)
        assert rig.store.mirror() == a_mirror()
        rig.sync.try_now()
        rig.sync.round()
        assert rig.sync.state() == SyncState(Network.UP, mirror=2)


def test_a_mirror_that_cannot_be_taken_does_not_hold_the_letters(rig: Rig) -> None:
    accept(rig, "C1")
    rig.end.faults = [world.error_500]
    rig.sync.round()
    assert rig.end.cases() == ["C1"]
    assert rig.sync.state().mirror_fault == LinkFault.SERVER


def test_a_mirror_brings_new_keys_and_withdraws_old_ones(rig: Rig) -> None:
    old = rig.end.keys.ack
    new = world.Keys()
    rig.end.mirror = a_mirror(2, keys=new.public())
    rig.sync.round()
    ring = rig.store.keyring()
    assert ring.knows("sign.ack", new.ack.kid)
    assert not ring.knows("sign.ack", old.kid)
    accept(rig, "C1")
    rig.end.keys = new
    rig.sync.round()
    assert rig.end.cases() == ["C1"]


# ---- records ------------------------------------------------------------------------------------------------

ASKED = RecordRequest(item="proof", holder_number=world.NUMBER, holder_name=world.NAME, consent_at=START)


def asked_in(handler: world.Handler, **other: str) -> RecordRequest:
    return RecordRequest.model_validate_json(handler.body).model_copy(update=other)


def changed_on_the_way(handler: world.Handler) -> SignedRecord:
    signed = handler.end.sign_record(asked_in(handler))
    return signed.model_copy(update={"record": signed.record.model_copy(update={"rows": (("999999",),)})})


def asking(rig: Rig) -> CentralLink:
    return CentralLink(rig.link, rig.sync, rig.store.keyring, rig.clock)


def test_a_record_is_asked_and_answered(rig: Rig) -> None:
    link = asking(rig)
    assert link.network() is Network.UNKNOWN
    assert link.record(ASKED) == rig.end.record


@pytest.mark.parametrize(
    "wrong",
    [
        world.html_200,
        world.error_500,
        world.half_reply,
        world.garbage_json,
        lambda h: h.error(422, "record.not_a_request"),
        world.wrong_signature,
        lambda h: h.message(h.end.record),  # unsigned, as the first drafts of the protocol had it
        lambda h: h.message(h.end.sign_record(ASKED.model_copy(update={"nonce": "another asking's"}))),
        lambda h: h.message(h.end.sign_record(asked_in(h, holder_name="somebody else"))),
        lambda h: h.message(h.end.sign_record(asked_in(h, item="another"))),
        lambda h: h.message(changed_on_the_way(h)),
    ],
)
def test_a_record_that_cannot_be_had_is_unavailable(rig: Rig, wrong: world.Reply) -> None:
    rig.end.faults = [wrong]
    assert asking(rig).record(ASKED).state is RecordState.UNAVAILABLE


def test_an_answer_of_yesterday_is_none_to_the_same_question_today(rig: Rig) -> None:
    kept: list[SignedRecord] = []
    rig.end.faults = [lambda h: (kept.append(h.end.sign_record(asked_in(h))), h.right())]
    assert asking(rig).record(ASKED) == rig.end.record
    rig.end.faults = [lambda h: h.message(kept[0])]
    replayed = asking(rig).record(ASKED)
    assert (replayed.state, replayed.source) == (RecordState.UNAVAILABLE, "link.bad_signature")


# ---- the thread ---------------------------------------------------------------------------------------------


def test_the_loop_sends_a_new_letter_without_being_asked(rig: Rig) -> None:
    rig.sync.start()
    try:
        accept(rig, "C1")
        with rig.end.arrived:
            assert rig.end.arrived.wait_for(lambda: rig.end.order, timeout=PATIENCE_S)
    finally:
        assert rig.sync.stop(PATIENCE_S)
    assert rig.end.cases() == ["C1"]
    assert not rig.sync.alive()


def test_an_answer_after_the_end_of_the_program_changes_nothing(rig: Rig) -> None:
    """The store is closed while a request is under way: the loop ends quietly, the letter is sent again next time."""
    accept(rig, "C1")
    rig.sync.round()
    accept(rig, "C2")

    def close_first(handler: world.Handler) -> None:
        rig.store._database.close()
        handler.right()

    rig.end.faults = [close_first]
    rig.sync.round()
    assert rig.sync.state().fault == StoreRefused.BROKEN


def test_plain_http_is_for_this_machine_only() -> None:
    assert checked_url("http://127.0.0.1:8000/") == "http://127.0.0.1:8000"
    assert checked_url("https://central.example") == "https://central.example"
    for wrong in (
        "http://central.example",
        "ftp://127.0.0.1",
        "central",
        "https://a/b",
        "https://u:p@a",
        "",
        "http://[",
    ):
        with pytest.raises(ValueError, match=r"http|address|host"):
            checked_url(wrong)


def test_a_stranger_key_is_refused_by_name(tmp_path: Path) -> None:
    clock = HandClock()
    with serving(CentralEnd()) as url:
        link = Link(url, SigningKey.generate(), clock)
        answer = link.exchange("GET", "/v1/mirror?have=0")
        link.close()
    assert (answer.fault, answer.word) == (LinkFault.REFUSED, "request.unknown_key")
