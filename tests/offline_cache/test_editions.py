"""Editions of the catalogue at the terminal: only central's, only newer, only whole; else the last good stays."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalogue.files import read_files
from kiosk.editions import CatalogueReader
from offline_cache import editions
from offline_cache.database import DiskRefused
from offline_cache.link import LinkFault
from offline_cache.store import SqlStore
from offline_cache.sync import EDITION_REFUSED, Sync, SyncSettings
from tests.offline_cache.rig import Rig, a_rig, accept
from tests.offline_cache.world import KEYS, START, TERMINAL_KEY, Handler, a_store
from trust.keys import SigningKey
from wire.canonical import b64u, canonical, un_b64u
from wire.deeds import StoreRefused
from wire.editions import EDITION_HEADER, EVERYWHERE, Edition, SignedEdition, signed_part

CATALOGUE = Path(__file__).resolve().parents[2] / "assets" / "catalogue"
FILES = {name: text for name, text in read_files(CATALOGUE).items() if name != "home.yaml"}
EVERY_S, AGAIN_S = 60.0, 900.0


def an_edition(version: int = 1, *without: str, **more: Any) -> Edition:
    """The real catalogue without some items."""
    files = {name: text for name, text in FILES.items() if Path(name).stem not in without}
    told = {"version": version, "as_of": START, "region": EVERYWHERE, "files": files}
    return Edition(**{**told, **more})


def signed(edition: Edition, key: SigningKey = KEYS.ack, kid: str = "") -> SignedEdition:
    sig = key.sign(canonical(signed_part(edition.model_dump(mode="json"))))
    return SignedEdition(edition=edition, kid=kid or key.kid, sig=b64u(sig))


class Desk:
    """A terminal's sync with a reader, and a central end that has an edition."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.edition: Edition | None = None
        self.instead: Callable[[Handler], None] | None = None
        """Given in the place of the edition."""
        self.asked = 0
        rig.end.now = rig.clock.now
        rig.end.when = self._reply
        self.start()

    def start(self) -> None:
        """The program begins (again) on this store."""
        self.reader = CatalogueReader()
        settings = SyncSettings(mirror_every_s=EVERY_S, edition_again_s=AGAIN_S, in_flight=1)
        good = self.reader.begin(self.rig.store.edition(), CATALOGUE)
        self.sync = Sync(
            self.rig.store, self.rig.link, self.rig.clock, settings=settings, chance=lambda: 1.0, reader=self.reader
        )
        if not good:
            self.sync.edition_unread()

    def turn(self, after_s: float = AGAIN_S) -> str:
        """What the sync says of the edition after it asked for the mirror once more."""
        self.rig.clock.pass_(after_s)
        self.sync.round()
        assert self.sync.state().fault == ""
        return self.sync.edition_fault()

    def take(self, edition: Edition) -> None:
        self.edition = edition
        assert self.turn() == ""
        assert self.stands() == edition

    def stands(self) -> Edition | None:
        return self.rig.store.edition()

    def _reply(self, handler: Handler) -> Callable[[Handler], None] | None:
        if handler.path.startswith("/v1/mirror") and self.edition is not None:
            told = {EDITION_HEADER.replace("-", "_"): str(self.edition.version)}
            mirror = handler.end.mirror
            if handler.path.endswith(f"have={mirror.version}"):
                return lambda handler: handler.say(304, **told)
            return lambda handler: handler.message(handler.end.sign_mirror(mirror), **told)
        if handler.path.startswith("/v1/catalogue"):
            self.asked += 1
            return self.instead or (lambda handler: handler.message(signed(self.edition or an_edition())))
        return None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_rig(tmp_path) as rig:
        yield Desk(rig)


def test_an_edition_is_taken_and_worked_by_from_then_on(desk: Desk) -> None:
    packaged = desk.reader.catalogue.codes
    assert "jinglaoka" in packaged
    assert desk.turn() == ""
    assert (desk.asked, desk.stands()) == (0, None)  # central has none, or does not know of editions yet
    switched: list[tuple[str, ...]] = []
    desk.reader.switched = lambda new: switched.append(new.catalogue.codes)
    desk.take(an_edition(5, "jinglaoka"))
    assert "jinglaoka" not in desk.reader.catalogue.codes
    assert switched == [desk.reader.catalogue.codes]
    assert desk.sync.state().edition == 5
    for _ in range(3):
        assert desk.turn() == ""
    assert desk.asked == 1
    desk.start()
    assert (desk.reader.catalogue.codes, desk.sync.state().edition) == (switched[0], 5)


