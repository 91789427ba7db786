"""The terminal's own key: in its TPM, or in a file that only its account reads; and the way from the file into the TPM.

`terminal.key` is the key itself; `terminal.tpm` is the key wrapped by this terminal's chip. A move writes the second,
tries it, and only then overwrites the first: whenever the power is cut, one of them is whole. While the first can be
read the key *is* in a file, and is told so.
"""

import contextlib
import enum
import os
from dataclasses import dataclass
from pathlib import Path

from trust.files import sync_folder, unfinished
from trust.keys import KeyFileBroken, KeyUnavailable, SigningKey
from trust.tpm import Opener, TpmKey, fault_of_chip

KEY_FILE = "terminal.key"
TPM_FILE = "terminal.tpm"

OwnKey = SigningKey | TpmKey


class KeyHold(enum.StrEnum):
    """What is to hold a key that is made at enrolment."""

    AUTO = "auto"  # the TPM where there is one that works, else a file
    TPM = "tpm"  # the TPM, or no terminal
    FILE = "file"


class KeyPlace(enum.StrEnum):
    """Where the key lies; the last parts of the words `key.place.*`."""

    FILE = "file"
    TPM = "tpm"  # made in the chip
    MOVED = "moved"  # in the chip, and once in a file
    BOTH = "both"  # a move was cut off: in the chip, and what it came from is still there


class WhyNotMoved(enum.StrEnum):
    """Why the key stays where it is, beside the chip's own words (`TpmFault`)."""

    NONE = "key.none"  # there is none
    TWO = "key.two"  # two different keys lie here
    BROKEN = "key.broken"  # neither file holds a key
    DISK = "key.disk"


@dataclass(frozen=True)
class NotMoved:
    """`reason`: a WhyNotMoved or a TpmFault. The key is as it was."""

    reason: str
    detail: str = ""


IN_FILE = "key.in_file"
"""Why a terminal whose key shall be in the TPM is not enrolled with the one that it has."""


def load(folder: Path, tpm: Opener) -> OwnKey:
    """The key, wherever it lies; a chip's has been tried.

    Raises FileNotFoundError, OSError, KeyFileBroken (also for two different keys), KeyUnavailable.
    """
    plain, sealed = folder / KEY_FILE, folder / TPM_FILE
    try:
        key = SigningKey.load(plain)
    except (OSError, KeyFileBroken):
        if sealed.exists():  # a move was cut off while it overwrote, or there never was a file
            return TpmKey.load(sealed, tpm)
        raise
    other = key.kid
    with contextlib.suppress(OSError, KeyFileBroken):  # what cannot be read contradicts nothing
        other = TpmKey.read(sealed, tpm).kid
    if other != key.kid:
        raise _TwoKeys(WhyNotMoved.TWO.value)
    return key


class _TwoKeys(KeyFileBroken):
    """Nobody can tell here which of the two central knows."""


def load_or_make(folder: Path, hold: KeyHold, tpm: Opener) -> OwnKey:
    """The key that is there, else a new one; on the disk when this returns.

    Raises OSError, KeyFileBroken, KeyUnavailable (also IN_FILE). A key that is there is never replaced.
    """
    with contextlib.suppress(FileNotFoundError):
        key = load(folder, tpm)
        if hold is KeyHold.TPM and isinstance(key, SigningKey):
            raise KeyUnavailable(IN_FILE)
        return key
    if hold is not KeyHold.FILE:
        try:
            made = TpmKey.make(tpm)
        except KeyUnavailable:
            if hold is KeyHold.TPM:
                raise
        else:
            made.save(folder / TPM_FILE)
            return made
    plain = SigningKey.generate()
    plain.save(folder / KEY_FILE)
    return plain


def let_go(key: OwnKey) -> None:
    """Leave the chip to others; a signature opens it again."""
    if isinstance(key, TpmKey):
        key.close()


def place_of(folder: Path, key: OwnKey) -> KeyPlace:
    if isinstance(key, SigningKey):
        return KeyPlace.BOTH if (folder / TPM_FILE).exists() else KeyPlace.FILE
    if (folder / KEY_FILE).exists():
        return KeyPlace.BOTH
    return KeyPlace.TPM if key.born_here else KeyPlace.MOVED


def told(folder: Path, hold: KeyHold, tpm: Opener) -> tuple[str, ...]:
    """Where the key lies, or why it cannot be used, and what could be done: words of the terminal's sentences."""
    try:
        key = load(folder, tpm)
    except FileNotFoundError:
        return (WhyNotMoved.NONE.value,)
    except OSError:
        return (WhyNotMoved.DISK.value,)
    except KeyFileBroken as broken:
        return (_why(broken).value,)
    except KeyUnavailable as unavailable:
        return (unavailable.fault,)
    let_go(key)
    place = place_of(folder, key)
    lies = (f"key.place.{place.value}",)
    if place is not KeyPlace.FILE or hold is KeyHold.FILE:
        return lies
    why_not = fault_of_chip(tpm)
    wanted = ("key.tip.wanted",) if hold is KeyHold.TPM else ()
    return (*lies, *wanted, "key.tip.move" if why_not is None else why_not.value)


def move_into_tpm(folder: Path, tpm: Opener) -> KeyPlace | NotMoved:
    """Let the chip take the key in, try it there, and do away with the file; goes on with a move that was cut off."""
    plain, sealed = folder / KEY_FILE, folder / TPM_FILE
    try:
        key = load(folder, tpm)
        if isinstance(key, SigningKey):
            taken = TpmKey.take_in(key, tpm)  # also after a cut: the chip may be another one meanwhile
            taken.close()
            taken.save(sealed)
            key = TpmKey.load(sealed, tpm)  # what lies on the disk, not what lies in memory
        key.close()
        for secret in (unfinished(plain), plain):
            if secret.exists():
                _do_away(secret)
        return place_of(folder, key)
    except FileNotFoundError:
        return NotMoved(WhyNotMoved.NONE.value)
    except KeyFileBroken as broken:
        return NotMoved(_why(broken).value, str(broken))
    except KeyUnavailable as unavailable:
        return NotMoved(unavailable.fault, unavailable.detail)
    except OSError as refused:
        return NotMoved(WhyNotMoved.DISK.value, refused.strerror or "")


def _why(broken: KeyFileBroken) -> WhyNotMoved:
    return WhyNotMoved.TWO if isinstance(broken, _TwoKeys) else WhyNotMoved.BROKEN


def _do_away(path: Path) -> None:
    """Overwrite, then remove. On flash the old bytes may outlive this: the medium writes elsewhere. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.write(handle, os.urandom(os.fstat(handle).st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()
    sync_folder(path.parent)
