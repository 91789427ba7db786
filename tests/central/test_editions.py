"""Publishing the catalogue: only what is whole, never one version with two contents, to whom it is for; and signed."""

import queue
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from central.__main__ import CATALOGUE, main
from central.jobs.audit import events_about
from central.jobs.editions import NotPublished, publish
from central.wiring import Central
from kiosk.editions import CatalogueReader
from kiosk.settings.loading import parse
from kiosk.view import View
from kiosk.wiring import Terminal as KioskTerminal
from kiosk.wiring import build
from kiosk.words import Words
from offline_cache.sync import Sync
from tests.central.test_with_the_store import paired
from tests.central.waiting import PATIENCE_S
from tests.central.world import Clock, Terminal, error
from trust.keys import USE_ACK, KeyRing
from wire.canonical import canonical, un_b64u
from wire.editions import EDITION_HEADER, LARGEST_EDITION, SETTINGS_FILE, SignedEdition, signed_part

ITEM = "items/jinglaoka.yaml"
LOW_VOICE = "[speech]\nvolume = 2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue that a test may change."""
    return Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))


def change(folder: Path, old: str, new: str, file: str = ITEM) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def asked(terminal: Terminal, have: int = 0, more: str = "") -> SignedEdition | None:
    """What the route hands out, after checking central's signature as a terminal does."""
    answer = terminal.ask("GET", f"/v1/catalogue?have={have}{more}")
    if answer.status_code == 304:
        assert answer.content == b""
        return None
    assert answer.status_code == 200, answer.text
    signed = canonical(signed_part(answer.json()["edition"]))
    told = SignedEdition.model_validate_json(answer.content)
    assert KeyRing(terminal.keys).verify(USE_ACK, told.kid, signed, un_b64u(told.sig), terminal.clock())
    return told


def hinted(terminal: Terminal, have: int = 0) -> int:
    return int(terminal.ask("GET", f"/v1/mirror?have={have}").headers[EDITION_HEADER])


def test_what_is_published_is_handed_out_signed_once(central: Central, terminal: Terminal) -> None:
    assert hinted(terminal) == 0
    assert asked(terminal) is None
    done = publish(central, CATALOGUE, by="desk")
    assert (done.new, done.items, done.version) == (True, 4, 20261122150000)
    held = terminal.ask("GET", "/v1/mirror").json()["mirror"]["version"]
    assert (hinted(terminal), hinted(terminal, held)) == (done.version, done.version)  # 200 and 304 both say it
    told = asked(terminal)
    assert told is not None
    assert told.edition.version == done.version
    assert told.edition.files == {
        str(path.relative_to(CATALOGUE)): path.read_text("utf-8") for path in CATALOGUE.rglob("*.yaml")
    }
    assert asked(terminal, done.version) is None
    assert asked(terminal, done.version + 1) is None  # a terminal that outlived a restored backup goes on
    ((_, who, what, _),) = events_about(central, str(done.version))
    assert (who, what) == ("desk", "catalogue.published")


def test_publishing_again_makes_nothing_new_and_a_change_makes_a_later_one(
    central: Central, folder: Path, clock: Clock
) -> None:
    first = publish(central, folder, by="desk")
    again = publish(central, folder, by="desk")
    assert (again.new, again.version) == (False, first.version)
    (folder / "home.yaml").unlink()
    within_the_second = publish(central, folder, by="desk")
    assert (within_the_second.new, within_the_second.version) == (True, first.version + 1)
    clock.move(days=-30)  # somebody set the clock back: later still means higher
    assert publish(central, CATALOGUE, by="desk").version == first.version + 2


def test_an_item_that_changed_without_a_new_version_is_refused(central: Central, folder: Path) -> None:
    first = publish(central, folder, by="desk")
    change(folder, "version: ", "# another line\nversion: ")  # no other content
    assert publish(central, folder, by="desk").new
    kept = (folder / ITEM).read_text("utf-8")
    number = next(line for line in kept.splitlines() if line.startswith("version:"))
    change(folder, "zh: ", "zh: 新")
    with pytest.raises(NotPublished, match=r"items/jinglaoka\.yaml: has changed since version"):
        publish(central, folder, by="desk")
    with pytest.raises(NotPublished):  # not by way of a single region either
        publish(central, folder, by="desk", region="sh-310101")
    change(folder, number, "version: 77")
    raised = publish(central, folder, by="desk")
    assert raised.version > first.version
    (folder / ITEM).write_text(kept, "utf-8")  # back to the former content under its former version: a new edition
    assert publish(central, folder, by="desk").version > raised.version


