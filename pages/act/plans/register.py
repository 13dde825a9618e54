"""What is known of each plan for the register: its issue, how late it is, its moved dates, verdict and cycles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar

from data_access.workshop.changes import DateChange
from data_access.workshop.following import PROGRAM
from data_access.workshop.records import Issue, IssueState, Plan, PlanState
from data_access.workshop.standing import RUNNING, Standing, earlier, latest, standing
from pages.frame.context import Frame

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A plan as the register shows it.

    late: days overdue, of the plan and its milestones; late_step: the milestone, where that is later than the plan
    itself. days: in its state. moves: the due date as it was moved,
    oldest first. earlier, later: its cycles; cycle: its number among them.
    """

    plan: Plan
    issue: Issue
    late: int = 0
    late_step: str = ""
    days: int = 0
    moves: tuple[DateChange, ...] = ()
    standing: Standing | None = None
    earlier: Plan | None = None
    later: Plan | None = None
    cycle: int = 1

    @property
    def reopened_at(self) -> date | None:
        """The day on which the program itself began this cycle, because the reason of the one before came back."""
        by_itself = self.plan.created_by_id == PROGRAM.id and self.plan.created_at
        return self.plan.created_at.date() if by_itself and self.plan.created_at else None

    @property
    def running(self) -> bool:
        return self.plan.state in RUNNING and self.issue.state is not IssueState.CLOSED


def lines_of(here: Frame, today: date) -> tuple[Line, ...]:
    """All plans this person may see: overdue first, the longest overdue at the top, then by what is due next."""
    store = here.store()
    issues = {issue.id: issue for issue in store.issues(here.user)}
    plans = [plan for plan in store.plans(here.user) if plan.issue_id in issues]
    looks, rulings = _by_plan(store.looks(here.user)), _by_plan(store.rulings(here.user))
    moves = _by_plan(change for change in store.date_changes(here.user) if change.field == "due" and change.before)
    known = {plan.id: plan for plan in plans}
    following = {plan.cycle_of: plan for plan in plans if plan.cycle_of}
    lines = []
    for plan in plans:
        issue = issues[plan.issue_id]
        late, step = latest(plan, today) if issue.state is not IssueState.CLOSED else (0, "")
        lines.append(Line(
            plan=plan, issue=issue, late=late, late_step=step, days=_days_in_state(plan, today),
            moves=tuple(sorted(moves.get(plan.id, ()), key=lambda change: change.at)),
            standing=standing(plan, looks.get(plan.id, ()), rulings.get(plan.id, ())),
            earlier=known.get(plan.cycle_of), later=following.get(plan.id), cycle=len(earlier(plan, known)) + 1,
        ))  # fmt: skip
    return tuple(sorted(lines, key=_urgency))


def _by_plan(records: Iterable[T]) -> dict[str, tuple[T, ...]]:
    ordered = sorted(records, key=_plan_id)
    return {plan_id: tuple(own) for plan_id, own in groupby(ordered, key=_plan_id)}


def _plan_id(record: object) -> str:
    return str(getattr(record, "plan_id"))  # noqa: B009  # any record that hangs on a plan


def _days_in_state(plan: Plan, today: date) -> int:
    since = plan.state_since or plan.created_at
    return max((today - since.date()).days, 0) if since else 0


def _urgency(line: Line) -> tuple[bool, int, bool, date]:
    return not line.late, -line.late, not line.running, line.plan.due or date.max


def overdue_of(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.late]


def standing_plans(lines: Sequence[Line]) -> list[Line]:
    """All but those that were dropped."""
    return [line for line in lines if line.plan.state is not PlanState.DROPPED]
