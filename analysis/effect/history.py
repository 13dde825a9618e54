"""What was before a plan: answers by week and unit, how single answers spread, and how units move by themselves.

A unit's weekly mean is its level + the week of all + a shock of its own + the luck of its answers. Shocks are alike
from one unit to another and fade from week to week by a factor `lasting` (an autoregression of first order). Their
variance and fading are those under which the weekly means, less units and weeks, would vary as they do (moments of
lag 0 and 1). A change is then known by what its weeks have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.estimate import SUMS, residual_squares, scaled
from analysis.stats.intervals import Array
from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

LEAST_WEEKS = 4
MONTH = 365.25 / 12 / 7  # weeks
MOST_LASTING = 0.9
MOST_UNITS = 100  # of which it is asked how they move by themselves
NO_SPREAD = 1e-10  # variance of equal answers, per squared level, that rounding leaves
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class History:
    """Answers before a plan by cluster (rows) and week (columns): their number, mean, and variance of the mean.

    units: the unit that each cluster lies in; `nested`: whether clusters are finer than units. span: the days.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    nested: bool
    span: Period
    n: Array
    mean: Array
    within: float
    sql: str

    @property
    def weeks(self) -> float:
        return self.span.days / 7

    @property
    def compared(self) -> float:
        """Weeks to count on for the comparison: where a plan was opened in a bad month, that one is left out."""
        return self.weeks - MONTH if self.weeks - MONTH >= LEAST_WEEKS else self.weeks

    @property
    def rates(self) -> Array:
        """Answers of each cluster a week."""
        return np.asarray(self.n.sum(axis=1) / self.weeks)

    def of(self, units: Sequence[str]) -> History:
        """The clusters in these units."""
        kept = np.array([unit in units for unit in self.units], dtype=bool)
        names, own = (tuple(np.array(part, dtype=object)[kept]) for part in (self.names, self.units))
        return History(names, own, self.nested, self.span, self.n[kept], self.mean[kept], self.within, self.sql)

    def by_unit(self) -> History:
        """The same with each unit in one row."""
        place, names = pd.factorize(np.array(self.units, dtype=object))
        n = np.zeros((len(names), self.n.shape[1]))
        total = np.zeros_like(n)
        np.add.at(n, place, self.n)
        np.add.at(total, place, self.n * np.nan_to_num(self.mean))
        mean = np.divide(total, n, out=np.full_like(n, np.nan), where=n > 0)
        units = tuple(str(name) for name in names)
        return History(units, units, False, self.span, n, mean, self.within, self.sql)


@dataclass(frozen=True)
class Spread:
    """Variance of single answers, of a unit's weekly shock, and the part of a shock that lasts to the next week."""

    within: float
    shock: float
    lasting: float

    @property
    def is_known(self) -> bool:
        """Whether answers were seen to spread: not where each is alone in its week, nor where all are equal."""
        return self.within > 0

    def of_change(self, before: float, after: float) -> float:
        """Variance of a unit's change that no number of answers lessens, from so many weeks to so many."""
        return self.shock * _of_weeks(self.lasting, round(max(before, 1)), round(max(after, 1)))


def history(
    warehouse: Warehouse, metric: Metric, unit: str, filters: Sequence[Filter], span: Period, *, finer: bool
) -> History:
    """The history of the members of `unit`; with `finer` by the model's cluster where each lies within one member.

    Answers without a member are left out. Raises NothingToShow where fewer than LEAST_WEEKS weeks are known.
    """
    answer = warehouse.cells(metric.name, ("week", unit), span, filters, clustered=True)
    rows = scaled(answer.rows, metric)
    rows = rows[rows[unit].notna()].assign(unit=rows[unit])
    if rows.empty or rows["week"].nunique() < LEAST_WEEKS:
        raise NothingToShow("reachability.short", weeks=rows["week"].nunique(), least=LEAST_WEEKS, start=span.end)
    nested = finer and _is_nested(rows)
    rows = rows.assign(name=rows["cluster"] if nested else rows["unit"])
    cells = rows.groupby(["unit", "name", "week"], sort=False)[list(SUMS)].sum().reset_index()
    return laid_out(cells, span, nested=nested, sql=answer.sql)


def _is_nested(rows: pd.DataFrame) -> bool:
    """Whether every answer has a cluster, each in one unit, and there are more clusters than units."""
    if "cluster" not in rows or rows["cluster"].isna().any():
        return False
    units = rows.groupby("cluster")["unit"].nunique()
    return bool((units == 1).all() and len(units) > rows["unit"].nunique())


