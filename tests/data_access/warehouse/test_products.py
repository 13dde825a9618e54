"""Sums of products, what is known and the doses on every engine, against plain Python over the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.warehouse import Limits, Warehouse
from data_access.warehouse.cells import SUMS
from tests.data_access.warehouse.expected import OCTOBER, assert_same, segments, selected, value

Opened = Callable[..., Warehouse]
Row = dict[str, Any]
WEIGHTS = {
    None: 'cluster = "team"',
    "frequency": 'cluster = "team"\nweight = { column = "times", kind = "frequency" }',
    "survey": 'cluster = "team"\nweight = { column = "w", kind = "survey" }',
}
CASES = [
    ("score", ["wait"], []),
    ("score", ["wait", "transfers", "said"], ["business"]),
    ("satisfied", ["said", "transfers"], ["vip", "tier"]),
    ("resolved", ["spoken", "wait"], ["business", "weekday"]),
    ("score", [], ["business"]),
]


def weighed(row: Row, kind: str | None) -> float | None:
    """The weight of an answer; None where it does not count."""
    w = {None: 1.0, "frequency": row["times"], "survey": row["w"]}[kind]
    return None if row["exempted"] or not w else float(w)


def expected(
    truth: pd.DataFrame, metric: str, names: Sequence[str], by: Sequence[str], kind: str | None, *, clustered: bool
) -> dict[tuple[Any, ...], list[float]]:
    """Segments and cluster -> n, w, v, sums, products, and the extremes of the measures."""
    groups: dict[tuple[Any, ...], list[tuple[float, list[float]]]] = {}
    for row in selected(truth, OCTOBER, ()):
        x, w = [value(row, name) for name in (metric, *names)], weighed(row, kind)
        if w is None or any(number is None for number in x):
            continue
        key = (*(segments(row, d)[0] for d in by), *([row["team"]] if clustered else []))
        groups.setdefault(key, []).append((w, [float(number) for number in x if number is not None]))
    found = {}
    for key, answers in groups.items():
        w, x = np.array([a[0] for a in answers]), np.array([a[1] for a in answers])
        k = range(x.shape[1])
        n, v = (w.sum(), w.sum()) if kind == "frequency" else (len(w), (w * w).sum())
        pairs = [(w * x[:, i] * x[:, j]).sum() for i in k for j in k if i <= j]
        extremes = [end for i in k if i for end in (x[:, i].min(), x[:, i].max())]
        found[key] = [n, w.sum(), v, *(w @ x), *pairs, *extremes]
    return found


def by_key(rows: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[Any, ...], list[float]]:
    """Keys -> the other columns; each combination is there once."""
    places = [
        tuple(None if v is None or v != v else v for v in key) for key in zip(*(rows[k] for k in keys), strict=True)
    ]
    numbers = rows.drop(columns=list(keys)).to_numpy(dtype=float).tolist()
    found = dict(zip(places or [()], numbers, strict=True))
    assert len(found) == len(rows)
    return found


def folded(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The parts of the answers without a cluster together again."""
    rules = {
        name: {"low": "min", "high": "max"}.get(name[:-1], "sum") for name in rows.drop(columns=["alone", *keys])
    }
    return rows.groupby(list(keys), dropna=False, sort=False).agg(rules).reset_index()


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize(("metric", "names", "by"), CASES)
def test_products(
    opened: Opened, truth: pd.DataFrame, metric: str, names: list[str], by: list[str], kind: str | None
) -> None:
    rows = opened(WEIGHTS[kind]).products(metric, names, by, OCTOBER, ()).rows
    k = range(len(names) + 1)
    pairs = [f"p{i}_{j}" for i in k for j in k if i <= j]
    extremes = [f"{end}{i}" for i in k if i for end in ("low", "high")]
    assert list(rows) == [*by, "cluster", "alone", "n", "w", "v", *(f"s{i}" for i in k), *pairs, *extremes]
    assert rows["alone"].notna().tolist() == rows["cluster"].isna().tolist()
    assert_same(
        by_key(folded(rows, [*by, "cluster"]), [*by, "cluster"]),
        expected(truth, metric, names, by, kind, clustered=True),
    )


def test_products_without_cluster_or_dimension_are_one_row(opened: Opened, truth: pd.DataFrame) -> None:
    rows = opened("").products("score", ["wait", "transfers"], [], OCTOBER, ()).rows
    assert_same(by_key(rows, []), expected(truth, "score", ["wait", "transfers"], [], None, clustered=False))


@pytest.mark.parametrize("extra", ["", 'cluster = "team"'])
def test_products_of_nothing_are_no_rows(opened: Opened, extra: str) -> None:
    rows = opened(extra).products("score", ["wait"], ["vip"], OCTOBER, [Filter("business", ("none",))]).rows
    assert rows.empty and list(rows)[:1] == ["vip"]
    assert opened(extra).products("score", ["wait"], [], OCTOBER, [Filter("business", ("none",))]).rows.empty


