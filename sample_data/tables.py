"""How do the generated figures become the table `contacts`? One row per contact, survey answer included.

Codes become ENUM columns (fast group keys), seconds are whole numbers, a figure that does not apply is NULL. Yes
and no are 1 and 0. `unit` is what serves many customers in one way: the team, else the self-service page or the bot
flow; NULL for who gave up in the queue. `reason` joins codes by |, the first named first, and is NULL for a ten,
which is not asked why. An exempted rating keeps its score and tells why it does not count.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from . import world
from .contacts import Columns
from .draws import Draws, Ints
from .people import AGENTS, TEAMS
from .words import FLOW_UNITS, FLOW_VERSIONS, SELF_UNITS, UNITS

_ENUMS = {
    "touchpoint": world.TOUCHPOINTS,
    "channel": world.CHANNEL,
    "business": world.BUSINESSES,
    "sub_type": world.SUB_TYPES,
    "region": world.REGIONS,
    "tier": world.TIERS,
    "team": TEAMS,
    "agent": AGENTS,
    "agent_skill": world.SKILLS,
    "tenure_band": world.TENURE_BANDS,
    "scenario": world.SCENARIOS,
    "exempt_reason": world.EXEMPT_REASON,
}
_WHOLE = {
    "tenure_days": "Int16",
    "wait_s": "Int16",
    "handle_s": "Int16",
    "first_response_s": "Int16",
    "concurrency": "Int8",
    "handover_wait_s": "Int16",
    "transfers": "Int8",
    "load_time_ms": "Int32",
    "bot_recognised": "Int8",
    "context_passed": "Int8",
    "task_success": "Int8",
    "resolved": "Int8",
    "score": "Int8",
    "recommend": "Int8",
    "solved_said": "Int8",
    "hotline_named": "Int8",
    "bot_turns": "Int8",
    "bot_fallbacks": "Int8",
    "bot_handed_over": "Int8",
    "bot_dropped": "Int8",
    "bot_repeat": "Int8",
    "bot_verified": "Int8",
    "qa_errors": "Int8",
}
_MEASURED = ("training_hours", "occupancy")
ORDER = (
    "contact_id",
    "customer_id",
    "contacted_at",
    "loaded_at",
    "touchpoint",
    "channel",
    "business",
    "sub_type",
    "region",
    "tier",
    "unit",
    "team",
    "agent",
    "agent_skill",
    "tenure_days",
    "tenure_band",
    "scenario",
    "flow_version",
    "bot_owner",
    "wait_s",
    "abandoned",
    "handle_s",
    "first_response_s",
    "concurrency",
    "task_success",
    "handover_wait_s",
    "context_passed",
    "transfers",
    "transferred",
    "bot_recognised",
    "bot_turns",
    "bot_fallbacks",
    "bot_handed_over",
    "bot_dropped",
    "bot_repeat",
    "bot_verified",
    "qa_errors",
    "training_hours",
    "occupancy",
    "load_time_ms",
    "resolved",
    "invited",
    "responded_at",
    "score",
    "recommend",
    "solved_said",
    "hotline_named",
    "reason",
    "comment",
    "exempted",
    "exempt_reason",
)


def contact_frame(draws: Draws, columns: Columns) -> pd.DataFrame:
    """The table as it is stored, in order of time."""
    reached = dict(columns)  # who gave up in the queue reached no team
    for name in ("team", "agent", "agent_skill", "tenure_days", "tenure_band"):
        reached[name] = np.where(columns["abandoned"], -1, columns[name])
    frame: dict[str, Any] = {name: enum(reached[name], names) for name, names in _ENUMS.items()}
    frame |= {name: _whole(reached[name], kind) for name, kind in _WHOLE.items()}
    frame |= {name: reached[name] for name in _MEASURED}
    frame |= _flows(reached) | _moments(draws, columns)
    frame |= {name: columns[name].astype(np.int8) for name in ("abandoned", "invited", "exempted")}
    frame["transferred"] = _whole(np.where(np.isnan(columns["transfers"]), np.nan, columns["transfers"] > 0), "Int8")
    frame |= {
        "contact_id": np.arange(1, len(columns["when"]) + 1),
        "reason": columns["reason"],
        "comment": columns["comment"],
        "customer_id": _hashed(columns["customer"], draws.seed),
    }
    return pd.DataFrame({name: frame[name] for name in ORDER})


def enum(codes: Any, names: tuple[str, ...]) -> Any:
    """A column of codes that DuckDB stores as an ENUM in the order of the names; -1 is NULL."""
    return pd.Categorical.from_codes(np.asarray(codes), list(names), ordered=True)


def _whole(values: Any, kind: str) -> Any:
    """A nullable whole-number column; -1 and NaN are NULL."""
    figures = np.asarray(values, dtype=float)
    missing = np.isnan(figures) | (figures < 0)
    return pd.arrays.IntegerArray(np.where(missing, 0, figures).astype(kind.lower()), missing)


def _hashed(customer: Ints, seed: int) -> Any:
    """Customers as the first sixteen hex digits of a salted SHA-256."""
    ids = [hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:16] for number in range(int(customer.max()) + 1)]
    return np.array(ids, dtype=object)[customer]


def _flows(columns: Columns) -> dict[str, Any]:
    """The unit that serves (team, self-service page or bot flow), and the flow's version and owner."""
    scenario, channel = columns["scenario"], columns["channel"]
    owner = np.array([world.BOT_OWNER.index(entry[2]) for entry in world.SCENARIO.values()])
    unit = columns["team"].copy()
    page = columns["touchpoint"] == world.TOUCHPOINTS.index("online_self")
    unit[page] = UNITS.index(SELF_UNITS[0]) + channel[page] - 1  # the phone has no pages
    for start, touchpoint in ((0, "bot_ivr"), (len(world.SCENARIOS), "bot_text")):
        flow = columns["touchpoint"] == world.TOUCHPOINTS.index(touchpoint)
        unit[flow] = UNITS.index(FLOW_UNITS[start]) + scenario[flow]
    return {
        "unit": enum(unit, UNITS),
        "flow_version": enum(_version(columns), FLOW_VERSIONS),
        "bot_owner": enum(np.where(scenario >= 0, owner[scenario], -1), world.BOT_OWNER),
    }


