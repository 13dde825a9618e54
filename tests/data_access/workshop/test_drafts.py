"""What somebody types is kept for that person alone, until it is saved or thrown away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from data_access.access import NotAllowed
from data_access.statement import BadInput
from data_access.workshop.drafts import KEPT, OF_A_DELETED_ISSUE, Draft
from data_access.workshop.engine import transaction
from data_access.workshop.store import Store, open_store
from data_access.workshop.tables import drafts, removed
from tests.data_access.workshop.conftest import ANALYST, GROUP_A, INSTRUCTOR, VIEWER


def typed(content: object, field: str = "notes", **about: str) -> Draft:
    given = {"kind": "issue", "subject_id": "i", "issue_id": "i"} | about
    return Draft(field=field, content=content, before="Old", **given)


def test_the_last_text_is_there_in_another_program(store: Store, store_url: str) -> None:
    store.drafts.keep(ANALYST, typed("等了很久"))
    last = store.drafts.keep(ANALYST, replace(typed("等了很久，没人接"), before="Newer"))
    store.drafts.keep(ANALYST, typed(date(2026, 12, 1), "due", kind="plan", subject_id="p"))
    again = open_store(store_url)
    kept = again.drafts.of(ANALYST, "i")
    assert [(d.kind, d.field, d.content, d.before) for d in kept] == [
        ("issue", "notes", "等了很久，没人接", "Old"),  # what stood there when the typing began
        ("plan", "due", date(2026, 12, 1), "Old"),
    ]
    assert kept[0].at == last.at and again.drafts.moments(ANALYST) == {"i": kept[1].at}
    again.engine.dispose()


def test_nobody_else_reads_it_or_throws_it_away(store: Store) -> None:
    mine = store.drafts.keep(ANALYST, typed("mine"))
    theirs = store.drafts.keep(INSTRUCTOR, typed("theirs"))
    store.drafts.drop(INSTRUCTOR, "i")
    assert store.drafts.of(INSTRUCTOR, "i") == () and store.drafts.moments(INSTRUCTOR) == {}
    assert [d.content for d in store.drafts.of(ANALYST, "i")] == [mine.content] != [theirs.content]
    with pytest.raises(NotAllowed):
        store.drafts.keep(VIEWER, typed("x"))


def test_only_what_was_saved_is_forgotten(store: Store) -> None:
    for field in ("title", "notes", "cause"):
        store.drafts.keep(GROUP_A, typed("x", field))
    store.drafts.keep(GROUP_A, typed("new", "title", issue_id="", subject_id="new"))
    store.drafts.drop(GROUP_A, "i", ["title", "notes"])
    assert [d.field for d in store.drafts.of(GROUP_A, "i")] == ["cause"]
    store.drafts.drop(GROUP_A, "i")
    assert store.drafts.of(GROUP_A, "i") == () and store.drafts.moments(GROUP_A) == {}
    assert [d.content for d in store.drafts.of(GROUP_A)] == ["new"]


@pytest.mark.parametrize("content", ["x" * 20_001, "\ud800"])
def test_what_no_field_could_take_is_refused(store: Store, content: str) -> None:
    with pytest.raises(BadInput):
        store.drafts.keep(ANALYST, typed(content, "cause"))
    assert store.drafts.of(ANALYST, "i") == ()


def test_a_draft_has_an_end(store: Store) -> None:
    """Long after the last sign, and some time after its issue was deleted: until then it may be restored."""
    day, now = timedelta(days=1), datetime.now(UTC)
    issues = {name: store.create_issue(ANALYST, name).id for name in ("old", "recent", "deleted", "deleted long ago")}
    for id in issues.values():
        store.drafts.keep(ANALYST, typed("x", issue_id=id, subject_id=id))
    for name in ("deleted", "deleted long ago"):
        store.remove_issue(ANALYST, issues[name])
    moments = {"old": now - KEPT - day, "recent": now - KEPT + day}
    of_removal = {"deleted": now - OF_A_DELETED_ISSUE + day, "deleted long ago": now - OF_A_DELETED_ISSUE - day}
    with transaction(store.engine) as connection:
        for name, at in moments.items():
            connection.execute(update(drafts).where(drafts.c.issue_id == issues[name]).values(at=at))
        for name, at in of_removal.items():
            connection.execute(update(removed).where(removed.c.id == issues[name]).values(removed_at=at))
    store.drafts.keep(INSTRUCTOR, typed("mine"))
    with store.engine.connect() as connection:
        left = set(connection.execute(select(drafts.c.issue_id)).scalars())
    assert left == {issues["recent"], issues["deleted"], "i"}
    store.restore(ANALYST, issues["deleted"])
    assert [d.content for d in store.drafts.of(ANALYST, issues["deleted"])] == ["x"]
