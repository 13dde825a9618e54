"""The time before: slopes against least squares, bounds against diff-diff and by drawn violations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.effect.pretrend import Pretrend, bounds, breakdown, drift, pretrend
from analysis.stats.intervals import Difference, Interval, differences


def _before(rng: np.random.Generator, weeks: int, *, treated: int = 4, clusters: int = 10) -> pd.DataFrame:
    cluster, week = (index.ravel() for index in np.indices((clusters, weeks)))
    n = rng.integers(5, 40, len(week)).astype(float)
    y = 80 + rng.normal(0, 3, clusters)[cluster] + rng.normal(0, 1, len(week)) + 0.2 * week * (cluster < treated)
    return pd.DataFrame({"cluster": cluster, "week": week, "treated": cluster < treated, "n": n, "total": n * y})


def test_slope_of_the_gap_is_that_of_least_squares_within_clusters() -> None:
    frame = _before(np.random.default_rng(1), 12)
    found = pretrend(frame)
    y, own = frame["total"] / frame["n"], pd.get_dummies(frame["cluster"]).astype(float)
    x = own.assign(trend=frame["week"] * ~frame["treated"], own_trend=frame["week"] * frame["treated"])
    theirs = sm.WLS(y, x.set_axis(x.columns.astype(str), axis=1).astype(float), weights=frame["n"]).fit()
    assert found.slope.value == pytest.approx(theirs.params["own_trend"] - theirs.params["trend"])
    assert found.slope.interval.low < 0.2 < found.slope.interval.high
    reach = stats.t.ppf(0.975, found.slope.df) + stats.t.ppf(0.8, found.slope.df)
    assert found.detectable == pytest.approx(reach * found.slope.error)


def test_too_short_a_time_before_has_no_slope() -> None:
    found = pretrend(_before(np.random.default_rng(3), 2))
    assert math.isnan(found.slope.value) and math.isnan(found.detectable)
    assert isinstance(pretrend(_before(np.random.default_rng(3), 2).iloc[:0]), Pretrend)
    assert drift(_before(np.random.default_rng(3), 1)).jumps == ()


def _difference(value: float, error: float, df: float = 1e9) -> Difference:
    return differences(np.array([value]), np.array([error]), np.array([df]))[0]


def test_blocks_are_as_long_as_the_time_after_where_three_fit() -> None:
    frame = _before(np.random.default_rng(4), 19)
    for after, jumps in ((1, 17), (4, 2), (6, 2), (18, 0)):
        assert len(drift(frame.assign(week=frame["week"] - (19 - after))).jumps) == jumps
    cells = frame.assign(week=frame["week"] - 15, block=(frame["week"] - 15) // 4)
    means = cells.groupby(["block", "treated"])[["total", "n"]].sum().pipe(lambda f: f["total"] / f["n"]).unstack()
    gap = means[True] - means[False]
    found = drift(cells)
    assert [jump.value for jump in found.jumps] == [pytest.approx(gap[k] - gap[k - 1]) for k in (-2, -1)]
    assert found.since.value == pytest.approx(gap[0] - gap[-1])
    assert drift(cells[cells["week"] < 0]).jumps == () and math.isnan(drift(cells[cells["week"] < 0]).since.value)


def _moving(gaps: list[float], *, noise: float) -> pd.DataFrame:
    """Ten clusters, half of them treated, whose gap is as given from week to week, the last one after the start."""
    cluster, place = (index.ravel() for index in np.indices((10, len(gaps))))
    level = 80 + np.array(gaps)[place] * (cluster < 5) + np.random.default_rng(5).normal(0, noise, len(place))
    week = place - len(gaps) + 1
    return pd.DataFrame({"cluster": cluster, "week": week, "treated": cluster < 5, "n": 10.0, "total": 10 * level})


def test_bounds_without_error_are_the_identified_set_of_rambachan_and_roth() -> None:
    """One period after the start and hardly any error: effect less and plus M times the largest jump before."""
    from diff_diff import HonestDiD
    from diff_diff.results import MultiPeriodDiDResults, PeriodEffect

    gaps = [0.3, -0.5, 0.0, 4.0]  # less that of the last week before, which is the reference
    moved = drift(_moving(gaps, noise=1e-7))
    zero = {"se": 1e-6, "t_stat": 0.0, "p_value": 1.0, "conf_int": (0.0, 0.0)}
    effects = {t: PeriodEffect(period=t, effect=gaps[t], **zero) for t in (0, 1, 3)}
    theirs = MultiPeriodDiDResults(
        period_effects=effects, avg_att=4.0, avg_se=1e-6, avg_t_stat=0.0, avg_p_value=0.0, avg_conf_int=(4.0, 4.0),
        n_obs=100, n_treated=50, n_control=50, pre_periods=[0, 1, 2], post_periods=[3], reference_period=2,
        vcov=np.eye(3) * 1e-12, interaction_indices={0: 0, 1: 1, 3: 2},
    )  # fmt: skip
    for bound in bounds(moved.since, moved, (0.5, 1.0, 2.0)):
        honest = HonestDiD(method="relative_magnitude", M=bound.m).fit(theirs)
        assert (bound.low, bound.high) == (pytest.approx(honest.lb, abs=1e-3), pytest.approx(honest.ub, abs=1e-3))
    assert breakdown(moved.since, moved) == pytest.approx(4.0 / 0.8, abs=1e-3)


def test_a_bound_is_the_farthest_interval_of_the_change_less_any_jump() -> None:
    """Of the changes of each cluster, by hand: clusters of one size are as many answers of a t test (Welch, CR2)."""
    rows = _moving([0.0, 0.4, 0.1, 3.0], noise=0.5)
    own = rows.pivot(index="cluster", columns="week", values="total").to_numpy() / 10
    since, jumps = own[:, 3] - own[:, 2], (own[:, 1] - own[:, 0], own[:, 2] - own[:, 1])
    moved = drift(rows)
    combined = [since + sign * 2.0 * jump for jump in jumps for sign in (-1, 1)]
    gaps = [c[:5].mean() - c[5:].mean() for c in combined]
    assert moved.since.value == pytest.approx(since[:5].mean() - since[5:].mean())
    found = bounds(moved.since, moved, (2.0,))[0]
    assert found.low < min(gaps) < max(gaps) < found.high
    wide = [stats.t.isf(0.025, 8) * math.hypot(*(stats.sem(half) for half in (c[:5], c[5:]))) for c in combined]
    assert found.low == pytest.approx(min(g - w for g, w in zip(gaps, wide, strict=True)), rel=0.05)


@pytest.mark.parametrize("value", [3.0, -3.0])
@pytest.mark.parametrize("jump", [0.1, 3.0])
def test_at_the_breakdown_the_bound_touches_zero(value: float, jump: float) -> None:
    moved = drift(_moving([0.0, jump, 0.0, value], noise=0.3))
    at = breakdown(moved.since, moved)
    bound = bounds(moved.since, moved, (at,))[0]
    assert (at > 1) is (jump < 1) and (bound.low if value > 0 else bound.high) == pytest.approx(0.0, abs=1e-6)
    assert bounds(moved.since, moved)[0].low == moved.since.interval.low
    assert breakdown(_difference(0.1, 0.8), moved) == 0.0


def test_without_a_jump_nothing_is_known_of_violations() -> None:
    effect, nothing = _difference(4.0, 0.8), drift(_moving([0.0, 4.0], noise=0.3))
    found = bounds(effect, nothing)
    assert found[0].high == pytest.approx(effect.interval.high) and math.isnan(found[1].low)
    assert math.isnan(breakdown(effect, nothing))
    alone = _moving([0.0, 0.3, 0.1, 4.0], noise=0.3).query("cluster > 3")  # a single treated cluster
    assert math.isnan(breakdown(effect, drift(alone)))


def test_a_look_before_its_time_has_wider_bounds_too() -> None:
    moved = drift(_moving([0.0, 0.4, 0.1, 3.0], noise=0.3))
    d = moved.since
    reach = d.interval.high - d.value
    early = Difference(d.value, d.error, d.df, Interval(d.value - 2 * reach, d.value + 2 * reach), math.nan)
    for narrow, wide in zip(bounds(d, moved), bounds(early, moved), strict=True):
        assert wide.low < narrow.low < narrow.high < wide.high
    assert breakdown(early, moved) < breakdown(d, moved)


def test_a_larger_violation_never_has_a_nearer_end() -> None:
    moved = drift(_moving([0.0, 0.1, 0.0, 3.0], noise=0.1))
    found = bounds(_difference(1.0, 0.2), moved, (0.0, 0.5, 1.0, 2.0))  # less than the change since the last block
    lows = [bound.low for bound in found]
    assert lows == sorted(lows, reverse=True) and found[2].high > found[0].high
