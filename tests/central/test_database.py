"""What both databases promise to whoever works on them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa

from bench.cluster import Cluster
from central import desk
from central.store import database, letters, tickets
from central.store.database import Database, StoreUnavailable, insert_new
from central.store.tables import meta
from central.wiring import Central
from tests.central.waiting import PATIENCE_S
from tests.central.world import NUMBER, Terminal
from wire.ids import ItemCode, RegionId, TerminalId
from wire.messages import AckState


@pytest.mark.log_warnings_expected
def test_connections_that_the_server_cut_are_replaced(
    cluster: Cluster, central: Central, terminal: Terminal, database_url: str
) -> None:
    """One request may be told to come again; none is lost, and none after it is."""
    if not database_url:
        pytest.skip("SQLite has no connections to cut")
    first = terminal.letter(terminal.incident())
    assert terminal.send(first)[0].state is AckState.RECEIVED
    name = psycopg.conninfo.conninfo_to_dict(database_url.replace("+psycopg", ""))["dbname"]
    with cluster.connect("postgres") as connection:
        connection.execute("SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE datname = %s", (name,))
    second = terminal.letter(terminal.incident())
    answer = terminal.post(second)
    if answer.status_code == 503:
        answer = terminal.post(second)
    assert [ack.state for ack in terminal.believed(answer)] == [AckState.RECEIVED]
    assert terminal.send(first)[0].state is AckState.ALREADY


def test_a_connection_that_was_cut_while_names_are_asked_for_is_the_worlds_fault(
    cluster: Cluster, postgresql_url: str
) -> None:
    """Not ours, as it was when letting go of them was what failed last."""
    database = Database(postgresql_url)
    try:
        with database.reading() as connection:
            process = connection.execute(sa.select(sa.func.pg_backend_pid())).scalar_one()
        with cluster.connect("postgres") as other:
            other.execute("SELECT pg_terminate_backend(%s, 20000)", (process,))
        with pytest.raises(StoreUnavailable), database.holding_free(["a name"]):
            pass
        with database.holding_free(["a name"]) as free:
            assert list(free) == ["a name"]
    finally:
        database.close()


def test_who_holds_a_name_always_has_a_connection_to_go_on(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else as many as there are connections, each holding one and wanting another, would wait for each other."""
    monkeypatch.setattr(database, "POOL", 1)
    monkeypatch.setattr(database, "_WAIT_S", 0.1)
    small = Database(postgresql_url)
    try:
        with small.holding("one"):
            with pytest.raises(StoreUnavailable, match="pool"), small.holding("another"):
                pass
            with small.reading() as connection:
                assert connection.execute(sa.select(1)).scalar_one() == 1
        with small.holding("another"):
            pass
    finally:
        small.close()


def test_a_named_lock_lets_one_in_at_a_time(central: Central) -> None:
    here = central.database
    there = Database(central.settings.database) if central.settings.database else here  # another worker's
    inside: list[str] = []
    first_in, let_go = threading.Event(), threading.Event()

    def first() -> None:
        with here.holding("a name"):
            first_in.set()
            assert let_go.wait(PATIENCE_S)
            inside.append("first")

    def second() -> None:
        with there.holding("a name"):
            inside.append("second")

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert first_in.wait(PATIENCE_S)
        two = pool.submit(second)
        with there.holding("another name"):
            assert inside == []
        let_go.set()
        one.result(PATIENCE_S)
        two.result(PATIENCE_S)
    assert inside == ["first", "second"]
    if there is not here:
        there.close()


def test_a_row_is_inserted_once_and_a_failed_block_leaves_nothing(central: Central) -> None:
    row = {"name": "test", "value": "first"}
    with central.database.writing(durable=False) as connection:
        assert insert_new(connection, meta, row)
        assert not insert_new(connection, meta, row | {"value": "second"})
    with pytest.raises(RuntimeError, match="cut"):
        _cut_in_the_middle(central)
    with central.database.reading() as connection:
        found = {name: value for name, value in connection.execute(sa.select(meta.c.name, meta.c.value))}
    assert found["test"] == "first"
    assert "half" not in found


def _cut_in_the_middle(central: Central) -> None:
    with central.database.writing() as connection:
        insert_new(connection, meta, {"name": "half", "value": "x"})
        raise RuntimeError("cut")


def test_a_database_that_is_not_there_is_a_fault_of_the_world() -> None:
    database = Database("postgresql+psycopg://nobody@/none?host=/nowhere")
    with pytest.raises(StoreUnavailable), database.reading():
        pass
    database.close()


def test_two_tickets_never_share_a_door(central: Central, terminal: Terminal) -> None:
    def register(_: int) -> bool:
        try:
            desk.register_ticket(
                central,
                RegionId(terminal.region),
                TerminalId(terminal.terminal),
                item=ItemCode("juzhuzheng-pickup"),
                what_zh="证",
                what_en="Card",
                door=3,
                number=NUMBER,
            )
        except desk.NotPossible:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(register, range(4))) == [False, False, False, True]
    with central.database.reading() as connection:
        assert len(tickets.open_at(connection, terminal.region, terminal.terminal)) == 1
        assert letters.unopened_count(connection) == 0
