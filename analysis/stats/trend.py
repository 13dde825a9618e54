"""Does the answer go up or down with an ordered cause? Tests of a linear trend in counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.stats.distributions import normal_sf
from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True)
class Trend:
    """`statistic` is chi-squared of 1 degree of freedom, `z` its signed root, `p` two-sided.

    `r` is the correlation of the two scores; `slope` with its `error` the change of the column score (of the share,
    0..1, in `cochran_armitage`) for one more of the row score. All are NaN where a score does not vary.
    """

    statistic: float
    z: float
    p: float
    r: float
    slope: float
    error: float


def linear_by_linear(counts: npt.ArrayLike, row_scores: npt.ArrayLike, column_scores: npt.ArrayLike) -> Trend:
    """M2 = (n - 1) r2 of a table (rows, columns), or of (strata, rows, columns) within the strata.

    Scores are used as they are given, chosen before looking; a stratum of a single answer says nothing and is
    left out. `r` and `slope` are within the strata, `error` holds whatever the spreads (White 1980). Source:
    Mantel 1963; Agresti, Categorical Data Analysis, 2013, 3.4 and 8.4.

    >>> t = linear_by_linear([[4, 3, 2], [2, 3, 4], [1, 2, 6]], [1, 2, 3], [1, 2, 3])
    >>> round(t.statistic, 3), round(t.p, 3), round(t.slope, 3)
    (3.916, 0.048, 0.389)
    """
    table = np.asarray(counts, dtype=float)
    strata = table.reshape(-1, *table.shape[-2:])
    strata = strata[strata.sum(axis=(1, 2)) > 1]
    x, y = _centred(strata.sum(axis=2), row_scores), _centred(strata.sum(axis=1), column_scores)
    xx, yy = np.sum(strata.sum(axis=2) * x**2, axis=1), np.sum(strata.sum(axis=1) * y**2, axis=1)
    xy, n = np.einsum("src,sr,sc->", strata, x, y), strata.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = xy / xx.sum()
        error = _error(strata, x, y, slope) / xx.sum()
        return _trend(xy / np.sqrt(np.sum(xx * yy / (n - 1))), xy / np.sqrt(xx.sum() * yy.sum()), slope, error)


def cochran_armitage(successes: npt.ArrayLike, n: npt.ArrayLike, scores: npt.ArrayLike) -> Trend:
    """Trend of a share over ordered classes: `successes` of `n` per class; R's `prop.trend.test` (Armitage 1955).

    >>> t = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82], [1, 2, 3, 4])  # smokers, in R's help
    >>> round(t.statistic, 4), round(t.p, 6), t.z < 0
    (8.2249, 0.004132, True)
    """
    yes, all_ = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    trend, total = linear_by_linear(np.column_stack([all_ - yes, yes]), scores, [0, 1]), all_.sum()
    # The binomial's variance of a share makes it n r2, where a draw without replacement makes it (n - 1) r2.
    with np.errstate(divide="ignore", invalid="ignore"):
        z = trend.z * np.sqrt(total / (total - 1))
    return _trend(z, trend.r, trend.slope, trend.error)


def _trend(z: float, r: float, slope: float, error: float) -> Trend:
    return Trend(float(z * z), float(z), float(2 * normal_sf(abs(z))), float(r), float(slope), float(error))


def _centred(margins: Array, scores: npt.ArrayLike) -> Array:
    """Scores less their mean, per stratum (strata, scores); rounding must not pass for variation."""
    scores_ = np.asarray(scores, dtype=float)
    away = scores_ - (margins @ scores_ / margins.sum(axis=1))[:, None]
    return np.where(np.abs(away) > 1e-12 * np.abs(scores_).max(), away, 0.0)


def _error(strata: Array, x: Array, y: Array, slope: float) -> float:
    """Root of the sum of squared scores times residuals, with the small-sample factor HC1; NaN without freedom."""
    residual = y[:, None, :] - slope * x[:, :, None]
    n, used = strata.sum(), len(strata) + 1
    spread = np.sum(strata * (x[:, :, None] * residual) ** 2) * n / (n - used)
    return float(np.sqrt(spread)) if n > used else NAN
