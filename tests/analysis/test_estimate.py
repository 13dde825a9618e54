"""Means, errors, tests and intervals against scipy, statsmodels and simulation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.estimate import change, changes, coded, estimate, estimates
from data_access.labels import Labels
from data_access.metric_kinds import MeanOfMaximum, Rate
from data_access.metrics import Metric
from tests.analysis.matrices import by_matrices
from tests.proof import Figure

POINTS = Metric("score", "s", Labels("s"), MeanOfMaximum(0, 10))
RATE = Metric("done", "d", Labels("d"), Rate())


def cells(
    x: Sequence[float], *, weights: Sequence[float] | None = None, clusters: Sequence[object] | None = None,
    segments: Sequence[object] | None = None, frequency: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Cells of one answer each, straight from values on the metric's scale; larger cells are sums of these."""
    x_ = np.asarray(x, dtype=float)
    w = np.ones_like(x_) if weights is None else np.asarray(weights, dtype=float)
    v = w if frequency else w * w
    frame = pd.DataFrame(
        {"n": w if frequency else 1.0, "w": w, "wx": w * x_, "v": v, "vx": v * x_, "vxx": v * x_ * x_, "part": 1.0}
    )
    if clusters is not None:
        frame["cluster"] = list(clusters)
    frame["segment"] = pd.Series([()] * len(x_) if segments is None else [(a,) for a in segments], dtype=object)
    return frame


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261122)


