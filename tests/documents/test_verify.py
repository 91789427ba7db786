"""Codes are believed for their signature alone; the command says what they prove and what it could not check."""

import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.verify import CANNOT, FAILS, HOLDS, Doubt, Refusal, Refused, Verified, main, report, verify
from tests.documents import made
from tests.documents.made import CASE, NOW, SERIAL
from trust import tokens
from trust.keys import USE_CODE, USE_TERMINAL, KeyRing, SigningKey
from wire.canonical import sha256_hex
from wire.ids import CaseNumber
from wire.tokens import IdCode, Proof, Receipt

PAGE = b"%PDF-1.4 the page"
TOKEN = made.room().receipt(CaseNumber(CASE), made.item("jinglaoka"), [sha256_hex(PAGE)], NOW, 7, "0" * 64)
PROOF = tokens.write(Proof(serial=SERIAL, item="shebao-proof", figures="a" * 64, at=NOW, terminal="YP01"), made.key())
RING = KeyRing([made.key().public(USE_TERMINAL)])
DAY = dt.timedelta(days=1)


def refused(token: str, ring: KeyRing = RING, now: dt.datetime = NOW) -> Refusal:
    outcome = verify(token, ring, now)
    assert isinstance(outcome, Refused)
    return outcome.word


def test_a_receipt_holds_and_says_what_was_signed() -> None:
    outcome = verify(f" {TOKEN[:90]}\r\n{TOKEN[90:]}\n", RING, NOW)  # as it is pasted from a letter
    assert isinstance(outcome, Verified)
    assert outcome.payload == Receipt(
        case=CASE,
        item="jinglaoka",
        version=made.item("jinglaoka").version,
        parts=(sha256_hex(PAGE),),
        at=NOW.replace(microsecond=0),
        terminal="YP01",
        counter=7,
        previous="0" * 64,
    )
    assert outcome.doubts == ()
    assert outcome.kid == made.key().kid


@settings(max_examples=60)
@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("AZaz09-_.x"))
def test_no_letter_can_be_changed(at: int, letter: str) -> None:
    changed = TOKEN[:at] + letter + TOKEN[at + 1 :]
    if changed != TOKEN:
        assert isinstance(verify(changed, RING, NOW), Refused)


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(verify(text, RING, NOW), Refused)
    assert isinstance(verify("NT1." + text, RING, NOW), Refused)


def test_why_not() -> None:
    other = SigningKey.generate()
    assert refused("https://example.org/x") is Refusal.FOREIGN
    assert refused(TOKEN[:-3]) is Refusal.DAMAGED
    assert refused("NT1." + "a" * 5000) is Refusal.TOO_LONG
    assert refused(TOKEN, KeyRing([other.public(USE_TERMINAL)])) is Refusal.UNKNOWN_KEY
    assert refused(TOKEN, KeyRing([made.key().public(USE_CODE)])) is Refusal.UNKNOWN_KEY
    body = TOKEN.split(".")
    assert refused(".".join([*body[:3], "A" * 85 + "A"])) is Refusal.BAD_SIGNATURE
    code = IdCode(id="1", issued=NOW, expires=NOW + DAY, kind="citizen", name="王", number="1")
    assert refused(tokens.write(code, made.key())) is Refusal.WRONG_KIND
    naive = Proof(serial=SERIAL, item="i", figures="a" * 64, at=NOW.replace(tzinfo=None), terminal="YP01")
    assert refused(tokens.write(naive, made.key())) is Refusal.DAMAGED


def test_a_document_outlives_its_key_but_is_not_younger_than_its_end() -> None:
    ended_after = KeyRing([made.key().public(USE_TERMINAL, NOW + DAY)])
    outcome = verify(TOKEN, ended_after, NOW + 400 * DAY)
    assert isinstance(outcome, Verified)
    assert outcome.doubts == (Doubt.KEY_ENDED,)
    assert refused(TOKEN, KeyRing([made.key().public(USE_TERMINAL, NOW - DAY)])) is Refusal.KEY_WAS_OVER


def test_a_time_in_the_future_is_told() -> None:
    outcome = verify(TOKEN, RING, NOW - DAY)
    assert isinstance(outcome, Verified)
    assert outcome.doubts == (Doubt.AHEAD,)


@pytest.mark.parametrize("word", Refusal)
def test_every_refusal_has_its_sentence(word: Refusal) -> None:
    assert word.value in report(Refused(word))[1]


# ---- the command ----


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps([made.key().public(USE_TERMINAL).model_dump(mode="json")]))
    return path


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments], NOW)


def test_the_command_says_what_it_proves(keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, other = tmp_path / "page.pdf", tmp_path / "other.pdf"
    page.write_bytes(PAGE)
    other.write_bytes(PAGE + b" ")
    assert run(TOKEN, "--keys", keys, "--pdf", page) == HOLDS
    said = capsys.readouterr().out
    version = f"version {made.item('jinglaoka').version}"
    for words in ("通过验证", "Verified", CASE, "jinglaoka", version, "2026-11-22", "YP01", "counter: 7", "part 1"):
        assert words in said, words
    assert run(TOKEN, "--keys", keys, "--pdf", page, "--pdf", other) == FAILS
    assert "other.pdf: 不是这份申请的文件" in capsys.readouterr().out
    assert run(PROOF, "--keys", keys) == HOLDS
    assert SERIAL in capsys.readouterr().out
    assert run(PROOF, "--keys", keys, "--pdf", page) == CANNOT


def test_the_command_refuses(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(TOKEN[:-4] + "AAAA", "--keys", keys) == FAILS
    said = capsys.readouterr().out
    assert "Not verified" in said
    assert CASE not in said


def test_the_text_may_come_from_a_scanner(
    keys: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(TOKEN + "\r\n"))
    assert run("-", "--keys", keys) == HOLDS
    assert CASE in capsys.readouterr().out


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{}",
        "[1]",
        '[{"kid":"a"}]',
        "[" * 100_000,
        "\udcff",
        '[{"kid":"a","alg":"x","use":"y","key":"z","not_after":"2026-01-01T00:00:00"}]',
    ],
)
def test_keys_that_are_none(raw: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(raw.encode("utf-8", "surrogateescape"))
    assert run(TOKEN, "--keys", path) == CANNOT
    assert "not a list of public keys" in capsys.readouterr().err


def test_files_that_are_not_there(keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(TOKEN, "--keys", tmp_path / "none.json") == CANNOT
    assert run(TOKEN, "--keys", keys, "--pdf", tmp_path / "none.pdf") == CANNOT
    assert "none.pdf" in capsys.readouterr().err


def test_it_runs_as_a_program_and_touches_no_network(keys: Path) -> None:
    code = (
        "import runpy, sys\n"
        "def no(event, args):\n"
        "    if event.startswith('socket.') and event != 'socket.gethostname': raise SystemExit('asked the network')\n"
        "sys.addaudithook(no)\n"
        "runpy.run_module('documents.verify', run_name='__main__', alter_sys=True)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, TOKEN, "--keys", str(keys)], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == HOLDS, done.stderr
    assert CASE in done.stdout
    bad = subprocess.run(
        [sys.executable, "-m", "documents.verify"], capture_output=True, text=True, cwd=root, check=False
    )
    assert bad.returncode == CANNOT
