"""The same promises on SQLite and PostgreSQL: nothing lost, nothing beyond one's rights, nothing unsaid."""

import pickle
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data_access.access import NotAllowed, Role, User
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, Unreachable
from data_access.workshop.codec import canonical
from data_access.workshop.compare import PinVerdict, compare_pin
from data_access.workshop.records import Conflict, Issue, IssueState, Plan, PlanState
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import (
    ANALYST,
    GROUP_A,
    GROUP_B,
    INSTRUCTOR,
    TEAM_1,
    VIEWER,
    evidence,
)

DIAGNOSIS = {"cause": "Flat roster against doubled billing calls", "cause_type": "capacity", "gap": "design"}


def diagnosed(store: Store, user: User = ANALYST) -> Issue:
    issue = store.create_issue(user, "3G callers wait")
    store.pin(user, issue.id, evidence())
    return store.save_issue(user, replace(issue, state=IssueState.DIAGNOSED, **DIAGNOSIS))


def roster(issue: Issue, **changes: object) -> Plan:
    given = {"owner": "workforce", "due": date(2026, 12, 15), "target_metric": "score", "target_value": 84.0}
    return Plan(issue_id=issue.id, action="Roster follows the bill", **(given | changes))  # type: ignore[arg-type]


def key_of(error: pytest.ExceptionInfo[NotAllowed | BadInput]) -> str:
    return error.value.statement.key


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
        later = store.save_issue(INSTRUCTOR, replace(issue, why="月初月末等候长", created_by="somebody else"))
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
        first = store.save_issue(ANALYST, replace(first, why="changed"))
        assert [i.title for i in store.issues(ANALYST)] == ["first", "second"]
        for action, due in (("undated", None), ("late", date(2027, 1, 1)), ("soon", date(2026, 11, 1))):
            store.save_plan(ANALYST, Plan(issue_id=second.id, action=action, due=due))
        assert [p.action for p in store.plans(ANALYST)] == ["soon", "late", "undated"]


