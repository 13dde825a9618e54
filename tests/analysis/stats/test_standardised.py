"""Stratified and standardised means, against R survey and against row-by-row arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.intervals import Array
from analysis.stats.standardised import stratified_mean, variance_of_means
from tests.analysis.stats.golden import Case, data
from tests.proof import Figure

SURVEY = Case("survey_weighted_means")
SCHOOLS = (
    data("apistrat")
    .groupby("stype")
    .agg(
        n=("api00", "size"), mean=("api00", "mean"), s2=("api00", "var"), population=("fpc", "first"), w=("pw", "sum")
    )
)


@pytest.mark.parametrize("key", ["strat_fpc", "strat_nofpc"])
def test_a_stratified_mean_against_r(key: str) -> None:
    fractions = SCHOOLS["n"].to_numpy() / SCHOOLS["population"].to_numpy() if key == "strat_fpc" else 0.0
    variance, df = variance_of_means(SCHOOLS["n"].to_numpy(), SCHOOLS["s2"].to_numpy(), fractions=fractions)
    found = stratified_mean(SCHOOLS["w"].to_numpy(), SCHOOLS["mean"].to_numpy(), variance, df)
    expected = SURVEY.expected[key]
    assert (found.value, found.error) == (SURVEY.close(expected["mean"]), SURVEY.close(expected["se"]))
    assert found.covered == 1.0


def test_the_mean_of_each_stratum_against_r() -> None:
    fractions = SCHOOLS["n"].to_numpy() / SCHOOLS["population"].to_numpy()
    variance, _ = variance_of_means(SCHOOLS["n"].to_numpy(), SCHOOLS["s2"].to_numpy(), fractions=fractions)
    assert dict(zip(SCHOOLS.index, np.sqrt(variance), strict=True)) == SURVEY.near("by_stype_se")
    assert SCHOOLS["mean"].to_dict() == SURVEY.near("by_stype_mean")


@st.composite
def groups(draw: st.DrawFn) -> tuple[Array, Array, Array, Array]:
    g, s = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    n = rng.integers(0, 40, (g, s))
    mean, s2 = rng.uniform(10, 100, (g, s)), rng.uniform(1, 400, (g, s))
    return rng.uniform(0.1, 5, s), n, np.where(n > 0, mean, np.nan), np.where(n > 1, s2, np.nan)


@given(groups(), st.integers(0, 99))
def test_order_scale_and_empty_strata_do_not_matter(case: tuple[Array, Array, Array, Array], seed: int) -> None:
    standard, n, mean, s2 = case
    plain = stratified_mean(standard, mean, *variance_of_means(n, s2))
    turn = np.random.default_rng(seed).permutation(len(standard))
    other = stratified_mean(7 * standard[turn], mean[:, turn], *variance_of_means(n[:, turn], s2[:, turn]))
    for name in ("value", "error", "df", "covered"):
        assert getattr(other, name) == pytest.approx(getattr(plain, name), nan_ok=True)
    gap = [
        np.column_stack([column, fill])
        for column, fill in ((n, 0 * n[:, 0]), (mean, n[:, 0] * np.nan), (s2, n[:, 0]))
    ]
    wider = stratified_mean(np.append(standard, 2.0), gap[1], *variance_of_means(gap[0], gap[2]))
    assert wider.value == pytest.approx(plain.value, nan_ok=True)
    assert wider.error == pytest.approx(plain.error, nan_ok=True)
    assert (wider.covered < plain.covered + 1e-12).all()


@given(groups())
def test_a_standardised_score_lies_within_the_scores_of_its_strata(case: tuple[Array, Array, Array, Array]) -> None:
    standard, n, mean, s2 = case
    found = stratified_mean(standard, mean, *variance_of_means(n, s2))
    answered = (n > 0).any(axis=1)
    assert (np.isnan(found.value) == ~answered).all() and (found.covered[~answered] == 0).all()
    for i in np.flatnonzero(answered):
        assert np.nanmin(mean[i]) - 1e-9 <= found.value[i] <= np.nanmax(mean[i]) + 1e-9
    known, each = np.isfinite(found.df), variance_of_means(n, s2)[1][np.isfinite(found.df)]
    assert (found.df[known] >= np.nanmin(each, axis=1) - 1e-9).all()
    assert (found.df[known] <= np.nansum(each, axis=1) + 1e-9).all()


def test_a_group_with_harder_work_is_not_blamed_for_it() -> None:
    """Both teams score 90 on easy and 60 on hard contacts; one has mostly hard ones."""
    n, mean = np.array([[90, 10], [10, 90]]), np.array([[90.0, 60.0], [90.0, 60.0]])
    crude = (n * mean).sum(axis=1) / n.sum(axis=1)
    fair = stratified_mean(n.sum(axis=0), mean, *variance_of_means(n, np.full((2, 2), 100.0)))
    assert crude[0] - crude[1] == pytest.approx(24)
    assert fair.value.tolist() == [75.0, 75.0]


@pytest.mark.slow
def test_the_interval_of_a_standardised_score_holds_the_truth(figure: Figure) -> None:
    rng, truth, standard = np.random.default_rng(13), np.array([90.0, 75.0, 60.0]), np.array([0.5, 0.3, 0.2])
    n = np.array([12, 5, 1])
    answers = [rng.normal(t, 12, (5_000, size)) for t, size in zip(truth, n, strict=True)]
    mean = np.column_stack([a.mean(axis=1) for a in answers])
    s2 = np.column_stack([a.var(axis=1, ddof=1) if a.shape[1] > 1 else np.full(5_000, np.nan) for a in answers])
    low, high = stratified_mean(standard, mean, *variance_of_means(np.tile(n, (5_000, 1)), s2)).bounds()
    held = (low <= standard @ truth) & (standard @ truth <= high)
    assert figure("covered", held.mean()) == pytest.approx(0.95, abs=0.012)


def test_without_answers_or_spread() -> None:
    variance, df = variance_of_means(np.array([1, 0]), np.array([np.nan, np.nan]))
    assert np.isnan(variance).all() and np.isnan(df).all()
    none = stratified_mean(np.ones(2), np.full((1, 2), np.nan), np.full((1, 2), np.nan), np.full((1, 2), np.nan))
    assert np.isnan([none.value[0], none.error[0], none.df[0]]).all() and none.covered.tolist() == [0.0]
    alone = stratified_mean(np.ones(2), np.array([[80.0, np.nan]]), variance[None], df[None])
    assert alone.value.tolist() == [80.0] and np.isnan(alone.error[0]) and np.isnan(alone.bounds()[0][0])