def changed(**change: Any) -> Callable[[Handler], None]:
    """Central's own signature over something else."""
    true = signed(an_edition(9))
    return lambda handler: handler.message(
        true.model_copy(update={"edition": true.edition.model_copy(update=change)}, deep=True)
    )


def by(key: SigningKey, kid: str = "") -> Callable[[Handler], None]:
    return lambda handler: handler.message(signed(an_edition(9), key, kid))


def with_a_mirrors_signature(handler: Handler) -> None:
    mirror = handler.end.sign_mirror(handler.end.mirror)
    handler.message(SignedEdition(edition=an_edition(9), kid=mirror.kid, sig=mirror.sig))


def without_its_outer_name(handler: Handler) -> None:
    """The key for acknowledgements signed the same bytes, but not as an edition."""
    told = an_edition(9)
    sig = KEYS.ack.sign(canonical(told.model_dump(mode="json")))
    handler.message(SignedEdition(edition=told, kid=KEYS.ack.kid, sig=b64u(sig)))


def half_a_signature(handler: Handler) -> None:
    true = signed(an_edition(9))
    handler.message(true.model_copy(update={"sig": b64u(un_b64u(true.sig)[:32])}))


_ITEM = FILES["items/jinglaoka.yaml"]
FORGED = {
    "another sentence": changed(files={**FILES, "items/jinglaoka.yaml": _ITEM + "\n# one more line"}),
    "an item less": changed(files=an_edition(9, "jinglaoka").files),
    "a higher version": changed(version=99),
    "another day": changed(as_of=START + dt.timedelta(days=1)),
    "another region": changed(region="31"),
    "a stranger's key": by(SigningKey.generate()),
    "a stranger's key under central's name": by(SigningKey.generate(), KEYS.ack.kid),
    "the terminal's own key": by(TERMINAL_KEY),
    "central's key for codes": by(KEYS.code),
    "a mirror's signature": with_a_mirrors_signature,
    "a signature of something else": without_its_outer_name,
    "half a signature": half_a_signature,
}


def test_a_forged_edition_is_refused_and_the_last_good_stays(desk: Desk) -> None:
    good = an_edition(5, "jinglaoka")
    desk.take(good)
    codes = desk.reader.catalogue.codes
    desk.edition = an_edition(9)
    for name, forged in FORGED.items():
        desk.instead = forged
        assert (name, desk.turn()) == (name, LinkFault.BAD_SIGNATURE)
        assert desk.stands() == good
    assert desk.reader.catalogue.codes == codes
    assert desk.asked == 1 + len(FORGED)
    desk.instead = None
    assert desk.turn() == ""
    assert desk.stands() == desk.edition


def test_a_name_that_leads_out_of_the_folder_is_no_edition(desk: Desk) -> None:
    for name in ("../x.yaml", "/etc/x.yaml", "items/../../x.yaml", "other/x.yaml", "items/x.yaml/y.yaml", "x.py",
                 "items\\x.yaml", "x.yaml\n", ".x.yaml", "", "items/", "X.yaml"):  # fmt: skip
        with pytest.raises(ValidationError):
            an_edition(files={**FILES, name: "a: b"})
    desk.edition = an_edition(9)

    def out_of_it(handler: Handler) -> None:
        told = an_edition(9).model_dump(mode="json")
        told["files"]["../x.yaml"] = "a: b"
        sig = KEYS.ack.sign(canonical(signed_part(told)))
        handler.say(200, canonical({"edition": told, "kid": KEYS.ack.kid, "sig": b64u(sig)}))

    desk.instead = out_of_it
    assert desk.turn() == LinkFault.BAD_ANSWER
    assert desk.stands() is None


def test_an_older_one_and_another_region_s_are_refused_although_central_signed_them(desk: Desk) -> None:
    good = an_edition(5)
    desk.take(good)
    desk.edition = an_edition(6)
    for true in (an_edition(4), an_edition(5, "jinglaoka"), an_edition(6, region="32")):
        desk.instead = lambda handler, true=true: handler.message(signed(true))  # type: ignore[misc]
        assert desk.turn() == EDITION_REFUSED
        assert desk.stands() == good
        assert "jinglaoka" in desk.reader.catalogue.codes
    desk.instead = None
    desk.take(an_edition(6, "jinglaoka", region="31"))  # our own region's


