"""Proportional odds from counts against MASS::polr as published, statsmodels on rows, and planted truths."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.stats.logit import logit
from analysis.stats.ordinal import proportional_odds
from tests.proof import Figure

# Satisfaction (low, medium, high) of 1,681 tenants of Copenhagen by contact (low, high), type of rental (tower,
# apartment, atrium, terrace) and influence (low, medium, high): Madsen 1976; `housing` of R's MASS.
HOUSING = np.array(
    [
        21, 21, 28, 34, 22, 36, 10, 11, 36, 61, 23, 17, 43, 35, 40, 26, 18, 54,
        13, 9, 10, 8, 8, 12, 6, 7, 9, 18, 6, 7, 15, 13, 13, 7, 5, 11,
        14, 19, 37, 17, 23, 40, 3, 5, 23, 78, 46, 43, 48, 45, 86, 15, 25, 62,
        20, 23, 20, 10, 22, 24, 7, 10, 21, 57, 23, 13, 31, 21, 13, 5, 6, 13,
    ]
).reshape(24, 3)  # fmt: skip
HOUSING_NAMES = ("influence medium", "influence high", "apartment", "atrium", "terrace", "contact high")


def housing() -> np.ndarray:
    place = np.arange(24)
    influence, kind, contact = place % 3, place // 3 % 4, place // 12
    columns = [*(influence == k for k in (1, 2)), *(kind == k for k in (1, 2, 3)), contact == 1]
    return np.column_stack(columns).astype(float)


def test_housing_against_polr() -> None:
    """The numbers printed by Venables and Ripley 2002, section 7.3, and by ?MASS::polr."""
    fit = proportional_odds(HOUSING_NAMES, housing(), HOUSING)
    expected = [0.5663937, 1.2888191, -0.5723501, -0.3661866, -1.0910149, 0.3602841]
    assert fit.n == 1681
    assert fit.coefficients == pytest.approx(expected, abs=2e-5)
    assert fit.errors == pytest.approx([0.10465, 0.12716, 0.11924, 0.15517, 0.15149, 0.09554], abs=2e-5)
    assert fit.thresholds == pytest.approx([-0.4961353, 0.6907083], abs=2e-5)
    assert fit.threshold_errors == pytest.approx([0.1249, 0.1255], abs=1e-4)
    assert -2 * fit.log_likelihood == pytest.approx(3479.149, abs=1e-3)
    low, high = fit.odds_ratios()[1].low, fit.odds_ratios()[1].high
    assert (low, high) == pytest.approx(
        (math.exp(1.2888191 - 1.96 * 0.12716), math.exp(1.2888191 + 1.96 * 0.12716)), rel=1e-4
    )


def answers(seed: int, n: int = 500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, marks 0..4 from a proportional-odds world, and clusters with levels of their own."""
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, 12, n)
    x = np.column_stack([rng.integers(0, 5, n) * 20 + 300, rng.integers(0, 2, n)]).astype(float)
    line = (x - [340, 0]) @ [-0.03, 0.7] + rng.normal(0, 0.4, 12)[cluster] + rng.logistic(0, 1, n)
    return x, np.searchsorted([-2.5, -1.0, 0.3, 1.5], line), cluster


def counted(x: np.ndarray, y: np.ndarray, marks: int = 5) -> tuple[np.ndarray, np.ndarray]:
    patterns, place = np.unique(x, axis=0, return_inverse=True)
    return patterns, np.bincount(place * marks + y, minlength=len(patterns) * marks).reshape(-1, marks)


def test_against_statsmodels_on_rows() -> None:
    x, y, _ = answers(1)
    expected = OrderedModel(y, x - [340, 0], distr="logit").fit(method="newton", disp=0, maxiter=200)
    fit = proportional_odds(["wait", "solved"], *counted(x, y))
    assert fit.coefficients == pytest.approx(expected.params[:2], rel=1e-5)
    assert fit.errors == pytest.approx(expected.bse[:2], rel=1e-4)
    cuts = expected.model.transform_threshold_params(expected.params)[1:-1]
    assert fit.thresholds + 340 * -fit.coefficients[0] == pytest.approx(cuts, rel=1e-5)
    assert fit.log_likelihood == pytest.approx(expected.llf, rel=1e-9)
    assert fit.null_log_likelihood == pytest.approx(expected.llnull, rel=1e-7)
    assert [t.p for t in fit.tests()] == pytest.approx(expected.pvalues[:2], rel=1e-3)


