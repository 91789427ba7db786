"""What a district sets, at the terminal: only as a part of a good edition; else the last good one stays."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from kiosk.editions import Contents
from offline_cache import editions
from offline_cache.link import LinkFault
from offline_cache.sync import EDITION_REFUSED
from tests.offline_cache.test_editions import FILES, Desk, an_edition, signed, spoil
from tests.offline_cache.test_editions import desk as desk
from tests.offline_cache.world import KEYS, a_store
from wire.editions import SETTINGS_FILE, Edition, SignedEdition


def setting(text: str, version: int = 6) -> Edition:
    return an_edition(version, files={**FILES, SETTINGS_FILE: text})


def test_settings_come_with_the_catalogue_and_last_over_a_restart(desk: Desk) -> None:
    told: list[Contents] = []
    desk.reader.switched = told.append
    desk.take(setting("[speech]\nvolume = 2\n"))
    assert [each.afar for each in told] == [{"speech.volume": 2}]
    desk.start()
    assert desk.reader.contents == told[0]
    desk.take(setting("", 7))
    assert desk.reader.contents.afar == {}


@pytest.mark.log_warnings_expected
@pytest.mark.parametrize(
    "text",
    [
        '[central]\nurl = "https://elsewhere"\n',  # never from afar
        "[speech]\nvolume = 2\nbass = 3\n",  # of a later release
        "[speech]\nvolume = 20\n",
        "[visit]\nwarn_after_s = 90\nend_after_s = 60\n",
        "[speech",
    ],
)
def test_settings_that_may_not_be_said_cost_the_whole_edition_although_central_signed_it(desk: Desk, text: str) -> None:
    good = setting("[speech]\nvolume = 2\n", 5)
    desk.take(good)
    held = desk.reader.contents
    desk.edition = setting(text)
    assert desk.turn() == EDITION_REFUSED
    assert (desk.stands(), desk.reader.contents) == (good, held)
    desk.start()
    assert desk.reader.contents == held
    desk.take(setting("", 7))


def test_forged_settings_are_refused(desk: Desk) -> None:
    good = setting("[speech]\nvolume = 2\n", 5)
    desk.take(good)
    desk.edition = true = setting("[speech]\nvolume = 3\n")
    other = {**true.files, SETTINGS_FILE: "[speech]\nvolume = 9\n"}
    without = {name: text for name, text in true.files.items() if name != SETTINGS_FILE}
    sig = signed(true).sig
    for files in (other, without):
        forged = SignedEdition(edition=true.model_copy(update={"files": files}), kid=KEYS.ack.kid, sig=sig)
        desk.instead = lambda handler, forged=forged: handler.message(forged)  # type: ignore[misc]
        assert desk.turn() == LinkFault.BAD_SIGNATURE
        assert desk.stands() == good
    assert desk.reader.contents.afar == {"speech.volume": 2}


def test_an_edition_that_the_release_before_took_brings_its_settings_after_the_update(desk: Desk) -> None:
    assert desk.rig.store.take_edition(an_edition(5))  # asked for without settings
    desk.edition = setting("[speech]\nvolume = 2\n", 5)
    desk.start()
    assert desk.reader.contents.afar == {}
    assert desk.turn() == ""
    assert desk.stands() == desk.edition
    assert desk.reader.contents.afar == {"speech.volume": 2}
    for _ in range(3):
        assert desk.turn() == ""
    assert desk.asked == 1
    desk.start()
    assert desk.turn() == ""
    assert desk.asked == 1


def test_a_central_of_the_release_before_is_asked_once_whether_it_has_settings(desk: Desk) -> None:
    desk.take(an_edition(5))
    desk.start()
    for _ in range(3):
        assert desk.turn() == ""
    assert desk.asked == 2
    assert desk.stands() == desk.edition


def test_a_terminal_of_the_release_before_refuses_the_name_of_the_file_cleanly() -> None:
    """Which is why central sends the file only to who asks for it; here what that release's words were."""
    names = re.compile(r"^((items|packages)/)?[a-z0-9][a-z0-9_-]{0,63}\.yaml$")
    assert not names.match(SETTINGS_FILE)
    for name in ("items/settings.toml", "settings.tom", "Settings.toml", "settings.toml\n", "x/settings.toml"):
        with pytest.raises(ValidationError):
            an_edition(files={**FILES, name: ""})


def test_the_edition_is_seen_while_the_store_is_in_use_and_where_there_is_none(tmp_path: Path) -> None:
    assert editions.seen_in(tmp_path / "nowhere") is None
    with a_store(tmp_path) as store:
        assert editions.seen_in(tmp_path) is None
        assert store.take_edition(an_edition(5))
        assert editions.seen_in(tmp_path) == an_edition(5)
    assert editions.seen_in(tmp_path) == an_edition(5)
    spoil(tmp_path)
    assert editions.seen_in(tmp_path) is None
