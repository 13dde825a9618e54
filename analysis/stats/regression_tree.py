"""Do drivers work differently together than one by one? A shallow tree of the mean of a score.

Grown from the sums of covariate patterns by scikit-learn (CART, Breiman and others 1984): at each node the split that
takes most of the squares. An interaction that a linear model misses shows as different splits in the two branches.
The tree is greedy and fitted to luck as well: it suggests where to look, and neither tests nor ranks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.stats.intervals import NAN, Array

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
    coded = {name: _coded(column, n, total) for name, column in own.items()}
    x = np.column_stack([codes for codes, _ in coded.values()])
    fitted = _fitted(x, n, total, depth, smallest, gain * root.sd**2)
    members = fitted.decision_path(x).toarray().astype(bool)
    orders = {name: order for name, (_, order) in coded.items()}
    grown = _Grown(fitted.tree_, x, members, np.array([n, total, squares]), orders).node(0)
    leaves = _leaves(grown)
    return Tree(grown, 1 - sum(leaf.n * leaf.sd**2 for leaf in leaves) / (root.n * root.sd**2), left_out)


def _blank(column: Array) -> Array:
    return np.isnan(column) if _is_number(column) else np.zeros(len(column), dtype=bool)


def _is_number(column: Array) -> bool:
    return bool(np.issubdtype(column.dtype, np.number) or column.dtype == bool)


def _coded(column: Array, n: Array, total: Array) -> tuple[Array, tuple[str | None, ...]]:
    """Numbers to divide by, and for a factor the category of each number from 0: lowest mean first."""
    if _is_number(column):
        return column.astype(float), ()
    names = sorted(set(column.tolist()), key=lambda name: (name is not None, name or ""))
    place = np.array([names.index(value) for value in column.tolist()])
    order = np.argsort(np.bincount(place, total) / np.bincount(place, n), kind="stable")
    return np.argsort(order)[place].astype(float), tuple(names[i] for i in order)


def _fitted(x: Array, n: Array, total: Array, depth: int, smallest: float, least: float) -> Any:
    """Patterns weigh as many answers; what varies within a pattern is the same for every split."""
    from sklearn.tree import DecisionTreeRegressor  # slow to import: only who asks waits

    tree = DecisionTreeRegressor(
        max_depth=depth,
        min_weight_fraction_leaf=smallest * (1 - 1e-9) / n.sum(),
        min_impurity_decrease=least,
        random_state=0,
    )
    return tree.fit(x, total / n, sample_weight=n)


def _node(n: Array, total: Array, squares: Array) -> Node:
    size = float(n.sum())
    if size <= 0:
        return Node(0.0, NAN, NAN)
    mean = float(total.sum()) / size
    variance = float(squares.sum()) / size - mean**2
    return Node(size, mean, float(np.sqrt(variance)) if variance > 1e-12 * mean**2 else 0.0)


@dataclass(frozen=True)
class _Grown:
    """scikit-learn's arrays, the patterns (rows) in each node (columns), their sums, and the factors' categories."""

    tree: Any
    x: Array
    members: Array
    sums: Array
    orders: Mapping[str, tuple[str | None, ...]]

    def node(self, place: int) -> Node:
        """The node at a place, with those below it."""
        node, low = _node(*self.sums[:, self.members[:, place]]), int(self.tree.children_left[place])
        if low < 0:
            return node
        high = int(self.tree.children_right[place])
        return Node(node.n, node.mean, node.sd, self._split(place, low), self.node(low), self.node(high))

    def _split(self, place: int, low: int) -> Split:
        feature = int(self.tree.feature[place])
        name, order = list(self.orders.items())[feature]
        if not order:
            return Split(name, float(self.tree.threshold[place]), ())
        codes = np.unique(self.x[self.members[:, low], feature]).astype(int)
        return Split(name, NAN, tuple(order[code] for code in codes))
