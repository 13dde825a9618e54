"""Rank tests from counts against scipy, statsmodels, R and scikit-posthocs on the rows, and their own symmetries."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.nonparametric import rank_compare_2ordinal

from analysis.stats.ranks import (
    brunner_munzel,
    cliffs_delta,
    dunn,
    kruskal_wallis,
    mann_whitney,
    placements,
    superiority,
)
from tests.proof import Figure

GOLDEN = Path(__file__).parents[2] / "golden"
Counts = npt.NDArray[np.float64]


def answers(counts: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(len(np.asarray(counts))), np.asarray(counts, dtype=int))


@st.composite
def matrices(draw: st.DrawFn, *, groups: int = 2, least: int = 2) -> Counts:
    """Counts of every group at 2..8 values, each group with at least `least` answers."""
    width = draw(st.integers(2, 8))
    row = st.lists(st.integers(0, 12), min_size=width, max_size=width).filter(lambda r: sum(r) >= least)
    return np.array(draw(st.lists(row, min_size=groups, max_size=groups)), dtype=float)


@given(matrices())
def test_mann_whitney_is_scipys_on_the_rows(counts: Counts) -> None:
    got = mann_whitney(*counts)
    if (counts.sum(axis=0) > 0).sum() == 1:
        assert (got.z, got.p, got.a) == (0.0, 1.0, 0.5)
        return
    expected = stats.mannwhitneyu(answers(counts[1]), answers(counts[0]), method="asymptotic")
    assert (got.statistic, got.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-10)
    plain = stats.mannwhitneyu(answers(counts[1]), answers(counts[0]), method="asymptotic", use_continuity=False)
    assert mann_whitney(*counts, correction=0.0).p == pytest.approx(plain.pvalue, rel=1e-10)


@given(matrices())
def test_brunner_munzel_is_scipys_and_statsmodels(counts: Counts) -> None:
    got = brunner_munzel(*counts)
    if got.error == 0:
        assert got.a in (0.0, 0.5, 1.0)
        return
    expected = stats.brunnermunzel(answers(counts[0]), answers(counts[1]))
    assert (got.statistic, got.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-7, abs=1e-12)
    ordinal = rank_compare_2ordinal(counts[1], counts[0])
    assert (got.a, got.df) == pytest.approx((ordinal.prob1, ordinal.df), rel=1e-9)
    assert got.error == pytest.approx(np.sqrt(ordinal.var / ordinal.nobs), rel=1e-9)


@given(matrices(groups=4, least=1))
def test_kruskal_wallis_is_scipys_on_the_rows(counts: Counts) -> None:
    got, n = kruskal_wallis(counts), counts.sum()
    if (counts.sum(axis=0) > 0).sum() == 1:
        assert (got.statistic, got.p, got.epsilon2) == (0.0, 1.0, 0.0)
        return
    expected = stats.kruskal(*(answers(row) for row in counts))
    assert (got.statistic, got.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9, abs=1e-10)
    assert got.epsilon2 == pytest.approx(got.statistic / (n - 1)) and 0 <= got.epsilon2 <= 1 + 1e-12


def test_kruskal_wallis_of_the_ozone_is_rs() -> None:
    golden = json.loads((GOLDEN / "kruskal_airquality.json").read_text())["expected"]
    air = pd.read_csv(GOLDEN / "data/airquality.csv").dropna(subset="Ozone")
    got = kruskal_wallis(pd.crosstab(air["Month"], air["Ozone"]).to_numpy())
    assert len(air) == golden["n_used"]
    assert [got.statistic, got.df, got.p] == pytest.approx([golden["H"], golden["df"], golden["p"]], rel=1e-9)
    assert got.epsilon2 == pytest.approx(golden["H"] / (golden["n_used"] - 1), rel=1e-9)


@given(matrices(groups=3, least=1))
def test_dunn_is_its_formula_on_the_rows(counts: Counts) -> None:
    values = np.concatenate([answers(row) for row in counts])
    group = np.repeat(range(3), counts.sum(axis=1).astype(int))
    if len(set(values.tolist())) == 1:
        assert [d.p for d in dunn(counts)] == [1.0, 1.0, 1.0]
        return
    n, (_, ties) = len(values), np.unique(values, return_counts=True)
    ranks = stats.rankdata(values)
    spread = n * (n + 1) / 12 - np.sum(ties**3 - ties) / (12 * (n - 1))
    for pair in dunn(counts):
        a, b = ranks[group == pair.i], ranks[group == pair.j]
        z = (a.mean() - b.mean()) / np.sqrt(spread * (1 / len(a) + 1 / len(b)))
        assert (pair.z, pair.p) == pytest.approx((z, 2 * stats.norm.sf(abs(z))), rel=1e-7, abs=1e-9)


def test_dunn_is_that_of_scikit_posthocs() -> None:
    """posthoc_dunn of 0.17.1, whose p-values equal those of R's dunn.test."""
    counts = pd.read_csv(GOLDEN / "data/kw_counts.csv", index_col="channel").to_numpy()
    expected = [0.013078116094081, 0.23684343843116418, 0.004354348908397308]
    expected += [0.001395339905780417, 0.20570983899198791, 0.0006431030517040455]
    assert [d.p for d in dunn(counts)] == pytest.approx(expected, rel=1e-10)


