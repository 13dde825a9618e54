"""How likely is it by luck alone? Tails and quantiles of the distributions that tests refer to.

The same numbers as `scipy.stats`, whose import takes longer than most answers and whose every call takes a hundred
times as long. NaN where a distribution has no degree of freedom.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[Any] | float
LOG_2 = float(np.log(2))


def normal_sf(z: Numbers) -> Any:
    """
    >>> round(float(2 * normal_sf(1.96)), 4)
    0.05
    """
    return special.ndtr(-np.asarray(z, dtype=float))


def normal_cdf(z: Numbers) -> Any:
    return special.ndtr(z)


def normal_ppf(p: Numbers) -> Any:
    return special.ndtri(p)


Z_95 = float(normal_ppf(0.975))  # standard errors to either end of a 95 % interval


def t_sf(t: Numbers, df: Numbers) -> Any:
    """
    >>> round(float(2 * t_sf(2.228, 10)), 4)
    0.05
    """
    return special.stdtr(df, -np.asarray(t, dtype=float))


def t_cdf(t: Numbers, df: Numbers) -> Any:
    return special.stdtr(df, t)


def t_ppf(p: Numbers, df: Numbers) -> Any:
    quantile = special.stdtrit(df, p)
    return np.where(np.asarray(p) == 0, -np.abs(quantile), quantile)  # stdtrit has the other sign there


def t_isf(p: Numbers, df: Numbers) -> Any:
    return -t_ppf(p, df)


def noncentral_t_cdf(t: Numbers, df: Numbers, noncentrality: Numbers) -> Any:
    return special.nctdtr(df, noncentrality, t)


def chi2_sf(x: Numbers, df: Numbers) -> Any:
    """
    >>> round(float(chi2_sf(3.841, 1)), 4), float(chi2_sf(-1.0, 1)), float(chi2_sf(1.0, 0))
    (0.05, 1.0, nan)
    """
    return special.chdtrc(_positive(df), np.maximum(x, 0.0))


def chi2_cdf(x: Numbers, df: Numbers) -> Any:
    return special.chdtr(_positive(df), np.maximum(x, 0.0))


def chi2_ppf(p: Numbers, df: Numbers) -> Any:
    return 2 * special.gammaincinv(np.asarray(_positive(df)) / 2, p)


def chi2_isf(p: Numbers, df: Numbers) -> Any:
    return special.chdtri(_positive(df), p)


def chi2_logpdf(x: Numbers, df: Numbers) -> Any:
    half = np.asarray(_positive(df)) / 2
    return special.xlogy(half - 1, x) - np.asarray(x) / 2 - special.gammaln(half) - LOG_2 * half


def f_sf(f: Numbers, df1: Numbers, df2: Numbers) -> Any:
    """
    >>> round(float(f_sf(4.9646, 1, 10)), 4)
    0.05
    """
    return special.fdtrc(df1, df2, np.maximum(f, 0.0))


def f_ppf(p: Numbers, df1: Numbers, df2: Numbers) -> Any:
    return special.fdtri(df1, df2, p)


def beta_ppf(p: Numbers, a: Numbers, b: Numbers) -> Any:
    return special.betaincinv(a, b, p)


def _positive(df: Numbers) -> Any:
    return np.where(np.asarray(df) > 0, df, np.nan)
