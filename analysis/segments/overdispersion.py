"""Do segments vary from period to period by themselves? Then a change must exceed that variation, not just chance.

The conjunctions over one tuple of dimensions share no answers, so their z are independent, with variance 1 by chance.
A larger variance (overdispersion) means that members vary by themselves, as teams do: each change then has a random
effect besides, whatever its number of answers, which matters most for large segments. A few real changes look alike:
whichever explains the z of all members better is believed, by penalised likelihood. A member counts for no more than
its price, so that a real change does not make the others waver; changes of single dimensions between earlier periods
count as those of this one do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import numpy as np

from analysis.segments.search import Choice, Search
from analysis.segments.space import Array

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
    sides = [_members(search, now), *(_members(before, before.nothing) for before in earlier)]
    for dimensions in sides[0]:
        parts = [side[dimensions] for side in sides if dimensions in side]
        squares, weight, most = (np.concatenate(column) for column in zip(*parts, strict=True))
        price = PRICE + float(np.log(depths[len(dimensions)]))
        own[dimensions] = random_variance(squares, weight, most, price)
    weight = search.w0 * search.w1 / (search.w0 + search.w1)
    widest = [max(own[d] for d in _within(block.dimensions) if d in own) for block in space.blocks]
    return np.asarray(1 + weight * np.repeat(widest, [len(block.keys) for block in space.blocks]))


def _within(dimensions: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Each tuple of some of the dimensions, and that of all."""
    return chain.from_iterable(combinations(dimensions, size) for size in range(1, len(dimensions) + 1))


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


def _members(search: Search, now: Choice) -> dict[tuple[int, ...], tuple[Array, Array, Array]]:
    """Of the candidates of each block squared z, net of what is chosen elsewhere; precision by chance; prices."""
    places = np.searchsorted(search.space.starts, np.array(now.chosen, dtype=np.int64), side="right") - 1
    squares = search.net_of(now.chosen, now.fit.beta) ** 2 / search.variance_ratio
    for place in set(places.tolist()):  # what is chosen in a block itself is not taken from it
        at = slice(int(search.space.starts[place]), int(search.space.starts[place + 1]))
        beta = np.append(now.fit.beta[0], now.fit.beta[1:][places != place])
        elsewhere = tuple(i for i, own in zip(now.chosen, places, strict=True) if own != place)
        squares[at] = search.net_of(elsewhere, beta, at) ** 2 / search.variance_ratio[at]
    columns = (squares, search.w0 * search.w1 / (search.w0 + search.w1), search.price[1])
    parts = zip(*(np.split(column, search.space.starts[1:-1]) for column in columns), strict=True)
    return {block.dimensions: part for block, part in zip(search.space.blocks, parts, strict=False)}
