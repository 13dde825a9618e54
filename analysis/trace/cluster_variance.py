"""How far do clusters lie apart anyway? A team is out of line only beyond what teams differ by without a cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.stats.intervals import Array

SUMS = ("n", "w", "v", "lost", "lost2", "lostw")
LEAST = 10  # answers from which on a cluster tells something of its mean


@dataclass(frozen=True)
class Usual:
    """Variance between the true means of the clusters that a member has no answer in, and how many these are."""

    variance: Array
    clusters: Array


def mean_and_error(t: dict[str, Array]) -> tuple[Array, Array]:
    """Mean loss and its standard error from the sums SUMS; NaN without two answers."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = t["lost"] / t["w"]
        squares = np.maximum(t["lost2"] - 2 * mean * t["lostw"] + mean**2 * t["v"], 0.0)
        return mean, np.where(t["n"] > 1, np.sqrt(squares * t["n"] / (t["n"] - 1)) / t["w"], np.nan)


def usual(base: pd.DataFrame, held: Array) -> Usual:
    """The usual variance beside each member; `held` (members, clusters) says which clusters it has answers in.

    By moments (DerSimonian and Laird 1986), 0 where clusters differ by no more than luck.
    """
    clusters = held.shape[1]
    t = {name: np.bincount(base["c"], base[name], clusters) for name in SUMS}
    mean, error = mean_and_error(t)
    known = (t["n"] >= LEAST) & (error > 0)
    weight = np.where(known, 1 / np.where(known, error, 1.0) ** 2, 0.0)
    centre = float(np.average(mean[known], weights=weight[known])) if known.any() else 0.0
    away = np.where(known, mean - centre, 0.0)  # near 0, so that the sums below lose no digits
    beside = (~held & known).astype(float)
    w, wm, wmm, ww = (beside @ column for column in (weight, weight * away, weight * away**2, weight**2))
    k = beside.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = wmm - wm**2 / w - (k - 1)
        variance = np.maximum(excess / (w - ww / w), 0.0)
    return Usual(np.where(k > 1, variance, np.nan), k)
