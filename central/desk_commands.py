"""What is done at central's own machine for staff and auditors: `python -m central staff | audit | export-person`.

Whoever may run these reads central's folder anyway: they are how the first administrator comes in, and what is left
when nobody can sign in. Each is written into the audit as done by "desk".
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from central.jobs import audit, staff
from central.jobs.export import export_person
from central.keys import utc_now
from central.naming import add_central
from central.rules.audit import Verified, verify
from central.rules.roles import Role
from central.saying import disk, refused
from central.store.audit import regions
from central.wiring import Central
from trust.keys import KeyRing
from trust.passwords import new_password
from wire.canonical import canonical
from wire.messages import PublicKey

NAMES = frozenset({"staff", "audit", "export-person"})


class CannotDo(Exception):
    """A command that cannot be done; the text says why."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ours beside central's other commands."""

    def leaf(
        parent: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, says: str, *, folder: bool = True
    ) -> argparse.ArgumentParser:
        made = parent.add_parser(name, help=says, description=says)
        if folder:
            add_central(made)
        return made

    what = leaf(commands, "staff", "let staff in and out, list them", folder=False).add_subparsers(
        dest="what", required=True
    )
    for name, says in (("add", "let somebody in"), ("reset", "a new password and authenticator for somebody")):
        sub = leaf(what, name, says)
        sub.add_argument("--login", required=True)
        sub.add_argument("--password-stdin", action="store_true", help="read it from the first line; else one is made")
        if name == "add":
            sub.add_argument("--name", required=True, help="as it is shown beside what he does")
            sub.add_argument("--role", required=True, action="append", choices=[role.value for role in Role])
            sub.add_argument("--region", action="append", default=[], help="may be repeated; all when left out")
            sub.add_argument("--language", default="zh", choices=staff.LANGUAGES)
    for name, says in (("disable", "let somebody out at once"), ("enable", "let somebody in again")):
        leaf(what, name, says).add_argument("--login", required=True)
    leaf(what, "list", "who there is")

    what = leaf(commands, "audit", "hand the audit over, or verify what was", folder=False).add_subparsers(
        dest="what", required=True
    )
    sub = leaf(what, "export", "write the audit as lines of JSON")
    sub.add_argument("--file", type=Path, required=True)
    sub.add_argument("--of-region", default="", help="one region's; all when left out")
    sub.add_argument("--key", type=Path, help="also write central's public keys there: give them to the auditor apart")
    sub = leaf(what, "verify", "verify an export; needs neither the folder nor the net", folder=False)
    sub.add_argument("--file", type=Path, required=True)
    sub.add_argument("--key", type=Path, required=True, help="central's public keys, as export wrote them")
    sub.set_defaults(folder=None)

    sub = leaf(commands, "export-person", "everything that central holds about one person")
    sub.add_argument("--number", help="asked for, or read from what is piped in, when left out: no shell remembers it")
    sub.add_argument("--into", type=Path, required=True, help="a new folder: person.json and the files")
    sub.add_argument("--why", required=True, help="goes into the audit")


def known_regions(central: Central) -> tuple[str, ...]:
    """Where something was ever done. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        return regions(connection)


def without_central(told: argparse.Namespace) -> bool:
    """Whether a command works without central's folder."""
    return bool(told.command == "audit" and told.what == "verify")


def run(central: Central | None, told: argparse.Namespace) -> str:
    """Do one command; what to print. Raises CannotDo, OSError, StoreUnavailable."""
    if central is None:
        return _verify(told)
    if told.command == "audit":
        return _export(central, told)
    if told.command == "export-person":
        return _person(central, told)
    try:
        return _STAFF[told.what](central, told)
    except staff.StaffRefused as refusal:
        raise CannotDo(f"staff {told.what} {told.login}: {refused(str(refusal))}") from refusal


def _person(central: Central, told: argparse.Namespace) -> str:
    if told.into.exists():
        raise CannotDo(f"{told.into} is there already, and nothing is written over: name a new folder with --into")
    number = told.number or _typed_number()
    try:
        found = export_person(central, number, told.into, by="desk", why=told.why)
    except FileExistsError as there:
        raise CannotDo(f"{told.into}: {disk(there)}") from there
    said = f"{found.cases} cases, {found.proofs} proofs, {found.files} files in {told.into}"
    if found.cases or found.proofs:
        return said
    return f"{said}: nothing is kept about this number. Was it typed rightly?"


def _typed_number() -> str:
    """Typed unseen where somebody sits at a terminal, else the first line of what is piped in."""
    if sys.stdin is not None and sys.stdin.isatty():
        try:
            number = getpass.getpass("number: ")
        except EOFError:
            number = ""
    else:
        number = _first_line()
    if not number.strip():
        raise CannotDo("no number was given: type it at a terminal, or pipe it in as the first line (or say --number)")
    return number.strip()


