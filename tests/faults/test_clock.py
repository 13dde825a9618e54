"""A clock that is set while people work: order and drafts stay, nothing acknowledged is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from data_access.workshop import clock
from data_access.workshop.drafts import KEPT, Draft
from data_access.workshop.records import Comment
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import ANALYST

MIDNIGHT = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
Set = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Set:
    monkeypatch.setattr(clock, "_last", datetime.min.replace(tzinfo=UTC))  # no other test has dated anything
    return lambda at: monkeypatch.setattr(clock, "wall", lambda: at)


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=-10)])
def test_order_is_that_of_what_happened(sqlite_store: Store, set_clock: Set, by: timedelta) -> None:
    at = MIDNIGHT + timedelta(minutes=5)
    set_clock(at)
    issue, other = sqlite_store.create_issue(ANALYST, "first"), sqlite_store.create_issue(ANALYST, "second")
    sqlite_store.comment(ANALYST, Comment(issue_id=issue.id, text="before"))
    set_clock(at + by)  # ten minutes back it is yesterday
    saved = sqlite_store.save_issue(ANALYST, replace(issue, notes="x"))
    sqlite_store.comment(ANALYST, Comment(issue_id=issue.id, text="after"))
    (trace,) = sqlite_store.traces(ANALYST, issue.id)
    assert [comment.text for comment in trace.comments] == ["before", "after"]
    assert saved.version == 2 and saved.updated_at and issue.updated_at and saved.updated_at > issue.updated_at
    assert [one.id for one in sqlite_store.issues(ANALYST)] == [issue.id, other.id], "last changed first"
    assert [entry.action for entry in sqlite_store.history(ANALYST, issue.id)][-1] == "created"
    undone = sqlite_store.undo(ANALYST, saved)
    assert undone.notes == ""  # type: ignore[union-attr]


def test_a_clock_that_leaps_ahead_deletes_no_draft(sqlite_store: Store, set_clock: Set) -> None:
    typed = Draft(kind="issue", subject_id="a", field="notes", content="typed")
    sqlite_store.drafts.keep(ANALYST, typed)
    set_clock(datetime.now(UTC) + 2 * KEPT)
    for _ in range(2):
        sqlite_store.drafts.keep(ANALYST, replace(typed, subject_id="b"))
    assert {draft.subject_id for draft in sqlite_store.drafts.of(ANALYST)} == {"a", "b"}
