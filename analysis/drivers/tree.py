"""Do drivers interact? A shallow tree of the score, and a test of the interaction it suggests.

The tree is grown from covariate patterns in fine bins. An interaction is reported only if the product of the root's
split and one below it is significant in a linear model with all drivers and both splits, with clustered errors and
adjusted for all pairs of splits (Bonferroni), because the tree searched for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.drivers.patterns import Bins, CompleteCases, columns_of, finest, patterns
from analysis.result import Statement, Unit
from analysis.stats.clustered_regression import clustered_mean, clustered_ols
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array, Difference, t_bounds
from analysis.stats.regression import by_cluster, ols, together
from analysis.stats.regression_tree import Node, Split, grow

FINE, COARSE = (4, 8, 16), (2, 3, 5)
MOST_PATTERNS, MOST_CELLS = 50_000, 5_000
SMALLEST, LEAST_SHARE = 30.0, 0.01  # answers in a leaf, at least
NODES = ["node", "parent", "depth", "driver", "operator", "value", "members", "n", "mean", "low", "high"]


@dataclass(frozen=True)
class TreeSummary:
    """The tree's nodes as rows from the root downwards, its R2 and its findings."""

    nodes: pd.DataFrame
    r2: float
    findings: tuple[Statement, ...]


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A node with its path: the answers in it, and the split of its parent."""

    place: int
    parent: int
    depth: int
    node: Node
    split: Split | None
    is_low: bool
    inside: Array


def tree_of(cases: CompleteCases, drivers: Sequence[str], unit: Unit) -> TreeSummary:
    """A tree of the drivers; controls are not in it, only in the test of an interaction.

    Columns of `nodes`: operator at_most or above (`value` of the driver), among (`members` of a dimension) or "" for
    the root; mean with its 95 % interval, across clusters where there are enough.
    """
    nothing = pd.DataFrame({name: [] for name in NODES})
    if not len(cases.marks):
        return TreeSummary(nothing, NAN, ())
    bins = finest(cases, FINE, MOST_PATTERNS)
    first, pattern = patterns(bins)
    features = {name: _feature(cases, bins, name)[first] for name in drivers}
    y, w = cases.score, cases.weight
    n, total, squares = (np.bincount(pattern, sums) for sums in (w, w * y, w * y**2))
    whole = float(n.sum())
    tree = grow(
        features, n, total, squares, smallest=max(SMALLEST * whole / float(cases.counts.sum()), LEAST_SHARE * whole)
    )
    branches = list(_walk(tree.root, features, np.ones(len(first), dtype=bool)))
    inside = np.array([branch.inside for branch in branches])[:, pattern]
    low, high = _bounds(cases, branches, inside)
    rows = [
        {**_rule(branch, bins), "n": float(cases.counts[own].sum()), "mean": branch.node.mean, "low": a, "high": b}
        for branch, own, a, b in zip(branches, inside, low, high, strict=True)
    ]
    return TreeSummary(pd.DataFrame(rows, columns=NODES), tree.r2, _interaction(cases, bins, branches, inside, unit))


def _feature(cases: CompleteCases, bins: Bins, name: str) -> Array:
    """Numbers by the position of their bin, so that a rule can name its highest value; members by name."""
    values = cases.values[name]
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
        yield Branch(place=place, parent=parent, depth=depth, node=node, split=split, is_low=is_low, inside=inside)
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


def _bounds(cases: CompleteCases, branches: Sequence[Branch], inside: Array) -> tuple[Array, Array]:
    """95 % intervals of the nodes' means."""
    means = np.array([branch.node.mean for branch in branches])
    if cases.cluster is None:
        n = inside.sum(axis=1).astype(float) if cases.weighting is None else inside @ cases.counts
        spread = np.array([branch.node.sd for branch in branches])
        known = cases.weighting != "survey"
        return t_bounds(means, spread / np.sqrt(n - 1) if known else np.full(len(n), NAN), n - 1)
    error, df = np.array([_across_clusters(cases, own) for own in inside]).T
    return t_bounds(means, error, df)


def _across_clusters(cases: CompleteCases, inside: Array) -> tuple[float, float]:
    """Error and freedom of the mean of some answers, between clusters."""
    assert cases.cluster is not None
    own, w = cases.cluster[inside], cases.weight[inside]
    weight, total, n = (np.bincount(own, of) for of in (w, w * cases.score[inside], cases.counts[inside]))
    there = np.flatnonzero(weight)
    return clustered_mean(weight[there], total[there], n[there], alone=there >= cases.named)


def _interaction(
    cases: CompleteCases, bins: Bins, branches: Sequence[Branch], inside: Array, unit: Unit
) -> tuple[Statement, ...]:
    """The most significant interaction of the root's split with one below it, if any is significant."""
    if len(branches) < 3 or branches[0].node.split is None or cases.weighting == "survey":
        return ()
    root = branches[0].node.split
    cuts = sum(own.size - 1 for own in bins.values())
    tests = []
    for child in branches:
        split = child.split
        if child.depth != 2 or not child.is_low or split is None or split.feature == root.feature:
            continue
        one, other = inside[1], _is_low(cases, bins, split)
        test = _product_test(cases, one, other)
        tests.append((test.p * cuts**2 / 2, split, one, other))
    significant = [entry for entry in tests if entry[0] < SIGNIFICANCE]
    if not significant:
        return ()
    p, split, one, other = min(significant, key=lambda entry: entry[0])
    gaps = [_gap(cases, side, other) for side in (one, ~one)]
    values = {"first": gaps[0], "second": gaps[1], "p": p, "unit": unit}
    names = {"outer": {"dimension": root.feature}, "inner": {"dimension": split.feature}}
    return (Statement("drivers.interaction", {**names, **values}),)


def _is_low(cases: CompleteCases, bins: Bins, split: Split) -> Array:
    """Which answers go low at a split, also outside the branch in which the tree makes it."""
    return _goes_low(_feature(cases, bins, split.feature), split)


def _gap(cases: CompleteCases, side: Array, low: Array) -> float:
    """Mean score of those who go high less that of those who go low, on one side of the root."""
    y, w = cases.score, cases.weight
    means = [np.average(y[side & own], weights=w[side & own]) if (side & own).any() else NAN for own in (~low, low)]
    return float(means[0] - means[1])


def _product_test(cases: CompleteCases, one: Array, other: Array) -> Difference:
    """Test of the product of two splits in a linear model with both splits and all columns."""
    within = {"one": one.astype(np.int64), "other": other.astype(np.int64)}
    if cases.cluster is not None:
        within["cluster"] = cases.cluster
    bins = finest(cases, COARSE, MOST_CELLS, within)
    first, pattern = patterns(bins, within)
    columns = {name: numbers for name, (_, numbers) in columns_of(cases, bins, first, {}).items()}
    a, b = one[first].astype(float), other[first].astype(float)
    x = np.column_stack([*columns.values(), a, b, a * b])
    y, w = cases.score, cases.weight
    sums = [np.bincount(pattern, of) for of in (w, w * y, w * y**2)]
    cluster = np.zeros(len(first), dtype=int) if cases.cluster is None else cases.cluster[first]
    parts = by_cluster(cluster, [*columns, "(one)", "(other)", "(both)"], x, *sums)
    alone = np.unique(cluster) >= cases.named
    return (ols(together(parts)) if cases.cluster is None else clustered_ols(parts, alone=alone)).tests()[-1]
