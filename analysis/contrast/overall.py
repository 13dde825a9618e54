"""Do three or more groups differ at all? The omnibus test by method, with how much of the variance groups explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.contrast.samples import Answers, counts_by_value, with_property
from analysis.estimate import cluster_sums
from analysis.stats import clustered, means, proportions, ranks, trend
from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True, kw_only=True)
class Overall:
    """A test that all groups are equal, with its effect size; NaN where it cannot be computed."""

    method: str
    statistic: float
    df: float
    p: float
    effect: str
    value: float
    low: float = NAN
    high: float = NAN
    df2: float = NAN


def by_welch(answers: Answers, groups: list[int]) -> Overall:
    """Welch's analysis of variance with omega squared."""
    n, mean, variance = _moments(answers, groups)
    test, size = means.welch_anova(n, mean, variance), means.omega_squared(n, mean, variance)
    return Overall(
        method="welch_anova",
        statistic=test.statistic,
        df=test.df1,
        p=test.p,
        effect="omega_squared",
        value=size.value,
        low=size.low,
        high=size.high,
        df2=test.df2,
    )


def by_clusters(answers: Answers, groups: list[int]) -> Overall:
    """Wald's test with errors from the spread between clusters; omega squared of the answers."""
    rows = answers.rows[answers.rows["s"].isin(groups)]
    places = {group: place for place, group in enumerate(groups)}
    sums = cluster_sums(rows.assign(k=rows["s"].map(places), s=0), problems=1, groups=len(groups))
    test = clustered.wald(sums.group, sums.cluster, sums.weight, sums.total, alone=sums.alone)
    size = means.omega_squared(*_moments(answers, groups))
    return Overall(
        method="clustered_wald",
        statistic=test.statistic,
        df=test.df1,
        p=test.p,
        effect="omega_squared",
        value=size.value,
        df2=test.df2,
    )


def by_ranks(answers: Answers, groups: list[int]) -> Overall:
    """Kruskal and Wallis, corrected for ties, with epsilon squared."""
    test = ranks.kruskal_wallis(counts(answers, groups))
    return Overall(
        method="kruskal_wallis",
        statistic=test.statistic,
        df=test.df,
        p=test.p,
        effect="epsilon_squared",
        value=test.epsilon2,
    )


def by_table(answers: Answers, groups: list[int]) -> Overall:
    """Chi-square of the property by group, with Cramer's V corrected for bias."""
    test = proportions.chi_square(_with_and_without(answers, groups))
    return Overall(
        method="chi2", statistic=test.statistic, df=test.df, p=test.p, effect="cramers_v", value=test.v_bias_corrected
    )


def by_exact_table(answers: Answers, groups: list[int]) -> Overall:
    """Fisher's test of a sparse table."""
    table = _with_and_without(answers, groups)
    test = proportions.chi_square(table)
    p = proportions.fisher_monte_carlo(np.rint(table))
    return Overall(method="fisher", statistic=NAN, df=NAN, p=p, effect="cramers_v", value=test.v_bias_corrected)


def by_trend(answers: Answers, groups: list[int], order: Array) -> Overall:
    """Does the rate, or the score, go up with the order of the groups? Cochran-Armitage; linear by linear."""
    if answers.metric.unit.is_share:
        with_, without = _with_and_without(answers, groups).T
        test = trend.cochran_armitage(with_, with_ + without, order)
        return Overall(
            method="cochran_armitage", statistic=test.statistic, df=1.0, p=test.p, effect="slope", value=test.slope
        )
    values = np.unique(answers.rows["x"])
    linear = trend.linear_by_linear(counts(answers, groups), order, values)
    return Overall(
        method="linear_by_linear",
        statistic=linear.statistic,
        df=1.0,
        p=linear.p,
        effect="correlation",
        value=linear.r,
    )


METHODS: Mapping[str, Callable[[Answers, list[int]], Overall]] = {
    "welch_anova": by_welch,
    "clustered_wald": by_clusters,
    "kruskal_wallis": by_ranks,
    "chi2": by_table,
    "fisher": by_exact_table,
}


def _moments(answers: Answers, groups: list[int]) -> tuple[Array, Array, Array]:
    e = answers.plain
    return e.n[groups], e.value[groups], (e.error**2 * e.n)[groups]


def counts(answers: Answers, groups: list[int]) -> Array:
    """Answers of some groups (rows) by value (columns)."""
    values = np.unique(answers.rows["x"])
    return counts_by_value(answers.rows, len(answers.groups), values)[groups]


def _with_and_without(answers: Answers, groups: list[int]) -> Array:
    x, n = with_property(answers.rows, len(answers.groups))
    return np.column_stack([x, n - x])[groups]
