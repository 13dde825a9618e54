"""Which members of a dimension lose more than their share? Their share of the loss against that of the answers.

A path consists of places and reasons. The answers at the places are those that can lose points; a reason only says
which part of the loss counts. The share of days 1-3 in the loss by waiting is compared with their share of answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import BLANK, LEAST_CLUSTERS, WITHHELD_BELOW, Columns, coded, totals
from analysis.shares import Shares, shares_of
from analysis.stats.clustered import ClusterSums, Contrasts, contrasts, each_alone
from analysis.stats.intervals import NAN, Array, differences, welch
from analysis.step_names import Path
from analysis.trace.cluster_variance import SUMS, between_cluster_variance, mean_and_error
from analysis.trace.path import ask_along, is_reason, without_reasons
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.warehouse import Warehouse


@dataclass(frozen=True)
class Losses:
    """Answers at a path's places by a cut, with the part of their loss that the path's reasons take."""

    rows: pd.DataFrame
    sql: str


@dataclass(frozen=True, kw_only=True)
class Members:
    """One number per member: answers at the end of the path, share of answers at its places, share of the loss kept.

    p: of the test that the loss per answer is the same elsewhere; NaN for reasons, which only losses have.
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
        """Share of the loss beyond the share of the answers; 0 where there are too few answers."""
        return np.where(self.n < WITHHELD_BELOW, 0.0, np.nan_to_num(self.kept - self.share))

    @property
    def concentration(self) -> float:
        """Sum of the positive excesses of members: 0 where the loss is distributed like the answers."""
        return float(np.nansum(np.maximum(self.kept - self.share, 0.0)))

    def at(self, place: int) -> Members:
        """One of them alone."""
        one = slice(place, place + 1)
        return Members(
            values=self.values[one],
            n=self.n[one],
            share=self.share[one],
            kept=self.kept[one],
            low=self.low[one],
            high=self.high[one],
            p=self.p[one],
        )

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
    cells = ask_along(warehouse, base, reasons, cuts, selection.period, lost_only=lost_only)
    last = f"step{len(reasons)}"
    return [Losses(_taken(c.rows, c.rows[last].to_numpy(), c.metric), c.sql) for c in cells]


def _taken(rows: pd.DataFrame, taken: Array, metric: Metric) -> pd.DataFrame:
    v, vx, lost, lost2 = (rows[name].to_numpy() for name in ("v", "vx", "lost", "lost2"))
    cross = metric.sign * (metric.best * v - vx)
    return rows.assign(taken=taken, lost=lost * taken, lost2=lost2 * taken**2, lostw=cross * taken)


def members_of(cut: Losses, whole: Losses) -> Members:
    """The members of a dimension whose members do not overlap; `whole` are the same answers uncut."""
    segments, (inside, base) = coded(cut.rows, whole.rows.assign(segment=0))
    k = len(segments) - 1  # the last is that of the whole
    shares = shares_of(inside, base, k)
    share = totals(inside, "w", k) / float(base["w"].sum())
    return _members([value for (value,) in segments[:k]], inside, shares, share, p_against_rest(inside, base, k))


def joined(cut: Losses, whole: Losses, values: Sequence[str | None]) -> Members:
    """Some members as one; everything else is the second."""
    chosen = {(value,) for value in values}
    rows = cut.rows.assign(segment=[(segment in chosen,) for segment in cut.rows["segment"]])
    order = rows["segment"].map(lambda segment: not segment[0]).sort_values(kind="stable").index
    return members_of(Losses(rows.loc[order], cut.sql), whole)


def reasons_of(cut: Losses, whole: Losses) -> Members:
    """Reasons of the answers that lost points, with their share of all reasons named, as in `contribution`."""
    segments, (inside, base) = coded(cut.rows, whole.rows.assign(segment=0))
    k = len(segments) - 1
    named = totals(inside, inside["w"] * inside["part"] * inside["taken"], k)
    values = [value for (value,) in segments[:k]]
    return _members(values, inside, shares_of(inside, base, k), named / named.sum(), np.full(k, NAN))


def _members(values: Sequence[str | None], inside: pd.DataFrame, shares: Shares, share: Array, p: Array) -> Members:
    n = totals(inside, inside["n"] * (inside["taken"] > 0), len(values))
    return Members(values=tuple(values), n=n, share=share, kept=shares.share, low=shares.low, high=shares.high, p=p)