def test_two_marks_are_a_logistic_regression() -> None:
    x, y, cluster = answers(2)
    y = (y > 2).astype(int)
    patterns, counts = counted(np.column_stack([x, cluster]), y, 2)
    for own in (None, patterns[:, 2]):
        fit = proportional_odds(["wait", "solved"], patterns[:, :2], counts, cluster=own)
        expected = logit(["wait", "solved"], patterns[:, :2], counts[:, 1], counts[:, 0], cluster=own)
        assert fit.coefficients == pytest.approx(expected.coefficients[1:], rel=1e-7)
        assert fit.thresholds[0] == pytest.approx(-expected.coefficients[0], rel=1e-7)
        assert fit.errors == pytest.approx(expected.errors[1:], rel=1e-6)
        assert fit.threshold_errors[0] == pytest.approx(expected.errors[0], rel=1e-6)
        assert (fit.df, fit.clusters) == (expected.df, expected.clusters)
        assert np.isnan(fit.parallel.whole.p)


@given(seed=st.integers(0, 10_000), scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100))
def test_units_splits_and_direction(seed: int, scale: float, shift: float) -> None:
    """Other units change coefficients in kind; marks turned round change the sign; split patterns change nothing."""
    x, y, _ = answers(seed, 200)
    names = ["wait", "solved"]
    fit = proportional_odds(names, *counted(x, y))
    other = proportional_odds(names, x * [scale, 1] + [shift * scale, 0], np.eye(5, dtype=int)[y][:, ::-1])
    assert other.coefficients * [scale, 1] == pytest.approx(-fit.coefficients, rel=1e-5, abs=1e-8)
    assert other.errors * [scale, 1] == pytest.approx(fit.errors, rel=1e-5)
    assert other.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-9)
    assert other.parallel.whole.p == pytest.approx(fit.parallel.whole.p, rel=1e-4, abs=1e-9, nan_ok=True)


def test_clustered_errors_against_scores_by_difference() -> None:
    x, y, cluster = answers(3)
    patterns, counts = counted(np.column_stack([x, cluster]), y)
    fit = proportional_odds(["wait", "solved"], patterns[:, :2], counts, cluster=patterns[:, 2])

    def chances(values: np.ndarray) -> np.ndarray:
        upto = special.expit(values[:4] - (x @ values[4:])[:, None])
        chance = np.diff(np.column_stack([np.zeros(len(x)), upto, np.ones(len(x))]), axis=1)
        return np.array([np.log(chance[np.arange(len(y)), y])[cluster == g].sum() for g in range(12)])

    at = np.concatenate([fit.thresholds, fit.coefficients])
    steps = np.diag(1e-5 * np.array([1, 1, 1, 1, 1e-2, 1]))
    scores = np.array([(chances(at + s) - chances(at - s)) / (2 * s.max()) for s in steps])
    inverse = proportional_odds(["wait", "solved"], x, np.eye(5, dtype=int)[y]).covariance
    expected = 12 / 11 * inverse @ scores @ scores.T @ inverse
    assert fit.errors == pytest.approx(np.sqrt(np.diag(expected))[4:], rel=1e-4)
    assert (fit.df, fit.clusters) == (11, 12)


def test_brant_against_its_definition() -> None:
    """The variance of slopes at several thresholds, answer by answer as Brant 1990 has it."""
    x, y, _ = answers(4)
    fit, full = proportional_odds(["wait", "solved"], *counted(x, y)), np.column_stack([np.ones(500), x - [340, 0]])
    fits = [logit(["wait", "solved"], full[:, 1:], y > j, y <= j) for j in range(4)]
    p = np.array([special.expit(full @ f.coefficients) for f in fits])
    bread = [np.linalg.inv(full.T @ np.diag(q * (1 - q)) @ full) @ full.T for q in p]
    v = np.zeros((8, 8))
    for j in range(4):
        for k in range(j, 4):
            block = (bread[j] @ np.diag(p[k] - p[j] * p[k]) @ bread[k].T)[1:, 1:]
            v[2 * j : 2 * j + 2, 2 * k : 2 * k + 2] = block
            v[2 * k : 2 * k + 2, 2 * j : 2 * j + 2] = block.T
    d = np.hstack([np.tile(np.eye(2), (3, 1)), -np.eye(6)])
    b = np.concatenate([f.coefficients[1:] for f in fits])
    chi2 = d @ b @ np.linalg.inv(d @ v @ d.T) @ d @ b
    whole = fit.parallel.whole
    assert (whole.statistic * whole.df1, whole.df1) == pytest.approx((chi2, 6), rel=1e-6)
    assert fit.parallel.slopes == pytest.approx(b.reshape(4, 2), rel=1e-6)
    d = d[::2]
    assert fit.parallel.each[0].statistic * 3 == pytest.approx(d @ b @ np.linalg.inv(d @ v @ d.T) @ d @ b, rel=1e-6)