def _first_line() -> str:
    """The first line of the standard input; "" when there is none. Raises CannotDo."""
    if sys.stdin is None:
        return ""
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError as strange:
        raise CannotDo("what was piped in is not text in UTF-8: give one line of it") from strange


def _add(central: Central, told: argparse.Namespace) -> str:
    password = _password(told)
    uri = staff.add_staff(
        central,
        told.login,
        told.name,
        [Role(word) for word in told.role],
        told.region or ["*"],
        password,
        language=told.language,
    )
    return _secrets(told, password, uri)


def _reset(central: Central, told: argparse.Namespace) -> str:
    password = _password(told)
    return _secrets(told, password, staff.reset_staff(central, told.login, password))


def _disable(central: Central, told: argparse.Namespace) -> str:
    staff.set_disabled(central, told.login, told.what == "disable")
    return f"{told.login}: {told.what}d"


def _list(central: Central, _: argparse.Namespace) -> str:
    rows = staff.everybody(central)
    return "\n".join(
        f"{row.login}\t{row.name}\t{' '.join(row.roles)}\t{' '.join(row.regions)}\t{'out' if row.disabled else 'in'}"
        for row in rows
    )


_STAFF: dict[str, Callable[[Central, Any], str]] = {
    "add": _add,
    "reset": _reset,
    "disable": _disable,
    "enable": _disable,
    "list": _list,
}


def _password(told: argparse.Namespace) -> str:
    """Told or made. Raises CannotDo."""
    if not told.password_stdin:
        return new_password(told.login)
    password = _first_line()
    if not password:
        raise CannotDo(
            "--password-stdin: no password came in. Pipe it in as the first line, or leave the option out: one is made"
        )
    return password


def _secrets(told: argparse.Namespace, password: str, uri: str) -> str:
    lines = [f"login: {told.login}"]
    if not told.password_stdin:
        lines.append(f"password: {password}")
    return "\n".join([*lines, f"authenticator: {uri}", "Shown once: central keeps neither in a form that can be read."])


# ---- the audit ----------------------------------------------------------------------------------------------


def _export(central: Central, told: argparse.Namespace) -> str:
    if told.of_region and told.of_region not in (known := known_regions(central)):
        raise CannotDo(
            f"the audit knows no region {told.of_region}: leave --of-region out for all, or say one of "
            f"{', '.join(known) or 'none yet'}"
        )
    audit.sign_heads(central)
    count = 0
    try:
        with told.file.open("x", encoding="utf-8") as file:
            for line in audit.export(central, told.of_region):
                file.write(line + "\n")
                count += 1
    except FileExistsError:
        raise
    except BaseException as broken:
        if isinstance(broken, OSError) and broken.filename is None:
            broken.filename = str(told.file)
        told.file.unlink(missing_ok=True)  # half an audit is none
        raise
    if told.key is not None:
        keys = [key.model_dump(mode="json") for key in central.keys.ever()]
        told.key.write_bytes(canonical({"keys": keys}) + b"\n")
    return f"{count} lines in {told.file}"


def _verify(told: argparse.Namespace) -> str:
    try:
        keys = TypeAdapter(dict[str, tuple[PublicKey, ...]]).validate_json(told.key.read_bytes())["keys"]
    except (ValidationError, KeyError) as mistake:
        raise CannotDo(
            f"{told.key} does not hold central's public keys: name the file that `audit export --key` wrote"
        ) from mistake
    with told.file.open(encoding="utf-8", errors="replace") as lines:
        found = verify(lines, KeyRing(keys), utc_now())
    if not (found.events or found.heads):
        raise CannotDo(f"there is not one event in {told.file}: name the file that `audit export --file` wrote")
    if found.faults:
        raise CannotDo("\n".join(_said(found)))
    return "\n".join(_said(found))


def _said(found: Verified) -> Sequence[str]:
    said = [
        f"line {fault.line}: {fault.word} {fault.region} {fault.seq or ''}".rstrip() + f": {refused(fault.word)}"
        for fault in found.faults[:50]
    ]
    if len(found.faults) > 50:
        said.append(f"and {len(found.faults) - 50} more")
    said.append(f"{found.events} events, {found.heads} signed heads, {found.unsigned} events after the last head")
    said += [f"newest head of {head.region}: {head.seq} {head.hash} {head.at.isoformat()}" for head in found.newest]
    said.append("NOT SOUND" if found.faults else "sound: compare the newest heads with any that were kept elsewhere")
    return said
