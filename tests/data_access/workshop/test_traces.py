"""The traceability table from the store: everything of an issue in few queries, and to each only what is theirs."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from data_access.access import NotAllowed, Role, Scope, User
from data_access.selection import Filter, Selection
from data_access.statement import BadInput
from data_access.workshop.records import Basis, Issue, Pin, WhyStatus
from data_access.workshop.rules import lacks
from data_access.workshop.store import Store
from data_access.workshop.tracing import Evidence, EvidenceKind
from tests.data_access.workshop.conftest import (
    ANALYST,
    GROUP_A,
    GROUP_B,
    INSTRUCTOR,
    TEAM_1,
    VIEWER,
    a_why,
    chain,
    contacts,
    evidence,
    key_of,
    note,
    roster,
)

OF_TEAM_1 = Selection(filters=(Filter("team", ("1",)),))


def shown_by(store: Store, issue: Issue, selection: Selection) -> Pin:
    """A pin that becomes the data problem of an issue."""
    pin = store.pin(ANALYST, issue.id, evidence(selection=selection))
    store.save_issue(ANALYST, replace(issue, origin=pin.id))
    return pin


def test_a_bundle_is_what_the_single_verbs_say(store: Store) -> None:
    for title in ("3G", "2G"):
        issue = store.create_issue(ANALYST, title)
        chain(store, issue)
        shown_by(store, issue, Selection())
        store.pin(ANALYST, issue.id, evidence())
        store.save_plan(ANALYST, roster(issue))
    store.create_issue(ANALYST, "bare")
    for trace in store.traces(ANALYST):
        id = trace.issue.id
        assert store.traces(ANALYST, id) == (trace,)
        assert (trace.issue, trace.pins, trace.whys) == (
            store.issue(ANALYST, id), store.pins(ANALYST, id), store.whys(ANALYST, id)
        )  # fmt: skip
        assert (trace.plans, trace.evidence) == (store.plans(ANALYST, id), store.evidence(ANALYST, id))
        assert trace.origin == next((pin for pin in trace.pins if pin.id == trace.issue.origin), None)
    assert [(t.issue.title, len(t.pins), len(t.whys), len(t.plans)) for t in store.traces(ANALYST)] == [
        ("bare", 0, 0, 0), ("2G", 2, 3, 1), ("3G", 2, 3, 1)
    ]  # fmt: skip


def test_as_many_queries_for_many_issues_as_for_one(sqlite_store: Store) -> None:
    store, asked = sqlite_store, list[str]()
    event.listen(store.engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    counts = []
    for number in range(4):
        chain(store, store.create_issue(ANALYST, str(number)))
        asked.clear()
        assert len(store.traces(ANALYST)) == number + 1
        counts.append(len([s for s in asked if s.startswith("SELECT")]))
    assert counts == [8] * 4


def test_a_group_traces_its_own_issues_only(sqlite_store: Store) -> None:
    store, issue = sqlite_store, sqlite_store.create_issue(GROUP_A, "A's issue")
    *_, last = chain(store, issue, user=GROUP_A)
    (piece,) = store.evidence(GROUP_A, issue.id)
    assert store.traces(GROUP_B) == () and len(store.traces(GROUP_A)) == 1
    assert store.history(GROUP_B, issue.id) == store.history(GROUP_B, piece.id) == ()
    for deed in (
        lambda: store.traces(GROUP_B, issue.id),
        lambda: store.whys(GROUP_B, issue.id),
        lambda: store.evidence(GROUP_B, issue.id),
        lambda: store.save_why(GROUP_B, replace(last, statement="x")),
        lambda: store.save_why(GROUP_B, a_why(issue)),
        lambda: store.remove_why(GROUP_B, last.id),
        lambda: store.add_evidence(GROUP_B, note(last)),
        lambda: store.remove_evidence(GROUP_B, piece.id),
    ):
        with pytest.raises(BadInput) as error:
            deed()
        assert key_of(error) == "workshop.missing.issue"


def test_evidence_is_shown_where_its_pin_is(store: Store) -> None:
    issue = store.create_issue(ANALYST, "3G")
    for selection in (Selection(), OF_TEAM_1):
        pin = store.pin(ANALYST, issue.id, evidence(selection=selection))
        store.add_evidence(ANALYST, Evidence(issue_id=issue.id, kind=EvidenceKind.PIN, pin_id=pin.id))
    ours = store.evidence(ANALYST, issue.id)
    assert len(ours) == 2 and store.evidence(TEAM_1, issue.id) == ours[1:]
    told = {entry.subject_id for entry in store.history(TEAM_1, issue.id) if entry.kind == "evidence"}
    assert told == {ours[1].id}
    with pytest.raises(BadInput) as error:
        store.remove_evidence(TEAM_1, ours[0].id)
    assert key_of(error) == "workshop.missing.evidence"
    with pytest.raises(NotAllowed):
        store.add_evidence(TEAM_1, replace(ours[0], id="mine"))


@pytest.mark.parametrize(("origin", "seen"), [(Selection(), False), (OF_TEAM_1, True)])
def test_contacts_are_shown_where_the_data_problem_is(sqlite_store: Store, origin: Selection, seen: bool) -> None:
    store, issue = sqlite_store, sqlite_store.create_issue(ANALYST, "3G")
    shown_by(store, issue, origin)
    why = store.save_why(ANALYST, a_why(issue))
    listening = contacts(why, "c2", kind=EvidenceKind.LISTENING, answers={"met": "no"}, statistics={})
    given = [contacts(why, "c1"), listening, note(why), note(why, statistics={"score": 20.0})]
    ids = [store.add_evidence(ANALYST, piece).id for piece in given]

    def of(user: User) -> list[str]:
        told = [entry.subject_id for entry in store.history(user, issue.id) if entry.kind == "evidence"]
        found = [piece.id for piece in store.evidence(user, issue.id)]
        assert found == told[::-1]
        return found

    assert of(ANALYST) == of(INSTRUCTOR) == ids
    assert of(TEAM_1) == (ids if seen else [ids[2]])
    assert of(VIEWER) == ids[2:]  # a viewer sees no single contacts
    if seen:
        return
    with pytest.raises(NotAllowed):
        store.add_evidence(TEAM_1, contacts(why, "c3"))


def test_contacts_without_a_data_problem_are_for_who_brought_them_or_sees_all(
    sqlite_store: Store,
) -> None:
    store = sqlite_store
    issue = store.create_issue(TEAM_1, "A threat", basis=Basis.RECORDING, basis_reason="Grave")
    why = store.save_why(TEAM_1, a_why(issue))
    piece = store.add_evidence(TEAM_1, contacts(why, "c1"))
    team_2 = User("u9", "He Xi", frozenset({Role.ANALYST}), Scope((Filter("team", ("2",)),)))
    assert [store.evidence(user, issue.id) for user in (TEAM_1, ANALYST, team_2)] == [(piece,), (piece,), ()]


def test_the_gate_counts_what_its_user_may_not_see(sqlite_store: Store) -> None:
    """A cause is as traced for one reader as for another."""
    store, issue = sqlite_store, sqlite_store.create_issue(ANALYST, "3G")
    pin = shown_by(store, issue, Selection())
    chain(store, issue)
    issue = store.issue(TEAM_1, issue.id)
    found = replace(issue, cause="Flat roster", cause_type="capacity", location_reason="Alike everywhere")
    issue = store.save_issue(TEAM_1, found)
    (trace,) = store.traces(TEAM_1)
    assert (trace.origin, trace.pins, trace.evidence, lacks(trace)) == (None, (), (), ())
    assert (trace.issue.origin, trace.whys[-1].status) == (pin.id, WhyStatus.SUPPORTED)
