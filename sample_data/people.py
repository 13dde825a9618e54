"""Who answers? Teams, seats, the agents who hold them one after the other, and how long each has been there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import causes, world
from .causes import Planted
from .draws import Draws, Floats, Ints, pick, pick_by

SEATS = 12
STINTS = 3  # agents in one seat over the time of the sample, at most
VOICE, SALES, CHAT = range(3)
GROUP_OF_TEAM = np.array([VOICE] * 18 + [SALES] * 2 + [CHAT] * 4)
TEAMS = tuple(f"team_{number:02d}" for number in range(1, len(GROUP_OF_TEAM) + 1))
GROUP_OF_TOUCHPOINT = {
    "enquiry_call": VOICE,
    "complaint": VOICE,
    "handover": VOICE,
    "sales_call": SALES,
    "online_agent": CHAT,
}
AGENTS = tuple(f"A{number:04d}" for number in range(1, len(TEAMS) * SEATS * STINTS + 1))
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Roster:
    """Seats x stints: the day an agent was hired into the seat and what the agent adds in points."""

    hired: np.ndarray[Any, Any]
    points: Floats
    talent: Floats
    team_points: Floats


def roster(draws: Draws, planted: Planted) -> Roster:
    """All agents of the thirteen months, about 3 % leaving a month."""
    rng, seats = draws.generator("roster"), len(TEAMS) * SEATS
    first = world.START.astype("M8[D]") - rng.integers(70, 2200, seats) * _DAY
    second = world.START.astype("M8[D]") + rng.integers(0, 1000, seats) * _DAY
    never = world.END.astype("M8[D]") + 1000 * _DAY
    second = np.where(second < world.END.astype("M8[D]"), second, never)
    third = np.full(seats, never)
    _replace_team(second, third, never, planted, rng)
    hired = np.stack([first, second, third], axis=1)
    return Roster(
        hired,
        _centred(rng.normal(0, 1.5, (len(TEAMS), SEATS * STINTS))),
        rng.random((seats, STINTS)),
        _team_points(rng),
    )


def _replace_team(second: Any, third: Any, never: Any, planted: Planted, rng: np.random.Generator) -> None:
    """In the planted team nobody is new by chance; when the cause is on, nearly all are new at once."""
    first_seat = TEAMS.index(causes.NEW_HIRE_TEAM) * SEATS
    second[first_seat : first_seat + SEATS] = never
    joined = causes.NEW_HIRE_FROM + rng.integers(0, 4, causes.NEW_HIRE_SEATS) * _DAY
    if "new_hire_team" in planted:
        third[first_seat : first_seat + causes.NEW_HIRE_SEATS] = joined


def _centred(points: Floats) -> Floats:
    """Agents' points around the mean of their team, so that a team's own level is the team's effect."""
    return np.asarray(points - points.mean(axis=1, keepdims=True)).reshape(len(TEAMS) * SEATS, STINTS)


def _team_points(rng: np.random.Generator) -> Floats:
    """Ordinary differences between teams; the planted teams have none of their own."""
    points = np.clip(rng.normal(0, 0.7, len(TEAMS)), -1.2, 1.2)
    points -= points[GROUP_OF_TEAM == VOICE].mean()
    points[[TEAMS.index(causes.NEW_HIRE_TEAM), TEAMS.index(causes.MIXED_TEAM)]] = 0.0
    return points


def assign(draws: Draws, columns: dict[str, Any], planted: Planted) -> tuple[dict[str, Any], Roster]:
    """Team, agent, skill and tenure of every contact an agent takes (-1 elsewhere), and the roster."""
    staff = roster(draws, planted)
    team = _team(draws, columns, planted)
    seat = np.maximum(team, 0) * SEATS + np.minimum((SEATS * draws.uniform("seat") ** 1.1).astype(int), SEATS - 1)
    day = columns["when"].astype("M8[D]")
    stint = np.where(staff.hired[seat, 2] <= day, 2, staff.hired[seat, 1] <= day)
    tenure = (day - staff.hired[seat, stint]).astype(int)
    by_agent = team >= 0
    return {
        "team": team,
        "agent": np.where(by_agent, seat * STINTS + stint, -1),
        "seat": seat,
        "stint": stint,
        "tenure_days": np.where(by_agent, tenure, -1),
        "tenure_band": np.where(by_agent, np.searchsorted(list(world.TENURE_BAND.values()), tenure), -1),
        "agent_skill": np.where(by_agent, _skill(tenure, staff.talent[seat, stint]), -1),
    }, staff


def _skill(tenure: Ints, talent: Floats) -> Ints:
    """Skill tier 0..3 grows with time on the job and with talent; nobody is past junior in the first 120 days."""
    tier = np.clip(np.floor(tenure / 600 + 1.9 * talent), 0, 3).astype(int)
    return np.where(tenure <= 120, 0, tier)


def _team(draws: Draws, columns: dict[str, Any], planted: Planted) -> Ints:
    """The team by the touchpoint's group of teams, then the planted exchange of one team's mix."""
    group_of = np.array([GROUP_OF_TOUCHPOINT.get(name, -1) for name in world.TOUCHPOINTS])
    group = group_of[columns["touchpoint"]]
    weight = np.linspace(1.3, 0.75, len(TEAMS))
    weight[TEAMS.index(causes.MIXED_TEAM)] = weight[GROUP_OF_TEAM == VOICE].mean()
    shares = np.stack([np.where(kind == GROUP_OF_TEAM, weight, 0.0) for kind in (VOICE, SALES, CHAT)])
    team = np.where(group >= 0, pick_by(draws.uniform("team"), shares, np.maximum(group, 0)), -1)
    return _mix_of_one_team(draws, columns, planted, team, group) if "mixed_team" in planted else team


def _mix_of_one_team(draws: Draws, columns: dict[str, Any], planted: Planted, team: Ints, group: Ints) -> Ints:
    """Much of one business goes to the team and much of the rest to others; its volume stays about the same."""
    mixed, luck = TEAMS.index(causes.MIXED_TEAM), draws.uniform("exchange")
    business = columns["business"] == world.BUSINESSES.index(causes.MIXED_BUSINESS)
    voice = group == VOICE
    elsewhere = [number for number in np.flatnonzero(GROUP_OF_TEAM == VOICE) if number != mixed]
    other = np.array(elsewhere)[pick(draws.uniform("exchange to"), np.ones(len(elsewhere)))]
    comes = voice & business & (team != mixed) & (luck < causes.MIXED_IN)
    goes = voice & ~business & (team == mixed) & (luck < causes.MIXED_OUT)
    return np.where(comes, mixed, np.where(goes, other, team))
