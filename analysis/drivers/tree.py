"""Do drivers work differently together? A shallow tree of the score, and whether an interaction it shows is sure.

The tree is grown from covariate patterns in fine bins. It suggests: a sentence is said only where the product of the
root's split and one below it matters beside all drivers and both splits themselves, judged across clusters and for
all the pairs of splits that could have been looked at (Bonferroni), because the tree searched for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.drivers.patterns import Answers, Bins, columns_of, finest, patterns
from analysis.result import Statement, Unit
from analysis.stats.clustered import ClusterSums, contrasts
from analysis.stats.clustered_regression import clustered_ols
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array, Difference, t_bounds
from analysis.stats.regression import by_cluster, ols, together
from analysis.stats.tree import Node, Split, grow

FINE, COARSE = (4, 8, 16), (2, 3, 5)
MOST_PATTERNS, MOST_CELLS = 50_000, 5_000
SMALLEST, LEAST_SHARE = 30.0, 0.01  # answers in a leaf, at least
NODES = ["node", "parent", "depth", "driver", "operator", "value", "members", "n", "mean", "low", "high"]


@dataclass(frozen=True)
class Grown:
    """The tree's nodes as rows from the root downwards, its part of the variance, and what it shows."""

    nodes: pd.DataFrame
    r2: float
    findings: tuple[Statement, ...]


@dataclass(frozen=True)
class Branch:
    """A node with the way to it: which answers it holds and by which split of its parent."""

    place: int
    parent: int
    depth: int
    node: Node
    split: Split | None
    is_low: bool
    inside: Array


def tree_of(answers: Answers, drivers: Sequence[str], unit: Unit) -> Grown:
    """A tree of the drivers; what is held fixed has no part in it, but stands beside an interaction's test.

    Columns of `nodes`: operator at_most or above (`value` of the driver), among (`members` of a dimension) or "" for
    the root; mean with its 95 % interval, across clusters where there are enough.
    """
    nothing = pd.DataFrame({name: [] for name in NODES})
    if not len(answers.marks):
        return Grown(nothing, NAN, ())
    bins = finest(answers, FINE, MOST_PATTERNS)
    first, pattern = patterns(bins)
    features = {name: _feature(answers, bins, name)[first] for name in drivers}
    y, w = answers.score, answers.weight
    n, total, squares = (np.bincount(pattern, sums) for sums in (w, w * y, w * y**2))
    whole = float(n.sum())
    tree = grow(features, n, total, squares, smallest=max(SMALLEST * whole / len(y), LEAST_SHARE * whole))
    branches = list(_walk(tree.root, features, np.ones(len(first), dtype=bool)))
    inside = np.array([branch.inside for branch in branches])[:, pattern]
    low, high = _bounds(answers, branches, inside)
    rows = [
        {**_rule(branch, bins), "n": float(answers.answers[own].sum()), "mean": branch.node.mean, "low": a, "high": b}
        for branch, own, a, b in zip(branches, inside, low, high, strict=True)
    ]
    return Grown(pd.DataFrame(rows, columns=NODES), tree.r2, _told(answers, bins, branches, inside, unit))


def _feature(answers: Answers, bins: Bins, name: str) -> Array:
    """Numbers by the place of their bin, so that a rule can name its highest value; members by name."""
    values = answers.values[name]
    if isinstance(values, tuple):
        return np.array(values, dtype=object)[bins[name].codes]
    return bins[name].codes.astype(float)


def _walk(root: Node, features: dict[str, Array], every: Array) -> Iterator[Branch]:
    """All nodes, each before those below it, numbered from 1."""
    waiting: list[tuple[Node, int, int, Split | None, bool, Array]] = [(root, 0, 0, None, True, every)]
    place = 0
    while waiting:
        node, parent, depth, split, is_low, inside = waiting.pop()
        place += 1
        yield Branch(place, parent, depth, node, split, is_low, inside)
        if node.split is None or node.low is None or node.high is None:
            continue
        goes_low = _goes_low(features[node.split.feature], node.split)
        waiting.append((node.high, place, depth + 1, node.split, False, inside & ~goes_low))
        waiting.append((node.low, place, depth + 1, node.split, True, inside & goes_low))


def _goes_low(values: Array, split: Split) -> Array:
    if split.categories:
        return np.isin(values, np.array(split.categories, dtype=object))
    return np.asarray(values <= split.threshold)


