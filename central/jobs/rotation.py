"""Changing central's own keys while terminals and letters are on their way: announced, used, former, retired.

Each step is written into `keys.json` first and told to the mirrors, with its note in the audit, after it: a cut between
the two is mended by the next command (`_mend`). Nothing here can lose a letter: a key that opens letters goes only when
its time is long over and every terminal has been heard since.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from central.jobs.audit import note
from central.keys import KeptVault
from central.rules.key_book import KeptKey, KeyBook, KeyState
from central.store import jobs, letters, staff, terminals, vault
from central.store.database import Connection, tell_after
from central.wiring import Central
from trust.keys import USE_ACK, USE_CODE, USE_SEAL
from trust.vault import VaultBroken

LOG = logging.getLogger("central.rotation")

USES = {"ack": USE_ACK, "code": USE_CODE, "seal": USE_SEAL}
LEAD = dt.timedelta(minutes=10)
"""So long a key is announced before it is used: terminals in reach fetch their mirror every minute."""
LIFE = dt.timedelta(days=30)
"""How long a former key stays valid when nothing else is said."""
GRACE = dt.timedelta(days=90)
"""How long a former seal key is kept beyond that: letters that are sealed to it may lie in terminals, or be carried."""

_ROOM = 1000
"""Marks lie so far above every version of a mirror: none comes so far while a command runs."""


class NotNow(Exception):
    """What is asked would lose something, or makes no sense; the text says why, for an operator."""


@dataclass(frozen=True)
class Standing:
    """A key, how far it has come, and how many terminals have not been heard since it was announced."""

    key: KeptKey
    state: KeyState
    here: bool
    unheard: int


def standings(central: Central) -> tuple[Standing, ...]:
    """All keys, oldest first. Raises StoreUnavailable."""
    told = []
    for key in central.keys.book().keys:
        unheard = 0
        if key.state in ("announced", "in use"):
            with central.database.reading() as connection:
                unheard = len(terminals.unseen_since(connection, key.told_at or key.made_at))
        told.append(Standing(key, key.state, central.keys.has(key), unheard))
    return tuple(told)


def announce(central: Central, use: str, *, hold: bool = False, by: str = "desk") -> KeptKey:
    """Make a key and say it in every mirror. `hold`: only make it, so that its file can be copied to other machines;
    the next `announce` says it then.

    Raises NotNow, OSError, KeyFileBroken, StoreUnavailable.
    """
    with central.keys.changing() as book:
        book = _mend(central, book, by)
        made = next(iter(book.of(use, "announced")), None)
        if made is not None and (made.told_at is not None or hold):
            raise NotNow(f"{made.kid} is announced already: switch to it first")
        if made is None:
            made = _made(central, use)
            book = book.with_key(made, to_tell=False)
            central.keys.write(book)
        if hold:
            return made
        with central.database.writing() as connection:
            terminals.mirrors_changed(connection, made.mark)
            tell_after(connection, terminals.MIRROR, jobs.EVERY_TERMINAL)
            note(connection, central, by, "key.announced", made.kid, use=use)
        made = made.model_copy(update={"told_at": central.now()})
        central.keys.write(book.with_key(made, to_tell=False))
    LOG.info("key %s for %s announced", made.kid, use)
    return made


def switch(central: Central, use: str, *, life: dt.timedelta = LIFE, by: str = "desk") -> tuple[KeptKey, KeptKey]:
    """Use the announced key from now on; the new and the former, which stays valid for `life`.

    Raises NotNow, OSError, KeyFileBroken, StoreUnavailable.
    """
    now = central.now()
    with central.keys.changing() as book:
        book = _mend(central, book, by)
        new = next(iter(book.of(use, "announced")), None)
        if new is None or new.told_at is None:
            raise NotNow("no key is announced for this use: announce one first")
        if now < new.told_at + LEAD:
            raise NotNow(f"{new.kid} was announced a moment ago: wait until {_said(new.told_at + LEAD)}")
        (old,) = book.of(use, "in use")
        old = old.model_copy(update={"not_after": now + life})
        new = new.model_copy(update={"used_at": now})
        _tell(central, book.with_key(old, to_tell=True).with_key(new, to_tell=True), by, "key.used", new, use=use)
    LOG.info("key %s is used for %s instead of %s", new.kid, use, old.kid)
    return new, old


def retire(central: Central, kid: str, *, by: str = "desk") -> KeptKey:
    """Name a former key in no mirror any more. A seal or code key's file goes; an acknowledging one's stays: with it
    a terminal that comes back after years is told of the newer keys.

    Raises NotNow, OSError, KeyFileBroken, StoreUnavailable.
    """
    now = central.now()
    with central.keys.changing() as book:
        book = _mend(central, book, by)
        key = next((each for each in book.keys if each.kid == kid), None)
        if key is None:
            raise NotNow(f"there is no key {kid}: `keys list` says which there are")
        if key.state == "retired":
            raise NotNow(f"{kid} is retired already")
        if key.not_after is None:
            raise NotNow(f"{kid} is {key.state}: only a former key can be retired")
        if now <= key.not_after:
            raise NotNow(f"{kid} is valid until {_said(key.not_after)}")
        if key.use == USE_SEAL:
            _check_nothing_is_on_its_way(central, key.not_after, now)
        key = key.model_copy(update={"retired_at": now})
        _tell(central, book.with_key(key, to_tell=True), by, "key.retired", key, use=key.use)
        _sweep(central, central.keys.book())
    LOG.info("key %s for %s retired", kid, key.use)
    return key


def _check_nothing_is_on_its_way(central: Central, over: dt.datetime, now: dt.datetime) -> None:
    if now < over + GRACE:
        raise NotNow(
            f"letters sealed to it may still be on their way: terminals sealed to it until {_said(over)}, "
            f"and it is kept for {GRACE.days} days more, until {_said(over + GRACE)}"
        )
    with central.database.reading() as connection:
        unopened = letters.unopened_count(connection)
        unheard = terminals.unseen_since(connection, over)
    if unopened:
        raise NotNow(f"{unopened} letters are here that were not opened yet: they may be sealed to it")
    if unheard:
        names = ", ".join(f"{region}/{terminal}" for region, terminal in unheard[:5])
        raise NotNow(
            f"{len(unheard)} terminals have not been heard since {_said(over)} and may hold letters sealed to it "
            f"({names}): bring their letters by hand, or withdraw the terminals that are gone for good"
        )


def _made(central: Central, use: str) -> KeptKey:
    """A new key and the mark that is above every mirror there is, also above those of a time that a backup undid."""
    now = central.now()
    with central.database.reading() as connection:
        newest = terminals.newest_mirror(connection)
    file, public = central.keys.make(use)
    return KeptKey(use=use, file=file, public=public, made_at=now, mark=max(newest + _ROOM, int(now.timestamp())))


def _tell(central: Central, book: KeyBook, by: str, what: str, key: KeptKey, *, use: str) -> None:
    central.keys.write(book)
    with central.database.writing() as connection:
        _change_mirrors(central, book, connection)
        note(connection, central, by, what, key.kid, use=use)
    central.keys.write(book.model_copy(update={"to_tell": False}))


def _change_mirrors(central: Central, book: KeyBook, connection: Connection) -> None:
    terminals.mirrors_changed(connection, book.mark())
    tell_after(connection, terminals.MIRROR, jobs.EVERY_TERMINAL)


def _mend(central: Central, book: KeyBook, by: str) -> KeyBook:
    """Do what a command before this one was cut off at."""
    if book.to_tell:
        with central.database.writing() as connection:
            _change_mirrors(central, book, connection)
            note(connection, central, by, "key.mended")
        book = book.model_copy(update={"to_tell": False})
        central.keys.write(book)
    _sweep(central, book)
    return book


def _sweep(central: Central, book: KeyBook) -> None:
    """Remove the files of retired keys, whose end is in the audit by now."""
    for key in book.of(USE_SEAL, "retired") + book.of(USE_CODE, "retired"):
        if central.keys.has(key):
            central.keys.delete(key)


def _said(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


# ---- the vault ----------------------------------------------------------------------------------------------


def rotate_vault(central: Central, *, by: str = "desk") -> str:
    """A new key in front of the vault's: it wraps from now on, the former ones open. Its name.

    Raises NotNow, OSError, StoreUnavailable.
    """
    kept = central.vault
    if not isinstance(kept, KeptVault):
        raise NotNow("this vault's keys are in no file")
    with central.keys.changing():
        rotated = kept.rotated()
        rotated.save(kept.path)
        with central.database.writing() as connection:
            note(connection, central, by, "vault.rotated", rotated.newest)
    return rotated.newest


def rewrap(central: Central, *, step: int = 200, most: int | None = None, by: str = "desk") -> int:
    """Wrap the cases' keys, and the staff's authenticators, by the vault's newest key; how many were.

    Each step is a transaction: it may be cut off anywhere and begun again. Raises VaultBroken, StoreUnavailable.
    """
    done = 0
    after = ("", "")
    newest = central.vault.newest
    while most is None or done < most:
        with central.database.writing() as connection:
            rows = vault.wrapped_otherwise(connection, newest, after, step)
            for region, about, row in rows:
                try:
                    new = central.vault.rewrapped(region, about, row)
                except VaultBroken:  # it opens nothing as it is: left for who looks for it
                    LOG.error("the key of a case cannot be opened by the vault: restore vault.key from a copy")
                    continue
                done += vault.swap_key(connection, region, about, row, new)
            if not rows:
                done += _reseal_staff(central, connection, newest)
                note(connection, central, by, "vault.rewrapped", newest, count=done)
                return done
        after = rows[-1][:2]
    return done


def _reseal_staff(central: Central, connection: Connection, newest: str) -> int:
    done = 0
    for row in staff.everybody(connection):
        if row.totp is None or row.totp.startswith(newest.encode()):
            continue
        label = f"totp {row.login}"  # central.jobs.staff
        try:
            plain = central.vault.open_own(label, row.totp)
        except VaultBroken:
            LOG.error("the authenticator's secret of one of the staff cannot be opened: reset it")
            continue
        done += staff.swap_totp(connection, row.login, row.totp, central.vault.seal_own(label, plain))
    return done