def laid_out(cells: pd.DataFrame, span: Period, *, nested: bool = False, sql: str = "") -> History:
    """The history of cells by unit, name (of the cluster) and week, with sums as those of `warehouse.cells`."""
    cells = cells.sort_values(["unit", "name"], kind="stable", ignore_index=True)  # lots are drawn in this order
    weeks = sorted(set(cells["week"]))
    place, names = pd.factorize(pd.Series(list(zip(cells["unit"], cells["name"], strict=True))))
    column = cells["week"].map({week: i for i, week in enumerate(weeks)}).to_numpy()
    n, mean = np.zeros((len(names), len(weeks))), np.full((len(names), len(weeks)), np.nan)
    n[place, column] = cells["n"]
    mean[place, column] = cells["wx"] / cells["w"]
    free = np.maximum(cells["n"] - 1, 0.0)
    squares = residual_squares(cells, cells["wx"] / cells["w"]).clip(lower=0.0) * (cells["n"] / cells["w"]) ** 2
    within = float(squares.sum() / free.sum()) if free.sum() > 0 else 0.0
    if within <= NO_SPREAD * float(np.nanmax(mean**2)):
        within = 0.0
    return History(
        tuple(str(n) for _, n in names), tuple(str(u) for u, _ in names), nested, span, n, mean, within, sql
    )


def spread(past: History) -> Spread:
    """How units move by themselves, from all units there are: those of a plan and others."""
    known = (past.n > 1) & np.isfinite(past.mean)
    rows = (known.sum(axis=1) >= LEAST_WEEKS) & _largest(past.n.sum(axis=1))
    if rows.sum() < 2 or not past.within:
        return Spread(past.within, 0.0, 0.0)
    rest, seen = _less_units_and_weeks(past.mean[rows], known[rows]), known[rows]
    luck = np.where(seen, past.within / np.where(seen, past.n[rows], 1.0), 0.0)
    share = 1 - 1 / rows.sum()
    together = seen[:, 1:] & seen[:, :-1]
    of_luck = [_centred(seen_, np.diag(luck_)) for seen_, luck_ in zip(seen, luck, strict=True)]
    excess = [
        float((rest[seen] ** 2).sum()) / share - sum(float(np.trace(m)) for m in of_luck),
        float((rest[:, 1:] * rest[:, :-1])[together].sum()) / share - sum(float(np.trace(m, 1)) for m in of_luck),
    ]
    if excess[0] <= 0:
        return Spread(past.within, 0.0, 0.0)
    tried = np.linspace(0, MOST_LASTING, 19)
    weeks = np.arange(seen.shape[1])
    alike = [_sums(seen, lasting ** np.abs(weeks[:, None] - weeks)) for lasting in tried]
    lags = np.array([one / zero for zero, one in alike])
    lasting = float(np.interp(excess[1] / excess[0], lags, tried))
    return Spread(past.within, excess[0] / float(np.interp(lasting, tried, [zero for zero, _ in alike])), lasting)


def _largest(n: Array) -> Array:
    """The units with most answers: they tell most of how units move, and thousands would take long."""
    return np.asarray(np.argsort(np.argsort(-n, kind="stable")) < MOST_UNITS)


def _sums(seen: Array, shocks: Array) -> tuple[float, float]:
    """Sums over units of the squares and of neighbours' products that shocks of variance 1 leave."""
    kinds, often = np.unique(seen, axis=0, return_counts=True)
    left = [_centred(kind, shocks) for kind in kinds]
    zero, one = (sum(k * float(np.trace(m, lag)) for k, m in zip(often, left, strict=True)) for lag in (0, 1))
    return float(zero), float(one)


def _centred(seen: Array, covariance: Array) -> Array:
    """The covariance of a unit's weeks about their own mean, 0 where it has no answers."""
    centring = np.diag(seen.astype(float)) - np.outer(seen, seen) / max(seen.sum(), 1)
    return np.asarray(centring @ covariance @ centring)


def _less_units_and_weeks(mean: Array, seen: Array, *, rounds: int = 30) -> Array:
    """Weekly means less the mean of each unit and of each week, in turn until both are gone."""
    rest = np.where(seen, mean, 0.0)
    for _ in range(rounds):
        for axis in (0, 1):
            rest = np.where(seen, rest - _average(rest, seen, axis), 0.0)
    return rest


def _average(values: Array, seen: Array, axis: int) -> Array:
    return np.asarray(values.sum(axis=axis, keepdims=True) / np.maximum(seen.sum(axis=axis, keepdims=True), 1))


def _of_weeks(lasting: float, before: int, after: int) -> float:
    """Variance of the mean of some weeks less that of the weeks before, of shocks with variance 1."""
    alike = np.cumsum(lasting ** np.arange(max(before, after)))  # what the first k weeks share with the first of them
    both = lasting * alike[before - 1] * alike[after - 1]
    own = [(2 * float(alike[:k].sum()) - k) / k**2 for k in (before, after)]
    return sum(own) - 2 * float(both) / (before * after)


def span_before(warehouse: Warehouse, period: Period | None, baseline: Period | None, start: date) -> Period:
    """The days before the start that are known: of the baseline, else of the period, else all."""
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        raise NothingToShow("selection.empty")
    asked = baseline or period
    first = max(extent.first.date(), asked.start) if asked else extent.first.date()
    end = min(start, extent.last.date() + timedelta(days=1), *([asked.end] if asked else []))
    if end - first < LEAST_WEEKS * WEEK:
        raise NothingToShow(
            "reachability.short", weeks=max((end - first).days // 7, 0), least=LEAST_WEEKS, start=start
        )
    return Period(first, end)
