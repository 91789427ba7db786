"""Tables and revisions say the same, on both databases; what is newer than the program is told apart."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from central.settings import CentralSettings
from central.store.database import Database, StoreDamaged
from central.store.migrations import FIRST, OPEN, bring_up, config, is_empty, revision
from central.store.migrations.__main__ import differences
from central.store.tables import meta
from central.wiring import Central
from tests.central.databases import fresh


def opened_again(settings: CentralSettings) -> Database:
    return Database(settings.database or settings.folder / "central.db")


def test_what_the_revisions_make_is_what_the_tables_say(central: Central) -> None:
    with central.database.writing() as connection:
        assert differences(connection) == []
        assert revision(connection) == OPEN


def test_bringing_up_twice_changes_nothing(central: Central) -> None:
    bring_up(central.database)
    with central.database.reading() as connection:
        assert revision(connection) == OPEN
    assert not is_empty(central.database)


@pytest.mark.parametrize(("schema", "works"), [("1", True), ("2", False)])
def test_a_database_of_the_next_release_is_worked_on_only_if_it_says_so(
    central: Central, schema: str, works: bool
) -> None:
    """A revision that this program does not know is one of the next release, whose workers run beside."""
    with central.database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(meta.update().where(meta.c.name == "schema").values(value=schema))
    database = opened_again(central.settings)
    try:
        if works:
            bring_up(database)
        else:
            with pytest.raises(StoreDamaged, match="schema 2"):
                bring_up(database)
        with database.reading() as connection:
            assert revision(connection) == "9999"
    finally:
        database.close()


Shape = dict[str, dict[str, Any]]


def shape(url: str | Path, to: str) -> tuple[Shape, dict[str, set[tuple[str | None, ...]]]]:
    """Every table's columns, and what must be unique in it, as the revisions up to `to` make them."""
    database = Database(url)
    try:
        with database.writing() as connection:
            command.upgrade(config(connection), to)
            told = sa.inspect(connection)
            names = told.get_table_names()
            columns = {name: {each["name"]: dict(each) for each in told.get_columns(name)} for name in names}
            unique = {
                name: {tuple(told.get_pk_constraint(name)["constrained_columns"])}
                | {tuple(each["column_names"]) for each in told.get_indexes(name) if each["unique"]}
                | {tuple(each["column_names"]) for each in told.get_unique_constraints(name)}
                for name in names
            }
    finally:
        database.close()
    return columns, unique


def test_the_open_revision_only_adds_so_that_the_release_before_works_on_beside_it(
    tmp_path: Path, database_url: str, request: pytest.FixtureRequest
) -> None:
    """What it writes is still taken: no column is gone, narrower or newly wanted, and nothing more must be unique."""
    if not database_url:
        before, after = shape(tmp_path / "before.db", FIRST), shape(tmp_path / "after.db", OPEN)
    else:
        cluster = request.getfixturevalue("cluster")
        with fresh(cluster, template="template1") as one, fresh(cluster, template="template1") as other:
            before, after = shape(one, FIRST), shape(other, OPEN)
    for table, columns in before[0].items():
        now = after[0][table]
        for name, column in columns.items():
            assert str(now[name]["type"]) == str(column["type"]), (table, name)
            assert now[name]["nullable"] or not column["nullable"], (table, name)
        for name in now.keys() - columns.keys():
            assert now[name]["nullable"] or now[name]["default"] is not None, (table, name)
        assert after[1][table] <= before[1][table], table


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    (tmp_path / "central.db").write_bytes(b"nothing of ours" * 1000)
    database = Database(tmp_path / "central.db")
    with pytest.raises(StoreDamaged, match="not a sound database"):
        bring_up(database)
    database.close()
