"""Tests and effect sizes of means against R, scipy and simulation."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.stats.intervals import Difference, welch
from analysis.stats.means import (
    anova,
    games_howell,
    hedges_g,
    omega_squared,
    one_sample,
    paired_t,
    size_of,
    tost,
    welch_anova,
)
from analysis.stats.studentized_range import range_quantile, range_sf
from tests.proof import Figure

# The same golden case also holds Tukey's differences and Levene's test: the product uses neither.
GOLDEN = Path(__file__).parents[2] / "golden"
Moments = tuple[np.ndarray, np.ndarray, np.ndarray]


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text())
    return found


def moments(file: str, outcome: str, group: str) -> Moments:
    found = pd.read_csv(GOLDEN / "data" / file).groupby(group)[outcome].agg(["count", "mean", "var"])
    return found["count"].to_numpy(), found["mean"].to_numpy(), found["var"].to_numpy()


def two_groups(m: Moments) -> Difference:
    n, mean, error = m[0], m[1], np.sqrt(m[2] / m[0])
    return welch(*(a[k : k + 1] for k in (1, 0) for a in (mean, error, n)))[0]


def test_welch_t_of_sleep() -> None:
    expected = case("t_welch_sleep")["expected"]
    got = two_groups(moments("sleep.csv", "extra", "group"))
    assert got.value / got.error == pytest.approx(expected["t"], rel=1e-9)
    assert (got.value, got.df, got.p) == pytest.approx([expected[k] for k in ("diff", "df", "p")], rel=1e-9)
    assert [got.interval.low, got.interval.high] == pytest.approx(expected["ci95"], rel=1e-9)


def test_equivalence_of_two_periods() -> None:
    golden = case("tost_equivalence")
    expected, margin = golden["expected"], golden["inputs"]["margin"]
    difference = two_groups(moments("csat.csv", "score10", "period"))
    got = tost(difference.value, difference.error, difference.df, margin)
    assert [got.p_lower, got.p_upper, got.p] == pytest.approx(
        [expected[k] for k in ("p_lower", "p_upper", "p_tost")], rel=1e-8
    )
    assert [got.low, got.high] == pytest.approx(expected["ci90"], rel=1e-8)


def csat_moments() -> Moments:
    rows = pd.read_csv(GOLDEN / "data/anova_moments.csv")
    return rows["n"].to_numpy(), rows["mean"].to_numpy(), rows["var"].to_numpy()


@pytest.mark.parametrize("name", ["anova_csat_moments", "anova_eta_omega_plantgrowth"])
def test_anova(name: str) -> None:
    expected = case(name)["expected"]
    m = csat_moments() if "csat" in name else moments("plantgrowth.csv", "weight", "group")
    classical, robust = anova(*m), welch_anova(*m)
    assert (classical.statistic, classical.p) == pytest.approx((expected["F"], expected["p"]), rel=1e-8)
    assert (robust.statistic, robust.df2, robust.p) == pytest.approx(
        [expected[f"welch_{k}"] for k in ("F", "df2", "p")], rel=1e-8
    )
    assert omega_squared(*m).value == pytest.approx(expected["omega2"], rel=1e-8)


def test_interval_of_the_explained_share() -> None:
    """R turns the same noncentrality of F into lambda / (lambda + 27), 27 of the 30 answers being free."""
    expected = case("anova_eta_omega_plantgrowth")["expected"]
    got = omega_squared(*moments("plantgrowth.csv", "weight", "group"), confidence=0.9)
    noncentral = [30 * bound / (1 - bound) for bound in (got.low, got.high)]
    assert [x / (x + 27) for x in noncentral] == pytest.approx(expected["eta2_ci90"], abs=1e-3)


def test_games_howell_of_plantgrowth() -> None:
    expected = case("anova_eta_omega_plantgrowth")["expected"]["games_howell"]
    got, names = games_howell(*moments("plantgrowth.csv", "weight", "group")), ["ctrl", "trt1", "trt2"]
    for place, (i, j) in enumerate(zip(got.i, got.j, strict=True)):
        pair = expected[f"{names[j]}-{names[i]}"]
        numbers = -got.difference[place], -got.high[place], -got.low[place], got.p[place]
        assert numbers == pytest.approx([pair[k] for k in ("diff", "lwr", "upr", "p")], rel=1e-5)


def test_paired_t() -> None:
    expected = case("paired_mcnemar_wilcoxon")["expected"]
    rows = pd.read_csv(GOLDEN / "data/paired_likert.csv")
    change = rows["after"] - rows["before"]
    got = paired_t(len(change), change.mean(), change.var())
    assert (got.value / got.error, got.p) == pytest.approx((expected["paired_t"], expected["paired_p"]), rel=1e-8)
    assert [got.interval.low, got.interval.high] == pytest.approx(expected["ci95"], rel=1e-8)


def test_one_sample_against_scipy() -> None:
    x = np.random.default_rng(3).normal(82, 15, 60)
    got, expected = one_sample(x.mean(), x.std(ddof=1) / np.sqrt(60), 59, 85.0), stats.ttest_1samp(x, 85)
    assert got.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert got.interval.low + 85 == pytest.approx(expected.confidence_interval().low, rel=1e-9)


@pytest.mark.parametrize("k", [2, 3, 8])
@pytest.mark.parametrize("df", [2.0, 7.5, 40.0, 3000.0])
def test_studentized_range_against_scipy(k: int, df: float) -> None:
    q = np.array([0.5, 3.0, 5.0])
    assert range_sf(q, k, np.array(df)) == pytest.approx(stats.studentized_range.sf(q, k, df), abs=1e-8)
    found = range_quantile(k, np.array([df]))
    assert stats.studentized_range.cdf(found, k, df) == pytest.approx(0.95, abs=1e-8)


def test_games_howell_of_two_groups_is_welch() -> None:
    m = moments("sleep.csv", "extra", "group")
    got, expected = games_howell(*m), two_groups(m)
    assert (got.difference[0], got.p[0]) == pytest.approx((expected.value, expected.p), rel=1e-7)
    assert (got.low[0], got.high[0]) == pytest.approx((expected.interval.low, expected.interval.high), rel=1e-7)


def test_eight_groups_take_no_time() -> None:
    rng = np.random.default_rng(1)
    m = rng.integers(20, 400, 8), rng.normal(80, 3, 8), rng.uniform(100, 400, 8)
    games_howell(*m)
    started = time.process_time()
    assert len(games_howell(*m).p) == 28
    assert time.process_time() - started < 1  # 0.05 s on an idle machine; scipy's integrals took eight seconds


@pytest.mark.prove
def test_games_howell_holds_the_family(figure: Figure) -> None:
    rng, wrong = np.random.default_rng(8), 0
    n, spread = np.array([12, 20, 40, 60]), np.array([25.0, 15.0, 10.0, 5.0])
    for _ in range(200):  # each costs 30 ms of integrals; without any adjustment 20 % would be wrong
        x = [rng.normal(80, s, m) for m, s in zip(n, spread, strict=True)]
        p = games_howell(n, np.array([a.mean() for a in x]), np.array([a.var(ddof=1) for a in x])).p
        wrong += p.min() < 0.05
    assert 0.02 <= figure("false alarms", wrong / 200) <= 0.085


def test_hedges_g_against_its_definition_and_the_noncentral_t() -> None:
    """Planted: half a standard deviation; the exact correction nears 1 - 3 / (4 df - 1)."""
    got = hedges_g(15, 10, 4.0, 25, 11, 4.0)
    assert got.value == pytest.approx(0.5 * (1 - 3 / (4 * 38 - 1)), rel=1e-4)
    t, scale = 0.5 * np.sqrt(15 * 25 / 40), np.sqrt(15 * 25 / 40)
    assert stats.nct.sf(t, 38, got.low * scale) == pytest.approx(0.025, rel=1e-6)
    assert stats.nct.cdf(t, 38, got.high * scale) == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize("n", [10, 300, 2_000, 40_000, 500_000])
def test_intervals_of_effects_hold_from_few_to_many_answers(n: int) -> None:
    got, turned = hedges_g(n, 80, 400.0, n, 77, 400.0), hedges_g(n, 77, 400.0, n, 80, 400.0)
    assert got.low < got.value < got.high and got.value == pytest.approx(-0.15, rel=0.06)
    assert (turned.low, turned.high) == pytest.approx((-got.high, -got.low), rel=1e-6)
    share = omega_squared(np.full(4, n), np.array([80.0, 80, 80, 70]), np.full(4, 300.0))
    assert 0 <= share.low <= share.value <= share.high < 1


@pytest.mark.prove
def test_coverage_of_effects(figure: Figure) -> None:
    rng, inside = np.random.default_rng(4), np.zeros(2)
    true = 0.5, 0.25 * 0.75 * 0.64 / (0.25 * 0.75 * 0.64 + 1)
    for _ in range(300):
        x, y = rng.normal(0, 1, 12), rng.normal(0.5, 1, 20)
        g = hedges_g(12, x.mean(), x.var(ddof=1), 20, y.mean(), y.var(ddof=1))
        z = rng.normal([[0.0], [0.0], [0.0], [0.8]], 1, (4, 30))
        w = omega_squared(np.full(4, 30), z.mean(axis=1), z.var(axis=1, ddof=1))
        inside += [g.low <= true[0] <= g.high, w.low <= true[1] <= w.high]
    held = figure("g and omega covered", inside / 300)
    assert np.all((held >= 0.92) & (held <= 0.98))


def test_groups_all_alike_or_of_one_answer_are_not_tested() -> None:
    n, mean = np.array([12, 12, 1]), np.array([80.0, 70.0, 90.0])
    got = games_howell(n, mean, np.array([0.0, 0.0, np.nan]))
    assert np.isnan(got.p).all() and np.isnan(got.low).all()
    assert np.isnan(welch_anova(n, mean, np.array([0.0, 5.0, 5.0])).p)
    assert np.isnan(omega_squared(n[:1], mean[:1], np.array([5.0])).value)
    assert np.isnan(hedges_g(12, 80, 0.0, 12, 70, 0.0).value) and np.isnan(hedges_g(1, 80, np.nan, 9, 70, 4).low)
    assert np.isnan(tost(1.0, 0.0, 5, 1.0).p) and np.isnan(paired_t(1, 3.0, np.nan).p)


def test_no_effect_has_an_explained_share_of_nothing() -> None:
    got = omega_squared(np.full(3, 40), np.full(3, 80.0), np.full(3, 100.0))
    assert (got.value, got.low) == (0, 0)


@pytest.mark.parametrize(
    ("name", "value", "size"),
    [
        ("d", 0.19, "negligible"), ("d", -0.2, "small"), ("r", -0.5, "large"), ("V", 0.1, "small"),
        ("A", 0.44, "small"), ("A", 0.53, "negligible"), ("A", 0.29, "large"), ("omega2", 0.06, "medium"),
    ],
)  # fmt: skip
def test_sizes(name: str, value: float, size: str) -> None:
    assert size_of(name, value) == size
