"""Coded columns on every engine, against plain Python over the same rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.selection import Filter, Period
from data_access.semantics import Level
from data_access.statement import BadInput, Unreachable
from data_access.warehouse import Codes, Column, Limits, Warehouse, open_warehouse
from data_access.warehouse.connection import Connection
from data_access.warehouse.source import make_engine
from tests.data_access.warehouse.conftest import MODEL
from tests.data_access.warehouse.expected import OCTOBER, SHANGHAI, segments, selected, value
from tests.data_access.warehouse.test_safety import ENDLESS

Opened = Callable[..., Warehouse]
NUMBERS = ["score", "satisfied", "resolved", "waited", "spoken", "wait", "transfers", "said"]
MEMBERS = ["business", "tier", "skill", "load", "vip", "opened", "team", *SHANGHAI]
METRICS = ("score", "satisfied", "resolved", "waited", "spoken")
SCALES = {"score": 10.0, "satisfied": 100.0, "resolved": 100.0, "waited": 100.0}


def read(column: Column) -> list[Any]:
    """What the codes say, row by row; None where unknown."""
    return [None if code < 0 else column.values[code] for code in column.codes]


def scaled(row: dict[str, Any], name: str) -> float | None:
    """A measure on the scale of its column: 0..100 for a metric, none for an exempted rating."""
    raw = None if name in METRICS and row["exempted"] else value(row, name)
    if raw is None:
        return None
    return (raw - 1) * 25 if name == "spoken" else raw * SCALES.get(name, 1.0)


def truth_of(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [scaled(row, name) if name in NUMBERS else segments(row, name)[0] for row in rows]


def sorted_texts(values: list[Any]) -> list[Any]:
    """Rows in no order, to be compared between engines."""
    return sorted(map(repr, values))


def as_rows(codes: Codes, names: list[str]) -> list[Any]:
    return sorted_texts(list(zip(*(_rounded(read(codes.columns[name])) for name in names), strict=True)))


def _rounded(values: list[Any]) -> list[Any]:
    return [round(float(v), 6) if isinstance(v, float) else v for v in values]


@pytest.mark.parametrize("period", [None, OCTOBER])
def test_every_row_is_what_it_was(opened: Opened, truth: pd.DataFrame, period: Period | None) -> None:
    names, filters = [*NUMBERS, *MEMBERS], [Filter("vip", ("true", None))]
    codes = opened().codes(names, period, filters)
    rows = selected(truth, period, filters)
    expected = sorted_texts(list(zip(*(_rounded(truth_of(rows, name)) for name in names), strict=True)))
    assert as_rows(codes, names) == expected
    assert codes.n == codes.of == len(rows) and "SELECT" in codes.sql
    assert list(codes.columns) == names


def test_columns_stand_in_order_and_every_value_occurs(opened: Opened) -> None:
    codes = opened().codes([*NUMBERS, *MEMBERS], None, ())
    for name, column in codes.columns.items():
        assert column.name == name and column.codes.dtype == np.int32 and len(column.codes) == codes.n
        assert set(column.codes) - {-1} == set(range(len(column.values))), name
        if name in NUMBERS:
            assert isinstance(column.values, np.ndarray) and (np.diff(column.values) > 0).all()
    assert codes.columns["tier"].values == ("basic", "silver", "gold")
    assert codes.columns["skill"].values == ("1", "2", "30")
    assert codes.columns["weekday"].values == tuple("1234567")
    assert codes.columns["day_of_month"].values == tuple(str(i) for i in range(1, 32))
    assert codes.columns["month"].values == ("2026-09", "2026-10", "2026-11")
    assert codes.columns["business"].values == tuple(sorted(("3G", "宽带", 'O\'Brien "x"; --', "a%b_c")))
    assert codes.columns["satisfied"].values.tolist() == [0.0, 100.0]


@pytest.mark.parametrize(
    ("name", "level", "policy"),
    [
        ("score", Level.INTERVAL, "valid"),
        ("wait", Level.INTERVAL, "unknown"),
        ("transfers", Level.INTERVAL, "zero"),
        ("said", Level.INTERVAL, "no"),
        ("business", Level.NOMINAL, "blank"),
        ("tier", Level.ORDINAL, "blank"),
        ("month", Level.ORDINAL, "blank"),
    ],
)
def test_what_is_missing_is_counted_before_the_policy(
    opened: Opened, truth: pd.DataFrame, name: str, level: Level, policy: str
) -> None:
    column = opened().codes([name], OCTOBER, ()).columns[name]
    rows = selected(truth, OCTOBER, ())
    cell = {"said": "spoken", "transfers": "transfers"}.get(name)
    blank = [cell is not None and row[cell] in (None, "") for row in rows]
    missing = [b or v is None for b, v in zip(blank, truth_of(rows, name), strict=True)]
    assert (column.level, column.policy) == (level, policy)
    assert column.missing == pytest.approx(np.mean(missing), rel=1e-12)
    if policy == "zero":
        assert column.missing > 0 and (column.codes >= 0).all(), "a blank counts as 0"
    if policy == "no":
        assert 0 < (column.codes < 0).mean() < column.missing, "a word is no number, whatever a blank is"


def test_drivers_of_other_levels(source: str, truth: pd.DataFrame) -> None:
    drivers = 'mood = { column = "skill", level = "ordinal" }\nkind = { column = "business", level = "nominal" }\n'
    model = parse_model(MODEL.format(extra="").replace("[dimensions]", f"{drivers}[dimensions]"))
    warehouse = open_warehouse(source, model)
    codes = warehouse.codes(["mood", "kind"], None, ())
    mood, kind = codes.columns["mood"], codes.columns["kind"]
    assert (mood.level, mood.policy, kind.level, kind.policy) == ("ordinal", "unknown", "nominal", "unknown")
    assert list(mood.values) == [1.0, 2.0, 30.0] and codes.cluster is None and codes.clusters == 0
    assert sorted_texts(read(kind)) == sorted_texts(truth_of(selected(truth, None, ()), "business"))
    warehouse.close()


@pytest.mark.parametrize("kind", ["frequency", "survey"])
def test_cluster_and_weight_stand_beside_the_row(opened: Opened, truth: pd.DataFrame, kind: str) -> None:
    column = {"frequency": "times", "survey": "w"}[kind]
    extra = f'cluster = "team"\nweight = {{ column = "{column}", kind = "{kind}" }}'
    codes = opened(extra).codes(["wait", "team"], None, ())
    assert codes.weight is not None and codes.cluster is not None and codes.weighting == kind
    team = codes.columns["team"]
    got = zip(codes.weight.tolist(), _rounded(read(codes.columns["wait"])), read(team), strict=True)
    rows = [row for row in selected(truth, None, ()) if row[column]]
    expected = [(float(row[column]), value(row, "wait"), row["team"]) for row in rows]
    assert sorted_texts(list(got)) == sorted_texts(expected)
    assert codes.n == codes.of == len(rows) < len(truth), "no weight, no count"
    assert codes.clusters == 12 and (codes.cluster == team.codes).all()


def test_without_weights_there_are_none(opened: Opened) -> None:
    codes = opened().codes(["team"], None, ())
    assert codes.weight is None and codes.weighting is None and codes.clusters == 12


def test_a_sample_is_the_same_each_time_and_looks_like_the_whole(opened: Opened, truth: pd.DataFrame) -> None:
    warehouse, names = opened(), ["score", "wait", "tier"]
    first, again = (warehouse.codes(names, None, (), most=2_000) for _ in range(2))
    assert first.of == len(truth) and 1_500 < first.n <= 2_000
    for name in names:
        assert (first.columns[name].codes == again.columns[name].codes).all()
        assert (np.asarray(first.columns[name].values) == np.asarray(again.columns[name].values)).all()
    whole = warehouse.codes(names, None, ())
    gold = [(c.columns["tier"].codes == 2).mean() for c in (first, whole)]
    assert gold[0] == pytest.approx(gold[1], abs=0.05)
    fewer = warehouse.codes(names, None, (), most=1_000)
    assert 500 < fewer.n <= 1_000
    assert set(zip(*(read(fewer.columns[n]) for n in names), strict=True)) <= set(
        zip(*(read(whole.columns[n]) for n in names), strict=True)
    )


def test_a_sample_without_identities_is_the_same_each_time(source: str, truth: pd.DataFrame) -> None:
    model = parse_model(MODEL.format(extra="").replace('contact_id = "contact_id"', ""))
    warehouse = open_warehouse(source, model)
    first, again = (warehouse.codes(["wait", "month"], None, (), most=1_234) for _ in range(2))
    assert 1_000 < first.n <= 1_234 and first.of == len(truth)
    for name, column in first.columns.items():
        assert (column.codes == again.columns[name].codes).all()
    assert len(first.columns["month"].values) == 3, "spread over the whole table"
    warehouse.close()


def test_many_rows_are_no_reason_to_refuse(opened: Opened, truth: pd.DataFrame) -> None:
    assert opened(limits=Limits(rows=10)).codes(["score"], None, ()).n == len(truth)


def test_nobody_selected(opened: Opened) -> None:
    codes = opened().codes(["score", "wait", "business", "month"], None, [Filter("business", ("none",))])
    assert codes.n == codes.of == codes.clusters == 0
    for column in codes.columns.values():
        assert len(column.codes) == len(column.values) == 0 and np.isnan(column.missing)


def test_no_columns_are_still_counted(opened: Opened, truth: pd.DataFrame) -> None:
    codes = opened("").codes([], None, ())
    assert (codes.n, dict(codes.columns)) == (len(truth), {})


@pytest.mark.parametrize(
    ("name", "key"), [("reason", "cut.reason"), ("scenes", "cut.overlap"), ("trasfers", "model.unknown_name")]
)
def test_what_cannot_stand_in_a_pair_is_named(opened: Opened, name: str, key: str) -> None:
    with pytest.raises(BadInput) as problem:
        opened().codes(["score", name], None, ())
    assert problem.value.statement.key == key and problem.value.statement.values["name"] == name
    if key == "model.unknown_name":
        assert problem.value.statement.values["near"] == "transfers"


def test_a_slow_fetch_is_stopped(source: str) -> None:
    limits = Limits(seconds=0.3)
    connection = Connection(make_engine(source, limits), limits)
    with pytest.raises(Unreachable) as problem:
        connection.coded(ENDLESS, [False])
    assert problem.value.statement.key == "warehouse.too_slow"
    assert connection.coded(sa.select(sa.literal(1).label("x")), [False])[0].distinct == [1]
    connection.close()
