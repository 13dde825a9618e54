"""Linear regression from sums of products against R, statsmodels on rows, and itself."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor

from analysis.stats.inflation import gvif
from analysis.stats.regression import (
    INTERCEPT,
    Collinear,
    CrossProducts,
    Weights,
    block_test,
    by_cluster,
    collinear,
    ols,
    together,
)
from tests.analysis.stats.golden import Case, data

NAMES = ("a", "b", "c", "d")


def of_rows(x: np.ndarray, y: np.ndarray, names: tuple[str, ...] = NAMES) -> CrossProducts:
    return CrossProducts.of(names, x, np.ones(len(y)), y, y**2)


def rows(seed: int, n: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """Columns of very different size, two of them alike, and an outcome of some of them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (n, 4))
    x[:, 1] += 0.8 * x[:, 0]
    x = x * [1, 50, 0.01, 3] + [0, 400, 0, -7]
    return x, 70 + 2 * x[:, 0] - 0.05 * x[:, 1] + rng.normal(0, 4, n)


def test_swiss_against_r() -> None:
    case, swiss = Case("lmg_johnson_swiss"), data("swiss")
    names = tuple(case.inputs["x"])
    fit = ols(of_rows(swiss[list(names)].to_numpy(), swiss["Fertility"].to_numpy(), names))
    labels = ["(Intercept)", *names]
    assert fit.names == (INTERCEPT, *names)
    assert fit.r2 == case.near("R2")
    assert dict(zip(labels, fit.coefficients, strict=True)) == case.near("coef")
    assert dict(zip(labels, fit.errors, strict=True)) == case.near("se")
    assert dict(zip(names, fit.vif[1:], strict=True)) == case.near("vif")
    assert dict(zip(names, fit.standardised[1:] ** 2, strict=True)) == case.near("betasq")


def test_against_statsmodels_on_rows() -> None:
    x, y = rows(1)
    fit, expected = ols(of_rows(x, y)), sm.OLS(y, sm.add_constant(x)).fit()
    assert fit.coefficients == pytest.approx(expected.params, rel=1e-8)
    assert fit.covariance == pytest.approx(expected.cov_params(), rel=1e-7)
    assert (fit.r2, fit.sigma) == pytest.approx((expected.rsquared, np.sqrt(expected.mse_resid)), rel=1e-9)
    tests = fit.tests()
    assert [t.p for t in tests] == pytest.approx(expected.pvalues, rel=1e-6)
    assert [t.interval.low for t in tests] == pytest.approx(expected.conf_int()[:, 0], rel=1e-7)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    vif = [variance_inflation_factor(sm.add_constant(x), j + 1) for j in range(4)]
    assert fit.vif[1:] == pytest.approx(vif, rel=1e-8)
    assert fit.condition == pytest.approx(np.linalg.cond(z), rel=1e-7)
    assert fit.standardised[1:] == pytest.approx(sm.OLS((y - y.mean()) / y.std(), z).fit().params, rel=1e-7)
    joint = expected.f_test(np.eye(5)[[1, 3]])
    got = block_test(fit, ["a", "c"])
    assert (got.statistic, got.df1, got.df2, got.p) == pytest.approx((joint.fvalue, 2, 75, joint.pvalue), rel=1e-7)


def test_patterns_are_their_answers() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 3, (300, 2)).astype(float), rng.integers(1, 11, 300).astype(float)
    patterns, place = np.unique(x, axis=0, return_inverse=True)
    n, total, squares = (np.bincount(place, w) for w in (np.ones(300), y, y**2))
    got, expected = ols(CrossProducts.of(["a", "b"], patterns, n, total, squares)), ols(of_rows(x, y, ("a", "b")))
    assert got.covariance == pytest.approx(expected.covariance, rel=1e-9)
    assert got.coefficients == pytest.approx(expected.coefficients, rel=1e-9)


def test_survey_weights_are_not_counts() -> None:
    """Coefficients as weighted least squares; no error from sums of weights, and doubling them tells nothing new."""
    x, y = rows(3)
    w = np.random.default_rng(3).uniform(0.2, 5, len(y))
    one, two = (ols(CrossProducts.of(NAMES, x, np.ones(80), k * w * y, k * w * y**2, survey=k * w)) for k in (1, 2))
    expected = sm.WLS(y, sm.add_constant(x), weights=w).fit()
    assert one.coefficients == pytest.approx(expected.params, rel=1e-8) == two.coefficients
    assert one.r2 == pytest.approx(expected.rsquared, rel=1e-8)
    assert np.all(np.isnan(one.errors)) and np.all(np.isnan(one.df))
    assert one.sigma == pytest.approx(two.sigma, rel=1e-9)
    assert np.isnan(block_test(one, ["a"]).p)


def test_kinds_and_columns_do_not_mix() -> None:
    x, y = rows(4)
    counted = of_rows(x, y)
    weighted = CrossProducts.of(NAMES, x, np.ones(80), y, y**2, survey=np.ones(80))
    assert (counted.kind, weighted.kind) == (Weights.FREQUENCY, Weights.SURVEY)
    for other in (weighted, counted.only(["b", "a", "c", "d"])):
        with pytest.raises(ValueError, match="cannot be added"):
            counted + other


