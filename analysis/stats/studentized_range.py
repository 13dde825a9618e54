"""How far apart are the largest and smallest of k means, by luck alone? Distribution of the studentized range.

scipy gives the same numbers by adaptive integration, some 30 ms for each probability and 300 ms for each quantile;
a page asks for dozens. Here the double integral is a sum over fixed Gauss-Legendre nodes, all pairs at once, right
to 1e-7 for up to twenty means and two or more degrees of freedom. Source: Copenhaver and Holland 1988.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.stats.distributions import chi2_logpdf, chi2_ppf, t_isf
from analysis.stats.intervals import NAN, Array
from analysis.stats.roots import roots

NODES_Z, WEIGHTS_Z = np.polynomial.legendre.leggauss(80)
NODES_S, WEIGHTS_S = np.polynomial.legendre.leggauss(48)
REACH = 8.5  # a normal value beyond it has less than 1e-16 to add
TAIL = 1e-14
NORMAL_DF = 1e6  # with more, the standard deviation is as good as known


def range_sf(q: Array, k: int, df: Array) -> Array:
    """Probability that the studentized range of `k` means exceeds `q`, by `df`; both of one shape.

    >>> range_sf(np.array([3.506426]), 3, np.array([27.0])).round(6)
    array([0.05])
    """
    q, df = np.broadcast_arrays(np.asarray(q, dtype=float), np.asarray(df, dtype=float))
    known = np.isfinite(q) & (df >= 1)
    s, weights = _spreads(np.where(known, np.minimum(df, NORMAL_DF), 1.0))
    below = _range_cdf(np.where(known, q, 1.0)[..., None] * s, k)
    return np.where(known, np.clip(1 - (weights * below).sum(axis=-1), 0.0, 1.0), NAN)


def range_quantile(k: int, df: Array, *, confidence: float = 0.95) -> Array:
    """The range that `k` means stay within with the given confidence; NaN without a degree of freedom.

    >>> range_quantile(3, np.array([27.0])).round(4)
    array([3.5064])
    """
    df = np.asarray(df, dtype=float)
    known = np.where(df >= 1, df, 1.0)
    low, high = (_two_means(known, (1 - confidence) / m) for m in (1, k * (k - 1) / 2))  # one pair, and Bonferroni
    found = roots(lambda q: range_sf(q, k, known) - (1 - confidence), 0.99 * low, 1.01 * high)
    return np.where(df >= 1, found, NAN)


def _two_means(df: Array, alpha: float) -> Array:
    return np.asarray(np.sqrt(2) * t_isf(alpha / 2, df))


def _spreads(df: Array) -> tuple[Array, Array]:
    """Nodes of the standard deviation around its true value 1, and the probability each stands for."""
    low, high = (np.sqrt(chi2_ppf(tail, df) / df)[..., None] for tail in (TAIL, 1 - TAIL))
    s, d = low + (high - low) * (NODES_S + 1) / 2, df[..., None]
    log_density = np.log(2 * d * s) + chi2_logpdf(d * s * s, d)
    return s, np.exp(log_density) * WEIGHTS_S * (high - low) / 2


def _range_cdf(w: Array, k: int) -> Array:
    """P(range of k standard normal values <= w): the smallest at z, all the others within w above it."""
    z, weights = REACH * NODES_Z, REACH * WEIGHTS_Z * np.exp(-((REACH * NODES_Z) ** 2) / 2) / np.sqrt(2 * np.pi)
    inside = special.ndtr(z + w[..., None]) - special.ndtr(z)
    return np.asarray(k * (inside ** (k - 1)) @ weights)
