"""Who may take which step with an issue or a plan, and what must be there first? A table for each; nothing else says.

`rules` finds out what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data_access.access import User, may_close_issue, may_edit_issue
from data_access.workshop.records import IssueState, PlanState


@dataclass(frozen=True)
class Move:
    """A step that some may take. `needs`: codes of LACKING; the first that is missing is said."""

    may: Callable[[User], bool]
    needs: tuple[str, ...] = ()


LACKING: Mapping[str, str] = {
    "problem": "workshop.gate.needs_pin",
    "location": "workshop.gate.needs_location",
    "cause": "workshop.gate.needs_cause",
    "levels": "workshop.gate.needs_levels",
    "evidence": "workshop.gate.needs_supported",
    "plan": "workshop.gate.needs_plan",  # one with an owner, a due date and a target metric
    "no_change": "workshop.gate.needs_plan",  # a cause that is no real change needs none
    "ended": "workshop.gate.plans_running",
    "complete": "workshop.gate.plan_incomplete",
    "verdict": "workshop.gate.needs_verdict",
}
EXCUSED = ("levels", "evidence")  # by an exception
_TRACED = ("problem", "location", "cause", "levels", "evidence")

ISSUE_MOVES: Mapping[tuple[IssueState, IssueState], Move] = {
    (IssueState.OPEN, IssueState.DIAGNOSED): Move(may_edit_issue, _TRACED),
    (IssueState.DIAGNOSED, IssueState.OPEN): Move(may_edit_issue),
    (IssueState.DIAGNOSED, IssueState.PLANNED): Move(may_edit_issue, ("problem", "plan")),
    (IssueState.DIAGNOSED, IssueState.CLOSED): Move(may_close_issue, ("no_change", "ended")),
    (IssueState.PLANNED, IssueState.DIAGNOSED): Move(may_edit_issue, ("problem",)),
    (IssueState.PLANNED, IssueState.CLOSED): Move(may_close_issue, ("ended",)),
    (IssueState.CLOSED, IssueState.OPEN): Move(may_close_issue),
}
PLAN_MOVES: Mapping[tuple[PlanState, PlanState], Move] = {
    (PlanState.PLANNED, PlanState.DOING): Move(may_edit_issue, ("complete",)),
    (PlanState.PLANNED, PlanState.DROPPED): Move(may_edit_issue),
    (PlanState.DOING, PlanState.PLANNED): Move(may_edit_issue),
    (PlanState.DOING, PlanState.DONE): Move(may_edit_issue, ("complete",)),
    (PlanState.DOING, PlanState.DROPPED): Move(may_edit_issue),
    (PlanState.DONE, PlanState.DOING): Move(may_edit_issue, ("complete",)),
    (PlanState.DONE, PlanState.CLOSED): Move(may_close_issue, ("complete", "verdict")),  # nobody judges the own work
    (PlanState.CLOSED, PlanState.DONE): Move(may_close_issue, ("complete",)),
    (PlanState.DROPPED, PlanState.PLANNED): Move(may_edit_issue),
}
# steps that are open only to who takes the last one back
ISSUE_UNDONE: Mapping[tuple[IssueState, IssueState], Move] = {
    (IssueState.CLOSED, IssueState.PLANNED): Move(may_close_issue, ("problem", "plan")),
    (IssueState.CLOSED, IssueState.DIAGNOSED): Move(may_close_issue, ("problem",)),
    (IssueState.OPEN, IssueState.CLOSED): Move(may_close_issue, ("ended",)),
}
PLAN_UNDONE: Mapping[tuple[PlanState, PlanState], Move] = {
    (PlanState.DROPPED, PlanState.DOING): Move(may_edit_issue, ("complete",)),
}
