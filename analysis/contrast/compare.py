"""How large is each difference, how certain, and by which test? One function per method, for all comparisons.

Where the model names a cluster, every method takes its standard error from the variation between clusters, because
answers of one team are correlated; rank tests do so by way of placements (Brunner and Munzel 2000).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.contrast.precision import effective_size, variance_of_answers
from analysis.contrast.samples import Answers, Samples, counts_by_value, with_property, with_values
from analysis.estimate import changes, possible, whole_of_share
from analysis.stats import means, proportions, ranks
from analysis.stats.distributions import normal_sf
from analysis.stats.intervals import NAN, Array, Difference, differences, t_bounds
from analysis.stats.patience import step_by_step
from data_access.labels import Labels
from data_access.metric_kinds import Nps, Rescaled
from data_access.metrics import Metric

ROUNDING = 1e-12
Bounds = Callable[[Array], tuple[Array, Array]]
RATE_METHODS = ("two_proportions", "fisher")
RANK_METHODS = ("brunner_munzel", "mann_whitney")
BANDS = {  # effect -> the conventions that say what is small
    "hedges_g": "g", "cohens_d": "d", "superiority": "A", "omega_squared": "omega2", "epsilon_squared": "omega2",
    "cramers_v": "V", "correlation": "r", "rank_biserial": "r",
}  # fmt: skip
PLACEMENT = Metric("placement", "", Labels("placement"), Rescaled(0.0, 1.0))
NPS = Metric("nps", "", Labels("nps"), Nps())


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Differences a - b of means with their tests; arrays with one number per comparison.

    `bounds` returns intervals of the difference at given confidence levels. `by_interval`: whether these intervals
    and p come from one test. Ranks are tested on a scale of their own; `direction` is the sign they point to
    (+: a higher), which may differ from that of the difference of means.
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
    """Effect sizes without a unit, one per comparison."""

    name: str
    value: Array
    low: Array
    high: Array


def by_means(samples: Samples, *, clustered: bool = True) -> Comparison:
    """Welch's t; across clusters where both sides have enough of them (see `analysis.estimate.changes`)."""
    samples = samples if clustered else samples.independent
    has_clusters = "c" in samples.a and bool((samples.each[0].clusters > 0).any())
    widest = _widest(samples)
    return from_differences("clustered_t" if has_clusters else "welch_t", samples.differences, widest=widest)


def _widest(samples: Samples) -> float:
    """The largest difference there can be between two means."""
    whole = min(whole_of_share(rows, samples.metric) for rows in (samples.a, samples.b))
    least, most = possible(samples.metric, whole)
    return most - least


def from_differences(method: str, each: list[Difference], *, widest: float = np.inf) -> Comparison:
    """A comparison from Student's tests; intervals end where no difference can be larger."""
    value, error, df, p = (np.array([getattr(d, k) for d in each]) for k in ("value", "error", "df", "p"))
    known = np.where((error > 0) & (df > 0), error, NAN)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = value / known

    def bounds(confidence: Array) -> tuple[Array, Array]:
        low, high = t_bounds(value, known, df, confidence=confidence)
        return np.maximum(low, -widest), np.minimum(high, widest)

    return Comparison(method=method, value=value, statistic=statistic, df=df, p=p, bounds=bounds)


def by_proportions(samples: Samples) -> Comparison:
    """Two independent rates: pooled z with Newcombe's interval."""
    (x0, n0), (x1, n1) = (with_property(rows, samples.count) for rows in (samples.b, samples.a))
    z, p = (
        np.array(v)
        for v in zip(*(pooled_z(*four) for four in step_by_step(zip(x0, n0, x1, n1, strict=True))), strict=True)
    )
    return Comparison(
        method="two_proportions",
        value=100 * (x1 / n1 - x0 / n0),
        statistic=z,
        df=np.full(len(z), NAN),
        p=p,
        bounds=newcombe_bounds(x0, n0, x1, n1),
    )


