"""Whatever a rollup answers is what the contacts answer, to 1e-9; what it cannot answer is not asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.selection import Filter, Period
from data_access.warehouse import ChangeCells, Warehouse

Pair = tuple[Warehouse, Warehouse]
Ask = Callable[[Warehouse], Any]
CUTS = ("team", "tier", "business", "scenes", "reason", "day", "week", "weekday", "month", "day_of_month", "hour")
METRICS = ("score", "satisfied", "dissatisfied", "recommend", "resolved", "wait", "ringing")
MEMBERS = {
    "team": ("t0", "t3", None), "tier": ("gold", "basic"), "business": ("3G", "O'Brien %x", None, "other"),
    "scenes": ("home", None), "reason": ("wait", "none"), "weekday": ("6", "7"), "hour": ("0", "23"),
}  # fmt: skip
FIRST = date(2026, 2, 14)
filters = st.lists(
    st.sampled_from(list(MEMBERS)).flatmap(
        lambda name: st.lists(st.sampled_from(MEMBERS[name]), min_size=1, max_size=2, unique=True).map(
            lambda values: Filter(name, tuple(values))
        )
    ),
    max_size=2,
)
months = st.sampled_from([(2, 3), (3, 4), (4, 6), (10, 12)]).map(
    lambda m: Period(date(2026, m[0], 1), date(2026, m[1], 1))
)
days = st.tuples(st.integers(0, 340), st.integers(1, 60)).map(
    lambda d: Period(FIRST + timedelta(d[0]), FIRST + timedelta(d[0] + d[1]))
)
cuts = st.lists(st.sampled_from(CUTS), max_size=3, unique=True)


def same(a: Any, b: Any) -> None:
    """Equal in order, texts and numbers."""
    if isinstance(a, list | tuple):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            same(x, y)
    elif isinstance(a, pd.DataFrame):
        assert sorted(a) == sorted(b)
        for name in a:
            same(a[name].to_numpy(), b[name].to_numpy())
    elif isinstance(a, ChangeCells):
        assert a.members == b.members
        for name in ("codes", "n", "sum", "squares", "weight"):
            same(getattr(a, name), getattr(b, name))
    elif isinstance(a, np.ndarray) and a.dtype != object:
        np.testing.assert_allclose(b.astype(float), a.astype(float), rtol=1e-9, atol=1e-9)
    elif isinstance(a, np.ndarray):
        assert a.tolist() == b.tolist()
    else:
        assert a == b


def asked(pair: Pair, ask: Ask, *, used: bool | None = None) -> None:
    """Both give the same; `used`: whether a rollup has to have been asked, where that is certain."""
    plain, rolled = (ask(warehouse) for warehouse in pair)
    rows = [[getattr(x, "rows", x) for x in (found if isinstance(found, list | tuple) else [found])]
            for found in (plain, rolled)]  # fmt: skip
    same(*(sorted_rows(one) for one in rows))
    if used is not None:
        found = rolled if isinstance(rolled, list | tuple) else [rolled]
        assert all(("satrace_rollups" in answer.sql) is used for answer in found)


def sorted_rows(found: Sequence[Any]) -> list[Any]:
    """Frames in the order of their keys: in which order cells come is nobody's promise."""
    return [_sorted(one) if isinstance(one, pd.DataFrame) else one for one in found]


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in frame if frame[name].dtype == object or str(name).startswith(("step", "span", "x"))]
    return frame.sort_values(keys, key=lambda c: c.map(repr), kind="stable", ignore_index=True) if keys else frame


@given(st.data())
def test_sums_of_any_question(both: Pair, data: st.DataObject) -> None:
    metric, by = data.draw(st.sampled_from(METRICS)), data.draw(cuts)
    period = data.draw(st.one_of(st.none(), months, days))
    chosen, scope = data.draw(filters), data.draw(filters)
    clustered, lost = data.draw(st.booleans()), data.draw(st.booleans()) and metric == "score"
    pair = (both[0].within(scope), both[1].within(scope))
    timed = {"hour"} & {*by, *(f.dimension for f in (*chosen, *scope))}
    asked(pair, lambda w: w.cells_each(metric, [by, []], period, chosen, clustered=clustered, lost_only=lost),
          used=None if timed else True)  # fmt: skip