@pytest.mark.log_warnings_expected
def test_a_catalogue_that_is_not_whole_is_refused_once_and_the_next_good_one_taken(desk: Desk) -> None:
    good = an_edition(5, "jinglaoka")
    desk.take(good)
    codes = desk.reader.catalogue.codes
    broken = an_edition(6, files={**FILES, "items/jinglaoka.yaml": _ITEM.replace("title:", "titel:", 1)})
    desk.edition = broken
    assert desk.turn() == EDITION_REFUSED
    for _ in range(5):
        assert desk.turn(EVERY_S) == EDITION_REFUSED
    assert desk.asked == 2  # not with each mirror
    assert (desk.stands(), desk.reader.catalogue.codes) == (good, codes)
    desk.start()
    assert desk.reader.catalogue.codes == codes
    desk.take(an_edition(7))


def test_what_was_refused_and_is_not_central_s_is_forgotten(desk: Desk) -> None:
    """Somebody on the way told of an edition that there is not; the alarm ends when central itself is heard again."""
    desk.take(an_edition(5))
    desk.edition, desk.instead = an_edition(99), by(SigningKey.generate())
    assert desk.turn() == LinkFault.BAD_SIGNATURE
    desk.edition, desk.instead = an_edition(5), None
    assert desk.turn() == ""


@pytest.mark.log_warnings_expected
def test_an_edition_that_this_program_cannot_read_costs_a_word_and_not_the_terminal(desk: Desk) -> None:
    """As after going back to an older program."""
    odd = an_edition(5, files={**FILES, "items/jinglaoka.yaml": _ITEM + "\nof_a_later_release: true\n"})
    assert desk.rig.store.take_edition(odd)
    desk.edition = odd
    desk.start()
    assert "jinglaoka" in desk.reader.catalogue.codes  # of the folder that came with the program
    assert desk.sync.edition_fault() == EDITION_REFUSED
    assert desk.turn() == EDITION_REFUSED
    desk.take(an_edition(6))


# ---- cut in the middle ------------------------------------------------------------------------------------------


def test_an_answer_in_half_changes_nothing_and_holds_no_letter_back(desk: Desk) -> None:
    good = an_edition(5)
    desk.take(good)
    desk.edition = an_edition(6)

    def half(handler: Handler) -> None:
        body = canonical(signed(an_edition(6)).model_dump(mode="json"))
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    desk.instead = half
    accept(desk.rig, "C1", "C2")
    assert desk.turn() == ""
    assert desk.stands() == good
    assert sorted(desk.rig.end.cases()) == ["C1", "C2"]
    desk.instead = None
    assert desk.turn() == ""
    assert desk.stands() == desk.edition


def test_killed_before_the_transaction_ends_is_the_last_good_and_after_it_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill is what the store is after it was opened again: the transaction either ended or never was."""
    real = editions.switch

    def killed(*args: Any) -> None:
        real(*args)
        raise DiskRefused(StoreRefused.BROKEN, "killed here")

    with a_store(tmp_path) as store:
        assert store.take_edition(an_edition(5, "jinglaoka"))
        monkeypatch.setattr(editions, "switch", killed)
        with pytest.raises(DiskRefused):
            store.take_edition(an_edition(6))
    monkeypatch.undo()
    with a_store(tmp_path) as store:
        assert begun_with(store) == (5, False)
        assert store.take_edition(an_edition(6))  # and killed before the reader heard of it
    with a_store(tmp_path) as store:
        assert begun_with(store) == (6, True)


def begun_with(store: SqlStore) -> tuple[int, bool]:
    """The edition's version, and whether the item that only later ones have is offered."""
    reader, held = CatalogueReader(), store.edition()
    assert held is not None
    assert reader.begin(held, CATALOGUE)
    return held.version, "jinglaoka" in reader.catalogue.codes


def test_an_edition_that_the_disk_has_changed_is_not_used_and_fetched_again(tmp_path: Path) -> None:
    good = an_edition(5, "jinglaoka")
    with a_store(tmp_path) as store:
        assert store.take_edition(good)
    spoil(tmp_path)
    with a_store(tmp_path) as store:
        assert store.edition() is None
        reader = CatalogueReader()
        assert reader.begin(store.edition(), CATALOGUE)
        assert "jinglaoka" in reader.catalogue.codes
        assert not store.take_edition(an_edition(4))  # its number is still known
        assert store.take_edition(good)
        assert store.edition() == good


def spoil(folder: Path) -> None:
    connection = sqlite3.connect(folder / "store.db")
    with connection:
        (body,) = connection.execute("SELECT body FROM editions").fetchone()
        connection.execute(
            "UPDATE editions SET body = ?", (body.replace("敬老卡".encode(), "敬老下".encode(), 1)[:-9],)
        )
    connection.close()
