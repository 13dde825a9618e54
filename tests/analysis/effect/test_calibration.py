"""Promised against verified lift: against statsmodels, by hand, nothing known of few, what the next promise gets."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from analysis.effect.calibration import Verified, calibrate, pooled, verified_lift

RATIOS = np.array([0.2, 0.9, 0.5, 1.3, -0.1, 0.7])
ERRORS = np.array([0.1, 0.3, 0.2, 0.4, 0.15, 0.25])


def plans(owners: str, ratios: np.ndarray = RATIOS, errors: np.ndarray = ERRORS) -> list[Verified]:
    """Promises of 2 points each."""
    rows = zip(owners, ratios, errors, strict=True)
    return [Verified(owner, 2.0, 2 * float(ratio), 2 * float(error)) for owner, ratio, error in rows]


def test_means_are_those_of_statsmodels_and_the_likelihood_that_of_all_plans_at_once() -> None:
    """At the variance that statsmodels finds, one owner a plan; then REML of the whole covariance matrix."""
    theirs = combine_effects(RATIOS, ERRORS**2, method_re="iterated", atol=1e-12)
    each, nothing = np.arange(6), np.zeros(1)
    ours = pooled(RATIOS, ERRORS, each, nothing, np.array([theirs.tau2]))
    assert ours.whole[0] == pytest.approx(theirs.mean_effect_re, rel=1e-9)
    assert ours.whole_error[0] == pytest.approx(theirs.sd_eff_w_re, rel=1e-9)
    owner = np.array([0, 0, 1, 1, 1, 2])
    pairs = [(0.0, 0.0), (0.04, 0.0), (0.0, 0.1), (0.09, 0.2)]
    found = pooled(RATIOS, ERRORS, owner, *(np.array(v) for v in zip(*pairs, strict=True)))
    whole = [restricted(owner, plans, owners) for plans, owners in pairs]
    assert np.diff(found.log) == pytest.approx(np.diff(whole), rel=1e-9)


def restricted(owner: np.ndarray, plans: float, owners: float) -> float:
    """The restricted log likelihood from the covariance of all ratios, but for a constant."""
    covariance = np.diag(ERRORS**2 + plans) + owners * (owner[:, None] == owner)
    inverse, one = np.linalg.inv(covariance), np.ones(6)
    information = one @ inverse @ one
    rest = RATIOS - one @ inverse @ RATIOS / information
    return float(-(np.linalg.slogdet(covariance)[1] + np.log(information) + rest @ inverse @ rest) / 2)


def test_nothing_is_known_of_two_plans() -> None:
    known = calibrate(plans("ab", RATIOS[:2], ERRORS[:2]))
    lift, interval = known.expected("a", 3.0)
    assert not known.whole.known and lift == 3.0 and np.isnan(interval.low) and known.owners == {}


def test_promises_without_a_ratio_are_left_out() -> None:
    odd = [Verified("a", 0.0, 1.0, 0.1), Verified("a", 1.0, 1.0, 0.0), Verified("a", 1.0, float("nan"), 0.1)]
    assert calibrate([*plans("aabbcc"), *odd]).whole.plans == 6
    assert not calibrate(odd).whole.known


def test_owners_are_drawn_to_all_by_what_is_luck() -> None:
    """Owners who differ by luck alone get nearly the factor of all; who truly differ keep most of their own."""
    rng = np.random.default_rng(3)
    alike = calibrate(plans("aabbccddee", rng.normal(0.6, 0.2, 10), np.full(10, 0.2)))
    assert all(abs(f.factor - 0.6) < 0.5 * abs(f.raw - 0.6) or abs(f.raw - 0.6) < 0.1 for f in alike.owners.values())
    truth = np.repeat([0.2, 0.6, 1.0, 1.4], 3)
    apart = calibrate(plans("aaabbbcccddd", truth + rng.normal(0, 0.05, 12), np.full(12, 0.05)))
    for owner, own in zip("abcd", (0.2, 0.6, 1.0, 1.4), strict=True):
        assert apart.of(owner).factor == pytest.approx(own, abs=0.1)
        assert abs(apart.of(owner).factor - 0.8) <= abs(apart.of(owner).raw - 0.8) + 1e-9
    assert apart.of("new") == apart.whole and apart.of("a").plans == 3


def test_the_expected_lift_of_the_next_promise() -> None:
    known = calibrate(plans("aabbcc"))
    lift, interval = known.expected("a", 4.0)
    assert lift == pytest.approx(4 * known.of("a").factor) and interval.low < lift < interval.high
    own = known.of("a")
    assert interval.high - lift > 4 * (own.interval.high - own.factor)  # of one plan, not of the mean
    worse, ends = known.expected("new", 4.0)
    assert worse == pytest.approx(4 * known.whole.factor) and ends.high - worse > interval.high - lift


def test_an_effect_of_a_segment_as_a_lift_of_the_whole() -> None:
    assert verified_lift(3.0, 1.0, 0.25) == (0.75, 0.25)


def repetitions(seed: int, count: int) -> tuple[float, float]:
    """How often the interval of the next plan holds its true lift, and the squared error saved by drawing to all."""
    rng, inside, drawn, raw = np.random.default_rng(seed), 0, 0.0, 0.0
    for _ in range(count):
        own = rng.normal(0.7, 0.2, 6)
        ratio, errors = rng.normal(np.repeat(own, 4), 0.15), rng.uniform(0.1, 0.4, 24)
        found = calibrate(plans("aaaabbbbccccddddeeeeffff", ratio + rng.normal(0, errors), errors))
        _, interval = found.expected("a", 1.0)
        inside += interval.low <= rng.normal(own[0], 0.15) <= interval.high
        drawn += (found.of("a").factor - own[0]) ** 2
        raw += (found.of("a").raw - own[0]) ** 2
    return inside / count, drawn / raw


def test_the_next_plan_ends_within_its_interval() -> None:
    inside, saved = repetitions(1, 100)
    assert 0.85 <= inside <= 1.0 and saved < 0.9


@pytest.mark.prove
def test_the_next_plan_ends_within_its_interval_in_1000_repetitions(figure: object) -> None:
    inside, saved = repetitions(2, 1_000)
    figure("within the interval", inside)  # type: ignore[operator]
    figure("squared error, drawn to raw", saved)  # type: ignore[operator]
    assert 0.93 <= inside <= 0.98 and saved < 0.9