@given(st.data())
def test_values_counts_and_members_of_any_selection(both: Pair, data: st.DataObject) -> None:
    period, chosen = data.draw(st.one_of(st.none(), months, days)), data.draw(filters)
    by, scope = data.draw(cuts), data.draw(filters)
    pair = (both[0].within(scope), both[1].within(scope))
    metric = data.draw(st.sampled_from(METRICS[:4]))
    asked(pair, lambda w: w.values(metric, by, period, chosen))
    asked(pair, lambda w: w.population_by(metric, by, period, chosen))
    asked(pair, lambda w: w.cells_lost("score", ["reason"], period, chosen))
    asked(pair, lambda w: counts(w, metric, period, chosen))
    asked(pair, lambda w: w.contacts_by_day(by, period, chosen))
    asked(pair, lambda w: w.answers(metric, period, [chosen, scope]) + w.contacts(period, [chosen, scope]))
    asked(pair, lambda w: w.shared(metric, period, [chosen, scope]))
    asked(pair, lambda w: w.members(data_dimension(chosen)))


def counts(warehouse: Warehouse, metric: str, period: Period | None, chosen: Sequence[Filter]) -> list[float]:
    found = warehouse.coverage(metric, period, chosen, rates=["satisfied"])
    return [found.contacts, found.population, found.invited, found.responses, found.excluded, found.out_of_scale,
            found.rates["satisfied"] if found.responses else 0.0]  # fmt: skip


def data_dimension(chosen: Sequence[Filter]) -> str:
    return chosen[0].dimension if chosen else "team"


@given(st.data())
def test_changes_along_paths_spans_and_periods(both: Pair, data: st.DataObject) -> None:
    before, after = data.draw(st.one_of(st.tuples(months, months), st.tuples(days, days)))
    chosen, path = data.draw(filters), data.draw(filters)
    metric = data.draw(st.sampled_from(METRICS))
    asked(both, lambda w: w.cells_over(metric, ["tier"], [before, after], chosen, whole_by=["week"]))
    asked(both, lambda w: w.change_cells(metric, ["tier", "team", "business"], after, before, chosen))
    asked(both, lambda w: w.cells_each(metric, [["tier"], ["day"]], after, chosen, path=path))
    asked(both, lambda w: w.cells_beside(METRICS, after, chosen))
    if before.end <= after.start:
        asked(both, lambda w: w.cells_each(metric, [["business"]], None, chosen, spans=[before, after]))


def test_halves_of_whole_months_come_from_the_rollup_that_has_them(both: Pair) -> None:
    spring, autumn = Period(date(2026, 3, 1), date(2026, 4, 1)), Period(date(2026, 11, 1), date(2026, 12, 1))
    ask: Ask = lambda w: w.change_cells("score", ["tier", "business"], autumn, spring, (), halves=True)  # noqa: E731
    asked(both, ask, used=True)
    np.testing.assert_array_equal(ask(both[0]).half, ask(both[1]).half)
    uneven = Period(date(2026, 3, 2), date(2026, 4, 1))
    asked(both, lambda w: w.change_cells("score", ["tier"], autumn, uneven, (), halves=True), used=False)


@pytest.mark.parametrize("night", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_day_of_a_changed_clock_is_that_day(both: Pair, night: date) -> None:
    for day in (night - timedelta(1), night, night + timedelta(1)):
        period = Period(day, day + timedelta(1))
        asked(both, lambda w: w.cells("score", ["day"], period, ()), used=True)  # noqa: B023
        asked(both, lambda w: w.cells("score", ["hour"], period, ()), used=True)  # noqa: B023


def test_the_smallest_rollup_is_asked(both: Pair) -> None:
    assert "r02" in both[1].cells("wait", ["tier"], None, ()).sql
    assert "r04" in both[1].cells("wait", ["tier", "day"], None, ()).sql
    assert "r03" in both[1].cells("score", ["hour"], None, ()).sql
    assert "r01" in both[1].values("score", ["tier"], None, ()).sql
    assert "satrace_rollups" not in both[1].values("wait", ["tier"], None, ()).sql
