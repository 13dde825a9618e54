"""A warehouse only reads, never runs for ever, and says what is wrong in one sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, Problem, Unreachable
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.connection import Connection
from data_access.warehouse.source import make_engine
from tests.data_access.warehouse.conftest import MODEL
from tests.engines import FILES

Opened = Callable[..., Warehouse]
HOSTILE = (
    "' OR '1'='1",
    "'; DROP TABLE contacts; --",
    '" OR ""="',
    "%",
    "_G",
    "3g",
    "\\",
    "a\0b",
    "\ud800",
    ":x %s %(x)s {0}",
    "99999999999999999999999",
    "9" * 400,
    "-1e309",
    "nan",
    "2026-13-45",
    "true' --",
    "",
)
ENDLESS = (  # every row beside every other, four times
    sa.select(sa.func.count())
    .select_from(sa.text("contacts AS a, contacts AS b, contacts AS c, contacts AS d"))
    .where(sa.text("a.times + b.times + c.times + d.times > 1000"))
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_filter_values_match_nothing_and_break_nothing(opened: Opened, text: str) -> None:
    """Each by itself: on words, on numbers and on times."""
    warehouse = opened()
    for name in ("business", "load", "hour"):
        assert warehouse.cells("score", [], None, [Filter(name, (text,))]).rows.empty, name
    assert warehouse.coverage("score", None, [Filter("business", (text,))]).contacts == 0
    assert warehouse.rows(Selection().where("business", text)).rows.empty
    assert warehouse.extent().contacts == 5_000


def test_no_dimension_takes_a_hostile_value(opened: Opened) -> None:
    warehouse = opened()
    for name in warehouse.model.cuts:
        assert warehouse.cells("score", [], None, [Filter(name, HOSTILE)]).rows.empty, name


def test_a_filter_without_values_lets_nothing_through(opened: Opened) -> None:
    assert opened().cells("score", [], None, [Filter("business", ())]).rows.empty


def test_the_query_is_shown_with_its_values_and_runs_as_shown(opened: Opened, source: str) -> None:
    warehouse = opened()
    shown = warehouse.cells("score", ["vip"], None, [Filter("business", ('O\'Brien "x"; --',))])
    assert any(f"O{mark}Brien" in shown.sql for mark in ("''", "\\'"))
    engine = sa.create_engine(source if "://" in source else f"duckdb:///{source}", **_reading(source))
    with engine.connect() as c:
        doubled = engine.dialect.identifier_preparer._double_percents
        again = c.exec_driver_sql(shown.sql.replace("%", "%%") if doubled else shown.sql).all()
    engine.dispose()
    assert len(again) == len(shown.rows)


def _reading(source: str) -> dict[str, object]:
    return {} if "://" in source else {"connect_args": {"read_only": True}}


WRITES = (
    "DELETE FROM contacts WHERE score = 1",
    "CREATE TABLE mine (x INTEGER)",
    "UPDATE contacts SET score = 10 WHERE score = 1",
)


@pytest.mark.parametrize("write", WRITES)
def test_nothing_can_be_written(source: str, write: str) -> None:
    engine = make_engine(source, Limits())
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=r"(?i)read.?only|denied"):
        connection.execute(sa.text(write))
    engine.dispose()


def test_a_slow_query_is_stopped(source: str) -> None:
    limits = Limits(seconds=0.3)
    connection = Connection(make_engine(source, limits), limits)
    started = time.monotonic()
    with pytest.raises(Unreachable) as problem:
        connection.run(ENDLESS)
    assert problem.value.statement.key == "warehouse.too_slow"
    assert time.monotonic() - started < 10
    assert connection.run(sa.select(sa.literal(1).label("x"))).rows["x"].tolist() == [1]
    connection.close()


def test_a_query_can_be_interrupted_from_another_thread(source: str) -> None:
    connection = Connection(make_engine(source, Limits()), Limits())
    caught: list[Problem] = []

    def ask() -> None:
        try:
            connection.run(ENDLESS)
        except Problem as problem:
            caught.append(problem)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.5)
    connection.interrupt(asking.ident or 0)
    asking.join(timeout=20)
    assert not asking.is_alive()
    assert [p.statement.key for p in caught] == ["warehouse.stopped"]
    connection.interrupt(threading.get_ident())  # nothing runs here: nothing happens
    assert connection.run(sa.select(sa.literal(1).label("x"))).rows["x"].tolist() == [1]
    connection.close()


def test_too_many_rows_are_refused(opened: Opened) -> None:
    with pytest.raises(BadInput) as problem:
        opened(limits=Limits(rows=10)).cells("score", ["day"], None, ())
    assert problem.value.statement.key == "warehouse.too_many_rows"
    assert len(opened(limits=Limits(rows=62)).cells("score", ["day"], None, (), clustered=False).rows) == 62


def test_eight_threads_get_the_same_answers(opened: Opened) -> None:
    warehouse = opened()
    names = list(warehouse.model.cuts)
    alone = {n: warehouse.cells("score", [n], None, (), clustered=True).rows["wx"].sum() for n in names}

    def ask(i: int) -> bool:
        name = names[i % len(names)]
        return bool(warehouse.cells("score", [name], None, (), clustered=True).rows["wx"].sum() == alone[name])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(64)))


def test_a_missing_table_is_named_with_its_neighbour(source: str) -> None:
    model = parse_model(MODEL.format(extra="").replace('"contacts"', '"contact"'))
    with pytest.raises(BadInput) as problem:
        open_warehouse(source, model)
    assert problem.value.statement.key == "warehouse.no_table"
    assert problem.value.statement.values == {"table": "contact", "near": "contacts"}


def test_a_missing_column_is_named_with_its_key_and_neighbour(source: str) -> None:
    model = parse_model(MODEL.format(extra="").replace('"at_home"', '"at_hom"'))
    with pytest.raises(BadInput) as problem:
        open_warehouse(source, model)
    assert problem.value.statement.values == {
        "key": "dimensions.scenes.columns.home",
        "name": "at_hom",
        "table": "contacts",
        "near": "at_home",
    }


def test_an_unknown_dimension_or_metric_is_named_with_its_neighbour(opened: Opened) -> None:
    warehouse = opened()
    with pytest.raises(BadInput) as problem:
        warehouse.cells("score", ["buisness"], None, ())
    assert problem.value.statement.values["near"] == "business"
    with pytest.raises(BadInput) as problem:
        warehouse.cells("skore", [], None, ())
    assert problem.value.statement.values["near"] == "score"


@pytest.mark.parametrize("backend", ["duckdb", "sqlite"])
def test_a_missing_file_is_not_made(tmp_path: Path, backend: str) -> None:
    path = tmp_path / f"none.{backend}"
    for place in (str(path), f"{backend}:///{path}"):
        with pytest.raises(Unreachable) as problem:
            open_warehouse(place, parse_model(MODEL.format(extra="")))
        assert problem.value.statement.key == "warehouse.no_file"
    assert not path.exists()


@pytest.mark.parametrize("suffix", ["duckdb", "sqlite"])
def test_a_file_that_is_no_database_is_unreachable(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"text.{suffix}"
    path.write_text("not a database, but long enough to have a header of a hundred bytes " * 100)
    with pytest.raises(Unreachable) as problem:
        open_warehouse(path, parse_model(MODEL.format(extra="")))
    assert problem.value.statement.key == "warehouse.unreachable"


@pytest.mark.parametrize(
    ("url", "kind", "key"),
    [
        ("postgresql://u:secret@127.0.0.1:9/x", Unreachable, "warehouse.unreachable"),
        ("nosuch://u:secret@host/x", BadInput, "warehouse.no_driver"),
        ("postgresql://u:secret@host:port/x", BadInput, "warehouse.bad_url"),
        ("://", BadInput, "warehouse.bad_url"),
    ],
)
def test_a_bad_address_is_a_clear_problem_and_keeps_the_password(url: str, kind: type[Problem], key: str) -> None:
    with pytest.raises(kind) as problem:
        open_warehouse(url, parse_model(MODEL.format(extra="")))
    assert problem.value.statement.key == key
    assert "secret" not in str(problem.value)


def test_a_path_with_odd_letters_opens(source: str, engine: str, tmp_path: Path) -> None:
    if engine not in FILES:
        pytest.skip("a server has no file")
    odd = tmp_path / f"数据 #1?50% ok.{engine}"
    odd.write_bytes(Path(source.removeprefix("sqlite:///")).read_bytes())
    assert open_warehouse(odd, parse_model(MODEL.format(extra=""))).extent().contacts == 5_000


def test_work_is_stopped_between_its_queries(opened: Opened) -> None:
    warehouse = opened()
    with warehouse.working():
        warehouse.go_on()
        warehouse.interrupt(threading.get_ident())
        for work in (warehouse.go_on, warehouse.extent):
            with pytest.raises(Unreachable) as problem:
                work()
            assert problem.value.statement.key == "warehouse.stopped"
    warehouse.go_on()  # what was stopped is over
    assert warehouse.extent().contacts > 0
