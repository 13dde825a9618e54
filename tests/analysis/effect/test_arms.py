"""Two arms against scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from analysis.effect.arms import Sums, clustered_means, means, shares, split


def _sums(scores: np.ndarray) -> Sums:
    return Sums(float(len(scores)), float(scores.sum()), float((scores**2).sum()))


def test_means_are_those_of_welch() -> None:
    rng = np.random.default_rng(1)
    treated, control = rng.integers(1, 11, 240).astype(float), rng.integers(2, 10, 90).astype(float)
    found, theirs = means(_sums(treated), _sums(control)), stats.ttest_ind(treated, control, equal_var=False)
    interval = theirs.confidence_interval()
    assert (found.p, found.df) == (pytest.approx(theirs.pvalue), pytest.approx(theirs.df))
    assert (found.interval.low, found.interval.high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert np.isnan(means(Sums(1, 9, 81), _sums(control)).p)


def test_shares_are_those_of_two_proportions() -> None:
    found = shares(Sums(400, 92, 92), Sums(380, 61, 61))
    _, p = proportions_ztest([92, 61], [400, 380])
    low, high = confint_proportions_2indep(92, 400, 61, 380, method="newcomb", compare="diff")
    assert (found.p, found.interval.low, found.interval.high) == (
        pytest.approx(p), pytest.approx(low), pytest.approx(high)
    )  # fmt: skip
    percent = shares(Sums(400, 9_200, 920_000), Sums(380, 6_100, 610_000), whole=100)
    assert percent.value == pytest.approx(100 * found.value) and percent.error == pytest.approx(100 * found.error)
    assert (percent.p, percent.interval.low) == (pytest.approx(found.p), pytest.approx(100 * found.interval.low))


def test_clusters_of_one_size_are_compared_as_their_means() -> None:
    """Equal clusters: the answer is the t test of their means, which scipy knows (CR2 is exact here)."""
    rng = np.random.default_rng(2)
    total, treated = rng.normal(800, 30, 10), np.arange(10) < 4
    found = clustered_means(treated, np.arange(10), np.full(10, 10.0), total)
    theirs = stats.ttest_ind(total[treated] / 10, total[~treated] / 10, equal_var=False)
    assert found.value / found.error == pytest.approx(theirs.statistic) and found.clusters == 10
    assert np.isnan(clustered_means(np.arange(10) < 1, np.arange(10), np.full(10, 10.0), total).error)


def test_clusters_of_any_size_have_the_mean_of_least_squares() -> None:
    rng = np.random.default_rng(3)
    n, treated = rng.integers(5, 60, 12).astype(float), np.arange(12) % 2 == 0
    y = rng.normal(80, 4, 12)
    theirs = sm.WLS(y, sm.add_constant(treated.astype(float)), weights=n).fit()
    assert clustered_means(treated, np.arange(12), n, n * y).value == pytest.approx(theirs.params[1])


@pytest.mark.parametrize(
    ("treated", "control", "planned"), [(5_060, 4_940, 0.5), (900, 2_100, 0.3), (5_200, 4_800, 0.5)]
)
def test_the_split_is_the_chi_square_of_scipy(treated: int, control: int, planned: float) -> None:
    found, whole = split(treated, control, planned=planned), treated + control
    theirs = stats.chisquare([treated, control], [whole * planned, whole * (1 - planned)])
    assert (found.chi2, found.p) == (pytest.approx(theirs.statistic), pytest.approx(theirs.pvalue))
    assert found.as_planned is bool(theirs.pvalue >= 0.001)
    assert split(0, 0).as_planned and np.isnan(split(0, 0).p)
