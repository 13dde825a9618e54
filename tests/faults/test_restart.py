"""A server that is stopped, or crashes, while people save: every save that was acknowledged is there, each once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from data_access.statement import Unreachable
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST

from .conftest import OwnServer

pytestmark = [pytest.mark.postgres, pytest.mark.prove]
WRITERS, RESTARTS = 8, 4


def titles(store: Store) -> list[str]:
    return sorted(issue.title for issue in store.issues(ANALYST))


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_is_restarted_between_the_statements_and_the_commit(own_server: OwnServer, mode: str) -> None:
    store = open_store(own_server.url)

    @event.listens_for(store.engine, "commit", once=True)
    def _(_: sa.Connection) -> None:
        own_server.stop(mode)
        own_server.start()

    with pytest.raises(Unreachable):
        store.create_issue(ANALYST, "x")
    assert titles(store) == [], "what was refused is not there: it may be saved again"
    store.create_issue(ANALYST, "x")
    assert titles(store) == ["x"]
    store.engine.dispose()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_many_write_while_a_server_comes_and_goes(own_server: OwnServer, mode: str) -> None:
    store, over = open_store(own_server.url), threading.Event()
    keys: set[str] = set()

    def write(writer: int) -> tuple[list[str], list[str]]:
        done, refused, number = [], [], 0
        while not over.is_set():
            title = f"{writer} {number}"
            try:
                store.create_issue(ANALYST, title)
                done.append(title)
            except Unreachable as error:
                keys.add(error.statement.key)
                (refused if error.statement.key != "store.unsure" else []).append(title)
                time.sleep(0.05)
            number += 1
        return done, refused

    with ThreadPoolExecutor(WRITERS) as pool:
        at_work = [pool.submit(write, writer) for writer in range(WRITERS)]
        for _ in range(RESTARTS):
            time.sleep(1.0)
            own_server.stop(mode)
            time.sleep(0.5)
            own_server.start()
        time.sleep(1.0)
        over.set()
        told = [one.result() for one in at_work]
    there = titles(store)
    acknowledged = [title for done, _ in told for title in done]
    assert set(acknowledged) <= set(there) and len(there) == len(set(there))
    assert not {title for _, refused in told for title in refused} & set(there), (
        "told that it was not saved, but it was"
    )
    assert acknowledged and keys <= {"store.unreachable", "store.unsure", "store.busy"}
    store.engine.dispose()
