"""What only Spark does: settings within texts, writing within WITH, times of two kinds, sessions that are lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa

from data_access.statement import Unreachable
from data_access.warehouse import Limits
from data_access.warehouse.connection import Connection
from data_access.warehouse.source import make_engine
from tests.engines import Filled

pytestmark = pytest.mark.engines
NASTY = ("${spark.app.name}", "${env:PATH}", "it's", "a\\b", "\\'", "%s", ":x", '"', "`", "中\n\t", "\\u0041")
CROSSED = sa.select(sa.func.sum(sa.column("i"))).select_from(
    sa.text("(SELECT a.id * b.id % 7 AS i FROM range(1000000) a CROSS JOIN range(1000000) b) AS endless")
)
NIGHT = datetime(2026, 10, 1, 0, 30)


@pytest.fixture(scope="module")
def address(filled_on: Filled) -> str:
    rows = [{"said": text, "at": NIGHT, "wall": NIGHT, "cost": 0.5, "left": None} for text in NASTY]
    kinds = {"said": "text", "at": "moment", "wall": "time", "cost": "decimal", "left": "double"}
    return filled_on("spark", {"texts": (kinds, rows)})


@pytest.fixture
def connection(address: str) -> Iterator[Connection]:
    opened = Connection(make_engine(address, Limits()), Limits())
    yield opened
    opened.close()


def test_a_text_is_itself_wherever_it_stands(connection: Connection) -> None:
    table = connection.reflect("texts")
    for text in NASTY:
        found = connection.run(sa.select(table.c.said, sa.literal(text).label("own")).where(table.c.said == text))
        assert found.rows.to_numpy().tolist() == [[text, text]]
        with connection._engine.connect() as speaking:
            assert speaking.exec_driver_sql(found.sql).all() == [(text, text)]


def test_columns_have_their_kinds(connection: Connection) -> None:
    columns = connection.reflect("texts").c
    assert [bool(getattr(c.type, "timezone", False)) for c in columns] == [False, True, False, False, False]
    assert (columns.cost.type.precision, columns.cost.type.scale) == (6, 2)
    row = connection.run(sa.select(*columns).limit(1)).rows.iloc[0]
    assert row["at"].isoformat() == "2026-09-30T16:30:00+00:00" and row["wall"].to_pydatetime() == NIGHT
    local = connection.dialect.local_time(columns.at, "Asia/Shanghai").label("local")
    assert connection.run(sa.select(local).limit(1)).rows["local"][0].to_pydatetime() == NIGHT


@pytest.mark.parametrize(
    "write",
    [
        "WITH t AS (SELECT 'a') INSERT INTO texts SELECT *, now(), now(), 1, 1 FROM t",
        "FROM texts INSERT INTO texts SELECT *",
        " /* SELECT */ DROP TABLE texts",
        "SELECT 1; DROP TABLE texts",
        "SET spark.sql.ansi.enabled = false",
        "EXPLAIN SELECT 1",
    ],
)
def test_nothing_but_a_question_is_sent(connection: Connection, address: str, write: str) -> None:
    engine = make_engine(address, Limits())
    with engine.connect() as speaking, pytest.raises(sa.exc.DBAPIError):
        speaking.exec_driver_sql(write)
    engine.dispose()
    counted = connection.run(sa.select(sa.func.count().label("n")).select_from(connection.reflect("texts")))
    assert counted.rows["n"].tolist() == [len(NASTY)]


def test_a_lost_session_is_opened_anew(connection: Connection) -> None:
    from TCLIService import ttypes

    one = sa.select(sa.literal(1).label("x"))
    with connection._engine.connect() as speaking:
        raw = speaking.connection.driver_connection
        raw.ask("CloseSession", ttypes.TCloseSessionReq(raw._handle))  # as where the server was started again
    assert connection.run(one).rows["x"].tolist() == [1]


def test_a_silent_line_is_cut_below_who_waits(connection: Connection) -> None:
    caught: list[Unreachable] = []

    def ask() -> None:
        with pytest.raises(Unreachable) as problem:
            connection.run(CROSSED)
        caught.append(problem.value)

    asking = threading.Thread(target=ask)
    asking.start()
    end = time.monotonic() + 30
    while not (raw := connection._running.get(asking.ident or 0)) or raw._asked is None:
        assert time.monotonic() < end
        time.sleep(0.05)
    running = raw._asked
    connection.dialect.cut(raw)
    asking.join(timeout=20)
    assert [problem.statement.key for problem in caught] == ["warehouse.unreachable"]
    _end(connection, running)


def _end(connection: Connection, running: object) -> None:
    """The server goes on with what nobody waits for, in the tests for ever."""
    from TCLIService import ttypes

    with connection._engine.connect() as speaking:
        speaking.connection.driver_connection.ask("CancelOperation", ttypes.TCancelOperationReq(running))


def test_the_server_itself_ends_what_nobody_stops(address: str) -> None:
    engine = make_engine(address, Limits(seconds=0.1))
    with engine.connect() as speaking, pytest.raises(sa.exc.OperationalError) as problem:
        speaking.execute(CROSSED)
    engine.dispose()
    assert type(problem.value.orig).__name__ == "QueryCanceled"


def test_a_server_that_is_not_there_is_said(address: str) -> None:
    nobody = sa.make_url(address).set(port=9).render_as_string()
    connection = Connection(make_engine(nobody, Limits()), Limits())
    with pytest.raises(Unreachable) as problem:
        connection.reflect("texts")
    assert problem.value.statement.key == "warehouse.unreachable"
    connection.close()
