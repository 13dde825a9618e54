"""Plans are looked at anew over today's data: the look is kept, and what came back begins again by itself, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.plan_checks import check
from data_access.access import Role, User
from data_access.selection import Filter, Period
from data_access.warehouse import Warehouse
from data_access.workshop.records import IssueState, Plan, PlanState, Verdict
from data_access.workshop.store import Store, open_store
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.effect.test_recurrence import MODEL, PATH

ME = User("u1", "Li Na", frozenset({Role.ANALYST}))
WEEK = timedelta(weeks=1)
CLOSED = date.today()  # the store dates a step by the clock
BEGAN = CLOSED - 4 * WEEK
FROM = CLOSED - 12 * WEEK


@pytest.fixture(scope="module")
def again(warehouse_of: MakeWarehouse) -> Warehouse:
    """Seventeen weeks, the last five after the close: the notice loses less from the start on, and then as before."""
    rng, n = np.random.default_rng(5), 14_000
    day = rng.integers(0, 119, n)
    named = np.where(rng.random(n) < np.array((0.20, 0.06, 0.18))[np.digitize(day, (56, 84))], "notice", "wait")
    score = rng.integers(1, 11, n)
    return warehouse_of(pd.DataFrame({
        "at": pd.Timestamp(FROM) + pd.to_timedelta(day, "D"), "team": [f"t{i}" for i in rng.integers(0, 12, n)],
        "business": rng.choice(["3G", "4G"], n), "score": score, "reason": np.where(score < 10, named, None),
    }), MODEL)  # fmt: skip


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(f"sqlite:///{tmp_path_factory.mktemp('checks')}/workshop.sqlite")


def promised(store: Store, **changes: object) -> Plan:
    """A plan that has begun, on an issue whose path leads to a reason."""
    issue = store.create_issue(ME, "Notices")
    store.save_issue(ME, replace(issue, path=PATH))
    given: dict[str, object] = {
        "owner": "billing", "due": CLOSED, "target_metric": "score", "segment": PATH[:1], "start": BEGAN,
        "check_on": CLOSED + 5 * WEEK,
        "unit": "team",
        "treated": ("t0", "t1", "t2", "t3"), "control": tuple(f"t{i}" for i in range(4, 12)),
        "baseline": Period(FROM, BEGAN),
    }  # fmt: skip
    plan = store.save_plan(ME, Plan(issue_id=issue.id, action="Tell them", **(given | changes)))  # type: ignore[arg-type]
    return store.save_plan(ME, replace(plan, state=PlanState.DOING))


def test_each_plan_that_has_begun_is_looked_at_once_for_the_same_data(store: Store, again: Warehouse) -> None:
    """A plan that cannot be answered says why, and the others go on."""
    plan, odd = promised(store), promised(store, target_metric="weather")
    store.save_plan(ME, Plan(issue_id=plan.issue_id, action="Only an idea"))
    for _ in range(2):
        found = {looked.id: said.key for _, looked, said in check(store, lambda dataset: again)}
        assert found.keys() == {plan.id, odd.id}
        assert found[plan.id].startswith("effect.") and found[odd.id].startswith("model.")
    (look,) = store.looks(ME, plan.issue_id)
    assert (look.verdict, look.created_by, look.dataset) == (Verdict.NOT_EFFECTIVE, "Satrace", "default")
    assert look.options["control"] == (Filter("team", plan.control),) and look.rows and "units" in look.parts


def test_a_closed_plan_whose_reason_came_back_begins_again_once(store: Store, again: Warehouse) -> None:
    plan = promised(store)
    for state in (PlanState.DONE, PlanState.CLOSED):
        plan = store.save_plan(ME, replace(plan, state=state, closing="We are sure"))
    said = [[statement.key for *_, statement in check(store, lambda dataset: again)] for _ in range(2)]
    assert said == [["recurrence.back_share"]] * 2
    plans = store.plans(ME, plan.issue_id)
    (new,) = (one for one in plans if one.cycle_of == plan.id)
    assert len(plans) == 2 and (new.created_by, new.state) == ("Satrace", PlanState.PLANNED)
    assert store.history(ME, new.id)[0].action == "reopened"
    assert store.issue(ME, plan.issue_id).state is IssueState.OPEN  # nobody had come further