def by_fisher(samples: Samples) -> Comparison:
    """Two rare rates: Fisher's exact p with Newcombe's interval."""
    (x0, n0), (x1, n1) = (with_property(rows, samples.count) for rows in (samples.b, samples.a))
    tables = [[[x, n - x], [y, m - y]] for x, n, y, m in zip(x1, n1, x0, n0, strict=True)]
    tests = [proportions.fisher(np.rint(t)) for t in step_by_step(tables)]
    blank = np.full(len(tests), NAN)
    return Comparison(
        method="fisher", value=100 * (x1 / n1 - x0 / n0), statistic=np.array([f.odds_ratio for f in tests]), df=blank,
        p=np.array([f.p for f in tests]), bounds=newcombe_bounds(x0, n0, x1, n1),
    )  # fmt: skip


def two_sided(z: Array) -> Array:
    """Two-sided p of standard normal statistics."""
    return np.asarray(2 * normal_sf(np.abs(z)))


def pooled_z(x0: float, n0: float, x1: float, n1: float) -> tuple[float, float]:
    if min(n0, n1) < 1:
        return NAN, NAN
    test = proportions.two_proportions(x0, n0, x1, n1)
    return test.z, test.p


def newcombe_bounds(x0: Array, n0: Array, x1: Array, n1: Array) -> Bounds:
    def bounds(confidence: Array) -> tuple[Array, Array]:
        levels = np.broadcast_to(confidence, x0.shape)
        intervals = [
            proportions.newcombe(*four, confidence=float(level))
            for *four, level in zip(x0, n0, x1, n1, levels, strict=True)
        ]
        return 100 * np.array([f.low for f in intervals]), 100 * np.array([f.high for f in intervals])

    return bounds


def by_placements(samples: Samples) -> Comparison:
    """Brunner and Munzel (2000): does a random answer of one side exceed one of the other? Tests A = 1/2.

    Value and intervals stay those of the difference of means: a placement has no points.
    """
    a, error, df = _superiority(samples)
    distance, mean = differences(a - 0.5, error, df), by_means(samples)
    ranked = from_differences("brunner_munzel", distance)
    p = np.where(error < ROUNDING, _p_of_extreme_orders(samples), ranked.p)
    return replace(ranked, p=p, value=mean.value, bounds=mean.bounds, by_interval=False, direction=a - 0.5)


def _p_of_extreme_orders(samples: Samples) -> Array:
    """p where placements have no variance: every answer of one sample above every one of the other, or all equal.

    It is that of the most extreme orders; NaN where the variance is unknown, because answers do not vary within
    either sample or come in clusters.
    """
    if "c" in samples.a:
        return np.full(samples.count, NAN)
    values = _values(samples)
    counts = [counts_by_value(rows, samples.count, values) for rows in (samples.b, samples.a)]
    return np.array([
        ranks.brunner_munzel(b, a).p if ((b > 0).sum() > 1 or (a > 0).sum() > 1) else NAN
        for b, a in step_by_step(zip(*counts, strict=True))
    ])  # fmt: skip


def by_mann_whitney(samples: Samples) -> Comparison:
    """Mann and Whitney's U, corrected for ties; no clusters. Value and intervals are those of the means."""
    values = _values(samples)
    counts = [counts_by_value(rows, samples.count, values) for rows in (samples.b, samples.a)]
    tests = [ranks.mann_whitney(b, a) for b, a in step_by_step(zip(*counts, strict=True))]
    mean = by_means(samples)
    statistic, p = (np.array([getattr(f, k) for f in tests]) for k in ("statistic", "p"))
    blank = np.full(samples.count, NAN)
    direction = np.array([f.a for f in tests]) - 0.5
    return Comparison(
        method="mann_whitney",
        value=mean.value,
        statistic=statistic,
        df=blank,
        p=p,
        bounds=mean.bounds,
        by_interval=False,
        direction=direction,
    )


def by_nps(samples: Samples) -> Comparison:
    """Promoters minus detractors, as the mean of +100, 0 and -100 an answer."""
    a, b = (_promoters(rows, samples.metric) for rows in (samples.a, samples.b))
    return replace(by_means(replace(samples, a=a, b=b, metric=NPS)), method="nps")


def as_tested(answers: Answers, method: str) -> Answers:
    """The answers on the scale that a test works on: a Net Promoter Score is another one than the score's."""
    if method != "nps":
        return answers
    return replace(answers, rows=_promoters(answers.rows, answers.metric), metric=NPS)


