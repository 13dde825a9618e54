"""Did what was planned work, by today's data, and did it last? Each plan that has begun is looked at anew.

Every look is kept. A closed plan whose reason came back is begun again by the program itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from analysis.effect.effect import effect
from analysis.effect.of_plan import asked_of, can_be_shown, look_of
from analysis.effect.recurrence import BACK, in_whole_months, recurrence
from analysis.result import Result
from data_access.selection import Period, Selection
from data_access.statement import Problem, Statement, Unreachable
from data_access.warehouse import Warehouse
from data_access.workshop.following import PROGRAM
from data_access.workshop.records import Issue, Plan, PlanState
from data_access.workshop.standing import BEGUN
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace


def check(store: Store, opened: Callable[[str], Warehouse]) -> Iterator[tuple[Trace, Plan, Statement]]:
    """Plans that have begun and say how their effect is shown, each with its issue and the answer, or why none.

    opened: the warehouse of a data set, as each issue names its own. Raises: Unreachable where one, or the store,
    cannot be reached.
    """
    for trace in store.traces(PROGRAM):
        for plan in trace.plans:
            if plan.state in BEGUN and can_be_shown(plan):
                yield trace, plan, _said(store, opened, trace, plan)


def _said(store: Store, opened: Callable[[str], Warehouse], trace: Trace, plan: Plan) -> Statement:
    try:
        warehouse = opened(trace.dataset)
        again = _again(store, warehouse, trace.issue, plan)
        selection, options = asked_of(plan, warehouse.model, trace.looks)
        result = effect(warehouse, selection, **options)
        store.add_look(PROGRAM, look_of(plan, result, trace.dataset))
        return again or result.findings[0]
    except Unreachable:
        raise
    except Problem as problem:
        return problem.statement


def _again(store: Store, warehouse: Warehouse, issue: Issue, plan: Plan) -> Statement | None:
    """That the reason of a closed plan came back, and the plan begun again; None where it did not."""
    asked = lasting(warehouse, issue, plan)
    result = asked and recurrence(warehouse, asked[0], **asked[1])
    return reopened(store, plan, result) if result else None


def reopened(store: Store, plan: Plan, result: Result) -> Statement | None:
    """The sentence that says what came back, with the plan begun again; None where it did not."""
    if result.statistics["verdict"] != BACK:
        return None
    store.reopen(plan.id, result.findings[0], result.data_version)
    return result.findings[0]


def lasting(warehouse: Warehouse, issue: Issue, plan: Plan) -> tuple[Selection, dict[str, Any]] | None:
    """What `recurrence` is asked for a closed plan: has what it was against come back since, where the issue's path
    leads, else in the plan's segment?

    None where there is nothing to compare: not closed, no path, no days since then. Raises Problem.
    """
    path, closed_on = issue.path or plan.segment, plan.state_since and plan.state_since.date()
    last = warehouse.extent().last
    if plan.state is not PlanState.CLOSED or not (path and plan.start and closed_on and last):
        return None
    began = max([plan.start, *(day for _, day in plan.starts)])
    end = last.date() + timedelta(days=1)
    if not began < closed_on < end:
        return None
    selection = Selection(plan.target_metric, filters=plan.scope)
    before = plan.baseline or _before(plan.start, closed_on - began)
    spans: dict[str, Period | None] = {
        "before": before, "closed": Period(began, closed_on), "since": Period(closed_on, end),
    }  # fmt: skip
    if warehouse.model.disclose_from:
        spans = {name: span and in_whole_months(span) for name, span in spans.items()}
    if None in spans.values():
        return None
    return selection, {"path": path, **spans}


def _before(start: date, span: timedelta) -> Period:
    return Period(start - span, start)
