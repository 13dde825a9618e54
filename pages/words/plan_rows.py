"""Plans in a row each, for a scheduler, a spreadsheet or a terminal: what is late first. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data_access.taxonomy import Taxonomy
from data_access.workshop.records import Plan, PlanState
from data_access.workshop.signs import one_line
from data_access.workshop.standing import Standing, latest, standing
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.writers.csv_rows import csv_rows
from pages.words.writers.json_text import plain

AS_IT_IS = ("action", "state", "owner", "person", "due", "block", "priority", "escalation", "blocker", "start",
            "check_on", "target_metric", "target_value", "expected_lift", "cost", "cycle_of")  # fmt: skip
GAINS = ("gain", "gain_low", "gain_high")


@dataclass(frozen=True)
class PlanRow:
    """A plan with what stands about it today. `late`: by days; `step`: its late milestone, none for the plan itself.

    `said` is what a fresh check answered, or why it could not; `gained` are the numbers of the verdict in words.
    """

    plan: Plan
    issue: str
    late: int
    step: str
    standing: Standing | None
    said: str = ""
    gained: str = ""


def rows_of(traces: Iterable[Trace], today: date, said: Mapping[str, str] | None = None) -> tuple[PlanRow, ...]:
    """A row for each plan that was not dropped: the latest first, then by what is due first."""
    found = [
        PlanRow(plan, trace.issue.title, *latest(plan, today), standing(plan, trace.looks, trace.rulings),
                (said or {}).get(plan.id, ""))
        for trace in traces for plan in trace.plans if plan.state is not PlanState.DROPPED
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: (-row.late, row.plan.due or date.max, row.plan.action)))


def to_json(rows: Sequence[PlanRow], today: date, words: Catalogue, taxonomy: Taxonomy) -> str:
    """One object: how many are overdue, and the plans with milestones and verdict, None where nothing is known."""
    late = sum(row.late > 0 for row in rows)
    found = {
        "method": "plans",
        "today": today.isoformat(),
        "overdue": late,
        "plans": [_contract(row, today, taxonomy, words) for row in rows],
        "findings": [_sum(rows, words)],
    }
    return json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_csv(rows: Sequence[PlanRow], today: date, words: Catalogue, taxonomy: Taxonomy) -> str:
    """A line for each plan; milestones that are not reached yet are counted, the next one is named with its day."""
    lines = [_flat(_contract(row, today, taxonomy, words)) for row in rows]
    return csv_rows(pd.DataFrame(lines or None, columns=None if lines else ["id"], dtype=object), "\n")


def to_text(rows: Sequence[PlanRow], today: date, words: Catalogue, taxonomy: Taxonomy) -> str:
    """A sentence for all and one for each plan."""
    lines = [_sum(rows, words), *(_line(row, words, taxonomy) for row in rows)]
    return "\n".join(one_line(spaced(line)) for line in lines) + "\n"


def owner_in_words(plan: Plan, words: Catalogue, taxonomy: Taxonomy) -> str:
    """The department and the person there; a text for nobody."""
    owner = taxonomy.label("owner", plan.owner, words.language) or plan.owner
    return " · ".join(filter(None, [owner, plan.person])) or words.text("plans_command.nobody")


def verdict_in_words(stands: Standing | None, words: Catalogue) -> str:
    """The verdict that stands, and that people overruled it."""
    if stands is None:
        return words.text("plans_command.no_verdict")
    verdict = words.text(f"workshop.verdict.{stands.verdict}")
    return words.text("plans_command.overruled", verdict=verdict) if stands.ruling else verdict


def late_in_words(days: int, step: str, words: Catalogue) -> str:
    key = "late_step" if step else "late"
    return words.text(f"plans_command.{key}", days=days, name=step)


def _sum(rows: Sequence[PlanRow], words: Catalogue) -> str:
    late = [row for row in rows if row.late]
    if not rows:
        return words.text("plans_command.none")
    key = "some" if late else "on_time"
    return spaced(words.text(f"plans_command.{key}", late=len(late), count=len(rows)))


def _line(row: PlanRow, words: Catalogue, taxonomy: Taxonomy) -> str:
    plan = row.plan
    parts = [
        words.text("plans_command.line", action=plan.action, issue=row.issue,
                   state=words.text(f"workshop.state.plan.{plan.state}"),
                   owner=owner_in_words(plan, words, taxonomy)),
        words.text("plans_command.due", day=plan.due) if plan.due else words.text("plans_command.undated"),
        *([late_in_words(row.late, row.step, words)] if row.late else []),
        words.text("plans_command.verdict", verdict=verdict_in_words(row.standing, words)),
        *([row.said] if row.said else []),
    ]  # fmt: skip
    return words.text("format.list_parts").join(parts)


def _contract(row: PlanRow, today: date, taxonomy: Taxonomy, words: Catalogue) -> dict[str, Any]:
    plan, stands = row.plan, row.standing
    look = stands.look if stands else None
    found: dict[str, Any] = {"id": plan.id, "issue_id": plan.issue_id, "issue": row.issue}
    found |= {name: getattr(plan, name) for name in AS_IT_IS}
    found["owner_name"] = owner_in_words(plan, words, taxonomy)
    found["days_overdue"] = row.late
    found["overdue_milestone"] = row.step or None
    found["days_in_state"] = (today - plan.state_since.date()).days if plan.state_since else None
    found["milestones"] = [{"name": m.name, "due": m.due, "done": m.done} for m in plan.milestones]
    found["verdict"] = stands.verdict if stands else None
    found["verdict_by"] = None if stands is None else "ruling" if stands.ruling else "look"
    found |= {name: look.statistics.get(name) if look else None for name in GAINS}
    found["looked_at"] = look.created_at.isoformat() if look and look.created_at else None
    found["data_version"] = look.data_version if look else None
    return found | {"said": row.said or None}


def _flat(found: Mapping[str, Any]) -> dict[str, Any]:
    """With the next milestone in place of their list."""
    ahead = [step for step in found["milestones"] if step["done"] is None]
    coming = min(ahead, key=lambda step: step["due"] or date.max, default={"name": None, "due": None})
    steps = {"milestones_ahead": len(ahead), "next_milestone": coming["name"], "next_milestone_due": coming["due"]}
    return {name: value for name, value in found.items() if name != "milestones"} | steps
