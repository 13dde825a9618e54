"""What did we promise, and is it kept? Plans with owner, day and state, what is late first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data_access.statement import Statement
from data_access.workshop.changes import DateChange
from data_access.workshop.following import PROGRAM
from data_access.workshop.records import Issue, IssueState, Plan, PlanState
from data_access.workshop.standing import RUNNING, earlier, latest
from data_access.workshop.tracing import Trace

A_WHILE = timedelta(days=14)  # how long a plan that is over is spoken of: last week's, seen this week
ROWS = 7  # of a table on the screen


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A plan as the meeting sees it.

    late: by days; late_step: the milestone that is late, where it is one; days: the due days it had, oldest first,
    where it was moved; earlier: the cycle before it; reopened_on: the day on which its reason came back.
    """

    plan: Plan
    issue: Issue
    late: int = 0
    late_step: str = ""
    days: tuple[date | None, ...] = ()
    cycle: int = 1
    earlier: Plan | None = None
    reopened_on: date | None = None

    def row(self) -> dict[str, Any]:
        """The promise as a slide keeps it."""
        plan = self.plan
        return {
            "plan_id": plan.id, "issue_id": plan.issue_id, "issue": self.issue.title, "action": plan.action,
            "owner": plan.owner, "person": plan.person, "due": plan.due, "state": str(plan.state), "late": self.late,
            "late_step": self.late_step, "days": self.days, "cycle": self.cycle,
            "earlier": self.earlier.action if self.earlier else "", "reopened_on": self.reopened_on,
            "version": plan.version,
        }  # fmt: skip


def promises_of(traces: Sequence[Trace], moves: Iterable[DateChange], today: date) -> tuple[Promise, ...]:
    """The plans that run, and those that ended lately: the longest overdue first, then those begun again, then by
    what is due next."""
    moved: dict[str, list[DateChange]] = {}
    for change in moves:
        if change.field == "due" and change.before:
            moved.setdefault(change.plan_id, []).append(change)
    found = [
        _promise(trace, plan, moved.get(plan.id, []), today)
        for trace in traces for plan in trace.plans if _is_spoken_of(trace.issue, plan, today)
    ]  # fmt: skip
    return tuple(sorted(found, key=_urgency))


def _is_spoken_of(issue: Issue, plan: Plan, today: date) -> bool:
    if plan.state in RUNNING:
        return issue.state is not IssueState.CLOSED
    return plan.state is not PlanState.DROPPED and is_lately(plan, today)


def is_lately(plan: Plan, today: date) -> bool:
    """Whether the plan came into its state within the last two weeks."""
    return plan.state_since is not None and today - plan.state_since.date() <= A_WHILE


def _promise(trace: Trace, plan: Plan, moves: Sequence[DateChange], today: date) -> Promise:
    known = {one.id: one for one in trace.plans}
    late, step = latest(plan, today) if trace.issue.state is not IssueState.CLOSED else (0, "")
    ordered = sorted(moves, key=lambda change: change.at)
    by_itself = plan.created_by_id == PROGRAM.id and plan.cycle_of
    return Promise(
        plan=plan, issue=trace.issue, late=late, late_step=step,
        days=(ordered[0].before, *(change.after for change in ordered)) if ordered else (),
        cycle=len(earlier(plan, known)) + 1, earlier=known.get(plan.cycle_of),
        reopened_on=plan.created_at.date() if by_itself and plan.created_at else None,
    )  # fmt: skip


def _urgency(one: Promise) -> tuple[int, bool, bool, date, str]:
    is_over = one.plan.state not in RUNNING
    return -one.late, is_over, one.reopened_on is None, one.plan.due or date.max, one.plan.id


def pages_of(rows: Sequence[Mapping[str, Any]]) -> list[Sequence[Mapping[str, Any]]]:
    """Rows as screens hold them; one screen also without any."""
    return [rows[place : place + ROWS] for place in range(0, max(len(rows), 1), ROWS)]


def why_again(history: Iterable[Any]) -> Mapping[str, Statement]:
    """Why the program began some plans again, by their ids, as the history of their issue keeps it."""
    told = ((entry.subject_id, (entry.after or {}).get("why", {})) for entry in history if entry.action == "reopened")
    return {plan_id: why["reason"] for plan_id, why in told if "reason" in why}
