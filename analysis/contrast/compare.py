"""How large is each difference, how sure is it, by which test? One function a method, over all comparisons at once.

Where the model names a cluster, every method learns its error from the spread between clusters, because answers of
one team share a fate; ranks too, by way of their placements (Brunner and Munzel 2000).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from analysis.contrast.samples import Answers, Sides, counts_by_value, with_property, with_values
from analysis.estimate import Estimates, changes
from analysis.stats import means, nps, proportions, ranks
from analysis.stats.intervals import NAN, Array, Difference, differences, t_bounds
from data_access.semantics import Labels, Metric

ROUNDING = 1e-12
Bounds = Callable[[Array], tuple[Array, Array]]
RATE_METHODS = ("two_proportions", "fisher")
RANK_METHODS = ("brunner_munzel", "mann_whitney")
BANDS = {
    "hedges_g": "g",
    "cohens_d": "d",
    "superiority": "A",
    "omega_squared": "omega2",
    "epsilon_squared": "omega2",
    "cramers_v": "V",
    "correlation": "r",
    "rank_biserial": "r",
}  # effect -> whose conventions say what is small
PLACEMENT = Metric("placement", "", Labels("placement"))
NPS = Metric("nps", "", Labels("nps"), low=-1.0, high=1.0, formula="mean_of_max")


@dataclass(frozen=True)
class Comparison:
    """Differences a - b of means with the evidence for them, one number a comparison.

    `bounds` answers with intervals of the difference at given levels of confidence. `by_interval` says whether they
    and p are two readings of one test; ranks are tested on a scale of their own, `direction` is where they point
    (+: a higher): the difference of means may point elsewhere.
    """

    method: str
    value: Array
    statistic: Array
    df: Array
    p: Array
    bounds: Bounds
    by_interval: bool = True
    direction: Array | None = None


def size_of(effect: str, value: float) -> str:
    """Small, medium, large by convention; a difference of rates speaks for itself and has no such word."""
    return means.size_of(BANDS[effect], value) if effect in BANDS else ""


@dataclass(frozen=True)
class Effects:
    """Sizes that need no unit, one a comparison."""

    name: str
    value: Array
    low: Array
    high: Array


def by_means(sides: Sides, *, clustered: bool = True) -> Comparison:
    """Welch's t; across clusters where both sides have enough of them (see `analysis.estimate.changes`)."""
    sides = sides if clustered else sides.alone
    found = changes(sides.b, sides.a, sides.count, sides.metric)
    has_clusters = "c" in sides.a and bool((sides.each[0].clusters > 0).any())
    return from_differences("clustered_t" if has_clusters else "welch_t", found)


def from_differences(method: str, found: list[Difference]) -> Comparison:
    value, error, df, p = (np.array([getattr(d, k) for d in found]) for k in ("value", "error", "df", "p"))
    known = np.where((error > 0) & (df > 0), error, NAN)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = value / known

    def bounds(confidence: Array) -> tuple[Array, Array]:
        return t_bounds(value, known, df, confidence=confidence)

    return Comparison(method, value, statistic, df, p, bounds)


def by_proportions(sides: Sides) -> Comparison:
    """Two independent rates: pooled z with Newcombe's interval."""
    (x0, n0), (x1, n1) = (with_property(rows, sides.count) for rows in (sides.b, sides.a))
    z, p = (np.array(v) for v in zip(*(pooled_z(*four) for four in zip(x0, n0, x1, n1, strict=True)), strict=True))
    return Comparison(
        "two_proportions", 100 * (x1 / n1 - x0 / n0), z, np.full(len(z), NAN), p, newcombe_bounds(x0, n0, x1, n1)
    )


