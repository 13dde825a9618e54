"""Always-valid intervals: the mixture integrated numerically, the best rho searched for, and drawn looks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from analysis.stats.sequential import bound, for_few, mixture, sequence_interval


@pytest.mark.parametrize("fraction", [0.1, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_on_the_bound_the_mixture_of_likelihood_ratios_is_one_over_alpha(fraction: float, alpha: float) -> None:
    """Ville's inequality from its beginning: exp(l S - l^2 V / 2), integrated over l ~ N(0, 1 / rho)."""
    rho = mixture(alpha)
    s = bound(fraction, alpha=alpha) * math.sqrt(fraction)
    spread = 1 / math.sqrt(rho)
    ratio, _ = integrate.quad(
        lambda x: math.exp(x * s - x * x * fraction / 2) * stats.norm.pdf(x, scale=spread),
        -40,
        40,
        limit=400,
        points=[s],
    )
    assert ratio == pytest.approx(1 / alpha, rel=1e-6)


def test_no_other_mixture_is_tighter_at_the_planned_date() -> None:
    def reach(rho: float) -> float:
        return math.sqrt((1 + rho) * math.log((1 + rho) / (rho * 0.05**2)))

    best = optimize.minimize_scalar(reach, bounds=(0.01, 1.0), method="bounded", options={"xatol": 1e-10})
    assert mixture(0.05) == pytest.approx(best.x, rel=1e-4)
    assert bound(1.0) == pytest.approx(best.fun, rel=1e-9)


def test_few_clusters_have_students_quantile_of_the_same_tail() -> None:
    assert for_few(bound(1.0), 6) == pytest.approx(stats.t.isf(stats.norm.sf(bound(1.0)), 6), rel=1e-9)
    assert math.isnan(for_few(3.0, 0.0)) and math.isnan(for_few(3.0, math.nan))
    narrow, wide = (sequence_interval(2.0, 1.0, df, 0.5) for df in (1e9, 6))
    assert wide.low < narrow.low < 2.0 < narrow.high < wide.high


def test_looks_without_end_exclude_the_truth_in_less_than_5_percent() -> None:
    """2,000 Brownian motions looked at 60 times, up to three times the planned information."""
    rng, times = np.random.default_rng(5), np.arange(1, 61) / 20
    paths = np.cumsum(rng.normal(0, math.sqrt(1 / 20), (2_000, 60)), axis=1)
    limits = np.array([bound(t) for t in times]) * np.sqrt(times)
    assert 0.005 < np.mean((np.abs(paths) > limits).any(axis=1)) < 0.05