def _rule(branch: Branch, bins: Bins) -> dict[str, Any]:
    head = {"node": branch.place, "parent": branch.parent, "depth": branch.depth}
    split = branch.split
    if split is None:
        return {**head, "driver": "", "operator": "", "value": NAN, "members": ()}
    if split.categories:
        return {**head, "driver": split.feature, "operator": "among" if branch.is_low else "not_among", "value": NAN,
                "members": tuple(sorted(c or "" for c in split.categories))}  # fmt: skip
    value = float(bins[split.feature].highs[int(np.floor(split.threshold))])
    return {**head, "driver": split.feature, "operator": "at_most" if branch.is_low else "above", "value": value,
            "members": ()}  # fmt: skip


def _bounds(answers: Answers, branches: Sequence[Branch], inside: Array) -> tuple[Array, Array]:
    """95 % intervals of the nodes' means."""
    means = np.array([branch.node.mean for branch in branches])
    if answers.cluster is None:
        n = inside.sum(axis=1).astype(float) if answers.weighting is None else inside @ answers.answers
        spread = np.array([branch.node.sd for branch in branches])
        known = answers.weighting != "survey"
        return t_bounds(means, spread / np.sqrt(n - 1) if known else np.full(len(n), NAN), n - 1)
    clusters = int(answers.cluster.max()) + 1
    w, wy = answers.weight, answers.weight * answers.score
    sums = [[np.bincount(answers.cluster[own], of[own], clusters) for own in inside] for of in (w, wy)]
    problem, cluster = np.nonzero(np.array(sums[0]))
    weight, total = (np.array(of)[problem, cluster] for of in sums)
    own = ClusterSums.of(problem, np.zeros_like(problem), cluster, weight, total, problems=len(branches), groups=1)
    found = contrasts(own, np.ones(1))
    return t_bounds(means, found.error, found.df)


def _told(
    answers: Answers, bins: Bins, branches: Sequence[Branch], inside: Array, unit: Unit
) -> tuple[Statement, ...]:
    """The surest interaction of the root's split with one below it, if any is sure."""
    if len(branches) < 3 or branches[0].node.split is None or answers.weighting == "survey":
        return ()
    root = branches[0].node.split
    cuts = sum(own.size - 1 for own in bins.values())
    found = []
    for child in branches:
        split = child.split
        if child.depth != 2 or not child.is_low or split is None or split.feature == root.feature:
            continue
        one, other = inside[1], _low_anywhere(answers, bins, split)
        test = _product_test(answers, one, other)
        found.append((test.p * cuts**2 / 2, split, one, other))
    sure = [entry for entry in found if entry[0] < SIGNIFICANCE]
    if not sure:
        return ()
    p, split, one, other = min(sure, key=lambda entry: entry[0])
    gaps = [_gap(answers, side, other) for side in (one, ~one)]
    values = {"first": gaps[0], "second": gaps[1], "p": p, "unit": unit}
    names = {"outer": {"dimension": root.feature}, "inner": {"dimension": split.feature}}
    return (Statement("drivers.interaction", {**names, **values}),)


def _low_anywhere(answers: Answers, bins: Bins, split: Split) -> Array:
    """Which of all answers would go low at a split that the tree makes in one branch only."""
    return _goes_low(_feature(answers, bins, split.feature), split)


def _gap(answers: Answers, side: Array, low: Array) -> float:
    """Mean score of those who go high less that of those who go low, on one side of the root."""
    y, w = answers.score, answers.weight
    means = [np.average(y[side & own], weights=w[side & own]) if (side & own).any() else NAN for own in (~low, low)]
    return float(means[0] - means[1])


def _product_test(answers: Answers, one: Array, other: Array) -> Difference:
    """Whether two splits together do more than their sum, beside all columns as they stand in a linear model."""
    within = {"one": one.astype(np.int64), "other": other.astype(np.int64)}
    if answers.cluster is not None:
        within["cluster"] = answers.cluster
    bins = finest(answers, COARSE, MOST_CELLS, within)
    first, pattern = patterns(bins, within)
    columns = {name: numbers for name, (_, numbers) in columns_of(answers, bins, first, {}).items()}
    a, b = one[first].astype(float), other[first].astype(float)
    x = np.column_stack([*columns.values(), a, b, a * b])
    y, w = answers.score, answers.weight
    sums = [np.bincount(pattern, of) for of in (w, w * y, w * y**2)]
    cluster = np.zeros(len(first), dtype=int) if answers.cluster is None else answers.cluster[first]
    parts = by_cluster(cluster, [*columns, "(one)", "(other)", "(both)"], x, *sums)
    return (ols(together(parts)) if answers.cluster is None else clustered_ols(parts)).tests()[-1]
