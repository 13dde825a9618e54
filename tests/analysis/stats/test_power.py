"""Numbers needed, against statsmodels, the figures of the fixtures' README, and simulated tests."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from analysis.stats.power import (
    detectable,
    needed_against_benchmark,
    needed_against_fixed,
    needed_for_means,
    needed_for_proportions,
)
from tests.proof import Figure

MENTIONS, BENCHMARK = 0.028, 0.026
SPREAD = math.sqrt(0.027 * 0.973)
Gaps = st.floats(0.05, 3).map(lambda d: round(d, 3))


def test_a_benchmark_free_of_error_would_need_about_51_600_answers() -> None:
    assert needed_against_fixed(MENTIONS - BENCHMARK, SPREAD) == pytest.approx(51_600, rel=0.001)


def test_with_its_own_error_103_000_are_needed_on_each_side() -> None:
    assert needed_for_proportions(BENCHMARK, MENTIONS) == pytest.approx(103_000, rel=0.001)


def test_no_number_of_ours_would_do_against_a_benchmark_of_46_000_answers() -> None:
    error = math.sqrt(BENCHMARK * (1 - BENCHMARK) / 46_000)
    assert needed_against_benchmark(MENTIONS - BENCHMARK, SPREAD, error) == math.inf
    assert needed_against_benchmark(MENTIONS - BENCHMARK, SPREAD, error / 2) < math.inf
    assert needed_against_benchmark(MENTIONS - BENCHMARK, SPREAD, SPREAD / math.sqrt(103_098)) == pytest.approx(
        103_098, rel=0.001
    )


@given(Gaps)
def test_means_against_statsmodels(gap: float) -> None:
    two = TTestIndPower().solve_power(effect_size=gap, alpha=0.05, power=0.8)
    one = TTestPower().solve_power(effect_size=gap, alpha=0.05, power=0.8)
    assert abs(needed_for_means(10 * gap, 10, 10) - math.ceil(two)) <= 1
    assert abs(needed_against_fixed(10 * gap, 10) - math.ceil(one)) <= 1


@given(Gaps, st.floats(0.5, 30), st.floats(0.5, 30))
def test_sign_and_side_do_not_matter_and_more_power_costs_more(gap: float, sd0: float, sd1: float) -> None:
    n = needed_for_means(gap, sd0, sd1)
    assert n == needed_for_means(-gap, sd1, sd0)
    assert n <= needed_for_means(gap, sd0, sd1, power=0.9) <= needed_for_means(gap, sd0, sd1, power=0.9, alpha=0.01)
    assert needed_against_benchmark(gap, sd0, gap / 10) >= needed_against_fixed(gap, sd0)


@given(st.floats(1, 20), st.floats(1, 20))
def test_what_is_detectable_is_what_the_number_was_asked_for(sd0: float, sd1: float) -> None:
    n = needed_for_means(1.0, sd0, sd1)
    error = math.sqrt((sd0**2 + sd1**2) / n)
    assert float(detectable(error, 1e9)) == pytest.approx(1.0, rel=0.3 if n < 30 else 0.05)
    assert float(detectable(error, 1e9)) <= 1.0


@pytest.mark.prove
@pytest.mark.parametrize("sd1", [10, 25])
def test_eight_of_ten_see_it(sd1: float, figure: Figure) -> None:
    n, rng = int(needed_for_means(6.0, 10, sd1)), np.random.default_rng(6)
    a, b = rng.normal(0, 10, size=(4_000, n)), rng.normal(6.0, sd1, size=(4_000, n))
    seen = stats.ttest_ind(a, b, axis=1, equal_var=False).pvalue < 0.05
    assert figure("seen", seen.mean()) == pytest.approx(0.8, abs=0.02)


@pytest.mark.prove
def test_the_detectable_difference_is_seen_by_eight_of_ten_with_few_degrees_of_freedom(figure: Figure) -> None:
    gap = float(detectable(10 / math.sqrt(8), 7))
    tests = stats.ttest_1samp(np.random.default_rng(7).normal(gap, 10, size=(10_000, 8)), 0, axis=1)
    assert figure("seen", (tests.pvalue < 0.05).mean()) == pytest.approx(0.8, abs=0.03)


def test_no_difference_needs_endless_answers_and_an_unknown_spread_gives_no_number() -> None:
    assert needed_for_means(0, 10, 10) == needed_for_proportions(0.3, 0.3) == math.inf
    assert math.isnan(needed_for_means(1, math.nan, 10)) and math.isnan(needed_against_fixed(math.nan, 10))
    assert np.isnan(detectable(np.array([1.0, np.nan]), np.array([0.0, 30.0]))).all()
