"""Drafts in the store: sealed rows under names that tell nothing, each with its end. `kiosk.ports.Drafts` is met here.

A row that is over, changed, or of another version of its item is deleted when it is met, and treated as if it had never
been there. Of another version because what the person agreed to was the old one: its terms name the fields and the use.
No draft is worth a visit: a disk that refuses means no draft, and is told in the log.
"""

import contextlib
import datetime as dt
import enum
import hashlib
import logging
import threading
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from offline_cache.clock import Clock
from offline_cache.database import Database, DiskRefused, told_as_disk
from offline_cache.schema import drafts
from trust.drafts import DraftSecret
from trust.files import sync_folder
from trust.keys import KeyFileBroken
from trust.sealing import SealBroken
from wire.drafts import MOST_HOURS, Draft, draft_context, read_draft, write_draft

log = logging.getLogger("offline_cache.drafts")

HALF_FILE = "draft.secret"
_BEFORE = "draft.before-"
_STAMP = "%Y%m%dT%H%M%SZ"
_LONGEST = dt.timedelta(hours=MOST_HOURS)


class DraftGone(enum.StrEnum):
    """Why a row that was there is not given out; the one thing that is logged of it."""

    OVER = "draft.over"
    DAMAGED = "draft.damaged"  # its bytes are not the ones that were written
    NOT_OPENED = "draft.not_opened"  # the seal does not hold: another end or version than it was sealed with
    OTHER_VERSION = "draft.other_version"
    OTHER_SHAPE = "draft.other_shape"  # another release's


_AS_IT_SHOULD = frozenset({DraftGone.OVER, DraftGone.OTHER_VERSION})


class SealedDrafts:
    """Any thread may call; each call may take as long as the disk. Nothing here raises for what the disk does."""

    def __init__(self, database: Database, folder: Path, clock: Clock) -> None:
        self._database = database
        self._path = folder / HALF_FILE
        self._clock = clock
        self._lock = threading.Lock()
        self._secret = _secret_at(self._path)
        self._before = _secrets_before(folder)

    def keep(self, card: bytes, draft: Draft, hours: int) -> bool:
        """Seal the draft and write it in the place of the last one of this card and item; whether it is on disk."""
        return self._write(card, draft, self._clock.now() + dt.timedelta(hours=min(hours, MOST_HOURS)))

    def _write(self, card: bytes, draft: Draft, expires: dt.datetime) -> bool:
        now = self._clock.now()
        try:
            secret = self._secret_made()
            body = secret.seal(card, write_draft(draft), context=draft_context(draft.item, draft.version, expires))
            values = {
                "version": draft.version,
                "expires": expires,
                "kept_at": now,
                "body": body,
                "sha256": hashlib.sha256(body).hexdigest(),
            }
            row = insert(drafts).values(name=secret.name(card, draft.item), **values)
            with self._database.transaction() as connection:
                connection.execute(row.on_conflict_do_update(index_elements=[drafts.c.name], set_=values))
        except DiskRefused as refused:
            log.warning("no draft was kept: %s", refused.reason.value)
            return False
        return True

    def find(self, card: bytes, item: str, version: int) -> Draft | None:
        """This card's draft of this version of the item, if there is one that can be given."""
        for secret in self._secrets():
            name = secret.name(card, item)
            try:
                with self._database.reading() as connection:
                    found = _find(connection, secret, name, card, item, version, self._clock.now())
            except DiskRefused as refused:
                log.warning("no draft could be looked for: %s", refused.reason.value)
                return None
            if isinstance(found, DraftGone):
                tell = log.info if found in _AS_IT_SHOULD else log.warning
                tell("a draft was dropped: %s", found.value)
                self._drop(name)
                return None
            if found is not None:
                draft, expires = found
                if secret is not self._secret and self._write(card, draft, expires):
                    self._drop(name)  # from a store that was damaged; its old seal can be forgotten now
                return draft
        return None

    def drop(self, card: bytes, item: str) -> None:
        """Delete this card's draft of this item."""
        for secret in self._secrets():
            self._drop(secret.name(card, item))

    def name(self, card: bytes, item: str) -> str:
        """What `Store.accept` calls the draft that ends with a letter; "" when none was ever kept here."""
        return self._secret.name(card, item) if self._secret is not None and card else ""

    def sweep(self) -> int:
        """Delete what is over; how many. Writes only when there is something to delete."""
        now = self._clock.now()
        for path in [path for path in self._before if not now - _LONGEST < _stamp(path) <= now]:
            del self._before[path]
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        try:
            with self._database.reading() as connection:
                if not connection.execute(sa.select(sa.exists().where(_over(now)))).scalar_one():
                    return 0
            with self._database.transaction() as connection:
                return connection.execute(sa.delete(drafts).where(_over(now))).rowcount
        except DiskRefused as refused:
            log.warning("drafts could not be swept: %s", refused.reason.value)
            return 0

    def _secret_made(self) -> DraftSecret:
        """The terminal's half of the keys, made at the first draft. Raises DiskRefused."""
        with self._lock:
            if self._secret is None:
                secret = DraftSecret.generate()
                with told_as_disk():
                    secret.save(self._path)
                self._secret = secret
            return self._secret

    def _secrets(self) -> list[DraftSecret]:
        now = [] if self._secret is None else [self._secret]
        return now + list(self._before.values())

    def _drop(self, name: str) -> None:
        try:
            with self._database.transaction() as connection:
                drop(connection, name)
        except DiskRefused as refused:  # its end comes all the same, by the clock
            log.warning("a draft could not be deleted: %s", refused.reason.value)


