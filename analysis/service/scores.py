"""What is the mean score of groups, from their sums? With its interval, withheld below ten answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from analysis.stats.intervals import NAN, Array, t_bounds
from data_access.metrics import Metric


def scores(rows: pd.DataFrame, metric: Metric) -> dict[str, Array]:
    """score, low and high on the scale of the metric, from sums n, wx and vxx of raw values."""
    n, mean, error = moments(rows)
    score = metric.slope * mean + metric.offset
    low, high = t_bounds(score, abs(metric.slope) * error, np.maximum(n - 1, 1))
    least, most = metric.kind.range
    found = {"score": score, "low": np.maximum(low, least), "high": np.minimum(high, most)}
    return {name: np.where(n >= WITHHELD_BELOW, values, NAN) for name, values in found.items()}


def moments(rows: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Number, mean and standard error of the raw values behind sums n, wx and vxx."""
    n = rows["n"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = rows["wx"].to_numpy(dtype=float) / n
        error = np.sqrt(np.maximum(rows["vxx"].to_numpy(dtype=float) / n - mean**2, 0.0) / (n - 1))
    return n, mean, error
