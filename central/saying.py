"""What central's commands say when they refuse: which thing, what is wrong, what to do next.

In English, as the logs are; the desk's pages have sentences of their own (`central.console`). No text of an exception
gets into a sentence unless it is the operating system's own: it may hold a password or what it failed on.
"""

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from central.connectors.settings import BadDepartments
from central.store.database import StoreDamaged, StoreUnavailable
from central.store.objects import BadBlobsSetting
from trust.keys import KeyFileBroken

REFUSED: Mapping[str, str] = {
    "staff.bad_login": "a login has 2 to 40 small letters, digits, dots, dashes or underscores and begins with a "
    "letter; rule, clock, desk and terminal are central's own. Choose another",
    "staff.login_taken": "this login is taken. Choose another; `staff reset` gives who has it a new password",
    "staff.bad_name": "a name has 1 to 60 characters. Say it with --name, as it is to be shown beside what is done",
    "staff.no_roles": "somebody without a role may do nothing. Say at least one --role",
    "staff.powers_apart": "admin and auditor stand alone: who has one of them has no other role. Give the other role "
    "to another person's login",
    "staff.bad_regions": "a region has 1 to 120 characters, and nobody has more than 50. Say --region once for each, "
    "or leave it out for all",
    "staff.bad_language": "there is no such language. Say zh or en",
    "staff.weak_password": "the password is too weak: it needs 10 to 200 characters and must not contain the login. "
    "Leave --password-stdin out, and a good one is made",
    "staff.unknown": "nobody has this login. `staff list` says who there is",
    "audit.not_a_line": "this is neither an event nor a signed head: the file was edited, or is another",
    "audit.edited": "this event is not what was written: its hash is another. Ask who had the file or the database",
    "audit.gap": "an event is missing before this one, or they were put in another order",
    "audit.broken_link": "this event does not follow the one before it: one of the two was edited or put in",
    "audit.bad_head": "this head is not signed with a key of this central: compare with the key file that was kept",
    "audit.missing_events": "a head was signed over an event that is not here: the end of the record was cut off",
    "audit.head_differs": "a head was signed over another event than the one here: the record was written anew",
}
"""Sentences for the words with which rules refuse, and for what `audit verify` finds. A test holds them against the
words that there are."""

_DO: Mapping[int, str] = {
    errno.ENOENT: "it is not there. Is the path written rightly?",
    errno.ENOTDIR: "a folder is needed, and this is a file or lies below one. Name another place",
    errno.EISDIR: "a file is needed, and this is a folder. Name the file",
    errno.EEXIST: "it is there already, and nothing is written over. Name another place",
    errno.EACCES: "this account may not. Run the command as the one that central runs as, or give it the right",
    errno.EPERM: "this account may not. Run the command as the one that central runs as, or give it the right",
    errno.EROFS: "the file system is read-only. Mount it for writing, or name another place",
    errno.ENOSPC: "the disk is full. Make room and say the command again",
    errno.EDQUOT: "the disk quota is used up. Make room and say the command again",
    errno.EIO: "the disk cannot be read or written. Look at the system's log and at the disk",
    errno.ENAMETOOLONG: "the name is too long. Name another place",
    errno.EADDRINUSE: "another program listens there. End it, or say another --port (0 takes any free one)",
    errno.EADDRNOTAVAIL: "this machine does not have that address. Say --host 127.0.0.1, or one of its own",
}


def refused(word: str) -> str:
    """The sentence for a rule's word; the word itself when there is none."""
    return REFUSED.get(word, word)


def disk(mistake: OSError) -> str:
    """What the operating system refused, and what to do."""
    return _DO.get(mistake.errno or 0, f"{mistake.strerror or type(mistake).__name__}. Look at the system's log")


def why(mistake: BaseException, folder: Path | None) -> str:
    """A mistake that is not ours as a sentence for an operator. `folder` is central's own, where there is one."""
    match mistake:
        case KeyFileBroken():
            return (
                f"the key file {mistake} in {folder / 'keys' if folder else 'keys'} is broken: restore it from a copy"
            )
        case FileNotFoundError() if folder is not None and _is_in(mistake.filename, folder / "keys"):
            return (
                f"missing: {mistake.filename}; restore it from a copy: central does not make new keys beside letters "
                "sealed to old ones"
            )
        case FileExistsError() if folder is not None and mistake.filename == str(folder):
            return f"{folder} is a file, and central needs a folder: name another"
        case OSError():
            full = mistake.errno in (errno.ENOSPC, errno.EDQUOT)  # then it is the copy, and not what is copied
            return f"{(full and mistake.filename2) or mistake.filename or folder}: {disk(mistake)}"
        case StoreUnavailable():
            return f"the database of {folder} cannot be used now: {_store(mistake)}"
        case StoreDamaged() | BadDepartments() | BadBlobsSetting():
            return f"central cannot use {folder}: {mistake}"
        case _:
            return str(mistake)


def _is_in(name: object, folder: Path) -> bool:
    return name is not None and folder in Path(os.fsdecode(str(name))).parents


_STORE = (
    ("disk is full", "the disk is full. Make room and say the command again"),
    ("readonly", "this account may not write it. Run the command as the one that central runs as"),
    ("read-only", "this account may not write it. Run the command as the one that central runs as"),
    ("unable to open", "it cannot be opened. May this account read and write the folder, and is the disk there?"),
    ("locked", "another program has been writing for long. Say the command again in a moment"),
    ("disk i/o", "the disk cannot be read or written. Look at the system's log and at the disk"),
    ("password", "PostgreSQL does not let this user in. Look at user and password in NUANTING_DATABASE"),
    ("does not exist", "PostgreSQL has no such database or user. Look at NUANTING_DATABASE or --database, or make it"),
    ("permission denied", "PostgreSQL does not allow it to this user. Let the user own the database"),
    ("connect", "PostgreSQL does not answer there. Does it run, and are host and port in NUANTING_DATABASE right?"),
    ("resolve", "there is no such host. Look at NUANTING_DATABASE or --database"),
)


def _store(mistake: StoreUnavailable) -> str:
    """By what the database said itself; its own words stay out, they may name what they failed on."""
    cause = mistake.__cause__
    said = str(getattr(cause, "orig", cause) or "").lower()
    known = next((does for sign, does in _STORE if sign in said), None)
    return known or f"{mistake}. Is the disk or PostgreSQL well? Then say the command again"
