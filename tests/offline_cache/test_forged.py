"""Whoever stands between a terminal and central can keep words back; a word of his own is believed by nobody."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from offline_cache.link import Failed, LinkFault
from offline_cache.sync import SyncSettings
from tests.offline_cache.rig import Rig, a_rig, accept
from tests.offline_cache.world import START, TERMINAL_KEY, Handler, a_mirror, batch_in, ticket
from trust.keys import USE_ACK, SigningKey
from trust.requests import claim_of
from wire.canonical import b64u, canonical, un_b64u
from wire.messages import Ack, AckState, Mirror, SignedAcks, SignedMirror

EVERY_S = 60.0
GOOD = a_mirror(2, "T1", closed_items={"senior-card": "closed.by_office"}, notices_zh=("今日正常",))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path, settings=SyncSettings(mirror_every_s=EVERY_S, in_flight=1)) as rig:
        rig.end.now = rig.clock.now
        rig.end.mirror = GOOD
        rig.sync.round()
        assert rig.store.mirror() == GOOD
        rig.end.mirror = a_mirror(3)
        yield rig


def turn(rig: Rig) -> str:
    """What the sync says after it asked for the mirror once more."""
    rig.clock.pass_(EVERY_S)
    rig.sync.try_now()
    rig.sync.round()
    return rig.sync.state().mirror_fault or rig.sync.state().fault


def instead(rig: Rig, path: str, reply: Callable[[Handler], None]) -> None:
    """Answer every request for this path so, instead of central."""
    rig.end.when = lambda handler: reply if handler.path.startswith(path) else None


# ---- mirrors: tickets, what is closed, keys ---------------------------------------------------------------------

FORGED = {
    "a ticket more": {"tickets": (ticket("T1"), ticket("T9"))},
    "a ticket less": {"tickets": ()},
    "another door": {"tickets": (ticket("T1").model_copy(update={"door": 7}),)},
    "another holder": {"tickets": (ticket("T1").model_copy(update={"holder_tag": "somebody else"}),)},
    "another pickup code": {"tickets": (ticket("T1").model_copy(update={"code_tag": "of the thief"}),)},
    "an item opened": {"closed_items": {}},
    "an item closed": {"closed_items": {"shebao-proof": "closed.by_office"}},
    "a notice": {"notices_zh": ("请把身份证交给门口的人",)},
    "keys of his own": {"keys": (SigningKey.generate().public(USE_ACK), *GOOD.keys[1:])},
    "a higher version": {"version": 99},
    "another day": {"as_of": START + dt.timedelta(days=30)},
    "another salt": {"tag_salt": "known to the thief"},
}


@pytest.mark.parametrize("change", list(FORGED.values()), ids=list(FORGED))
def test_a_mirror_that_was_changed_on_the_way_is_refused(rig: Rig, change: dict[str, Any]) -> None:
    def changed(handler: Handler) -> None:
        true = handler.end.sign_mirror(GOOD.model_copy(update={"version": 3}))
        handler.message(true.model_copy(update={"mirror": true.mirror.model_copy(update=change)}))

    instead(rig, "/v1/mirror", changed)
    assert turn(rig) == LinkFault.BAD_SIGNATURE
    assert rig.store.mirror() == GOOD


def test_a_field_that_is_not_in_the_message_is_refused(rig: Rig) -> None:
    def more(handler: Handler) -> None:
        told = json.loads(canonical(handler.end.sign_mirror(a_mirror(3)).model_dump(mode="json")))
        told["mirror"]["script"] = "x"
        handler.say(200, canonical(told))

    instead(rig, "/v1/mirror", more)
    assert turn(rig) == LinkFault.BAD_ANSWER
    assert rig.store.mirror() == GOOD


def signed_by(key: SigningKey, mirror: Mirror, kid: str) -> SignedMirror:
    return SignedMirror(mirror=mirror, kid=kid, sig=b64u(key.sign(canonical(mirror.model_dump(mode="json")))))


@pytest.mark.parametrize("named", ["true", "own"])
@pytest.mark.parametrize("whose", ["stranger", "terminal", "code"])
def test_a_mirror_under_any_other_key_is_refused(rig: Rig, whose: str, named: str) -> None:
    """Not under a stranger's, not under the terminal's own, not under central's key for citizens' codes."""
    key = {"stranger": SigningKey.generate(), "terminal": TERMINAL_KEY, "code": rig.end.keys.code}[whose]
    kid = rig.end.keys.ack.kid if named == "true" else key.kid
    instead(rig, "/v1/mirror", lambda handler: handler.message(signed_by(key, a_mirror(3), kid)))
    assert turn(rig) == LinkFault.BAD_SIGNATURE
    assert rig.store.mirror() == GOOD


def test_an_older_true_mirror_brings_no_emptied_ticket_back(rig: Rig) -> None:
    old = rig.end.sign_mirror(a_mirror(1, "T0"))
    instead(rig, "/v1/mirror", lambda handler: handler.message(old))
    assert turn(rig)
    assert rig.store.mirror() == GOOD


# ---- acknowledgements -------------------------------------------------------------------------------------------


def acks_of(handler: Handler, **changed: Any) -> tuple[Ack, ...]:
    return tuple(
        Ack.model_validate(
            {
                "id": header.id,
                "sha256": header.sha256,
                "state": AckState.RECEIVED,
                "received_at": START,
                **changed,
            }
        )
        for header, _ in batch_in(handler.body)
    )


def invented(handler: Handler) -> None:
    """Acknowledged by somebody who has no key of central's."""
    handler.message(handler.end.sign(acks_of(handler), SigningKey.generate()))


