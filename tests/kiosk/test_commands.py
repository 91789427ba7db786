"""Every command of the terminal with bad input: no traceback, the right exit code, a sentence in both languages."""

import datetime as dt
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hardware.api.clock import SystemClock
from kiosk.alarms import GLASS_HIGH, LETTER_OLD, LETTER_PARKED, NO_HANDWRITING_MODEL, NO_PINYIN_LIBRARY, Owner
from kiosk.main import NOT_ENROLLED, OK, WRONG, _log_to, main
from kiosk.settings.loading import load
from kiosk.settings.model import Settings
from offline_cache import outbox
from offline_cache.boot import Opened, WhyUnusable, open_store
from offline_cache.enrol import WhyNotEnrolled
from offline_cache.identity import IDENTITY_FILE, KEY_FILE, IdentityFault
from offline_cache.store import SqlStore, StoreSettings
from offline_cache.technician import NOT_ALL, NOT_NOW, SHORT
from tests.kiosk.test_main import settings
from tests.kiosk.test_words import WORDS
from tests.offline_cache.world import IDENTITY, NAME, application
from ui.keyboard import google, zinnia
from wire.deeds import Accepted
from wire.ids import LetterId

HAN = re.compile("[一-鿿]")
SCANNER = '[scanner]\nmodel = "gm65"\npath = "/dev/none"\n'
Told = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """A command with this terminal's settings: its exit code and the lines that it said."""
    path = settings(tmp_path, SCANNER)

    def run(*told: object) -> tuple[int, list[str]]:
        code = main(["--settings", str(path), *map(str, told)])
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        return code, err.splitlines()

    return run


def both(lines: list[str], *parts: str) -> None:
    """The last two lines are one sentence in Chinese and in English, and say these things."""
    assert HAN.search(lines[-2])
    assert not HAN.search(lines[-1])
    assert len(lines[-1].split()) > 4
    for part in parts:
        assert part in lines[-1]


@contextmanager
def store(folder: Path) -> Iterator[SqlStore]:
    outcome = open_store(folder, IDENTITY, SystemClock(), StoreSettings(reserve_bytes=0))
    assert isinstance(outcome, Opened)
    try:
        yield outcome.store
    finally:
        outcome.store.close()


@pytest.fixture
def letters(tmp_path: Path) -> tuple[LetterId, LetterId, LetterId]:
    """A parked letter about C1, one behind it, and one about C2 that waits."""
    IDENTITY.save(tmp_path / "store")
    made = []
    with store(tmp_path / "store") as opened:
        for case in ("C1", "C1", "C2"):
            outcome = opened.accept(application(case), subject=case)
            assert isinstance(outcome, Accepted)
            made.append(outcome.letter)
        opened.park(made[0], outbox.PARKED_REJECTED)
        opened.stumbled(made[2], "link.rejected")
    return made[0], made[1], made[2]


# ---- the settings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [["--check"], ["--enrol", "X"], ["--letters", "list"], ["--key", "show"]])
@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("[terminal", ":1: is not TOML"),
        ("terminal = 3\n", "terminal"),
        ("[visit]\nwarn_after_s = 'soon'\n", "visit.warn_after_s"),
        ("[visit]\nwarn_aftr_s = 3\n", "warn_after_s"),
        ("\udcff", "is not UTF-8"),
        (None, "cannot be read: No such file"),
        ("/", "cannot be read: Is a directory"),
    ],
)
def test_settings_that_cannot_be_used_are_told_by_every_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], order: list[str], text: str | None, which: str
) -> None:
    path = tmp_path / "terminal.toml"
    if text == "/":
        path.mkdir()
    elif text is not None:
        path.write_text(text, "utf-8", "surrogateescape")
    assert main(["--settings", str(path), *order]) == WRONG
    lines = capsys.readouterr().err.splitlines()
    assert which in "\n".join(lines)
    both(lines, "Not good")


@pytest.mark.parametrize(
    "order", [[], ["--letters"], ["--letters", "nonsense"], ["--letters", "export"], ["--key", "x"], ["--nope"]]
)
def test_what_is_mistyped_ends_with_a_usage_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], order: list[str]
) -> None:
    where = ["--settings", str(settings(tmp_path))] if order else []
    with pytest.raises(SystemExit) as ended:
        main([*where, *order])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


