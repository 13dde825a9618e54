"""Do drivers work differently together than one by one? A shallow tree of the mean of a score.

Grown from the sums of covariate patterns (CART, Breiman and others 1984): at each node the split that takes most of
the squares. The same tree as scikit-learn's, without its import, and each node asks whether it may go on. An
interaction that a linear model misses shows as different splits in the two branches. The tree is greedy and fitted to
luck as well: it suggests where to look, and neither tests nor ranks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import NAN, Array
from analysis.stats.patience import go_on

DEPTH = 3
SMALLEST = 30.0
GAIN = 0.001


@dataclass(frozen=True)
class Split:
    """Answers go low if `feature` is at most `threshold`, or for a factor (threshold NaN) among `categories`."""

    feature: str
    threshold: float
    categories: tuple[str | None, ...]


@dataclass(frozen=True)
class Node:
    """Some answers: how many (or their weight), mean and standard deviation of the score, and how they divide."""

    n: float
    mean: float
    sd: float
    split: Split | None = None
    low: Node | None = None
    high: Node | None = None


@dataclass(frozen=True)
class Tree:
    """`r2` is the share of the score's variance between the leaves; `left_out`: answers with a blank number."""

    root: Node
    r2: float
    left_out: float

    @property
    def leaves(self) -> tuple[Node, ...]:
        """Nodes that are not divided, from low to high at each split."""
        return _leaves(self.root)


def _leaves(node: Node) -> tuple[Node, ...]:
    if node.low is None or node.high is None:
        return (node,)
    return _leaves(node.low) + _leaves(node.high)


def grow(
    features: Mapping[str, Array],
    n: Array,
    total: Array,
    squares: Array,
    *,
    depth: int = DEPTH,
    smallest: float = SMALLEST,
    gain: float = GAIN,
) -> Tree:
    """A tree from covariate patterns: answers, sum of the score and of its square of each.

    features: by name, numbers or texts (a factor, None a category of its own), one a pattern. A factor's categories
    are put in the order of their mean score and divided at one place: the best division of all into two at the root
    (Fisher 1958), near it further down. smallest: answers in a leaf; gain: share of all squares a split has to take.
    With survey weights the three sums are weighted, and `smallest` is a weight.

    >>> tree = grow({"wait": np.array([1.0, 2, 3])}, np.full(3, 50), np.array([450.0, 440, 300]), np.full(3, 4500.0))
    >>> tree.root.split, [leaf.n for leaf in tree.leaves]
    (Split(feature='wait', threshold=2.5, categories=()), [100.0, 50.0])
    """
    n, total, squares = (np.asarray(a, dtype=float) for a in (n, total, squares))
    known = np.logical_and.reduce([n > 0, *(~_blank(column) for column in features.values())])
    left_out = float(n[~known].sum())
    own = {name: column[known] for name, column in features.items()}
    n, total, squares = n[known], total[known], squares[known]
    root = _node(n, total, squares)
    if not own or not root.sd > 0 or root.n < 2 * smallest:
        return Tree(root, NAN if not root.sd > 0 else 0.0, left_out)
    growing = _Growing.of(own, np.array([n, total, squares]), smallest * (1 - 1e-9), gain * root.sd**2 * root.n)
    grown = growing.node(np.arange(len(n)), depth)
    leaves = _leaves(grown)
    return Tree(grown, 1 - sum(leaf.n * leaf.sd**2 for leaf in leaves) / (root.n * root.sd**2), left_out)


def _blank(column: Array) -> Array:
    return np.isnan(column) if _is_number(column) else np.zeros(len(column), dtype=bool)


def _is_number(column: Array) -> bool:
    return bool(np.issubdtype(column.dtype, np.number) or column.dtype == bool)


def _coded(column: Array, n: Array, total: Array) -> _Coded:
    """The values in their order: numbers ascending, the categories of a factor from the lowest mean on."""
    if _is_number(column):
        values, codes = np.unique(column.astype(float), return_inverse=True)
        return _Coded(codes, values, ())
    names = sorted(set(column.tolist()), key=lambda name: (name is not None, name or ""))
    places = {name: i for i, name in enumerate(names)}
    place = np.array([places[value] for value in column.tolist()])
    order = np.argsort(np.bincount(place, total) / np.bincount(place, n), kind="stable")
    return _Coded(np.argsort(order)[place], np.arange(len(names), dtype=float), tuple(names[i] for i in order))


def _node(n: Array, total: Array, squares: Array) -> Node:
    size = float(n.sum())
    if size <= 0:
        return Node(0.0, NAN, NAN)
    mean = float(total.sum()) / size
    variance = float(squares.sum()) / size - mean**2
    return Node(size, mean, float(np.sqrt(variance)) if variance > 1e-12 * mean**2 else 0.0)


@dataclass(frozen=True)
class _Coded:
    """A feature: the place of each pattern's value among `values`, which ascend; the categories of a factor."""

    codes: Array
    values: Array
    categories: tuple[str | None, ...]


@dataclass(frozen=True)
class _Best:
    """The split of a node that takes most: by how much, and the greatest value that goes low with the next one."""

    gain: float
    feature: str
    last: int
    next: int


@dataclass(frozen=True)
class _Growing:
    """Features and sums of all patterns; the least weight of a leaf and the least sum of squares a split takes."""

    features: Mapping[str, _Coded]
    sums: Array
    smallest: float
    least: float

    @classmethod
    def of(cls, columns: Mapping[str, Array], sums: Array, smallest: float, least: float) -> _Growing:
        return cls({name: _coded(column, *sums[:2]) for name, column in columns.items()}, sums, smallest, least)

    def node(self, rows: Array, depth: int) -> Node:
        """The node of some patterns, with those below it."""
        go_on()
        node = _node(*self.sums[:, rows])
        best = max((self._best(name, rows) for name in self.features), key=lambda b: b.gain) if depth else NO_SPLIT
        if not best.gain > 0 or best.gain < self.least:
            return node
        coded = self.features[best.feature]
        own = coded.codes[rows]
        low, high = rows[own <= best.last], rows[own > best.last]
        split = _split(best, coded, own)
        return Node(node.n, node.mean, node.sd, split, self.node(low, depth - 1), self.node(high, depth - 1))

    def _best(self, name: str, rows: Array) -> _Best:
        """The best split of some patterns by one feature."""
        coded = self.features[name]
        own, (n, total, _) = coded.codes[rows], self.sums[:, rows]
        there = np.flatnonzero(np.bincount(own, minlength=len(coded.values)))
        weight, mass = (np.cumsum(np.bincount(own, of, len(coded.values))[there]) for of in (n, total))
        left, right = weight[:-1], weight[-1] - weight[:-1]
        if not (allowed := (left >= self.smallest) & (right >= self.smallest)).any():
            return NO_SPLIT
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = left * right / weight[-1] * (mass[:-1] / left - (mass[-1] - mass[:-1]) / right) ** 2
        place = int(np.argmax(np.where(allowed, apart, -1.0)))
        return _Best(float(apart[place]), name, int(there[place]), int(there[place + 1]))


NO_SPLIT = _Best(0.0, "", -1, -1)


def _split(best: _Best, coded: _Coded, own: Array) -> Split:
    """As it is named: numbers by the middle between both sides, categories by those that go low."""
    if not coded.categories:
        return Split(best.feature, float(coded.values[best.last] + coded.values[best.next]) / 2, ())
    return Split(best.feature, NAN, tuple(coded.categories[code] for code in np.unique(own[own <= best.last])))
