"""Tails and quantiles are those of scipy.stats, also where somebody asks at the edge."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.stats import distributions as own

RNG = np.random.default_rng(5)
VALUES = np.concatenate([RNG.normal(0, 4, 60), [-40, 0, 40, np.nan]])
LEVELS = np.concatenate([RNG.uniform(0, 1, 40), 10.0 ** -np.arange(1, 17), [0, 0.5, 1, np.nan]])
FREEDOM = np.concatenate([10 ** RNG.uniform(-1, 6, 40), [0, 1, 2.5, np.nan]])[:, None]


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (own.normal_sf(VALUES), stats.norm.sf(VALUES)),
        (own.normal_cdf(VALUES), stats.norm.cdf(VALUES)),
        (own.normal_ppf(LEVELS), stats.norm.ppf(LEVELS)),
        (own.t_sf(VALUES, FREEDOM), stats.t.sf(VALUES, FREEDOM)),
        (own.t_cdf(VALUES, FREEDOM), stats.t.cdf(VALUES, FREEDOM)),
        (own.t_ppf(LEVELS, FREEDOM), stats.t.ppf(LEVELS, FREEDOM)),
        (own.t_isf(LEVELS, FREEDOM), stats.t.isf(LEVELS, FREEDOM)),
        (own.t_sf(VALUES, np.inf), stats.t.sf(VALUES, np.inf)),
        (own.noncentral_t_cdf(VALUES, 7.5, 2.5), stats.nct.cdf(VALUES, 7.5, 2.5)),
        (own.chi2_sf(VALUES, FREEDOM), stats.chi2.sf(VALUES, FREEDOM)),
        (own.chi2_cdf(VALUES, FREEDOM), stats.chi2.cdf(VALUES, FREEDOM)),
        (own.chi2_ppf(LEVELS, FREEDOM), stats.chi2.ppf(LEVELS, FREEDOM)),
        (own.chi2_isf(LEVELS, FREEDOM), stats.chi2.isf(LEVELS, FREEDOM)),
        (own.chi2_logpdf(VALUES**2 + 0.1, FREEDOM), stats.chi2.logpdf(VALUES**2 + 0.1, FREEDOM)),
        (own.f_sf(VALUES, 3, FREEDOM), stats.f.sf(VALUES, 3, FREEDOM)),
        (own.f_ppf(LEVELS, 3, FREEDOM), stats.f.ppf(LEVELS, 3, FREEDOM)),
        (own.beta_ppf(LEVELS, 3.5, FREEDOM), stats.beta.ppf(LEVELS, 3.5, FREEDOM)),
    ],
)
def test_as_scipy_gives_them(found: object, wanted: object) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-13)
