"""By how much more than their answers explain do the days of a segment vary? Estimated for all segments together.

A segment's own estimate rests on a quarter of days and is a guess; all segments together say what is usual. The two
are weighed against each other as Smyth (2004, Statistical Applications in Genetics and Molecular Biology 3:3) does it
for variances: each is drawn towards what is usual by as much as segments turn out to be alike.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.stats.intervals import Array

MOST_DF = 1e6
LEAST_SEGMENTS = 3  # below which nothing is usual


def moderated(ratio: Array, df: Array) -> tuple[Array, Array]:
    """Variance ratios drawn towards what is usual, and the degrees of freedom that they then have.

    ratio: estimates, each a mean of squares with `df` degrees of freedom; NaN where there is none.

    >>> alike = moderated(np.array([0.8, 1.0, 1.2, 1.1, 0.9]), np.full(5, 20.0))
    >>> alike[0].round(2).tolist()
    [1.04, 1.04, 1.04, 1.04, 1.04]
    """
    ratio, df = np.asarray(ratio, dtype=float), np.asarray(df, dtype=float)
    told = np.isfinite(ratio) & (ratio > 0) & (df > 0)
    if told.sum() < LEAST_SEGMENTS:
        return ratio.copy(), df.copy()
    usual, prior = _usual(ratio[told], df[told])
    found, own = np.full(ratio.shape, usual), np.full(df.shape, prior)
    found[told] = (prior * usual + df[told] * ratio[told]) / (prior + df[told])
    own[told] = prior + df[told]
    return found, own


def _usual(ratio: Array, df: Array) -> tuple[float, float]:
    """The usual ratio, and how many degrees of freedom it is worth (moments of the logarithm of an F)."""
    half = df / 2
    log = np.log(ratio) - special.digamma(half) + np.log(half)
    spread = float(log.var(ddof=1) - special.polygamma(1, half).mean())
    if spread <= 0:
        return float(np.exp(log.mean())), MOST_DF
    prior = min(2 * _trigamma_inverse(spread), MOST_DF)
    return float(np.exp(log.mean() + special.digamma(prior / 2) - np.log(prior / 2))), prior


def _trigamma_inverse(value: float) -> float:
    """x with trigamma(x) = value, by Newton's steps (Smyth 2004, appendix)."""
    x = 0.5 + 1 / value
    for _ in range(50):
        tri = float(special.polygamma(1, x))
        step = tri * (1 - tri / value) / float(special.polygamma(2, x))
        x += step
        if -step / x < 1e-8:
            break
    return x
