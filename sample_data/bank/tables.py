"""What stands beside the contacts of a case: the calendar, quality checks, labels and the list of reasons."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from sample_data.bank.plan import Plan
from sample_data.bank.rows import idle
from sample_data.events import reason_power

CHECKED = 0.25  # of the contacts, drawn by chance; of some cells as many again
KINDS = {
    "rule_change": ("Rule change", "规则变更"),
    "release": ("Release", "版本发布"),
    "outage": ("Outage", "网络故障"),
    "campaign": ("Campaign", "营销活动"),
    "organisation": ("Change of organisation", "组织调整"),
    "plan": ("Plan", "改进方案"),
    "standard": ("Change of a standard", "标准修订"),
}
SAMPLES = {"random": ("Random sample", "随机抽检"), "doubled": ("Extra random sample of new agents", "新员工加抽")}


def beside(plan: Plan, contacts: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """The companion tables by name."""
    found = {"events": events(plan), "reason_power": reason_power(), "labels": labels(plan)}
    if plan.staffed:
        return {**found, "qa_evaluations": checks(contacts, np.random.default_rng([seed, 7]))}
    return {**found, "bot_sessions": sessions(contacts)}


def events(plan: Plan) -> pd.DataFrame:
    """The calendar; a column for each dimension that an event names."""
    named = sorted({name for event in plan.events for name in event.concerns})
    rows = [
        {
            "event_id": event.id,
            "kind": event.kind,
            "effective_at": datetime.combine(event.on, datetime.min.time()),
            "ended_at": datetime.combine(event.until, datetime.min.time()) if event.until else pd.NaT,
            **{name: event.concerns.get(name) for name in named},
            "owner": event.owner,
            "title_en": event.title[0],
            "title_zh": event.title[1],
        }
        for event in plan.events
    ]
    frame = pd.DataFrame(rows)
    return frame.astype({"effective_at": "datetime64[us]", "ended_at": "datetime64[us]"})


def checks(contacts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Contacts that were checked: the same share of those with an error and of those without, in every cell."""
    keys = [contacts[name] for name in ("erred", "team", "tenure", "topic", "purpose") if name in contacts]
    luck = pd.Series(rng.random(len(contacts)), index=contacts.index)
    luck = luck.groupby([contacts["contacted_at"].dt.month, *keys])
    place, share = luck.rank(method="first"), CHECKED * luck.transform("size")
    random = place <= share.round()
    doubled = contacts["doubled"] & ~random & (place <= (2 * share).round())
    chosen = contacts[random | doubled]
    return pd.DataFrame(
        {
            "evaluation_id": np.arange(1, len(chosen) + 1),
            "contact_id": chosen["contact_id"].to_numpy(),
            "agent": chosen["agent"].to_numpy(),
            "team": chosen["team"].to_numpy(),
            "evaluated_at": chosen["contacted_at"].to_numpy() + np.timedelta64(30 * 3600, "s"),
            "sample": np.where(random[chosen.index], "random", "doubled"),
            "sampling_weight": np.where(chosen["doubled"], 1 / (2 * CHECKED), 1 / CHECKED),
            "critical_error": chosen["erred"].to_numpy().astype(np.int8),
        }
    )


def sessions(contacts: pd.DataFrame) -> pd.DataFrame:
    """A bot session for each contact: its way through the flow, and what became of it."""
    node = contacts["last_node"]
    stuck = (node != "done") & (contacts["verified"] == 0)
    ways = {name: f"greeting>purpose>{name}" for name in node.unique()} | {"purpose": "greeting>purpose>purpose"}
    return pd.DataFrame(
        {
            "session_id": np.arange(1, len(contacts) + 1),
            "contact_id": contacts["contact_id"],
            "started_at": contacts["contacted_at"],
            "scenario": contacts["scenario"],
            "flow_version": contacts["flow_version"],
            "recognised": (~stuck).astype(np.int8),
            "turns": contacts["turns"],
            "fallbacks": np.where(stuck, 3, 0).astype(np.int8),
            "path": node.map(ways),
            "last_node": node,
            "outcome": np.where(contacts["contained"] == 0, "handed_over", np.where(stuck, "dropped", "contained")),
        }
    )


def labels(plan: Plan) -> pd.DataFrame:
    """What each value is called in both languages."""
    named = {column.name: column.values for column in plan.columns} | {"team": plan.teams}
    named |= {column.name: column.values for column in idle(plan)}
    named |= dict(plan.called) | {"kind": KINDS, "sample": SAMPLES}
    rows = [(name, value, *texts) for name, values in named.items() for value, texts in values.items()]
    return pd.DataFrame(rows, columns=["dimension", "value", "en", "zh"])
