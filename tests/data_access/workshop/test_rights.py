"""Rights hold in the store: no page can forget them."""

from dataclasses import replace

import pytest

from data_access.access import NotAllowed, Role
from data_access.selection import Filter, Selection
from data_access.statement import BadInput
from data_access.workshop.records import IssueState, PlanState
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import (
    ANALYST,
    GROUP_A,
    GROUP_B,
    INSTRUCTOR,
    TEAM_1,
    VIEWER,
    diagnosed,
    evidence,
    key_of,
    roster,
)


class TestRights:
    def test_a_viewer_reads_and_changes_nothing(self, store: Store) -> None:
        issue = diagnosed(store)
        plan = store.save_plan(ANALYST, roster(issue))
        (pin,) = store.pins(VIEWER, issue.id)
        before = store.history(VIEWER, issue.id)
        deeds = (
            lambda: store.create_issue(VIEWER, "mine"),
            lambda: store.save_issue(VIEWER, replace(issue, notes="x")),
            lambda: store.pin(VIEWER, issue.id, evidence()),
            lambda: store.unpin(VIEWER, pin.id),
            lambda: store.save_plan(VIEWER, replace(plan, action="x")),
            lambda: store.save_plan(VIEWER, roster(issue)),
        )
        for deed in deeds:
            with pytest.raises(NotAllowed):
                deed()
        assert store.history(VIEWER, issue.id) == before

    def test_who_moves_to_another_group_keeps_what_was_begun(self, store: Store) -> None:
        own, others = store.create_issue(GROUP_A, "own"), store.create_issue(INSTRUCTOR, "others", group="A")
        moved = replace(GROUP_A, groups=frozenset({"B"}))
        assert set(store.issues(GROUP_A)) == {own, others}
        assert store.issues(moved) == (own,)

    def test_a_group_sees_its_own_work_only(self, store: Store) -> None:
        issue = store.create_issue(GROUP_A, "A's issue")
        pin = store.pin(GROUP_A, issue.id, evidence())
        plan = store.save_plan(GROUP_A, roster(issue))
        assert issue.group == "A"
        assert store.issues(GROUP_B) == store.plans(GROUP_B) == store.history(GROUP_B, issue.id) == ()
        assert store.issues(INSTRUCTOR) == (issue,)
        deeds = (
            lambda: store.issue(GROUP_B, issue.id),
            lambda: store.pins(GROUP_B, issue.id),
            lambda: store.save_issue(GROUP_B, replace(issue, notes="x")),
            lambda: store.pin(GROUP_B, issue.id, evidence()),
            lambda: store.unpin(GROUP_B, pin.id),
            lambda: store.save_plan(GROUP_B, replace(plan, action="x")),
            lambda: store.save_plan(GROUP_B, replace(plan, issue_id="elsewhere", action="x")),
            lambda: store.save_plan(GROUP_B, roster(issue)),
        )
        for deed in deeds:
            with pytest.raises(BadInput) as error:
                deed()
            assert key_of(error) == "workshop.missing.issue"

    def test_nobody_smuggles_an_issue_into_another_group(self, store: Store) -> None:
        with pytest.raises(NotAllowed):
            store.create_issue(GROUP_A, "x", group="B")
        issue = store.create_issue(GROUP_A, "x")
        with pytest.raises(NotAllowed):
            store.save_issue(GROUP_A, replace(issue, group="B"))

    def test_a_group_hands_in_and_the_instructor_closes(self, store: Store) -> None:
        issue = diagnosed(store, GROUP_A)
        plan = store.save_plan(GROUP_A, roster(issue))
        issue = store.save_issue(GROUP_A, replace(issue, state=IssueState.PLANNED))
        store.save_plan(GROUP_A, replace(plan, state=PlanState.DROPPED))
        with pytest.raises(NotAllowed):
            store.save_issue(GROUP_A, replace(issue, state=IssueState.CLOSED))
        assert store.save_issue(INSTRUCTOR, replace(issue, state=IssueState.CLOSED)).state is IssueState.CLOSED

    def test_numbers_beyond_the_scope_stay_hidden(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        everything = store.pin(ANALYST, issue.id, evidence())
        team_1 = store.pin(ANALYST, issue.id, evidence(selection=Selection(filters=(Filter("team", ("1",)),))))
        assert [p.id for p in store.pins(TEAM_1, issue.id)] == [team_1.id]
        assert {e.subject_id for e in store.history(TEAM_1, issue.id)} == {issue.id, team_1.id}
        with pytest.raises(NotAllowed):
            store.pin(TEAM_1, issue.id, evidence())
        with pytest.raises(BadInput):
            store.unpin(TEAM_1, everything.id)

    def test_counts_of_evidence_are_those_of_what_is_seen(self, store: Store) -> None:
        ours, theirs, bare = (store.create_issue(user, "3G") for user in (ANALYST, GROUP_A, ANALYST))
        for issue in (ours, ours, theirs):
            store.pin(ANALYST, issue.id, evidence())
        store.pin(ANALYST, ours.id, evidence(selection=Selection(filters=(Filter("team", ("1",)),))))
        ids = [ours.id, theirs.id, bare.id]
        for user in (ANALYST, TEAM_1, GROUP_A):
            seen = {issue.id for issue in store.issues(user)}
            counts = {id: len(store.pins(user, id)) for id in ids if id in seen}
            found = store.pin_counts(user, ids)
            assert {id: found.get(id, 0) for id in ids} == {id: counts.get(id, 0) for id in ids}
        assert store.pin_counts(ANALYST, [theirs.id]) == {theirs.id: 1}
        assert store.pin_counts(ANALYST, []) == {}

    def test_one_role_more_sees_more(self, store: Store) -> None:
        store.create_issue(GROUP_A, "A's issue")
        both = replace(GROUP_B, roles=GROUP_B.roles | {Role.INSTRUCTOR})
        assert len(store.issues(both)) == 1
