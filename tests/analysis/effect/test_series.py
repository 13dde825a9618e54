"""The interrupted series against segmented regression by statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.effect.series import WEEKDAYS, series


def test_level_slope_and_effect_are_those_of_statsmodels() -> None:
    rng, at, start = np.random.default_rng(1), np.arange(100, 130), 118
    n = rng.integers(50, 150, 30).astype(float)
    y = 80 + 0.1 * (at - start) + (at >= start) * (2 + 0.3 * (at - start)) + rng.normal(0, 1, 30)
    found = series(at, n, n * y, start)
    since, time = (at >= start).astype(float), (at - start).astype(float)
    theirs = sm.WLS(y, np.column_stack([np.ones(30), time, since, time * since]), weights=n).fit()
    values = [found.trend.value, found.level.value, found.slope.value]
    np.testing.assert_allclose(values, theirs.params[1:], rtol=1e-9)
    expected = theirs.params[0] + theirs.params[1] * time
    later = since > 0
    assert found.effect.value == pytest.approx(np.average((theirs.fittedvalues - expected)[later], weights=n[later]))
    np.testing.assert_allclose(found.expected, expected, rtol=1e-9)
    assert found.effect.interval.low < found.effect.value < found.effect.interval.high
    assert (found.before, found.after, found.lags) == (18, 12, 8)


def test_a_weekday_is_no_effect() -> None:
    days = np.arange(140)
    weekly_wave = np.array([3.0, 1, 0, -1, -2, 0.5, -1.5])[days % WEEKDAYS]
    noise = np.random.default_rng(2).normal(0, 0.2, 140)
    found = series(days, np.full(140, 50.0), 50 * (80 + weekly_wave + noise + 2.0 * (days >= 103)), 103, daily=True)
    assert found.effect.value == pytest.approx(2.0, abs=0.3) and found.effect.error < 0.2
    assert found.lags >= WEEKDAYS


@pytest.mark.parametrize(
    ("before", "after", "daily"), [(7, 20, False), (20, 3, False), (27, 90, True), (90, 13, True)]
)
def test_too_few_points_are_not_enough(before: int, after: int, daily: bool) -> None:
    at = np.arange(before + after)
    found = series(at, np.full(len(at), 9.0), np.full(len(at), 700.0), before, daily=daily)
    assert not found.enough and np.isnan(found.effect.value) and (found.before, found.after) == (before, after)


def test_weeks_without_answers_do_not_count_but_keep_their_distance() -> None:
    at = np.arange(30)
    n, y = np.where(at == 7, 0.0, 40.0), 80 + np.random.default_rng(3).normal(0, 1, 30)
    found = series(at, n, n * y, 20)
    short = series(np.delete(at, 7), np.delete(n, 7), np.delete(n * y, 7), 20)
    assert found.before == 19 and found.effect == short.effect