def by_fisher(sides: Sides) -> Comparison:
    """Two rare rates: Fisher's exact p with Newcombe's interval."""
    (x0, n0), (x1, n1) = (with_property(rows, sides.count) for rows in (sides.b, sides.a))
    tables = [[[x, n - x], [y, m - y]] for x, n, y, m in zip(x1, n1, x0, n0, strict=True)]
    found = [proportions.fisher(np.rint(t)) for t in tables]
    blank = np.full(len(found), NAN)
    return Comparison(
        "fisher", 100 * (x1 / n1 - x0 / n0), np.array([f.odds_ratio for f in found]), blank,
        np.array([f.p for f in found]), newcombe_bounds(x0, n0, x1, n1),
    )  # fmt: skip


def two_sided(z: Array) -> Array:
    """Two-sided p of standard normal statistics."""
    return np.asarray(2 * stats.norm.sf(np.abs(z)))


def pooled_z(x0: float, n0: float, x1: float, n1: float) -> tuple[float, float]:
    if min(n0, n1) < 1:
        return NAN, NAN
    found = proportions.two_proportions(x0, n0, x1, n1)
    return found.z, found.p


def newcombe_bounds(x0: Array, n0: Array, x1: Array, n1: Array) -> Bounds:
    def bounds(confidence: Array) -> tuple[Array, Array]:
        levels = np.broadcast_to(confidence, x0.shape)
        found = [
            proportions.newcombe(*four, confidence=float(level))
            for *four, level in zip(x0, n0, x1, n1, levels, strict=True)
        ]
        return 100 * np.array([f.low for f in found]), 100 * np.array([f.high for f in found])

    return bounds


def by_placements(sides: Sides) -> Comparison:
    """Brunner and Munzel (2000): does a random answer of one side exceed one of the other? Tests A = 1/2.

    Value and intervals stay those of the difference of means: a place has no points.
    """
    a, error, df = _superiority(sides)
    found, mean = differences(a - 0.5, error, df), by_means(sides)
    ranked = from_differences("brunner_munzel", found)
    p = np.where(error < ROUNDING, _apart(sides), ranked.p)
    return replace(ranked, p=p, value=mean.value, bounds=mean.bounds, by_interval=False, direction=a - 0.5)


def _apart(sides: Sides) -> Array:
    """p where places have no spread: all answers of one side above all of the other, or all alike.

    That of the most extreme orders; NaN where nobody knows the spread, as answers of each side do not differ among
    themselves, or come in clusters.
    """
    if "c" in sides.a:
        return np.full(sides.count, NAN)
    values = _values(sides)
    counts = [counts_by_value(rows, sides.count, values) for rows in (sides.b, sides.a)]
    return np.array([
        ranks.brunner_munzel(b, a).p if ((b > 0).sum() > 1 or (a > 0).sum() > 1) else NAN
        for b, a in zip(*counts, strict=True)
    ])  # fmt: skip


def by_mann_whitney(sides: Sides) -> Comparison:
    """Mann and Whitney's U, corrected for ties; no clusters. Value and intervals are those of the means."""
    values = _values(sides)
    counts = [counts_by_value(rows, sides.count, values) for rows in (sides.b, sides.a)]
    found = [ranks.mann_whitney(b, a) for b, a in zip(*counts, strict=True)]
    mean = by_means(sides)
    statistic, p = (np.array([getattr(f, k) for f in found]) for k in ("statistic", "p"))
    blank = np.full(sides.count, NAN)
    direction = np.array([f.a for f in found]) - 0.5
    return Comparison("mann_whitney", mean.value, statistic, blank, p, mean.bounds, False, direction)


def by_nps(sides: Sides) -> Comparison:
    """Promoters minus detractors, as the mean of +100, 0 and -100 an answer."""
    a, b = (with_values(rows, nps.nps_points(rows["x"].to_numpy())) for rows in (sides.a, sides.b))
    return replace(by_means(replace(sides, a=a, b=b, metric=NPS)), method="nps")


