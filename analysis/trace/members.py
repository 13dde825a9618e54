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
from analysis.stats.clustered import ClusterSums, Contrasts, contrasts
from analysis.stats.intervals import NAN, Array, differences, welch
from analysis.trace.path import Path, ask_along, is_reason, narrowed, places
from analysis.trace.shares import Shares, shares_of
from data_access.selection import Selection
from data_access.semantics import Metric
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
    base = narrowed(selection, places(warehouse.model, path))
    asked = ask_along(warehouse, base, reasons, cuts, selection.period, lost_only=lost_only)
    last = f"step{len(reasons)}"
    return [Losses(_taken(c.rows, c.rows[last], c.metric), c.sql) for c in asked]


def _taken(rows: pd.DataFrame, taken: pd.Series, metric: Metric) -> pd.DataFrame:
    sign = 1.0 if metric.better == "high" else -1.0
    cross = sign * (metric.best * rows["v"] - rows["vx"])
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
    """p of each member's loss per answer against that of the other answers: across clusters where there are enough of
    them, else Welch's.
    """
    names = ("n", "w", "v", "lost", "lost2", "lostw")
    own = {name: totals(inside, name, members) for name in names}
    rest = {name: float(base[name].sum()) - own[name] for name in names}
    (mean0, error0), (mean1, error1) = _mean(rest), _mean(own)
    p = np.array([d.p for d in welch(mean0, error0, rest["n"], mean1, error1, own["n"])])
    if "c" not in inside:
        return p
    between, many = _between(inside, base, members)
    return np.where(many, [d.p for d in differences(between.value, between.error, between.df)], p)


def _mean(t: dict[str, Array]) -> tuple[Array, Array]:
    """Mean loss and its standard error; NaN without two answers."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = t["lost"] / t["w"]
        squares = np.maximum(t["lost2"] - 2 * mean * t["lostw"] + mean**2 * t["v"], 0.0)
        return mean, np.where(t["n"] > 1, np.sqrt(squares * t["n"] / (t["n"] - 1)) / t["w"], NAN)


def _between(inside: pd.DataFrame, base: pd.DataFrame, members: int) -> tuple[Contrasts, Array]:
    """Differences of mean losses from one cluster to another, and where clusters are enough to learn from."""
    clusters = int(base["c"].max()) + 1
    place = inside["s"].to_numpy() * clusters + inside["c"].to_numpy()
    sides = []
    for name in ("w", "lost"):
        own = np.bincount(place, inside[name], members * clusters)
        sides.append(np.concatenate([np.tile(np.bincount(base["c"], base[name], clusters), members) - own, own]))
    weight, lost = sides
    problem, cluster = np.divmod(np.arange(members * clusters), clusters)
    group = np.repeat([0, 1], members * clusters)
    there = np.flatnonzero(weight > 1e-9 * weight.max())  # what is left of a whole is never quite 0
    which = there % (members * clusters)
    sums = ClusterSums.of(
        problem[which], group[there], cluster[which], weight[there], lost[there], problems=members, groups=2
    )
    found, counts = contrasts(sums, np.array([-1.0, 1.0])), sums.by_group().reshape(members, 2)
    return found, np.asarray((counts >= LEAST_CLUSTERS).all(axis=1) & np.isfinite(found.error))