@given(matrices())
def test_of_two_groups_all_routes_agree(counts: Counts) -> None:
    h, z, d = kruskal_wallis(counts), mann_whitney(*counts, correction=0.0), dunn(counts)[0]
    assert h.statistic == pytest.approx(z.z**2, rel=1e-9, abs=1e-9) == pytest.approx(d.z**2, rel=1e-9, abs=1e-9)
    assert d.z == pytest.approx(-z.z, rel=1e-9, abs=1e-9)  # a - b, against group 1 over group 0


@given(matrices())
def test_swapped_groups_say_the_same_the_other_way_round(counts: Counts) -> None:
    for test in (mann_whitney, brunner_munzel):
        one, other = test(counts[0], counts[1]), test(counts[1], counts[0])
        assert one.a + other.a == pytest.approx(1.0)
        assert one.p == pytest.approx(other.p, rel=1e-9)
        assert cliffs_delta(one.a) == pytest.approx(-cliffs_delta(other.a), abs=1e-12)


@given(matrices())
def test_a_is_the_mean_placement_and_the_share_of_pairs(counts: Counts) -> None:
    f0, f1 = placements(*counts)
    x, y = answers(counts[0])[:, None], answers(counts[1])[None, :]
    share = np.mean((y > x) + 0.5 * (y == x))
    assert np.sum(counts[1] * f0) / counts[1].sum() == pytest.approx(share)
    assert 1 - np.sum(counts[0] * f1) / counts[0].sum() == pytest.approx(share)
    assert mann_whitney(*counts).a == pytest.approx(share) == pytest.approx(brunner_munzel(*counts).a)


@given(matrices(groups=4, least=1), st.integers(0, 8), st.permutations(range(4)))
def test_only_order_and_counts_matter(counts: Counts, place: int, order: list[int]) -> None:
    """A value nobody gave, and the order of the groups, change nothing."""
    wider = np.insert(counts, min(place, counts.shape[1]), 0.0, axis=1)
    for other in (wider, counts[order]):
        assert kruskal_wallis(other).statistic == pytest.approx(kruskal_wallis(counts).statistic, rel=1e-9, abs=1e-9)
    assert mann_whitney(wider[0], wider[1]).p == pytest.approx(mann_whitney(counts[0], counts[1]).p)
    here = {frozenset((d.i, d.j)): d.p for d in dunn(counts)}
    assert here == pytest.approx({frozenset((order[d.i], order[d.j])): d.p for d in dunn(counts[order])}, abs=1e-9)


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(1, 1e4), st.sampled_from([0.9, 0.95]))
def test_superiority_stays_between_0_and_1_and_mirrors(a: float, error: float, df: float, confidence: float) -> None:
    got = superiority(a, error, df, confidence=confidence)
    assert 0 <= got.low <= a + 1e-12 and a - 1e-12 <= got.high <= 1
    mirrored = superiority(1 - a, error, df, confidence=confidence)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((got.low, got.high), abs=1e-6)


def test_superiority_without_overlap_is_the_exact_share_of_the_smaller_group() -> None:
    test = brunner_munzel([12, 8, 0, 0], [0, 0, 3, 9])
    assert (test.a, test.error, test.df) == (1.0, 0.0, 11)
    got = superiority(test.a, test.error, test.df)
    expected = stats.binomtest(12, 12).proportion_ci(method="exact")
    assert (got.low, got.high) == pytest.approx((expected.low, expected.high))
    assert test.p == pytest.approx(2 / 225792840) and np.isnan(test.statistic)  # 32 over 12 orders


