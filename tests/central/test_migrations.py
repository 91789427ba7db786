"""Tables and revisions say the same, on both databases; what is newer than the program is told apart."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from central.settings import CentralSettings
from central.store.database import Database, StoreDamaged
from central.store.migrations import OPEN, bring_up, is_empty, revision
from central.store.migrations.__main__ import differences
from central.store.tables import meta
from central.wiring import Central


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


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    (tmp_path / "central.db").write_bytes(b"nothing of ours" * 1000)
    database = Database(tmp_path / "central.db")
    with pytest.raises(StoreDamaged, match="not a sound database"):
        bring_up(database)
    database.close()
