"""How many answers would it take, and what could be seen with those at hand?

Two-sided tests at 5 %, 80 % power, unless stated otherwise. Sample sizes are whole numbers, or infinite where none
suffices. Clustered answers need the design effect times as many.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.stats.distributions import normal_ppf, t_ppf
from analysis.stats.intervals import Array

POWER = 0.8
ALPHA = 0.05


def needed_for_means(
    difference: float, sd0: float, sd1: float, *, power: float = POWER, alpha: float = ALPHA
) -> float:
    """Answers on each side to see a difference of two means (Welch's t; Guenther 1981, Am. Statistician 35:243).

    >>> needed_for_means(1.0, 15.0, 15.0)
    3533.0
    """
    return _whole(_reach(power, alpha) ** 2 * (sd0**2 + sd1**2), difference**2, extra=_student(alpha) / 2)


def needed_for_proportions(p0: float, p1: float, *, power: float = POWER, alpha: float = ALPHA) -> float:
    """Answers on each side to see two proportions differ (Fleiss, Levin and Paik 2003, 4.2, uncorrected).

    >>> needed_for_proportions(0.026, 0.028)
    103098.0
    """
    middle = (p0 + p1) / 2
    null, truth = math.sqrt(2 * middle * (1 - middle)), math.sqrt(p0 * (1 - p0) + p1 * (1 - p1))
    return _whole((_z(1 - alpha / 2) * null + _z(power) * truth) ** 2, (p1 - p0) ** 2)


def needed_against_fixed(difference: float, sd: float, *, power: float = POWER, alpha: float = ALPHA) -> float:
    """Answers to see a mean or share differ from a fixed number, such as a target.

    >>> needed_against_fixed(0.002, (0.027 * 0.973) ** 0.5)
    51552.0
    """
    return needed_against_benchmark(difference, sd, 0.0, power=power, alpha=alpha)


def needed_against_benchmark(
    difference: float, sd: float, benchmark_error: float, *, power: float = POWER, alpha: float = ALPHA
) -> float:
    """Answers of ours to see a difference from a benchmark that has a standard error of its own.

    Infinite when that error alone hides the difference: then no number of ours would do.

    >>> needed_against_benchmark(0.002, 0.162, 0.00074)
    inf
    """
    room = (difference / _reach(power, alpha)) ** 2 - benchmark_error**2
    return _whole(sd**2, room, extra=_student(alpha))


def detectable(error: float | Array, df: float | Array, *, power: float = POWER, alpha: float = ALPHA) -> Array:
    """Smallest true difference that this standard error lets one see (Bloom 1995, Evaluation Review 19:547).

    `error`, `df`: of the difference, numbers or arrays of one shape; NaN without degrees of freedom.

    >>> float(detectable(1.0, 1e9).round(3))
    2.802
    """
    known = np.where(np.asarray(df) > 0, df, np.nan)
    smallest: Array = (t_ppf(1 - alpha / 2, known) + t_ppf(power, known)) * error
    return smallest


def _z(level: float) -> float:
    return float(normal_ppf(level))


def _reach(power: float, alpha: float) -> float:
    """Standard errors a true difference must be away from zero."""
    return _z(1 - alpha / 2) + _z(power)


def _student(alpha: float) -> float:
    """Answers that Student's t asks beyond the normal (Guenther 1981), for one sample; each of two needs half."""
    return _z(1 - alpha / 2) ** 2 / 2


def _whole(spread: float, difference: float, *, extra: float = 0.0) -> float:
    """Answers for a squared difference: infinite for none, none for groups without spread."""
    if not difference > 0:
        return math.nan if math.isnan(difference) else math.inf
    return math.nan if math.isnan(spread) else float(math.ceil(spread / difference + extra))
