"""Is there a difference when few clusters answer? A second opinion by redrawing the clusters' residuals.

The restricted wild cluster bootstrap (Cameron, Gelbach and Miller 2008) with errors CR2, of a coefficient of any
linear model and so of two means, from sums by cluster. NaN where a cluster stands alone in what is tested.
"""

from __future__ import annotations

import numpy as np

from analysis.stats.clustered import ClusterSums
from analysis.stats.clustered_regression import pulls
from analysis.stats.intervals import NAN, Array

MOST_SIGNS = 12  # clusters up to which all changes of sign are tried
WEBB = np.sqrt(np.array([0.5, 1.0, 1.5]))


def wild_cluster(
    group: Array, cluster: Array, weight: Array, total: Array, *, draws: int = 1_999, seed: int = 1
) -> float:
    """p of a difference of two means. `group` is 0 or 1.

    Up to twelve clusters all changes of sign are tried, so the p is exact and has few values; beyond, Webb's
    six-point weights are drawn from the seed. NaN where a group has fewer than two clusters.
    """
    sums = ClusterSums.of(np.zeros_like(group), group, cluster, weight, total, problems=1, groups=2)
    if sums.by_group().min() < 2:
        return NAN
    weights = sums.wide(sums.weight)
    residuals = sums.wide(sums.total - float(sums.total.sum() / sums.weight.sum()) * sums.weight)
    g = len(weights)
    factors = _all_signs(g) if g <= MOST_SIGNS else _webb(g, draws, seed)
    return _p(weights[:, :, None] * np.eye(2), residuals, np.array([-1.0, 1.0]), factors, exact=g <= MOST_SIGNS)


def wild_coefficient(xx: Array, xy: Array, place: int, *, draws: int = 1_999, seed: int = 1) -> float:
    """p of one coefficient being 0, by Webb's six-point weights drawn from the seed, which few clusters need.

    xx: (G, q, q) and xy: (G, q), products of the columns and with the outcome in each cluster; columns of full rank.
    """
    others = np.delete(np.arange(xx.shape[1]), place)
    restricted = np.linalg.solve(xx.sum(axis=0)[np.ix_(others, others)], xy.sum(axis=0)[others])
    scores = xy - xx[:, :, others] @ restricted
    contrast = np.eye(xx.shape[1])[place]
    return _p(xx, scores, contrast, _webb(len(xx), draws, seed), exact=False)


def _all_signs(clusters: int) -> Array:
    """Every change of sign but for the first cluster's: turning all of them turns the statistic only."""
    bits = np.arange(2 ** (clusters - 1))[:, None] >> np.arange(clusters) & 1
    return np.asarray(1.0 - 2 * bits)


def _webb(clusters: int, draws: int, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.choice(np.concatenate([-WEBB, WEBB]), (draws, clusters)))


def _p(xx: Array, scores: Array, contrast: Array, factors: Array, *, exact: bool) -> float:
    """How often the statistic of redrawn scores is no smaller than that of the scores as they are."""
    own = pulls(xx, contrast).rows
    observed = np.abs(_statistics(xx, scores, contrast, own, np.ones((1, len(xx)))))
    if not np.isfinite(observed[0]):
        return NAN
    drawn = np.abs(_statistics(xx, scores, contrast, own, factors))
    reached = int(np.sum(drawn >= observed[0] * (1 - 1e-9)))
    return reached / len(drawn) if exact else (reached + 1) / (len(drawn) + 1)


def _statistics(xx: Array, scores: Array, contrast: Array, own: Array, factors: Array) -> Array:
    """t of the contrast for scores multiplied cluster by cluster; one for each row of factors."""
    moved = factors @ scores @ np.linalg.inv(xx.sum(axis=0))
    pulled = factors * (own * scores).sum(axis=1) - moved @ (own[:, None, :] @ xx)[:, 0, :].T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((moved @ contrast) / np.sqrt((pulled**2).sum(axis=1)))
