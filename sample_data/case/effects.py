"""What does the planted cause do to the contacts of its place? Points, and what else one can see of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from data_access.training import Kind
from sample_data import people, world
from sample_data.case.centre import BETTER, PARTS_OF_DAY, Columns, moment
from sample_data.case.planted import STRENGTH, Planted
from sample_data.draws import Draws

NAMES: Mapping[str, tuple[str, ...]] = {
    "business": world.BUSINESSES,
    "sub_type": world.SUB_TYPES,
    "touchpoint": world.TOUCHPOINTS,
    "channel": world.CHANNEL,
    "region": world.REGIONS,
    "tier": world.TIERS,
    "scenario": world.SCENARIOS,
    "team": people.TEAMS,
    "part_of_day": PARTS_OF_DAY,
}
SPREAD = 18.5  # points: sd of the ratings of one place
LEAST, MOST = 4.0, 26.0  # points that a cause may take
FAILED, MISHEARD = 0.35, 0.30  # of a broken flow's contacts that were solved and understood
LONGER, GAVE_UP = 4.0, 0.05  # the wait at a peak, as a factor; who gives up besides
HALF_A_MONTH = np.timedelta64(15, "D")


def inside(columns: Columns, place: Mapping[str, str]) -> Any:
    """The contacts of a place."""
    rows = np.ones(len(columns["when"]), dtype=bool)
    for dimension, value in place.items():
        rows &= columns[dimension] == NAMES[dimension].index(value)
    return rows


def with_cause(draws: Draws, columns: Columns, plan: Planted) -> Columns:
    """The columns with the cause at work, and the flags by which reasons and companions know it."""
    none = np.zeros(len(columns["when"]), dtype=bool)
    columns = columns | {"hollow": none, "brought_back": none}
    if plan.kind is Kind.SIMPSON_TRAP:
        return _moved(columns, np.where(inside(columns, plan.place), BETTER, 0.0))
    if plan.since is None or not plan.is_real:
        return columns
    place = inside(columns, plan.place)
    touched = place & (columns["when"] >= moment(plan.since))
    points = np.where(touched, -_points(columns, place, touched, plan), 0.0) + _wobble(columns, plan)
    return _moved(_SEEN[plan.kind](draws, columns, touched), points)


def _moved(columns: Columns, points: Any) -> Columns:
    return columns | {"points": np.clip(columns["points"] + points, 15.0, 98.0)}


def _points(columns: Columns, place: Any, touched: Any, plan: Planted) -> float:
    """So many that the month stands out from the one before by the strength of the difficulty."""
    answers = world.column(world.TOUCHPOINT, 2) * world.column(world.TOUCHPOINT, 3)
    chance = np.where(columns["abandoned"], 0.0, answers[columns["touchpoint"]])
    months = [
        (columns["when"] >= moment(period.start)) & (columns["when"] < moment(period.end))
        for period in (plan.baseline, plan.period)
    ]
    before, now, at_work = (
        float(chance[rows].sum()) for rows in (place & months[0], place & months[1], touched & months[1])
    )
    error = SPREAD * np.sqrt(1 / max(before, 1.0) + 1 / max(now, 1.0))
    return float(np.clip(STRENGTH[plan.difficulty] * error * now / max(at_work, 1.0), LEAST, MOST))


def _wobble(columns: Columns, plan: Planted) -> Any:
    """Places that move a little in the first half of the month."""
    start = moment(plan.month)
    half = (columns["when"] >= start) & (columns["when"] < start + HALF_A_MONTH)
    points = np.zeros(len(columns["when"]))
    for dimension, value, by in plan.wobbles:
        points += np.where(half & inside(columns, {dimension: value}), by, 0.0)
    return points


def _rule(draws: Draws, columns: Columns, touched: Any) -> Columns:
    """Its customers name the bill."""
    return columns | {"billing": touched}


def _flow(draws: Draws, columns: Columns, touched: Any) -> Columns:
    """Fewer tasks are done, less is understood, the version is another; its customers name the loop."""
    failed = touched & (draws.uniform("flow fails") < FAILED)
    misheard = touched & (draws.uniform("flow mishears") < MISHEARD)
    resolved = columns["resolved_now"] & ~failed
    return columns | {
        "broken": touched,
        "resolved_now": resolved,
        "resolved": np.where(columns["abandoned"], np.nan, resolved),
        "task_success": np.where(np.isnan(columns["task_success"]), np.nan, resolved),
        "bot_recognised": np.where(misheard, 0.0, columns["bot_recognised"]),
    }


def _team(draws: Draws, columns: Columns, touched: Any) -> Columns:
    """More is passed on; its customers name unclear answers."""
    more = touched & (draws.uniform("team passes on") < 0.1)
    return columns | {
        "new_team": touched,
        "transfers": np.where(more, columns["transfers"] + 1, columns["transfers"]),
    }


def _peak(draws: Draws, columns: Columns, touched: Any) -> Columns:
    """The wait is longer and more give up; its customers name the wait."""
    gone = columns["abandoned"] | (touched & (draws.uniform("give up at the peak") < GAVE_UP))
    wait = np.where(touched, np.rint(np.minimum(columns["wait_s"] * LONGER, 1800)), columns["wait_s"])
    left = {name: np.where(gone, np.nan, columns[name]) for name in ("resolved", "handle_s", "transfers")}
    return columns | left | {"wait_s": wait, "abandoned": gone, "peak": touched}


_SEEN: Mapping[Kind, Any] = {Kind.RULE: _rule, Kind.FLOW: _flow, Kind.TEAM: _team, Kind.PEAK: _peak}