def test_a_column_that_only_matters_at_the_top_is_found() -> None:
    rng = np.random.default_rng(5)
    n = 3000
    x = rng.integers(0, 2, (n, 2)).astype(float)
    y = np.searchsorted([-1.0, 0.5], 0.8 * x[:, 0] + rng.logistic(0, 1, n))
    y[(y == 1) & (x[:, 1] == 1) & (rng.uniform(0, 1, n) < 0.5)] = 2
    fit = proportional_odds(["even", "top"], *counted(x, y, 3))
    assert fit.parallel.whole.p < 1e-4 and fit.parallel.each[1].p < 1e-4 < fit.parallel.each[0].p
    assert fit.parallel.slopes[1, 1] > fit.parallel.slopes[0, 1] + 0.5


@pytest.mark.prove
@pytest.mark.parametrize("clustered", [False, True])
def test_p_when_nothing_matters(clustered: bool, figure: Figure) -> None:
    """Clusters of 40: without their numbers the error of what is the same within one would be far too small."""
    rng = np.random.default_rng(6)
    found, apart = [], []
    for _ in range(400):
        cluster = np.repeat(np.arange(40), 10)
        x = np.column_stack([rng.integers(0, 2, 40)[cluster], rng.integers(0, 3, 400)]).astype(float)
        level = rng.normal(0, 0.8, 40)[cluster] if clustered else 0
        y = np.searchsorted([-1.0, 0.2, 1.4], level + rng.logistic(0, 1, 400))
        patterns, counts = counted(np.column_stack([x, cluster]), y, 4)
        own = patterns[:, 2] if clustered else None
        fit = proportional_odds(["team's", "own"], patterns[:, :2], counts, cluster=own)
        found.append([t.p for t in fit.tests()])
        apart.append(fit.parallel.whole.p)
    each = figure("p < 5 %", np.mean(np.array(found) < 0.05, axis=0))
    assert np.all((each >= 0.025) & (each <= 0.08))
    assert 0.015 <= figure("slopes apart", np.mean(np.array(apart) < 0.05)) <= (0.12 if clustered else 0.08)


def test_separation_and_copies_are_named() -> None:
    x, y, _ = answers(7)
    vip = (y == 4).astype(float)
    fit = proportional_odds(["wait", "vip"], np.column_stack([x[:, 0], vip]), np.eye(5)[y])
    assert fit.separated == ("vip",) and np.all(np.isnan(fit.coefficients)) and np.isnan(fit.parallel.whole.p)
    doubled = np.column_stack([x[:, 0], 1 - 2 * x[:, 0], x[:, 1]])
    fit, lean = (
        proportional_odds(["a", "copy", "b"], doubled, np.eye(5)[y]),
        proportional_odds(["a", "b"], x, np.eye(5)[y]),
    )
    assert [c.name for c in fit.collinear] == ["copy"]
    assert fit.coefficients[[0, 2]] == pytest.approx(lean.coefficients) and np.isnan(fit.coefficients[1])
    assert fit.parallel.whole.p == pytest.approx(lean.parallel.whole.p) and np.isnan(fit.parallel.each[1].p)


def test_too_little_to_tell() -> None:
    x = np.array([[0.0], [1.0]])
    for counts in (np.array([[0, 4, 0], [0, 5, 0]]), np.zeros((2, 3), dtype=int)):
        fit = proportional_odds(["a"], x, counts)
        assert np.isnan(fit.coefficients[0]) and np.isnan(fit.tests()[0].p) and len(fit.thresholds) == 0
    skipped = proportional_odds(["a"], x, np.array([[4, 0, 3], [2, 0, 7]]))
    assert len(skipped.thresholds) == 1 and skipped.coefficients[0] > 0
    still = proportional_odds(["a"], np.ones((2, 1)), np.array([[4, 2, 3], [2, 1, 7]]))
    assert np.isnan(still.coefficients[0]) and [c.name for c in still.collinear] == ["a"]
    assert special.expit(still.thresholds) == pytest.approx([6 / 19, 9 / 19])
