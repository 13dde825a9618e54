"""Newey and West against statsmodels, and the mended error against draws from its working model."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.stats.newey_west import MOST, combination, newey_west, usual_lags


def _segmented(points: int, start: int) -> np.ndarray:
    time = np.arange(points) - start
    return np.column_stack([np.ones(points), time, time >= 0, time * (time >= 0)]).astype(float)


@pytest.mark.parametrize("lags", [0, 1, 3, 7])
def test_the_covariance_is_that_of_statsmodels(lags: int) -> None:
    rng, x = np.random.default_rng(1), _segmented(30, 18)
    y, n = rng.normal(80, 3, 30), rng.integers(20, 200, 30).astype(float)
    for weight in (None, n):
        model = sm.OLS(y, x) if weight is None else sm.WLS(y, x, weights=weight / weight.mean())
        theirs = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False})
        ours = newey_west(x, y, weight=weight, lags=lags)
        np.testing.assert_allclose(ours.coefficients, theirs.params, rtol=1e-10)
        np.testing.assert_allclose(ours.covariance, theirs.cov_params(), rtol=1e-10, atol=1e-12)


def test_a_missing_week_keeps_its_distance() -> None:
    rng, x, at = np.random.default_rng(2), _segmented(12, 6), np.delete(np.arange(13), 5)
    y = rng.normal(80, 3, 12)
    line = newey_west(x, y, at=at, lags=2)
    scores, inverse = x * line.residuals[:, None], np.linalg.inv(x.T @ x)
    meat = sum(
        max(0.0, 1 - abs(int(at[s] - at[t])) / 3) * np.outer(scores[s], scores[t])
        for s in range(12)
        for t in range(12)
    )
    np.testing.assert_allclose(line.covariance, inverse @ meat @ inverse, rtol=1e-10, atol=1e-12)


def test_the_mended_error_is_right_on_average_and_its_freedom_is_that_of_its_spread() -> None:
    """1,000 drawn series of 30 independent weeks: mean and variance of the squared error, before rho is estimated."""
    rng, x, contrast = np.random.default_rng(3), _segmented(30, 18), np.array([0.0, 0.0, 1.0, 5.5])
    pull = x @ np.linalg.inv(x.T @ x) @ contrast
    drawn = [newey_west(x, rng.normal(0, 1, 30), lags=2) for _ in range(1_000)]
    raw = np.array([contrast @ line.covariance @ contrast for line in drawn])
    white = next(line for line in drawn if line.autocorrelation == 0)
    found = combination(white, contrast)
    factor = found.error**2 / (contrast @ white.covariance @ contrast)
    assert factor > 1.2  # as published it is far too small
    assert np.mean(raw) * factor == pytest.approx(pull @ pull, rel=0.06)
    assert 2 * np.mean(raw) ** 2 / np.var(raw) == pytest.approx(found.df, rel=0.2)


def test_the_autocorrelation_is_not_that_of_the_residuals_which_is_too_low() -> None:
    rng, x = np.random.default_rng(4), _segmented(40, 24)
    found, naive = [], []
    for _ in range(150):
        noise = rng.normal(0, 1, 60)
        for t in range(1, 60):
            noise[t] += 0.5 * noise[t - 1]
        line = newey_west(x, noise[20:], lags=3)
        found.append(line.autocorrelation)
        naive.append(line.residuals[1:] @ line.residuals[:-1] / (line.residuals @ line.residuals))
    assert np.mean(naive) < 0.36 and 0.43 < np.mean(found) < 0.57
    assert max(found) <= MOST


def test_no_error_without_more_points_than_columns() -> None:
    x = _segmented(4, 2)
    found = combination(newey_west(x, np.array([1.0, 2, 5, 4]), lags=1), np.array([0.0, 0, 1, 0]))
    assert np.isnan(found.error) and np.isnan(found.df)
    assert usual_lags(52) == 10
