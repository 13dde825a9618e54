"""Logistic regression from counts against R and statsmodels on single answers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from sklearn.metrics import brier_score_loss, roc_auc_score

from analysis.stats.inflation import gvif
from analysis.stats.logit import LogitFit, logit, skill
from tests.analysis.stats.golden import Case, data


def churn() -> tuple[LogitFit, np.ndarray, np.ndarray]:
    table = data("churn_grouped")
    channels = ["chat", "email", "shop"]
    x = np.column_stack([table["osat"], *(table["channel"] == c for c in channels)]).astype(float)
    yes = table["churn"].to_numpy()
    names = ["osat", *(f"channel{c}" for c in channels)]
    return (
        logit(names, x, yes, table["n"].to_numpy() - yes, blocks={"channel": names[1:]}),
        yes,
        table["n"].to_numpy(),
    )


def birthwt() -> tuple[list[str], np.ndarray, np.ndarray]:
    table = data("birthwt").assign(race2=lambda t: t["race"] == 2, race3=lambda t: t["race"] == 3)
    names = ["age", "lwt", "race2", "race3", "smoke", "ptl", "ht", "ui"]
    return names, table[names].to_numpy(dtype=float), table["low"].to_numpy()


def labelled(fit: LogitFit, values: np.ndarray) -> dict[str, float]:
    return dict(zip(["(Intercept)", *fit.names[1:]], values, strict=True))


def test_counts_of_patterns_against_r() -> None:
    case, (fit, yes, n) = Case("logit_grouped_equals_individual"), churn()
    assert labelled(fit, fit.coefficients) == case.near("coef")
    assert labelled(fit, fit.errors) == case.near("se")
    assert fit.deviance == case.near("deviance_individual")
    saturated = -2 * np.sum(special.xlogy(yes, yes / n) + special.xlogy(n - yes, 1 - yes / n))
    assert fit.deviance - saturated == case.near("deviance_grouped")
    assert (fit.n, fit.clusters, fit.df) == (n.sum(), 0, math.inf)


def test_birthwt_against_r() -> None:
    case, (names, x, y) = Case("logit_vif_birthwt"), birthwt()
    fit = logit(names, x, y, 1 - y, blocks={"race": ["race2", "race3"]})
    assert labelled(fit, fit.coefficients) == case.near("coef")
    assert labelled(fit, fit.errors) == case.near("se")
    assert (fit.deviance, fit.null_deviance) == (case.near("deviance"), case.near("null_deviance"))
    assert fit.skill.auc == case.near("auc") and fit.skill.brier == case.near("brier")
    assert [fit.skill.auc_interval.low, fit.skill.auc_interval.high] == case.near("auc_ci95_delong")
    assert (fit.skill.slope, fit.skill.intercept) == pytest.approx((1, 0), abs=1e-7)
    blocks = {n: [n] for n in names if not n.startswith("race")} | {"race": ["race2", "race3"]}
    found = gvif(fit.names, fit.covariance, blocks)
    assert {n: i.value for n, i in found.items()} == case.near("gvif")
    assert {n: i.columns for n, i in found.items()} == case.near("gvif_df")


def test_marginal_effects_against_statsmodels() -> None:
    names, x, y = birthwt()
    expected = sm.Logit(y, sm.add_constant(x)).fit(disp=0, tol=1e-12).get_margeff(dummy=True)
    fit = logit(names, x, y, 1 - y)
    assert fit.effects[1:] == pytest.approx(expected.margeff, rel=1e-6)
    assert fit.effect_errors[1:] == pytest.approx(expected.margeff_se, rel=1e-6)
    assert [m.p for m in fit.marginal()[1:]] == pytest.approx(expected.pvalues, rel=1e-5)
    assert np.isnan(fit.marginal()[0].value)


def test_effects_of_a_factor_are_against_its_reference() -> None:
    """Every customer moved to one category, then to the reference; errors by moving the coefficients."""
    names, x, y = birthwt()
    fit = logit(names, x, y, 1 - y, blocks={"race": ["race2", "race3"]})

    def effect(b: np.ndarray) -> float:
        away, there = x.copy(), x.copy()
        away[:, [2, 3]], there[:, [2, 3]] = [0, 0], [0, 1]
        return float(np.mean(special.expit(b[0] + there @ b[1:]) - special.expit(b[0] + away @ b[1:])))

    assert fit.effects[4] == pytest.approx(effect(fit.coefficients), rel=1e-9)
    steps = 1e-6 * np.eye(9)
    slope = np.array([effect(fit.coefficients + s) - effect(fit.coefficients - s) for s in steps]) / 2e-6
    assert fit.effect_errors[4] == pytest.approx(np.sqrt(slope @ fit.covariance @ slope), rel=1e-6)


def test_one_dummy_is_a_two_by_two_table() -> None:
    fit = logit(["late"], np.array([[0.0], [1.0]]), np.array([40, 25]), np.array([60, 75]))
    odds = fit.odds_ratios()[1]
    error = math.sqrt(1 / 40 + 1 / 60 + 1 / 25 + 1 / 75)
    assert math.exp(fit.coefficients[1]) == pytest.approx(25 * 60 / (75 * 40))
    assert odds.high / odds.low == pytest.approx(math.exp(2 * 1.959964 * error), rel=1e-6)
    assert fit.effects[1] == pytest.approx(-0.15)
    assert fit.effect_errors[1] == pytest.approx(math.sqrt(0.4 * 0.6 / 100 + 0.25 * 0.75 / 100))


def answers(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, 12, n)
    x = np.column_stack([rng.integers(0, 4, n), rng.integers(0, 2, n)]).astype(float)
    level = rng.normal(0, 0.5, 12)[cluster]
    return x, (rng.uniform(0, 1, n) < special.expit(level - 0.6 + 0.4 * x[:, 0] - 0.5 * x[:, 1])).astype(int), cluster


def counted(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    patterns, place = np.unique(x, axis=0, return_inverse=True)
    return patterns, np.bincount(place, y), np.bincount(place, 1 - y)


@given(seed=st.integers(0, 10_000))
def test_patterns_are_their_answers(seed: int) -> None:
    x, y, _ = answers(seed)
    one, many = logit(["a", "b"], x, y, 1 - y), logit(["a", "b"], *counted(x, y))
    assert many.coefficients == pytest.approx(one.coefficients, rel=1e-6, abs=1e-9)
    assert many.covariance == pytest.approx(one.covariance, rel=1e-6)
    assert many.effect_errors[1:] == pytest.approx(one.effect_errors[1:], rel=1e-6)
    assert (many.skill.auc, many.skill.brier) == pytest.approx((one.skill.auc, one.skill.brier), rel=1e-9)
    assert many.deviance == pytest.approx(one.deviance, rel=1e-9)


def test_clustered_errors_against_statsmodels() -> None:
    x, y, cluster = answers(1)
    kwds = {"groups": cluster, "use_correction": False}
    expected = sm.Logit(y, sm.add_constant(x)).fit(disp=0, tol=1e-12, cov_type="cluster", cov_kwds=kwds)
    patterns, yes, no = counted(np.column_stack([x, cluster]), y)
    fit = logit(["a", "b"], patterns[:, :2], yes, no, cluster=patterns[:, 2])
    assert fit.errors == pytest.approx(expected.bse * math.sqrt(12 / 11), rel=1e-6)
    assert (fit.df, fit.clusters) == (11, 12)
    assert fit.tests()[1].p > sm.Logit(y, sm.add_constant(x)).fit(disp=0).pvalues[1]


def test_skill_against_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    share = np.round(rng.uniform(0, 1, 500), 2)
    y = (rng.uniform(0, 1, 500) < share).astype(int)
    scores = pd.DataFrame({"share": share, "y": y}).groupby("share")["y"].agg(["sum", "count"])
    got = skill(scores.index.to_numpy(), scores["sum"].to_numpy(), (scores["count"] - scores["sum"]).to_numpy())
    assert got.auc == pytest.approx(roc_auc_score(y, share), rel=1e-12)
    assert got.brier == pytest.approx(brier_score_loss(y, share), rel=1e-12)


def test_predictions_twice_too_extreme() -> None:
    rng = np.random.default_rng(3)
    line = rng.normal(-0.5, 1, 20_000)
    y = (rng.uniform(0, 1, 20_000) < special.expit(line)).astype(int)
    got = skill(special.expit(2 * line), y, 1 - y)
    assert (got.slope, got.intercept) == pytest.approx((0.5, 0), abs=0.05)


def test_separation_is_named() -> None:
    rng = np.random.default_rng(4)
    x = np.column_stack([rng.normal(0, 1, 80), np.repeat([0, 1], [70, 10])])
    y = rng.integers(0, 2, 80)
    y[70:] = 1
    fit = logit(["wait", "vip"], x, y, 1 - y)
    assert fit.separated == ("vip",) and np.all(np.isnan(fit.coefficients)) and np.isnan(fit.skill.auc)
    assert logit(["wait"], x[:, :1], y, 1 - y).separated == ()
    whole = logit(["wait"], x[:, :1], (x[:, 0] > 0).astype(int), (x[:, 0] <= 0).astype(int))
    assert whole.separated == ("wait",)


def test_collinear_columns_are_named_and_change_nothing() -> None:
    x, y, _ = answers(5)
    doubled = np.column_stack([x[:, 0], 3 - x[:, 0], x[:, 1], np.ones(400)])
    fit, lean = logit(["a", "copy", "b", "same"], doubled, y, 1 - y), logit(["a", "b"], x, y, 1 - y)
    assert [(c.name, c.repeats) for c in fit.collinear] == [("copy", ("a",)), ("same", ())]
    for one, other in ((fit.coefficients, lean.coefficients), (fit.errors, lean.errors), (fit.effects, lean.effects)):
        assert one[[1, 3]] == pytest.approx(other[1:], rel=1e-8) and np.all(np.isnan(one[[2, 4]]))


def test_far_from_zero_and_from_even() -> None:
    """Newton's first step from even odds goes too far for rare outcomes and distant columns."""
    rng = np.random.default_rng(6)
    x = rng.normal(2000, 3, (4000, 1))
    y = (rng.uniform(0, 1, 4000) < special.expit(-5 + 1.5 * (x[:, 0] - 2000) / 3)).astype(int)
    expected = sm.Logit(y, sm.add_constant(x - 2000)).fit(disp=0, tol=1e-12)
    fit = logit(["x"], x, y, 1 - y)
    assert fit.coefficients[1] == pytest.approx(expected.params[1], rel=1e-6)
    assert fit.errors[1] == pytest.approx(expected.bse[1], rel=1e-5)


def test_too_little_to_tell() -> None:
    x = np.array([[0.0], [1.0], [2.0]])
    ones, none = np.array([3, 4, 5]), np.zeros(3, dtype=int)
    for yes, no in ((ones, none), (none, ones), (none, none)):
        assert np.all(np.isnan(logit(["a"], x, yes, no).coefficients))
    flat = skill(np.full(3, 0.5), ones, ones)
    assert (flat.auc, flat.brier) == pytest.approx((0.5, 0.25)) and np.isnan(flat.slope)
    assert np.isnan(skill(np.zeros(0), np.zeros(0), np.zeros(0)).auc)
