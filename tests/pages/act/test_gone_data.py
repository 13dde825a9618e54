"""A plan whose data are gone is read by its last look, whatever of it there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import insert

from data_access.workshop import rows, tables
from data_access.workshop.engine import transaction
from data_access.workshop.records import Look, Pin, Plan, PlanState, Verdict
from data_access.workshop.store import Store
from tests.pages.act.conftest import EN, ME, OCTOBER
from tests.pages.conftest import OpenPage, seen


def test_a_look_that_says_nothing_is_still_shown_once_its_data_are_gone(open_page: OpenPage, store: Store) -> None:
    issue = store.create_issue(ME, "gone")
    pin = store.pin(ME, issue.id, Pin(method="contribution", selection=OCTOBER, data_version="v",
                                      options={"by": ("business",), "data": "deadbeef"}))  # fmt: skip
    store.save_issue(ME, replace(store.issue(ME, issue.id), origin=pin.id))
    plan = store.save_plan(
        ME,
        Plan(
            issue_id=issue.id,
            action="G",
            owner="marketing",
            target_metric="score",
            due=date(2027, 1, 1),
            start=date(2026, 10, 1),
            unit="team",
            treated=("team_01",),
        ),
    )
    store.save_plan(ME, replace(plan, state=PlanState.DOING))
    levels = ({"period": "before", "group": "treated", "n": 3, "score": 80.0, "low": None, "high": None},)
    bare = Look(plan_id=plan.id, issue_id=issue.id, dataset="deadbeef", data_version="v", selection=OCTOBER,
                verdict=Verdict.EFFECTIVE, statistics={"gain": 1.0}, parts={"levels": levels},
                rows=({"week": "2026-10-05", "group": "treated", "n": 3, "score": None},),
                created_by="x", created_by_id="x", created_at=plan.created_at)  # fmt: skip
    with transaction(store.engine) as connection:  # as older versions recorded it
        connection.execute(insert(tables.looks), rows.values(bare))
    app = open_page("trace", lang="en", issue=issue.id)
    assert not app.exception and EN.text("workshop.verdict.effective") in seen(app)
