"""Coefficients of groups without order against scipy and statsmodels on the rows, R, and draws of known truth."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.stats.coefficients import Association, pearson
from analysis.stats.nominal import cramers_v, eta, rank_epsilon, theils_u
from analysis.stats.ranks import kruskal_wallis
from tests.analysis.stats.golden import Case, data
from tests.analysis.stats.tables import Table, rows_of, tables
from tests.proof import Figure

Coefficient = Callable[..., Association]
ALL: list[Coefficient] = [cramers_v, theils_u, rank_epsilon]
UNEVEN = np.array([[30, 20, 10, 5], [10, 20, 20, 10], [5, 5, 20, 30]]) * [[1], [2], [0.5]]


def of_rows(groups: list[list[int]]) -> Association:
    spreads = [np.var(g, ddof=1) if len(g) > 1 else np.nan for g in groups]
    return eta([len(g) for g in groups], [np.mean(g) for g in groups], spreads)


def test_eta_of_the_plants_is_rs_omega() -> None:
    golden, plants = Case("anova_eta_omega_plantgrowth"), data("plantgrowth")
    got = eta(*plants.groupby("group")["weight"].agg(["size", "mean", "var"]).to_numpy().T)
    assert got.value**2 == golden.near("omega2") and got.p == golden.near("p")


@given(st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=12), min_size=2, max_size=5))
def test_p_of_eta_is_scipys_anova(groups: list[list[int]]) -> None:
    got = of_rows(groups)
    if all(len(set(g)) == 1 for g in groups):
        assert math.isnan(got.value) or (got.value, got.p) == (1.0, 0.0)
        return
    assert got.p == pytest.approx(stats.f_oneway(*groups).pvalue, abs=1e-9)
    assert 0 <= got.low <= got.high <= 1 and 0 <= got.value <= 1


@given(st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=9), min_size=3, max_size=5))
def test_groups_have_no_order(groups: list[list[int]]) -> None:
    one, other = of_rows(groups), of_rows(groups[::-1])
    assert (one.value, one.low, one.high) == pytest.approx(
        (other.value, other.low, other.high), abs=1e-7, nan_ok=True
    )


def test_a_group_of_one_is_left_out_of_eta() -> None:
    groups = [[1, 2, 3], [4, 6, 8], [9]]
    assert of_rows(groups) == of_rows(groups[:2]) and of_rows(groups).n == 6


def test_groups_that_tell_everything_have_an_eta_of_one() -> None:
    assert eta([5, 6], [80.0, 90.0], [0.0, 0.0]).value == 1.0
    assert math.isnan(eta([5, 6], [84.1, 84.1], [0.0, 0.0]).value)
    assert math.isnan(eta([5], [84.1], [2.0]).value) and math.isnan(eta([], [], []).p)


@given(tables(least=8))
def test_rank_epsilon_is_the_adjusted_share_of_the_ranks(table: Table) -> None:
    x, y = rows_of(table)
    got, k = rank_epsilon(table), len(set(x.tolist()))
    if k < 2 or len(set(y.tolist())) < 2:
        assert math.isnan(got.value)
        return
    ranks = stats.rankdata(y)
    within = sum(np.sum((ranks[x == g] - ranks[x == g].mean()) ** 2) for g in set(x.tolist()))
    if len(x) > k:
        adjusted = 1 - within / (len(x) - k) / ranks.var(ddof=1)
        assert got.value**2 == pytest.approx(max(adjusted, 0), abs=1e-9)
        assert got.p == kruskal_wallis(table).p


def test_cramers_v_of_the_jobs_is_rs() -> None:
    golden, jobs = Case("chi2_sparse_jobsat"), data("jobsat")
    got = cramers_v(jobs.pivot(index="income", columns="satisfaction", values="Freq"))
    assert got.value == golden.near("V_bias_corrected") and got.p == golden.near("p")
    assert got.low == 0 and got.high > golden.expected["V"]


@given(tables(least=4))
def test_theils_u_is_the_share_of_the_entropy(table: Table) -> None:
    got = theils_u(table)
    if min((table.sum(axis=a) > 0).sum() for a in (0, 1)) < 2:
        assert math.isnan(got.value)
        return
    shares = table / table.sum()
    column, row = stats.entropy(shares.sum(axis=0)), stats.entropy(shares.sum(axis=1))
    told = column + row - stats.entropy(shares.ravel())
    assert got.value == pytest.approx(told / column, abs=1e-9)


def test_theils_u_has_a_direction_and_v_has_none() -> None:
    fine_tells_coarse = np.array([[9, 0], [9, 0], [0, 9]])
    assert theils_u(fine_tells_coarse).value == pytest.approx(1.0)
    assert theils_u(fine_tells_coarse.T).value < 0.7
    assert cramers_v(fine_tells_coarse) == cramers_v(fine_tells_coarse.T)


@pytest.mark.parametrize("coefficient", ALL)
@given(table=tables(least=6))
def test_relabelled_groups_say_the_same(coefficient: Coefficient, table: Table) -> None:
    one, other = coefficient(table), coefficient(np.roll(table, 1, axis=0)[::-1])
    for mine, theirs in ((one.value, other.value), (one.low, other.low), (one.high, other.high), (one.p, other.p)):
        assert mine == pytest.approx(theirs, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("coefficient", ALL)
@given(table=tables())
def test_all_stay_within_their_bounds(coefficient: Coefficient, table: Table) -> None:
    got = coefficient(table)
    for value in (got.value, got.low, got.high, got.p):
        assert math.isnan(value) or 0 <= value <= 1 + 1e-12
    assert not got.low > got.high


@pytest.mark.prove
@pytest.mark.parametrize("coefficient", ALL)
def test_chance_alone_is_not_found_and_its_p_held(coefficient: Coefficient, figure: Figure) -> None:
    rng, margin = np.random.default_rng(21), np.outer([0.2, 0.3, 0.5], [0.1, 0.2, 0.3, 0.4])
    drawn = [coefficient(rng.multinomial(150, margin.ravel()).reshape(3, 4)) for _ in range(1200)]
    assert figure("p < 5 %", np.mean([a.p < 0.05 for a in drawn])) == pytest.approx(0.05, abs=0.02)
    assert np.mean([a.low == 0 for a in drawn]) > 0.95


@pytest.mark.prove
@pytest.mark.parametrize("coefficient", [cramers_v, rank_epsilon])
@pytest.mark.parametrize("n", [60, 600])
def test_the_interval_holds_the_truth(coefficient: Coefficient, n: int, figure: Figure) -> None:
    rng, shares = np.random.default_rng(n), UNEVEN / UNEVEN.sum()
    truth = coefficient(UNEVEN * 1e6).value
    drawn = [coefficient(rng.multinomial(n, shares.ravel()).reshape(UNEVEN.shape)) for _ in range(500)]
    assert figure("covered", np.mean([a.low <= truth <= a.high for a in drawn])) > 0.92
    assert np.mean([a.value for a in drawn]) == pytest.approx(truth, abs=0.04)


@pytest.mark.prove
def test_the_interval_of_eta_holds_the_truth(figure: Figure) -> None:
    rng, means, n = np.random.default_rng(31), np.array([0.0, 0.3, 0.6]), np.full(3, 80)
    truth = math.sqrt(means.var() / (means.var() + 1))
    held = 0
    for _ in range(600):
        rows = means[:, None] + rng.normal(size=(3, 80))
        got = eta(n, rows.mean(axis=1), rows.var(axis=1, ddof=1))
        held += got.low <= truth <= got.high
    assert figure("covered", held / 600) == pytest.approx(0.95, abs=0.03)


def test_many_groups_do_not_make_an_association() -> None:
    """Forty agents of ten answers each explain a tenth of the plain share by chance, and none of the corrected."""
    rng = np.random.default_rng(41)
    drawn = [rng.multinomial(10, [0.1, 0.2, 0.3, 0.4], size=40) for _ in range(200)]
    assert np.mean([kruskal_wallis(t).epsilon2 for t in drawn]) > 0.09
    assert np.mean([rank_epsilon(t).value ** 2 for t in drawn]) < 0.02


@pytest.mark.parametrize("coefficient", ALL)
@pytest.mark.parametrize("counts", [np.zeros((2, 3)), [[5, 4, 0]], [[5, 0], [3, 0]], [[1, 0], [0, 1]]])
def test_too_little_to_tell(coefficient: Coefficient, counts: npt.ArrayLike) -> None:
    got = coefficient(counts)
    assert got.n == np.sum(counts) and not math.isinf(got.value)
    assert math.isnan(got.value) or np.shape(counts) == (2, 2)


def test_rank_epsilon_of_two_groups_is_near_the_correlation_of_the_ranks() -> None:
    table = np.array([[40, 30, 20], [20, 30, 40]])
    ranks = np.cumsum(table.sum(axis=0)) - table.sum(axis=0) / 2
    assert rank_epsilon(table).value == pytest.approx(abs(pearson(table, [0, 1], ranks).value), abs=0.02)
