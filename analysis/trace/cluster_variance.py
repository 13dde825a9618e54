"""How much do clusters vary by themselves? A team stands out only beyond the usual variance between teams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.estimate import BLANK, Columns
from analysis.stats.intervals import Array

SUMS = ("n", "w", "v", "lost", "lost2", "lostw")
LEAST = 10  # answers of a cluster from which its mean counts


@dataclass(frozen=True)
class ClusterVariance:
    """Variance between the true means of the clusters that a member has no answers in, and their number."""

    variance: Array
    clusters: Array


def mean_and_error(t: dict[str, Array]) -> tuple[Array, Array]:
    """Mean loss and its standard error from the sums SUMS; NaN without two answers."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = t["lost"] / t["w"]
        squares = np.maximum(t["lost2"] - 2 * mean * t["lostw"] + mean**2 * t["v"], 0.0)
        return mean, np.where(t["n"] > 1, np.sqrt(squares * t["n"] / (t["n"] - 1)) / t["w"], np.nan)


def between_cluster_variance(base: Columns, has_answers: Array) -> ClusterVariance:
    """The variance between the clusters outside each member; `has_answers` (members, clusters) says which are inside.

    By moments (DerSimonian and Laird 1986); 0 where clusters differ by no more than chance.
    """
    clusters, place = has_answers.shape[1], np.asarray(base["c"])
    named = place != BLANK
    t = {name: np.bincount(place[named], np.asarray(base[name])[named], clusters) for name in SUMS}
    mean, error = mean_and_error(t)
    known = (t["n"] >= LEAST) & (error > 0)
    weight = np.where(known, 1 / np.where(known, error, 1.0) ** 2, 0.0)
    centre = float(np.average(mean[known], weights=weight[known])) if known.any() else 0.0
    away = np.where(known, mean - centre, 0.0)  # centred, so that the sums below lose no digits
    beside = (~has_answers & known).astype(float)
    w, wm, wmm, ww = (beside @ column for column in (weight, weight * away, weight * away**2, weight**2))
    k = beside.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = wmm - wm**2 / w - (k - 1)
        variance = np.maximum(excess / (w - ww / w), 0.0)
    return ClusterVariance(np.where(k > 1, variance, np.nan), k)
