"""The chart of one segment: which kind suits it, and that what is judged never moves its limits."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.monitor.charts.run_rules import run_rules
from analysis.monitor.segment_chart import SegmentChart, segment_chart
from analysis.stats.intervals import Array
from data_access.labels import Labels
from data_access.metric_kinds import MeanOfMaximum, Rate
from data_access.metrics import Metric
from data_access.selection import Period
from tests.proof import Figure

SCORE = Metric("score", "score", Labels("score"), MeanOfMaximum(1, 10))
RATE = Metric("bad", "bad", Labels("bad"), Rate(), better="low")
QUARTER = Period(date(2026, 7, 1), date(2026, 10, 1))
DAYS = 123
SD = 18.0


def when(days: int = DAYS) -> list[date]:
    return [QUARTER.start + timedelta(days=i) for i in range(days)]


def scores(generator: np.random.Generator, mean: Array, n: Array) -> pd.DataFrame:
    """Days of n answers around a mean of 0..100, as sums that the answers of a normal score have."""
    value = mean + SD * generator.standard_normal(len(n)) / np.sqrt(n)
    spread = SD**2 * generator.chisquare(n - 1)
    return frame(n, n * value, n * value**2 + spread)


def rates(generator: np.random.Generator, share: Array, n: Array) -> pd.DataFrame:
    bad = 100.0 * generator.binomial(n.astype(int), share)
    return frame(n, bad, 100 * bad)


def frame(n: Array, wx: Array, wxx: Array) -> pd.DataFrame:
    return pd.DataFrame({"day": when(len(n)), "n": n, "w": n, "wx": wx, "v": n, "vx": wx, "vxx": wxx})


def sizes(generator: np.random.Generator, least: int = 60, most: int = 120, days: int = DAYS) -> Array:
    return generator.integers(least, most, days).astype(float)


def signals(chart: SegmentChart, better: str) -> list[tuple[str, ...]]:
    return run_rules(np.where(chart.judged, chart.value, np.nan), chart.limits, better=better)


@given(st.integers(0, 2**31), st.integers(0, 3))
def test_days_that_are_judged_never_move_their_limits(seed: int, kind: int) -> None:
    generator = np.random.default_rng(seed)
    n = sizes(generator)
    metric = RATE if kind % 2 else SCORE
    days = rates(generator, np.full(DAYS, 0.2), n) if kind % 2 else scores(generator, np.full(DAYS, 85.0), n)
    later = np.array([day >= QUARTER.end for day in days["day"]])
    worse = days.assign(wx=np.where(later, 0.4 * days["wx"], days["wx"]), vx=np.where(later, 0, days["vx"]))
    one, other = segment_chart(days, metric, QUARTER), segment_chart(worse, metric, QUARTER)
    for name in ("center", "low", "high", "sigma"):
        assert getattr(one.limits, name).tolist() == getattr(other.limits, name).tolist()
    assert (one.chart, one.p, one.limits.sigma_z) == (other.chart, other.p, other.limits.sigma_z)


def test_the_kind_of_the_metric_and_the_spread_of_its_days_choose_the_chart() -> None:
    generator = np.random.default_rng(1)
    n = sizes(generator, 150, 260)
    moving = generator.standard_normal(DAYS)
    asked = {
        "p": (RATE, rates(generator, np.full(DAYS, 0.2), n)),
        "p_laney": (RATE, rates(generator, 0.2 + 0.06 * moving.clip(-3, 3), n)),
        "xbar": (SCORE, scores(generator, np.full(DAYS, 85.0), n)),
        "xbar_laney": (SCORE, scores(generator, 85 + 3 * moving, n)),
    }
    found = {name: segment_chart(days, metric, QUARTER) for name, (metric, days) in asked.items()}
    assert {name: chart.chart for name, chart in found.items()} == {name: name for name in asked}
    for name, chart in found.items():
        is_wide = name.endswith("laney")
        assert (chart.p < 0.05) == is_wide == (chart.limits.sigma_z > 1.2)
        assert (np.abs(chart.z) > 3).sum() <= 2
        assert ((np.abs(chart.z * chart.limits.sigma_z) > 3).sum() > 6) == is_wide
    assert found["xbar"].sd == pytest.approx(SD, rel=0.03)
    assert np.isnan(found["p"].sd)


def test_limits_of_a_rate_are_those_of_a_p_chart_by_hand() -> None:
    generator = np.random.default_rng(2)
    n = sizes(generator)
    days = rates(generator, np.full(DAYS, 0.3), n)
    chart = segment_chart(days, RATE, QUARTER)
    share = chart.limits.center / 100
    assert chart.limits.high == pytest.approx(100 * (share + 3 * np.sqrt(share * (1 - share) / n)))


def test_a_change_shows_and_days_before_it_do_not() -> None:
    generator = np.random.default_rng(3)
    n, day = sizes(generator), np.array(when())
    for metric, days in (
        (SCORE, scores(generator, np.where(day >= date(2026, 10, 12), 79.0, 85.0), n)),
        (RATE, rates(generator, np.where(day >= date(2026, 10, 12), 0.36, 0.2), n)),
    ):
        told = signals(segment_chart(days, metric, QUARTER), metric.better)
        found = [d for d, rules in zip(day, told, strict=True) if rules]
        assert sum(d < date(2026, 10, 12) for d in found) <= 1
        assert next(d for d in found if d >= date(2026, 10, 12)) <= date(2026, 10, 16)
        assert len(found) > 15


def test_small_days_are_not_judged_alone() -> None:
    n = np.full(DAYS, 100.0)
    n[100], n[110] = 29, 5
    n[105] = 24
    chart = segment_chart(rates(np.random.default_rng(4), np.full(DAYS, 0.2), n), RATE, QUARTER)
    after = [i for i, day in enumerate(chart.days) if day >= QUARTER.end]
    assert sorted(set(after) - set(np.flatnonzero(chart.judged))) == [100, 105, 110]
    assert np.flatnonzero(~chart.counted).tolist() == [110]


def test_rare_rates_are_not_judged_by_a_day() -> None:
    """Of 100 answers two are expected to be bad: that few are too skewed for limits of three errors."""
    chart = segment_chart(rates(np.random.default_rng(5), np.full(DAYS, 0.02), np.full(DAYS, 100.0)), RATE, QUARTER)
    assert not chart.judged.any()
    assert chart.counted.all()


def test_limits_begin_anew_at_a_change_that_is_known() -> None:
    generator = np.random.default_rng(6)
    change = date(2026, 10, 12)
    days, n = np.array(when(160)), sizes(generator, days=160)
    frame_ = scores(generator, np.where(days >= change, 79.0, 85.0), n)
    chart = segment_chart(frame_, SCORE, QUARTER, rebased=[change])
    assert chart.limits.center[-1] == pytest.approx(79, abs=0.8)
    assert chart.limits.center[days < change] == pytest.approx(85, abs=0.8)
    learning = (days >= change) & (days < change + timedelta(days=28))
    assert (chart.learning == (learning | (days < QUARTER.end))).all()
    assert not (chart.judged & chart.learning).any() and chart.judged[-1]
    told = signals(chart, "high")
    assert sum(bool(rules) for rules in told) <= 2
    before = segment_chart(frame_, SCORE, QUARTER)
    assert chart.limits.sigma.tolist() == before.limits.sigma.tolist()


def test_weighted_answers_are_worth_less() -> None:
    """Survey weights of 1 and 3 in equal parts: as many answers as (sum w)^2 / sum w^2."""
    n = np.full(DAYS, 100.0)
    days = scores(np.random.default_rng(7), np.full(DAYS, 85.0), n)
    weighted = days.assign(w=2 * n, wx=2 * days["wx"], v=5 * n, vx=5 * days["vx"], vxx=5 * days["vxx"])
    assert segment_chart(weighted, SCORE, QUARTER).size == pytest.approx(80.0)
    plain, wide = segment_chart(days, SCORE, QUARTER), segment_chart(weighted, SCORE, QUARTER)
    assert wide.limits.sigma == pytest.approx(np.sqrt(1.25) * plain.limits.sigma, rel=2e-3)


def test_a_baseline_without_answers_gives_no_limits() -> None:
    n = np.where(np.array(when()) < QUARTER.end, 3.0, 80.0)
    chart = segment_chart(scores(np.random.default_rng(8), np.full(DAYS, 85.0), n), SCORE, QUARTER)
    assert np.isnan(chart.limits.sigma).all()
    assert not any(signals(chart, "high"))


@pytest.mark.prove
@pytest.mark.parametrize("extra", [0.0, 2.0])
@pytest.mark.parametrize("kind", ["score", "rate"])
def test_quiet_quarters_seldom_have_a_day_beyond_the_limits(kind: str, extra: float, figure: Figure) -> None:
    """With weekdays and turns of months of their own, and with days that vary besides: near 0.27 % of days."""
    generator, beyond, judged = np.random.default_rng(9), 0, 0
    days = np.array(when(184))
    pattern = np.array([-2.0 * (d.day >= 28 or d.day <= 3) - 1.0 * (d.weekday() >= 5) for d in days])
    for _ in range(150):
        moved = pattern + extra * generator.standard_normal(len(days))
        n = sizes(generator, 100, 200, len(days))
        metric = SCORE if kind == "score" else RATE
        made = scores(generator, 85 + moved, n) if kind == "score" else rates(generator, 0.2 - moved / 100, n)
        chart = segment_chart(made, metric, QUARTER)
        beyond += int((np.abs(chart.z[chart.judged]) > 3).sum())
        judged += int(chart.judged.sum())
    assert 0.001 < figure(f"share of quiet days beyond the limits, {kind}, {extra:g}", beyond / judged) < 0.008
