"""Did what was planned work, by today's data? Every plan that has begun is looked at anew, and each look is kept."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.effect.effect import effect
from analysis.effect.of_plan import asked_of, can_be_shown, look_of
from data_access.statement import Problem, Statement, Unreachable
from data_access.warehouse import Warehouse
from data_access.workshop.following import PROGRAM
from data_access.workshop.records import Plan, PlanState
from data_access.workshop.store import Store

BEGUN = (PlanState.DOING, PlanState.DONE, PlanState.CLOSED)


def check(store: Store, warehouse: Warehouse, dataset: str) -> Iterator[tuple[Plan, Statement]]:
    """Plans that have begun and say how their effect is shown, each with the answer, or why there is none yet.

    Raises: Unreachable where the source or the store cannot be reached.
    """
    for trace in store.traces(PROGRAM):
        for plan in trace.plans:
            if plan.state in BEGUN and can_be_shown(plan):
                yield plan, _looked(store, warehouse, plan, dataset)


def _looked(store: Store, warehouse: Warehouse, plan: Plan, dataset: str) -> Statement:
    try:
        selection, options = asked_of(plan, warehouse.model)
        result = effect(warehouse, selection, **options)
    except Unreachable:
        raise
    except Problem as problem:
        return problem.statement
    store.add_look(PROGRAM, look_of(plan, result, dataset))
    return result.findings[0]
