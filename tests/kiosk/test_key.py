"""What a technician is told of the terminal's key, on an emulated TPM: by --enrol, --check and --key, and closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.api.clock import SystemClock
from kiosk.main import ASSETS, NOT_ENROLLED, OK, main
from kiosk.mind import closed_view
from kiosk.settings.loading import load
from kiosk.view import ClosedBody
from kiosk.wiring import Closed, begin
from kiosk.words import Words
from offline_cache.identity import IdentityFault
from offline_cache.own_key import IN_FILE, KEY_FILE, TPM_FILE, KeyPlace, WhyNotMoved
from tests.offline_cache.world import CentralEnd, serving
from tests.trust.chip import swtpm

WORDS = Words.load(ASSETS / "i18n")
Told = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def tpm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with swtpm(tmp_path_factory.mktemp("tpm")) as path:
        yield path


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(CentralEnd()) as served:
        yield served


def settings(folder: Path, tpm: Path, *, url: str = "http://127.0.0.1:9", key_in: str = "auto") -> Path:
    path = folder / "terminal.toml"
    path.write_text(
        f'[terminal]\nname = "T1"\nplace_zh = "测试点"\nplace_en = "Test site"\n'
        f'[store]\nfolder = "{folder / "store"}"\nkey_in = "{key_in}"\ntpm = "{tpm}"\n'
        f'[central]\nurl = "{url}"\n[catalogue]\nfolder = "{ASSETS / "catalogue"}"\n'
        f'[scanner]\nmodel = "gm65"\npath = "{folder / "no-scanner"}"\n',
        "utf-8",
    )
    return path


def asked(path: Path, *words: str) -> int:
    return main(["--settings", str(path), *words])


def said(capsys: Told, *words: str) -> None:
    """Each of these words was said, with its sentence in both languages, and nothing else of keys."""
    err = capsys.readouterr().err
    for word in words:
        assert f"{word}: {WORDS.say(word, 'zh')}\n" in err
        assert WORDS.say(word, "en") in err
    assert sum(line.startswith(("key.", "tpm.")) for line in err.splitlines()) == len(words)


def test_every_word_of_keys_has_its_sentence() -> None:
    for word in (
        *WhyNotMoved,
        *(fault for fault in IdentityFault if fault.of_the_key),
        IN_FILE,
        "key.moved",
        "key.kept",
    ):
        assert WORDS.has(str(word))
    assert all(WORDS.has(f"key.place.{place.value}") for place in KeyPlace)


def test_a_terminal_with_a_tpm_is_enrolled_with_its_key_in_there_and_says_so(
    tmp_path: Path, tpm: Path, url: str, capsys: Told
) -> None:
    path = settings(tmp_path, tpm, url=url)
    assert asked(path, "--key", "show") == NOT_ENROLLED
    said(capsys, "key.none")
    assert asked(path, "--enrol", "CODE-1") == OK
    said(capsys, "key.place.tpm")
    assert asked(path, "--check") == OK
    said(capsys, "key.place.tpm")
    assert not (tmp_path / "store" / KEY_FILE).exists()
    assert (tmp_path / "store" / TPM_FILE).exists()
    assert asked(path, "--key", "move") == OK
    said(capsys, "key.place.tpm")


def test_a_key_in_a_file_is_told_and_moved(tmp_path: Path, tpm: Path, url: str, capsys: Told) -> None:
    path = settings(tmp_path, tmp_path / "no tpm", url=url)
    assert asked(path, "--enrol", "CODE-1") == OK
    said(capsys, "key.place.file", "tpm.absent")
    assert asked(path, "--key", "move") == NOT_ENROLLED
    said(capsys, "tpm.absent", "key.kept")
    path = settings(tmp_path, tpm, url=url, key_in="tpm")
    assert asked(path, "--key", "show") == OK
    said(capsys, "key.place.file", "key.tip.wanted", "key.tip.move")
    assert asked(path, "--enrol", "CODE-1") == NOT_ENROLLED
    said(capsys, "key.in_file")
    assert asked(path, "--key", "move") == OK
    said(capsys, "key.moved", "key.place.moved")
    assert asked(path, "--enrol", "CODE-1") == OK
    said(capsys, "key.place.moved")


@pytest.mark.log_warnings_expected
def test_a_terminal_whose_tpm_is_gone_closes_and_says_why(tmp_path: Path, tpm: Path, url: str, capsys: Told) -> None:
    assert asked(settings(tmp_path, tpm, url=url), "--enrol", "CODE-1") == OK
    capsys.readouterr()
    path = settings(tmp_path, tmp_path / "gone", url=url)
    assert asked(path, "--key", "show") == NOT_ENROLLED
    said(capsys, "tpm.absent")
    begun = begin(load(path), WORDS, SystemClock())
    assert begun == Closed("key")
    body = closed_view(WORDS, begun.reason).body
    assert isinstance(body, ClosedBody)
    assert WORDS.say("closed.reason.key", "zh") in body.lines
    assert asked(path, "--letters", "list") == 2
    assert "tpm.absent" in capsys.readouterr().err


def test_without_a_tpm_where_one_is_wanted_nothing_is_enrolled(tmp_path: Path, url: str, capsys: Told) -> None:
    path = settings(tmp_path, tmp_path / "no tpm", url=url, key_in="tpm")
    assert asked(path, "--enrol", "CODE-1") == NOT_ENROLLED
    said(capsys, "tpm.absent")
    assert list((tmp_path / "store").iterdir()) == []
