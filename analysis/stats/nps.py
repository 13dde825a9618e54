"""Would they recommend us? Answers as promoters and detractors, so that their mean is the Net Promoter Score."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.stats.intervals import NAN, Array

PROMOTERS_FROM, DETRACTORS_TO, HIGHEST = 9, 6, 10


def nps_points(values: npt.ArrayLike) -> Array:
    """+100 for a promoter (9, 10), -100 for a detractor (0..6), else 0; answers from 0 or 1 to 10 (Reichheld 2003).

    Their mean is the score, -100..100, and the usual error of that mean its error: that of the two shares of one
    sample, which depend on each other. NaN for what is no answer on that scale.

    >>> nps_points([10, 9, 8, 7, 6, 0, 11]).tolist()
    [100.0, 100.0, 0.0, 0.0, -100.0, -100.0, nan]
    """
    answers = np.asarray(values, dtype=float)
    points = 100.0 * (answers >= PROMOTERS_FROM) - 100.0 * (answers <= DETRACTORS_TO)
    return np.where((answers >= 0) & (answers <= HIGHEST), points, NAN)
