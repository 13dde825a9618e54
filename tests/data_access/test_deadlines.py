"""One thread watches over all queries: each is stopped at its own time, and none that has ended."""

from __future__ import annotations

import threading

from data_access.deadlines import Deadlines

LONG_S, SHORT_S, PATIENCE_S = 60.0, 0.02, 10.0


def test_a_query_is_stopped_at_its_time_beside_others_that_may_take_longer() -> None:
    deadlines, stopped, never = Deadlines(), threading.Event(), threading.Event()
    with deadlines.within(LONG_S, never.set):
        for _ in range(2):  # the watch goes on after the first
            with deadlines.within(SHORT_S, stopped.set):
                assert stopped.wait(PATIENCE_S)
            stopped.clear()
    assert not never.is_set()


def test_a_query_that_has_ended_is_not_stopped() -> None:
    deadlines, early, late = Deadlines(), threading.Event(), threading.Event()
    with deadlines.within(SHORT_S, early.set):
        pass
    with deadlines.within(2 * SHORT_S, late.set):
        assert late.wait(PATIENCE_S)
    assert not early.is_set()
