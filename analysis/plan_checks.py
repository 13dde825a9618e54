"""Did what was planned work, by today's data, and did it last? Each plan that has begun is looked at anew.

Every look is kept. A closed plan whose reason came back is begun again by the program itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from analysis.effect.effect import effect
from analysis.effect.of_plan import asked_of, can_be_shown, look_of
from analysis.effect.recurrence import BACK, recurrence
from analysis.result import Result
from data_access.selection import Period, Selection
from data_access.statement import Problem, Statement, Unreachable
from data_access.warehouse import Warehouse
from data_access.workshop.following import PROGRAM
from data_access.workshop.records import Issue, Plan, PlanState
from data_access.workshop.store import Store

BEGUN = (PlanState.DOING, PlanState.DONE, PlanState.CLOSED)


def check(store: Store, warehouse: Warehouse, dataset: str) -> Iterator[tuple[Plan, Statement]]:
    """Plans that have begun and say how their effect is shown, each with the answer, or why there is none yet.

    Raises: Unreachable where the source or the store cannot be reached.
    """
    for trace in store.traces(PROGRAM):
        for plan in trace.plans:
            if plan.state in BEGUN and can_be_shown(plan):
                yield plan, _said(store, warehouse, trace.issue, plan, dataset)


def _said(store: Store, warehouse: Warehouse, issue: Issue, plan: Plan, dataset: str) -> Statement:
    try:
        selection, options = asked_of(plan, warehouse.model)
        result = effect(warehouse, selection, **options)
        store.add_look(PROGRAM, look_of(plan, result, dataset))
        again = came_back(warehouse, issue, plan)
        if again is None or again.statistics["verdict"] != BACK:
            return result.findings[0]
        store.reopen(plan.id, again.findings[0], again.data_version)
        return again.findings[0]
    except Unreachable:
        raise
    except Problem as problem:
        return problem.statement


def came_back(warehouse: Warehouse, issue: Issue, plan: Plan) -> Result | None:
    """Whether what a closed plan was against has come back since: of the issue's path, else of the plan's segment.

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
    return recurrence(warehouse, selection, path=path, before=before, closed=Period(began, closed_on),
                      since=Period(closed_on, end))  # fmt: skip


def _before(start: date, span: timedelta) -> Period:
    return Period(start - span, start)
