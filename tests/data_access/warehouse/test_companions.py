"""Outside scores and targets as tidy frames, however an engine keeps them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.selection import Period
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.companions import BENCHMARKS
from data_access.warehouse.near import Near

MODEL = """
table = "judged"
score = { column = "score", scale = [1, 10] }
[metrics]
resolved = { column = "resolved" }
"""
TABLES = '[tables]\nbenchmarks = "benchmarks"\ntargets = "targets"\n'
KINDS = {  # of the columns that differ: month, score and sd, n
    "duckdb": ("TIMESTAMP", "DOUBLE", "INTEGER"),
    "sqlite": ("TEXT", "REAL", "INTEGER"),
    "postgresql": ("DATE", "NUMERIC(6, 2)", "BIGINT"),
}
EVENTS = [
    ("long before", "'2006-10-01'", "NULL"),
    ("over", "'2025-12-31'", "'2026-09-20'"),
    ("goes on", "'2026-01-01'", "'2026-10-02'"),
    ("in it", "'2026-10-06'", "NULL"),
    ("to come", "'2026-12-01'", "'2026-12-02'"),
]
SCORES = [
    "('group', 'score', 'business', '3G', '2026-10-01', 86.5, 18.5, 1200)",
    "('group', 'score', '', '', '2026-10-01', 85.8, 18.5, 46000)",
    "('group', 'score', NULL, NULL, '2026-09-01', 85.1, NULL, 0)",
    "('competitor_a', 'score', ' ', '', '2026-10-01', 87.25, NULL, NULL)",
    "('competitor_a', 'score', '', '', '2026-11-01', NULL, NULL, NULL)",
    "('group', 'resolved', '', '', '2026-10-01', 81.0, NULL, 900)",
]
TARGETS = [
    "('score', '', '', 87.0, '2025-10-01')",
    "('score', NULL, NULL, 88.5, '2026-07-01')",
    "('score', 'business', '3G', 86.0, '2025-10-01')",
    "('score', 'business', '宽带', NULL, '2025-10-01')",
    "('resolved', '', '', 85.0, '2025-10-01')",
]


@pytest.fixture
def address(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A source with a table of contacts and both companions, written on the engine of this run."""
    (month, real, whole), text = KINDS[engine], "VARCHAR(20)"
    script = [
        "DROP VIEW IF EXISTS slim",
        "DROP TABLE IF EXISTS judged", "CREATE TABLE judged (score INTEGER, resolved INTEGER)",
        "DROP TABLE IF EXISTS benchmarks",
        f"""CREATE TABLE benchmarks (source VARCHAR(20), metric VARCHAR(20), dimension VARCHAR(20),
            "value" VARCHAR(20), month {month}, score {real}, sd {real}, n {whole})""",
        f"INSERT INTO benchmarks VALUES {', '.join(SCORES)}",
        "DROP TABLE IF EXISTS targets",
        f"""CREATE TABLE targets (metric VARCHAR(20), dimension VARCHAR(20), "value" VARCHAR(20),
            target {real}, valid_from {month})""",
        f"INSERT INTO targets VALUES {', '.join(TARGETS)}",
        "DROP TABLE IF EXISTS events",
        f"CREATE TABLE events (id VARCHAR(20), effective_at {month}, started {text}, ended_at {month}, until {text})",
        *(f"INSERT INTO events VALUES ('{id}', {day}, {day}, {end}, {end})" for id, day, end in EVENTS),
    ]  # fmt: skip
    if engine == "duckdb":
        path = tmp_path / "c.duckdb"
        with duckdb.connect(str(path)) as connection:
            for line in script:
                connection.execute(line)
        return str(path)
    url = (
        request.getfixturevalue("own_postgres_url")
        if engine == "postgresql"
        else f"sqlite:///{tmp_path / 'c.sqlite'}"
    )
    writer = sa.create_engine(url)
    with writer.begin() as begun:
        for line in script:
            begun.execute(sa.text(line))
    writer.dispose()
    return str(url)


@pytest.fixture
def beside(address: str) -> Iterator[Callable[[str], Warehouse]]:
    warehouses: list[Warehouse] = []

    def make(tables: str = TABLES) -> Warehouse:
        warehouses.append(open_warehouse(address, parse_model(MODEL + tables)))
        return warehouses[-1]

    yield make
    for warehouse in warehouses:
        warehouse.close()


