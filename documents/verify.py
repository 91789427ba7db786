"""Checks the code of a receipt or a proof with nothing but public keys: no network, no data base.

    python -m documents.verify TOKEN --keys keys.json [--pdf page.pdf …]

TOKEN is the text that a scanner reads from the code ("-": from standard input). `keys.json` is a JSON list of public
keys (`wire.messages.PublicKey`). Exit codes: 0 it holds, 1 it does not, 2 it could not be checked.
"""

import argparse
import datetime as dt
import enum
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from trust import tokens
from trust.keys import USE_TERMINAL, KeyRing, is_over
from trust.tokens import TokenFault
from wire.messages import PublicKey
from wire.tokens import IdCode, Proof, Receipt

AHEAD = dt.timedelta(minutes=10)
"""How far a terminal's clock may be ahead before it is told."""

HOLDS, FAILS, CANNOT = 0, 1, 2
_LARGEST_KEYS = 1_000_000
_LONGEST_PASTED = 2 * tokens.LONGEST
_KEYS = TypeAdapter(tuple[PublicKey, ...])
_BEFORE_ALL = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Refusal(enum.StrEnum):
    """Why a code proves nothing. The first six are `trust.tokens.TokenFault`'s own words."""

    FOREIGN = TokenFault.FOREIGN.value
    TOO_LONG = TokenFault.TOO_LONG.value
    DAMAGED = TokenFault.DAMAGED.value
    UNKNOWN_KEY = TokenFault.UNKNOWN_KEY.value
    BAD_SIGNATURE = TokenFault.BAD_SIGNATURE.value
    WRONG_KIND = TokenFault.WRONG_KIND.value
    KEY_WAS_OVER = "token.key_was_over"  # it says it was signed after the key's own end


class Doubt(enum.StrEnum):
    """What a reader should know of a code that holds."""

    KEY_ENDED = "token.key_ended"  # the key has ended since it was signed
    AHEAD = "token.ahead"  # it says it was signed in the future


@dataclass(frozen=True)
class Verified:
    """Signed by a terminal we know; this is what it said."""

    payload: Receipt | Proof
    kid: str
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Refused:
    """It proves nothing; why."""

    word: Refusal


def verify(token: str, keyring: KeyRing, now: dt.datetime) -> Verified | Refused:
    """Whether a terminal signed this, and what it said. A document outlives its key: it need only have been valid then.

    The time inside is the signer's word: who has an ended key's secret could write an old time with it.
    """
    if len(token) <= _LONGEST_PASTED:
        token = "".join(token.split())  # a long code that was pasted may have been broken into lines
    read = tokens.read(token, keyring, USE_TERMINAL, _BEFORE_ALL)
    if isinstance(read, TokenFault):
        return Refused(Refusal(read.value))
    if isinstance(read, IdCode):
        return Refused(Refusal.WRONG_KIND)
    if read.at.tzinfo is None:
        return Refused(Refusal.DAMAGED)
    kid = token.split(".")[2]
    key = next(one for one in keyring if one.kid == kid and one.use == USE_TERMINAL)
    if is_over(key, read.at):
        return Refused(Refusal.KEY_WAS_OVER)
    doubts = []
    if is_over(key, now):
        doubts.append(Doubt.KEY_ENDED)
    if read.at > now + AHEAD:
        doubts.append(Doubt.AHEAD)
    return Verified(read, kid, tuple(doubts))


def part_number(receipt: Receipt, document: bytes) -> int | None:
    """Which part of the receipt this file is: 1 is the kept page, the others are materials; None when it is none."""
    digest = hashlib.sha256(document).hexdigest()
    return receipt.parts.index(digest) + 1 if digest in receipt.parts else None


# ---- what is said of it ---------------------------------------------------------------------------------------

_REFUSALS = {
    Refusal.FOREIGN: ("不是本系统的码", "not a code of this system"),
    Refusal.TOO_LONG: ("码太长，不是本系统的码", "too long to be a code of this system"),
    Refusal.DAMAGED: ("码不完整或已损坏", "the code is not whole"),
    Refusal.UNKNOWN_KEY: ("签名的钥匙不在给出的公钥里", "signed by a key that is not among the given ones"),
    Refusal.BAD_SIGNATURE: ("签名不符：内容被改动过", "the signature does not fit: the content was changed"),
    Refusal.WRONG_KIND: ("是另一种码，不是回执也不是证明", "another kind of code, neither a receipt nor a proof"),
    Refusal.KEY_WAS_OVER: ("签名时钥匙已经到期", "the key had ended before this was signed"),
}
_DOUBTS = {
    Doubt.KEY_ENDED: (
        "签名的钥匙现已到期，签名时间以码中所写为准",
        "the key has ended since; the time is the signer's word",
    ),
    Doubt.AHEAD: ("签名时间在将来：终端的时钟可能不准", "signed in the future: the terminal's clock may be wrong"),
}


