"""The Net Promoter Score by the machinery of means, against its trinomial formula and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.intervals import welch
from data_access.metric_kinds import nps_points

SCALE = np.arange(11)


@given(st.lists(st.integers(0, 10), min_size=2, max_size=200))
def test_mean_and_error_are_those_of_the_trinomial(answers: list[int]) -> None:
    points, n = nps_points(answers), len(answers)
    up, down = sum(a >= 9 for a in answers) / n, sum(a <= 6 for a in answers) / n
    assert points.mean() == pytest.approx(100 * (up - down), abs=1e-9)
    error = 100 * math.sqrt((up + down - (up - down) ** 2) / n)  # of a multinomial with these shares
    assert points.std(ddof=0) / math.sqrt(n) == pytest.approx(error, abs=1e-9)
    assert -100 <= points.mean() <= 100


def test_every_step_of_the_scale_has_its_class() -> None:
    assert nps_points(SCALE).tolist() == [-100.0] * 7 + [0.0] * 2 + [100.0] * 2
    assert nps_points([6.5, 8.9]).tolist() == [0.0, 0.0]  # means of several questions
    assert np.isnan(nps_points([np.nan, -1, 10.5, 90])).all()
    assert nps_points([]).size == 0


def test_a_higher_answer_never_lowers_the_score() -> None:
    assert (np.diff(nps_points(np.linspace(0, 10, 501))) >= 0).all()


def test_coverage_of_a_difference_of_two_scores() -> None:
    """Planted 20 against 12 points; the usual interval of two means holds the difference 95 times in 100."""
    rng, points = np.random.default_rng(46), np.array([-100.0, 0.0, 100.0])
    shares = np.array([[0.25, 0.30, 0.45], [0.30, 0.28, 0.42]])
    drawn = [rng.multinomial(n, p, size=2000) for n, p in zip((300, 200), shares, strict=True)]
    means = [d @ points / d.sum(axis=1) for d in drawn]
    errors = [np.sqrt((d @ points**2 / n - m**2) / (n - 1)) for d, m, n in zip(drawn, means, (300, 200), strict=True)]
    size = [np.full(2000, n) for n in (300, 200)]
    found = welch(means[0], errors[0], size[0], means[1], errors[1], size[1])
    assert np.mean([d.interval.low <= -8 <= d.interval.high for d in found]) == pytest.approx(0.95, abs=0.015)
    assert np.mean([d.value for d in found]) == pytest.approx(-8, abs=0.5)
