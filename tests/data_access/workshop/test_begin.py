"""An issue begins whole or not at all, and once for the same evidence, however many press at the same moment."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from data_access.access import NotAllowed, User
from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.workshop.records import IssueState
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST, GROUP_A, GROUP_B, INSTRUCTOR, TEAM_1, VIEWER, evidence

PATH = (Filter("business", ("3G",)),)
AT_ONCE = 6


def begun(store: Store, user: User = ANALYST, **changes: object) -> str:
    return store.begin(user, "Score, October", evidence(**changes), PATH, once=True).id


def at_once(work: Callable[[], str]) -> set[str]:
    """What some threads answer that do the same at the same moment."""
    start = Barrier(AT_ONCE)

    def go(_: int) -> str:
        start.wait()
        return work()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return set(pool.map(go, range(AT_ONCE)))


def begun_by_a_program(url: str) -> set[str]:
    store = open_store(url)
    try:
        return at_once(lambda: begun(store))
    finally:
        store.engine.dispose()


def test_all_who_press_at_the_same_moment_open_one_issue(store: Store) -> None:
    (issue,) = at_once(lambda: begun(store))
    (trace,) = store.traces(ANALYST)
    assert trace.issue.id == issue and trace.issue.path == PATH and [trace.origin] == list(trace.pins)
    assert [entry.action for entry in store.history(ANALYST, issue)] == ["saved", "pinned", "created"]


@pytest.mark.prove
def test_programs_that_begin_at_the_same_moment_open_one_issue(store: Store, store_url: str) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert len(set().union(*pool.map(begun_by_a_program, [store_url] * 3))) == 1
    assert len(store.issues(ANALYST)) == 1


def test_other_evidence_a_closed_issue_and_a_wish_for_a_new_one_begin_anew(store: Store) -> None:
    first = begun(store)
    assert begun(store) == first == begun(store, INSTRUCTOR)
    assert len({first, begun(store, data_version="b"), begun(store, options={"by": ("team",)})}) == 3
    assert store.begin(ANALYST, "Once more", evidence(), PATH).id != first
    store.remove_issue(ANALYST, store.issues(ANALYST)[0].id)
    assert begun(store) == first
    issue = store.issue(ANALYST, first)
    cause = {"cause": "Mix of calls", "cause_type": "artefact", "exception": "Seen at once"}
    issue = store.save_issue(ANALYST, replace(issue, state=IssueState.DIAGNOSED, **cause))  # type: ignore[arg-type]
    store.save_issue(ANALYST, replace(issue, state=IssueState.CLOSED))
    assert begun(store) != first


def test_groups_begin_apart_and_who_sees_all_opens_theirs(store: Store) -> None:
    mine, theirs = begun(store, GROUP_A), begun(store, GROUP_B)
    assert mine != theirs and {store.issue(ANALYST, id).group for id in (mine, theirs)} == {"A", "B"}
    assert begun(store, GROUP_A) == mine and begun(store, ANALYST) in (mine, theirs)


def test_who_may_not_begin_leaves_nothing_behind(sqlite_store: Store) -> None:
    with pytest.raises(NotAllowed):
        begun(sqlite_store, VIEWER)
    with pytest.raises(NotAllowed):
        begun(sqlite_store, TEAM_1)  # the evidence speaks of more than this person may see
    with pytest.raises(BadInput):
        sqlite_store.begin(ANALYST, " ", evidence(), PATH)
    with pytest.raises(BadInput):
        begun(sqlite_store, statistics={"text": "x" * 2_000_000})
    endless = tuple(Filter(f"d{number}", ("x" * 1_000,)) for number in range(200))
    with pytest.raises(BadInput):  # known only once issue and pin are written
        sqlite_store.begin(ANALYST, "Score", evidence(), endless)
    assert sqlite_store.issues(ANALYST) == () and sqlite_store.removed(ANALYST) == ()
