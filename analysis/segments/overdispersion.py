"""Do segments vary from period to period by themselves? Then a change must exceed that variation, not just chance.

The conjunctions over one tuple of dimensions share no answers, so their z are independent, with variance 1 by chance.
A larger variance (overdispersion) means that members vary by themselves, as teams do: each change then has a random
effect besides, whatever its number of answers, which matters most for large segments.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from analysis.segments.search import Choice, Search
from analysis.segments.space import Array

MEDIAN_CHI2 = 0.4549364  # median of chi-squared with one degree of freedom
HALVINGS = 30
ENOUGH, LEAST_RATIO = 10, 1.1  # fewest candidates, and least ratio, of an overdispersion
ALPHA_SINGLES, ALPHA_CONJUNCTIONS = (
    0.003,
    0.001,
)  # its level of significance: for single dimensions, and for conjunctions, which are more numerous


def overdispersion(search: Search, now: Choice) -> Array:
    """(candidates,) variance of the changes of candidates like each, relative to chance and net of the choice; >= 1.

    A candidate gets the largest overdispersion of its own dimensions. Chosen candidates do not count; but if many
    members of one dimension are chosen, they hide it: it is then estimated with them, by a median, which a few real
    changes do not move.
    """
    space, own = search.space, dict[tuple[int, ...], float]()
    singles = int((space.depths == 1).sum())
    weight = search.w0 * search.w1 / (search.w0 + search.w1)
    squares = search.evidence_of(now.chosen, now.fit) ** 2 / search.variance_ratio
    free = np.ones(len(space), dtype=np.bool_)
    free[list(now.chosen)] = False
    for block, start in zip(space.blocks, space.starts, strict=False):
        at = slice(start, start + len(block.keys))
        alpha, left = ALPHA_SINGLES if start < singles else ALPHA_CONJUNCTIONS, free[at]
        if start < singles and _many(search, now, block.dimensions[0], len(block.keys)):
            own[block.dimensions] = _median(_single(search, now, block.dimensions[0], at), weight[at], alpha)
        else:
            own[block.dimensions] = _mean(squares[at][left], weight[at][left], alpha)
    widest = [max(own[d] for d in own if set(d) <= set(block.dimensions)) for block in space.blocks]
    return np.asarray(1 + weight * np.repeat(widest, [len(block.keys) for block in space.blocks]))


def _many(search: Search, now: Choice, dimension: int, members: int) -> bool:
    """Whether more members of a dimension are chosen than a few real changes would explain."""
    return 4 * sum(dimension in dict(search.space.where(i)) for i in now.chosen) > members


def _single(search: Search, now: Choice, dimension: int, at: slice) -> Array:
    """Squared z of the members of a dimension around their median, net of the choice in other dimensions."""
    left = search.s1[at]
    for i, beta in zip(now.chosen, now.fit.beta[1:], strict=True):
        if all(d != dimension for d, _ in search.space.where(i)):
            left = left - beta * search.overlap(i)[at]
    w0, w1 = search.w0[at], search.w1[at]
    change, weight = left / w1 - search.s0[at] / w0, w0 * w1 / (w0 + w1)
    order = np.argsort(change, kind="stable")
    sums = np.cumsum(weight[order])
    middle = change[order][np.searchsorted(sums, sums[-1] / 2)]
    return np.asarray((change - middle) ** 2 * weight)


def _mean(squares: Array, weight: Array, alpha: float) -> float:
    """Variance of the random effect by the mean of squared z; 0 unless significant and large enough."""
    df = len(squares) - 1  # their common change is fitted
    if len(squares) < ENOUGH or float(squares.sum()) < LEAST_RATIO * df or stats.chi2.sf(squares.sum(), df) >= alpha:
        return 0.0
    return _solved(lambda t: float((squares / (1 + weight * t)).sum()) - df, weight)


def _median(squares: Array, weight: Array, alpha: float) -> float:
    """Variance of the random effect by the median of squared z; 0 unless significant and large enough."""
    middle = float(np.median(squares))
    p = float(stats.binom.sf(len(squares) / 2 - 1, len(squares), stats.chi2.sf(middle, 1)))  # of one so far out
    if len(squares) < ENOUGH or middle < LEAST_RATIO * MEDIAN_CHI2 or p >= alpha:
        return 0.0
    return _solved(lambda t: float(np.median(squares / (1 + weight * t))) - MEDIAN_CHI2, weight)


def _solved(excess: Callable[[float], float], weight: Array) -> float:
    """The variance of the random effect that leaves no excess (Paule and Mandel 1982)."""
    low, high = 0.0, 1 / float(weight.mean())
    while excess(high) > 0:
        high *= 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high
