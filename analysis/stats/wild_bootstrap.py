"""Do two means differ when few clusters answer? A second opinion by redrawing the clusters' residuals."""

from __future__ import annotations

import numpy as np

from analysis.stats.clustered import ClusterSums
from analysis.stats.intervals import NAN, Array

MOST_SIGNS = 12  # clusters up to which all changes of sign are tried
WEBB = np.sqrt(np.array([0.5, 1.0, 1.5]))


def wild_cluster(
    group: Array, cluster: Array, weight: Array, total: Array, *, draws: int = 1_999, seed: int = 1
) -> float:
    """p of a difference of two means by the restricted wild cluster bootstrap (Cameron, Gelbach and Miller 2008).

    `group` is 0 or 1. Up to twelve clusters all changes of sign are tried, so the p is exact and has few values;
    beyond, Webb's six-point weights are drawn from the seed. NaN where a group has fewer than two clusters.
    """
    sums = ClusterSums.of(np.zeros_like(group), group, cluster, weight, total, problems=1, groups=2)
    if sums.by_group().min() < 2:
        return NAN
    g = len(sums.joint[0])
    weights, residuals = sums.wide(sums.weight), sums.wide(sums.total - _overall(sums) * sums.weight)
    factors = _all_signs(g) if g <= MOST_SIGNS else _webb(g, draws, seed)
    observed, drawn = (np.abs(_statistics(weights, residuals, f)) for f in (np.ones((1, g)), factors))
    if not np.isfinite(observed[0]):
        return NAN
    reached = int(np.sum(drawn >= observed[0] * (1 - 1e-9)))
    return reached / len(drawn) if g <= MOST_SIGNS else (reached + 1) / (len(drawn) + 1)


def _overall(sums: ClusterSums) -> float:
    return float(sums.total.sum() / sums.weight.sum())


def _all_signs(clusters: int) -> Array:
    """Every change of sign but for the first cluster's: turning all of them turns the statistic only."""
    bits = np.arange(2 ** (clusters - 1))[:, None] >> np.arange(clusters) & 1
    return np.asarray(1.0 - 2 * bits)


def _webb(clusters: int, draws: int, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.choice(np.concatenate([-WEBB, WEBB]), (draws, clusters)))


def _statistics(weights: Array, residuals: Array, factors: Array) -> Array:
    """t of the difference for residuals multiplied cluster by cluster; one for each row of factors."""
    whole = weights.sum(axis=0)
    moved = factors @ residuals / whole
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.array([-1.0, 1.0]) / np.sqrt(1 - weights / whole) / whole
        pulls = factors * (residuals * scale).sum(axis=1) - moved @ (weights * scale).T
        return np.asarray((moved[:, 1] - moved[:, 0]) / np.sqrt((pulls**2).sum(axis=1)))