def clustered_values(
    rng: np.random.Generator, clusters: int, size: int, *, spread: float = 6.0, level: float = 80.0
) -> tuple[np.ndarray, np.ndarray]:
    """Values with a shared fate by cluster, clusters of unequal size."""
    sizes = rng.integers(size // 2, 2 * size, clusters)
    names = np.repeat(np.arange(clusters), sizes)
    return rng.normal(level + rng.normal(0, spread, clusters)[names], 15), names


def test_mean_and_interval_against_scipy(rng: np.random.Generator) -> None:
    x = rng.normal(70, 12, 40)
    got = estimate(cells(x), POINTS)
    expected = stats.ttest_1samp(x, 0).confidence_interval()
    assert got.value == pytest.approx(x.mean(), rel=1e-12)
    assert [got.interval.low, got.interval.high] == pytest.approx([expected.low, expected.high], rel=1e-9)


def test_welch_against_scipy(rng: np.random.Generator) -> None:
    x, y = rng.normal(70, 12, 40), rng.normal(73, 20, 90)
    got, expected = change(cells(x), cells(y), POINTS), stats.ttest_ind(y, x, equal_var=False)
    assert got.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert got.df == pytest.approx(expected.df, rel=1e-9)
    bounds = expected.confidence_interval()
    assert [got.interval.low, got.interval.high] == pytest.approx([bounds.low, bounds.high], rel=1e-9)


def test_frequencies_equal_repeated_rows(rng: np.random.Generator) -> None:
    x, times = rng.integers(0, 11, 30) * 10.0, rng.integers(1, 9, 30)
    a = estimate(cells(x, weights=times, frequency=True), POINTS)
    b = estimate(cells(np.repeat(x, times)), POINTS)
    assert (a.n, a.value, a.error, a.df) == pytest.approx((b.n, b.value, b.error, b.df), rel=1e-12)


def test_survey_weights_against_robust_regression(rng: np.random.Generator) -> None:
    """The linearised error is HC0 of a weighted mean, times n / (n - 1): HC1."""
    x, w = rng.normal(70, 12, 60), rng.uniform(0.3, 4, 60)
    fit = sm.WLS(x, np.ones(60), weights=w).fit(cov_type="HC1")
    got = estimate(cells(x, weights=w), POINTS)
    assert (got.value, got.error) == pytest.approx((fit.params[0], fit.bse[0]), rel=1e-9)


def test_clustered_mean_against_whole_matrices(rng: np.random.Generator) -> None:
    x, names = clustered_values(rng, 12, 30)
    error, df, _ = by_matrices(x, np.zeros(len(x), int), names, np.ones(len(x)), np.ones(1))
    got = estimate(cells(x, clusters=names), POINTS)
    assert (got.value, got.error, got.df, got.clusters) == pytest.approx((x.mean(), error, df, 12), rel=1e-9)


def test_clustered_weighted_mean_against_whole_matrices(rng: np.random.Generator) -> None:
    x, names = clustered_values(rng, 9, 20)
    w = rng.uniform(0.3, 4, len(x))
    error, df, _ = by_matrices(x, np.zeros(len(x), int), names, w, np.ones(1))
    got = estimate(cells(x, weights=w, clusters=names), POINTS)
    assert (got.error, got.df) == pytest.approx((error, df), rel=1e-9)


def test_clustered_change_against_whole_matrices(rng: np.random.Generator) -> None:
    x, names = clustered_values(rng, 15, 25)
    y, others = clustered_values(rng, 15, 25)
    z, period = np.concatenate([x, y]), np.repeat([0, 1], [len(x), len(y)])
    groups = np.concatenate([names, others + 3])  # three clusters of each period are in that one only
    error, df, _ = by_matrices(z, period, groups, np.ones(len(z)), np.array([-1.0, 1.0]))
    got = change(cells(x, clusters=names), cells(y, clusters=others + 3), POINTS)
    assert (got.value, got.error, got.df) == pytest.approx((y.mean() - x.mean(), error, df), rel=1e-9)
    assert got.clusters == 18


def test_many_clusters_come_near_cr1(rng: np.random.Generator) -> None:
    x, names = clustered_values(rng, 200, 10)
    fit = sm.OLS(x, np.ones(len(x))).fit(cov_type="cluster", cov_kwds={"groups": names})
    assert estimate(cells(x, clusters=names), POINTS).error == pytest.approx(fit.bse[0], rel=5e-3)


def test_few_clusters_on_one_side_are_compared_as_answers(rng: np.random.Generator) -> None:
    """Four clusters tell little of their spread: that side stands for its answers, the other keeps its freedom."""
    (x, few), (y, many) = clustered_values(rng, 4, 25), clustered_values(rng, 6, 25)
    got, e0, e1 = (
        change(cells(x, clusters=few), cells(y, clusters=many), POINTS),
        estimate(cells(x), POINTS),
        estimate(cells(y, clusters=many), POINTS),
    )
    assert got.clusters == 0 and got.error == pytest.approx(np.hypot(e0.error, e1.error), rel=1e-12)
    assert got.df == pytest.approx(got.error**4 / (e0.error**4 / e0.df + e1.error**4 / e1.df), rel=1e-12)


def test_all_segments_at_once_equal_one_by_one(rng: np.random.Generator) -> None:
    x, names = clustered_values(rng, 12, 60)
    a = rng.choice(["p", "q", None], len(x))
    y, others = clustered_values(rng, 12, 60)
    b = rng.choice(["q", "p", None, "r"], len(y))
    segments, (before, now) = coded(cells(x, clusters=names, segments=a), cells(y, clusters=others, segments=b))
    together = changes(before, now, len(segments), POINTS)
    means = estimates(now, len(segments), POINTS)
    for i, (segment,) in enumerate(segments):
        mine, theirs = (
            pd.isna(a) if segment is None else a == segment,
            pd.isna(b) if segment is None else b == segment,
        )
        alone = estimate(cells(y[theirs], clusters=others[theirs]), POINTS)
        assert (means.value[i], means.error[i]) == pytest.approx((alone.value, alone.error), rel=1e-12)
        if mine.any():
            single = change(cells(x[mine], clusters=names[mine]), cells(y[theirs], clusters=others[theirs]), POINTS)
            assert (together[i].value, together[i].p) == pytest.approx((single.value, single.p), rel=1e-12)


@pytest.mark.parametrize("clusters", [None, [0, 0, 1, 1, 2, 2]])
def test_constant_scores_have_no_spread_and_no_test(clusters: list[int] | None) -> None:
    clusters = clusters and clusters * 2
    alike = cells([70.1] * 12, clusters=clusters)
    got = estimate(alike, POINTS)
    assert (got.error, got.interval.low, got.interval.high) == pytest.approx((0, 70.1, 70.1), abs=1e-9)
    assert np.isnan(change(alike, cells([70.2] * 12, clusters=clusters), POINTS).p)


@pytest.mark.parametrize("n", [0, 1, 9, 10])
def test_a_score_needs_ten_answers(n: int) -> None:
    got = estimate(cells([70.0] * 10).iloc[:0] if n == 0 else cells([70.0] * n), POINTS)
    assert got.n == n and all(
        np.isnan(got.value) == np.isnan(end) == (n < 10) for end in (got.interval.low, got.interval.high)
    )


def test_intervals_stay_on_the_scale() -> None:
    got = estimate(cells([100.0] * 9 + [0.0]), POINTS).interval
    assert got.high == 100 and got.low > 0
    rate = estimate(cells([100.0] * 12), RATE).interval
    assert rate.high == 100 and 70 < rate.low < 80  # Wilson: 12 of 12 is not certainty


def test_a_clustered_rate_is_wider_than_a_plain_one(rng: np.random.Generator) -> None:
    names = np.repeat(np.arange(10), 50)
    x = 100.0 * (rng.random(500) < rng.uniform(0.3, 0.9, 10)[names])
    plain, wide = estimate(cells(x), RATE).interval, estimate(cells(x, clusters=names), RATE).interval
    assert wide.high - wide.low > 1.5 * (plain.high - plain.low)


SIMULATIONS = 300


@pytest.mark.prove
@pytest.mark.parametrize("clusters", [6, 10, 30])
def test_coverage_of_clustered_means(rng: np.random.Generator, clusters: int, figure: Figure) -> None:
    inside = 0
    for _ in range(SIMULATIONS):
        x, names = clustered_values(rng, clusters, 20)
        got = estimate(cells(x, clusters=names), POINTS).interval
        inside += got.low <= 80 <= got.high
    assert 0.90 <= figure("covered", inside / SIMULATIONS) <= 0.98


@pytest.mark.prove
@pytest.mark.parametrize("rate", [0.5, 0.9])
def test_coverage_of_clustered_rates(rng: np.random.Generator, rate: float, figure: Figure) -> None:
    inside = 0
    for _ in range(SIMULATIONS):
        names = np.repeat(np.arange(20), rng.integers(10, 40, 20))
        p = rng.beta(20 * rate, 20 * (1 - rate), 20)
        x = 100.0 * (rng.random(len(names)) < p[names])
        got = estimate(cells(x, clusters=names), RATE).interval
        inside += got.low <= 100 * rate <= got.high
    assert 0.90 <= figure("covered", inside / SIMULATIONS) <= 0.98


@pytest.mark.prove
@pytest.mark.parametrize("kind", ["plain", "clustered", "clusters come and go"])
def test_p_of_a_change_is_uniform_when_nothing_changed(rng: np.random.Generator, kind: str, figure: Figure) -> None:
    p = []
    for _ in range(SIMULATIONS):
        if kind == "plain":
            before, now = cells(rng.normal(80, 15, 80)), cells(rng.normal(80, 25, 50))
        else:
            level = rng.normal(80, 6, 40)
            names = [rng.integers(0, 25, 500) + (15 * (kind != "clustered") * period) for period in (0, 1)]
            before, now = (
                cells(rng.normal((level + rng.normal(0, 2, 40))[k], 15), clusters=k) for k in names
            )  # lasting level and a shock of the period
        p.append(change(before, now, POINTS).p)
    assert stats.kstest(p, "uniform").pvalue > 0.001
    assert 0.02 <= figure("p < 5 %", np.mean(np.asarray(p) < 0.05)) <= 0.08


@pytest.mark.prove
@pytest.mark.parametrize("clusters", [6, 12, 40])
@pytest.mark.parametrize("rate", [False, True])
def test_p_is_honest_with_few_clusters(rng: np.random.Generator, clusters: int, rate: bool, figure: Figure) -> None:
    """Clusters of unequal size, of lasting level and a shock of the period; a thousand segments without a change."""
    runs, sides, metric = 1_000, [], RATE if rate else POINTS
    level = rng.normal(0, 0.5, (runs, clusters))
    for _ in (0, 1):
        sizes = rng.integers(8, 40, runs * clusters)
        run, cluster = (np.repeat(a.ravel(), sizes) for a in np.indices((runs, clusters)))
        own = (level + rng.normal(0, 0.25, (runs, clusters)))[run, cluster] + rng.normal(0, 1, len(run))
        sides.append(cells(100.0 * (own > -0.8) if rate else 80 + 15 * own, clusters=cluster, segments=run))
    segments, (before, now) = coded(*sides)
    p = np.array([d.p for d in changes(before, now, len(segments), metric)])
    assert len(p) == runs and 0.03 <= figure("p < 5 %", np.mean(p < 0.05)) <= 0.07
    assert stats.kstest(p, "uniform").pvalue > 0.001