@given(seed=st.integers(0, 10_000), clusters=st.integers(1, 9))
def test_parts_add_up(seed: int, clusters: int) -> None:
    x, y = rows(seed)
    code = np.random.default_rng(seed).integers(0, clusters, len(y))
    parts = by_cluster(code, NAMES, x, np.ones(80), y, y**2)
    whole, cp = together(parts), of_rows(x, y)
    assert len(parts) == len(np.unique(code)) and whole.n == 80
    assert whole.xx == pytest.approx(cp.xx, rel=1e-9) and whole.xy == pytest.approx(cp.xy, rel=1e-9)
    assert whole.yy == pytest.approx(cp.yy, rel=1e-9)


@given(seed=st.integers(0, 10_000), scale=st.floats(1e-4, 1e4), shift=st.floats(-50, 50))
def test_units_do_not_matter(seed: int, scale: float, shift: float) -> None:
    x, y = rows(seed)
    before, after = ols(of_rows(x, y)), ols(of_rows(np.column_stack([x[:, 0] * scale + shift * scale, x[:, 1:]]), y))
    assert after.r2 == pytest.approx(before.r2, rel=1e-6)
    assert after.coefficients[1] * scale == pytest.approx(before.coefficients[1], rel=1e-5)
    assert after.vif[1:] == pytest.approx(before.vif[1:], rel=1e-6)
    assert [t.p for t in after.tests()[1:]] == pytest.approx([t.p for t in before.tests()[1:]], rel=1e-4, abs=1e-9)


def test_order_of_columns_does_not_matter() -> None:
    x, y = rows(5)
    cp = of_rows(x, y)
    turned = ols(cp.only(["d", "b", "a", "c"]))
    assert turned.coefficients[[0, 3, 2, 4, 1]] == pytest.approx(ols(cp).coefficients, rel=1e-8)


def test_copies_sums_and_constants_are_named() -> None:
    x, y = rows(6)
    names = ("a", "copy", "b", "sum", "same", "c")
    wide = np.column_stack([x[:, 0], 3 * x[:, 0] - 1, x[:, 1], x[:, 0] + x[:, 1], np.full(80, 7.0), x[:, 2]])
    fit, lean = ols(of_rows(wide, y, names)), ols(of_rows(x[:, :3], y, ("a", "b", "c")))
    assert fit.collinear == (Collinear("copy", ("a",)), Collinear("sum", ("a", "b")), Collinear("same", ()))
    assert fit.coefficients[[0, 1, 3, 6]] == pytest.approx(lean.coefficients, rel=1e-6)
    assert fit.errors[[0, 1, 3, 6]] == pytest.approx(lean.errors, rel=1e-6)
    assert np.all(np.isnan(fit.coefficients[[2, 4, 5]])) and np.all(np.isnan(fit.vif[[2, 4, 5]]))
    assert fit.r2 == pytest.approx(lean.r2, rel=1e-9)


def test_near_copies_are_named_when_asked() -> None:
    x, y = rows(7)
    x[:, 3] = x[:, 2] + np.random.default_rng(7).normal(0, 0.1, 80) * x[:, 2].std()
    cp = of_rows(x, y)
    assert collinear(cp) == () and [c.name for c in collinear(cp, tolerance=0.1)] == ["d"]
    assert ols(cp).vif[4] > 10


def test_gvif_of_single_columns_is_vif() -> None:
    fit = ols(of_rows(*rows(8)))
    found = gvif(fit.names, fit.inverse, {name: [name] for name in NAMES})
    assert [found[name].value for name in NAMES] == pytest.approx(fit.vif[1:], rel=1e-8)
    assert found["a"].per_column == pytest.approx(np.sqrt(fit.vif[1]), rel=1e-8)


def test_gvif_does_not_depend_on_the_reference_category() -> None:
    rng = np.random.default_rng(9)
    code = rng.integers(0, 4, 200)
    wait, dummies = rng.normal(0, 1, 200) + code, (code[:, None] == np.arange(4)).astype(float)
    found = []
    for left_out in range(4):
        own = [k for k in range(4) if k != left_out]
        names = ("wait", *map(str, own))
        fit = ols(of_rows(np.column_stack([wait, dummies[:, own]]), rng.normal(0, 1, 200), names))
        blocks = gvif(fit.names, fit.inverse, {"wait": ["wait"], "channel": names[1:]})
        found.append((blocks["wait"].value, blocks["channel"].value, blocks["channel"].per_column))
    assert np.array(found) == pytest.approx(np.tile(found[0], (4, 1)), rel=1e-8)
    assert found[0][2] == pytest.approx(found[0][1] ** (1 / 6))


def test_too_little_to_tell() -> None:
    x, y = rows(10)
    few = ols(of_rows(x[:5], y[:5]))
    assert few.r2 == pytest.approx(1) and np.all(np.isnan(few.errors)) and np.isnan(few.sigma)
    flat = ols(of_rows(x, np.full(80, 9.0)))
    assert np.isnan(flat.r2) and flat.coefficients == pytest.approx([9, 0, 0, 0, 0], abs=1e-9)
    still = ols(of_rows(np.ones((80, 1)), y, ("one",)))
    assert still.collinear == (Collinear("one", ()),) and still.coefficients[0] == pytest.approx(y.mean())
    assert still.r2 == 0 and still.condition == 1
    assert np.isnan(block_test(still, ["one"]).p)
    assert np.isnan(gvif(still.names, still.inverse, {"one": ["one"]})["one"].value)
