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


def keep_item(connection: Connection, region: str, code: str, version: int, sha256: str) -> None:
    insert_new(connection, published_items, {"region": region, "code": code, "version": version, "sha256": sha256})
