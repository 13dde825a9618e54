"""Counts by value on every engine, against plain Python over the same rows and against the sums of `cells`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.warehouse import Limits, Warehouse
from data_access.warehouse.cells import SUMS
from tests.data_access.warehouse.expected import OCTOBER, as_dict, assert_same, segments, selected, sums, value

Opened = Callable[..., Warehouse]
WEIGHTS = {
    None: 'cluster = "team"',
    "frequency": 'cluster = "team"\nweight = { column = "times", kind = "frequency" }',
    "survey": 'cluster = "team"\nweight = { column = "w", kind = "survey" }',
}


def by_value(rows: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], list[float]]:
    """(segments, cluster, x) -> n, w, v; each combination is there once."""
    named = rows[[*keys, "x"]].itertuples(index=False, name=None)
    places = [tuple(None if v is None or v != v else v for v in key) for key in named]
    found = dict(zip(places, rows[["n", "w", "v"]].to_numpy().tolist(), strict=True))
    assert len(found) == len(rows)
    return found


def expected(
    truth: pd.DataFrame, metric: str, by: list[str], kind: str | None, *, clustered: bool = True
) -> dict[tuple[Any, ...], list[float]]:
    found: dict[tuple[Any, ...], list[float]] = {}
    for row in selected(truth, OCTOBER, ()):
        x = value(row, metric)
        w = {None: 1.0, "frequency": row["times"], "survey": row["w"]}[kind]
        if x is None or row["exempted"] or not w:
            continue
        combos: list[tuple[Any, ...]] = [()]
        for name in by:
            combos = [(*c, s) for c in combos for s in segments(row, name)]
        for combo in combos:
            old = found.setdefault((*combo, *([row["team"]] if clustered else []), x), [0.0, 0.0, 0.0])
            now = (w, w, w) if kind == "frequency" else (1.0, w, w * w)
            old[:] = [a + b for a, b in zip(old, now, strict=True)]
    return found


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("metric", ["score", "satisfied", "resolved", "waited", "spoken", "transfers", "said"])
def test_counts_of_every_value(opened: Opened, truth: pd.DataFrame, metric: str, kind: str | None) -> None:
    answer = opened(WEIGHTS[kind]).values(metric, ["business"], OCTOBER, ())
    assert answer.width == 0
    assert list(answer.rows) == ["business", "cluster", "x", *SUMS]
    assert_same(by_value(answer.rows, ["business", "cluster"]), expected(truth, metric, ["business"], kind))


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("by", [[], ["scenes"], ["business", "vip"], ["reason", "weekday"], ["team"]])
def test_values_by_combinations(opened: Opened, truth: pd.DataFrame, by: list[str], clustered: bool) -> None:
    rows = opened().values("score", by, OCTOBER, (), clustered=clustered).rows
    keys = [*by, *(["cluster"] if clustered else [])]
    assert_same(by_value(rows, keys), expected(truth, "score", by, None, clustered=clustered))


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("metric", ["score", "dissatisfied", "wait", "transfers", "said"])
def test_sums_are_those_of_cells(opened: Opened, truth: pd.DataFrame, metric: str, kind: str | None) -> None:
    warehouse, filters = opened(WEIGHTS[kind]), [Filter("vip", ("true", None))]
    rows = warehouse.values(metric, ["business"], OCTOBER, filters).rows
    cells = warehouse.cells(metric, ["business"], OCTOBER, filters, clustered=True).rows
    assert_same(as_dict(rows, ["business"], clustered=True), as_dict(cells, ["business"], clustered=True))
    assert_same(as_dict(rows, ["business"]), sums(truth, metric, ["business"], OCTOBER, filters, kind))


def test_a_model_without_cluster_has_no_column_of_it(opened: Opened) -> None:
    assert list(opened("").values("score", [], OCTOBER, ()).rows) == ["x", *SUMS]


def test_a_driver_of_many_values_is_rounded_to_a_width_that_keeps_its_middle(
    opened: Opened, truth: pd.DataFrame
) -> None:
    answer = opened().values("wait", ["business"], OCTOBER, ())
    waits = [value(r, "wait") for r in selected(truth, OCTOBER, ()) if not r["exempted"]]
    known = sorted(w for w in waits if w is not None)
    assert 100 < answer.rows["x"].nunique() <= 1_000 < len(set(known))
    assert answer.width == 0.5, "an outlier of a day must not widen the steps of waits of minutes"
    expected: dict[float, float] = {}
    for wait in known:
        place = math.floor(wait / answer.width + 0.5) * answer.width
        expected[place] = expected.get(place, 0.0) + 1
    assert answer.rows.groupby("x")["n"].sum().to_dict() == pytest.approx(expected, rel=1e-12)
    assert (answer.rows["x"] * answer.rows["w"] - answer.rows["wx"]).abs().max() <= answer.rows["n"].max() * 0.25


def test_a_width_can_be_given(opened: Opened) -> None:
    answer = opened().values("wait", [], OCTOBER, (), width=20.0)
    assert answer.width == 20.0
    assert (answer.rows["x"] % 20 == 0).all() and answer.rows["x"].min() == -3_600


def test_few_rows_allowed_make_a_driver_coarser(opened: Opened) -> None:
    fine, coarse = (
        opened(limits=Limits(rows=rows)).values("wait", [], OCTOBER, (), clustered=False) for rows in (2_000, 300)
    )
    assert len(coarse.rows) <= 300 and coarse.width > fine.width
    assert coarse.rows["x"].is_monotonic_increasing


@pytest.mark.parametrize("metric", ["score", "wait"])
def test_too_many_rows_are_refused(opened: Opened, metric: str) -> None:
    with pytest.raises(BadInput) as problem:
        opened(limits=Limits(rows=10)).values(metric, ["day"], None, ())
    assert problem.value.statement.key == "warehouse.too_many_rows"


def test_nothing_selected_gives_no_rows(opened: Opened) -> None:
    for metric in ("score", "wait"):
        answer = opened().values(metric, ["business"], None, [Filter("business", ("none",))])
        assert answer.rows.empty and list(answer.rows) == ["business", "cluster", "x", *SUMS]


def test_an_unknown_measure_is_named_with_its_neighbour(opened: Opened) -> None:
    with pytest.raises(BadInput) as problem:
        opened().values("waitt", [], None, ())
    assert problem.value.statement.values["near"] == "wait"
