"""Do segments waver from period to period by themselves? Then a change must stand out from that, not from chance.

The conjunctions over one tuple of dimensions have no answer in common, so their z are independent, of variance 1 by
chance. More than that is told of members that waver, as teams do whose weeks are good or bad together: each change
then has a variance of its own besides, however many answers it is told by, so it weighs most on large segments.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from analysis.segments.search import Choice, Search
from analysis.segments.space import Array

MEDIAN_CHI2 = 0.4549364  # median of chi-squared with one degree of freedom
HALVINGS = 30
ENOUGH, PLAINLY = 10, 1.1  # candidates and size that put scatter beyond chance
LUCK, OTHERS = 0.003, 0.001  # and p: of the members of one dimension, and of conjunctions, of which there are more


def scatter(search: Search, now: Choice) -> Array:
    """(candidates,) how much wider than chance candidates like each scatter beyond what is chosen: variance, >= 1.

    A candidate is held against the widest wavering of its own dimensions. What is chosen has no part in it; but many
    members chosen of one dimension hide its scatter: that of its singles is then told with them, by a median, which a
    few real changes do not move.
    """
    space, own = search.space, dict[tuple[int, ...], float]()
    singles = int((space.depths == 1).sum())
    weight = search.w0 * search.w1 / (search.w0 + search.w1)
    squares = search.evidence_of(now.chosen, now.fit) ** 2 / search.uneven
    free = np.ones(len(space), dtype=np.bool_)
    free[list(now.chosen)] = False
    for block, start in zip(space.blocks, space.starts, strict=False):
        at = slice(start, start + len(block.keys))
        luck, left = LUCK if start < singles else OTHERS, free[at]
        if start < singles and _many(search, now, block.dimensions[0], len(block.keys)):
            own[block.dimensions] = _median(_single(search, now, block.dimensions[0], at), weight[at], luck)
        else:
            own[block.dimensions] = _mean(squares[at][left], weight[at][left], luck)
    widest = [max(own[d] for d in own if set(d) <= set(block.dimensions)) for block in space.blocks]
    return np.asarray(1 + weight * np.repeat(widest, [len(block.keys) for block in space.blocks]))


def _many(search: Search, now: Choice, dimension: int, members: int) -> bool:
    """Whether more of a dimension was chosen than a few members that really changed."""
    return 4 * sum(dimension in dict(search.space.where(i)) for i in now.chosen) > members


def _single(search: Search, now: Choice, dimension: int, at: slice) -> Array:
    """Squared z of the members of a dimension, around their median, beyond what was chosen of other dimensions."""
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


def _mean(squares: Array, weight: Array, luck: float) -> float:
    """Wavering by the mean of squared z; 0 unless it is surely and plainly there."""
    df = len(squares) - 1  # their common change is fitted
    if len(squares) < ENOUGH or float(squares.sum()) < PLAINLY * df or stats.chi2.sf(squares.sum(), df) >= luck:
        return 0.0
    return _solved(lambda t: float((squares / (1 + weight * t)).sum()) - df, weight)


def _median(squares: Array, weight: Array, luck: float) -> float:
    """Wavering by the median of squared z; 0 unless it is surely and plainly there."""
    middle = float(np.median(squares))
    p = float(stats.binom.sf(len(squares) / 2 - 1, len(squares), stats.chi2.sf(middle, 1)))  # of one so far out
    if len(squares) < ENOUGH or middle < PLAINLY * MEDIAN_CHI2 or p >= luck:
        return 0.0
    return _solved(lambda t: float(np.median(squares / (1 + weight * t))) - MEDIAN_CHI2, weight)


def _solved(excess: Callable[[float], float], weight: Array) -> float:
    """The variance of a member's change by itself that leaves no excess (Paule and Mandel, 1982)."""
    low, high = 0.0, 1 / float(weight.mean())
    while excess(high) > 0:
        high *= 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high
