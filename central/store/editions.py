"""Published editions in the database."""

from collections.abc import Iterable

import sqlalchemy as sa

from central.store.database import Connection, insert_new
from central.store.edition_tables import editions, published_items
from wire.canonical import canonical
from wire.editions import EVERYWHERE, Edition


def newest_version(connection: Connection, region: str) -> int:
    """The highest version that is for this region or for all; 0 when there is none."""
    found = sa.select(sa.func.max(editions.c.version)).where(editions.c.region.in_((region, EVERYWHERE)))
    return connection.execute(found).scalar_one() or 0


def newest(connection: Connection, region: str) -> Edition | None:
    """The edition of that version."""
    row = connection.execute(
        sa.select(editions.c.body)
        .where(editions.c.region.in_((region, EVERYWHERE)))
        .order_by(editions.c.version.desc())
        .limit(1)
    ).first()
    return None if row is None else Edition.model_validate_json(row.body)


def newest_of_each(connection: Connection) -> dict[str, int]:
    """The version of the newest edition by region; regions that have had none of their own are not in it."""
    newest = sa.select(editions.c.region, sa.func.max(editions.c.version).label("version")).group_by(editions.c.region)
    return {row.region: row.version for row in connection.execute(newest)}


def body(connection: Connection, region: str, version: int) -> bytes:
    """Of that very edition, which is there: editions are kept for good."""
    found = sa.select(editions.c.body).where(editions.c.region == region, editions.c.version == version)
    told: bytes = connection.execute(found).scalar_one()
    return told


def listed(connection: Connection, limit: int, skip: int = 0) -> tuple[bytes, ...]:
    """Bodies of all regions' editions, the newest first."""
    rows = sa.select(editions.c.body).order_by(editions.c.version.desc(), editions.c.region)
    return tuple(connection.execute(rows.limit(limit).offset(skip)).scalars())


def before(connection: Connection, region: str, version: int) -> bytes | None:
    """The body of the region's own edition before that one; None of its first."""
    found = sa.select(editions.c.body).where(editions.c.region == region, editions.c.version < version)
    told: bytes | None = connection.execute(found.order_by(editions.c.version.desc()).limit(1)).scalar()
    return told


def highest_version(connection: Connection) -> int:
    """Of all regions'; 0 before the first."""
    return connection.execute(sa.select(sa.func.max(editions.c.version))).scalar_one() or 0


def keep(connection: Connection, edition: Edition, sha256: str) -> None:
    body = canonical(edition.model_dump(mode="json"))
    row = {"region": edition.region, "version": edition.version, "as_of": edition.as_of, "sha256": sha256}
    connection.execute(sa.insert(editions).values(**row, body=body))


def published(connection: Connection, codes: Iterable[str]) -> dict[tuple[str, int], str]:
    """The content's SHA-256 of every version of these items that was ever published, in whatever region."""
    rows = connection.execute(
        sa.select(published_items.c.code, published_items.c.version, published_items.c.sha256).where(
            published_items.c.code.in_(list(codes))
        )
    )
    return {(row.code, row.version): row.sha256 for row in rows}


def keep_item(connection: Connection, region: str, code: str, version: int, sha256: str, edition: int) -> None:
    """Write down which content a version of an item has, and the first edition that brought it to this region."""
    row = {"region": region, "code": code, "version": version, "sha256": sha256, "edition": edition}
    insert_new(connection, published_items, row)


def with_item(connection: Connection, code: str, sha256: str) -> Edition | None:
    """An edition in which the item has that content; None when it was never published."""
    row = connection.execute(
        sa.select(editions.c.body)
        .join(published_items, editions.c.version == published_items.c.edition)
        .where(published_items.c.code == code, published_items.c.sha256 == sha256)
        .limit(1)
    ).first()
    return None if row is None else Edition.model_validate_json(row.body)
