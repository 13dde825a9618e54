"""The cause tree and its evidence on SQLite and PostgreSQL: what a status stands on, and what hangs together."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from data_access.access import NotAllowed
from data_access.statement import BadInput
from data_access.workshop.evidence_rules import MOST_CONTACTS
from data_access.workshop.records import Basis, CauseLevel, Confidence, IssueState, WhyStatus
from data_access.workshop.rules import lacks
from data_access.workshop.store import Store
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance
from tests.data_access.workshop.conftest import (
    ANALYST,
    DIAGNOSIS,
    INSTRUCTOR,
    VIEWER,
    a_why,
    chain,
    contacts,
    evidence,
    key_of,
    note,
)


def test_from_a_data_problem_to_a_traced_cause(store: Store) -> None:
    issue = store.create_issue(ANALYST, "3G")
    pin = store.pin(ANALYST, issue.id, evidence(sql=("SELECT avg(score)", "FROM contacts")))
    steps = pin.selection.filters
    found = replace(issue, origin=pin.id, path=steps, branches=(steps[:1], ()), **(DIAGNOSIS | {"exception": ""}))
    issue = store.save_issue(ANALYST, found)
    with pytest.raises(BadInput) as error:
        store.save_issue(ANALYST, replace(issue, state=IssueState.DIAGNOSED))
    assert key_of(error) == "workshop.gate.needs_levels"
    whys = chain(store, issue, last=WhyStatus.HYPOTHESISED)
    with pytest.raises(BadInput) as error:
        store.save_issue(ANALYST, replace(issue, state=IssueState.DIAGNOSED))
    assert key_of(error) == "workshop.gate.needs_supported"
    last = store.save_why(INSTRUCTOR, replace(whys[-1], status=WhyStatus.SUPPORTED, confidence=Confidence.HIGH))
    assert (last.version, last.created_by, last.updated_by) == (2, "Li Na", "Wang Wei")
    issue = store.save_issue(ANALYST, replace(issue, state=IssueState.DIAGNOSED))
    (trace,) = store.traces(ANALYST, issue.id)
    assert lacks(trace) == ()
    assert (trace.issue, trace.origin, trace.whys) == (issue, trace.pins[0], (*whys[:2], last))
    assert (trace.issue.path, trace.issue.branches) == (steps, (steps[:1], ()))
    assert trace.pins[0].sql == ("SELECT avg(score)", "FROM contacts")


def test_a_supported_diagnosis_is_not_taken_apart(store: Store) -> None:
    issue = store.create_issue(ANALYST, "3G", basis=Basis.RECORDING, basis_reason="A threat on the recording")
    whys = chain(store, issue)
    cause = DIAGNOSIS | {"exception": "", "location_reason": ""}
    issue = store.save_issue(ANALYST, replace(issue, state=IssueState.DIAGNOSED, **cause))
    (piece,) = store.evidence(ANALYST, issue.id)
    store.add_evidence(ANALYST, contacts(whys[0], "c3", stance=Stance.REFUTES))
    deeds = {
        "why_unsupported": lambda: store.remove_evidence(ANALYST, piece.id),
        "hollow": lambda: store.save_why(ANALYST, replace(whys[0], status=WhyStatus.REFUTED)),
        "why_above_others": lambda: store.remove_why(ANALYST, whys[1].id),
        "needs_pin": lambda: store.save_issue(ANALYST, replace(issue, state=IssueState.PLANNED, basis=Basis.DATA)),
    }
    for key, deed in (*deeds.items(), ("hollow", lambda: store.remove_why(ANALYST, whys[2].id))):
        with pytest.raises(BadInput) as error:
            deed()
        assert key_of(error) == f"workshop.gate.{key}"
    store.save_issue(ANALYST, replace(issue, state=IssueState.OPEN))
    store.remove_why(ANALYST, whys[2].id)
    assert [why.id for why in store.whys(ANALYST, issue.id)] == [whys[0].id, whys[1].id]
    assert [piece.why_id for piece in store.evidence(ANALYST, issue.id)] == [whys[0].id]


def test_the_history_keeps_whys_and_evidence(store: Store) -> None:
    issue = store.create_issue(ANALYST, "3G")
    why = store.save_why(ANALYST, a_why(issue, "Callers wait"))
    piece = store.add_evidence(INSTRUCTOR, contacts(why, "c1"))
    store.save_why(ANALYST, replace(why, status=WhyStatus.SUPPORTED))
    store.remove_why(INSTRUCTOR, why.id)
    entries = store.history(ANALYST, issue.id)
    assert [(e.kind, e.action, e.who, e.subject) for e in entries] == [
        ("why", "removed", "Wang Wei", "Callers wait"),
        ("evidence", "removed", "Wang Wei", "Callers wait"),
        ("why", "saved", "Li Na", "Callers wait"),
        ("evidence", "added", "Wang Wei", "Callers wait"),
        ("why", "created", "Li Na", "Callers wait"),
        ("issue", "created", "Li Na", "3G"),
    ]
    gone, changed, added = entries[1], entries[2], entries[3]
    assert (gone.after, added.before, gone.before) == (None, None, added.after)
    assert added.after is not None and added.after["contacts"] == ("c1",)
    assert added.after["statistics"] == piece.statistics
    assert (changed.before, changed.after) == ({"status": "hypothesised"}, {"status": "supported"})
    assert entries[0].before is not None and entries[0].before["status"] == "supported"
    assert store.history(ANALYST, piece.id) == (gone, added)


def test_evidence_comes_back_as_it_went_in(store: Store) -> None:
    issue = store.create_issue(ANALYST, "3G")
    pin = store.pin(ANALYST, issue.id, evidence())
    why = store.save_why(ANALYST, a_why(issue))
    about = {"issue_id": issue.id, "why_id": why.id}
    given = (
        Evidence(kind=EvidenceKind.PIN, pin_id=pin.id, **about),
        contacts(why, "c1", "c2"),
        Evidence(kind=EvidenceKind.RULE, text="第三条 按日计费", rule_id="R-7", effective=date(2026, 9, 15), **about),
        Evidence(kind=EvidenceKind.LISTENING, contacts=("c3",), answers={"met": "yes", "$odd": ""}, **about),
        note(why, why_id="", stance=Stance.REFUTES),
    )
    added = tuple(store.add_evidence(ANALYST, piece) for piece in given)
    assert store.evidence(ANALYST, issue.id) == added
    assert [(a.created_by, a.created_by_id) for a in added] == [("Li Na", "u1")] * 5
    assert [replace(a, created_by="", created_by_id="", created_at=None) for a in added] == list(given)
    entry = store.history(ANALYST, added[-1].id)[0]
    assert entry.subject == "3G"


@pytest.mark.parametrize(
    ("kind", "stance", "status", "answer"),
    [
        (EvidenceKind.CONTACTS, Stance.SUPPORTS, WhyStatus.SUPPORTED, None),
        (EvidenceKind.NOTE, Stance.SUPPORTS, WhyStatus.SUPPORTED, "why_unsupported"),
        (EvidenceKind.CONTACTS, Stance.REFUTES, WhyStatus.SUPPORTED, "why_unsupported"),
        (EvidenceKind.CONTACTS, Stance.REFUTES, WhyStatus.REFUTED, None),
        (EvidenceKind.NOTE, Stance.REFUTES, WhyStatus.REFUTED, None),
        (EvidenceKind.NOTE, Stance.SUPPORTS, WhyStatus.REFUTED, "why_unrefuted"),
    ],
)
def test_what_a_status_stands_on(
    sqlite_store: Store, kind: EvidenceKind, stance: Stance, status: WhyStatus, answer: str | None
) -> None:
    store, issue = sqlite_store, sqlite_store.create_issue(ANALYST, "3G")
    why, other = (store.save_why(ANALYST, a_why(issue, name)) for name in ("this", "other"))
    given = contacts(why, "c1", stance=stance) if kind is EvidenceKind.CONTACTS else note(why, stance=stance)
    piece = store.add_evidence(ANALYST, given)
    for elsewhere in (other.id, ""):  # what speaks of another why, or of the whole issue, is nothing to this one
        store.add_evidence(ANALYST, contacts(why, "c9", why_id=elsewhere))
        store.add_evidence(ANALYST, note(why, why_id=elsewhere, stance=Stance.REFUTES))
    if answer:
        with pytest.raises(BadInput, match=answer):
            store.save_why(ANALYST, replace(why, status=status))
        return
    assert store.save_why(ANALYST, replace(why, status=status)).status is status
    with pytest.raises(BadInput, match="why_un"):
        store.remove_evidence(ANALYST, piece.id)
    second = store.add_evidence(ANALYST, replace(given, id="second"))
    store.remove_evidence(ANALYST, piece.id)
    assert second.id in {left.id for left in store.evidence(ANALYST, issue.id)}


def test_two_threads_cannot_take_the_last_two_supports(store: Store) -> None:
    issue = store.create_issue(ANALYST, "3G")
    why = store.save_why(ANALYST, a_why(issue))
    pieces = [store.add_evidence(ANALYST, contacts(why, id)) for id in ("c1", "c2")]
    why = store.save_why(ANALYST, replace(why, status=WhyStatus.SUPPORTED))
    barrier = Barrier(2)

    def take(evidence_id: str) -> bool:
        barrier.wait(timeout=30)
        try:
            store.remove_evidence(ANALYST, evidence_id)
        except BadInput:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(take, [piece.id for piece in pieces]))
    assert sorted(taken) == [False, True]
    assert len(store.evidence(ANALYST, issue.id)) == 1


def test_the_tree_holds_together(sqlite_store: Store) -> None:
    store = sqlite_store
    issue, elsewhere = (store.create_issue(ANALYST, name) for name in ("3G", "2G"))
    top = store.save_why(ANALYST, a_why(issue, "top"))
    below = store.save_why(ANALYST, a_why(issue, "below", parent_id=top.id))
    stranger = store.save_why(ANALYST, a_why(elsewhere))
    for changed, key in (
        (replace(top, parent_id=below.id), "gate.why_circle"),
        (replace(top, parent_id=top.id), "gate.why_circle"),
        (replace(top, parent_id=stranger.id), "missing.why"),
        (a_why(elsewhere, parent_id=top.id), "missing.why"),
        (a_why(replace(issue, id="no")), "missing.issue"),
        (a_why(issue, parent_id="no"), "missing.why"),
        (a_why(issue, " "), "form.blank"),
        (a_why(issue, status=WhyStatus.SUPPORTED), "gate.why_unsupported"),
    ):
        with pytest.raises(BadInput) as error:
            store.save_why(ANALYST, changed)
        assert key_of(error) == f"workshop.{key}"
    moved = store.save_why(ANALYST, replace(below, parent_id="", issue_id=elsewhere.id, level=CauseLevel.ROOT))
    assert (moved.issue_id, moved.parent_id, moved.level) == (issue.id, "", CauseLevel.ROOT)
    assert store.save_why(ANALYST, replace(top, parent_id=below.id)).parent_id == below.id


@pytest.mark.parametrize(
    ("changes", "key", "field"),
    [
        ({"kind": EvidenceKind.PIN}, "form.blank", "pin_id"),
        ({"kind": EvidenceKind.PIN, "pin_id": "of another issue", "contacts": ()}, "missing.pin", None),
        ({"kind": EvidenceKind.NOTE, "text": " "}, "form.blank", "text"),
        ({"kind": EvidenceKind.RULE, "effective": date(2026, 9, 15)}, "form.blank", "rule_id"),
        ({"kind": EvidenceKind.RULE, "rule_id": "R-7"}, "form.blank", "effective"),
        ({"kind": EvidenceKind.LISTENING, "text": " "}, "form.blank", "answers"),
        ({"kind": EvidenceKind.LISTENING, "text": "", "answers": {"met": " "}}, "form.blank", "answers"),
        ({"kind": EvidenceKind.LISTENING, "contacts": ()}, "form.blank", "contacts"),
        ({"contacts": ()}, "form.blank", "contacts"),
        ({"pin_id": "p"}, "form.pin_or_contacts", None),
        ({"contacts": ("c1", "")}, "form.blank", "contacts"),
        ({"contacts": tuple(map(str, range(MOST_CONTACTS + 1)))}, "form.too_many_contacts", None),
        ({"contacts": ("\ud83d",)}, "form.signs", "evidence"),
        ({"statistics": {"text": "x" * 1_000_001}}, "form.evidence_too_large", None),
        ({"why_id": "no"}, "missing.why", None),
        ({"issue_id": "no"}, "missing.issue", None),
        ({"rule_id": "x" * 201}, "form.too_long", "rule_id"),
    ],
)
def test_evidence_that_is_none(sqlite_store: Store, changes: dict[str, object], key: str, field: str | None) -> None:
    store, issue = sqlite_store, sqlite_store.create_issue(ANALYST, "3G")
    why = store.save_why(ANALYST, a_why(issue))
    with pytest.raises(BadInput) as error:
        store.add_evidence(ANALYST, replace(contacts(why, "c1"), **changes))  # type: ignore[arg-type]
    assert key_of(error) == f"workshop.{key}"
    assert field in (None, error.value.statement.values.get("field"))


def test_a_pin_in_use_stays(sqlite_store: Store) -> None:
    store, issue = sqlite_store, sqlite_store.create_issue(ANALYST, "3G")
    origin, used = (store.pin(ANALYST, issue.id, evidence()) for _ in range(2))
    issue = store.save_issue(ANALYST, replace(issue, origin=origin.id))
    piece = store.add_evidence(ANALYST, Evidence(issue_id=issue.id, kind=EvidenceKind.PIN, pin_id=used.id))
    for pin, key in ((origin, "pin_is_origin"), (used, "pin_in_use")):
        with pytest.raises(BadInput) as error:
            store.unpin(ANALYST, pin.id)
        assert key_of(error) == f"workshop.gate.{key}"
    for strange in ("no", store.pin(ANALYST, store.create_issue(ANALYST, "2G").id, evidence()).id):
        with pytest.raises(BadInput) as error:
            store.save_issue(ANALYST, replace(issue, origin=strange))
        assert key_of(error) == "workshop.missing.pin"
    store.save_issue(ANALYST, replace(issue, origin=""))
    store.remove_evidence(ANALYST, piece.id)
    store.unpin(ANALYST, origin.id)
    store.unpin(ANALYST, used.id)
    assert store.pins(ANALYST, issue.id) == ()


def test_a_closed_issue_takes_no_whys_and_no_evidence(sqlite_store: Store) -> None:
    store, issue = sqlite_store, sqlite_store.create_issue(ANALYST, "3G")
    why = store.save_why(ANALYST, a_why(issue))
    piece = store.add_evidence(ANALYST, note(why))
    store.pin(ANALYST, issue.id, evidence())
    artefact = DIAGNOSIS | {"cause_type": "artefact", "gap": "none"}
    issue = store.save_issue(ANALYST, replace(issue, state=IssueState.DIAGNOSED, **artefact))
    store.save_issue(ANALYST, replace(issue, state=IssueState.CLOSED))
    for deed in (
        lambda: store.save_why(ANALYST, a_why(issue)),
        lambda: store.save_why(ANALYST, replace(why, statement="late thought")),
        lambda: store.remove_why(ANALYST, why.id),
        lambda: store.add_evidence(ANALYST, note(why)),
        lambda: store.remove_evidence(ANALYST, piece.id),
    ):
        with pytest.raises(BadInput) as error:
            deed()
        assert key_of(error) == "workshop.gate.closed"


def test_a_viewer_reads_whys_and_changes_none(sqlite_store: Store) -> None:
    store, issue = sqlite_store, sqlite_store.create_issue(ANALYST, "3G")
    why = store.save_why(ANALYST, a_why(issue))
    piece = store.add_evidence(ANALYST, note(why))
    assert store.whys(VIEWER, issue.id) == (why,) and store.evidence(VIEWER, issue.id) == (piece,)
    before = store.history(VIEWER, issue.id)
    for deed in (
        lambda: store.save_why(VIEWER, a_why(issue)),
        lambda: store.save_why(VIEWER, replace(why, statement="x")),
        lambda: store.remove_why(VIEWER, why.id),
        lambda: store.add_evidence(VIEWER, note(why)),
        lambda: store.remove_evidence(VIEWER, piece.id),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert store.history(VIEWER, issue.id) == before
