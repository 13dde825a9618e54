"""How did the contact go? Waits, handling, transfers, bots, resolution, and the experience in points that follows."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import causes, world
from .causes import Planted
from .contacts import Columns, day_of_month
from .draws import Draws, Floats
from .people import TEAMS, Roster

RESOLVED_POINTS = (-7.5, 1.2)  # not resolved, resolved
NEW_POINTS = -1.5  # the first sixty days, anywhere
TRANSFER_POINTS = -1.8
CONTEXT_LOST_POINTS = -4.5
MISHEARD_POINTS = -3.0
MOST_GIVE_UP = 0.35  # of those who wait longest in the queue


def wait_points(wait: Floats) -> Floats:
    """What a wait in seconds costs: nothing up to 15 s, then two points a doubling, twelve at most.

    >>> wait_points(np.array([10.0, 30.0, 60.0])).tolist()
    [-0.0, -2.0, -4.0]
    """
    return -np.minimum(12.0, 2.0 * np.log2(np.maximum(wait, 15.0) / 15.0))


def serve(draws: Draws, columns: Columns, staff: Roster, planted: Planted) -> Columns:
    """The course of each contact; NaN where a figure does not apply."""
    queue = world.is_one_of(columns["touchpoint"], world.TOUCHPOINTS, world.QUEUE_TOUCHPOINTS)
    by_agent = columns["team"] >= 0
    peak = planted.where("month_start_queue", queue & np.isin(day_of_month(columns["when"]), causes.PEAK_DAYS))
    new_team = planted.where(
        "new_hire_team", (columns["team"] == TEAMS.index(causes.NEW_HIRE_TEAM)) & (columns["tenure_band"] == 0)
    )
    broken = planted.where(
        "bot_flow",
        (columns["when"] >= causes.BOT_FROM) & (columns["scenario"] == world.SCENARIOS.index(causes.BOT_SCENARIO)),
    )
    flags = {
        "queue": queue,
        "by_agent": by_agent,
        "peak": peak,
        "new_team": new_team,
        "broken": broken,
        "bot": columns["scenario"] >= 0,
    }
    columns = columns | flags | _queue(draws, columns, queue, peak) | _chat(draws, columns)
    columns |= _bot(draws, columns) | _handling(draws, columns)
    columns |= _resolution(draws, columns)
    return columns | _experience(columns, staff)


def _queue(draws: Draws, columns: Columns, queue: Any, peak: Any) -> Columns:
    """Wait in the telephone queue, longer at busy hours; some give up."""
    hour = (columns["when"] - columns["when"].astype("M8[D]")).astype(int) // 3600
    busy = 0.7 + 0.6 * np.array(world.HOURS)[hour] / max(world.HOURS)
    calm = np.clip(16.0 * busy * np.exp(0.75 * draws.normal("wait")), 1, 900)
    wait = np.clip(calm * np.where(peak, causes.PEAK_WAIT, 1.0), 1, 1800)
    gave_up = queue & (draws.uniform("give up") < np.clip((wait - 20) / 1100, 0.004, MOST_GIVE_UP))
    return {
        "calm_wait_s": np.where(queue, np.rint(calm), np.nan),
        "wait_s": np.where(queue, np.rint(wait), np.nan),
        "abandoned": gave_up,
    }


def _chat(draws: Draws, columns: Columns) -> Columns:
    """First response and parallel chats of online agents; how long app and web pages took to load."""
    chat = columns["touchpoint"] == world.TOUCHPOINTS.index("online_agent")
    parallel = 1 + np.minimum((4.6 * draws.uniform("parallel")).astype(int), 4)
    first = np.clip(9.0 * parallel * np.exp(0.6 * draws.normal("first response")), 2, 900)
    page = world.is_one_of(columns["touchpoint"], world.TOUCHPOINTS, ("online_self", "bot_text", "online_agent"))
    load = np.clip(1150 * np.exp(0.55 * draws.normal("page load")), 150, 20000)
    return {
        "concurrency": np.where(chat, parallel, np.nan),
        "first_response_s": np.where(chat, np.rint(first), np.nan),
        "load_time_ms": np.where(page, np.rint(load), np.nan),
    }


def _bot(draws: Draws, columns: Columns) -> Columns:
    """Whether the bot understood, which flow version it ran, and how a hand-over to people went."""
    bot, broken = columns["bot"], columns["broken"]
    handover = columns["touchpoint"] == world.TOUCHPOINTS.index("handover")
    luck, chance = draws.uniform("recognised"), np.where(handover, 0.74, 0.90)
    knows = luck < np.where(broken, chance - 0.32, chance)
    passed = draws.uniform("context") < 0.72
    wait = np.clip(columns["wait_s"] * np.exp(0.2 * draws.normal("hand-over wait")) + 4, 1, 1800)
    return {
        "bot_recognised": np.where(bot, knows, np.nan),
        "misheard_if_sound": bot & (luck >= chance),
        "context_passed": np.where(handover, passed, np.nan),
        "handover_wait_s": np.where(handover, np.rint(wait), np.nan),
    }


def _handling(draws: Draws, columns: Columns) -> Columns:
    """Handling time and transfers of contacts that reached an agent."""
    handled = columns["by_agent"] & ~columns["abandoned"]
    complaint = columns["touchpoint"] == world.TOUCHPOINTS.index("complaint")
    typical = np.where(complaint, 430.0, 225.0) * np.where(columns["tenure_band"] == 0, 1.25, 1.0)
    seconds = np.clip(typical * np.exp(0.55 * draws.normal("handling")), 15, 5400)
    chance = 0.07 + 0.08 * complaint + 0.12 * columns["hard"] + 0.06 * columns["new_team"]
    luck = draws.uniform("transfer")
    transfers = (luck < chance).astype(int) + (luck < 0.22 * chance)
    return {
        "handle_s": np.where(handled, np.rint(seconds), np.nan),
        "transfers": np.where(handled, transfers, np.nan),
    }


def _resolution(draws: Draws, columns: Columns) -> Columns:
    """Resolved for everyone handled; the same answer is the task success of self-service and bots."""
    self_service = world.is_one_of(columns["touchpoint"], world.TOUCHPOINTS, world.SELF_TOUCHPOINTS)
    complaint = columns["touchpoint"] == world.TOUCHPOINTS.index("complaint")
    chance = 0.92 - 0.10 * self_service - 0.08 * complaint - 0.42 * columns["hard"]
    luck, broken = draws.uniform("resolved"), columns["broken"]
    sound = luck < chance
    resolved = luck < chance - np.where(broken, np.where(self_service, 0.40, 0.15), 0.0)
    return {
        "resolved_if_sound": sound,
        "resolved_now": resolved,
        "resolved": np.where(columns["abandoned"], np.nan, resolved),
        "task_success": np.where(self_service, resolved, np.nan),
    }


def _experience(columns: Columns, staff: Roster) -> Columns:
    """Expected mean x 10 of each contact, and the points each planted cause took from it."""
    worth = np.array(RESOLVED_POINTS)
    wait, calm = (np.nan_to_num(columns[name]) for name in ("wait_s", "calm_wait_s"))
    shifts = {
        "billing_rule": np.where(columns["billing"], causes.BILLING_POINTS, 0.0),
        "bot_flow": np.where(columns["broken"], causes.BOT_POINTS, 0.0)
        + worth[columns["resolved_now"].astype(int)]
        - worth[columns["resolved_if_sound"].astype(int)]
        + MISHEARD_POINTS * ((columns["bot_recognised"] == 0) & ~columns["misheard_if_sound"]),
        "month_start_queue": wait_points(wait) - wait_points(calm),
        "new_hire_team": np.where(columns["new_team"], causes.NEW_HIRE_POINTS + NEW_POINTS, 0.0),
    }
    usual = _of_the_subject(columns) + _of_the_service(columns, staff) + wait_points(calm)
    usual += worth[columns["resolved_if_sound"].astype(int)] - np.where(columns["new_team"], NEW_POINTS, 0.0)
    return {"points": np.clip(usual + sum(shifts.values()), 15.0, 98.0), "shifts": shifts}


def _of_the_subject(columns: Columns) -> Floats:
    """Points by what, where and who."""
    points = world.BASE + world.column(world.BUSINESS, 1)[columns["business"]]
    points = points + world.column(world.SUB_TYPE, 2)[columns["sub_type"]]
    points = points + world.column(world.TOUCHPOINT, 1)[columns["touchpoint"]]
    points = points + world.column(world.TIER, 1)[columns["tier"]]
    points = points + np.append(world.column(world.REGION, 1), 0.0)[columns["region"]]
    return np.asarray(points + np.append(world.column(world.SCENARIO, 1), 0.0)[columns["scenario"]])


def _of_the_service(columns: Columns, staff: Roster) -> Floats:
    """Points by who answered and how it went, the planted causes apart."""
    agent = staff.team_points[columns["team"]] + staff.points[columns["seat"], columns["stint"]]
    agent = agent + np.append(list(world.SKILL.values()), 0.0)[columns["agent_skill"]]
    agent = agent + np.where(columns["tenure_band"] == 0, NEW_POINTS, 0.0)
    points = np.where(columns["by_agent"], agent, 0.0)
    points = points + TRANSFER_POINTS * np.nan_to_num(columns["transfers"])
    points = points + np.where(columns["context_passed"] == 0, CONTEXT_LOST_POINTS, 0.0)
    points = points + MISHEARD_POINTS * columns["misheard_if_sound"]
    slow = np.log2(np.maximum(np.nan_to_num(columns["first_response_s"]), 20.0) / 20.0)
    page = np.log2(np.maximum(np.nan_to_num(columns["load_time_ms"]), 1500.0) / 1500.0)
    return np.asarray(points - 1.6 * slow - 1.5 * page)
