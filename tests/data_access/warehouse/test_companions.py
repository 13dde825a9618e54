"""Outside scores and targets as tidy frames, however an engine keeps them."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from data_access.model_file import parse_model
from data_access.selection import Period
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.companions import BENCHMARKS
from data_access.warehouse.near import Near
from tests.engines import Filled, Kinds, Rows, Tables

MODEL = """
table = "judged"
score = { column = "score", scale = [1, 10] }
[metrics]
resolved = { column = "resolved" }
"""
TABLES = '[tables]\nbenchmarks = "benchmarks"\ntargets = "targets"\n'
KINDS = {  # of the columns that differ: month, score and sd, n
    "duckdb": ("time", "double", "integer"),
    "sqlite": ("text", "double", "integer"),
}
OTHER_KINDS = ("date", "decimal", "integer")
EVENTS = [
    ("long before", "2006-10-01", None),
    ("over", "2025-12-31", "2026-09-20"),
    ("goes on", "2026-01-01", "2026-10-02"),
    ("in it", "2026-10-06", None),
    ("to come", "2026-12-01", "2026-12-02"),
]
SCORES = [
    ("group", "score", "business", "3G", "2026-10-01", 86.5, 18.5, 1200),
    ("group", "score", "", "", "2026-10-01", 85.8, 18.5, 46000),
    ("group", "score", None, None, "2026-09-01", 85.1, None, 0),
    ("competitor_a", "score", " ", "", "2026-10-01", 87.25, None, None),
    ("competitor_a", "score", "", "", "2026-11-01", None, None, None),
    ("group", "resolved", "", "", "2026-10-01", 81.0, None, 900),
]
TARGETS = [
    ("score", "", "", 87.0, "2025-10-01"),
    ("score", None, None, 88.5, "2026-07-01"),
    ("score", "business", "3G", 86.0, "2025-10-01"),
    ("score", "business", "宽带", None, "2025-10-01"),
    ("resolved", "", "", 85.0, "2025-10-01"),
]


@pytest.fixture(scope="session")
def addresses(filled_on: Filled) -> Callable[[str], str]:
    """A source with a table of contacts and its companions on an engine; made when first asked for."""
    return functools.cache(lambda engine: filled_on(engine, tables(engine)))


@pytest.fixture
def address(engine: str, addresses: Callable[[str], str]) -> str:
    return addresses(engine)


def tables(engine: str) -> Tables:
    month, real, whole = KINDS.get(engine, OTHER_KINDS)
    named = {"source": "text", "metric": "text", "dimension": "text", "value": "text"}
    scores = {**named, "month": month, "score": real, "sd": real, "n": whole}
    few = {name: scores[name] for name in ("source", "metric", "month", "score")}
    targets = {"metric": "text", "dimension": "text", "value": "text", "target": real, "valid_from": month}
    events = {"id": "text", "effective_at": month, "started": "text", "ended_at": month, "until": "text"}
    marks = [(id, begins, begins, ends, ends) for id, begins, ends in EVENTS]
    return {
        "judged": ({"score": "integer", "resolved": "integer"}, []),
        "benchmarks": (scores, rows(scores, SCORES)),
        "slim": (few, rows(few, [(*row[:2], *row[4:6]) for row in SCORES])),
        "targets": (targets, rows(targets, TARGETS)), "events": (events, rows(events, marks)),
    }  # fmt: skip


def rows(kinds: Kinds, values: Sequence[tuple[Any, ...]]) -> Rows:
    named = [dict(zip(kinds, row, strict=True)) for row in values]
    days = [name for name, kind in kinds.items() if kind in ("date", "time")]
    return [{c: date.fromisoformat(v) if v and c in days else v for c, v in row.items()} for row in named]


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


def test_optional_columns_may_be_absent(beside: Beside) -> None:
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
