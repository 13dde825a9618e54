"""Fields of a few values: no other is saved, and one that a newer program wrote hides no record."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from sqlalchemy import Table, update

from data_access.statement import BadInput
from data_access.workshop import monitor_tables, tables
from data_access.workshop.changes import ENUMERATED, NEAREST
from data_access.workshop.engine import transaction
from data_access.workshop.field_rules import check_fields
from data_access.workshop.records import Comment, Look, Made, Plan, Ruling
from data_access.workshop.store import Store
from data_access.workshop.tracing import Evidence
from tests.data_access.workshop.conftest import ANALYST, chain, diagnosed, key_of, roster
from tests.data_access.workshop.monitor_fixtures import DATA, a_case, a_feedback, a_meeting, a_round, a_slide
from tests.data_access.workshop.test_following import effect_of, ruling_of


def test_every_field_of_a_few_values_is_known() -> None:
    few = {kind.__name__ for kind in NEAREST}
    for record in (*ENUMERATED, Comment, Evidence, Look, Plan, Ruling):
        assert {f.name for f in fields(record) if str(f.type) in few} == set(ENUMERATED[record])


def test_no_other_value_is_saved_or_hides_a_record(sqlite_store: Store) -> None:
    issue = diagnosed(sqlite_store)
    chain(sqlite_store, issue)
    plan = sqlite_store.save_plan(ANALYST, roster(issue))
    sqlite_store.add_look(ANALYST, effect_of(plan))
    sqlite_store.overrule(ANALYST, ruling_of(plan))
    sqlite_store.comment(ANALYST, Comment(issue_id=issue.id, text="x"))
    (whole,) = sqlite_store.traces(ANALYST)
    parts = {tables.issues: whole.issue, tables.whys: whole.whys[0], tables.evidence: whole.evidence[0],
             tables.plans: plan, tables.looks: whole.looks[0], tables.rulings: whole.rulings[0],
             tables.comments: whole.comments[0], **watched(sqlite_store)}  # fmt: skip
    assert {type(part) for part in parts.values()} == set(ENUMERATED)
    for table, part in parts.items():
        for name in ENUMERATED[type(part)]:
            with pytest.raises(BadInput) as error:
                check_fields(replace(part, **{name: "zz"}))  # type: ignore[type-var]
            assert key_of(error) == "workshop.form.unknown_code"
            with transaction(sqlite_store.engine) as connection:
                connection.execute(update(table).values({name: "zz"}))
    (found,) = sqlite_store.traces(ANALYST)
    watched_now = watched(sqlite_store, again=True).values()
    for part in (found.issue, *watched_now, *found.whys, *found.evidence, *found.plans, *found.looks, *found.rulings):
        for name, few in ENUMERATED[type(part)].items():
            assert getattr(part, name) is NEAREST[few]


def watched(store: Store, *, again: bool = False) -> dict[Table, Made]:
    """What is said of signals, of a contact and in a meeting, as it is read."""
    if not again:
        store.judge(ANALYST, a_feedback())
        store.begin_round(ANALYST, a_round(), [a_case(1)])
        store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    (begun,), (meeting,) = store.recovery_rounds(ANALYST, DATA), store.meetings(ANALYST)
    return {
        monitor_tables.feedback: store.feedback(ANALYST, DATA)[0],
        monitor_tables.recovery_cases: store.recovery_cases(ANALYST, begun.id)[0],
        monitor_tables.slides: store.slides(ANALYST, meeting.id)[0],
    }