def test_a_shared_field_is_part_of_the_items_that_use_it(central: Central, folder: Path) -> None:
    publish(central, folder, by="desk")
    change(folder, "zh: ", "zh: 新", "dictionary.yaml")
    with pytest.raises(NotPublished, match="raise its version"):
        publish(central, folder, by="desk")


def _unreadable(folder: Path) -> None:
    (folder / ITEM).write_bytes(b"code: \xff")


def _unknown_name(folder: Path) -> None:
    change(folder, "title:", "titel:")


def _bad_notice(folder: Path) -> None:
    change(folder, "{case}", "{name}", "notices.yaml")


def _foreign_file(folder: Path) -> None:
    (folder / "items" / "Jinglaoka 2.yaml").write_text((folder / ITEM).read_text("utf-8"), "utf-8")


def _too_large(folder: Path) -> None:
    for number in range(LARGEST_EDITION // 200_000 + 1):
        (folder / "items" / f"filler-{number}.yaml").write_text("#" * 200_000, "utf-8")


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


BROKEN: dict[Callable[[Path], None], str] = {
    _unreadable: "items/jinglaoka.yaml: is not UTF-8",
    _unknown_name: "did you mean `title`",
    _bad_notice: "only {item}, {state} and {case}",
    _foreign_file: "Jinglaoka 2.yaml: is no name for a file",
    _too_large: "too large",
    _empty: "holds no catalogue",
}


def test_a_catalogue_that_is_not_whole_is_not_published(central: Central, terminal: Terminal, tmp_path: Path) -> None:
    version = publish(central, CATALOGUE, by="desk").version
    for broken, why in BROKEN.items():
        folder = Path(shutil.copytree(CATALOGUE, tmp_path / broken.__name__))
        broken(folder)
        with pytest.raises(NotPublished) as refused:
            publish(central, folder, by="desk")
        assert why in str(refused.value)
    assert hinted(terminal) == version


def test_a_region_has_its_own_until_all_are_given_a_later_one(central: Central, terminal: Terminal) -> None:
    elsewhere = publish(central, CATALOGUE, by="desk", region="sh-310115")
    assert hinted(terminal) == 0
    assert asked(terminal) is None
    here = publish(central, CATALOGUE, by="desk", region=terminal.region)
    assert here.version > elsewhere.version
    told = asked(terminal)
    assert told is not None
    assert (told.edition.version, told.edition.region) == (here.version, terminal.region)
    everywhere = publish(central, CATALOGUE, by="desk")
    told = asked(terminal, here.version)
    assert told is not None
    assert (told.edition.version, told.edition.region) == (everywhere.version, "*")


def test_settings_go_to_terminals_that_know_them_and_the_catalogue_to_all(
    central: Central, terminal: Terminal, folder: Path
) -> None:
    (folder / SETTINGS_FILE).write_text(LOW_VOICE, "utf-8")
    done = publish(central, folder, by="desk")
    assert (done.settings, done.files) == (("speech.volume",), 10)
    told, former = asked(terminal, more="&settings=1"), asked(terminal)
    assert told is not None
    assert former is not None
    assert told.edition.files[SETTINGS_FILE] == LOW_VOICE
    assert SETTINGS_FILE not in former.edition.files
    assert former.edition.version == told.edition.version == done.version
    assert former.edition.files == {name: text for name, text in told.edition.files.items() if name != SETTINGS_FILE}
    assert not publish(central, folder, by="desk").new
    (folder / SETTINGS_FILE).unlink()
    assert publish(central, folder, by="desk").new  # set on terminals no more
    told = asked(terminal, done.version, "&settings=1")
    assert told is not None
    assert told.edition.files[SETTINGS_FILE] == ""


def test_settings_that_may_not_be_said_from_afar_are_not_published(
    central: Central, terminal: Terminal, folder: Path
) -> None:
    (folder / SETTINGS_FILE).write_text('[central]\nurl = "https://elsewhere"\n[speech]\nvolume = 11\n', "utf-8")
    change(folder, "title:", "titel:")
    with pytest.raises(NotPublished) as refused:
        publish(central, folder, by="desk")
    assert "items/jinglaoka.yaml" in str(refused.value)
    assert "settings.toml:2: central.url: may not be set from central" in str(refused.value)
    assert "settings.toml:4: speech.volume: must be a whole number from 1 to 10" in str(refused.value)
    change(folder, "titel:", "title:")
    with pytest.raises(NotPublished, match=r"settings\.toml:2: central\.url"):
        publish(central, folder, by="desk")
    assert hinted(terminal) == 0


def test_only_terminals_of_ours_ask(central: Central, terminal: Terminal) -> None:
    publish(central, CATALOGUE, by="desk")
    assert terminal.client.get("/v1/catalogue?have=0").status_code == 401
    answer = terminal.ask("GET", "/v1/catalogue?have=x")
    assert (answer.status_code, error(answer)) == (422, "catalogue.bad_version")


def test_the_command_says_what_it_did_or_every_mistake(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = str(tmp_path / "central")
    assert main(["code", "--folder", where, "--region", "sh", "--site", "s", "--terminal", "NT-1"]) == 0
    command = ["publish", "--folder", where, "--catalogue", str(folder)]
    assert main(command) == 0
    assert "4 items in 9 files\n" in capsys.readouterr().out
    (folder / SETTINGS_FILE).write_text(LOW_VOICE, "utf-8")
    assert main(command) == 0
    assert "in 10 files; set on terminals: speech.volume\n" in capsys.readouterr().out
    assert main(command) == 0
    assert "nothing to publish" in capsys.readouterr().out
    change(folder, "title:", "titel:")
    change(folder, "zh: ", "cn: ", "notices.yaml")
    assert main(command) != 0
    assert "items/jinglaoka.yaml" in capsys.readouterr().err


def test_what_is_published_is_what_a_real_terminal_works_by(tmp_path: Path, folder: Path) -> None:
    """All the way: checked, stored, signed, asked for, verified, kept, read, switched to; and over a restart."""
    with paired(tmp_path) as pair:
        reader = CatalogueReader()
        assert reader.begin(pair.store.edition(), CATALOGUE)
        sync = Sync(pair.store, pair.link, pair.clock, chance=lambda: 0.0, reader=reader)

        def turned() -> tuple[int, str]:
            pair.clock.count += 2000
            sync.round()
            assert sync.state().fault == sync.state().mirror_fault == ""
            return sync.state().edition, sync.state().edition_fault

        assert turned() == (0, "")
        change(folder, "version: ", "version: 9")
        change(folder, "zh: ", "zh: 新")
        done = publish(pair.central, folder, by="desk")
        assert turned() == (done.version, "")
        assert reader.catalogue.item("jinglaoka").version >= 90
        (folder / ITEM).unlink()
        (folder / "home.yaml").unlink()
        later = publish(pair.central, folder, by="desk", region="sh")
        assert turned() == (later.version, "")
        assert "jinglaoka" not in reader.catalogue.codes
        again = CatalogueReader()
        assert again.begin(pair.store.edition(), CATALOGUE)
        assert again.catalogue.codes == reader.catalogue.codes


def ended(terminal: KioskTerminal) -> None:
    """All of it but the store, which is the pair's."""
    terminal.watch.stop()
    terminal.hands.end()
    for station in (*terminal.stations.values(), *terminal.absent):
        station.end()
    for link in terminal.links:
        link.close()


WORDS = Words.load(Path(__file__).resolve().parents[2] / "assets" / "i18n")


def test_what_a_district_sets_holds_at_a_real_terminal_from_the_next_visit_on(
    tmp_path: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As wired: published, taken, in effect; what its own file says stays; a restart begins with all of it."""
    caplog.set_level("INFO", "kiosk.editions")
    (folder / SETTINGS_FILE).write_text(
        '[terminal]\nlanguage = "en"\nphone = "021-12345"\n[keypad]\ntouch_sound = false\n'
        "[visit]\nwarn_after_s = 100\nend_after_s = 200\n",
        "utf-8",
    )
    with paired(tmp_path) as pair:
        own = parse(
            f"""
            [terminal]
            name = "NT-1"
            place_zh = "样例"
            place_en = "Example"
            phone = "12345"
            [store]
            folder = "{tmp_path / "terminal"}"
            [central]
            url = "{pair.link.url}"
            [catalogue]
            folder = "{CATALOGUE}"
            """.encode(),
            "own.toml",
            tmp_path,
        )
        publish(pair.central, folder, by="desk")
        terminal = build(own, WORDS, pair.store.identity, pair.store, pair.clock)
        views: queue.SimpleQueue[View] = queue.SimpleQueue()
        terminal.mind.subscribe(views.put)
        terminal.mind.start()
        try:
            assert views.get(timeout=PATIENCE_S).language == "zh"
            assert terminal.settings == own
            terminal.sync.round()
            assert terminal.sync.edition_fault() == ""
            assert views.get(timeout=PATIENCE_S).language == "en"
        finally:
            terminal.mind.stop()
            ended(terminal)
        again = build(own, WORDS, pair.store.identity, pair.store, pair.clock)
        assert (again.settings.terminal.language, again.settings.terminal.phone) == ("en", "12345")
        assert (again.settings.visit.end_after_s, again.settings.keypad.touch_sound) == (200, False)
        assert "own file: terminal.phone" in caplog.text
        ended(again)
