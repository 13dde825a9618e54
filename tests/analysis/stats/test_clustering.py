"""The order of a heat map against the best of all orders, and planted copies."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.clustering import COPY, Likeness, duplicates, heat_map_order

Matrix = npt.NDArray[np.float64]


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    """Symmetric, up to 8 x 8, some of it unknown."""
    size = draw(st.integers(0, 8))
    cell = st.one_of(st.just(float("nan")), st.floats(-1, 1))
    drawn = np.array(draw(st.lists(cell, min_size=size * size, max_size=size * size))).reshape(size, size)
    matrix = np.triu(drawn, 1)
    return matrix + matrix.T + np.eye(size)


def blocks() -> Matrix:
    """Three families of three columns, whose members are mixed."""
    family = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2])
    return np.where(family[:, None] == family, 0.8, 0.1) + 0.2 * np.eye(9)


@given(matrices())
def test_every_row_is_there_once(matrix: Matrix) -> None:
    assert sorted(heat_map_order(matrix)) == list(range(len(matrix)))


def test_families_stand_together() -> None:
    order = heat_map_order(blocks())
    assert [len({k % 3 for k in order[at : at + 3]}) for at in (0, 3, 6)] == [1, 1, 1]


def test_the_sign_does_not_part_a_family() -> None:
    signs = np.array([1, 1, -1, -1, 1, 1, 1, -1, 1])
    assert heat_map_order(blocks() * np.outer(signs, signs)) == heat_map_order(blocks())


def test_a_chain_is_unrolled_as_the_best_of_all_orders() -> None:
    place = np.array([3, 0, 4, 1, 5, 2])
    matrix = 0.7 ** np.abs(place[:, None] - place)
    order = heat_map_order(matrix)
    neighbours = max(sum(matrix[a, b] for a, b in pairwise(o)) for o in permutations(range(6)))
    assert sum(matrix[a, b] for a, b in pairwise(order)) >= neighbours - 1e-9


@given(matrices())
def test_the_first_row_is_in_the_first_half(matrix: Matrix) -> None:
    order = heat_map_order(matrix)
    assert not order or 2 * order.index(0) <= len(order)


def test_an_unknown_coefficient_brings_nothing_together() -> None:
    matrix = np.array([[1, np.nan, 0.5], [np.nan, 1, 0.1], [0.5, 0.1, 1]])
    assert heat_map_order(matrix) == heat_map_order(np.nan_to_num(matrix)) == [0, 2, 1]


def test_planted_copies_and_near_copies_are_named() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(4, 500))
    rows = np.vstack([rows, -3 * rows[1], rows[2] + 0.1 * rng.normal(size=500)])
    found = duplicates(np.corrcoef(rows))
    assert [(f.i, f.j, f.copy) for f in found] == [(1, 4, True), (2, 5, False)]
    assert found[0].value < -COPY and 0.95 <= found[1].value < COPY


def test_the_limits_themselves_count() -> None:
    matrix = np.array([[1, 0.95, 0.9999], [0.95, 1, 0.9499], [0.9999, 0.9499, 1]])
    assert duplicates(matrix) == [Likeness(0, 2, 0.9999, True), Likeness(0, 1, 0.95, False)]


@given(matrices())
def test_nothing_duplicates_itself_or_the_unknown(matrix: Matrix) -> None:
    found = duplicates(matrix)
    assert all(pair.i < pair.j and abs(matrix[pair.i, pair.j]) >= 0.95 for pair in found)
    assert len(found) == np.sum(np.abs(np.triu(np.nan_to_num(matrix), 1)) >= 0.95)
