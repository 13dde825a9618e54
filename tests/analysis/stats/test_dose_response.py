"""Bins, the trend and the knee against the counts behind the moments, statsmodels, and truths planted in noise."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.dose_response import Bin, Knee, bins_of, knee, trend_of_bins
from analysis.stats.trend import linear_by_linear
from tests.analysis.stats.tables import Table, tables
from tests.proof import Figure

Values = npt.NDArray[np.float64]
X = np.arange(0, 100, 10.0)


def bent(x: Values) -> Values:
    """Flat until 45, then 0.16 lost for each more."""
    return 85 - 0.16 * np.maximum(x - 45, 0)


def straight(x: Values) -> Values:
    return 85 - 0.1 * x


def drawn(curve: Callable[[Values], Values], x: Values, n: int, rng: np.random.Generator, sd: float = 15) -> Knee:
    mean = curve(x) + rng.normal(size=len(x)) * sd / math.sqrt(n)
    return knee(x, np.full(len(x), n), mean, sd**2 * rng.chisquare(n - 1, len(x)) / (n - 1))


@st.composite
def counted(draw: st.DrawFn) -> tuple[list[float], list[int]]:
    values = sorted(draw(st.sets(st.integers(-50, 500), min_size=1, max_size=60)))
    counts = draw(st.lists(st.integers(0, 40), min_size=len(values), max_size=len(values)).filter(any))
    return [float(v) for v in values], counts


@given(counted(), st.integers(1, 12))
def test_bins_hold_every_answer_once_in_order(case: tuple[list[float], list[int]], most: int) -> None:
    values, counts = case
    bins = bins_of(values, counts, most=most)
    assert 1 <= len(bins) <= most and sum(b.n for b in bins) == sum(counts)
    assert all(b.low <= b.high for b in bins) and all(a.high < b.low for a, b in pairwise(bins))
    for b in bins:
        assert b.n == sum(c for v, c in zip(values, counts, strict=True) if b.low <= v <= b.high) > 0


def test_bins_of_many_values_are_about_alike() -> None:
    sizes = [b.n for b in bins_of(np.arange(1000), np.full(1000, 3), most=10)]
    assert sizes == [300.0] * 10


def test_a_value_many_gave_is_not_split() -> None:
    assert bins_of([0, 1, 2, 3, 4, 5], [500, 10, 10, 10, 10, 10], most=3)[0] == Bin(0.0, 0.0, 500.0)
    assert bins_of([7], [4]) == [Bin(7.0, 7.0, 4.0)] and bins_of([], []) == []


def test_few_values_have_a_bin_each() -> None:
    assert [b.low for b in bins_of([1, 2, 3, 4, 5], [90, 1, 1, 1, 0], most=4)] == [1.0, 2.0, 3.0, 4.0]


@given(tables(least=4))
def test_the_trend_from_moments_is_that_from_counts(table: Table) -> None:
    scores, x = np.arange(table.shape[1]) * 1.5, np.arange(table.shape[0]) ** 2.0
    n = table.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = table @ scores / n
        variance = np.sum(table * (scores - mean[:, None]) ** 2, axis=1) / (n - 1)
    got, expected = trend_of_bins(x, n, mean, variance), linear_by_linear(table, x, scores)
    for name in ("statistic", "z", "p", "r", "slope", "error"):
        assert getattr(got, name) == pytest.approx(getattr(expected, name), rel=1e-7, abs=1e-7, nan_ok=True), name


@pytest.mark.parametrize("n", [[0, 0], [1, 1], [50, 0], []])
def test_one_bin_has_no_trend(n: list[int]) -> None:
    got = trend_of_bins(range(len(n)), n, [84.0] * len(n), [3.0] * len(n))
    assert math.isnan(got.p) and math.isnan(got.slope)


def test_a_score_that_is_always_the_same_has_no_trend() -> None:
    assert math.isnan(trend_of_bins([1, 2, 3], [9, 9, 9], [84.1] * 3, [0.0] * 3).p)


def test_the_knee_is_the_best_weighted_fit_of_statsmodels() -> None:
    rng = np.random.default_rng(1)
    n, variance = rng.integers(200, 900, 10), rng.uniform(80, 200, 10)
    mean = bent(X) + rng.normal(size=10)
    got = knee(X, n, mean, variance)
    pooled = np.sum((n - 1) * variance) / np.sum(n - 1)
    weights = n * (n + 19) / ((n - 1) * variance + 20 * pooled)
    line = sm.WLS(mean, sm.add_constant(X), weights=weights).fit()

    def fit(at: float) -> sm.regression.linear_model.RegressionResults:
        design = np.column_stack([np.ones(10), np.minimum(X - at, 0), np.maximum(X - at, 0)])
        return sm.WLS(mean, design, weights=weights).fit()

    assert (got.before, got.after) == pytest.approx(tuple(fit(got.at).params[1:]))
    assert got.statistic == pytest.approx(line.ssr - fit(got.at).ssr)
    losses = {at: fit(at).ssr for at in np.linspace(10, 80, 1401)}
    assert min(losses.values()) >= fit(got.at).ssr - 0.01
    inside = [at for at, loss in losses.items() if loss - fit(got.at).ssr <= 3.8415]
    assert (got.low, got.high) == pytest.approx((min(inside), max(inside)), abs=0.15)


def test_the_error_of_a_slope_is_that_of_its_own_bins() -> None:
    got = knee(X, [100] * 10, bent(X), [225] * 10)
    left = sm.WLS(np.zeros(5), sm.add_constant(X[:5]), weights=[100 / 225] * 5)
    assert got.before_error == pytest.approx(math.sqrt(left.fit(cov_type="fixed scale").cov_params()[1, 1]))


def test_a_planted_knee_is_found_where_it_is() -> None:
    got = knee(X, [5000] * 10, bent(X), [225] * 10)
    assert got.improves and got.at == pytest.approx(45, abs=0.1) and got.low < 45 < got.high
    assert (got.before, got.after) == pytest.approx((0.0, -0.16), abs=1e-3)


@pytest.mark.prove
@pytest.mark.parametrize("n", [30, 300])
@pytest.mark.parametrize("bins", [4, 10, 20])
def test_a_straight_line_is_rarely_said_to_bend(bins: int, n: int, figure: Figure) -> None:
    rng = np.random.default_rng(bins * n)
    bends = [drawn(straight, np.linspace(0, 90, bins), n, rng).improves for _ in range(600)]
    assert 0.02 < figure("said to bend", np.mean(bends)) < 0.08


@pytest.mark.prove
def test_the_intervals_hold_a_clear_knee_and_its_slope(figure: Figure) -> None:
    rng = np.random.default_rng(9)
    found = [drawn(bent, X, 3000, rng) for _ in range(500)]
    assert all(k.improves for k in found)
    held = [(k.low <= 45 <= k.high, abs(k.after + 0.16) < 1.96 * k.after_error) for k in found]
    assert figure("knee and slope covered", np.mean(held, axis=0)) == pytest.approx([0.95, 0.95], abs=0.03)


@given(st.floats(0.1, 50), st.floats(-100, 100), st.integers(0, 50))
def test_the_unit_and_the_origin_of_the_cause_do_not_matter(unit: float, origin: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mean = bent(X) + rng.normal(size=10)
    plain, other = (knee(x, [300] * 10, mean, [225] * 10) for x in (X, origin + unit * X))
    assert other.statistic == pytest.approx(plain.statistic, rel=1e-6)
    assert other.p == pytest.approx(plain.p, rel=1e-4, abs=1e-9)
    assert other.after * unit == pytest.approx(plain.after, rel=1e-3, abs=1e-3)


def test_the_cause_turned_round_turns_the_slopes() -> None:
    plain, turned = knee(X, [300] * 10, bent(X), [225] * 10), knee(-X[::-1], [300] * 10, bent(X)[::-1], [225] * 10)
    assert turned.at == pytest.approx(-plain.at, abs=0.1)
    assert (turned.before, turned.after) == pytest.approx((-plain.after, -plain.before), abs=1e-3)


def test_empty_bins_are_as_if_not_there() -> None:
    n, mean = [300] * 10, [*bent(X), float("nan")]
    assert knee([*X, 200], [*n, 0], mean, [225] * 11) == knee(X, n, bent(X), [225] * 10)


@pytest.mark.parametrize(
    ("n", "variance"),
    [([], []), ([50] * 3, [9] * 3), ([1] * 6, [math.nan] * 6), ([50] * 6, [0] * 6), ([0] * 6, [9] * 6)],
)
def test_too_little_to_find_a_knee(n: list[int], variance: list[float]) -> None:
    got = knee(range(len(n)), n, [80.0] * len(n), variance)
    assert math.isnan(got.at) and math.isnan(got.p) and not got.improves


def test_a_flat_score_bends_nowhere_and_says_so_of_everywhere() -> None:
    got = knee(X, [300] * 10, [80.0] * 10, [225] * 10)
    assert not got.improves and got.p == pytest.approx(1.0) and (got.low, got.high) == (10.0, 80.0)
