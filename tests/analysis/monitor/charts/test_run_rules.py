"""Which points are more than chance, what the icons say of them, and how often chance alone does it."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.monitor.charts.icons import Assurance, Variation, assurance, variation
from analysis.monitor.charts.limits import Limits
from analysis.monitor.charts.run_rules import run_rules
from analysis.stats.intervals import Array
from tests.proof import Figure


def line(count: int) -> Limits:
    one = np.ones(count)
    return Limits(0 * one, -3 * one, 3 * one, one)


def rules(*values: float, better: str = "high") -> list[tuple[str, ...]]:
    return run_rules(np.array(values), line(len(values)), better=better)


def test_each_rule_by_hand() -> None:
    assert rules(0, 3.1, -0.1)[1] == ("beyond_up",)
    assert rules(2.1, 0.5, 2.2) == [(), (), ("near_up",)]
    assert rules(2.1, 0.5, -0.5, 2.2) == [(), (), (), ()]
    assert rules(2.1, -2.2, 0.5) == [(), (), ()]  # near both limits is near neither
    assert rules(*[-0.4, -0.2] * 4)[6:] == [(), ("shift_down",)]
    assert rules(1, 0.5, 0.2, -0.1, -0.2, -0.5, 1)[5:] == [("trend_down",), ()]


def test_equal_points_are_no_trend_and_the_centre_is_on_no_side() -> None:
    assert rules(1, 0.5, 0.2, 0.2, -0.2, -0.5, -0.7) == [()] * 7
    assert rules(*[0.5] * 4, 0, *[0.5] * 7) == [()] * 12


def test_a_point_without_a_value_neither_breaks_a_run_nor_has_a_rule() -> None:
    assert rules(*[0.5, 0.6] * 3, np.nan, 0.4, 0.6)[6:] == [(), (), ("shift_up",)]


def test_a_turn_for_the_worse_comes_first() -> None:
    values = [0.5, 0.6, 0.4, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    assert rules(*values)[-1] == ("trend_down", "shift_up")
    assert rules(*values, better="low")[-1] == ("shift_up", "trend_down")


@pytest.mark.parametrize(("better", "up", "down"), [
    ("high", Variation.IMPROVING_HIGH, Variation.CONCERNING_LOW),
    ("low", Variation.CONCERNING_HIGH, Variation.IMPROVING_LOW),
])  # fmt: skip
def test_what_is_better_decides_the_icon(better: str, up: Variation, down: Variation) -> None:
    assert variation(("beyond_up",), better) is up
    assert variation(("shift_down",), better) is down
    assert variation((), better) is Variation.COMMON


def test_assurance_is_about_where_the_limits_lie() -> None:
    assert assurance(80, 90, 85, "high") is Assurance.HIT_OR_MISS
    assert assurance(86, 90, 85, "high") is Assurance.PASSING is assurance(3, 5, 6, "low")
    assert assurance(70, 84, 85, "high") is Assurance.FAILING is assurance(7, 9, 6, "low")
    assert assurance(70, 84, None, "high") is Assurance.NO_TARGET is assurance(np.nan, np.nan, 85.0, "high")


def quiet(points: int, seed: int) -> Array:
    return np.random.default_rng(seed).standard_normal(points)


@pytest.mark.prove
def test_how_often_chance_alone_breaks_the_rules(figure: Figure) -> None:
    """Points until the first alarm of a quiet process: 370 by single points (Shewhart), about 100 by all rules."""
    lengths: dict[str, list[int]] = {"all": [], "beyond": [], "shift": [], "trend": [], "near": []}
    for seed in range(800):
        found = run_rules(quiet(4000, seed), line(4000), better="high")
        names = [{rule.rsplit("_", 1)[0] for rule in point} for point in found]
        for rule, until in lengths.items():
            hit = next((i + 1 for i, own in enumerate(names) if own and (rule == "all" or rule in own)), 4000)
            until.append(hit)
    mean = {rule: float(np.mean(until)) for rule, until in lengths.items()}
    figure("mean points to the first alarm: all, beyond, shift, trend, near", list(mean.values()))
    assert 330 < mean["beyond"] < 410
    assert 90 < mean["all"] < 112