def superiority(sides: Sides) -> Effects:
    """Vargha and Delaney's A: the chance that a random answer of a exceeds one of b, ties counted half."""
    a, error, df = _superiority(sides)
    found = [ranks.superiority(*three) for three in zip(a, error, df, strict=True)]
    return Effects("superiority", a, np.array([i.low for i in found]), np.array([i.high for i in found]))


def _superiority(sides: Sides) -> tuple[Array, Array, Array]:
    """A with its error and freedom. The mean place of a among b is A, that of b among a is 1 - A; the error of their
    difference is the error of A (Brunner and Munzel 2000), so the machinery of means, clusters included, serves."""
    placed = _placed(sides)
    found = changes(placed.b, placed.a, sides.count, PLACEMENT)
    a, error, df = (np.array([getattr(d, k) for d in found]) for k in ("value", "error", "df"))
    return (1 + a) / 2, error, df


def _placed(sides: Sides) -> Sides:
    """Each answer's value becomes its place among the answers of the other side, 0..1."""
    values = _values(sides)
    counts_a, counts_b = (counts_by_value(rows, sides.count, values) for rows in (sides.a, sides.b))
    among_b, among_a = np.zeros_like(counts_a), np.zeros_like(counts_b)
    for i in range(sides.count):
        among_b[i], among_a[i] = ranks.placements(counts_b[i], counts_a[i])
    return Sides(_at(sides.a, among_b, values), _at(sides.b, among_a, values), sides.names, PLACEMENT)


def _values(sides: Sides) -> Array:
    return np.unique(np.concatenate([sides.a["x"], sides.b["x"]]))


def _at(rows: pd.DataFrame, places: Array, values: Array) -> pd.DataFrame:
    return with_values(rows, places[rows["s"].to_numpy(), np.searchsorted(values, rows["x"].to_numpy())])


def risk_difference(sides: Sides) -> Effects:
    """More per hundred, with Newcombe's interval or, across clusters, Student's."""
    found = by_means(sides)
    found = found if found.method == "clustered_t" else by_proportions(sides)
    return Effects("risk_difference", found.value, *found.bounds(np.array(0.95)))


def standardised(sides: Sides) -> Effects:
    """Hedges' g with its noncentral interval, on the number of answers that the clusters leave effective."""
    (a, b), (plain_a, plain_b) = sides.each, sides.alone.each
    return Effects("hedges_g", *means.hedges_gs(
        effective_n(b, plain_b), b.value, _variance(plain_b), effective_n(a, plain_a), a.value, _variance(plain_a),
    ))  # fmt: skip


def _variance(e: Estimates) -> Array:
    return e.error**2 * e.n


def effective_n(e: Estimates, plain: Estimates) -> Array:
    """How many independent answers would know the mean as well."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(e.error > 0, plain.error / e.error, 1.0) ** 2
    return np.where(e.n > 0, np.minimum(np.maximum(e.n * ratio, 2.0), e.n), NAN)


METHODS: Mapping[str, Callable[[Sides], Comparison]] = {
    "welch_t": lambda sides: by_means(sides, clustered=False),
    "clustered_t": by_means,
    "brunner_munzel": by_placements,
    "mann_whitney": by_mann_whitney,
    "two_proportions": by_proportions,
    "fisher": by_fisher,
    "nps": by_nps,
}


@dataclass(frozen=True)
class Whole:
    """All answers together: their mean and the spread of single answers."""

    value: float
    sd: float


def whole(answers: Answers) -> Whole:
    """Mean and standard deviation over all groups."""
    w, f = answers.rows["w"].to_numpy(), (answers.rows["wx"] / answers.rows["w"]).to_numpy()
    mean = float(np.average(f, weights=w))
    return Whole(mean, float(np.sqrt(np.average((f - mean) ** 2, weights=w))))


def effective(answers: Answers) -> Array:
    """Each group's answers, counted as many as would know its mean as well if they stood alone."""
    return effective_n(answers.estimates, answers.plain)
