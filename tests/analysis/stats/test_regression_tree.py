"""Trees from sums of patterns against scikit-learn on single answers, and planted interactions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeRegressor

from analysis.stats.regression_tree import Node, Tree, grow


def sums_of(
    columns: dict[str, np.ndarray], y: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """Patterns of numbers with answers, sum and sum of squares of each."""
    patterns, place = np.unique(np.column_stack(list(columns.values())), axis=0, return_inverse=True)
    n, total, squares = (np.bincount(place, w) for w in (np.ones(len(y)), y, y**2))
    return {name: patterns[:, i] for i, name in enumerate(columns)}, n, total, squares


def answers(seed: int, n: int = 600) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    wait, turns = rng.integers(0, 20, n).astype(float), rng.integers(1, 7, n).astype(float)
    bot = rng.integers(0, 2, n).astype(float)
    return {"wait": wait, "turns": turns, "bot": bot}, 80 - wait * bot - 2 * (turns > 4) + rng.normal(0, 6, n)


def flat(node: Node) -> list[tuple[str, float, float, float]]:
    """Every split from the top: feature, threshold, and means below it."""
    if node.split is None or node.low is None or node.high is None:
        return []
    own = (node.split.feature, node.split.threshold, node.low.mean, node.high.mean)
    return [own, *flat(node.low), *flat(node.high)]


@given(seed=st.integers(0, 10_000))
def test_against_scikit_learn_on_answers(seed: int) -> None:
    columns, y = answers(seed)
    got = grow(*sums_of(columns, y), smallest=40, gain=0.002)
    x = np.column_stack(list(columns.values()))
    expected = DecisionTreeRegressor(
        max_depth=3, min_samples_leaf=40, min_impurity_decrease=0.002 * y.var(), random_state=0
    )
    tree = expected.fit(x, y).tree_
    below = [k for k in range(tree.node_count) if tree.children_left[k] >= 0]
    means = tree.value[:, 0, 0]
    splits = [
        (
            list(columns)[tree.feature[k]],
            tree.threshold[k],
            means[tree.children_left[k]],
            means[tree.children_right[k]],
        )
        for k in below
    ]
    assert [s[:2] for s in flat(got.root)] == [s[:2] for s in splits]
    assert [m for s in flat(got.root) for m in s[2:]] == pytest.approx([m for s in splits for m in s[2:]], rel=1e-9)
    assert got.r2 == pytest.approx(expected.score(x, y), rel=1e-9)
    assert [leaf.n for leaf in got.leaves] == [
        tree.n_node_samples[k] for k in range(tree.node_count) if k not in below
    ]
    assert got.root.sd == pytest.approx(y.std(), rel=1e-9)


@given(seed=st.integers(0, 10_000))
def test_leaves_hold_everything_and_are_large_enough(seed: int) -> None:
    columns, y = answers(seed, 300)
    got = grow(*sums_of(columns, y), smallest=50, gain=0.0)
    assert sum(leaf.n for leaf in got.leaves) == 300 and min(leaf.n for leaf in got.leaves) >= 50
    assert sum(leaf.n * leaf.mean for leaf in got.leaves) == pytest.approx(y.sum(), rel=1e-9)
    assert len(got.leaves) <= 8 and 0 <= got.r2 <= 1


def test_a_planted_interaction_shows() -> None:
    """Waiting only costs where a bot answers: the tree divides by wait under the bot and not beside it."""
    rng = np.random.default_rng(1)
    wait, bot = rng.integers(0, 10, 4000).astype(float), rng.integers(0, 2, 4000)
    names = np.array(["human", "bot"])
    y = 90 - 15 * ((wait > 5) & (bot == 1)) + rng.normal(0, 5, 4000)
    got = grow({"channel": names[bot], "wait": wait}, np.ones(4000), y, y**2, depth=2, gain=0.01)
    first = got.root
    splits = flat(first)
    assert {s[0] for s in splits} == {"channel", "wait"} and len(got.leaves) == 3
    assert [s[1] for s in splits if s[0] == "wait"] == [5.5]
    worst = min(got.leaves, key=lambda leaf: leaf.mean)
    assert worst.mean == pytest.approx(75, abs=0.5) and worst.n == np.sum((wait > 5) & (bot == 1))


def test_categories_are_divided_as_well_as_can_be() -> None:
    """At the root no other division of the categories into two leaves fewer squares."""
    rng = np.random.default_rng(2)
    names = np.array(["phone", "chat", "mail", "shop", None], dtype=object)
    code = rng.integers(0, 5, 500)
    y = np.array([3.0, 9, 4, 8, 2])[code] + rng.normal(0, 2, 500)
    got = grow({"channel": names[code]}, np.ones(500), y, y**2, depth=1)
    assert got.root.split is not None and np.isnan(got.root.split.threshold)
    assert set(got.root.split.categories) == {"phone", "mail", None}

    def left(low: tuple[int, ...]) -> float:
        inside = np.isin(code, low)
        return float(sum(((y[part] - y[part].mean()) ** 2).sum() for part in (inside, ~inside)))

    ways = [low for k in range(1, 5) for low in itertools.combinations(range(5), k)]
    best = min(map(left, ways))
    assert sum(leaf.n * leaf.sd**2 for leaf in got.leaves) == pytest.approx(best, rel=1e-9)


def test_a_split_names_only_categories_that_are_there() -> None:
    channel = np.array(["chat", "mail", "phone", "shop"])
    mean, n = np.array([60.0, 10, 90, 40]), np.full(4, 100.0)
    root = grow({"channel": channel}, n, n * mean, n * (mean**2 + 1), depth=2).root
    assert root.low is not None and root.high is not None
    assert root.low.split is not None and root.high.split is not None and root.split is not None
    assert root.split.categories == ("mail", "shop")
    assert root.low.split.categories == ("mail",) and root.high.split.categories == ("chat",)


def test_weights_scale_out() -> None:
    columns, y = answers(3)
    features, n, total, squares = sums_of(columns, y)
    one, ten = grow(features, n, total, squares), grow(features, n * 10, total * 10, squares * 10, smallest=300)
    assert [s[:2] for s in flat(one.root)] == [s[:2] for s in flat(ten.root)]
    assert one.r2 == pytest.approx(ten.r2)


def test_blank_numbers_are_left_out_and_counted() -> None:
    columns, y = answers(4)
    columns["wait"][:50] = np.nan
    got = grow(columns, np.ones(600), y, y**2)
    rest = grow({name: column[50:] for name, column in columns.items()}, np.ones(550), y[50:], y[50:] ** 2)
    assert got.left_out == 50 and got.root == rest.root


def test_too_little_to_tell() -> None:
    zero, one = np.zeros(0), np.ones(40)
    empty = grow({"a": zero}, zero, zero, zero)
    assert empty.root.n == 0 and np.isnan(empty.root.mean) and np.isnan(empty.r2)
    same = grow({"a": np.arange(40.0)}, one, 7 * one, 49 * one, smallest=5)
    assert (same.root.sd, len(same.leaves)) == (0, 1) and np.isnan(same.r2)
    few = grow({"a": np.arange(40.0)}, one, np.arange(40.0), np.arange(40.0) ** 2)
    assert few == Tree(few.root, 0.0, 0.0) and few.root.split is None
    assert grow({}, one, np.arange(40.0), np.arange(40.0) ** 2).root.split is None
