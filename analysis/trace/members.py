"""Which members of a dimension lose more than their share? Their part of the loss beside that of the answers.

A path is its places and its reasons. The answers of the places are what a loss can fall on; a reason only says which
part of it counts. So what days 1-3 have of the loss by waiting is held against how many of all answers fall on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import LEAST_CLUSTERS, WITHHELD_BELOW, coded, totals
from analysis.shares import Shares, shares_of
from analysis.stats.clustered import ClusterSums, Contrasts, contrasts
from analysis.stats.intervals import NAN, Array, differences, welch
from analysis.trace.cluster_variance import SUMS, mean_and_error, usual
from analysis.trace.path import Path, ask_along, is_reason, without_reasons
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.warehouse import Warehouse


@dataclass(frozen=True)
class Losses:
    """Answers of a path's places by a cut, with the loss that the path's reasons take of them."""

    rows: pd.DataFrame
    sql: str


@dataclass(frozen=True)
class Members:
    """One number a member: answers at the end of the path, share of the answers of the places, part of the loss kept.

    p tells a loss per answer other than elsewhere from luck; NaN for reasons, which only losses have.
    """

    values: tuple[str | None, ...]
    n: Array
    share: Array
    kept: Array
    low: Array
    high: Array
    p: Array

    @property
    def excess(self) -> Array:
        """Part of the loss beyond the share of the answers; none where too few answers stand behind it."""
        return np.where(self.n < WITHHELD_BELOW, 0.0, np.nan_to_num(self.kept - self.share))

    @property
    def concentration(self) -> float:
        """What members keep beyond their share, summed: 0 where the loss is spread like the answers."""
        return float(np.nansum(np.maximum(self.kept - self.share, 0.0)))

    def at(self, place: int) -> Members:
        """One of them alone."""
        one = slice(place, place + 1)
        numbers = (self.n, self.share, self.kept, self.low, self.high, self.p)
        return Members(self.values[one], *(column[one] for column in numbers))

    @property
    def index(self) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.n < WITHHELD_BELOW, NAN, self.kept / self.share)


def ask_losses(
    warehouse: Warehouse, selection: Selection, path: Path, cuts: Sequence[Sequence[str]], *, lost_only: bool = False
) -> list[Losses]:
    """The losses of a path by several cuts, in one query.

    Columns as in `estimate.Cells`; taken, the part that the reasons take of an answer's loss; lost, lost2 and lostw,
    the sums of weight x loss, of its squares and of weight squared x loss, of that part.
    """
    reasons = tuple(step for step in path if is_reason(warehouse.model, step))
    base = selection.within(without_reasons(warehouse.model, path))
    asked = ask_along(warehouse, base, reasons, cuts, selection.period, lost_only=lost_only)
    last = f"step{len(reasons)}"
    return [Losses(_taken(c.rows, c.rows[last], c.metric), c.sql) for c in asked]


def _taken(rows: pd.DataFrame, taken: pd.Series, metric: Metric) -> pd.DataFrame:
    cross = metric.sign * (metric.best * rows["v"] - rows["vx"])
    return rows.assign(taken=taken, lost=rows["lost"] * taken, lost2=rows["lost2"] * taken**2, lostw=cross * taken)


def members_of(cut: Losses, whole: Losses) -> Members:
    """The members of a dimension that divides the answers; `whole` are the same answers uncut."""
    segments, (inside, base) = coded(cut.rows, whole.rows.assign(segment=0))
    k = len(segments) - 1  # the last is that of the whole
    found = shares_of(inside, base, k)
    share = totals(inside, "w", k) / float(base["w"].sum())
    return _members([value for (value,) in segments[:k]], inside, found, share, _otherwise(inside, base, k))


def joined(cut: Losses, whole: Losses, values: Sequence[str | None]) -> Members:
    """Some members as one; everything else is the second."""
    chosen = {(value,) for value in values}
    rows = cut.rows.assign(segment=[(segment in chosen,) for segment in cut.rows["segment"]])
    order = rows["segment"].map(lambda segment: not segment[0]).sort_values(kind="stable").index
    return members_of(Losses(rows.loc[order], cut.sql), whole)


def reasons_of(cut: Losses, whole: Losses) -> Members:
    """Reasons of the answers that lost points, with their share of what was named, as in `contribution`."""
    segments, (inside, base) = coded(cut.rows, whole.rows.assign(segment=0))
    k = len(segments) - 1
    named = totals(inside, inside["w"] * inside["part"] * inside["taken"], k)
    values = [value for (value,) in segments[:k]]
    return _members(values, inside, shares_of(inside, base, k), named / named.sum(), np.full(k, NAN))


def _members(values: Sequence[str | None], inside: pd.DataFrame, found: Shares, share: Array, p: Array) -> Members:
    n = totals(inside, inside["n"] * (inside["taken"] > 0), len(values))
    return Members(tuple(values), n, share, found.share, found.low, found.high, p)


def _otherwise(inside: pd.DataFrame, base: pd.DataFrame, members: int) -> Array:
    """p of each member's loss per answer against that of the other answers.

    Across clusters where either side has five; a member of fewer, say a team, is held against how far clusters lie
    apart anyway; Welch's where the model names no clusters or too few are left.
    """
    own = {name: totals(inside, name, members) for name in SUMS}
    rest = {name: float(base[name].sum()) - own[name] for name in SUMS}
    (mean0, error0), (mean1, error1) = mean_and_error(rest), mean_and_error(own)
    p = np.array([d.p for d in welch(mean0, error0, rest["n"], mean1, error1, own["n"])])
    if "c" not in inside:
        return p
    sides = Sides.of(inside, base, members)
    for found, known in (sides.lone(mean1 - mean0, error0**2 + error1**2, base), sides.many()):
        p = np.where(known, [d.p for d in differences(found.value, found.error, found.df)], p)
    return p


@dataclass(frozen=True)
class Sides:
    """Sums of weight and of loss by member and cluster: of the member's answers (own) and of all others (rest)."""

    own: tuple[Array, Array]
    rest: tuple[Array, Array]

    @classmethod
    def of(cls, inside: pd.DataFrame, base: pd.DataFrame, members: int) -> Sides:
        clusters = int(base["c"].max()) + 1
        place = inside["s"].to_numpy() * clusters + inside["c"].to_numpy()
        own, rest = [], []
        for name in ("w", "lost"):
            own.append(np.bincount(place, inside[name], members * clusters).reshape(members, clusters))
            rest.append(np.bincount(base["c"], base[name], clusters) - own[-1])
        return cls((own[0], own[1]), (rest[0], rest[1]))

    @property
    def there(self) -> tuple[Array, Array]:
        """Where each side has answers: what is left of a whole is never quite 0."""
        least = 1e-9 * self.rest[0].max(initial=0.0)
        return self.own[0] > least, self.rest[0] > least

    def many(self) -> tuple[Contrasts, Array]:
        """Differences of mean losses from one cluster to another, and where clusters are enough to learn from."""
        (own, rest), members = self.there, len(self.own[0])
        places = [np.nonzero(side) for side in (rest, own)]
        problem, cluster = (np.concatenate([place[i] for place in places]) for i in (0, 1))
        group = np.repeat([0, 1], [len(place[0]) for place in places])
        weight, lost = (np.concatenate([self.rest[i][rest], self.own[i][own]]) for i in (0, 1))
        sums = ClusterSums.of(problem, group, cluster, weight, lost, problems=members, groups=2)
        found, enough = contrasts(sums, np.array([-1.0, 1.0])), sums.by_group().reshape(members, 2) >= LEAST_CLUSTERS
        return found, np.asarray(enough.all(axis=1) & np.isfinite(found.error))

    def lone(self, value: Array, variance: Array, base: pd.DataFrame) -> tuple[Contrasts, Array]:
        """Differences of members of few clusters, as one more draw of clusters that differ as the others do."""
        own = self.there[0]
        beside = usual(base, own)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = sum(
                np.sum((side[0] / side[0].sum(axis=1, keepdims=True)) ** 2, axis=1) for side in (self.own, self.rest)
            )
        error, few = np.sqrt(variance + beside.variance * drawn), own.sum(axis=1) < LEAST_CLUSTERS
        found = Contrasts(value, error, beside.clusters - 1, beside.clusters)
        return found, np.asarray(few & (beside.clusters >= LEAST_CLUSTERS) & np.isfinite(error))
