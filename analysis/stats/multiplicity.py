"""What is left of a p-value when several questions are asked at once?

A family is all the p-values that answer one question. A NaN among them was never a test: it leaves the family.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
SCREENING_FROM = 11  # questions from which on the share of false finds counts, not the chance of a single one


def holm(p_values: Sequence[float] | Numbers) -> Numbers:
    """Holm's step-down adjusted p (Holm 1979); NaN leaves the family instead of poisoning it.

    >>> [round(float(p), 3) for p in holm([0.01, 0.04, float("nan"), 0.03])]
    [0.03, 0.06, nan, 0.06]
    """
    return _among_tested(p_values, _holm)


def benjamini_hochberg(p_values: Sequence[float] | Numbers) -> Numbers:
    """p adjusted for the false discovery rate (Benjamini and Hochberg 1995); NaN leaves the family.

    >>> [round(float(p), 3) for p in benjamini_hochberg([0.01, 0.04, float("nan"), 0.03])]
    [0.03, 0.04, nan, 0.04]
    """
    return _among_tested(p_values, _benjamini_hochberg)


def _among_tested(p_values: Sequence[float] | Numbers, adjust: Callable[[Numbers], Numbers]) -> Numbers:
    p = np.asarray(p_values, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        adjusted[tested] = adjust(p[tested])
    return adjusted


def _holm(p: Numbers) -> Numbers:
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def _benjamini_hochberg(p: Numbers) -> Numbers:
    falling = np.argsort(-p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[falling] = np.minimum(np.minimum.accumulate(p[falling] * len(p) / np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def family_adjusted(p_values: Sequence[float] | Numbers) -> tuple[Numbers, str]:
    """The p-values of one question adjusted by the size of the family, with the name of the adjustment.

    One stays as it is ("none"), up to ten go by "holm", more are a screening and go by "bh".

    >>> family_adjusted([0.02])[1], family_adjusted([0.02, 0.5])[1], family_adjusted([0.02] * 11)[1]
    ('none', 'holm', 'bh')
    """
    tested = int((~np.isnan(np.asarray(p_values, dtype=float))).sum())
    if tested >= SCREENING_FROM:
        return benjamini_hochberg(p_values), "bh"
    return holm(p_values), "holm" if tested > 1 else "none"


def matching_confidence(p_values: Sequence[float] | Numbers, adjusted: Numbers, *, alpha: float = 0.05) -> Numbers:
    """Confidence level of each interval so that it excludes zero exactly when its adjusted p is below `alpha`.

    An interval at level 1 - alpha p / p_adjusted excludes zero when p < alpha p / p_adjusted; this holds for those
    that invert the test of p. Where the ratio says nothing (p is 0 or missing, adjusted stopped at 1) Bonferroni's
    level stands, the widest of the family. Made to agree with the adjusted p (after Serlin 1993, J. Exp. Educ.
    61:350, for Holm), these are not simultaneous intervals: only Bonferroni's level would promise that.

    >>> matching_confidence([0.01, 0.04], holm([0.01, 0.04])).round(4).tolist()
    [0.975, 0.95]
    """
    p = np.asarray(p_values, dtype=float)
    bonferroni = 1 / max(int((~np.isnan(p)).sum()), 1)
    telling = (p > 0) & (adjusted < 1)
    ratio = np.divide(p, adjusted, out=np.full(p.shape, bonferroni), where=telling)
    level: Numbers = 1 - alpha * ratio
    return level
