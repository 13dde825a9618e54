"""Control charts: within which limits do counts vary by chance alone, when nothing changes?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import Array

SIGMAS = 3.0  # Shewhart's limits


@dataclass(frozen=True)
class Limits:
    """The mean rate over all, and the limits of each point."""

    centre: float
    low: Array
    high: Array


def u_chart(counts: Array, exposure: Array) -> Limits:
    """Limits of events per unit where the number of units varies: centre and three Poisson errors, none below 0.

    Source: Montgomery, Introduction to Statistical Quality Control, chapter 7. No units: NaN.

    >>> u_chart(np.array([14.0, 12.0]), np.array([10.0, 8.0])).centre.__round__(3)
    1.444
    """
    exposure = np.where(exposure > 0, exposure, np.nan)
    centre = float(np.sum(counts) / np.nansum(exposure)) if np.nansum(exposure) else float("nan")
    reach = SIGMAS * np.sqrt(centre / exposure)
    return Limits(centre, np.maximum(centre - reach, 0.0), centre + reach)
