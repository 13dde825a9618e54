"""Coefficients of ordered quantities against scipy on the rows, R, numeric derivatives and random orders."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.stats.coefficients import Association
from analysis.stats.concordance import goodman_kruskal_gamma, kendall_tau_b, somers_d, spearman
from analysis.stats.nominal import cramers_v
from analysis.stats.ranks import cliffs_delta, mann_whitney
from tests.analysis.stats.golden import Case, data
from tests.analysis.stats.tables import Table, rows_of, tables
from tests.proof import Figure

Coefficient = Callable[..., Association]
ALL: list[Coefficient] = [spearman, kendall_tau_b, somers_d, goodman_kruskal_gamma]
SYMMETRIC: list[Coefficient] = [spearman, kendall_tau_b, goodman_kruskal_gamma]
TREND = np.exp(0.4 * np.outer(np.arange(5) - 2, np.arange(4) - 1.5)) * [[1, 2, 4, 3]]


def varies(table: Table) -> bool:
    return min((table.sum(axis=axis) > 0).sum() for axis in (0, 1)) > 1


def csat() -> Table:
    table = data("solve_osat_counts").pivot(index="Var1", columns="Var2", values="Freq")
    return table.to_numpy(dtype=float)


def test_the_csat_table_is_rs() -> None:
    golden, table = Case("ordinal_assoc_csat"), csat()
    assert spearman(table).value == golden.near("spearman")
    assert kendall_tau_b(table).value == golden.near("tau_b")
    assert goodman_kruskal_gamma(table).value == golden.near("gamma")
    assert somers_d(table).value == golden.near("somers_d_col_dependent")
    assert somers_d(table.T).value == golden.near("somers_d_row_dependent")
    assert stats.norm.isf(kendall_tau_b(table).p / 2) == golden.near("kendall_z")


@given(tables(least=3))
def test_spearman_is_scipys_on_the_rows(table: Table) -> None:
    got = spearman(table)
    if not varies(table):
        assert math.isnan(got.value) and math.isnan(got.p)
        return
    expected = stats.spearmanr(*rows_of(table))
    assert (got.value, got.p) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-9)


@given(tables(least=3))
def test_tau_b_is_scipys_on_the_rows(table: Table) -> None:
    got = kendall_tau_b(table)
    if not varies(table):
        assert math.isnan(got.value)
        return
    expected = stats.kendalltau(*rows_of(table), method="asymptotic")
    assert (got.value, got.p) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-9)


@given(tables(least=3))
def test_somers_d_is_scipys(table: Table) -> None:
    got = somers_d(table)
    if varies(table):
        assert got.value == pytest.approx(stats.somersd(table).statistic, abs=1e-9)
    else:
        assert math.isnan(got.value)


@given(tables())
def test_gamma_is_the_balance_of_untied_pairs(table: Table) -> None:
    x, y = rows_of(table)
    order = np.sign(x[:, None] - x) * np.sign(y[:, None] - y)
    got = goodman_kruskal_gamma(table)
    if not order.any():
        assert math.isnan(got.value)
        return
    assert got.value == pytest.approx(order.sum() / np.abs(order).sum(), abs=1e-12)


@pytest.mark.parametrize("coefficient", ALL)
@given(table=tables())
def test_an_interval_is_within_bounds_around_its_value(coefficient: Coefficient, table: Table) -> None:
    got = coefficient(table)
    if math.isnan(got.value):
        assert math.isnan(got.low) and math.isnan(got.high)
    elif not math.isnan(got.low):
        assert -1 <= got.low <= got.value <= got.high <= 1
    assert math.isnan(got.p) or 0 <= got.p <= 1


@pytest.mark.parametrize("coefficient", SYMMETRIC)
@given(table=tables())
def test_neither_side_comes_first(coefficient: Coefficient, table: Table) -> None:
    assert_alike(coefficient(table), coefficient(table.T))


@given(tables(least=3))
def test_tau_b_is_between_the_two_directions(table: Table) -> None:
    tau, one, other = kendall_tau_b(table).value, somers_d(table).value, somers_d(table.T).value
    assert tau * tau == pytest.approx(one * other, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("coefficient", ALL)
@given(table=tables())
def test_a_reversed_side_turns_the_sign(coefficient: Coefficient, table: Table) -> None:
    plain, turned = coefficient(table), coefficient(table[::-1])
    flipped = Association(plain.name, -turned.value, -turned.high, -turned.low, turned.p, turned.n)
    assert_alike(plain, flipped)


@pytest.mark.parametrize("coefficient", ALL)
@given(table=tables(), at=st.integers(0, 6))
def test_a_value_nobody_has_changes_nothing(coefficient: Coefficient, table: Table, at: int) -> None:
    at = min(at, table.shape[1])
    assert_alike(coefficient(table), coefficient(np.insert(table, at, 0, axis=1)))


@given(st.permutations(range(12)))
def test_without_ties_tau_b_gamma_and_d_are_one(order: list[int]) -> None:
    table = np.eye(12)[order]
    values = [f(table).value for f in (kendall_tau_b, goodman_kruskal_gamma, somers_d)]
    assert values == pytest.approx([stats.kendalltau(range(12), order).statistic] * 3)


@given(tables(rows=2, least=4))
def test_with_two_groups_somers_d_is_cliffs_delta(table: Table) -> None:
    if varies(table):
        assert somers_d(table).value == pytest.approx(cliffs_delta(mann_whitney(*table).a), abs=1e-9)


@pytest.mark.parametrize("coefficient", ALL)
@pytest.mark.parametrize("table", [csat(), TREND, TREND[::-1] ** 2, np.array([[30.0, 20, 1], [4, 20, 60]])])
def test_the_error_is_that_of_the_numeric_derivative(coefficient: Coefficient, table: Table) -> None:
    got, n, step = coefficient(table), table.sum(), 1e-6
    cells = [step * n * np.eye(table.size)[k].reshape(table.shape) for k in range(table.size)]
    up, down = (
        [coefficient(table * (1 - s) + sign * c).value for c in cells] for s, sign in ((step, 1), (-step, -1))
    )
    slopes = (np.array(up) - np.array(down)) / (2 * step)
    error = math.sqrt(np.sum(table.ravel() * slopes**2)) / n
    reach = stats.norm.ppf(0.975) * error / (1 - got.value**2)
    middle = np.arctanh(got.value)
    assert (got.low, got.high) == pytest.approx((np.tanh(middle - reach), np.tanh(middle + reach)), rel=1e-5)


@pytest.mark.prove
@pytest.mark.parametrize("coefficient", ALL)
def test_p_of_unrelated_answers_is_held_and_even(coefficient: Coefficient, figure: Figure) -> None:
    rng, margin = np.random.default_rng(11), np.outer([0.1, 0.2, 0.4, 0.2, 0.1], [0.05, 0.1, 0.25, 0.3, 0.3])
    p = [coefficient(rng.multinomial(80, margin.ravel()).reshape(5, 5)).p for _ in range(1500)]
    assert figure("p < 5 %", np.mean(np.array(p) < 0.05)) == pytest.approx(0.05, abs=0.018)
    assert stats.kstest(p, "uniform").pvalue > 0.001


@pytest.mark.prove
@pytest.mark.parametrize("coefficient", ALL)
@pytest.mark.parametrize("n", [40, 400])
def test_the_interval_holds_the_truth(coefficient: Coefficient, n: int, figure: Figure) -> None:
    rng, shares = np.random.default_rng(n), TREND / TREND.sum()
    truth = coefficient(TREND * 1e6).value
    drawn = [coefficient(rng.multinomial(n, shares.ravel()).reshape(TREND.shape)) for _ in range(800)]
    assert figure("covered", np.mean([a.low <= truth <= a.high for a in drawn])) == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("coefficient", ALL)
@pytest.mark.parametrize("table", [np.zeros((3, 3)), np.eye(3)[:1] * 5, np.array([[0, 9, 0], [0, 4, 0]]), np.eye(1)])
def test_what_does_not_vary_goes_with_nothing(coefficient: Coefficient, table: Table) -> None:
    got = coefficient(table)
    assert all(math.isnan(v) for v in (got.value, got.low, got.high)) and got.n == table.sum()


@pytest.mark.parametrize("coefficient", ALL)
def test_perfect_order_is_one_and_has_no_interval(coefficient: Coefficient) -> None:
    got = coefficient(np.diag([5, 6, 7, 8]))
    assert got.value == pytest.approx(1.0) and math.isnan(got.low) and got.p < 1e-6


@pytest.mark.parametrize("coefficient", ALL)
def test_a_million_answers_do_not_overflow(coefficient: Coefficient) -> None:
    few, many = coefficient(TREND * 1e3), coefficient(TREND * 1e9)
    assert many.value == pytest.approx(few.value) and many.high - many.low < 1e-3 * (few.high - few.low) * 1.01


def assert_alike(one: Association, other: Association) -> None:
    for mine, theirs in ((one.value, other.value), (one.low, other.low), (one.high, other.high), (one.p, other.p)):
        assert mine == pytest.approx(theirs, abs=1e-7, nan_ok=True)


@pytest.mark.prove
def test_a_matrix_of_thirty_columns_takes_seconds() -> None:
    """435 tables of 50 x 50, a third of each kind; time of the processor, which other work does not lengthen."""
    rng = np.random.default_rng(51)
    kinds = [kendall_tau_b, spearman, cramers_v]
    drawn = [rng.integers(0, 50, (50, 50)) for _ in range(435)]
    start = time.process_time()
    for k, table in enumerate(drawn):
        kinds[k % 3](table)
    assert time.process_time() - start < 3
