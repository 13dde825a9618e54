"""Do the random numbers keep what they promise?"""

from __future__ import annotations

import numpy as np
import pytest

from sample_data.draws import Draws, pick, pick_by, rate


@pytest.mark.parametrize("points", [30.0, 60.0, 75.0, 86.0, 95.0])
def test_ratings_have_the_mean_that_was_asked_for(points: float) -> None:
    noise = np.random.default_rng(5).standard_normal(400_000)
    ratings = rate(np.full(len(noise), points), noise)
    assert ratings.min() >= 1
    assert ratings.max() <= 10
    assert 10 * ratings.mean() == pytest.approx(points, abs=0.15)


def test_a_stream_does_not_depend_on_another_or_on_the_rows_kept() -> None:
    draws = Draws(3, 100)
    assert np.array_equal(draws.uniform("a"), Draws(3, 100).uniform("a"))
    assert not np.array_equal(draws.uniform("a"), draws.uniform("b"))
    kept = draws.keep(np.array([7, 9])).keep(np.array([1]))
    assert kept.uniform("a") == draws.uniform("a")[9]
    assert np.array_equal(kept.race("r", 4)[0], draws.race("r", 4)[9])


def test_picks_follow_the_shares() -> None:
    uniform = np.random.default_rng(5).random(100_000)
    assert np.bincount(pick(uniform, [5, 3, 2])) / len(uniform) == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    group = np.tile([0, 1], 50_000)
    picked = pick_by(uniform, [[1, 1], [0, 1]], group)
    assert picked[group == 1].min() == 1
    assert picked[group == 0].mean() == pytest.approx(0.5, abs=0.01)
