"""Moving averages and cumulative sums, against R's qcc and in what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.monitor.charts.cusum import cusum
from analysis.monitor.charts.ewma import ewma
from tests.analysis.stats.golden import Case, data

POINTS = st.lists(st.floats(-5, 5), min_size=1, max_size=60)


def test_the_moving_average_is_that_of_qcc() -> None:
    case, points = Case("ewma_cusum_montgomery"), data("montgomery_9_1")
    given_ = case.inputs
    found = ewma(points["x"].to_numpy(), given_["mu0"], given_["sigma"], weight=given_["lambda"], width=given_["L"])
    assert list(found.value) == case.near("ewma")
    assert list(found.low) == case.near("ewma_lcl")
    assert list(found.high) == case.near("ewma_ucl")
    beyond = np.flatnonzero((found.value > found.high) | (found.value < found.low)) + 1
    assert beyond.tolist() == case.expected["ewma_beyond"]


def test_the_cumulative_sums_are_those_of_qcc() -> None:
    case, points = Case("ewma_cusum_montgomery"), data("montgomery_9_1")
    given_ = case.inputs
    z = (points["x"].to_numpy() - given_["mu0"]) / given_["sigma"]
    found = cusum(z, reference=given_["k"], decision=given_["h"])
    assert list(found.up) == case.near("cusum_pos")
    assert list(found.down) == case.near("cusum_neg_signed")
    assert (np.flatnonzero(found.signal) + 1).tolist() == case.expected["cusum_signal"]
    assert found.since[-1] + 1 == 23  # Montgomery: the shift is dated to the point after the sum was last 0


def test_means_of_samples_drift_as_in_qcc() -> None:
    case, rings = Case("xbar_ewma_cusum_pistonrings"), data("pistonrings")
    mean = rings[rings["trial"]].groupby("sample")["diameter"].mean().to_numpy()
    sigma, given_ = case.expected["sd_R"] / np.sqrt(5), case.inputs
    found = ewma(mean, case.expected["center"], sigma, weight=given_["lambda"], width=given_["L"])
    assert list(found.value) == case.near("ewma_y")
    assert [found.low[0], found.high[0]] == case.near("ewma_limits_first")
    assert [found.low[-1], found.high[-1]] == case.near("ewma_limits_last")
    sums = cusum((mean - case.expected["center"]) / sigma, reference=given_["k"], decision=given_["h"])
    assert list(sums.up) == case.near("cusum_pos")
    assert list(sums.down) == case.near("cusum_neg")


@given(POINTS, st.integers(0, 60))
def test_a_point_without_a_value_changes_nothing(values: list[float], place: int) -> None:
    z = np.array(values)
    place = min(place, len(z))
    gap = np.insert(z, place, np.nan)
    assert np.delete(ewma(gap, 0.0, 1.0).value, place) == pytest.approx(ewma(z, 0.0, 1.0).value)
    assert np.delete(cusum(gap).up, place) == pytest.approx(cusum(z).up)


@given(POINTS)
def test_both_are_the_same_upside_down(values: list[float]) -> None:
    z = np.array(values)
    assert ewma(-z, 0.0, 1.0).value == pytest.approx(-ewma(z, 0.0, 1.0).value)
    assert cusum(-z).up == pytest.approx(-cusum(z).down)
    assert (cusum(-z).signal == cusum(z).signal).all()


def test_a_small_lasting_change_is_dated() -> None:
    z = np.random.default_rng(4).normal(size=80) + np.where(np.arange(80) >= 40, 1.5, 0.0)
    found = cusum(z)
    first = int(np.argmax(found.signal))
    assert 40 <= first < 55
    assert abs(int(found.since[first]) - 40) <= 4
