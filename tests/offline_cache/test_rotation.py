"""Central's keys come and go by its mirrors, several valid at once; nobody has to enrol again."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache.link import LinkFault
from offline_cache.sync import SyncSettings
from tests.offline_cache.rig import Rig, a_rig, accept
from tests.offline_cache.world import KEYS, START, Keys, a_mirror, a_store, application
from trust.keys import USE_ACK, USE_CODE, SigningKey
from trust.sealing import SealBroken, SealFault, open_sealed
from wire.deeds import Accepted
from wire.messages import PublicKey

NEW = Keys()
EVERY_S = 60.0


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path / "store", settings=SyncSettings(mirror_every_s=EVERY_S)) as made:
        made.end.now = made.clock.now
        yield made


def fetched(rig: Rig, version: int, keys: tuple[PublicKey, ...], signer: SigningKey) -> str:
    """What the sync says after central's mirror of that version with these keys, signed by that one."""
    rig.end.mirror = a_mirror(version, keys=keys)
    rig.end.keys.ack = signer
    rig.clock.pass_(EVERY_S)
    rig.sync.try_now()
    rig.sync.round()
    return rig.sync.state().mirror_fault or rig.sync.state().fault


@pytest.fixture(autouse=True)
def keys_as_they_were() -> Iterator[None]:
    before = KEYS.ack
    yield
    KEYS.ack = before


def opened_by(rig_or_store, key) -> bool:
    store = getattr(rig_or_store, "store", rig_or_store)
    letter = store.next_small(64, 1 << 30)[-1]
    try:
        open_sealed(key, letter.body, header=letter.id.encode())
    except SealBroken as broken:
        return broken.fault is not SealFault.NOT_FOR_US
    return True


def test_the_next_letter_is_sealed_to_the_new_key_though_one_was_prepared_for_the_old(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.make_ready()
        store.take_mirror(a_mirror(1, keys=NEW.public()))
        assert isinstance(store.accept(application("C1"), subject="C1"), Accepted)
        assert opened_by(store, NEW.seal)
        assert not opened_by(store, KEYS.seal)
        store.make_ready()
        assert isinstance(store.accept(application("C2"), subject="C2"), Accepted)
        assert opened_by(store, NEW.seal)


def test_while_two_seal_keys_are_valid_either_opens_and_the_old_one_runs_out(rig: Rig) -> None:
    old = KEYS.seal.public(not_after=START + dt.timedelta(days=2))
    rig.store.take_mirror(a_mirror(1, keys=(KEYS.ack.public(USE_ACK), NEW.seal.public(), old)))
    accept(rig, "C1")
    assert opened_by(rig, NEW.seal)
    assert opened_by(rig, KEYS.seal)
    rig.store.make_ready()
    rig.clock.pass_(3 * 86400)
    accept(rig, "C2")
    assert opened_by(rig, NEW.seal)
    assert not opened_by(rig, KEYS.seal)


def public(*keys: SigningKey) -> tuple[PublicKey, ...]:
    return (*(key.public(USE_ACK) for key in keys), KEYS.seal.public())


def test_a_key_is_introduced_by_the_one_before_it_and_then_stands_alone(rig: Rig) -> None:
    first, second, third = KEYS.ack, NEW.ack, SigningKey.generate()
    assert fetched(rig, 2, public(first, second), first) == ""
    assert fetched(rig, 3, public(second, third), second) == ""
    assert fetched(rig, 4, public(third), third) == ""
    for withdrawn in (first, second):
        assert fetched(rig, 9, public(withdrawn), withdrawn) == LinkFault.BAD_SIGNATURE
    mirror = rig.store.mirror()
    assert mirror is not None
    assert mirror.version == 4


def test_a_withdrawn_key_is_not_believed_after_a_restart_either(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.take_mirror(a_mirror(1, keys=NEW.public()))
    with a_store(tmp_path) as store:
        ring = store.keyring()
        assert ring.knows(USE_ACK, NEW.ack.kid)
        assert not ring.knows(USE_ACK, KEYS.ack.kid)  # the enrolment's, which the mirror replaced


def test_a_use_that_the_mirror_does_not_name_keeps_the_enrolments_key(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.take_mirror(a_mirror(1, keys=(NEW.ack.public(USE_ACK), NEW.seal.public())))
        assert store.keyring().knows(USE_CODE, KEYS.code.kid)


def test_an_acknowledgement_under_a_key_that_ran_out_lets_go_of_nothing(rig: Rig) -> None:
    short = KEYS.ack.public(USE_ACK, not_after=START + dt.timedelta(hours=1))
    rig.store.take_mirror(a_mirror(1, keys=(short, NEW.ack.public(USE_ACK), KEYS.seal.public())))
    accept(rig, "C1")
    rig.clock.pass_(2 * 3600)
    rig.sync.round()
    assert rig.store.waiting().letters == 1
    assert LinkFault.BAD_SIGNATURE in [*rig.faults(), rig.sync.state().mirror_fault]
