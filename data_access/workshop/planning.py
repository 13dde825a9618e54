"""Plans in the store: read, begun and changed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, Engine

from data_access.access import User
from data_access.taxonomy import Taxonomy
from data_access.workshop import class_gate, rows, rules, sight
from data_access.workshop.bundle import Bundle
from data_access.workshop.changes import editable
from data_access.workshop.class_records import Stage
from data_access.workshop.engine import reading, transaction
from data_access.workshop.records import Issue, Plan, PlanState
from data_access.workshop.tracing import Trace
from data_access.workshop.writing import add, save, settled


class Planning:
    """The part of the store that keeps plans."""

    engine: Engine
    taxonomy: Taxonomy

    def plans(self, user: User, issue_id: str | None = None) -> tuple[Plan, ...]:
        """The plans of one issue, or of all the user may see; due first comes first, undated last."""
        with reading(self.engine) as connection:
            seen = {issue.id for issue in rows.issues(connection, user)}
            asked = issue_id or rows.asked_for(user, seen)
            plans = [plan for plan in rows.plans(connection, asked) if plan.issue_id in seen]
        return tuple(sight.seen(user, plan) for plan in plans)

    def save_plan(self, user: User, plan: Plan, *, undone: bool = False) -> Plan:
        """Save a plan, a new one (version 0) too; answers with what is now stored. undone: as for an issue."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            if plan.version == 0:
                return add_plan(connection, user, plan, self.taxonomy)
            stored = rows.plan(connection, plan.id, lock=True)
            issue = rows.named_issue(connection, user, stored.issue_id, lock=True)
            mine = sight.marked(user, stored, sight.kept(user, stored, replace(plan, issue_id=stored.issue_id)))
            if editable(stored) != editable(mine):
                class_gate.check(connection, user, issue, Stage.SOLUTION)
            if stored.version == plan.version and editable(stored) != editable(mine):
                self._check_plan_change(connection, user, issue, stored, mine, undone=undone)
            outcome = save(connection, user, stored, mine)
        return settled(user, outcome)

    def _check_plan_change(
        self, connection: Connection, user: User, issue: Issue, before: Plan, after: Plan, *, undone: bool
    ) -> None:
        plans = rows.plans(connection, issue.id)
        rules.check_may_change_plan(issue, before, after)
        rules.check_plan(before, after, self.taxonomy, whole=sight.sees(user, before.scope))
        if after.state is not before.state:
            whole = Bundle.of(connection, issue).whole
            rules.check_plan_move(user, before.state, after, whole, undone=undone)
        rules.check_cycle(before, after, plans)
        rules.check_still_planned(issue, after, [*(plan for plan in plans if plan.id != after.id), after])


def add_plan(connection: Connection, user: User, plan: Plan, taxonomy: Taxonomy) -> Plan:
    """A new plan of an issue, with its entry in the history."""
    issue = rows.named_issue(connection, user, plan.issue_id, lock=True)
    rules.check_plan(None, plan, taxonomy)
    if plan.state is not PlanState.PLANNED:
        rules.check_plan_move(user, PlanState.PLANNED, plan, Trace(issue=issue))
    rules.check_cycle(None, plan, rows.plans(connection, issue.id))
    rules.check_not_closed(issue)
    class_gate.check(connection, user, issue, Stage.SOLUTION)
    return add(connection, user, plan)
