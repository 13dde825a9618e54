"""A workshop on a server whose line breaks: nothing acknowledged is lost or saved twice, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, event

from data_access.statement import Unreachable
from data_access.workshop import committing
from data_access.workshop.records import Issue
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST, key_of

from .proxy import Proxy

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(line: Proxy) -> Iterator[Store]:
    store = open_store(line.url)
    yield store
    line.heal()
    store.engine.dispose()


@pytest.fixture
def direct(database: str, store: Store) -> Iterator[Store]:
    """The same store without the line."""
    direct = open_store(database)
    yield direct
    direct.engine.dispose()


def titles(store: Store) -> list[str]:
    return sorted(issue.title for issue in store.issues(ANALYST))


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(Unreachable) as error:
        ask()
    return key_of(error)


def at_commit(store: Store, happens: Callable[[], object]) -> None:
    """Once, just before the next commit is sent."""

    @event.listens_for(store.engine, "commit", once=True)
    def _(_: Connection) -> None:
        happens()


def test_a_line_that_was_cut_while_idle_is_replaced_unnoticed(line: Proxy, store: Store) -> None:
    store.create_issue(ANALYST, "before")
    line.cut()
    store.create_issue(ANALYST, "after")
    assert titles(store) == ["after", "before"]


def test_a_server_that_was_away_serves_again_at_once(line: Proxy, store: Store) -> None:
    store.create_issue(ANALYST, "before")
    line.away()
    assert refused(lambda: store.issues(ANALYST)) == "store.unreachable"
    assert refused(lambda: open_store(line.url)) == "store.unreachable"
    assert refused(lambda: store.create_issue(ANALYST, "x")) == "store.unreachable"
    line.heal()
    store.create_issue(ANALYST, "after")
    assert titles(store) == ["after", "before"]


@pytest.mark.prove
def test_an_answer_that_breaks_off_is_no_answer(line: Proxy, store: Store) -> None:
    for number in range(20):
        store.create_issue(ANALYST, f"{number:02}", notes="long " * 1_000)
    for count in (0, 1, 500, 20_000):
        line.cut_after(count)
        assert refused(lambda: store.issues(ANALYST)) == "store.unreachable"
        line.heal()
    assert len(titles(store)) == 20


@pytest.mark.prove
def test_a_commit_that_did_not_arrive_is_told_and_not_saved(line: Proxy, store: Store, direct: Store) -> None:
    at_commit(store, line.cut)
    assert refused(lambda: store.create_issue(ANALYST, "x")) == "store.unreachable"
    assert titles(direct) == []
    store.create_issue(ANALYST, "x")
    assert titles(direct) == ["x"]


def test_a_commit_whose_answer_was_lost_is_acknowledged_and_saved_once(
    line: Proxy, store: Store, direct: Store
) -> None:
    at_commit(store, lambda: line.cut_after(0))
    healing = threading.Timer(1.0, line.heal)
    healing.start()
    saved: Issue = store.create_issue(ANALYST, "x")
    healing.join()
    assert [issue.id for issue in direct.issues(ANALYST)] == [saved.id]
    assert len(direct.history(ANALYST, saved.id)) == 1


@pytest.mark.prove
def test_where_nobody_can_tell_a_person_is_told_so(
    line: Proxy, store: Store, direct: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "SETTLE_S", 1.0)
    at_commit(store, line.away)
    assert refused(lambda: store.create_issue(ANALYST, "x")) == "store.unsure"
    line.heal()
    assert titles(store) == titles(direct)


@pytest.mark.prove
def test_a_line_that_falls_silent_keeps_nobody_for_ever(line: Proxy, store: Store, direct: Store) -> None:
    """Neither whoever waits nor those who come after; the dead transaction locks nobody out."""
    issue = store.create_issue(ANALYST, "before")
    line.silence()
    assert refused(lambda: store.issues(ANALYST)) == "store.unreachable"
    opened = line.lines
    assert refused(lambda: store.issues(ANALYST)) == "store.unreachable"
    assert line.lines == opened, "nobody waits again right after somebody waited in vain"
    line.heal()
    assert store.engine.get_execution_options()["satrace_lines"].rest

    again = open_store(line.url)
    at_commit(again, line.silence)
    healing = threading.Timer(20.0, line.heal)
    healing.start()
    key = refused(lambda: again.remove_issue(ANALYST, issue.id))
    healing.join()
    assert key == "store.unreachable"
    direct.remove_issue(ANALYST, issue.id)
    assert titles(direct) == []
    again.engine.dispose()
