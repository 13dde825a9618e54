"""Tests of trend against R (prop.trend.test, coin's lbl_test), statsmodels and their own symmetries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.stats.trend import Trend, cochran_armitage, linear_by_linear
from tests.proof import Figure

GOLDEN = Path(__file__).parents[2] / "golden"
EXPECTED = json.loads((GOLDEN / "trend_cochran_armitage_lbl.json").read_text())["expected"]
Counts = npt.NDArray[np.float64]


def kept(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / f"data/{name}.csv")


def square(table: pd.DataFrame, rows: str, columns: str) -> Counts:
    """Counts with rows and columns in the order of the file, which is that of the scores."""
    shape = [table[rows].drop_duplicates(), table[columns].drop_duplicates()]
    return table.pivot(index=rows, columns=columns, values="Freq").loc[shape[0], shape[1]].to_numpy(dtype=float)


def r_says(*keys: str) -> object:
    return pytest.approx([EXPECTED[key] for key in keys], rel=1e-8, abs=1e-9)


def test_smokers_against_r() -> None:
    smokers = kept("smokers")
    got = cochran_armitage(smokers["smokers"], smokers["patients"], smokers["score"])
    assert [got.statistic, got.p] == r_says("smokers_X2", "smokers_p")
    last = cochran_armitage(smokers["smokers"], smokers["patients"], [0, 0, 0, 1])
    assert [last.statistic] == r_says("smokers_X2_scores_0001")


def test_malformation_against_r() -> None:
    """Uneven scores, chosen by the amount drunk (Agresti)."""
    table = kept("malformation")
    got = linear_by_linear(table[["absent", "present"]], table["score"], [0, 1])
    assert [got.r, got.statistic, got.p] == r_says("malformation_r", "malformation_M2", "malformation_M2_p")
    share = cochran_armitage(table["present"], table["present"] + table["absent"], table["score"])
    assert [share.r, share.statistic] == r_says("malformation_r", "malformation_CA_X2")
    assert (share.slope, share.error) == (got.slope, got.error)


def test_job_satisfaction_against_r() -> None:
    got = linear_by_linear(square(kept("jobsat"), "income", "satisfaction"), range(1, 5), range(1, 5))
    assert [got.r, got.statistic, got.statistic] == r_says("jobsat_r", "jobsat_M2", "jobsat_M2_coin")


def test_job_satisfaction_within_genders_against_r() -> None:
    by = [square(part, "Income", "Job.Satisfaction") for _, part in kept("jobsat_gender").groupby("Gender")]
    got = linear_by_linear(by, range(1, 5), range(1, 5))
    assert [abs(got.z), got.p] == r_says("jobsat_gender_stratified_Z_abs", "jobsat_gender_p")


def test_linear_by_linear_against_statsmodels() -> None:
    """Its Table adds a half to every cell of a table with a zero unless told not to."""
    counts = square(kept("jobsat"), "income", "satisfaction")
    table = sm.stats.Table(counts, shift_zeros=False)
    expected = table.test_ordinal_association(row_scores=np.arange(4), col_scores=np.array([0, 1, 2, 5]))
    got = linear_by_linear(counts, range(4), [0, 1, 2, 5])
    assert (got.z, got.p) == pytest.approx((expected.zscore, expected.pvalue), rel=1e-9)


@st.composite
def tables(draw: st.DrawFn) -> Counts:
    """(strata, rows, columns), each stratum with answers in more than one row and one column."""
    shape = [draw(st.integers(*span)) for span in ((1, 3), (2, 5), (2, 5))]
    cells = draw(st.lists(st.integers(0, 9), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    counts = np.array(cells, dtype=float).reshape(shape)
    counts[:, 0, 0] += 1
    counts[:, 1, 1] += 2
    return counts


def rows_of(counts: Counts) -> tuple[npt.NDArray[np.int64], ...]:
    places = np.indices(counts.shape).reshape(3, -1)
    return tuple(np.repeat(place, counts.ravel().astype(int)) for place in places)


@given(tables())
def test_the_trend_is_a_regression_on_the_rows(counts: Counts) -> None:
    s, x, y = rows_of(counts)
    design = np.column_stack([x, *(s == one for one in range(len(counts)))]).astype(float)
    fit = sm.OLS(y.astype(float), design).fit(cov_type="HC1")
    got = linear_by_linear(counts, range(counts.shape[1]), range(counts.shape[2]))
    assert got.slope == pytest.approx(fit.params[0], abs=1e-9)
    if len(x) > len(counts) + 1:
        assert got.error == pytest.approx(fit.bse[0], abs=1e-7)
    if len(counts) == 1:
        assert got.r == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
        assert got.statistic == pytest.approx((len(x) - 1) * got.r**2, rel=1e-9, abs=1e-9)
    assert -1 - 1e-9 <= got.r <= 1 + 1e-9 and 0 <= got.p <= 1


@given(tables(), st.floats(0.1, 20), st.floats(-50, 50))
def test_turning_and_rescaling_the_scores(counts: Counts, scale: float, shift: float) -> None:
    rows, columns = np.arange(counts.shape[1]), np.arange(counts.shape[2])
    plain, scaled = linear_by_linear(counts, rows, columns), linear_by_linear(counts, rows * scale + shift, columns)
    turned = linear_by_linear(counts, -rows, columns)
    flipped = linear_by_linear(counts.swapaxes(1, 2), columns, rows)
    assert scaled.z == pytest.approx(plain.z, abs=1e-6) and scaled.slope * scale == pytest.approx(
        plain.slope, abs=1e-6
    )
    assert turned.z == pytest.approx(-plain.z, abs=1e-9) and turned.p == pytest.approx(plain.p)
    assert flipped.z == pytest.approx(plain.z, abs=1e-9)


@given(tables(), st.integers(0, 1000))
def test_a_class_split_in_two_and_the_order_of_classes_change_nothing(counts: Counts, seed: int) -> None:
    rows, columns = np.arange(counts.shape[1]), np.arange(counts.shape[2])
    part = np.floor(counts[:, :1] / 3)
    split = np.concatenate([counts, part], axis=1)
    split[:, :1] -= part
    mixed = np.random.default_rng(seed).permutation(len(rows) + 1)
    got = linear_by_linear(split[:, mixed], np.append(rows, 0)[mixed], columns)
    plain = linear_by_linear(counts, rows, columns)
    assert (got.z, got.r, got.slope) == pytest.approx((plain.z, plain.r, plain.slope), abs=1e-9)


def known(trend: Trend) -> list[bool]:
    return [not np.isnan(value) for value in (trend.statistic, trend.p, trend.r, trend.error)]


def test_without_variation_there_is_no_trend_to_ask_for() -> None:
    assert known(cochran_armitage([5, 9, 7], [5, 9, 7], [1, 2, 3])) == [False, False, False, True]
    for same in (1, 0.1, 1 / 3):
        assert not any(known(cochran_armitage([2, 3, 3], [5, 9, 8], [same] * 3)))
        assert not any(known(linear_by_linear([[2, 3, 3], [0, 0, 0]], [same, 4], [1, 2, 3])))
    for empty in ([[0, 0], [0, 0]], [[1, 0], [0, 0]]):
        assert not any(known(linear_by_linear(empty, [1, 2], [1, 2])))
        assert not any(known(cochran_armitage(np.array(empty)[0], [1, 0], [1, 2])))
    assert known(linear_by_linear([[1, 0], [0, 1]], [1, 2], [1, 2])) == [True, True, True, False]


def test_a_stratum_of_one_answer_says_nothing() -> None:
    one = np.array([[[3, 1], [2, 6]]])
    more = np.concatenate([one, [[[0, 1], [0, 0]]]])
    assert linear_by_linear(more, [1, 2], [1, 2]) == linear_by_linear(one, [1, 2], [1, 2])


def test_a_planted_slope_is_found(figure: Figure) -> None:
    """Two points of a hundred lost with every class of waiting: the interval covers it 95 times in 100."""
    rng, n, scores = np.random.default_rng(43), np.array([400, 300, 200, 100]), np.arange(4)
    found = [cochran_armitage(rng.binomial(n, 0.8 - 0.02 * scores), n, scores) for _ in range(2000)]
    held = [abs(t.slope + 0.02) < 1.96 * t.error for t in found]
    assert np.mean([t.slope for t in found]) == pytest.approx(-0.02, abs=0.001)
    assert figure("covered", np.mean(held)) == pytest.approx(0.95, abs=0.015)


@pytest.mark.prove
def test_p_is_uniform_without_a_trend(figure: Figure) -> None:
    rng, n = np.random.default_rng(44), np.array([400, 300, 200, 100])
    uneven = [0, 1.37, 2.91, 5.03]  # even scores leave so few possible sums that p comes in steps
    shares = [cochran_armitage(rng.binomial(n, 0.8), n, uneven).p for _ in range(2000)]
    by = [np.array([rng.multinomial(m, [0.1, 0.2, 0.3, 0.4]) for m in n]) for _ in range(2000)]
    pairs = zip(by[::2], by[1::2], strict=True)
    stratified = [linear_by_linear([a, b], uneven, [1, 2, 3, 4]).p for a, b in pairs]
    for p in (shares, stratified):
        assert stats.kstest(p, "uniform").pvalue > 0.001
        assert figure("p < 5 %", np.mean(np.array(p) < 0.05)) == pytest.approx(0.05, abs=0.02)
