"""What was deleted is gone for everybody and comes back whole; the last change of a record can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from data_access.access import NotAllowed, Role, User
from data_access.statement import BadInput
from data_access.workshop.records import Issue, IssueState, Plan, PlanState, WhyStatus
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import (
    ANALYST,
    GROUP_A,
    GROUP_B,
    INSTRUCTOR,
    TEAM_1,
    VIEWER,
    chain,
    contacts,
    diagnosed,
    evidence,
    key_of,
    roster,
)

OTHER = User("u9", "He Bo", frozenset({Role.ANALYST}))


def full(store: Store) -> Issue:
    issue = diagnosed(store)
    chain(store, issue)
    store.save_plan(ANALYST, roster(issue))
    return issue


class TestRemoving:
    def test_an_issue_vanishes_with_all_its_parts_and_comes_back(self, store: Store) -> None:
        issue = full(store)
        (before,) = store.traces(ANALYST)
        store.remove_issue(ANALYST, issue.id)
        assert store.issues(ANALYST) == store.traces(ANALYST) == store.plans(ANALYST) == ()
        assert store.pin_counts(ANALYST, [issue.id]) == {} and store.history(ANALYST, issue.id) == ()
        for deed in (
            lambda: store.issue(ANALYST, issue.id),
            lambda: store.save_issue(ANALYST, replace(issue, notes="x")),
            lambda: store.pin(ANALYST, issue.id, evidence()),
            lambda: store.save_plan(ANALYST, replace(before.plans[0], action="x")),
            lambda: store.remove_issue(ANALYST, issue.id),
        ):
            with pytest.raises(BadInput) as error:
                deed()
            assert key_of(error) == "workshop.missing.issue"
        (gone,) = store.removed(INSTRUCTOR)
        assert (gone.kind, gone.name, gone.removed_by) == ("issue", "3G callers wait", "Li Na")
        store.restore(INSTRUCTOR, gone.id)
        assert store.traces(ANALYST) == (before,) and store.removed(ANALYST) == ()
        done = [(entry.action, entry.who) for entry in store.history(ANALYST, issue.id)[:2]]
        assert done == [("restored", "Wang Wei"), ("removed", "Li Na")]

    def test_parts_come_back_with_what_went_along(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        whys, pin = chain(store, issue), store.pin(ANALYST, issue.id, evidence())
        plan = store.save_plan(ANALYST, roster(issue))
        (before,) = store.traces(ANALYST)
        store.remove_why(ANALYST, whys[2].id)
        store.remove_why(ANALYST, whys[1].id)
        store.unpin(ANALYST, pin.id)
        store.remove_plan(ANALYST, plan.id)
        (bare,) = store.traces(ANALYST)
        assert (bare.whys, bare.evidence, bare.pins, bare.plans) == ((whys[0],), (), (), ())
        gone = {one.name: one.id for one in store.removed(ANALYST, issue.id)}
        assert list(gone) == ["Roster follows the bill", "contribution", "Seats are missing", "The roster is flat"]
        with pytest.raises(BadInput) as error:
            store.restore(ANALYST, whys[2].id)  # before the one above it
        assert key_of(error) == "workshop.missing.why"
        for id in (whys[1].id, whys[2].id, pin.id, plan.id):
            store.restore(ANALYST, id)
        assert store.traces(ANALYST) == (before,)
        with pytest.raises(BadInput):
            store.restore(ANALYST, pin.id)

    def test_who_may(self, store: Store) -> None:
        issue = full(store)
        plan = store.plans(ANALYST)[0]
        for user in (OTHER, VIEWER, GROUP_A):
            for deed in (
                lambda user=user: store.remove_issue(user, issue.id),
                lambda user=user: store.remove_plan(user, plan.id),
            ):
                with pytest.raises((NotAllowed, BadInput)):
                    deed()
        store.remove_issue(INSTRUCTOR, issue.id)
        assert [len(store.removed(user)) for user in (ANALYST, INSTRUCTOR, OTHER, VIEWER, GROUP_A)] == [1, 1, 0, 0, 0]
        with pytest.raises(NotAllowed):
            store.restore(OTHER, issue.id)
        store.restore(ANALYST, issue.id)

    def test_another_group_neither_sees_nor_restores(self, store: Store) -> None:
        issue = store.create_issue(GROUP_A, "ours")
        store.remove_issue(GROUP_A, issue.id)
        assert store.removed(GROUP_B) == ()
        with pytest.raises(BadInput):
            store.restore(GROUP_B, issue.id)
        assert [one.name for one in store.removed(GROUP_A)] == ["ours"]

    def test_a_pin_beyond_the_scope_is_not_listed(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        pin = store.pin(ANALYST, issue.id, evidence())
        store.unpin(ANALYST, pin.id)
        assert store.removed(TEAM_1, issue.id) == ()
        with pytest.raises(NotAllowed):
            store.restore(TEAM_1, pin.id)

    def test_a_planned_issue_keeps_a_plan(self, store: Store) -> None:
        issue = diagnosed(store)
        plan = store.save_plan(ANALYST, roster(issue))
        store.save_issue(ANALYST, replace(issue, state=IssueState.PLANNED))
        with pytest.raises(BadInput) as error:
            store.remove_plan(ANALYST, plan.id)
        assert key_of(error) == "workshop.gate.last_plan"

    def test_two_at_once_remove_a_thing_once(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")

        def remove(_: int) -> str:
            try:
                store.remove_issue(ANALYST, issue.id)
            except BadInput as error:
                return error.statement.key
            return "done"

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(remove, range(4))) == ["done", *["workshop.missing.issue"] * 3]


class TestUndo:
    def test_takes_the_last_change_back(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        assert store.last_change(ANALYST, issue) is None
        changed = store.save_issue(OTHER, replace(issue, title="4G", notes="x"))
        change = store.last_change(ANALYST, changed)
        assert change is not None and (change.who, change.before) == ("He Bo", {"title": "3G", "notes": ""})
        undone = store.undo(ANALYST, changed)
        assert isinstance(undone, Issue) and (undone.title, undone.notes, undone.version) == ("3G", "", 3)
        assert store.history(ANALYST, issue.id)[0].who == "Li Na"

    def test_meets_what_somebody_saved_since(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        mine = store.save_issue(ANALYST, replace(issue, title="4G"))
        theirs = store.save_issue(INSTRUCTOR, replace(mine, title="5G"))
        with pytest.raises(BadInput) as error:
            store.undo(ANALYST, mine)
        assert key_of(error) == "workshop.missing.change" and store.issue(ANALYST, issue.id) == theirs

    def test_steps_back_over_a_move_that_is_not_on_the_map(self, store: Store) -> None:
        issue = full(store)
        issue = store.save_issue(ANALYST, replace(issue, state=IssueState.PLANNED))
        plan = store.plans(ANALYST)[0]
        for state in (PlanState.DOING, PlanState.DONE):
            plan = store.save_plan(ANALYST, replace(plan, state=state))
        closed = store.save_issue(ANALYST, replace(issue, state=IssueState.CLOSED))
        for user in (VIEWER, replace(GROUP_A, id="u1")):
            with pytest.raises((BadInput, NotAllowed)):
                store.undo(user, closed)
        opened = store.undo(INSTRUCTOR, closed)
        assert isinstance(opened, Issue) and opened.state is IssueState.PLANNED
        other = store.save_plan(ANALYST, roster(issue))
        for state in (PlanState.DOING, PlanState.DROPPED):
            other = store.save_plan(ANALYST, replace(other, state=state))
        undone = store.undo(ANALYST, other)
        assert isinstance(undone, Plan) and undone.state is PlanState.DOING

    def test_of_a_why_keeps_the_rules(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        why = chain(store, issue)[2]
        refuting = contacts(why, "c9", stance="refutes")
        store.add_evidence(ANALYST, refuting)
        refuted = store.save_why(ANALYST, replace(why, status=WhyStatus.REFUTED))
        supporting = next(piece for piece in store.evidence(ANALYST, issue.id) if piece.stance == "supports")
        store.remove_evidence(ANALYST, supporting.id)
        with pytest.raises(BadInput) as error:
            store.undo(ANALYST, refuted)
        assert key_of(error) == "workshop.gate.why_unsupported"

    def test_of_what_was_found_needs_all_data(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        found = store.save_issue(ANALYST, replace(issue, data_version="b2"))
        assert store.last_change(ANALYST, found) is not None
        assert store.last_change(TEAM_1, store.issue(TEAM_1, issue.id)) is None
