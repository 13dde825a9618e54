"""Shares and tables, against R 4.2.2 (prop.test, DescTools, fisher.test, vcd), SciPy and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table, Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.stats.intervals import Array
from analysis.stats.proportions import (
    DRAWS,
    chi_square,
    cohens_h,
    fisher,
    fisher_monte_carlo,
    newcombe,
    odds_ratio,
    risk_ratio,
    two_proportions,
)
from tests.analysis.stats.golden import Case, data
from tests.proof import Figure

TWO = Case("two_prop_newcombe")
EXACT = Case("fisher_exact")
JOBS = Case("chi2_sparse_jobsat")
(XA, NA), (XB, NB) = TWO.inputs["a"], TWO.inputs["b"]
Counts = st.integers(0, 300)


@st.composite
def groups(draw: st.DrawFn) -> tuple[int, int, int, int]:
    n0, n1 = draw(st.integers(1, 400)), draw(st.integers(1, 400))
    return draw(st.integers(0, n0)), n0, draw(st.integers(0, n1)), n1


@st.composite
def tables(draw: st.DrawFn, *, most: int = 60) -> Array:
    k, m = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    return np.array(draw(st.lists(st.lists(st.integers(0, most), min_size=m, max_size=m), min_size=k, max_size=k)))


def jobs() -> Array:
    return data("jobsat").pivot(index="income", columns="satisfaction", values="Freq").to_numpy()


# ---------------------------------------------------------------- golden numbers
def test_two_proportions_against_r() -> None:
    found = two_proportions(XB, NB, XA, NA)
    assert (found.chi2, found.p) == (TWO.near("X2"), TWO.near("p"))
    assert found.z > 0


@pytest.mark.parametrize("key, pair", [("newcombe", "ab"), ("newcombe_9_3", "b2"), ("newcombe_10_0", "b3")])
def test_newcombe_against_r(key: str, pair: str) -> None:
    (x1, n1), (x0, n0) = [TWO.inputs["a"], TWO.inputs["b"]] if pair == "ab" else TWO.inputs[pair]
    found = newcombe(x0, n0, x1, n1)
    assert [found.low, found.high] == TWO.near(key)


def test_ratios_and_h_against_r() -> None:
    risk, odds = risk_ratio(XB, NB, XA, NA), odds_ratio(XB, NB, XA, NA)
    assert [risk.value, risk.low, risk.high] == TWO.close([TWO.expected["rr"], *TWO.expected["rr_ci"]])
    assert [odds.value, odds.low, odds.high] == TWO.close([TWO.expected["or"], *TWO.expected["or_ci"]])
    assert cohens_h(XB / NB, XA / NA) == TWO.near("cohens_h")


@pytest.mark.parametrize("name, odds", [("tea", "tea_or_conditional_mle"), ("convictions", "convictions_or_cmle")])
def test_fisher_against_r(name: str, odds: str) -> None:
    found = fisher(np.array(EXACT.inputs[name]))
    assert (found.p, found.odds_ratio) == (EXACT.near(f"{name}_p"), EXACT.near(odds))
    assert [found.low, found.high] == EXACT.near(f"{name}_ci95")


def test_a_sparse_table_against_r() -> None:
    found, expected = chi_square(jobs()), JOBS.expected
    assert (found.statistic, found.p) == (JOBS.near("X2"), JOBS.near("p"))
    assert (found.g2, found.v, found.v_bias_corrected) == (JOBS.near("G2"), JOBS.near("V"), 0)
    assert (found.df, found.expected_below_5) == (expected["df"], expected["cells_expected_below_5"])
    assert found.least_expected == JOBS.near("min_expected")
    assert found.too_sparse and not found.stands_out.any()


def test_the_exact_p_of_a_sparse_table_against_r() -> None:
    exact = JOBS.expected["fisher_rxc_p"]
    assert abs(fisher_monte_carlo(jobs()) - exact) < 3 * math.sqrt(exact * (1 - exact) / DRAWS)


# ---------------------------------------------------------------- other implementations
@given(groups())
def test_newcombe_against_statsmodels(case: tuple[int, int, int, int]) -> None:
    x0, n0, x1, n1 = case
    found = newcombe(x0, n0, x1, n1)
    low, high = confint_proportions_2indep(x1, n1, x0, n0, method="newcomb")
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-7)


@given(groups())
def test_ratios_against_statsmodels(case: tuple[int, int, int, int]) -> None:
    x0, n0, x1, n1 = case
    assume(0 < x0 < n0 and 0 < x1 < n1)
    oracle = Table2x2(np.array([[x1, n1 - x1], [x0, n0 - x0]]), shift_zeros=False)
    risk, odds = risk_ratio(x0, n0, x1, n1), odds_ratio(x0, n0, x1, n1)
    assert [risk.value, risk.low, risk.high] == pytest.approx([oracle.riskratio, *oracle.riskratio_confint()])
    assert [odds.value, odds.low, odds.high] == pytest.approx([oracle.oddsratio, *oracle.oddsratio_confint()])


@given(st.lists(st.integers(0, 25), min_size=4, max_size=4))
def test_fisher_against_scipy(cells: list[int]) -> None:
    table = np.array(cells).reshape(2, 2)
    assume(table.sum(axis=0).min() > 0 and table.sum(axis=1).min() > 0)
    found, oracle = fisher(table), stats.contingency.odds_ratio(table)
    bounds = oracle.confidence_interval()
    assert found.odds_ratio == pytest.approx(oracle.statistic, rel=1e-6)
    assert [found.low, found.high] == pytest.approx([bounds.low, bounds.high], rel=1e-6)


@given(tables())
def test_residuals_against_statsmodels(counts: Array) -> None:
    assume(counts.sum(axis=0).min() > 0 and counts.sum(axis=1).min() > 0)
    assert chi_square(counts).residuals == pytest.approx(Table(counts, shift_zeros=False).standardized_resids)


# ---------------------------------------------------------------- properties
@given(groups())
def test_swapping_the_groups_turns_every_answer_around(case: tuple[int, int, int, int]) -> None:
    x0, n0, x1, n1 = case
    there, back = newcombe(x0, n0, x1, n1), newcombe(x1, n1, x0, n0)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert -1 <= there.low <= x1 / n1 - x0 / n0 <= there.high <= 1
    p, q = two_proportions(x0, n0, x1, n1), two_proportions(x1, n1, x0, n0)
    assert (p.z, p.p) == pytest.approx((-q.z, q.p), nan_ok=True)


@given(tables())
def test_the_order_of_rows_and_empty_rows_do_not_matter(counts: Array) -> None:
    found = chi_square(counts)
    turned = chi_square(np.vstack([counts[::-1], np.zeros((1, counts.shape[1]))]).T)
    assert (turned.statistic, turned.v, turned.g2) == pytest.approx((found.statistic, found.v, found.g2), nan_ok=True)
    assert turned.residuals.T[:-1][::-1] == pytest.approx(found.residuals, nan_ok=True)
    assert np.isnan(found.v) or 0 <= found.v_bias_corrected <= 1


@given(tables(most=3))
def test_an_exact_p_is_a_p(counts: Array) -> None:
    p = fisher_monte_carlo(counts, draws=199)
    assert np.isnan(p) if min((counts.sum(axis=0) > 0).sum(), (counts.sum(axis=1) > 0).sum()) < 2 else 0.005 <= p <= 1


def test_the_same_counts_give_the_same_exact_p() -> None:
    assert fisher_monte_carlo(jobs(), draws=999) == fisher_monte_carlo(jobs(), draws=999)


def test_drawing_in_small_batches_gives_a_p_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.stats.proportions.CELLS_AT_ONCE", 100)
    assert fisher_monte_carlo(jobs(), draws=1_999) == pytest.approx(JOBS.expected["fisher_rxc_p"], abs=0.03)


def test_a_large_table_gets_fewer_draws_and_still_a_p() -> None:
    counts = np.random.default_rng(16).multinomial(40_000, np.full(1_500, 1 / 1_500)).reshape(300, 5)
    exact, plain = fisher_monte_carlo(counts), chi_square(counts).p
    assert exact == pytest.approx(plain, abs=0.05)
    assert (exact * 5_334) % 1 == pytest.approx(
        0, abs=1e-6
    )  # 8,000,000 cells in tables of 1,500, and the one asked for


def test_two_by_two_drawn_and_exact_agree() -> None:
    table = np.array([[2, 9], [8, 3]])
    assert fisher_monte_carlo(table) == pytest.approx(fisher(table).p, abs=0.005)


# ---------------------------------------------------------------- planted truth, nothing planted
def test_a_planted_cell_stands_out_alone() -> None:
    counts = np.full((4, 5), 40)
    counts[2, 3] = 80
    stands_out = chi_square(counts).stands_out
    assert stands_out[2, 3]
    assert stands_out.sum() == 1


@pytest.mark.prove
def test_p_is_uniform_where_nothing_differs(figure: Figure) -> None:
    rng = np.random.default_rng(3)
    x = rng.binomial([2_000, 900], 0.3, size=(2_000, 2))
    p = [two_proportions(a, 2_000, b, 900).p for a, b in x]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    grids = rng.multinomial(1_200, np.outer([0.5, 0.3, 0.2], [0.1, 0.2, 0.3, 0.4]).ravel(), size=1_000)
    found = [chi_square(g.reshape(3, 4)) for g in grids]
    assert stats.kstest([f.p for f in found], "uniform").pvalue > 0.01
    assert figure("a cell stands out", np.mean([f.stands_out.any() for f in found])) < 0.05 + 3 * math.sqrt(
        0.05 * 0.95 / 1_000
    )


@pytest.mark.slow
def test_the_newcombe_interval_covers(figure: Figure) -> None:
    rng = np.random.default_rng(4)
    x = rng.binomial([60, 35], [0.05, 0.15], size=(4_000, 2))
    intervals = [newcombe(a, 60, b, 35) for a, b in x]
    assert 0.94 < figure("covered", np.mean([i.low <= 0.10 <= i.high for i in intervals])) < 0.975


# ---------------------------------------------------------------- nothing to compute from
def test_without_answers_there_is_no_number() -> None:
    assert np.isnan(two_proportions(0, 0, 3, 10).p) and np.isnan(newcombe(0, 0, 3, 10).low)
    assert np.isnan(two_proportions(0, 10, 0, 10).p)  # nothing varies
    assert np.isnan(chi_square(np.zeros((3, 3))).p) and np.isnan(chi_square(np.array([[3, 4], [0, 0]])).p)
    assert np.isnan(chi_square(np.array([[1, 0], [0, 0]])).v)


def test_a_zero_count_has_a_ratio_without_bounds() -> None:
    risk, odds = risk_ratio(0, 10, 5, 10), odds_ratio(5, 10, 0, 10)
    assert risk.value == math.inf and np.isnan(risk.low)
    assert odds.value == 0 and np.isnan(odds.high)
    assert np.isnan(risk_ratio(0, 10, 0, 10).value)


def test_fisher_at_the_ends_of_what_is_possible() -> None:
    full, empty = fisher(np.array([[5, 0], [0, 5]])), fisher(np.array([[0, 5], [0, 5]]))
    assert full.odds_ratio == full.high == math.inf and 1 < full.low < math.inf
    assert (empty.p, empty.low, empty.high) == (1, 0, math.inf) and np.isnan(empty.odds_ratio)


def test_fisher_of_a_large_table_is_quick_and_near_the_plain_odds_ratio() -> None:
    found = fisher(np.array([[30_000, 20_000], [10_000, 9_000]]))
    plain = odds_ratio(10_000, 19_000, 30_000, 50_000)
    assert [found.odds_ratio, found.low, found.high] == pytest.approx([plain.value, plain.low, plain.high], rel=1e-3)