def _version(columns: Columns) -> Ints:
    """3.1 everywhere, 3.2 from some day of the spring on, 3.3 where the broken or the hollow release went live."""
    scenario = columns["scenario"]
    since = np.datetime64("2026-02-02T00:00:00", "s") + scenario * np.timedelta64(19, "D")
    step = (columns["when"] >= since).astype(int) + columns["broken"] + columns["hollow"]
    return np.where(scenario >= 0, 3 * scenario + step, -1)


def _moments(draws: Draws, columns: Columns) -> dict[str, Any]:
    """When it began, when the answer came, and when the row was loaded: the next night, a few days later."""
    when = columns["when"]
    seconds = sum(np.nan_to_num(columns[name]) for name in ("wait_s", "handle_s", "answer_delay_s"))
    night = when.astype("M8[D]").astype("M8[s]") + np.timedelta64(26 * 3600, "s")
    answered = np.minimum(when + np.asarray(seconds).astype("m8[s]"), night)
    responded = np.where(columns["answered"], answered, np.datetime64("NaT"))
    night = night + (3500 * draws.uniform("load minute")).astype("m8[s]")
    late = night + (1 + (4 * draws.uniform("days late")).astype(int)) * np.timedelta64(86400, "s")
    loaded = np.where((draws.uniform("late") < 0.01) & (late < world.EXTRACT), late, night)
    return {
        "contacted_at": when.astype("M8[us]"),
        "responded_at": responded.astype("M8[us]"),
        "loaded_at": loaded.astype("M8[us]"),
    }
