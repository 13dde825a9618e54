"""Tests of pairs against R, scipy and statsmodels on the rows, and against their own symmetries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from analysis.stats.intervals import differences
from analysis.stats.paired import friedman, mcnemar, paired_differences, wilcoxon_signed_rank
from tests.proof import Figure

GOLDEN = Path(__file__).parents[2] / "golden"
Counts = npt.NDArray[np.float64]
STEPS = [1, 2, 3, 4, 5]


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text())
    return found


PAIRED = case("paired_mcnemar_wilcoxon")
EXPECTED = PAIRED["expected"]


def likert() -> Counts:
    pairs = pd.read_csv(GOLDEN / "data/paired_likert.csv")
    return (
        pd.crosstab(pairs["before"], pairs["after"]).reindex(index=STEPS, columns=STEPS, fill_value=0).to_numpy(float)
    )


def r_says(*keys: str) -> object:
    return pytest.approx([EXPECTED[key] for key in keys], rel=1e-8, abs=1e-9)


def test_mcnemar_against_r() -> None:
    (_, b), (c, _) = PAIRED["inputs"]["mcnemar"]
    plain, cautious = mcnemar(b, c), mcnemar(b, c, correction=1.0)
    assert [plain.statistic, plain.p, plain.p_exact] == r_says("mcnemar_X2", "mcnemar_p", "mcnemar_exact_p")
    assert [cautious.statistic, cautious.p] == r_says("mcnemar_X2_cc", "mcnemar_p_cc")
    assert not plain.exact


def test_wilcoxon_against_r() -> None:
    plain = wilcoxon_signed_rank(STEPS, STEPS, likert(), correction=0.0)
    assert [plain.statistic, plain.p] == r_says("wilcoxon_V", "wilcoxon_p_no_cc")
    assert [wilcoxon_signed_rank(STEPS, STEPS, likert()).p] == r_says("wilcoxon_p_cc")
    pratt = wilcoxon_signed_rank(STEPS, STEPS, likert(), zeros="pratt", correction=0.0)
    assert [pratt.z, pratt.p] == r_says("wilcoxon_pratt_z", "wilcoxon_pratt_p")
    assert [plain.rank_biserial] == r_says("rank_biserial_paired")


def test_paired_t_against_r() -> None:
    moved = paired_differences(STEPS, STEPS, likert())
    error = np.sqrt(moved.variance / moved.n)
    got = differences(np.array([moved.mean]), np.array([error]), np.array([moved.n - 1]))[0]
    assert [got.value / got.error, got.p] == r_says("paired_t", "paired_p")
    assert [got.interval.low, got.interval.high] == pytest.approx(EXPECTED["ci95"], rel=1e-8)
    rows = pd.read_csv(GOLDEN / "data/paired_likert.csv").eval("after - before")
    assert (moved.up, moved.down, moved.same) == ((rows > 0).sum(), (rows < 0).sum(), (rows == 0).sum())


def test_friedman_against_r() -> None:
    expected, got = case("friedman_kendallW")["expected"], friedman(pd.read_csv(GOLDEN / "data/rounding_times.csv"))
    assert [got.statistic, got.df, got.p, got.w] == pytest.approx(
        [expected[k] for k in ("Q", "df", "p", "W")], rel=1e-8
    )


VALUES = st.lists(st.integers(-20, 20), min_size=2, max_size=5, unique=True)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[float], list[float], Counts]:
    """Values in tenths, whose differences tie only up to rounding, and counts of pairs."""
    before, after = ([v / 10 for v in draw(VALUES)] for _ in range(2))
    size = len(before) * len(after)
    counts = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    return before, after, np.array(counts, dtype=float).reshape(len(before), len(after))


def pairs_of(before: list[float], after: list[float], counts: Counts) -> tuple[Counts, Counts]:
    i, j = np.indices(counts.shape).reshape(2, -1)
    times = counts.ravel().astype(int)
    return np.repeat(np.array(before)[i], times), np.repeat(np.array(after)[j], times)


@given(tables(), st.sampled_from(["wilcox", "pratt"]), st.sampled_from([0.0, 0.5]))
def test_wilcoxon_is_scipys_on_the_rows(
    table: tuple[list[float], list[float], Counts], zeros: str, cc: float
) -> None:
    x, y = pairs_of(*table)
    moves = np.round(y - x, 9)
    assume((moves != 0).sum() > 0)
    got = wilcoxon_signed_rank(*table, zeros=zeros, correction=cc)
    expected = stats.wilcoxon(moves, zero_method=zeros, correction=cc > 0, method="asymptotic")
    kept = moves if zeros == "pratt" else moves[moves != 0]
    ranks = stats.rankdata(np.abs(kept))
    assert (got.statistic, got.n) == (pytest.approx(ranks[kept > 0].sum()), len(kept))
    # scipy carries the correction past the middle, which R does not; they part only there.
    if got.z != 0:
        assert (got.p, abs(got.z)) == pytest.approx((expected.pvalue, abs(expected.zstatistic)), rel=1e-9)
    rest = ranks[kept < 0].sum()
    assert got.rank_biserial == pytest.approx((got.statistic - rest) / (got.statistic + rest), abs=1e-12)


@given(tables())
def test_differences_are_those_of_the_rows(table: tuple[list[float], list[float], Counts]) -> None:
    x, y = pairs_of(*table)
    assume(len(x) > 1)
    got = paired_differences(*table)
    assert (got.n, got.mean, got.variance) == pytest.approx((len(x), (y - x).mean(), (y - x).var(ddof=1)), abs=1e-9)
    assert (got.up, got.down, got.same) == ((y > x).sum(), (y < x).sum(), (y == x).sum())


@given(tables(), st.integers(0, 1000))
def test_turned_round_mixed_and_split_tables(table: tuple[list[float], list[float], Counts], seed: int) -> None:
    before, after, counts = table
    plain, back = wilcoxon_signed_rank(*table), wilcoxon_signed_rank(after, before, counts.T)
    assume(not np.isnan(plain.p))
    assert (back.z, back.p, back.rank_biserial) == pytest.approx((-plain.z, plain.p, -plain.rank_biserial), abs=1e-12)
    order = np.random.default_rng(seed).permutation(len(before) + 1)
    part = np.floor(counts[:1] / 2)
    split = np.concatenate([counts, part])[order]
    split[order == 0] -= part
    mixed = wilcoxon_signed_rank(np.array([*before, before[0]])[order], after, split)
    assert (mixed.z, mixed.statistic) == pytest.approx((plain.z, plain.statistic), abs=1e-9)
    assert abs(plain.rank_biserial) <= 1 and 0 <= plain.p <= 1


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.0, 1.0]))
def test_mcnemar_is_statsmodels(b: int, c: int, correction: float) -> None:
    got = mcnemar(b, c, correction=correction)
    assert got.exact == (b + c < 25) and got.p == (got.p_exact if got.exact else got.p_chi2)
    assert mcnemar(c, b, correction=correction) == got
    if b + c == 0:
        assert (got.statistic, got.p_chi2, got.p_exact) == (0.0, 1.0, 1.0)
        return
    assert got.p_exact == pytest.approx(stats.binomtest(b, b + c).pvalue, rel=1e-9)
    if b != c:  # statsmodels corrects a difference of nothing to a difference of one
        expected = statsmodels_mcnemar([[0, b], [c, 0]], exact=False, correction=correction > 0)
        assert (got.statistic, got.p_chi2) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9)


def test_mcnemar_turns_exact_below_25() -> None:
    assert [mcnemar(b, c).exact for b, c in ((10, 14), (10, 15), (0, 0))] == [True, False, True]


BLOCKS = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 6), min_size=k, max_size=k), min_size=2, max_size=12)
)


@given(BLOCKS)
def test_friedman_is_scipys(blocks: list[list[int]]) -> None:
    values = np.array(blocks, dtype=float)
    got, (n, k) = friedman(values), values.shape
    if (values == values[:, :1]).all():
        assert (got.statistic, got.p, got.w) == (0.0, 1.0, 0.0)
        return
    if k > 2:
        expected = stats.friedmanchisquare(*values.T)
        assert (got.statistic, got.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-7, abs=1e-9)
    assert got.w == pytest.approx(got.statistic / (n * (k - 1))) and 0 <= got.w <= 1 + 1e-9
    mixed = friedman(np.exp(values[::-1, ::-1]))
    assert mixed.statistic == pytest.approx(got.statistic, rel=1e-9, abs=1e-9)
    with_gap = friedman(np.vstack([values, np.full(k, np.nan)]))
    assert with_gap == got


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=2, max_size=20))
def test_friedman_of_yes_and_no_is_cochrans_q(blocks: list[list[bool]]) -> None:
    values = np.array(blocks, dtype=int)
    assume((values != values[:, :1]).any())
    expected = cochrans_q(values)
    got = friedman(values)
    assert (got.statistic, got.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-7, abs=1e-9)


def test_too_little_to_ask() -> None:
    nobody = wilcoxon_signed_rank([1, 2], [1, 2], [[0, 0], [0, 0]])
    assert np.isnan([nobody.p, nobody.statistic, nobody.rank_biserial]).all()
    empty, single = paired_differences([1], [2], [[0]]), paired_differences([1], [2], [[1]])
    assert np.isnan([empty.mean, empty.variance, single.variance]).all() and single.mean == 1.0
    for zeros in ("wilcox", "pratt"):
        still = wilcoxon_signed_rank([1, 2], [1, 2], [[4, 0], [0, 7]], zeros=zeros)
        assert (still.z, still.p, still.rank_biserial) == (0.0, 1.0, 0.0)
    assert np.isnan(friedman([[1], [2]]).p) and np.isnan(friedman([[1, np.nan]]).p)
    with pytest.raises(ValueError, match="zeros"):
        wilcoxon_signed_rank([1], [1], [[1]], zeros="zsplit")


@pytest.mark.prove
def test_p_is_uniform_when_nobody_moves_for_a_reason(figure: Figure) -> None:
    rng, tables_, signs = np.random.default_rng(45), [], []
    steps = [1.0, 2.3, 3.1, 4.6, 5.0, 6.7]  # uneven, so that p does not come in coarse steps
    shares = np.array([[8, 4, 2, 1, 1, 1]] + [[2] * 6] * 5, dtype=float)
    shares = (shares + shares.T) / (shares + shares.T).sum()
    for _ in range(1500):
        tables_.append(rng.multinomial(200, shares.ravel()).reshape(6, 6))
        signs.append(rng.normal(size=(60, 4)))
    routes = {
        zeros: [wilcoxon_signed_rank(steps, steps, t, zeros=zeros, correction=0.0).p for t in tables_]
        for zeros in ("wilcox", "pratt")
    }
    routes["friedman"] = [friedman(s).p for s in signs]
    for name, p in routes.items():
        assert stats.kstest(p, "uniform").pvalue > 0.001, name
        assert figure(f"{name}, p < 5 %", np.mean(np.array(p) < 0.05)) == pytest.approx(0.05, abs=0.015)