def _promoters(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    return with_values(rows, metric.kind.nps_points(rows["x"].to_numpy()))


def superiority(samples: Samples) -> Effects:
    """Vargha and Delaney's A: the chance that a random answer of a exceeds one of b, ties counted half."""
    a, error, df = _superiority(samples)
    intervals = [ranks.superiority(*three) for three in zip(a, error, df, strict=True)]
    return Effects("superiority", a, np.array([i.low for i in intervals]), np.array([i.high for i in intervals]))


def _superiority(samples: Samples) -> tuple[Array, Array, Array]:
    """A with its standard error and degrees of freedom.

    The mean placement of a among b is A, that of b among a is 1 - A; the error of their difference is the error of A
    (Brunner and Munzel 2000), so that the functions for means, clusters included, apply.
    """
    placed = _placement_samples(samples)
    shifts = changes(placed.b, placed.a, samples.count, PLACEMENT)
    a, error, df = (np.array([getattr(d, k) for d in shifts]) for k in ("value", "error", "df"))
    return (1 + a) / 2, error, df


def _placement_samples(samples: Samples) -> Samples:
    """Each answer's value becomes its placement among the answers of the other sample, 0..1."""
    values = _values(samples)
    counts_a, counts_b = (counts_by_value(rows, samples.count, values) for rows in (samples.a, samples.b))
    among_b, among_a = np.zeros_like(counts_a), np.zeros_like(counts_b)
    for i in step_by_step(range(samples.count)):
        among_b[i], among_a[i] = ranks.placements(counts_b[i], counts_a[i])
    return Samples(
        _with_places(samples.a, among_b, values), _with_places(samples.b, among_a, values), samples.names, PLACEMENT
    )


def _values(samples: Samples) -> Array:
    return np.unique(np.concatenate([samples.a["x"], samples.b["x"]]))


def _with_places(rows: pd.DataFrame, places: Array, values: Array) -> pd.DataFrame:
    return with_values(rows, places[rows["s"].to_numpy(), np.searchsorted(values, rows["x"].to_numpy())])


def risk_difference(samples: Samples) -> Effects:
    """Difference of rates in percentage points, with Newcombe's interval or, across clusters, Student's."""
    comparison = by_means(samples)
    comparison = comparison if comparison.method == "clustered_t" else by_proportions(samples)
    return Effects("risk_difference", comparison.value, *comparison.bounds(np.array(0.95)))


def standardised(samples: Samples) -> Effects:
    """Hedges' g with its noncentral interval, on the effective sample size under clustering.

    Where both sides have clusters, the interval turns round the t of the clustered test: it pairs the clusters that
    both have, which no effective size of either side alone knows, and so says of 0 what the test says.
    """
    (a, b), (plain_a, plain_b) = samples.each, samples.independent.each
    s2_a, s2_b = variance_of_answers(plain_a), variance_of_answers(plain_b)
    n_a, n_b = effective_size(a, plain_a), effective_size(b, plain_b)
    value, low, high = means.hedges_gs(n_b, b.value, s2_b, n_a, a.value, s2_a)
    paired = (a.clusters > 0) & (b.clusters > 0)
    if paired.any():
        moved, error, df = (np.array([getattr(d, k) for d in samples.differences]) for k in ("value", "error", "df"))
        freedom = plain_a.n + plain_b.n - 2
        with np.errstate(divide="ignore", invalid="ignore"):
            within = (
                (plain_a.n - 1) * variance_of_answers(plain_a) + (plain_b.n - 1) * variance_of_answers(plain_b)
            ) / freedom
        bounds = means.standardised_bounds(moved, error, df, np.sqrt(within))
        low, high = (np.where(paired, turned, own) for turned, own in zip(bounds, (low, high), strict=True))
    return Effects("hedges_g", value, low, high)


METHODS: Mapping[str, Callable[[Samples], Comparison]] = {
    "welch_t": lambda samples: by_means(samples, clustered=False),
    "clustered_t": by_means,
    "brunner_munzel": by_placements,
    "mann_whitney": by_mann_whitney,
    "two_proportions": by_proportions,
    "fisher": by_fisher,
    "nps": by_nps,
}
