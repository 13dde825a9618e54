"""Who did what, when: complete, and append-only by the database itself."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data_access.statement import BadInput
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import (
    ANALYST,
    INSTRUCTOR,
    VIEWER,
    diagnosed,
    evidence,
    roster,
)


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
