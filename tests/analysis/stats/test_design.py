"""Weights, strata and clusters, against R survey 4.1.1 (svymean, svyby, svychisq), statsmodels and simulation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import WLS

from analysis.stats.design import DesignMean, design_effect, design_mean, effective_size, rao_scott
from analysis.stats.intervals import Array
from tests.analysis.stats.golden import Case, data
from tests.proof import Figure

SURVEY = Case("survey_weighted_means")


def codes(column: pd.Series) -> Array:
    return pd.factorize(column)[0]


def by_unit(frame: pd.DataFrame, unit: str | None, *columns: Array) -> list[Array]:
    """Sums of columns by unit; without units each row is one."""
    if unit is None:
        return list(columns)
    return [np.bincount(codes(frame[unit]), column) for column in columns]


def one_stratum(units: Array) -> Array:
    return np.zeros(len(units), dtype=int)


def table_by_unit(unit: Array, row: Array, column: Array, weight: Array) -> Array:
    cells = np.zeros((unit.max() + 1, row.max() + 1, column.max() + 1))
    np.add.at(cells, (unit, row, column), weight)
    return cells


def near(key: str, found: DesignMean) -> None:
    expected = SURVEY.expected[key]
    assert found.value == SURVEY.close(expected.get("mean", expected.get("p")))
    assert found.error == SURVEY.close(expected["se"])


# ---------------------------------------------------------------- golden numbers
@pytest.mark.parametrize("key", ["strat_fpc", "strat_nofpc", "weights_only"])
def test_schools_drawn_by_type_against_r(key: str) -> None:
    schools = data("apistrat")
    strata = codes(schools["stype"]) if key.startswith("strat") else one_stratum(schools)
    asked = np.bincount(strata) / schools.groupby(strata)["fpc"].first()
    w = schools["pw"].to_numpy()
    fractions = {"fractions": asked.to_numpy()} if key == "strat_fpc" else {}
    near(key, design_mean(strata, w, w * schools["api00"].to_numpy(), **fractions))


def test_a_subgroup_of_a_stratified_sample_against_r() -> None:
    schools = data("apistrat")
    strata, w = codes(schools["stype"]), schools["pw"].to_numpy()
    fractions = (np.bincount(strata) / schools.groupby(strata)["fpc"].first()).to_numpy()
    for name, error in SURVEY.expected["by_stype_se"].items():
        inside = w * (schools["stype"] == name).to_numpy()
        found = design_mean(strata, inside, inside * schools["api00"].to_numpy(), fractions=fractions)
        assert (found.value, found.error) == (
            SURVEY.close(SURVEY.expected["by_stype_mean"][name]),
            SURVEY.close(error),
        )


@pytest.mark.parametrize("key", ["cluster_fpc", "cluster_nofpc"])
def test_districts_drawn_whole_against_r(key: str) -> None:
    schools = data("apiclus1")
    pw = schools["pw"].to_numpy()
    w, wx = by_unit(schools, "dnum", pw, pw * schools["api00"].to_numpy())
    fractions = {"fractions": len(w) / schools["fpc"].to_numpy()[:1]} if key == "cluster_fpc" else {}
    near(key, design_mean(one_stratum(w), w, wx, **fractions))


@pytest.mark.parametrize("key, unit", [("csat_weighted", None), ("csat_weighted_cluster_agent", "agent")])
def test_weighted_answers_against_r(key: str, unit: str | None) -> None:
    answers = data("csat")
    weight = answers["weight"].to_numpy()
    w, wx = by_unit(answers, unit, weight, weight * answers["score10"].to_numpy())
    near(key, design_mean(one_stratum(w), w, wx))


def test_a_weighted_share_against_r() -> None:
    answers = data("csat")
    w = answers["weight"].to_numpy()
    near("csat_top2", design_mean(one_stratum(w), w, w * (answers["osat"] >= 4).to_numpy()))


def test_kish_and_the_design_effect_against_r() -> None:
    schools = data("apistrat")
    w, x, n = schools["pw"].to_numpy(), schools["api00"].to_numpy(), len(schools)
    assert effective_size(w.sum(), (w**2).sum()) == SURVEY.near("kish_neff")
    mean, error = SURVEY.expected["strat_fpc"]["mean"], SURVEY.expected["strat_fpc"]["se"]
    s2 = n / (n - 1) * (w @ (x - mean) ** 2) / w.sum()
    assert design_effect(error, n, s2, fraction=n / w.sum()) == SURVEY.near("deff_strat")


def test_a_table_of_districts_against_r() -> None:
    schools = data("apiclus1")
    unit, row, column = codes(schools["dnum"]), codes(schools["awards"]), codes(schools["stype"])
    cells = table_by_unit(unit, row, column, schools["pw"].to_numpy())
    fractions = len(cells) / schools["fpc"].to_numpy()[:1]
    found = rao_scott(one_stratum(cells), cells, len(schools), fractions=fractions)
    assert (found.f, found.p) == (SURVEY.near("rao_scott_F"), SURVEY.near("rao_scott_p"))


# ---------------------------------------------------------------- other implementations and properties
@st.composite
def samples(draw: st.DrawFn) -> tuple[Array, Array, Array]:
    n, rng = draw(st.integers(2, 60)), np.random.default_rng(draw(st.integers(0, 10_000)))
    w = rng.uniform(0.2, 4, n)
    return rng.integers(0, 5, n), w, w * rng.integers(1, 11, n)


@given(samples())
def test_a_weighted_mean_against_statsmodels(sample: tuple[Array, Array, Array]) -> None:
    _, w, wx = sample
    found = design_mean(one_stratum(w), w, wx)
    oracle = WLS(wx / w, np.ones(len(w)), weights=w).fit(cov_type="HC1")
    assert (found.value, found.error) == pytest.approx((oracle.params[0], oracle.bse[0]), abs=1e-9)


@given(samples(), st.integers(0, 99))
def test_order_and_scale_of_weights_do_not_matter(sample: tuple[Array, Array, Array], seed: int) -> None:
    strata, w, wx = sample
    turn = np.random.default_rng(seed).permutation(len(w))
    a, b = design_mean(strata, w, wx), design_mean(strata[turn], 3 * w[turn], 3 * wx[turn])
    assert (b.value, b.error, b.df) == pytest.approx((a.value, a.error, a.df), nan_ok=True)


@given(st.integers(0, 10_000))
def test_rows_columns_and_empty_ones_of_a_table_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.gamma(1.0, size=(12, 3, 4))
    a = rao_scott(one_stratum(cells), cells, 500)
    turned = np.concatenate([cells[::-1, ::-1], np.zeros((12, 1, 4))], axis=1).transpose(0, 2, 1)
    b = rao_scott(one_stratum(cells), 5 * turned, 500)
    assert (b.f, b.df1, b.df2, b.p) == pytest.approx((a.f, a.df1, a.df2, a.p))
    assert 0 < a.df1 <= 6 + 1e-9


def test_answers_drawn_one_by_one_need_next_to_no_correction() -> None:
    rng = np.random.default_rng(14)
    row, column = rng.integers(0, 3, 4_000), rng.integers(0, 4, 4_000)
    cells = table_by_unit(np.arange(4_000), row, column, np.ones(4_000))
    found = rao_scott(one_stratum(cells), cells, 4_000)
    assert found.chi2 == pytest.approx(stats.chi2_contingency(cells.sum(axis=0)).statistic)
    assert (found.design_effect, found.df1) == pytest.approx((1.0, 6.0), rel=0.01)


@pytest.mark.prove
def test_p_is_uniform_where_clusters_differ_and_groups_do_not(figure: Figure) -> None:
    """40 agents of 30 contacts whose outcomes share a fate; each agent works on one channel."""
    rng, corrected, plain = np.random.default_rng(15), [], []
    for _ in range(1_000):
        outcome = np.stack([rng.multinomial(30, rng.dirichlet([6, 3, 3])) for _ in range(40)])
        cells = np.zeros((40, 2, 3))
        cells[np.arange(40), np.arange(40) % 2] = outcome
        corrected.append(rao_scott(one_stratum(cells), cells, 1_200).p)
        plain.append(stats.chi2_contingency(cells.sum(axis=0)).pvalue)
    assert figure("p < 5 %, corrected", np.mean(np.array(corrected) < 0.05)) == pytest.approx(0.05, abs=0.02)
    assert figure("p < 5 %, plain", np.mean(np.array(plain) < 0.05)) > 0.2


# ---------------------------------------------------------------- nothing to compute from
def test_without_answers_units_or_a_second_row() -> None:
    nothing = np.zeros(3)
    assert math.isnan(design_mean(one_stratum(nothing), nothing, nothing).value)
    lonely = design_mean(np.array([0, 0, 1]), np.ones(3), np.arange(3.0))
    assert lonely.value == 1.0 and math.isnan(lonely.error)
    assert math.isnan(effective_size(0, 0)) and math.isnan(design_effect(1.0, 0, 1.0))
    assert math.isnan(design_effect(1.0, 10, 0.0))
    one_row = np.zeros((5, 2, 3))
    one_row[:, 0] = 1
    assert math.isnan(rao_scott(one_stratum(one_row), one_row, 15).p)
    assert math.isnan(rao_scott(np.zeros(1, dtype=int), np.ones((1, 2, 2)), 4).p)
    assert math.isnan(rao_scott(one_stratum(nothing), np.zeros((3, 2, 2)), 0).p)
