"""A closed plan whose reason came back begins again by itself: when its issue is opened, or by the scheduler."""

from __future__ import annotations

from analysis.effect.recurrence import recurrence
from analysis.plan_checks import lasting, reopened
from data_access.statement import Problem
from data_access.workshop.records import Plan
from data_access.workshop.tracing import Trace
from pages.frame.context import Context


def begin_again(over: Context | None, row: Trace) -> Trace:
    """The issue with the next cycle of each closed plan whose reason came back, by the data of today."""
    if over is None:
        return row
    followed = {plan.cycle_of for plan in row.plans}
    begun = [plan for plan in row.plans if plan.id not in followed and _came_back(over, row, plan)]
    return over.store().traces(over.user, row.issue.id)[0] if begun else row


def _came_back(over: Context, row: Trace, plan: Plan) -> bool:
    """Judged by whom the plan's data are open to, neither more of them nor less."""
    if set(over.data_key.scope) != set(plan.scope):
        return False
    try:
        asked = lasting(over.warehouse, row.issue, plan)
        if asked is None:
            return False
        result = over.run(recurrence, asked[0].within(over.data_key.scope), **asked[1])
        return reopened(over.store(), plan, result) is not None
    except Problem:
        return False  # too little is known; the plan's own panel says what its data say
