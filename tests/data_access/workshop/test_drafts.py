"""What somebody types is kept for that person alone, until it is saved or thrown away."""

from dataclasses import replace
from datetime import date

import pytest

from data_access.access import NotAllowed
from data_access.statement import BadInput
from data_access.workshop.drafts import Draft
from data_access.workshop.store import Store, open_store
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
