"""Cells of a change on every engine, against pandas over the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.model_file import parse_model
from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from data_access.statement import BadInput
from data_access.warehouse import ChangeCells, Limits, Warehouse, open_warehouse
from data_access.warehouse.change_cells import _key
from tests.data_access.warehouse.conftest import MODEL
from tests.data_access.warehouse.expected import OCTOBER, segments, value

Opened = Callable[..., Warehouse]
SEPTEMBER = OCTOBER.previous()
BOTH = (SEPTEMBER, OCTOBER)
SUMS = ("n", "sum", "squares", "weight")
WEIGHTS = {
    None: "",
    "frequency": 'weight = { column = "times", kind = "frequency" }',
    "survey": 'weight = { column = "w", kind = "survey" }',
}
WEIGHED = {None: "each", "frequency": "times", "survey": "w"}
MEMBERS = ("business", "tier", "skill", "load", "vip", "opened", "team", "weekday", "hour", "month", "day")
WIDE = ["business", "tier", "skill", "vip", "team", "weekday"]


@pytest.fixture(scope="module")
def known(truth: pd.DataFrame) -> pd.DataFrame:
    """Metrics on their scale and members by the words of the model; exempted ratings are left out."""
    rows = [row for row in truth.to_dict("records") if not row["exempted"]]
    columns: dict[str, list[Any]] = {name: [segments(row, name)[0] for row in rows] for name in MEMBERS}
    columns |= {name: [scaled(row, name) for row in rows] for name in ("score", "dissatisfied", "spoken", "waited")}
    columns |= {name: [row[name] for row in rows] for name in ("times", "w")}
    return pd.DataFrame(columns, dtype=object).assign(date=[row["contacted_at"].date() for row in rows], each=1.0)


def scaled(row: dict[str, Any], metric: str) -> float | None:
    raw = value(row, metric)
    if raw is None:
        return None
    return (raw - 1) * 25 if metric == "spoken" else raw * (10 if metric == "score" else 100)


def expected(
    known: pd.DataFrame,
    metric: str,
    by: Sequence[str],
    periods: Sequence[Period] = BOTH,
    filters: Sequence[Filter] = (),
    kind: str | None = None,
) -> dict[tuple[Any, ...], list[float]]:
    """Members of a cell -> n, sum, squares and weight of the baseline, then those of the period."""
    x, w = known[metric].astype(float), known[WEIGHED[kind]].astype(float)
    sums = pd.DataFrame({"n": w if kind == "frequency" else 1.0, "sum": w * x, "squares": w * x * x, "weight": w})
    passes = x.notna() & (w > 0)
    for part in filters:
        passes &= np.array([member in part.values for member in known[part.dimension]])
    keys = pd.Series([tuple(row) for row in known[list(by)].itertuples(index=False, name=None)], dtype=object)
    sides = [passes & (known["date"] >= period.start) & (known["date"] < period.end) for period in periods]
    each = [sums[there].groupby(keys[there]).sum() for there in sides]
    both = pd.concat(each, axis=1).fillna(0.0)
    return dict(zip(both.index, both.to_numpy().tolist(), strict=True))


def read(cells: ChangeCells) -> dict[tuple[Any, ...], list[float]]:
    """As `expected`; each combination of members and half is there once."""
    rows = np.concatenate([getattr(cells, name)[:, [place]] for place in (0, 1) for name in SUMS], axis=1)
    found: dict[tuple[Any, ...], list[float]] = {}
    for codes, sums in zip(cells.codes.tolist(), rows.tolist(), strict=True):
        key = tuple(names[code] for names, code in zip(cells.members, codes, strict=True))
        found[key] = [a + b for a, b in zip(found.get(key, [0.0] * 8), sums, strict=True)]
    return found


def assert_alike(found: dict[tuple[Any, ...], list[float]], wanted: dict[tuple[Any, ...], list[float]]) -> None:
    assert set(found) == set(wanted)
    np.testing.assert_allclose([found[key] for key in wanted], list(wanted.values()), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(
    ("metric", "by", "kind"),
    [
        ("score", WIDE, None),
        ("score", ["business", "tier"], "survey"),
        ("score", ["business", "hour"], "frequency"),
        ("spoken", ["business", "load", "opened"], "survey"),
        ("spoken", ["team", "month"], None),
        ("dissatisfied", ["vip", "day"], "frequency"),
        ("waited", ["business"], None),
        ("score", [], None),
    ],
)
def test_sums_of_both_periods(
    opened: Opened, known: pd.DataFrame, metric: str, by: list[str], kind: str | None
) -> None:
    cells = opened(WEIGHTS[kind]).change_cells(metric, by, OCTOBER, SEPTEMBER, ())
    found = read(cells)
    assert_alike(found, expected(known, metric, by, kind=kind))
    assert len(found) == len(cells.codes), "each combination once, whichever kind of blank"
    assert cells.dimensions == tuple(by) and cells.half is None and "SELECT" in cells.sql
    assert cells.codes.dtype.itemsize <= 2 and cells.codes.shape == (len(found), len(by))
    assert all(getattr(cells, name).shape == (len(found), 2) for name in SUMS)


def test_filters_and_periods_apart(opened: Opened, known: pd.DataFrame) -> None:
    filters = [Filter("vip", ("true", None)), Filter("business", ("3G", "宽带", None))]
    week = Period(OCTOBER.start, OCTOBER.start.replace(day=8))
    year = Period(SEPTEMBER.start, SEPTEMBER.start.replace(day=9))
    for periods in ((year, week), (week, year), (OCTOBER, week)):
        cells = opened().change_cells("score", ["business", "tier"], periods[1], periods[0], filters)
        assert_alike(read(cells), expected(known, "score", ["business", "tier"], periods, filters))


def test_members_and_cells_stand_in_order(opened: Opened) -> None:
    by = ["tier", "skill", "business", "weekday"]
    cells = opened().change_cells("score", by, OCTOBER, SEPTEMBER, ())
    assert cells.members[0] == ("basic", "silver", "gold"), "the order of the model"
    assert cells.members[1] == ("1", "2", "30", None), "numbers by size, a blank last"
    assert cells.members[2] == (*sorted(("3G", "宽带", 'O\'Brien "x"; --', "a%b_c")), None)
    assert cells.members[3] == tuple("1234567")
    rows = cells.codes.tolist()
    assert rows == sorted(rows) and len(set(map(tuple, rows))) == len(rows)
    for column, names in zip(cells.codes.T, cells.members, strict=True):
        assert set(column.tolist()) == set(range(len(names))), "every member occurs"


def test_a_dimension_twice_is_one(opened: Opened) -> None:
    assert opened().change_cells("score", ["tier", "tier"], OCTOBER, SEPTEMBER, ()).dimensions == ("tier",)


@pytest.mark.parametrize("kind", WEIGHTS)
def test_halves_add_up_to_the_whole(opened: Opened, kind: str | None) -> None:
    warehouse = opened(WEIGHTS[kind])
    halves = warehouse.change_cells("score", WIDE[:4], OCTOBER, SEPTEMBER, (), halves=True)
    assert halves.half is not None and halves.half.dtype == np.int8 and set(halves.half) == {0, 1}
    assert halves.codes.shape == (len(halves.half), 4)
    assert_alike(read(halves), read(warehouse.change_cells("score", WIDE[:4], OCTOBER, SEPTEMBER, ())))


def whose_half(warehouse: Warehouse, filters: Sequence[Filter] = ()) -> dict[str | None, int]:
    """The half of each contact, by a dimension that is the contact."""
    cells = warehouse.change_cells("score", ["contact"], OCTOBER, SEPTEMBER, filters, halves=True)
    assert cells.half is not None
    return {cells.members[0][code]: int(half) for code, half in zip(cells.codes[:, 0], cells.half, strict=True)}


def test_halves_are_stable_and_about_equal(source: str, engine: str) -> None:
    model = parse_model(
        MODEL.format(extra="").replace("[dimensions]", '[dimensions]\ncontact = { column = "contact_id" }')
    )
    warehouse = open_warehouse(source, model)
    halves = whose_half(warehouse)
    assert halves == whose_half(warehouse)
    assert 0.45 < np.mean(list(halves.values())) < 0.55
    if engine != "sqlite":  # which has no hash, and counts
        some = whose_half(warehouse, [Filter("vip", ("true",))])
        assert 0 < len(some) < len(halves) and some.items() <= halves.items()
    warehouse.close()


def test_without_identities_the_place_of_a_row_decides(source: str) -> None:
    model = parse_model(MODEL.format(extra="").replace('contact_id = "contact_id"', ""))
    warehouse = open_warehouse(source, model)
    first, again = (warehouse.change_cells("score", ["tier"], OCTOBER, SEPTEMBER, (), halves=True) for _ in range(2))
    assert first.half is not None and (first.sum == again.sum).all()
    shares = [first.n[first.half == half].sum(axis=0) / first.n.sum(axis=0) for half in (0, 1)]
    assert np.concatenate(shares) == pytest.approx(0.5, abs=0.03)
    warehouse.close()


def test_one_period_alone_and_none(opened: Opened) -> None:
    warehouse, past = opened(), Period(SEPTEMBER.start.replace(year=2020), OCTOBER.start.replace(year=2020))
    cells = warehouse.change_cells("score", ["tier"], OCTOBER, past, ())
    assert (cells.n[:, 0] == 0).all() and (cells.sum[:, 0] == 0).all() and (cells.n[:, 1] > 0).all()
    for by in (["business", "month"], []):
        for halves in (False, True):
            none = warehouse.change_cells("score", by, past, past, (), halves=halves)
            assert none.members == ((),) * len(by) and none.codes.shape == (0, len(by))
            assert none.n.shape == none.sum.shape == none.squares.shape == none.weight.shape == (0, 2)
            assert (none.half is not None) == halves


def test_many_cells_are_no_reason_to_refuse(opened: Opened) -> None:
    cells = opened(limits=Limits(rows=10)).change_cells("score", WIDE, OCTOBER, SEPTEMBER, ())
    assert len(cells.n) > 1_000


@pytest.mark.parametrize(
    ("name", "key"), [("reason", "cut.reason"), ("scenes", "cut.overlap"), ("busines", "model.unknown_dimension")]
)
def test_what_does_not_divide_is_refused(opened: Opened, name: str, key: str) -> None:
    with pytest.raises(BadInput) as problem:
        opened().change_cells("score", ["tier", name], OCTOBER, SEPTEMBER, ())
    assert problem.value.statement.key == key and problem.value.statement.values["name"] == name


def test_without_time_there_are_no_periods(opened: Opened, source: str) -> None:
    model = opened().model
    without = {name: getattr(model, name) for name in ("table", "metrics", "dimensions")}
    with closing(open_warehouse(source, SemanticModel(**without))) as timeless, pytest.raises(BadInput) as problem:
        timeless.change_cells("score", ["tier"], OCTOBER, SEPTEMBER, ())
    assert problem.value.statement.key == "model.no_time"


def test_any_number_of_dimensions_keeps_its_order() -> None:
    """More combinations than a number can hold."""
    rng = np.random.default_rng(3)
    columns = [rng.integers(0, 2**20, 500).astype(np.int32) for _ in range(6)]
    columns[0][:] %= 3
    key = _key(columns, [2**20] * 6, 500)
    rows = np.stack(columns, axis=1)
    assert (np.argsort(key, kind="stable") == np.lexsort(rows.T[::-1])).all()
