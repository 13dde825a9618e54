"""Limits of control charts, against R's qcc and in what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.monitor.charts.limits import (
    MOVING_RANGE,
    allowed_for,
    laney,
    laney_u,
    overdispersion,
    p_chart,
    sd_within,
    sigma_z,
    u_chart,
    u_or_laney,
    wilson_limits,
    xbar,
)  # fmt: skip
from tests.analysis.stats.golden import Case, data
from tests.proof import Figure

SIZES = st.lists(st.integers(20, 400), min_size=3, max_size=40)


def test_a_p_chart_of_equal_days_is_that_of_qcc() -> None:
    case, juice = Case("p_chart_montgomery_oj"), data("orangejuice")
    d, n = (juice.loc[juice["trial"], name].to_numpy(dtype=float) for name in ("D", "size"))
    found = p_chart(d, n)
    assert found.center[0] == case.near("pbar")
    assert (found.low[0], found.high[0]) == (case.near("lcl"), case.near("ucl"))
    beyond = np.flatnonzero((d / n > found.high) | (d / n < found.low)) + 1
    assert beyond.tolist() == case.expected["beyond"]


def test_a_p_chart_of_days_of_any_size_is_that_of_qcc() -> None:
    case, orders = Case("p_chart_variable_n"), data("montgomery_p_variable_n")
    d, n = (orders[case.inputs[name]].to_numpy(dtype=float) for name in ("d", "n"))
    found = p_chart(d, n)
    assert found.center[0] == case.near("pbar")
    assert list(found.low) == case.near("lcl")
    assert list(found.high) == case.near("ucl")
    assert (np.flatnonzero(d / n > found.high) + 1).tolist() == [case.expected["beyond"]]


def test_wilson_limits_are_those_of_r() -> None:
    case, orders = Case("p_chart_wilson_limits"), data("montgomery_p_variable_n")
    low, high = wilson_limits(*(orders[name].to_numpy(dtype=float) for name in ("d", "n")))
    expected = case.expected["wilson_ci_each_point"]
    assert list(low) == case.close(expected["lo"])
    assert list(high) == case.close(expected["hi"])


def test_the_centre_is_outside_of_the_interval_of_a_point_where_that_is_outside_the_limits() -> None:
    """Both are the same score test, once from the centre and once from the point."""
    generator = np.random.default_rng(3)
    n = generator.integers(30, 300, 500).astype(float)
    d = generator.binomial(n.astype(int), 0.15 + 0.1 * generator.random(500)).astype(float)
    line, (low, high) = p_chart(d, n, center=0.17), wilson_limits(d, n)
    outside = (d / n > 0.17 + 3 * line.sigma) | (d / n < 0.17 - 3 * line.sigma)
    assert outside.any() and not outside.all()
    assert (outside == ((low > 0.17) | (high < 0.17))).all()


def test_x_bar_limits_are_those_of_qcc() -> None:
    case, rings = Case("xbar_ewma_cusum_pistonrings"), data("pistonrings")
    days = rings[rings["trial"]].groupby("sample")["diameter"].agg(["count", "mean", "std"])
    n, mean, sd = (days[name].to_numpy(dtype=float) for name in ("count", "mean", "std"))
    assert sd_within(n, sd) == case.near("sd_S")
    by_s = xbar(mean, n, center=None, sd=sd_within(n, sd))
    by_r = xbar(mean, n, center=None, sd=case.expected["sd_R"])
    assert by_s.center[0] == case.near("center")
    assert [by_s.low[0], by_s.high[0]] == case.near("xbar_S_limits")
    assert [by_r.low[-1], by_r.high[-1]] == case.near("xbar_R_limits")


def test_the_limits_of_a_u_chart_are_those_of_qcc() -> None:
    case, cloth = Case("u_chart_variable_n"), data("dyedcloth")
    found = u_chart(*(cloth[case.inputs[name]].to_numpy(dtype=float) for name in ("x", "size")))
    assert found.center[0] == case.near("ubar")
    assert list(found.low) == case.near("lcl")
    assert list(found.high) == case.near("ucl")


@given(SIZES, st.floats(0.05, 0.9))
def test_laneys_limits_are_those_of_a_p_chart_times_sigma_z(sizes: list[int], p: float) -> None:
    n = np.array(sizes, dtype=float)
    d = np.random.default_rng(1).binomial(n.astype(int), p).astype(float)
    plain, wide = p_chart(d, n, center=p), laney(d, n, center=p)
    by_hand = np.abs(np.diff((d / n - p) / np.sqrt(p * (1 - p) / n))).mean() / MOVING_RANGE
    assert wide.sigma_z == pytest.approx(by_hand)
    assert wide.sigma == pytest.approx(plain.sigma * by_hand)


@given(SIZES)
def test_more_contacts_alike_do_not_move_limits_of_counts(sizes: list[int]) -> None:
    """Counts over three times the contacts, three times as many: the rate and sigma_z's share of it stay."""
    size = np.array(sizes, dtype=float)
    x = np.random.default_rng(2).poisson(0.4 * size).astype(float) + 1
    once, thrice = laney_u(x, size), laney_u(3 * x, 3 * size)
    assert thrice.center == pytest.approx(once.center)
    assert thrice.high == pytest.approx(once.high)


def test_a_day_without_contacts_has_no_limits_and_moves_none() -> None:
    x, size = np.array([3.0, 0, 5, 4]), np.array([100.0, 0, 120, 90])
    found = u_or_laney(x, size)
    assert np.isnan(found.high[1])
    assert np.delete(found.high, 1) == pytest.approx(u_or_laney(np.delete(x, 1), np.delete(size, 1)).high)


def test_a_lasting_change_hardly_moves_sigma_z() -> None:
    z = np.random.default_rng(5).normal(size=120)
    shifted = z + np.where(np.arange(120) >= 60, 4.0, 0.0)
    assert sigma_z(shifted) == pytest.approx(sigma_z(z), abs=0.06)
    assert np.std(shifted) > 2 * np.std(z)


@pytest.mark.prove
def test_days_that_vary_by_their_answers_alone_are_seldom_taken_for_overdispersed(figure: Figure) -> None:
    generator = np.random.default_rng(11)
    p = [_p_of_days(generator, spread=0.0) for _ in range(2000)]
    assert 0.035 < figure("share below 0.05 in 2000 quiet quarters", np.mean(np.array(p) < 0.05)) < 0.065


@pytest.mark.prove
def test_days_that_vary_besides_are_allowed_for(figure: Figure) -> None:
    """A point more in 370 is beyond the limits again, once Laney's sigma_z is in them."""
    generator = np.random.default_rng(12)
    n = generator.integers(150, 260, 20_000)
    d = generator.binomial(n, 0.12 + 0.035 * generator.standard_normal(20_000).clip(-3, 3)).astype(float)
    plain, wide = p_chart(d, n.astype(float)), laney(d, n.astype(float))
    share = [float(np.mean(np.abs(line.z(d / n)) > 3)) for line in (plain, wide)]
    figure("share of quiet days beyond the limits, p and p'", share)
    assert share[0] > 0.03
    assert share[1] < 0.006
    assert allowed_for(plain.z(d / n)) == wide.sigma_z


def _p_of_days(generator: np.random.Generator, spread: float) -> float:
    n = generator.integers(80, 200, 91)
    d = generator.binomial(n, 0.15 + spread * generator.standard_normal(91)).astype(float)
    return overdispersion(p_chart(d, n.astype(float)).z(d / n))
