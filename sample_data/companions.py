"""What stands beside the contacts? Complaints, bot sessions, agent-months, benchmarks and targets.

complaints      complaint_id, contact_id, business, region, level (local | escalated), opened_at, due_at, closed_at
                (NULL: still open at the extract), reopened 0/1, outcome, escalated_at (NULL: not escalated)
bot_sessions    session_id, contact_id, started_at, touchpoint, scenario, bot_owner, flow_version, recognised 0/1,
                turns, fallbacks, path (nodes joined by >), last_node, outcome (contained | handed_over | dropped)
agent_months    agent, team, month, contacts, tenure_days (largest of the month), training_hours,
                occupancy (0..1), left_centre 0/1, coaching_hours (more in teams that please more; within a team it
                goes with nothing)
benchmarks      source (group | competitor_a | competitor_b; of mentions and recommendations also provinces), metric,
                dimension, value, month, score, sd, n, peer (0: an average, no peer)
                (sd and n NULL where the source does not publish them: the gap cannot be tested)
targets         metric, dimension, value, target, valid_from
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from . import world
from .bots import KINDS, OUTCOMES
from .contacts import Columns
from .draws import Draws, pick
from .people import AGENTS, TEAMS
from .tables import enum

_LEVELS, _OUTCOMES = ("local", "escalated"), ("upheld", "partly_upheld", "rejected", "withdrawn")
_NODES = ("greet", "identify", "intent", "confirm", "action", "done", "repeat", "handover")
_PATHS = {
    "done": "greet>identify>intent>confirm>action>done",
    "misheard": "greet>identify>intent>repeat>intent>repeat",
    "failed": "greet>identify>intent>confirm>action>repeat",
    "loop": "greet>identify>intent>confirm>repeat>confirm>repeat",
    "handover": "greet>identify>intent>repeat>handover",
}


def complaints(draws: Draws, frame: pd.DataFrame) -> pd.DataFrame:
    """One case per complaint contact that was handled and is no repeat call about an open case."""
    rows = np.flatnonzero((frame["touchpoint"] == "complaint") & (frame["abandoned"] == 0))
    cases, here = frame.iloc[rows], draws.keep(rows)
    escalated = here.uniform("escalated") < 0.055
    opened = cases["contacted_at"].to_numpy() + np.timedelta64(600, "s")
    hours = np.where(escalated, 120, 48)
    took = hours * 0.42 * np.exp(0.8 * here.normal("case time")) * 3600
    closed = opened + took.astype("m8[s]")
    after = 30 * 3600 * np.exp(0.9 * here.normal("escalated after"))
    after = np.where(opened + after.astype("m8[s]") < world.EXTRACT, after, 0.5 * _left(opened))
    raised = np.where(escalated, opened + after.astype("m8[s]"), np.datetime64("NaT"))
    return pd.DataFrame(
        {
            "complaint_id": np.arange(1, len(rows) + 1),
            "contact_id": cases["contact_id"].to_numpy(),
            "business": cases["business"].array,
            "region": cases["region"].array,
            "level": enum(escalated.astype(int), _LEVELS),
            "opened_at": opened,
            "due_at": opened + (hours * 3600).astype("m8[s]"),
            "closed_at": np.where(closed < world.EXTRACT, closed, np.datetime64("NaT")).astype("M8[us]"),
            "reopened": (here.uniform("reopened") < 0.07).astype(np.int8),
            "outcome": enum(pick(here.uniform("outcome"), (0.34, 0.28, 0.31, 0.07)), _OUTCOMES),
            "escalated_at": raised.astype("M8[us]"),
        }
    )


def _left(opened: Any) -> Any:
    """Seconds until the extract."""
    return (world.EXTRACT - opened).astype("m8[s]").astype(float)


def bot_sessions(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """One session per contact with a bot leg and the way it took through the flow."""
    rows = np.flatnonzero(columns["bot"])
    chosen, kind = frame.iloc[rows], columns["bot_kind"][rows].astype(int)
    paths = tuple(_PATHS[name] for name in KINDS)
    last = np.array([_NODES.index(path.rsplit(">", 1)[1]) for path in paths])[kind]
    return pd.DataFrame(
        {
            "session_id": np.arange(1, len(rows) + 1),
            "contact_id": chosen["contact_id"].to_numpy(),
            "started_at": chosen["contacted_at"].to_numpy(),
            "touchpoint": chosen["touchpoint"].array,
            "scenario": chosen["scenario"].array,
            "bot_owner": chosen["bot_owner"].array,
            "flow_version": chosen["flow_version"].array,
            "recognised": (columns["bot_recognised"][rows] == 1).astype(np.int8),
            "turns": columns["bot_turns"][rows].astype(np.int8),
            "fallbacks": columns["bot_fallbacks"][rows].astype(np.int8),
            "path": enum(kind, paths),
            "last_node": enum(last, _NODES),
            "outcome": enum(columns["bot_outcome"][rows].astype(int), OUTCOMES),
        }
    )


def agent_months(draws: Draws, table: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """`staff_months.months` with the names of agents and teams, and the coaching."""
    by_agent = columns["team"] >= 0
    team, points = columns["team"][by_agent], columns["points"][by_agent]
    level = np.bincount(team, points, len(TEAMS)) / np.maximum(np.bincount(team, minlength=len(TEAMS)), 1)
    luck = draws.generator("coaching").normal(0, 1.0, len(table))
    hours = 5 + (level - level.mean())[table["team"].to_numpy()] + luck
    named = table.assign(agent=enum(table["agent"], AGENTS), team=enum(table["team"], TEAMS))
    return named.assign(coaching_hours=np.round(np.maximum(hours, 0.0), 1))


def benchmarks(draws: Draws) -> pd.DataFrame:
    """Scores of the group and two competitors by month, overall and by business; some without n."""
    months = np.arange("2025-10", "2026-11", dtype="M8[M]").astype("M8[us]")
    level = {name: 86.5 + points for name, (_, points) in world.BUSINESS.items()} | {"": 85.8}
    sources = (("group", 0.0, 46_000), ("competitor_a", 1.1, 5_200), ("competitor_b", -0.6, None))
    rows = [
        (source, "score", "business" if value else "", value, month, score + ahead, size)
        for source, ahead, size in sources
        for value, score in level.items()
        for month in months
    ]
    frame = pd.DataFrame(rows, columns=["source", "metric", "dimension", "value", "month", "score", "n"])
    frame["score"] = (frame["score"] + draws.generator("benchmarks").normal(0, 0.2, len(frame))).round(1)
    share = frame["value"].map({name: share for name, (share, _) in world.BUSINESS.items()}).fillna(1.0)
    frame["n"] = (frame["n"] * share).round().astype("Int64")
    frame.insert(6, "sd", np.where(frame["n"].isna(), np.nan, 18.5))
    together = pd.concat([frame, _peers(draws, months)], ignore_index=True)
    return together.assign(peer=(together["source"] != "group").astype(np.int8))


def _peers(draws: Draws, months: Any) -> pd.DataFrame:
    """What other provinces and the group report of mentions (per cent) and recommendations (NPS), in each month."""
    rng, rows = draws.generator("peers"), []
    sizes = {
        "group": 46_000,
        **dict(zip(world.PROVINCES, rng.integers(1_500, 9_000, len(world.PROVINCES)), strict=True)),
    }
    for metric, usual, apart, spread in (("mention", 2.6, 0.45, np.nan), ("recommend", 11.0, 5.0, 75.0)):
        for source, n in sizes.items():
            level = usual + (0.0 if source == "group" else apart * rng.standard_normal())
            error = (100 * np.sqrt(0.026 / n) if metric == "mention" else spread / np.sqrt(n)) * 0.5
            scores = (level + error * rng.standard_normal(len(months))).round(1 + (metric == "mention"))
            rows += [(source, metric, "", "", month, score, spread, int(n))
                     for month, score in zip(months, scores, strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["source", "metric", "dimension", "value", "month", "score", "sd", "n"])
    return frame.astype({"n": "Int64"})


def targets() -> pd.DataFrame:
    """Targets in the unit of their metric (points, or 0..100 for rates)."""
    start = pd.Timestamp("2025-10-01")
    rows = [("score", "", "", 87.0), ("resolved", "", "", 85.0), ("abandoned", "", "", 3.0)]
    rows += [("score", "business", name, round(87.5 + points, 1)) for name, (_, points) in world.BUSINESS.items()]
    rows += [("score", "touchpoint", name, round(87.5 + entry[1], 1)) for name, entry in world.TOUCHPOINT.items()]
    frame = pd.DataFrame(rows, columns=["metric", "dimension", "value", "target"])
    return frame.assign(valid_from=np.datetime64(start, "us"))