def test_superiority_is_close_to_the_plain_interval_in_the_middle() -> None:
    got, plain = superiority(0.5, 0.01, 500), 0.01 * stats.t.ppf(0.975, 500)
    assert (got.low, got.high) == pytest.approx((0.5 - plain, 0.5 + plain), abs=2e-5)


def test_nothing_to_compare_is_nan_and_nothing_different_is_no_evidence() -> None:
    assert np.isnan(mann_whitney([0, 0], [1, 2]).p) and np.isnan(mann_whitney([0, 0], [1, 2]).a)
    assert np.isnan(brunner_munzel([0, 0], [1, 2]).a)
    single = brunner_munzel([1, 0], [1, 2])
    assert single.a == pytest.approx(5 / 6) and np.isnan([single.p, single.error, single.df]).all()
    assert np.isnan(kruskal_wallis([[0, 0], [1, 2]]).p) and np.isnan(kruskal_wallis([[0, 0], [0, 0]]).statistic)
    assert np.isnan(dunn([[0, 0], [1, 2]])[0].p) and np.isnan(placements([0, 0], [1, 1])[0]).all()
    alike = brunner_munzel([0, 9], [0, 5])
    assert (alike.statistic, alike.p, alike.a, alike.df) == (0.0, 1.0, 0.5, 4)
    assert kruskal_wallis([[0, 9], [0, 5]]).p == mann_whitney([0, 9], [0, 5]).p == 1.0
    for error, df in ((np.nan, 5.0), (0.1, np.nan), (0.1, 0.0)):
        assert np.isnan(superiority(0.7, error, df).low)


def test_an_empty_group_leaves_the_others_alone() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        full, gap = kruskal_wallis([[4, 3], [2, 5]]), kruskal_wallis([[4, 3], [0, 0], [2, 5]])
        assert (full.statistic, full.df) == (gap.statistic, gap.df)
        pairs = dunn([[4, 3], [0, 0], [2, 5]])
    assert [np.isnan(d.p) for d in pairs] == [True, False, True]
    assert pairs[1].p == pytest.approx(dunn([[4, 3], [2, 5]])[0].p)


def draws(rng: np.random.Generator, n: int, shares: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return rng.multinomial(n, np.asarray(shares))


@pytest.mark.prove
def test_p_is_uniform_when_nothing_differs(figure: Figure) -> None:
    rng, shares = np.random.default_rng(41), np.array([1, 1, 2, 3, 5, 6, 9, 14, 21, 28, 30]) / 120
    drawn = [np.array([draws(rng, n, shares) for n in (90, 140, 60)]) for _ in range(1500)]
    routes = {
        "brunner_munzel": [brunner_munzel(c[0], c[1]).p for c in drawn],
        "mann_whitney": [mann_whitney(c[0], c[1], correction=0.0).p for c in drawn],
        "kruskal_wallis": [kruskal_wallis(c).p for c in drawn],
        "dunn": [dunn(c)[1].p for c in drawn],
    }
    for name, p in routes.items():
        assert stats.kstest(p, "uniform").pvalue > 0.001, name
        assert figure(f"{name}, p < 5 %", np.mean(np.array(p) < 0.05)) == pytest.approx(0.05, abs=0.015)


@pytest.mark.prove
@pytest.mark.parametrize("shift", [0.0, 1.0, 2.6])
def test_coverage_of_superiority_also_near_the_end(shift: float, figure: Figure) -> None:
    """Planted A of two normals, 0.5 to 0.97, kept as whole numbers; 95 % intervals hold it 95 % of the time."""
    rng, edges = np.random.default_rng(42), np.arange(-6, 10, 0.5)
    cuts = np.concatenate([[-np.inf], edges, [np.inf]])
    p0, p1 = np.diff(stats.norm.cdf(cuts)), np.diff(stats.norm.cdf(cuts, loc=shift, scale=1.4))
    truth = float(np.sum(p1 * (np.cumsum(p0) - p0 / 2)))
    held = []
    for _ in range(1500):
        t = brunner_munzel(draws(rng, 40, p0), draws(rng, 60, p1))
        i = superiority(t.a, t.error, t.df)
        held.append(i.low <= truth <= i.high)
    assert figure("covered", np.mean(held)) == pytest.approx(0.95, abs=0.02)