def drop(connection: sa.Connection, name: str) -> None:
    connection.execute(sa.delete(drafts).where(drafts.c.name == name))


def retire_secret(folder: Path, now: dt.datetime) -> None:
    """From now on another secret seals; this one opens what was rescued, and is deleted when the longest draft is over.

    So copies of drafts that lie in a store that was set aside can soon be opened by nobody. Raises OSError.
    """
    path = folder / HALF_FILE
    if path.exists():
        path.replace(folder / f"{_BEFORE}{now.astimezone(dt.UTC):{_STAMP}}")
        sync_folder(folder)


def _secrets_before(folder: Path) -> dict[Path, DraftSecret]:
    found = {path: _secret_at(path) for path in sorted(folder.glob(f"{_BEFORE}*"), reverse=True)}
    return {path: secret for path, secret in found.items() if secret is not None}


def _stamp(path: Path) -> dt.datetime:
    """When the secret was retired; the year one for a name that is none of ours."""
    try:
        return dt.datetime.strptime(path.name.removeprefix(_BEFORE), _STAMP).replace(tzinfo=dt.UTC)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def _secret_at(path: Path) -> DraftSecret | None:
    try:
        return DraftSecret.load(path)
    except FileNotFoundError:
        return None
    except (OSError, KeyFileBroken):
        log.warning("the draft secret cannot be read: drafts kept until now are lost")
        return None


def _find(
    connection: sa.Connection, secret: DraftSecret, name: str, card: bytes, item: str, version: int, now: dt.datetime
) -> tuple[Draft, dt.datetime] | DraftGone | None:
    wanted = sa.select(drafts.c.version, drafts.c.expires, drafts.c.body, drafts.c.sha256)
    try:
        row = connection.execute(wanted.where(drafts.c.name == name)).one_or_none()
        if row is None:
            return None
        if hashlib.sha256(row.body).hexdigest() != row.sha256:
            return DraftGone.DAMAGED
        if is_over(row.expires, now):
            return DraftGone.OVER
        context = draft_context(item, row.version, row.expires)
    except (TypeError, ValueError, AttributeError):  # a changed column may hold another type, or no time at all
        return DraftGone.DAMAGED
    if row.version != version:
        return DraftGone.OTHER_VERSION
    try:
        plain = secret.open(card, row.body, context=context)
    except SealBroken:
        return DraftGone.NOT_OPENED
    draft = read_draft(plain)
    return DraftGone.OTHER_SHAPE if draft is None else (draft, row.expires)


def is_over(expires: dt.datetime, now: dt.datetime) -> bool:
    """Past its end, or so far from it that the clock was set back: nothing is kept longer than was said."""
    return not now < expires <= now + _LONGEST


def _over(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(drafts.c.expires <= now, drafts.c.expires > now + _LONGEST)
