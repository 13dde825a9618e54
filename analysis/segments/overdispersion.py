"""Do segments vary from period to period by themselves? Then a change must exceed that variation, not just chance.

The conjunctions over one tuple of dimensions share no answers, so their z are independent, with variance 1 by chance.
A larger variance (overdispersion) means that members vary by themselves, as teams do: each change then has a random
effect besides, whatever its number of answers, which matters most for large segments. A few real changes look alike:
whichever explains the z of all members better is believed, by penalised likelihood. A member counts for no more than
its price, so that a real change does not make the others waver; changes of single dimensions between earlier periods
count as those of this one do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.segments.search import Choice, Search
from analysis.segments.space import Array, Block

MEDIAN_CHI2 = 0.4549364  # median of chi-squared with one degree of freedom
ENOUGH = 5  # fewest members whose variance can be judged
PRICE = 1.5  # of an overdispersion, and the logarithm of how many of as many dimensions there could be
GRID = np.concatenate(
    [[0.0], np.geomspace(0.02, 300.0, 60)]
)  # variances of a random effect, in those of a mean member


def overdispersion(search: Search, now: Choice, earlier: Sequence[Search] = ()) -> Array:
    """(candidates,) variance of the changes of candidates like each, relative to chance and net of the choice; >= 1.

    A candidate gets the largest overdispersion of its own dimensions. earlier: searches, of depth one, of the changes
    between periods before.
    """
    space, own = search.space, dict[tuple[int, ...], float]()
    depths = np.bincount([len(block.dimensions) for block in space.blocks])
    for block in space.blocks:
        parts = [_members(search, now, block), *(_members(s, None, b) for s, b in _same(earlier, block))]
        squares, weight, most = (np.concatenate(column) for column in zip(*parts, strict=True))
        price = PRICE + float(np.log(depths[len(block.dimensions)]))
        own[block.dimensions] = random_variance(squares, weight, most, price)
    weight = search.w0 * search.w1 / (search.w0 + search.w1)
    widest = [max(own[d] for d in own if set(d) <= set(block.dimensions)) for block in space.blocks]
    return np.asarray(1 + weight * np.repeat(widest, [len(block.keys) for block in space.blocks]))


def random_variance(squares: Array, weight: Array, most: Array, price: float) -> float:
    """Variance of the random effect that makes squared z most likely; 0 unless it saves more than its price.

    weight: the precision of each change by chance; most: what each may count, its price as a real change.
    """
    if len(squares) < ENOUGH:
        return 0.0
    unit = GRID / float(weight.mean())
    scale = 1 + weight[:, None] * unit
    cost = (np.log(scale) / 2 + np.minimum(squares[:, None] / 2 / scale, most[:, None])).sum(axis=0)
    best = int(np.argmin(cost))
    return float(unit[best]) if cost[0] - cost[best] > price else 0.0


def _same(earlier: Sequence[Search], block: Block) -> list[tuple[Search, Block]]:
    return [(s, b) for s in earlier for b in s.space.blocks if b.dimensions == block.dimensions]


def _members(search: Search, now: Choice | None, block: Block) -> tuple[Array, Array, Array]:
    """Squared z of the candidates of a block, net of what is chosen elsewhere; precision by chance; prices."""
    start = int(search.space.starts[search.space.blocks.index(block)])
    at = slice(start, start + len(block.keys))
    chosen, fit = (now.chosen, now.fit) if now else ((), search.nothing.fit)
    elsewhere = [j for j, i in enumerate(chosen) if not at.start <= i < at.stop]
    beta = np.append(fit.beta[0], fit.beta[1:][elsewhere])
    z = search.net_of(tuple(chosen[j] for j in elsewhere), beta, at)
    w0, w1 = search.w0[at], search.w1[at]
    return z**2 / search.variance_ratio[at], w0 * w1 / (w0 + w1), search.price[1, at]
