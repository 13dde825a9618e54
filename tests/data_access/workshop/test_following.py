"""A plan is followed until its effect is known: looks, rulings by two people, comments, and the cycle after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data_access.access import NotAllowed
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, Statement
from data_access.workshop.records import (
    Comment,
    CommentKind,
    IssueState,
    Look,
    Milestone,
    Plan,
    PlanState,
    Priority,
    Ruling,
    Verdict,
)
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import (
    ANALYST,
    GROUP_A,
    GROUP_B,
    INSTRUCTOR,
    TEAM_1,
    VIEWER,
    diagnosed,
    key_of,
    roster,
)

START = date(2026, 11, 2)
BACK = Statement("recurrence.back", {"reason": "wait_busy", "share": 0.21})


def effect_of(plan: Plan, **changes: object) -> Look:
    """What the effect of a plan looked like."""
    given: dict[str, object] = {
        "dataset": "sample",
        "data_version": "a81f3c",
        "selection": Selection("score", None, None, (Filter("team", ("1",)),)),
        "options": {"control": (Filter("team", ("2", "3")),), "start": START},
        "verdict": Verdict.NOT_ENOUGH_EVIDENCE,
        "statistics": {"gain": 0.8, "gain_low": -0.4},
        "rows": ({"week": START, "group": "treated", "n": 120, "score": 84.0},),
        "parts": {"units": ({"unit": "1", "n0": 300, "score0": 83.1},)},
        "statements": (Statement("effect.too_little", {"gain": 0.8}),),
    }
    return Look(plan_id=plan.id, issue_id=plan.issue_id, **(given | changes))  # type: ignore[arg-type]


def ruling_of(plan: Plan, **changes: object) -> Ruling:
    given: dict[str, object] = {"verdict": Verdict.EFFECTIVE, "reason": "The roster changed twice"} | changes
    return Ruling(plan_id=plan.id, issue_id=plan.issue_id, **given)  # type: ignore[arg-type]


def done(store: Store) -> Plan:
    """A plan that was carried out."""
    plan = store.save_plan(ANALYST, roster(diagnosed(store)))
    for state in (PlanState.DOING, PlanState.DONE):
        plan = store.save_plan(ANALYST, replace(plan, state=state))
    return plan


def closed(store: Store) -> Plan:
    return store.save_plan(ANALYST, replace(done(store), state=PlanState.CLOSED, closing="Nobody measures it"))


class TestLooks:
    def test_a_look_is_kept_once_for_the_same_question_and_data(self, store: Store) -> None:
        plan = done(store)
        first = store.add_look(VIEWER, effect_of(plan))
        assert store.add_look(ANALYST, effect_of(plan)) == first
        newer = store.add_look(ANALYST, effect_of(plan, data_version="b"))
        assert store.looks(ANALYST, plan.issue_id) == (first, newer)
        (trace,) = store.traces(ANALYST, plan.issue_id)
        assert trace.looks == (first, newer) and first.created_by == "Zhao Min"
        store.create_issue(ANALYST, "Another")
        bare = tuple(replace(look, rows=(), parts={}) for look in (first, newer))
        assert store.looks(ANALYST) == bare == store.traces(ANALYST)[1].looks
        actions = [(entry.action, entry.kind) for entry in store.history(VIEWER, plan.issue_id)]
        assert actions[:2] == [("added", "look")] * 2

    def test_who_may_not_see_the_control_sees_no_look(self, store: Store) -> None:
        plan = done(store)
        store.add_look(ANALYST, effect_of(plan))
        assert store.looks(TEAM_1, plan.issue_id) == store.traces(TEAM_1, plan.issue_id)[0].looks == ()
        assert "look" not in {entry.kind for entry in store.history(TEAM_1, plan.issue_id)}
        with pytest.raises(NotAllowed):
            store.add_look(TEAM_1, effect_of(plan, data_version="b"))

    def test_a_look_that_says_nothing_is_not_recorded(self, sqlite_store: Store) -> None:
        with pytest.raises(BadInput) as error:
            sqlite_store.add_look(ANALYST, effect_of(done(sqlite_store), statements=()))
        assert key_of(error) == "workshop.form.no_finding"

    def test_a_viewers_word_that_the_day_has_come_is_checked(self, sqlite_store: Store) -> None:
        """What nobody computed closes no plan, and is not in the way of what was."""
        plan = sqlite_store.save_plan(ANALYST, replace(done(sqlite_store), check_on=date(2026, 1, 5)))
        made_up = sqlite_store.add_look(VIEWER, effect_of(plan, planned=True))
        with pytest.raises(BadInput):
            sqlite_store.save_plan(ANALYST, replace(plan, state=PlanState.CLOSED))
        honest = {"options": {"check_on": date(2026, 1, 5)}, "statistics": {"planned": True}, "data_version": "b"}
        seen = sqlite_store.add_look(VIEWER, effect_of(plan, planned=True, **honest))
        again = sqlite_store.add_look(ANALYST, effect_of(plan, planned=True))
        assert [made_up.planned, seen.planned, again.planned] == [False, True, True]
        assert sqlite_store.add_look(VIEWER, effect_of(plan, planned=True)) == again
        assert sqlite_store.save_plan(ANALYST, replace(plan, state=PlanState.CLOSED)).state is PlanState.CLOSED

    def test_another_group_causes_none(self, store: Store) -> None:
        issue = store.create_issue(GROUP_A, "Ours")
        plan = store.save_plan(GROUP_A, roster(issue))
        assert store.add_look(GROUP_A, effect_of(plan)).created_by == "Chen Jie"
        with pytest.raises(BadInput):
            store.add_look(GROUP_B, effect_of(plan, data_version="b"))


class TestClosing:
    @pytest.mark.parametrize("by", ["look", "ruling", "reason"])
    def test_a_plan_is_closed_once_it_is_judged(self, sqlite_store: Store, by: str) -> None:
        store, plan = sqlite_store, done(sqlite_store)
        store.add_look(ANALYST, effect_of(plan))  # before the planned date
        ruling = store.overrule(ANALYST, ruling_of(plan))  # not confirmed
        over = replace(plan, state=PlanState.CLOSED)
        with pytest.raises(BadInput) as error:
            store.save_plan(ANALYST, over)
        assert key_of(error) == "workshop.gate.needs_verdict"
        if by == "look":
            store.add_look(ANALYST, effect_of(plan, planned=True, data_version="b"))
        elif by == "ruling":
            store.confirm_ruling(INSTRUCTOR, ruling.id)
        else:
            over = replace(over, closing="The rule was withdrawn")
        plan = store.save_plan(ANALYST, over)
        with pytest.raises(BadInput) as error:
            store.save_plan(ANALYST, replace(plan, target_value=80.0))
        assert key_of(error) == "workshop.gate.plan_closed"
        assert store.save_plan(ANALYST, replace(plan, state=PlanState.DONE)).state is PlanState.DONE

    def test_a_group_does_not_judge_itself(self, sqlite_store: Store) -> None:
        plan = sqlite_store.save_plan(GROUP_A, roster(sqlite_store.create_issue(GROUP_A, "Ours")))
        for state in (PlanState.DOING, PlanState.DONE):
            plan = sqlite_store.save_plan(GROUP_A, replace(plan, state=state))
        over = replace(plan, state=PlanState.CLOSED, closing="It is good")
        with pytest.raises(NotAllowed):
            sqlite_store.save_plan(GROUP_A, over)
        assert sqlite_store.save_plan(INSTRUCTOR, over).state is PlanState.CLOSED

    def test_the_verdict_may_come_after_the_issue_was_closed(self, sqlite_store: Store) -> None:
        plan = done(sqlite_store)
        issue = sqlite_store.issue(ANALYST, plan.issue_id)
        for state in (IssueState.PLANNED, IssueState.CLOSED):
            issue = sqlite_store.save_issue(ANALYST, replace(issue, state=state))
        with pytest.raises(BadInput):
            sqlite_store.save_plan(ANALYST, replace(plan, action="Another"))
        sqlite_store.add_look(ANALYST, effect_of(plan, planned=True))
        assert sqlite_store.save_plan(ANALYST, replace(plan, state=PlanState.CLOSED)).state is PlanState.CLOSED

    def test_days_in_a_state_count_from_the_step(self, sqlite_store: Store) -> None:
        plan = sqlite_store.save_plan(ANALYST, roster(diagnosed(sqlite_store)))
        same = sqlite_store.save_plan(ANALYST, replace(plan, blocker="No seats", state_since=None))
        assert plan.state_since == plan.created_at == same.state_since
        moved = sqlite_store.save_plan(ANALYST, replace(same, state=PlanState.DOING))
        assert moved.state_since and plan.state_since and moved.state_since > plan.state_since


class TestComments:
    def test_a_viewer_comments_and_takes_it_back(self, store: Store) -> None:
        plan = done(store)
        said = store.comment(VIEWER, Comment(issue_id=plan.issue_id, plan_id=plan.id, text="Read",
                                             kind=CommentKind.REVIEW))  # fmt: skip
        assert store.comments(ANALYST) == (said,) == store.traces(ANALYST, plan.issue_id)[0].comments
        with pytest.raises(NotAllowed):
            store.remove_comment(ANALYST, said.id)
        store.remove_comment(VIEWER, said.id)
        assert store.comments(ANALYST) == () == store.removed(ANALYST, plan.issue_id)
        assert [gone.name for gone in store.removed(VIEWER, plan.issue_id)] == ["Read"]
        with pytest.raises(NotAllowed):
            store.restore(INSTRUCTOR, said.id)
        store.restore(VIEWER, said.id)
        assert store.comments(VIEWER, plan.issue_id) == (said,)
        deeds = [entry.action for entry in store.history(ANALYST, said.id)]
        assert deeds == ["restored", "removed", "added"]

    def test_another_group_reads_and_says_nothing(self, sqlite_store: Store) -> None:
        issue = sqlite_store.create_issue(GROUP_A, "Ours")
        sqlite_store.comment(GROUP_A, Comment(issue_id=issue.id, text="x"))
        assert sqlite_store.comments(GROUP_B) == ()
        with pytest.raises(BadInput):
            sqlite_store.comment(GROUP_B, Comment(issue_id=issue.id, text="x"))
        with pytest.raises(BadInput):
            sqlite_store.comment(GROUP_A, Comment(issue_id=issue.id, text=" \n"))


class TestCycles:
    def test_the_next_cycle_keeps_the_aims_and_not_the_days(self, store: Store) -> None:
        plan = done(store)
        again = store.next_cycle(ANALYST, plan.id)
        assert store.next_cycle(INSTRUCTOR, plan.id) == again
        assert (again.cycle_of, again.state, again.due) == (plan.id, PlanState.PLANNED, None)
        assert (again.action, again.target_value, again.owner) == (plan.action, plan.target_value, plan.owner)
        assert store.cycles(VIEWER, plan.id) == (plan, again) == store.cycles(VIEWER, again.id)
        with pytest.raises(BadInput) as error:
            store.next_cycle(ANALYST, again.id)
        assert key_of(error) == "workshop.gate.cycle_running"
        with pytest.raises(BadInput) as error:
            store.save_plan(ANALYST, replace(plan, cycle_of=again.id))
        assert key_of(error) == "workshop.gate.cycle_circle"

    def test_twenty_reopen_a_plan_once(self, store: Store, store_url: str) -> None:
        plan = closed(store)
        issue = store.issue(ANALYST, plan.issue_id)
        for state in (IssueState.PLANNED, IssueState.CLOSED):
            issue = store.save_issue(ANALYST, replace(issue, state=state))

        def reopen(_: int) -> Plan:
            return store.reopen(plan.id, BACK, "c77")

        with ThreadPoolExecutor(20) as people:
            again = {one.id for one in people.map(reopen, range(20))}
        found = store.plans(ANALYST, issue.id)
        assert {one.id for one in found} == {plan.id} | again and len(again) == 1
        (new,) = (one for one in found if one.id in again)
        assert (new.cycle_of, new.created_by, new.priority) == (plan.id, "Satrace", Priority.HIGH)
        assert new.due and new.created_at and new.due >= new.created_at.date() + timedelta(days=14)
        assert store.issue(ANALYST, issue.id).state is IssueState.PLANNED
        entries = [entry for entry in store.history(ANALYST, issue.id) if entry.who == "Satrace"]
        assert [(entry.kind, entry.action) for entry in entries] == [("issue", "moved"), ("plan", "reopened")]
        assert entries[1].after and entries[1].after["why"] == {"reason": BACK, "data_version": "c77"}
        assert "why" not in (store.history(TEAM_1, new.id)[0].after or {})
        store.remove_plan(INSTRUCTOR, new.id)  # somebody decided against it
        assert store.reopen(plan.id, BACK, "c78").id == new.id and store.plans(ANALYST, issue.id) == (plan,)

    def test_only_a_closed_plan_is_reopened(self, sqlite_store: Store) -> None:
        with pytest.raises(BadInput) as error:
            sqlite_store.reopen(done(sqlite_store).id, BACK, "c77")
        assert key_of(error) == "workshop.gate.not_closed_plan"


def test_the_history_of_days_tells_of_milestones_too(store: Store) -> None:
    plan = store.save_plan(ANALYST, roster(diagnosed(store), milestones=(Milestone("Agreed", START),)))
    later, due = START + timedelta(days=7), date(2026, 12, 20)
    steps = (Milestone("Agreed", later), Milestone("Done", due))
    plan = store.save_plan(INSTRUCTOR, replace(plan, due=due, milestones=steps))
    plan = store.save_plan(ANALYST, replace(plan, milestones=(replace(steps[0], done=later),), owner="floor"))
    moved = [(c.who, c.field, c.name, c.before, c.after) for c in store.date_changes(VIEWER, plan.issue_id)]
    assert moved == [
        ("Wang Wei", "due", "", date(2026, 12, 15), due),
        ("Wang Wei", "milestones", "Agreed", START, later),
        ("Wang Wei", "milestones", "Done", None, due),
        ("Li Na", "milestones", "Done", due, None),
    ]
    assert store.date_changes(GROUP_A) == ()
