"""Strata pooled by hand, and those that turn; the kidney stones of Charig et al. (1986)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.stats.coefficients import Association, phi
from analysis.stats.stratified import opposite, pooled
from tests.proof import examples

NONE = Association("phi", math.nan, math.nan, math.nan, math.nan, 3.0)


def stones(times: int) -> tuple[Association, list[Association]]:
    """Success by treatment: over all, and for small and for large stones."""
    small, large = [[6, 81], [36, 234]], [[71, 192], [25, 55]]  # rows: treatments A and B; failed, succeeded
    return phi(times * (np.array(small) + large)), [phi(times * np.array(t)) for t in (small, large)]


def test_kidney_stones_turn_once_there_are_enough_of_them() -> None:
    whole, strata = stones(1)
    assert whole.value > 0 and all(s.value < 0 for s in strata)
    assert opposite(whole, strata) == [False, False], "none of it is beyond chance in the published counts"
    whole, strata = stones(10)
    assert opposite(whole, strata) == [True, True]
    together = pooled(strata, signed=True)
    assert together.high < 0 < whole.low and together.p < 0.001


def with_error(value: float, error: float, *, p: float = 0.0, n: float = 99.0) -> Association:
    """A coefficient whose interval says this error on Fisher's scale."""
    low, high = np.tanh(np.arctanh(value) + np.array([-1, 1]) * 1.959964 * error)
    return Association("pearson", value, float(low), float(high), p, n)


def test_pooled_is_the_mean_on_fishers_scale() -> None:
    strata = [with_error(r, 1 / math.sqrt(n - 3), n=n) for r, n in ((0.5, 103), (0.1, 43), (-0.2, 23))]
    z = np.array([100, 40, 20]) @ np.arctanh([0.5, 0.1, -0.2]) / 160
    found, reach = pooled([*strata, NONE], signed=True), 1.959964 / math.sqrt(160)
    assert (found.value, found.n) == (pytest.approx(np.tanh(z), abs=1e-6), 172)
    assert np.arctanh([found.low, found.high]) == pytest.approx([z - reach, z + reach], abs=1e-6)
    assert found.p == pytest.approx(2 * stats.norm.sf(z * math.sqrt(160)), rel=1e-4)


def test_without_a_sign_it_is_the_mean_by_contacts() -> None:
    strata = [Association("eta", 0.4, 0.3, 0.5, 0.0, 300.0), Association("eta", 0.1, 0.0, 0.2, 0.3, 100.0), NONE]
    found = pooled(strata, signed=False)
    assert found.value == pytest.approx((300 * 0.4 + 100 * 0.1) / 400)
    assert math.isnan(found.low) and math.isnan(found.p)


def test_nothing_to_pool() -> None:
    for strata in ([], [NONE]):
        for signed in (True, False):
            assert math.isnan(pooled(strata, signed=signed).value)
    assert opposite(Association("phi", 0.5, 0.4, 0.6, 0.0, 90.0), [NONE]) == [False]
    assert opposite(NONE, []) == []


def test_one_stratum_in_many_must_be_surer() -> None:
    whole, turned, same = with_error(0.3, 0.03), with_error(-0.2, 0.09), with_error(0.01, 0.09)
    assert opposite(whole, [turned]) == [True], "alone its interval excludes 0"
    assert opposite(whole, [turned, *[same] * 5]) == [False] * 6
    assert opposite(with_error(0.3, 0.2), [turned]) == [False], "what is not sure cannot turn"


@examples(30)
@given(st.lists(st.floats(-0.9, 0.9), min_size=1, max_size=6))
def test_pooled_lies_within_and_knows_no_order(values: list[float]) -> None:
    strata = [with_error(v, 0.1) for v in values]
    found, turned = pooled(strata, signed=True), pooled(strata[::-1], signed=True)
    assert min(values) - 1e-9 <= found.value <= max(values) + 1e-9
    assert found.value == pytest.approx(turned.value)
    mirrored = pooled([Association("pearson", -s.value, -s.high, -s.low, s.p, s.n) for s in strata], signed=True)
    assert mirrored.value == pytest.approx(-found.value, abs=1e-12)
