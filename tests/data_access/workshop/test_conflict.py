"""Several editors at once: exactly one wins, everybody is told, nothing is lost."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from data_access.workshop.changes import Conflict
from data_access.workshop.records import Confidence, Issue, IssueState, Milestone, Priority, WhyStatus
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import (
    ANALYST,
    INSTRUCTOR,
    a_why,
    diagnosed,
    roster,
)


class TestConflict:
    def test_second_save_of_an_issue_loses_nothing(self, store: Store) -> None:
        seen = store.create_issue(ANALYST, "3G")
        theirs = store.save_issue(INSTRUCTOR, replace(seen, notes="theirs", location_reason="month start"))
        mine = replace(seen, notes="mine", cause="expert seats")
        with pytest.raises(Conflict) as conflict:
            store.save_issue(ANALYST, mine)
        assert (conflict.value.theirs, conflict.value.mine) == (theirs, mine)
        assert store.issue(ANALYST, seen.id) == theirs
        differences = {d.field: (d.theirs, d.mine) for d in conflict.value.differences}
        assert differences == {
            "notes": ("theirs", "mine"),
            "cause": ("", "expert seats"),
            "location_reason": ("month start", ""),
        }
        kept = store.history(ANALYST, seen.id)[0]
        assert (kept.action, kept.who) == ("conflict", "Li Na")
        assert kept.after == {"location_reason": "", "notes": "mine", "cause": "expert seats"}

    def test_settling_a_conflict_is_an_ordinary_save(self, store: Store) -> None:
        seen = store.create_issue(ANALYST, "3G")
        store.save_issue(INSTRUCTOR, replace(seen, notes="theirs"))
        with pytest.raises(Conflict) as conflict:
            store.save_issue(ANALYST, replace(seen, notes="mine"))
        merged = replace(conflict.value.theirs, notes="theirs and mine")
        assert isinstance(merged, Issue)
        assert store.save_issue(ANALYST, merged).version == 3

    def test_second_save_of_a_plan(self, store: Store) -> None:
        plan = store.save_plan(ANALYST, roster(store.create_issue(ANALYST, "3G")))
        theirs = store.save_plan(INSTRUCTOR, replace(plan, due=date(2027, 1, 31)))
        with pytest.raises(Conflict) as conflict:
            store.save_plan(ANALYST, replace(plan, due=date(2026, 11, 30)))
        assert [d.field for d in conflict.value.differences] == ["due"]
        assert store.plans(ANALYST) == (theirs,)

    def test_second_save_of_a_why(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        seen = store.save_why(ANALYST, a_why(issue))
        theirs = store.save_why(INSTRUCTOR, replace(seen, statement="Seats are missing"))
        mine = replace(seen, confidence=Confidence.HIGH, status=WhyStatus.SUPPORTED)
        with pytest.raises(Conflict) as conflict:
            store.save_why(ANALYST, mine)
        assert [d.field for d in conflict.value.differences] == ["statement", "status", "confidence"]
        assert conflict.value.statement.values["subject"] == "Seats are missing"
        assert store.whys(ANALYST, issue.id) == (theirs,)
        kept = store.history(ANALYST, seen.id)[0]
        assert (kept.kind, kept.action, kept.after and kept.after["status"]) == ("why", "conflict", "supported")

    def test_a_conflict_comes_before_the_rules(self, store: Store) -> None:
        """Theirs may have moved the state: mine must be shown, not scolded for a step it never meant."""
        seen = diagnosed(store)
        store.save_issue(INSTRUCTOR, replace(seen, state=IssueState.OPEN))
        store.unpin(INSTRUCTOR, store.pins(INSTRUCTOR, seen.id)[0].id)
        with pytest.raises(Conflict):
            store.save_issue(ANALYST, replace(seen, notes="more"))

    def test_the_same_edit_twice_is_no_conflict(self, store: Store) -> None:
        seen = store.create_issue(ANALYST, "3G")
        edit = replace(seen, notes="same")
        assert store.save_issue(ANALYST, edit) == store.save_issue(ANALYST, edit)

    def test_a_conflict_travels(self, store: Store) -> None:
        issue = Issue(title="3G")
        copy = pickle.loads(pickle.dumps(Conflict(issue, replace(issue, notes="x"))))
        assert (copy.theirs, copy.mine.notes) == (issue, "x")

    def test_of_many_threads_exactly_one_wins_each_round(self, store: Store) -> None:
        editors, rounds = 4, 5
        issue = store.create_issue(ANALYST, "3G")
        barrier = Barrier(editors)

        def edit(number: int) -> list[str]:
            outcomes = []
            for turn in range(rounds):
                seen = store.issue(ANALYST, issue.id)
                barrier.wait(timeout=30)
                try:
                    store.save_issue(ANALYST, replace(seen, notes=f"{number}/{turn}"))
                    outcomes.append("saved")
                except Conflict:
                    outcomes.append("conflict")
                barrier.wait(timeout=30)
            return outcomes

        with ThreadPoolExecutor(editors) as pool:
            outcomes = list(pool.map(edit, range(editors)))
        per_round = [[one[turn] for one in outcomes] for turn in range(rounds)]
        assert all(turn.count("saved") == 1 for turn in per_round)
        assert store.issue(ANALYST, issue.id).version == 1 + rounds
        tried = {e.after["notes"] for e in store.history(ANALYST, issue.id) if e.after and "notes" in e.after}
        assert tried >= {f"{n}/{t}" for n in range(editors) for t in range(rounds)}

    def test_two_programs_on_one_store(self, store: Store, store_url: str) -> None:
        other = open_store(store_url)
        seen = store.create_issue(ANALYST, "3G")
        other.save_issue(INSTRUCTOR, replace(other.issue(INSTRUCTOR, seen.id), notes="theirs"))
        with pytest.raises(Conflict):
            store.save_issue(ANALYST, replace(seen, notes="mine"))
        other.engine.dispose()


def test_two_people_who_move_milestones_both_keep_their_version(store: Store) -> None:
    plan = store.save_plan(ANALYST, roster(diagnosed(store), milestones=(Milestone("Agreed", date(2026, 11, 2)),)))
    theirs = store.save_plan(
        INSTRUCTOR, replace(plan, milestones=(Milestone("Agreed", date(2026, 11, 9)),), cost=5.0)
    )
    mine = replace(plan, milestones=(Milestone("Agreed", date(2026, 11, 16)),), priority=Priority.URGENT)
    with pytest.raises(Conflict) as error:
        store.save_plan(ANALYST, mine)
    differing = {d.field: (d.theirs, d.mine) for d in error.value.differences}
    assert differing == {
        "milestones": (theirs.milestones, mine.milestones),
        "cost": (5.0, None),
        "priority": (Priority.NORMAL, Priority.URGENT),
    }
    refused = store.history(ANALYST, plan.id)[0]
    assert refused.action == "conflict" and refused.after and refused.after["milestones"] == mine.milestones