class TestConflict:
    def test_second_save_of_an_issue_loses_nothing(self, store: Store) -> None:
        seen = store.create_issue(ANALYST, "3G")
        theirs = store.save_issue(INSTRUCTOR, replace(seen, why="theirs", where="month start"))
        mine = replace(seen, why="mine", solution="expert seats")
        with pytest.raises(Conflict) as conflict:
            store.save_issue(ANALYST, mine)
        assert (conflict.value.theirs, conflict.value.mine) == (theirs, mine)
        assert store.issue(ANALYST, seen.id) == theirs
        differences = {d.field: (d.theirs, d.mine) for d in conflict.value.differences}
        assert differences == {
            "where": ("month start", ""),
            "why": ("theirs", "mine"),
            "solution": ("", "expert seats"),
        }
        kept = store.history(ANALYST, seen.id)[0]
        assert (kept.action, kept.who) == ("conflict", "Li Na")
        assert kept.after == {"where": "", "why": "mine", "solution": "expert seats"}

    def test_settling_a_conflict_is_an_ordinary_save(self, store: Store) -> None:
        seen = store.create_issue(ANALYST, "3G")
        store.save_issue(INSTRUCTOR, replace(seen, why="theirs"))
        with pytest.raises(Conflict) as conflict:
            store.save_issue(ANALYST, replace(seen, why="mine"))
        merged = replace(conflict.value.theirs, why="theirs and mine")
        assert isinstance(merged, Issue)
        assert store.save_issue(ANALYST, merged).version == 3

    def test_second_save_of_a_plan(self, store: Store) -> None:
        plan = store.save_plan(ANALYST, roster(store.create_issue(ANALYST, "3G")))
        theirs = store.save_plan(INSTRUCTOR, replace(plan, due=date(2027, 1, 31)))
        with pytest.raises(Conflict) as conflict:
            store.save_plan(ANALYST, replace(plan, due=date(2026, 11, 30)))
        assert [d.field for d in conflict.value.differences] == ["due"]
        assert store.plans(ANALYST) == (theirs,)

    def test_a_conflict_comes_before_the_rules(self, store: Store) -> None:
        """Theirs may have moved the state: mine must be shown, not scolded for a step it never meant."""
        seen = diagnosed(store)
        store.save_issue(INSTRUCTOR, replace(seen, state=IssueState.OPEN))
        store.unpin(INSTRUCTOR, store.pins(INSTRUCTOR, seen.id)[0].id)
        with pytest.raises(Conflict):
            store.save_issue(ANALYST, replace(seen, why="more"))

    def test_the_same_edit_twice_is_no_conflict(self, store: Store) -> None:
        seen = store.create_issue(ANALYST, "3G")
        edit = replace(seen, why="same")
        assert store.save_issue(ANALYST, edit) == store.save_issue(ANALYST, edit)

    def test_a_conflict_travels(self, store: Store) -> None:
        issue = Issue(title="3G")
        copy = pickle.loads(pickle.dumps(Conflict(issue, replace(issue, why="x"))))
        assert (copy.theirs, copy.mine.why) == (issue, "x")

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
                    store.save_issue(ANALYST, replace(seen, why=f"{number}/{turn}"))
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
        tried = {e.after["why"] for e in store.history(ANALYST, issue.id) if e.after and "why" in e.after}
        assert tried >= {f"{n}/{t}" for n in range(editors) for t in range(rounds)}

    def test_two_programs_on_one_store(self, store: Store, store_url: str) -> None:
        other = open_store(store_url)
        seen = store.create_issue(ANALYST, "3G")
        other.save_issue(INSTRUCTOR, replace(other.issue(INSTRUCTOR, seen.id), why="theirs"))
        with pytest.raises(Conflict):
            store.save_issue(ANALYST, replace(seen, why="mine"))
        other.engine.dispose()


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
            lambda: store.save_issue(ANALYST, replace(issue, why="late thought")),
            lambda: store.pin(ANALYST, issue.id, evidence()),
            lambda: store.unpin(ANALYST, store.pins(ANALYST, issue.id)[0].id),
            lambda: store.save_plan(ANALYST, roster(issue)),
            lambda: store.save_plan(ANALYST, replace(plan, action="other")),
        )
        for deed in deeds:
            with pytest.raises(BadInput) as error:
                deed()
            assert key_of(error) == "workshop.gate.closed"


class TestRights:
    def test_a_viewer_reads_and_changes_nothing(self, store: Store) -> None:
        issue = diagnosed(store)
        plan = store.save_plan(ANALYST, roster(issue))
        (pin,) = store.pins(VIEWER, issue.id)
        before = store.history(VIEWER, issue.id)
        deeds = (
            lambda: store.create_issue(VIEWER, "mine"),
            lambda: store.save_issue(VIEWER, replace(issue, why="x")),
            lambda: store.pin(VIEWER, issue.id, evidence()),
            lambda: store.unpin(VIEWER, pin.id),
            lambda: store.save_plan(VIEWER, replace(plan, action="x")),
            lambda: store.save_plan(VIEWER, roster(issue)),
        )
        for deed in deeds:
            with pytest.raises(NotAllowed):
                deed()
        assert store.history(VIEWER, issue.id) == before

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
            lambda: store.save_issue(GROUP_B, replace(issue, why="x")),
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

    def test_one_role_more_sees_more(self, store: Store) -> None:
        store.create_issue(GROUP_A, "A's issue")
        both = replace(GROUP_B, roles=GROUP_B.roles | {Role.INSTRUCTOR})
        assert len(store.issues(both)) == 1


