"""What is each cell's level, whatever the period? Main effects and pairs, shrunk to 0 where answers are few.

The level only serves as a covariate: subtracting it removes the noise of a shifting mix inside a segment. It is the
same in both periods, so it can neither create nor hide a change of a segment against its own baseline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np

from analysis.segments.space import DENSE, Array, Codes, Members

SWEEPS = 2
AT_ONCE = 2**16  # cells
BANDS = 20  # bands of the level with a variance of their own


@dataclass(frozen=True)
class Level:
    """(cells,) expected value of an answer of either period, and the variance of one answer."""

    value: Array
    variance: Array

    def evidence(self, n: Array, total: Array, squares: Array) -> Evidence:
        """Answers less their level, each weighted by the precision of an answer of that level."""
        columns = np.empty((len(n), 7))
        variance, level, left = self.variance, self.value, np.zeros(len(n))
        for side in (0, 1):
            own = n[:, side]
            columns[:, side], columns[:, 2 + side] = own, own / variance
            columns[:, 4 + side] = (total[:, side] - level * own) / variance
            left += (squares[:, side] - 2 * level * total[:, side] + level**2 * own) / variance
        columns[:, 6] = left
        return Evidence(columns)


@dataclass(frozen=True)
class Evidence:
    """(cells, 7) side by side: of both periods answers, weights (answers over their variance) and sums, so weighted,
    of answers less their level; the squares of these over their variance, of both periods together.
    """

    columns: Array

    @cached_property
    def summed(self) -> Array:
        """(4, cells) weights and sums, each in one piece."""
        return np.ascontiguousarray(self.columns[:, 2:6].T)

    @property
    def weight(self) -> Array:
        """(cells, 2)"""
        return self.columns[:, 2:4]

    @property
    def sum(self) -> Array:
        """(cells, 2)"""
        return self.columns[:, 4:6]

    def less(self, other: Evidence) -> Evidence:
        """The evidence of the other half."""
        return Evidence(self.columns - other.columns)


def level_of(codes: Members, sizes: Sequence[int], n: Array, total: Array, squares: Array) -> Level:
    """Level and variance of every cell, from both periods."""
    level = levels(codes, sizes, n, total, squares)
    n_total, own = n.sum(axis=1), total.sum(axis=1)
    left = squares.sum(axis=1) - 2 * level * own + level**2 * n_total
    return Level(level, _variance(level, n_total, np.maximum(left, 0.0)))


def levels(codes: Members, sizes: Sequence[int], n: Array, total: Array, squares: Array) -> Array:
    """(cells,) expected value of an answer of either period, by backfitting of shrunk means."""
    n_total = n.sum(axis=1)
    means = total.sum(axis=0) / n.sum(axis=0)
    started = total.sum(axis=1) - n @ means  # the general change is not part of a cell's level
    mean = float(total.sum() / n_total.sum())
    noise = float((squares.sum() - n_total.sum() * mean**2) / n_total.sum())
    terms = [Term.of(codes, sizes, t) for k in (1, 2) for t in combinations(range(len(sizes)), k)]
    rest, last, step = started.copy(), Term(codes, sizes, (), 1), np.zeros(1)
    for term in terms * SWEEPS:
        found = _moved_on(rest, n_total, (last, step), term)
        if term.weight is None:
            term.weight = _weighed(term, n)
        now = _shrunk(term.weight, found + term.weight * term.effect, noise)
        last, step, term.effect = term, now - term.effect, now
    _moved_on(rest, n_total, (last, step), Term(codes, sizes, (), 1))
    return np.asarray(mean + np.divide(started - rest, n_total, out=np.zeros_like(rest), where=n_total > 0))


@dataclass
class Term:
    """A main effect or a pair: the member or the two members of each cell, the effect of each, and its answers."""

    codes: Members
    sizes: Sequence[int]
    dimensions: tuple[int, ...]
    size: int
    distinct: Codes | None = None  # of a pair with very many members: the place of each cell
    effect: Array = field(default_factory=lambda: np.zeros(1))
    weight: Array | None = None
    latest: tuple[slice, Codes] | None = None  # cells and their places, while the next step asks for them again

    @classmethod
    def of(cls, codes: Members, sizes: Sequence[int], dimensions: tuple[int, ...]) -> Term:
        size = int(np.prod([sizes[d] for d in dimensions]))
        if size <= DENSE:
            return cls(codes, sizes, dimensions, size, effect=np.zeros(size))
        whole = cls(codes, sizes, dimensions, size).keys(slice(None))
        known, place = np.unique(whole, return_inverse=True)
        return cls(codes, sizes, dimensions, len(known), place, np.zeros(len(known)))

    def keys(self, some: slice) -> Codes:
        """The place of some cells among the members."""
        if self.latest is None or self.latest[0] != some:
            self.latest = some, self._keys(some)
        return self.latest[1]

    def _keys(self, some: slice) -> Codes:
        if self.distinct is not None:
            return self.distinct[some]
        part = self.codes[some]
        if not self.dimensions:
            return np.zeros(len(part), dtype=np.int64)
        first, *others = self.dimensions
        key = part[:, first].astype(np.int64)
        for d in others:
            key *= self.sizes[d]
            key += part[:, d]
        return key


def _blocks(cells: int) -> Iterator[slice]:
    return (slice(first, min(first + AT_ONCE, cells)) for first in range(0, cells, AT_ONCE))


def _moved_on(rest: Array, n: Array, done: tuple[Term, Array], following: Term) -> Array:
    """Take the step of a term from `rest`, in place, and sum what is left by the members of the following one.

    In blocks of cells that fit a processor's cache: what is left is read once for both.
    """
    term, step = done
    sums = np.zeros(following.size)
    for some in _blocks(len(rest)):
        if step.any():
            rest[some] -= n[some] * step[term.keys(some)]
        sums += np.bincount(following.keys(some), rest[some], following.size)
    term.latest = None
    return sums


def _weighed(term: Term, n: Array) -> Array:
    """The answers of each member; none of a member that one period lacks: its level cannot be told from a change."""
    sums = np.zeros((2, term.size))
    for some in _blocks(len(n)):
        for side in (0, 1):
            sums[side] += np.bincount(term.keys(some), n[some, side], term.size)
    return np.asarray(np.where(sums.all(axis=0), sums.sum(axis=0), 0.0))


def _shrunk(weight: Array, total: Array, noise: float) -> Array:
    """Means shrunk to 0 by the share of their variance that is noise (method of moments)."""
    seen = weight > 0
    total = np.where(seen, total, 0.0)
    mean = np.divide(total, weight, out=np.zeros_like(total), where=seen)
    spread = (float(weight @ mean**2) - noise * int(seen.sum())) / max(float(weight.sum()), 1.0)
    if spread <= 0:
        return np.zeros_like(mean)
    return np.asarray(total / (weight + noise / spread))


def _variance(level: Array, n: Array, left: Array) -> Array:
    """(cells,) variance of one answer by bands of the level: near the ceiling answers vary less."""
    order = np.argsort(level, kind="stable")
    upto = np.cumsum(n[order]) / n.sum() * BANDS
    ends = np.searchsorted(upto, np.arange(1, BANDS))
    place = np.empty(len(level), dtype=np.int8)
    for band, own in enumerate(np.split(order, ends)):
        place[own] = band
    counts, sums = np.bincount(place, n, BANDS), np.bincount(place, left, BANDS)
    pooled = max(float(left.sum() / n.sum()), 1e-12)
    few = 0.01 * n.sum()
    return np.asarray((sums + few * pooled) / (counts + few))[place]
