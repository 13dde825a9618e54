"""What should an analysis find? The planted causes with the effect each has in this very sample, for `truth.json`.

Effects are differences of expected ratings over the answers that count: exact but for the luck of the ratings.
What new agents lose by a lower skill tier and more transfers comes on top (about one point).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from . import causes, checks, world
from .causes import CAUSES, Planted
from .contacts import Columns
from .people import GROUP_OF_TEAM, TEAMS, VOICE

_TOUCHED = {"billing_rule": "billing", "bot_flow": "broken", "month_start_queue": "peak", "new_hire_team": "new_team"}


def truth(columns: Columns, planted: Planted, *, seed: int, contacts: int) -> dict[str, Any]:
    """The content of `truth.json`: what was asked for, and one entry per cause at work."""
    counts = columns["answered"] & ~columns["exempted"]
    entries = [
        asdict(cause) | {"expected": _expected(columns, name, counts)}
        for name, cause in CAUSES.items()
        if name in planted
    ]
    return {
        "seed": seed,
        "contacts": contacts,
        "from": str(world.START),
        "to": str(world.END),
        "unit": "points",
        "month": "2026-10",
        "month_before": "2026-09",
        "switched_off": sorted(set(CAUSES) - planted.names),
        "planted": entries,
        "relations": {
            "wait": _wait(columns, counts),
            "handling": _handling(columns, counts),
            "contained_more": _contained_more(columns),
            "quick_return": {"sub_type": causes.QUICK_SUB_TYPE, "part": causes.QUICK_PART},
            "errors": {"shared": checks.SHARED, "agent": checks.ALONE, "of_agent": checks.ALONE_IN},
            "coaching": {"between_teams": 1.0, "within_teams": 0.0},
        },
    }


def _contained_more(columns: Columns) -> dict[str, object]:
    """A scenario that contains more and resolves less from a version on; the part of its sessions that came back."""
    with_bot = columns["hollow"] & (columns["touchpoint"] != world.TOUCHPOINTS.index("handover"))
    return {
        "scenario": causes.HOLLOW_SCENARIO,
        "from": str(causes.HOLLOW_FROM.astype("M8[D]")),
        "fewer_handed_over": causes.HOLLOW_FEWER,
        "more_returns": float(columns["brought_back"].sum() / max(int(with_bot.sum()), 1)),
    }


def _wait(columns: Columns, counts: Any) -> dict[str, float]:
    """A driver that is not linear: free up to some seconds, then so many points a doubling."""
    wait = columns["wait_s"][counts & columns["queue"]]
    return {"free_up_to": 15.0, "points_a_doubling": -2.0, "beyond": float(np.mean(wait > 15.0))}


def _handling(columns: Columns, counts: Any) -> dict[str, float]:
    """A driver with a common cause: complaints take longer and please less; points a minute."""
    rows = counts & ~np.isnan(columns["handle_s"]) & (columns["tenure_band"] > 0)
    minutes, points = columns["handle_s"][rows] / 60, columns["points"][rows]
    touchpoint = columns["touchpoint"][rows]
    return {
        "apparent": _slope(minutes, points),
        "adjusted": _slope(*(values - _means(values, touchpoint) for values in (minutes, points))),
    }


def _slope(x: Any, y: Any) -> float:
    return float(np.cov(x, y)[0, 1] / np.var(x, ddof=1))


def _means(values: Any, group: Any) -> Any:
    """The mean of its group for every value."""
    return (np.bincount(group, values) / np.maximum(np.bincount(group), 1))[group]


def _expected(columns: Columns, name: str, counts: Any) -> dict[str, float]:
    if name == "mix_shift":
        return _mix_shift(columns, counts)
    if name == "mixed_team":
        return _mixed_team(columns, counts)
    return _rate(columns, name, counts)


def _within(columns: Columns, period: tuple[Any, Any], counts: Any) -> Any:
    return counts & (columns["when"] >= period[0]) & (columns["when"] < period[1])


def _rate(columns: Columns, name: str, counts: Any) -> dict[str, float]:
    """Mean effect in the segment while the cause is at work; its part of both months and of their difference."""
    shift, touched = columns["shifts"][name], counts & columns[_TOUCHED[name]]
    periods = (world.MONTH, world.MONTH_BEFORE)
    now, before = (float(shift[_within(columns, period, counts)].mean()) for period in periods)
    return {
        "segment": float(shift[touched].mean()),
        "responses": int(touched.sum()),
        "month": now,
        "month_before": before,
        "change": now - before,
    }


def _mix_shift(columns: Columns, counts: Any) -> dict[str, float]:
    """Share moved times the distance of the business from the rest: all of it mix."""
    now, before = (_within(columns, period, counts) for period in (world.MONTH, world.MONTH_BEFORE))
    business = columns["business"] == world.BUSINESSES.index(causes.SHIFT_BUSINESS)
    gap = float(columns["points"][now & business].mean() - columns["points"][now & ~business].mean())
    moved = float(columns["moved"][now].mean())
    return {
        "share_before": float(business[before].mean()),
        "share": float(business[now].mean()),
        "moved": moved,
        "gap": gap,
        "change": moved * gap,
    }


def _mixed_team(columns: Columns, counts: Any) -> dict[str, float]:
    """How far the team seems to be behind the other telephone teams; within a business it is not."""
    voice = counts & (columns["team"] >= 0) & (GROUP_OF_TEAM[columns["team"]] == VOICE)
    team = voice & (columns["team"] == TEAMS.index(causes.MIXED_TEAM))
    business = columns["business"] == world.BUSINESSES.index(causes.MIXED_BUSINESS)
    apparent = float(columns["points"][team].mean() - columns["points"][voice & ~team].mean())
    return {
        "apparent": apparent,
        "adjusted": 0.0,
        "business_share": float(business[team].mean()),
        "business_share_elsewhere": float(business[voice & ~team].mean()),
        "responses": int(np.sum(team)),
    }