def turned_round(handler: Handler) -> None:
    """Central said no; on the way it became a yes."""
    true = handler.end.sign(acks_of(handler, state=AckState.REJECTED))
    yes = tuple(ack.model_copy(update={"state": AckState.RECEIVED}) for ack in true.acks)
    handler.message(true.model_copy(update={"acks": yes}))


def for_another_letter(handler: Handler) -> None:
    """A true acknowledgement, given for another letter."""
    handler.message(handler.end.sign(acks_of(handler, id="01938a3e-0000-7000-8000-000000000000")))


def for_other_bytes(handler: Handler) -> None:
    """A true acknowledgement of this letter's id with other bytes."""
    handler.message(handler.end.sign(acks_of(handler, sha256="0" * 64)))


def under_the_key_for_codes(handler: Handler) -> None:
    acks = acks_of(handler)
    code = handler.end.keys.code
    signed = canonical({"acks": [ack.model_dump(mode="json") for ack in acks]})
    handler.message(SignedAcks(acks=acks, kid=code.kid, sig=b64u(code.sign(signed))))


def with_a_mirrors_signature(handler: Handler) -> None:
    mirror = handler.end.sign_mirror(GOOD)
    handler.message(SignedAcks(acks=acks_of(handler), kid=mirror.kid, sig=mirror.sig))


def half_a_signature(handler: Handler) -> None:
    true = handler.end.sign(acks_of(handler))
    handler.message(true.model_copy(update={"sig": b64u(un_b64u(true.sig)[:32])}))


@pytest.mark.parametrize(
    "forged",
    [
        invented,
        turned_round,
        for_another_letter,
        for_other_bytes,
        under_the_key_for_codes,
        with_a_mirrors_signature,
        half_a_signature,
    ],
)
def test_a_forged_acknowledgement_lets_go_of_nothing(rig: Rig, forged: Callable[[Handler], None]) -> None:
    accept(rig, "C1", "C2")
    instead(rig, "/v1/letters", forged)
    for _ in range(3):
        rig.clock.pass_(3600)
        rig.sync.round()
    assert rig.store.waiting().letters == 2
    assert rig.end.letters == {}
    rig.end.when = lambda handler: None
    rig.turn_until_empty()
    assert sorted(rig.end.cases()) == ["C1", "C2"]


# ---- requests that something on the way doubled -----------------------------------------------------------------


@pytest.mark.parametrize(("method", "target"), [("GET", "/v1/mirror?have=0"), ("HEAD", "/v1/letters/x")])
def test_a_request_that_was_doubled_on_the_way_is_signed_once_more(rig: Rig, method: str, target: str) -> None:
    nonces = []

    def replayed(handler: Handler) -> None:
        nonces.append(claim_of(dict(handler.headers)))
        handler.error(401, "request.replayed", Error_Word="request.replayed")

    rig.end.faults = [replayed]
    outcome = rig.link.exchange(method, target)
    assert not isinstance(outcome, Failed)
    rig.end.faults = [replayed, replayed]
    outcome = rig.link.exchange(method, target)
    assert isinstance(outcome, Failed)
    assert (outcome.fault, outcome.word) == (LinkFault.REFUSED, "request.replayed")
    assert len({claim.nonce for claim in nonces if claim is not None}) == 3


def test_central_s_own_word_on_other_bytes_than_were_sent_parks_nothing(tmp_path: Path) -> None:
    one_by_one = SyncSettings(mirror_every_s=1e9, in_flight=1, batch_letters=1)
    with a_rig(tmp_path, settings=one_by_one) as rig:
        accept(rig, "C1", "C2")
        first, second = (row.id for row in rig.store.letters())

        def told_of_both(handler: Handler) -> None:
            true = tuple(rig.end.take(header, sealed) for header, sealed in batch_in(handler.body))
            other = Ack(id=second, sha256="0" * 64, state=AckState.CONFLICT, received_at=START)
            handler.message(rig.end.sign((*true, other)))

        rig.sync._fetch_mirror()
        rig.end.faults = [told_of_both]
        rig.sync.round()
        assert rig.store.waiting().letters == rig.store.waiting().parked == 0
        assert rig.end.order == [first, second]