Beside = Callable[..., Warehouse]


def test_benchmarks_are_tidy(beside: Beside) -> None:
    frame = beside().benchmarks("score")
    assert list(frame) == list(BENCHMARKS) and frame["peer"].isna().all()  # a column that the table may do without
    frame = frame.drop(columns="peer")
    rows = [
        tuple(None if v is None or v != v else v for v in row) for row in frame.itertuples(index=False, name=None)
    ]
    assert rows == [
        ("competitor_a", "score", None, None, date(2026, 10, 1), 87.25, None, None),
        ("group", "score", None, None, date(2026, 9, 1), 85.1, None, None),
        ("group", "score", None, None, date(2026, 10, 1), 85.8, 18.5, 46_000.0),
        ("group", "score", "business", "3G", date(2026, 10, 1), 86.5, 18.5, 1_200.0),
    ]
    assert [str(frame[c].dtype) for c in ("score", "sd", "n")] == ["float64"] * 3
    assert frame["dimension"].iloc[0] is None and math.isnan(frame["n"].iloc[0])


def test_benchmarks_of_one_source(beside: Beside) -> None:
    assert beside().benchmarks("resolved", source="group")["n"].tolist() == [900.0]
    assert beside().benchmarks("resolved", source="competitor_a").empty


def test_targets_are_the_latest_of_each_segment(beside: Beside) -> None:
    rows = beside().targets("score")
    assert list(rows.itertuples(index=False, name=None)) == [(None, None, 88.5), ("business", "3G", 86.0)]
    assert beside().targets("resolved")["target"].tolist() == [85.0]


def test_without_the_tables_there_are_no_rows(beside: Beside) -> None:
    warehouse = beside("")
    assert warehouse.benchmarks("score").empty and list(warehouse.benchmarks("score")) == list(BENCHMARKS)
    assert warehouse.targets("score").empty and list(warehouse.targets("score")) == ["dimension", "value", "target"]


def test_a_table_without_a_needed_column_is_named(beside: Beside) -> None:
    warehouse = beside('[tables]\nbenchmarks = "targets"\ntargets = "benchmarks"\n')
    for ask, role, column in (
        (warehouse.benchmarks, "benchmarks", "source"),
        (warehouse.targets, "targets", "target"),
    ):
        with pytest.raises(BadInput) as problem:
            ask("score")
        assert problem.value.statement.key == "model.no_column"
        assert problem.value.statement.values["key"] == f"tables.{role}"
        assert problem.value.statement.values["name"] == column


def test_optional_columns_may_be_absent(beside: Beside, address: str, engine: str) -> None:
    lines = "SELECT source, metric, month, score FROM benchmarks"
    if engine == "duckdb":
        with duckdb.connect(address) as connection:
            connection.execute(f"CREATE VIEW slim AS {lines}")
    else:
        writer = sa.create_engine(address)
        with writer.begin() as begun:
            begun.execute(sa.text(f"CREATE VIEW slim AS {lines}"))
        writer.dispose()
    frame = beside('[tables]\nbenchmarks = "slim"\n').benchmarks("score", source="group")
    assert list(frame) == list(BENCHMARKS) and len(frame) == 3
    assert frame["n"].isna().all() and frame["dimension"].tolist() == [None] * 3


@pytest.mark.parametrize(("begins", "ends"), [("effective_at", "ended_at"), ("started", "until")])
def test_only_events_near_the_days_asked_leave_the_database(beside: Beside, begins: str, ends: str) -> None:
    """In a column of days or moments as in one of texts."""
    warehouse, october = beside('[tables]\nevents = "events"'), Period(date(2026, 10, 1), date(2026, 11, 1))

    def found(span: Period, *ends: str) -> list[str]:
        rows = warehouse.companion("events", near=Near(span, ("no_such", begins), ends))
        assert rows is not None
        return list(rows["id"])

    assert found(october, ends) == ["in it", "goes on"]
    assert found(october) == ["in it"]
    assert found(Period(date.min, date.max), ends) == ["to come", "in it", "goes on", "over", "long before"]
