"""The vault's keys in the database, and what is sealed with them: persons, answers, files."""

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from central.store.database import Connection, Database, insert_new
from central.store.vault_tables import vault_keys
from trust.vault import CaseKey, Vault, VaultBroken, WrappedKey
from wire.canonical import canonical
from wire.letters import Person

PERSON = "person"
"""The label under which a case's or proof's person and answers are sealed."""


def part_label(part: int) -> str:
    """The label under which a file of a case is sealed."""
    return f"part {part}"


class Told(BaseModel):
    """Who, and what was answered: the personal part of a case or a proof."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    person: Person
    answers: dict[str, str] = {}

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return []


@dataclass(frozen=True)
class SealedPerson:
    """The same as the database keeps it. `tag` finds the person's rows by."""

    tag: str
    sealed: bytes = field(repr=False)


def key_of(connection: Connection, vault: Vault, region: str, about: str) -> CaseKey | None:
    """The key of a case or proof; None when there never was one, or when it was destroyed. Raises VaultBroken."""
    row = connection.execute(
        sa.select(vault_keys.c.kid, vault_keys.c.wrapped).where(
            vault_keys.c.region == region, vault_keys.c.about == about
        )
    ).first()
    return None if row is None else vault.open_key(region, about, WrappedKey(row.kid, row.wrapped))


def keys_of(connection: Connection, vault: Vault, region: str, about: Collection[str]) -> dict[str, CaseKey]:
    """The keys of those of these cases and proofs that have one. Raises VaultBroken."""
    rows = connection.execute(_KEYS, {"of": region, "about": list(about)}) if about else ()
    return {row.about: vault.open_key(region, row.about, WrappedKey(row.kid, row.wrapped)) for row in rows}


_KEYS = sa.select(vault_keys).where(
    vault_keys.c.region == sa.bindparam("of"), vault_keys.c.about.in_(sa.bindparam("about", expanding=True))
)


def key_for(database: Database, vault: Vault, region: str, about: str) -> CaseKey:
    """The key of a case or proof, made when there is none. A transaction of its own. Raises StoreUnavailable.

    It does not wait for the disk: whatever is sealed with the key is committed after it, and logs keep their order.
    """
    with database.reading() as connection:
        found = key_of(connection, vault, region, about)
    if found is not None:
        return found
    with database.writing(durable=False) as connection:
        made, wrapped = vault.new_key(region, about)
        row = {"region": region, "about": about, "kid": wrapped.kid, "wrapped": wrapped.wrapped}
        if insert_new(connection, vault_keys, row):
            return made
        found = key_of(connection, vault, region, about)
    if found is None:
        raise VaultBroken(f"the key of {about} was destroyed just now")
    return found


def wrapped_otherwise(
    connection: Connection, kid: str, after: tuple[str, str], limit: int
) -> tuple[tuple[str, str, WrappedKey], ...]:
    """(region, about, key) of those behind `after` that another key than `kid` wraps, in the order of their names."""
    region, about = vault_keys.c.region, vault_keys.c.about
    behind = sa.or_(region > after[0], sa.and_(region == after[0], about > after[1]))
    rows = connection.execute(
        sa.select(vault_keys).where(vault_keys.c.kid != kid, behind).order_by(region, about).limit(limit)
    )
    return tuple((row.region, row.about, WrappedKey(row.kid, row.wrapped)) for row in rows)


def swap_key(connection: Connection, region: str, about: str, old: WrappedKey, new: WrappedKey) -> int:
    """Keep a key in another wrapping; 0 when it was destroyed meanwhile."""
    done = connection.execute(
        sa.update(vault_keys)
        .where(vault_keys.c.region == region, vault_keys.c.about == about, vault_keys.c.kid == old.kid)
        .values(kid=new.kid, wrapped=new.wrapped)
    )
    return done.rowcount


def destroy_key(connection: Connection, region: str, about: str) -> bool:
    """Make everything that was sealed for a case unreadable for good; whether there was a key."""
    done = connection.execute(sa.delete(vault_keys).where(vault_keys.c.region == region, vault_keys.c.about == about))
    return done.rowcount == 1


def any_key(connection: Connection) -> bool:
    """Whether anything was ever sealed here: then a missing vault key file must not be replaced."""
    return connection.execute(sa.select(vault_keys.c.about).limit(1)).first() is not None


def seal_person(vault: Vault, key: CaseKey, told: Told) -> SealedPerson:
    return SealedPerson(vault.tag(told.person.number), key.seal(PERSON, canonical(told.model_dump(mode="json"))))


def open_person(key: CaseKey, sealed: bytes) -> Told:
    """Raises VaultBroken."""
    return Told.model_validate_json(key.open(PERSON, sealed))
