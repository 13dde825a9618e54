"""Do two who judge the same say the same more often than by chance?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.stats.distributions import normal_ppf
from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True)
class Agreement:
    """Cohen's kappa with its interval, and the share of cases on which both said the same; NaN where all is one."""

    kappa: float
    low: float
    high: float
    alike: float
    n: float


def cohens_kappa(counts: Array, *, confidence: float = 0.95) -> Agreement:
    """Kappa of a k x k table of counts (Cohen 1960), interval after Fleiss, Cohen and Everitt 1969, within -1..1.

    >>> a = cohens_kappa(np.array([[40, 5], [10, 45]])); round(a.kappa, 3), round(a.low, 3), round(a.high, 3)
    (0.7, 0.561, 0.839)
    """
    table = np.asarray(counts, dtype=float)
    n = float(table.sum())
    if n <= 0:
        return Agreement(NAN, NAN, NAN, NAN, 0.0)
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    alike, chance = float(np.trace(p)), float(rows @ columns)
    if chance >= 1:
        return Agreement(NAN, NAN, NAN, alike, n)
    kappa = (alike - chance) / (1 - chance)
    own = np.diag(p) * (1 - (rows + columns) * (1 - kappa)) ** 2
    others = p * (columns[:, None] + rows[None, :]) ** 2
    apart = (1 - kappa) ** 2 * (others.sum() - np.trace(others))
    variance = (own.sum() + apart - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    reach = float(normal_ppf((1 + confidence) / 2)) * math.sqrt(max(variance, 0.0))
    return Agreement(kappa, max(kappa - reach, -1.0), min(kappa + reach, 1.0), alike, n)
