"""What is left when others are held fixed, against regressions on rows and the coefficients of two columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.stats.coefficients import partial
from analysis.stats.nominal import cramers_v
from analysis.stats.partial_correlation import Block, residuals_of
from analysis.stats.proportions import chi_square
from tests.analysis.stats.tables import Table, rows_of, tables
from tests.proof import examples

N = 400


@pytest.fixture(scope="module")
def rows() -> dict[str, np.ndarray]:
    """A cause of three groups and a number behind x and y."""
    rng = np.random.default_rng(7)
    group, z = rng.integers(0, 3, N), rng.integers(0, 9, N)
    x = np.clip(group * 2 + z // 3 + rng.integers(0, 4, N), 0, 9)
    y = np.clip(group + z // 2 + rng.integers(0, 5, N), 0, 9)
    return {"x": x, "y": y, "group": group, "z": z, "kind": np.clip((x + y) // 5 + rng.integers(-1, 2, N), 0, 3)}


def number(codes: np.ndarray) -> Block:
    return Block.number(codes, np.arange(codes.max() + 1) ** 1.5)


def dummies(codes: np.ndarray) -> np.ndarray:
    return np.eye(codes.max() + 1)[codes][:, 1:]


def residual(columns: np.ndarray, on: list[np.ndarray]) -> np.ndarray:
    design = np.column_stack([np.ones(len(columns)), *on])
    return columns - design @ np.linalg.lstsq(design, columns, rcond=None)[0]


def test_a_partial_correlation_is_that_of_residuals(rows: dict[str, np.ndarray]) -> None:
    x, y, z = (rows[name] ** 1.5 for name in ("x", "y", "z"))
    found = residuals_of(number(rows["x"]), number(rows["y"]), [Block.groups(rows["group"], 3), number(rows["z"])])
    u, v = (residual(c.astype(float), [dummies(rows["group"]), z]) for c in (x, y))
    a, r = found.association(), float(np.corrcoef(u, v)[0, 1])
    assert (a.name, a.value, found.held, a.n) == ("partial", pytest.approx(r, abs=1e-12), 3, N)
    t = r * np.sqrt((N - 2 - 3) / (1 - r * r))
    assert a.p == pytest.approx(2 * stats.t.sf(abs(t), N - 5), rel=1e-9)
    assert (a.low, a.high) == pytest.approx(
        tuple(np.tanh(np.arctanh(r) + 1.959964 * s / np.sqrt(N - 6)) for s in (-1, 1))
    )
    scale = np.std(x) * np.std(y)
    assert found.products() * scale == pytest.approx(u * v, abs=1e-9)


def test_numbers_held_fixed_are_those_of_a_matrix_of_correlations(rows: dict[str, np.ndarray]) -> None:
    names = ["x", "y", "z", "kind"]
    r = np.corrcoef([rows[name] for name in names])
    blocks = [Block.number(rows[name], np.arange(10)) for name in names]
    ours, other = residuals_of(*blocks[:2], blocks[2:]).association(), partial(r, 0, 1, [2, 3], n=N)
    assert (ours.value, ours.low, ours.high, ours.p) == pytest.approx((other.value, other.low, other.high, other.p))


@pytest.mark.parametrize("held", [False, True])
def test_groups_and_a_number_share_the_gain_in_r2(rows: dict[str, np.ndarray], held: bool) -> None:
    y, on = rows["y"] ** 1.5, [dummies(rows["group"])] if held else []
    left = residuals_of(
        Block.groups(rows["kind"], 4), number(rows["y"]), [Block.groups(rows["group"], 3)] if held else []
    )
    without, with_ = (np.sum(residual(y, [*on, *more]) ** 2) for more in ([], [dummies(rows["kind"])]))
    share, n, a = 1 - with_ / without, N - left.held, left.association()
    assert a.name == "set_correlation"
    assert a.value**2 == pytest.approx((share - 3 / (n - 1)) / (1 - 1 / (n - 1)), rel=1e-9)
    assert a.p == pytest.approx(stats.chi2.sf(n * share, 3), rel=1e-9)
    assert a.low < np.sqrt(share) < a.high


@examples(30)
@given(tables(least=8))
def test_two_groups_with_nothing_held_are_cramers_v(table: Table) -> None:
    x, y = rows_of(table)
    ours = residuals_of(Block.groups(x, table.shape[0]), Block.groups(y, table.shape[1])).association()
    other, filled = cramers_v(table), [np.count_nonzero(table.sum(axis=a)) for a in (1, 0)]
    if min(filled) < 2 or len(x) <= max(filled):
        return
    if filled == [2, 2]:  # two indicators of which one follows from the other
        assert (ours.value, ours.p) == pytest.approx((other.value, other.p), abs=1e-6)
        return
    assert (ours.value, ours.low, ours.p) == pytest.approx((other.value, other.low, other.p), abs=1e-6)
    assert ours.p == pytest.approx(stats.chi2.sf(chi_square(table).statistic, chi_square(table).df), abs=1e-6)


@examples(20)
@given(st.integers(0, 10_000), st.permutations(range(3)), st.permutations(range(4)))
def test_order_of_sides_and_names_of_groups_do_not_count(seed: int, group: list[int], kind: list[int]) -> None:
    rng = np.random.default_rng(seed)
    x, y, z = rng.integers(0, 4, 60), rng.integers(0, 5, 60), rng.integers(0, 3, 60)
    y = np.minimum(y + (x > 1) + z, 4)
    one = residuals_of(Block.groups(x, 4), number(y), [Block.groups(z, 3)]).association()
    named = Block.groups(np.array(kind)[x], 4), [Block.groups(np.array(group)[z], 3)]
    for found in (residuals_of(named[0], number(y), named[1]), residuals_of(number(y), *named)):
        other = found.association()
        assert (other.value, other.low, other.high, other.p) == pytest.approx((one.value, one.low, one.high, one.p))


def test_what_follows_from_what_is_held_has_no_value(rows: dict[str, np.ndarray]) -> None:
    tells = Block.groups(rows["x"], 10)
    assert np.isnan(residuals_of(number(rows["x"]), number(rows["y"]), [tells]).association().value)
    assert np.isnan(residuals_of(Block.groups(rows["x"] // 3, 4), number(rows["y"]), [tells]).association().value)
    constant = Block.number(np.zeros(N, dtype=int), [5.0])
    assert np.isnan(residuals_of(constant, number(rows["y"])).association().value)


def test_the_same_twice_is_held_once(rows: dict[str, np.ndarray]) -> None:
    z, x, y = Block.groups(rows["group"], 3), number(rows["x"]), number(rows["y"])
    once, twice = residuals_of(x, y, [z]), residuals_of(x, y, [z, z])
    assert once.held == twice.held == 2
    assert twice.association().value == pytest.approx(once.association().value, abs=1e-12)


def test_weights_are_as_so_many_rows(rows: dict[str, np.ndarray]) -> None:
    w = 1 + rows["z"] % 3
    often = {name: np.repeat(codes, w) for name, codes in rows.items()}
    values = []
    for of, weight in ((rows, w / w.mean()), (often, None)):
        found = residuals_of(number(of["x"]), number(of["y"]), [Block.groups(of["group"], 3)], weight)
        values.append((found.xy, found.xx, found.yy))
    assert np.array(values[0]) == pytest.approx(np.array(values[1]), abs=1e-12)


def test_clusters_make_an_interval_wider_not_another_value(rows: dict[str, np.ndarray]) -> None:
    left = residuals_of(number(rows["x"]), number(rows["y"]))
    one, four = left.association(), left.association(design_effect=4)
    assert one.value == four.value and one.n == four.n
    assert np.arctanh(four.high) - np.arctanh(four.value) == pytest.approx(1.959964 / np.sqrt(N / 4 - 3))


def test_a_large_table_is_not_made(monkeypatch: pytest.MonkeyPatch, rows: dict[str, np.ndarray]) -> None:
    blocks = Block.groups(rows["kind"], 4), number(rows["y"]), [Block.groups(rows["group"], 3), number(rows["z"])]
    one = residuals_of(*blocks).association()
    monkeypatch.setattr("analysis.stats.partial_correlation.LARGEST_TABLE", 1)
    assert residuals_of(*blocks).association().value == pytest.approx(one.value, abs=1e-12)
    groups = Block.groups(rows["kind"], 4), Block.groups(rows["y"], 10), [number(rows["z"])]
    sums = residuals_of(*groups).sums(np.arange(N) % 7, np.ones(N))
    monkeypatch.undo()
    assert residuals_of(*groups).sums(np.arange(N) % 7, np.ones(N)) == pytest.approx(sums, abs=1e-9)


@pytest.mark.parametrize("held", [0, 1, 2])
def test_sums_by_cluster_are_those_of_the_rows(rows: dict[str, np.ndarray], held: int) -> None:
    cluster, w = np.arange(N) % 7, 1.0 + np.arange(N) % 2
    given = [Block.groups(rows["group"], 3), number(rows["z"])][:held]
    on = [dummies(rows["group"]), rows["z"][:, None] ** 1.5][:held]
    x, y = Block.groups(rows["kind"], 4), Block.groups(np.minimum(rows["y"] // 3, 2), 3)
    root = np.sqrt(w / w.mean())[:, None]

    def left_over(block: Block) -> np.ndarray:
        design = np.column_stack([np.ones(N), *on]) * root
        columns = block.scores[block.codes][:, 1:]
        found = columns - design @ np.linalg.lstsq(design, columns * root, rcond=None)[0] / root
        half = np.linalg.cholesky(np.linalg.inv((found * w[:, None]).T @ found / w.sum()))
        return found @ half

    u, v = left_over(x), left_over(y)
    sums = np.array([(u[cluster == c] * w[cluster == c, None]).T @ v[cluster == c] for c in range(7)])
    ours = residuals_of(x, y, given, w / w.mean()).sums(cluster, w)
    assert ours.shape == (7, 6)  # columns of spread 1 may be turned, their squares not
    assert np.sum(ours**2, axis=1) == pytest.approx(np.sum(sums**2, axis=(1, 2)))


def test_sums_of_two_numbers_are_those_of_their_products(rows: dict[str, np.ndarray]) -> None:
    left = residuals_of(number(rows["x"]), number(rows["y"]), [Block.groups(rows["group"], 3)])
    cluster, scale = np.arange(N) % 7, float(np.sqrt(left.xx[0, 0] * left.yy[0, 0]))
    assert left.sums(cluster, np.ones(N))[:, 0] == pytest.approx(np.bincount(cluster, left.products()) / scale)