def p_against_rest(inside: Columns, base: Columns, members: int) -> Array:
    """p of each member's loss per answer against that of the other answers.

    Between clusters where both have five; a member with fewer, such as a team, is compared with the variance between
    clusters; Welch's test where the model names no clusters or too few are left.
    """
    own = {name: totals(inside, name, members) for name in SUMS}
    rest = {name: float(base[name].sum()) - own[name] for name in SUMS}
    (mean0, error0), (mean1, error1) = mean_and_error(rest), mean_and_error(own)
    p = np.array([d.p for d in welch(mean0, error0, rest["n"], mean1, error1, own["n"])])
    if "c" not in inside:
        return p
    sums = OwnAndRest.of(inside, base, members)
    for difference, known in (sums.few_clusters(mean1 - mean0, error0**2 + error1**2, base), sums.across_clusters()):
        p = np.where(known, [d.p for d in differences(difference.value, difference.error, difference.df)], p)
    return p


CELL = ("w", "lost", "v", "lostw", "lost2")


def _with_cluster(rows: Columns) -> dict[str, Array]:
    """Number of member and cluster and the sums CELL of the cells with a cluster."""
    there = np.asarray(rows["c"]) != BLANK
    return {name: np.asarray(rows[name])[there] for name in ("s", "c", *CELL)}


def _without_cluster(rows: Columns) -> dict[str, Array]:
    blank = np.asarray(rows["c"]) == BLANK
    return {name: np.asarray(rows[name])[blank] for name in ("s", *CELL)}


@dataclass(frozen=True)
class OwnAndRest:
    """Sums of weight and of loss by member and cluster: of the member's answers (own) and of all others (rest)."""

    own: tuple[Array, Array]
    rest: tuple[Array, Array]
    own_alone: Mapping[str, Array]  # sums CELL of the answers without a cluster, by member
    rest_alone: Mapping[str, Array]

    @classmethod
    def of(cls, inside: Columns, base: Columns, members: int) -> OwnAndRest:
        (named, single), (others, alone) = ((_with_cluster(f), _without_cluster(f)) for f in (inside, base))
        clusters = int(base["c"].max()) + 1
        place = named["s"] * clusters + named["c"]
        own, rest = [], []
        for name in ("w", "lost"):
            own.append(np.bincount(place, named[name], members * clusters).reshape(members, clusters))
            rest.append(np.bincount(others["c"], others[name], clusters) - own[-1])
        blank = {name: np.bincount(single["s"], single[name], members) for name in CELL}
        return cls((own[0], own[1]), (rest[0], rest[1]), blank, {n: float(alone[n].sum()) - blank[n] for n in CELL})

    @property
    def there(self) -> tuple[Array, Array]:
        """Which clusters have answers on each side, allowing for rounding."""
        least = 1e-9 * self.rest[0].max(initial=0.0)
        return self.own[0] > least, self.rest[0] > least

    def across_clusters(self) -> tuple[Contrasts, Array]:
        """Differences of mean losses with errors between clusters, and where there are enough clusters."""
        (own, rest), members = self.there, len(self.own[0])
        places = [np.nonzero(side) for side in (rest, own)]
        problem, cluster = (np.concatenate([place[i] for place in places]) for i in (0, 1))
        group = np.repeat([0, 1], [len(place[0]) for place in places])
        weight, lost = (np.concatenate([self.rest[i][rest], self.own[i][own]]) for i in (0, 1))
        single = [each_alone(*(side[name] for name in CELL)) for side in (self.rest_alone, self.own_alone)]
        every = np.tile(np.arange(members), 4)
        alone = np.concatenate([np.zeros(len(problem)), *(side.alone for side in single)])
        columns = (
            np.concatenate([problem, every]), np.concatenate([group, np.repeat([0, 1], 2 * members)]),
            np.concatenate([cluster, len(self.own[0][0]) + np.arange(len(every))]),
            np.concatenate([weight, *(side.weight for side in single)]),
            np.concatenate([lost, *(side.total for side in single)]),
        )  # fmt: skip
        there = columns[3] > 0
        sums = ClusterSums.of(*(c[there] for c in columns), problems=members, groups=2, alone=alone[there])
        contrasts_, enough = (
            contrasts(sums, np.array([-1.0, 1.0])),
            sums.by_group().reshape(members, 2) >= LEAST_CLUSTERS,
        )
        return contrasts_, np.asarray(enough.all(axis=1) & np.isfinite(contrasts_.error))

    def few_clusters(self, value: Array, variance: Array, base: Columns) -> tuple[Contrasts, Array]:
        """Differences of members with few clusters, treated as draws from the distribution of clusters."""
        own = self.there[0]
        variance_between = between_cluster_variance(base, own)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = sum(
                np.sum((side[0] / side[0].sum(axis=1, keepdims=True)) ** 2, axis=1) for side in (self.own, self.rest)
            )
        error, few = np.sqrt(variance + variance_between.variance * drawn), own.sum(axis=1) < LEAST_CLUSTERS
        contrasts_ = Contrasts(value, error, variance_between.clusters - 1, variance_between.clusters)
        return contrasts_, np.asarray(few & (variance_between.clusters >= LEAST_CLUSTERS) & np.isfinite(error))