# ---- the check and enrolment --------------------------------------------------------------------------------


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without pinyin library and handwriting model."""
    monkeypatch.setattr(google, "LIBRARY", "libnosuchthing.so.0")
    monkeypatch.setattr(zinnia, "LIBRARY", "libnosuchthing.so.0")
    google._opened.cache_clear()
    yield
    google._opened.cache_clear()


@pytest.mark.usefixtures("bare")
def test_a_check_names_what_the_glass_lacks_and_what_to_do_and_its_verdict_is_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    high = settings(tmp_path, SCANNER + "[screen]\nbottom_mm = 1100.0\n")
    assert main(["--settings", str(high), "--check"]) == NOT_ENROLLED
    lines = capsys.readouterr().err.splitlines()
    both(lines, "Not in use yet")
    for word, does in (
        (GLASS_HIGH, "140 mm beyond"),
        (NO_PINYIN_LIBRARY, "apt-get install libgooglepinyin0"),
        (NO_HANDWRITING_MODEL, "apt-get install libzinnia0 tegaki"),
    ):
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{word}: "))
        assert HAN.search(lines[at])
        assert does in lines[at + 1]


def test_a_check_of_a_machine_that_lacks_nothing_names_nothing(asked: Told) -> None:
    _, lines = asked("--check")
    assert not [line for line in lines if line.startswith("glass.")]


def test_the_last_line_of_a_check_is_the_verdict_of_the_whole(tmp_path: Path, asked: Told) -> None:
    code, lines = asked("--check")
    assert code == NOT_ENROLLED
    both(lines, "Not in use yet", "not well enrolled")
    IDENTITY.save(tmp_path / "store")
    code, lines = asked("--check")
    assert code == OK
    both(lines, "Ready", "items are on offer")
    (tmp_path / "store" / IDENTITY_FILE).write_text("{")
    code, lines = asked("--check")
    assert code == NOT_ENROLLED
    both(lines, "Not in use yet")
    assert any("identity.damaged" in line for line in lines)


@pytest.mark.parametrize("harm", ["none", "empty", "file", "mistake"])
def test_a_catalogue_that_is_missing_or_wrong_is_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: str
) -> None:
    IDENTITY.save(tmp_path / "store")
    folder = tmp_path / "catalogue"
    if harm == "file":
        folder.write_text("x")
    elif harm != "none":
        (folder / "items").mkdir(parents=True)
    if harm == "mistake":
        (folder / "items" / "one.yaml").write_text("titel: x\n")
    path = settings(tmp_path)
    text = re.sub(r'\[catalogue\]\nfolder = ".*"', f'[catalogue]\nfolder = "{folder}"', path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    assert main(["--settings", str(path), "--check"]) == WRONG
    lines = capsys.readouterr().err.splitlines()
    both(lines, "Not good")
    assert any(str(folder) in line for line in lines)


def test_a_terminal_with_no_device_at_all_is_not_called_ready(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    IDENTITY.save(tmp_path / "store")
    assert main(["--settings", str(settings(tmp_path)), "--check"]) == WRONG
    both(capsys.readouterr().err.splitlines(), "Not good", "[reader]", "[scanner]")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a moment")
@pytest.mark.parametrize("order", [["--check"], ["--key", "show"], ["--key", "move"]])
def test_another_account_is_not_told_that_the_identity_is_damaged(
    tmp_path: Path, asked: Told, monkeypatch: pytest.MonkeyPatch, order: list[str]
) -> None:
    IDENTITY.save(tmp_path / "store")

    def then_somebody_else(path: Path) -> Settings:
        loaded = load(path)
        os.seteuid(65534)
        return loaded

    monkeypatch.setattr("kiosk.main.load", then_somebody_else)
    try:
        code, lines = asked(*order)
    finally:
        os.seteuid(0)
    assert code == NOT_ENROLLED
    both(lines, "This account may not", str(tmp_path / "store"))
    assert not any("damaged" in line for line in lines)


def test_enrolment_says_why_not_and_what_to_do(tmp_path: Path, asked: Told) -> None:
    code, lines = asked("--enrol", "ABC")
    assert code == NOT_ENROLLED
    both(lines, "central.url")
    code, lines = asked("--enrol", " ")
    assert code == NOT_ENROLLED
    both(lines, "Get a new one")
    (tmp_path / "store" / KEY_FILE).write_text("nonsense")
    code, lines = asked("--enrol", "ABC")
    assert code == NOT_ENROLLED
    assert "ABC" not in "\n".join(lines)


def test_every_word_that_is_told_has_its_sentence() -> None:
    assert all(WORDS.has(word.value) for word in WhyNotEnrolled)
    assert all(WORDS.has(word.value) for word in IdentityFault)
    assert all(WORDS.has(f"letters.unusable.{word.value.removeprefix('store.')}") for word in WhyUnusable)
    parked = (outbox.PARKED_CONFLICT, outbox.PARKED_REJECTED, outbox.PARKED_DAMAGED, outbox.PARKED_MISSING)
    assert all(WORDS.has(f"letters.why.{word}") for word in parked)
    for language in ("zh", "en"):
        assert LETTER_PARKED in WORDS.say("letters.owner.parked", language)
        assert Owner.CENTRE.value in WORDS.say("letters.owner.parked", language)
        old = WORDS.say("letters.owner.old", language, hours=24)
        assert all(word in old for word in (LETTER_OLD, Owner.CENTRE.value, Owner.TECHNICIAN.value))


# ---- letters ------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_store_is_told_for_what_it_is(tmp_path: Path, asked: Told) -> None:
    folder = tmp_path / "store"

    def refused(*parts: str) -> None:
        code, lines = asked("--letters", "list")
        assert code == NOT_NOW
        both(lines, str(folder), *parts)

    refused("There is no folder", "store.folder")
    folder.write_text("x")
    refused("is no folder")
    folder.unlink()
    folder.mkdir()
    refused("no letter was ever accepted here", "--enrol")
    IDENTITY.save(folder)
    refused(IDENTITY.terminal, "nothing waits")
    (folder / IDENTITY_FILE).write_text("{")
    refused("the letters are still there")
    assert not (folder / "store.db").exists()


def test_another_account_is_told_to_be_the_terminal_s(
    tmp_path: Path, asked: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store").mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)
    code, lines = asked("--letters", "list")
    assert code == NOT_NOW
    both(lines, "This account may not", "runuser")


def test_the_list_says_which_about_what_since_when_why_whose_and_what_may_be_done(
    asked: Told, letters: tuple[LetterId, LetterId, LetterId]
) -> None:
    code, lines = asked("--letters", "list")
    assert code == OK
    told = "\n".join(lines)
    assert f"This is terminal {IDENTITY.terminal} of region {IDENTITY.region}" in told
    parked, behind, waits = (told.split(f"\n{letter[-SHORT:]}  ")[1].split("\n\n")[0] for letter in letters)
    assert NAME not in told
    now = dt.datetime.now(ZoneInfo("Asia/Shanghai"))  # of the terminal's place, where the new year comes earlier
    years = {now.year, (now - dt.timedelta(minutes=2)).year}
    for text, subject in ((parked, "C1"), (behind, "C1"), (waits, "C2")):
        assert text.startswith(tuple(f"application  {subject}  {year}-" for year in years))
    assert "Central refused it under its signature" in parked
    assert "the back office's" in parked
    assert "behind a parked one" in behind
    assert "link.rejected" in waits
    for choice in ("retry NUMBER", "export FOLDER NUMBER", "acknowledge FILE"):
        assert choice in told


def test_an_old_letter_names_its_alarm(
    tmp_path: Path, asked: Told, letters: tuple[LetterId, LetterId, LetterId], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=25)
    monkeypatch.setattr(SystemClock, "now", lambda _: later)
    _, lines = asked("--letters", "list")
    assert sum("letter.old" in line for line in lines) == 4  # two that wait, in two languages
    assert letters


def test_letters_are_named_by_their_end_and_what_is_not_here_is_said(
    tmp_path: Path, asked: Told, letters: tuple[LetterId, LetterId, LetterId]
) -> None:
    parked, behind, _ = letters
    for strange in ("nonsense", "", "\udcff", "../x", parked[-3:]):
        code, lines = asked("--letters", "retry", strange)
        assert code == NOT_ALL
        both(lines, "`list`")
    code, lines = asked("--letters", "retry", behind[-SHORT:])
    assert code == NOT_ALL
    both(lines, "is not parked")
    code, lines = asked("--letters", "export", tmp_path / "none")
    assert code == NOT_NOW
    both(lines, "no folder", "nothing was exported")
    (tmp_path / "stick").mkdir()
    code, lines = asked("--letters", "export", tmp_path / "stick", parked[-SHORT:])
    assert code == OK
    both(lines, "`carried`")
    (file,) = (tmp_path / "stick").iterdir()
    for name in (tmp_path / "none", tmp_path, file):
        code, lines = asked("--letters", "acknowledge", name)
        assert code == NOT_ALL
        both(lines, name.name)
    code, lines = asked("--letters", "retry", parked[-SHORT:])
    assert code == OK
    both(lines, "will be sent again")


def test_a_store_that_the_program_holds_is_let_alone(
    tmp_path: Path, asked: Told, letters: tuple[LetterId, LetterId, LetterId]
) -> None:
    with store(tmp_path / "store"):
        code, lines = asked("--letters", "list")
    assert code == NOT_NOW
    both(lines, "is running", "systemctl stop nuanting")
    assert letters


@pytest.mark.parametrize("more", ["", "[visit]\nwarn_aftr_s = 3\n"])
def test_where_nothing_can_be_drawn_it_is_said_instead_of_a_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        assert main(["--settings", str(settings(tmp_path, more))]) == WRONG
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    both(capsys.readouterr().err.splitlines(), "no display", "--screenless")


@pytest.mark.log_warnings_expected
def test_a_log_that_cannot_be_written_does_not_keep_the_terminal_closed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        _log_to(load(settings(tmp_path, f'[logs]\nfolder = "{tmp_path / "logs"}"\n')))
        assert "look at logs.folder" in capsys.readouterr().err
    finally:
        root.handlers[:] = before
        root.setLevel(level)