def report(outcome: Verified | Refused, zone: dt.tzinfo | None = None) -> list[str]:
    """Lines in Chinese and English that say what was found. `zone` None: the machine's own."""
    if isinstance(outcome, Refused):
        zh, en = _REFUSALS[outcome.word]
        return ["✗ 未通过验证 · Not verified", f"  {zh} · {en} ({outcome.word.value})"]
    payload = outcome.payload
    lines = ["✓ 通过验证 · Verified", *(f"  {name}: {value}" for name, value in _said(payload, zone))]
    lines.append(f"  签名钥匙 key: {outcome.kid}")
    lines += [f"  ! {zh} · {en} ({doubt.value})" for doubt in outcome.doubts for zh, en in [_DOUBTS[doubt]]]
    return lines


def _said(payload: Receipt | Proof, zone: dt.tzinfo | None) -> list[tuple[str, str]]:
    at = f"{payload.at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
    match payload:
        case Receipt():
            return [
                ("种类 kind", "申请回执，终端已收下这份申请 · receipt: the terminal holds this application"),
                ("受理编号 case", payload.case),
                ("事项 item", f"{payload.item}, 版本 version {payload.version}"),
                ("时间 time", at),
                ("终端 terminal", payload.terminal),
                ("回执序号 counter", str(payload.counter)),
                ("上一回执 previous", payload.previous),
                *((f"文件 part {number} sha256", digest) for number, digest in enumerate(payload.parts, start=1)),
            ]
        case Proof():
            return [
                ("种类 kind", "打印的证明，终端打印了这些内容 · proof: the terminal printed these figures"),
                ("文件编号 serial", payload.serial),
                ("事项 item", payload.item),
                ("时间 time", at),
                ("终端 terminal", payload.terminal),
                ("内容指纹 figures", payload.figures),
            ]


# ---- the command ----------------------------------------------------------------------------------------------


class KeysBroken(Exception):
    """The file is not a list of public keys."""


def load_keys(path: Path) -> KeyRing:
    """The keys of a JSON file. Raises OSError, KeysBroken."""
    raw = path.read_bytes()
    if len(raw) > _LARGEST_KEYS:
        raise KeysBroken
    try:
        keys = _KEYS.validate_python(json.loads(raw), strict=False)
    except (ValueError, RecursionError, ValidationError) as mistake:
        raise KeysBroken from mistake
    if any(key.not_after is not None and key.not_after.tzinfo is None for key in keys):
        raise KeysBroken
    return KeyRing(keys)


def main(arguments: Sequence[str] | None = None, now: dt.datetime | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m documents.verify", description="验证回执或证明上的码 · check the code of a receipt or a proof"
    )
    parser.add_argument("token", metavar="TOKEN", help="码中的文字，- 表示从标准输入读 · the code's text, - for stdin")
    parser.add_argument("--keys", type=Path, required=True, help="公钥文件 · JSON list of public keys")
    parser.add_argument(
        "--pdf", type=Path, action="append", default=[], help="核对是否为回执所指的文件 · is it a part of the receipt"
    )
    given = parser.parse_args(arguments)
    token = _piped() if given.token == "-" else given.token  # noqa: S105 - no secret
    if not token.strip():
        return _cannot("没有收到码中的文字 · no text of a code came in: paste it as TOKEN, or pipe it in after -")
    try:
        keyring = load_keys(given.keys)
        documents = [(path, path.read_bytes()) for path in given.pdf]
    except OSError as error:
        return _cannot(f"打不开文件 · cannot open: {error.filename}: {error.strerror}")
    except KeysBroken:
        return _cannot(f"不是公钥列表 · not a list of public keys: {given.keys}")
    outcome = verify(token, keyring, now or dt.datetime.now(dt.UTC))
    lines = report(outcome)
    code = HOLDS if isinstance(outcome, Verified) else FAILS
    if isinstance(outcome, Verified):
        for path, document in documents:
            fits, line = _compare(outcome.payload, path, document)
            lines.append(line)
            code = max(code, fits)
    sys.stdout.write("\n".join(lines) + "\n")
    return code


def _piped() -> str:
    """What was piped in; "" where nothing was, or no text."""
    try:
        return "" if sys.stdin is None else sys.stdin.read(_LONGEST_PASTED)
    except UnicodeDecodeError:
        return ""


def _cannot(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return CANNOT


def _compare(payload: Receipt | Proof, path: Path, document: bytes) -> tuple[int, str]:
    if isinstance(payload, Proof):
        return CANNOT, f"? {path.name}: 证明的码只认内容，不认文件 · a proof names its figures, not a file"
    number = part_number(payload, document)
    if number is None:
        return FAILS, f"✗ {path.name}: 不是这份申请的文件 · not a part of this application"
    return HOLDS, f"✓ {path.name}: 就是文件 {number}，逐字节一致 · is part {number}, byte for byte"


if __name__ == "__main__":
    sys.exit(main())