class TestAudit:
    def test_says_who_did_what_when(self, store: Store) -> None:
        issue = diagnosed(store)
        plan = store.save_plan(INSTRUCTOR, roster(issue))
        plan = store.save_plan(INSTRUCTOR, replace(plan, due=date(2027, 1, 31)))
        entries = store.history(VIEWER, issue.id)
        assert [(e.kind, e.action, e.who) for e in reversed(entries)] == [
            ("issue", "created", "Li Na"),
            ("pin", "pinned", "Li Na"),
            ("issue", "moved", "Li Na"),
            ("plan", "created", "Wang Wei"),
            ("plan", "saved", "Wang Wei"),
        ]
        assert entries[0].before == {"due": date(2026, 12, 15)}
        assert entries[0].after == {"due": date(2027, 1, 31)}
        assert store.history(VIEWER, plan.id) == entries[:2]

    def test_keeps_all_of_a_pin_that_was_taken_off(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        pin = store.pin(ANALYST, issue.id, evidence())
        store.unpin(INSTRUCTOR, pin.id)
        entry = store.history(ANALYST, pin.id)[0]
        assert (entry.action, entry.who, entry.after) == ("unpinned", "Wang Wei", None)
        assert entry.before is not None and entry.before["statistics"] == pin.statistics

    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE workshop_audit SET who = 'nobody'",
            "DELETE FROM workshop_audit",
            "INSERT OR REPLACE INTO workshop_audit SELECT * FROM workshop_audit",
            "TRUNCATE workshop_audit",
        ],
    )
    def test_the_database_itself_refuses_changes(self, store: Store, attack: str) -> None:
        only_on = {"INSERT": "sqlite", "TRUNCATE": "postgresql"}.get(attack.split()[0])
        if only_on not in (None, store.engine.dialect.name):
            pytest.skip(f"{only_on} alone speaks so")
        issue = store.create_issue(ANALYST, "3G")
        before = store.history(ANALYST, issue.id)
        with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text(attack))
        assert store.history(ANALYST, issue.id) == before

    def test_a_refused_deed_leaves_no_half_of_itself(self, store: Store) -> None:
        issue = store.create_issue(ANALYST, "3G")
        before = store.history(ANALYST, issue.id)
        with pytest.raises(BadInput):
            store.save_plan(ANALYST, roster(issue, remedy="magic"))
        assert (store.plans(ANALYST), store.history(ANALYST, issue.id)) == ((), before)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"title": " "}, "blank"),
        ({"title": "x" * 201}, "too_long"),
        ({"why": "a\x00b"}, "signs"),
        ({"why": "\ud83d"}, "signs"),
        ({"cause_type": "magic"}, "unknown_code"),
    ],
)
def test_unusable_input_is_named(store: Store, changes: dict[str, str], key: str) -> None:
    issue = store.create_issue(ANALYST, "3G")
    with pytest.raises(BadInput) as error:
        store.save_issue(ANALYST, replace(issue, **changes))  # type: ignore[arg-type]
    assert key_of(error) == f"workshop.form.{key}"
    assert error.value.statement.values["field"] in changes


@pytest.mark.parametrize("missing", ["issue", "pin", "plan"])
def test_what_is_not_there_is_named(store: Store, missing: str) -> None:
    deeds = {
        "issue": lambda: store.issue(ANALYST, "no"),
        "pin": lambda: store.unpin(ANALYST, "no"),
        "plan": lambda: store.save_plan(ANALYST, Plan(issue_id="no", action="x", version=1)),
    }
    with pytest.raises(BadInput) as error:
        deeds[missing]()
    assert key_of(error) == f"workshop.missing.{missing}"


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense", "duckdb:///x.db"])
def test_other_kinds_of_store_are_refused(url: str) -> None:
    with pytest.raises(BadInput) as error:
        open_store(url)
    assert key_of(error) == "store.bad_url"


def test_a_server_that_is_down_is_one_sentence_without_the_password() -> None:
    with pytest.raises(Unreachable) as error:
        open_store("postgresql://li:secret@127.0.0.1:1/satrace")
    assert error.value.statement.key == "store.unreachable"
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "w.sqlite").write_bytes(b"not a database at all, only text " * 50)
    with pytest.raises(Unreachable):
        open_store(f"sqlite:///{tmp_path / 'w.sqlite'}")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unreachable):
        open_store(f"sqlite:///{tmp_path / 'file' / 'w.sqlite'}")


def test_the_file_is_in_wal_mode(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'w.sqlite'}").engine.dispose()
    assert sqlite3.connect(tmp_path / "w.sqlite").execute("PRAGMA journal_mode").fetchone() == ("wal",)