def test_products_pass_filters(opened: Opened, truth: pd.DataFrame) -> None:
    rows = opened().products("score", ["wait"], [], OCTOBER, [Filter("vip", ("true", None))]).rows
    kept = truth[truth["vip"].map(lambda v: v is None or v is True)]
    assert_same(
        by_key(folded(rows, ["cluster"]), ["cluster"]), expected(kept, "score", ["wait"], [], None, clustered=True)
    )


def test_an_unknown_measure_is_named_with_its_neighbour(opened: Opened) -> None:
    for ask in (lambda w: w.products("score", ["waitt"], [], None, ()), lambda w: w.dose("score", "waitt", None, ())):
        with pytest.raises(BadInput) as problem:
            ask(opened())
        assert problem.value.statement.values["near"] == "wait"


@pytest.mark.parametrize("kind", WEIGHTS)
def test_known(opened: Opened, truth: pd.DataFrame, kind: str | None) -> None:
    names = ["wait", "transfers", "said", "spoken", "resolved"]
    rows = opened(WEIGHTS[kind]).known("score", names, OCTOBER, ()).rows
    assert list(rows) == ["answers", *names] and len(rows) == 1
    found = [0.0] * (len(names) + 1)
    for row in selected(truth, OCTOBER, ()):
        w = weighed(row, kind)
        if w is None or value(row, "score") is None:
            continue
        times = w if kind == "frequency" else 1.0
        found = [a + times * b for a, b in zip(found, [1, *(value(row, n) is not None for n in names)], strict=True)]
    assert rows.iloc[0].tolist() == found
    assert found[2] == found[0] > found[1] > 0, "blank transfers are none, blank waits are not known"


def test_known_of_no_measures_and_of_nothing(opened: Opened) -> None:
    assert list(opened().known("score", [], OCTOBER, ()).rows) == ["answers"]
    nothing = opened().known("score", ["wait"], OCTOBER, [Filter("business", ("none",))])
    assert nothing.rows.iloc[0].tolist() == [0.0, 0.0]


def dosed(
    truth: pd.DataFrame, metric: str, measure: str, kind: str | None, width: float, *, clustered: bool = True
) -> dict[tuple[Any, ...], list[float]]:
    found: dict[tuple[Any, ...], list[float]] = {}
    for row in selected(truth, OCTOBER, ()):
        x, dose, w = value(row, metric), value(row, measure), weighed(row, kind)
        if x is None or dose is None or w is None:
            continue
        place = float(np.floor(dose / width + 0.5)) if width else dose
        key = (*([row["team"]] if clustered else []), place)
        n, v = (w, w) if kind == "frequency" else (1.0, w * w)
        old = found.get(key, [0.0] * 6)
        found[key] = [a + b for a, b in zip(old, (n, w, w * x, v, v * x, v * x * x), strict=True)]
    return found


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize(("metric", "measure"), [("score", "transfers"), ("satisfied", "said"), ("resolved", "wait")])
def test_doses(opened: Opened, truth: pd.DataFrame, metric: str, measure: str, kind: str | None) -> None:
    answer = opened(WEIGHTS[kind]).dose(metric, measure, OCTOBER, ())
    assert set(answer.rows) == {"cluster", "dose", *SUMS}
    assert answer.width == 0, "so few answers keep their values"
    rows = answer.rows[["cluster", "dose", *SUMS]]
    assert_same(by_key(rows, ["cluster", "dose"]), dosed(truth, metric, measure, kind, 0.0))


def test_doses_rounded_where_there_is_no_room(opened: Opened, truth: pd.DataFrame) -> None:
    answer = opened(limits=Limits(rows=1_100)).dose("resolved", "wait", OCTOBER, ())
    assert answer.width > 0
    rows = answer.rows[["cluster", "dose", *SUMS]]
    rows = rows.assign(dose=(rows["dose"] / answer.width).round())
    assert_same(by_key(rows, ["cluster", "dose"]), dosed(truth, "resolved", "wait", None, answer.width))


def test_doses_without_cluster(opened: Opened, truth: pd.DataFrame) -> None:
    rows = opened("").dose("score", "transfers", OCTOBER, ()).rows
    rows = rows[["dose", *SUMS]]
    assert_same(by_key(rows, ["dose"]), dosed(truth, "score", "transfers", None, 0.0, clustered=False))


def test_few_rows_allowed_make_doses_coarser(opened: Opened) -> None:
    fine, coarse = (opened("", limits=Limits(rows=n)).dose("resolved", "wait", OCTOBER, ()) for n in (1_000, 200))
    assert len(coarse.rows) <= 200 and 0 < fine.width < coarse.width


def test_doses_of_nothing_are_no_rows(opened: Opened) -> None:
    for measure in ("wait", "transfers"):
        assert opened().dose("score", measure, None, [Filter("business", ("none",))]).rows.empty
