"""The choice of a coefficient, and the linear ones against scipy on the rows, R, and truths planted in noise."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.stats.coefficients import (
    Choice,
    coefficient_for,
    many_ties,
    partial,
    pearson,
    pearson_from_sums,
    phi,
    point_biserial,
    strength,
)
from analysis.stats.proportions import chi_square
from data_access.semantics import Level
from tests.analysis.stats.golden import Case, data
from tests.analysis.stats.tables import Table, rows_of, tables
from tests.proof import Figure

NAN = float("nan")


@given(tables())
def test_pearson_is_scipys_on_the_rows(table: Table) -> None:
    x, y = rows_of(table)
    got = pearson(table, range(table.shape[0]), range(table.shape[1]))
    if len(set(x.tolist())) == 1 or len(set(y.tolist())) == 1:
        assert math.isnan(got.value) and math.isnan(got.p)
        return
    expected = stats.pearsonr(x, y)
    assert got.n == len(x) and got.value == pytest.approx(expected.statistic, abs=1e-9)
    if len(x) > 3 and abs(got.value) < 1:
        bounds = expected.confidence_interval()
        assert (got.low, got.high, got.p) == pytest.approx((*bounds, expected.pvalue), abs=1e-9)


@given(tables(least=4))
def test_sums_and_counts_say_the_same(table: Table) -> None:
    x, y = (side.astype(float) for side in rows_of(table))
    got = pearson_from_sums(len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y)
    by_counts = pearson(table, range(table.shape[0]), range(table.shape[1]))
    for one, other in ((got.value, by_counts.value), (got.low, by_counts.low), (got.p, by_counts.p)):
        assert one == pytest.approx(other, abs=1e-9, nan_ok=True)


@given(tables(least=4), st.floats(0.1, 100), st.floats(-50, 50))
def test_the_unit_of_a_quantity_does_not_matter(table: Table, unit: float, origin: float) -> None:
    x, y = np.arange(table.shape[0]), np.arange(table.shape[1])
    plain, turned = pearson(table, x, y), pearson(table, origin - unit * x, y)
    swapped = pearson(table.T, y, x)
    assert turned.value == pytest.approx(-plain.value, abs=1e-7, nan_ok=True)
    assert swapped.value == pytest.approx(plain.value, abs=1e-12, nan_ok=True)


@given(tables(rows=2, columns=2, least=4))
def test_phi_is_the_signed_root_of_chi_squared(table: Table) -> None:
    got, test = phi(table), chi_square(table)
    assert abs(got.value) == pytest.approx(test.v, abs=1e-9, nan_ok=True)
    if not math.isnan(got.value):
        assert np.sign(round(got.value, 9)) == np.sign(np.linalg.det(table).round(6))


def test_point_biserial_is_rs() -> None:
    golden, csat = Case("point_biserial"), data("csat")
    moments = csat.groupby("resolved")["score10"].agg(["size", "mean", "var"])
    got = point_biserial(*moments.loc[0], *moments.loc[1])
    assert (got.value, got.p) == (golden.near("r"), golden.near("p"))
    assert [got.low, got.high] == golden.near("ci95")


def test_pearson_of_the_csat_table_is_rs() -> None:
    table = data("solve_osat_counts").pivot(index="Var1", columns="Var2", values="Freq")
    assert pearson(table, table.index, table.columns).value == Case("ordinal_assoc_csat").near("pearson")


@given(st.lists(st.integers(0, 10), min_size=2, max_size=20), st.lists(st.integers(0, 10), min_size=2, max_size=20))
def test_point_biserial_is_pearson_of_a_yes_or_no(no: list[int], yes: list[int]) -> None:
    got = point_biserial(len(no), np.mean(no), np.var(no, ddof=1), len(yes), np.mean(yes), np.var(yes, ddof=1))
    if len({*no, *yes}) == 1:
        assert math.isnan(got.value)
        return
    expected = stats.pearsonr(np.repeat([0, 1], [len(no), len(yes)]), no + yes)
    assert got.value == pytest.approx(expected.statistic, abs=1e-9)
    if abs(got.value) < 0.9999 and min(len(set(no)), len(set(yes))) > 1:
        student = stats.ttest_ind(yes, no)
        assert got.p == pytest.approx(student.pvalue, abs=1e-9) == pytest.approx(expected.pvalue, abs=1e-9)


def test_a_group_of_one_still_has_a_mean() -> None:
    got, expected = point_biserial(1, 3.0, NAN, 3, 6.0, 1.0), stats.pearsonr([0, 1, 1, 1], [3, 5, 6, 7])
    assert got.value == pytest.approx(expected.statistic)


def test_partial_is_the_correlation_of_the_residuals() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(200, 4)) @ rng.normal(size=(4, 4))
    design = np.column_stack([np.ones(200), rows[:, [1, 3]]])
    left = [rows[:, k] - design @ np.linalg.lstsq(design, rows[:, k])[0] for k in (0, 2)]
    got = partial(np.corrcoef(rows.T), 0, 2, [1, 3], n=200)
    r = stats.pearsonr(*left).statistic
    assert got.value == pytest.approx(r)
    assert (got.low, got.high) == pytest.approx(
        tuple(np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959964 / 195**0.5))
    )
    assert got.p == pytest.approx(2 * stats.t.sf(abs(r) * (196 / (1 - r * r)) ** 0.5, 196))


def test_a_planted_common_cause_explains_a_correlation_away() -> None:
    rng = np.random.default_rng(6)
    cause = rng.normal(size=5000)
    r = np.corrcoef([cause + rng.normal(size=5000), cause + rng.normal(size=5000), cause])
    assert r[0, 1] > 0.4
    held = partial(r, 0, 1, [2], n=5000)
    assert held.low < 0 < held.high and held.p > 0.05


def test_partial_given_nothing_is_pearson_and_given_a_copy_is_unknown() -> None:
    r = np.array([[1.0, 0.5, 1.0], [0.5, 1.0, 0.5], [1.0, 0.5, 1.0]])
    plain, copied = partial(r, 0, 1, [], n=50), partial(r, 0, 1, [2], n=50)
    assert plain.value == 0.5 and plain.p == pytest.approx(2 * stats.t.sf(0.5 * (48 / 0.75) ** 0.5, 48))
    assert math.isnan(copied.value) and math.isnan(copied.p)


@pytest.mark.prove
@pytest.mark.parametrize("n", [8, 60])
def test_p_of_unrelated_quantities_is_even_and_the_interval_holds_the_truth(n: int, figure: Figure) -> None:
    rng = np.random.default_rng(n)
    drawn = []
    for _ in range(1500):
        x, y = rng.normal(size=n), rng.normal(size=n)
        drawn.append(pearson_from_sums(n, x.sum(), y.sum(), x @ x, y @ y, x @ y))
    assert stats.kstest([a.p for a in drawn], "uniform").pvalue > 0.001
    assert figure("covered", np.mean([a.low <= 0 <= a.high for a in drawn])) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("counts", [np.zeros((2, 2)), [[5, 0], [0, 0]], [[5, 3], [0, 0]]])
def test_what_does_not_vary_goes_with_nothing(counts: npt.ArrayLike) -> None:
    got = phi(counts)
    assert all(math.isnan(v) for v in (got.value, got.low, got.high, got.p)) and got.n == np.sum(counts)


def test_rounding_does_not_pass_for_variation() -> None:
    assert math.isnan(pearson_from_sums(3, 3 * 0.1, 6.0, 3 * 0.1**2, 14.0, 6 * 0.1).value)
    assert math.isnan(point_biserial(5, 84.1, 0.0, 5, 84.1, 0.0).value)


def test_a_copy_is_exactly_one_without_an_interval() -> None:
    got = pearson(np.diag([3, 4, 5]), [0.1, 0.2, 0.7], [0.3, 0.6, 2.1])
    assert (got.value, got.p) == (1.0, 0.0) and math.isnan(got.low) and math.isnan(got.high)


def test_few_answers_give_no_more_than_they_hold() -> None:
    two, three = pearson([[1, 0], [0, 1]], [0, 1], [0, 1]), pearson_from_sums(3, 6, 5, 14, 11, 11)
    assert math.isnan(two.p) and math.isnan(three.low) and 0 < three.p < 1


def test_more_confidence_is_a_wider_interval() -> None:
    narrow, wide = (pearson_from_sums(50, 0, 0, 50, 50, 20, confidence=c) for c in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_every_pair_has_one_coefficient_whichever_comes_first() -> None:
    for x, y in product(Level, Level):
        for bx, by, ties in product((False, True), repeat=3):
            one = coefficient_for(x, y, binary_x=bx, binary_y=by, ties=ties)
            assert one == coefficient_for(y, x, binary_x=by, binary_y=bx, ties=ties)


@pytest.mark.parametrize(
    ("x", "y", "binary_y", "expected"),
    [
        (Level.INTERVAL, Level.INTERVAL, False, "pearson"),
        (Level.INTERVAL, Level.NOMINAL, True, "point_biserial"),
        (Level.ORDINAL, Level.ORDINAL, False, "tau_b"),
        (Level.ORDINAL, Level.INTERVAL, False, "spearman"),
        (Level.NOMINAL, Level.INTERVAL, False, "eta"),
        (Level.NOMINAL, Level.ORDINAL, False, "rank_epsilon"),
        (Level.NOMINAL, Level.NOMINAL, False, "cramers_v"),
        (Level.ORDINAL, Level.NOMINAL, True, "tau_b"),
        (Level.NOMINAL, Level.INTERVAL, True, "cramers_v"),
    ],
)
def test_the_levels_choose_the_coefficient(x: Level, y: Level, binary_y: bool, expected: str) -> None:
    assert coefficient_for(x, y, binary_y=binary_y).name == expected


def test_ties_turn_spearman_into_tau_b_and_nothing_else() -> None:
    assert coefficient_for(Level.INTERVAL, Level.ORDINAL, ties=True) == Choice("tau_b", "many_ties")
    assert coefficient_for(Level.INTERVAL, Level.INTERVAL, ties=True) == Choice("pearson", "both_interval")


def test_many_ties_begin_with_five_even_values() -> None:
    assert many_ties([7] * 5) and many_ties([90, 1, 1, 1, 1, 1, 1])
    assert not many_ties([7] * 6) and not many_ties([])


def test_strength_follows_the_bands_of_its_kind() -> None:
    assert [strength("pearson", v) for v in (0.09, 0.1, -0.3, 0.5)] == ["negligible", "small", "medium", "large"]
    assert [strength("eta", v) for v in (0.09, 0.11, 0.25, 0.38)] == ["negligible", "small", "medium", "large"]
    assert strength("cramers_v", 0.26, df=4) == "large" and strength("cramers_v", 0.26) == "small"
    assert strength("spearman", NAN) == "" == strength("rank_epsilon", NAN)
