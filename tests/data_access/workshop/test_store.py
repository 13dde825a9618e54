"""The way from a number to a closed remedy, on SQLite and PostgreSQL, and what must be there at each step."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest

from data_access.statement import BadInput
from data_access.workshop.codec import canonical
from data_access.workshop.compare import PinVerdict, compare_pin
from data_access.workshop.records import IssueState, Plan, PlanState
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import (
    ANALYST,
    DIAGNOSIS,
    INSTRUCTOR,
    VIEWER,
    diagnosed,
    evidence,
    key_of,
    roster,
)


class TestJourney:
    def test_from_number_to_closed_remedy(self, store: Store) -> None:
        issue = diagnosed(store)
        plan = store.save_plan(ANALYST, roster(issue, expected_lift=0.9, check_method="day_type"))
        issue = store.save_issue(ANALYST, replace(issue, state=IssueState.PLANNED))
        plan = store.save_plan(ANALYST, replace(plan, state=PlanState.DOING))
        plan = store.save_plan(ANALYST, replace(plan, state=PlanState.DONE))
        issue = store.save_issue(ANALYST, replace(issue, state=IssueState.CLOSED))
        again = store.save_issue(ANALYST, replace(issue, state=IssueState.OPEN))
        assert (again.state, again.version, plan.version) == (IssueState.OPEN, 5, 3)
        assert store.issue(VIEWER, issue.id) == again
        assert store.plans(VIEWER, issue.id) == store.plans(VIEWER) == (plan,)

    def test_the_store_signs_and_dates(self, store: Store) -> None:
        before = datetime.now(UTC)
        issue = store.create_issue(ANALYST, "满意度 84.7 ↓1.6", data_version="a81f3c")
        later = store.save_issue(INSTRUCTOR, replace(issue, notes="月初月末等候长", created_by="somebody else"))
        assert (later.created_by, later.created_by_id, later.updated_by) == ("Li Na", "u1", "Wang Wei")
        assert later.created_at == issue.created_at
        assert later.updated_at is not None and before <= later.updated_at <= datetime.now(UTC)
        assert later.updated_at.utcoffset() == timedelta(0)
        assert store.issue(ANALYST, issue.id) == later

    def test_a_pin_comes_back_as_it_went_in_and_can_be_compared(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        made = store.pin(ANALYST, issue.id, evidence())
        (found,) = store.pins(VIEWER, issue.id)
        assert found == replace(made, selection=canonical(made.selection))
        assert compare_pin(found, evidence().statistics, "a81f3c").verdict is PinVerdict.HOLDS

    def test_saving_what_is_stored_changes_nothing(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        assert store.save_issue(INSTRUCTOR, issue) == issue
        assert len(store.history(ANALYST, issue.id)) == 1

    def test_last_changed_issue_comes_first_and_earliest_due_plan(self, store: Store) -> None:
        first, second = (store.create_issue(ANALYST, name) for name in ("first", "second"))
        first = store.save_issue(ANALYST, replace(first, notes="changed"))
        assert [i.title for i in store.issues(ANALYST)] == ["first", "second"]
        for action, due in (("undated", None), ("late", date(2027, 1, 1)), ("soon", date(2026, 11, 1))):
            store.save_plan(ANALYST, Plan(issue_id=second.id, action=action, due=due))
        assert [p.action for p in store.plans(ANALYST)] == ["soon", "late", "undated"]


class TestGates:
    def test_no_diagnosis_without_evidence(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        with pytest.raises(BadInput) as error:
            store.save_issue(ANALYST, replace(issue, state=IssueState.DIAGNOSED, **DIAGNOSIS))
        assert key_of(error) == "workshop.gate.needs_pin"
        assert store.issue(ANALYST, issue.id) == issue

    def test_no_planned_issue_without_a_ready_plan(self, store: Store) -> None:
        issue = diagnosed(store)
        store.save_plan(ANALYST, roster(issue, due=None))
        with pytest.raises(BadInput) as error:
            store.save_issue(ANALYST, replace(issue, state=IssueState.PLANNED))
        assert key_of(error) == "workshop.gate.needs_plan"

    def test_a_planned_issue_is_not_hollowed_out(self, store: Store) -> None:
        issue = diagnosed(store)
        plan = store.save_plan(ANALYST, roster(issue))
        store.save_issue(ANALYST, replace(issue, state=IssueState.PLANNED))
        with pytest.raises(BadInput) as error:
            store.save_plan(ANALYST, replace(plan, owner=""))
        assert key_of(error) == "workshop.gate.plan_incomplete"
        assert store.save_plan(ANALYST, replace(plan, state=PlanState.DROPPED)).state is PlanState.DROPPED

    def test_the_last_evidence_of_a_diagnosis_stays(self, store: Store) -> None:
        issue = diagnosed(store)
        (pin,) = store.pins(ANALYST, issue.id)
        with pytest.raises(BadInput) as error:
            store.unpin(ANALYST, pin.id)
        assert key_of(error) == "workshop.gate.last_pin"
        store.pin(ANALYST, issue.id, evidence())
        store.unpin(ANALYST, pin.id)
        assert len(store.pins(ANALYST, issue.id)) == 1

    def test_two_threads_cannot_take_the_last_two_pins(self, store: Store) -> None:
        issue = diagnosed(store)
        store.pin(ANALYST, issue.id, evidence())
        barrier = Barrier(2)

        def take(pin_id: str) -> bool:
            barrier.wait(timeout=30)
            try:
                store.unpin(ANALYST, pin_id)
            except BadInput:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            taken = list(pool.map(take, [pin.id for pin in store.pins(ANALYST, issue.id)]))
        assert sorted(taken) == [False, True]
        assert len(store.pins(ANALYST, issue.id)) == 1

    def test_a_closed_issue_is_left_alone(self, store: Store) -> None:
        issue = diagnosed(store)
        plan = store.save_plan(ANALYST, roster(issue, state=PlanState.DROPPED))
        issue = store.save_issue(ANALYST, replace(issue, cause_type="artefact", gap="none"))
        issue = store.save_issue(ANALYST, replace(issue, state=IssueState.CLOSED))
        deeds = (
            lambda: store.save_issue(ANALYST, replace(issue, notes="late thought")),
            lambda: store.pin(ANALYST, issue.id, evidence()),
            lambda: store.unpin(ANALYST, store.pins(ANALYST, issue.id)[0].id),
            lambda: store.save_plan(ANALYST, roster(issue)),
            lambda: store.save_plan(ANALYST, replace(plan, action="other")),
        )
        for deed in deeds:
            with pytest.raises(BadInput) as error:
                deed()
            assert key_of(error) == "workshop.gate.closed"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"title": " "}, "blank"),
        ({"title": "x" * 201}, "too_long"),
        ({"notes": "a\x00b"}, "signs"),
        ({"notes": "\ud83d"}, "signs"),
        ({"cause_type": "magic"}, "unknown_code"),
    ],
)
def test_unusable_input_is_named(store: Store, changes: dict[str, str], key: str) -> None:
    issue = store.create_issue(ANALYST, "3G")
    with pytest.raises(BadInput) as error:
        store.save_issue(ANALYST, replace(issue, **changes))  # type: ignore[arg-type]
    assert key_of(error) == f"workshop.form.{key}"
    assert error.value.statement.values["field"] in changes


@pytest.mark.parametrize("missing", ["issue", "pin", "plan", "why", "evidence"])
def test_what_is_not_there_is_named(store: Store, missing: str) -> None:
    deeds = {
        "issue": lambda: store.issue(ANALYST, "no"),
        "pin": lambda: store.unpin(ANALYST, "no"),
        "plan": lambda: store.save_plan(ANALYST, Plan(issue_id="no", action="x", version=1)),
        "why": lambda: store.remove_why(ANALYST, "no"),
        "evidence": lambda: store.remove_evidence(ANALYST, "no"),
    }
    with pytest.raises(BadInput) as error:
        deeds[missing]()
    assert key_of(error) == f"workshop.missing.{missing}"
