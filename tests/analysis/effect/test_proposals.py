"""Controls by level and trend before the start, never by outcome; waves drawn by lot within like units."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.effect.history import History, Spread, laid_out
from analysis.effect.proposals import controls, standing
from analysis.effect.rollout import rollout, shown_by_waves, waves_for
from data_access.selection import Period

START = date(2026, 6, 1)


def past(levels: dict[str, tuple[float, float, float]], weeks: int = 12) -> History:
    """Units by level, trend a week and answers a week, without luck."""
    rows = [
        {"unit": unit, "name": unit, "week": f"{i:02}", "n": n, "w": n, "v": n, "mean": level + trend * i}
        for unit, (level, trend, n) in levels.items() for i in range(weeks)
    ]  # fmt: skip
    cells = pd.DataFrame(rows)
    cells = cells.assign(wx=cells["w"] * cells["mean"], vx=cells["w"] * cells["mean"])
    return laid_out(cells.assign(vxx=cells["w"] * (cells["mean"] ** 2 + 400)), Period(date(2026, 3, 9), START))


KNOWN = {
    "treated": (80.0, 0.1, 50.0), "twin": (80.1, 0.1, 50.0), "falling": (80.0, -1.0, 50.0), "far": (95.0, 0.1, 50.0),
    "near": (81.0, 0.0, 50.0), "few": (80.0, 0.1, 1.0), "other": (79.0, 0.2, 50.0),
}  # fmt: skip


def test_level_and_trend_are_those_of_the_weeks() -> None:
    stood = standing(past(KNOWN))
    known = [KNOWN[unit] for unit in stood.units]
    assert stood.trend == pytest.approx([trend for _, trend, _ in known])
    assert stood.level == pytest.approx([level + 5.5 * trend for level, trend, _ in known])


def test_the_nearest_are_proposed_by_level_and_trend() -> None:
    table = controls(standing(past(KNOWN)), ["treated"]).set_index("unit")
    assert table.index[0] == "twin" and table.index[-1] == "few" and "treated" not in table.index
    assert table["proposed"].to_dict() == {"twin": True, "near": True, "other": True, "falling": False, "far": False,
                                           "few": False}  # fmt: skip
    assert table["distance"].to_numpy() == pytest.approx(np.hypot(table["level_distance"], table["trend_distance"]))
    assert table.loc["falling", "trend_distance"] > 1 > table.loc["falling", "level_distance"]


def test_too_few_near_ones_are_made_up_for_by_the_nearest() -> None:
    apart = {f"u{i}": (60.0 + 8 * i, 0.0, 40.0) for i in range(5)}
    table = controls(standing(past(apart)), ["u0", "u1"])
    assert table["unit"].tolist() == ["u2", "u3", "u4"] and table["proposed"].all()


def units(count: int) -> dict[str, tuple[float, float, float]]:
    rng = np.random.default_rng(7)
    return {f"u{i}": (float(rng.normal(80, 4)), float(rng.normal(0, 0.2)), float(rng.uniform(20, 90)))
            for i in range(count)}  # fmt: skip


@pytest.mark.parametrize("count", [4, 8, 9, 17])
def test_every_unit_begins_once_and_waves_are_alike(count: int) -> None:
    stood = standing(past(units(count)))
    plan = rollout(stood, START, 12)
    waves = waves_for(count)
    assert sorted(plan["unit"]) == sorted(stood.units) and set(plan["wave"]) == set(range(1, waves + 1))
    assert plan.groupby("block")["wave"].nunique().max() <= waves
    assert plan.groupby(["block", "wave"]).size().max() == 1
    sizes = plan.groupby("wave").size()
    assert sizes.max() - sizes.min() <= 1
    assert plan["start"].min() == START and plan.groupby("wave")["start"].nunique().eq(1).all()
    assert plan.equals(rollout(stood, START, 12)) and not plan.equals(rollout(stood, START, 12, seed=21))


def test_drawn_waves_are_as_alike_as_blocks_make_them() -> None:
    """Over many lots the waves' levels differ less than waves without blocks would."""
    stood = standing(past(units(16)))
    level = dict(zip(stood.units, stood.level, strict=True))
    apart = []
    for seed in range(20):
        mean = (
            rollout(stood, START, 12, seed=seed).assign(level=lambda t: t["unit"].map(level)).groupby("wave")["level"]
        )
        apart.append(mean.mean().var())
    assert np.mean(apart) < 0.7 * float(np.var(stood.level, ddof=1)) / 4


def test_what_each_wave_lets_one_show() -> None:
    history = past(units(12))
    plan = rollout(standing(history), START, 12)
    shown = shown_by_waves(plan, history, Spread(400, 0.5, 0.2), 1.0)
    assert shown["wave"].tolist() == [1, 2] and shown["control"].tolist() == [8, 4]
    assert shown["until"].tolist() == sorted(set(plan["start"]))[1:]
    assert (shown["detectable"] > 1).all()


def test_too_few_units_have_no_waves() -> None:
    assert rollout(standing(past(units(3))), START, 12).empty
