"""A question is asked once at a time, whoever waits; one question never waits for another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from data_access.statement import Unreachable
from pages.frame.answers import FAILED_S, Answers


class Source:
    """Counts what it is asked, and answers when it is let."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.asked, self.failure = 0, failure
        self.let, self.stopped = threading.Event(), threading.Event()

    def __call__(self) -> int:
        self.asked += 1
        assert self.let.wait(30)
        if self.failure:
            raise self.failure
        return self.asked

    def stop(self, thread: int) -> None:
        self.stopped.set()
        self.let.set()


def patiently(future: Future[int]) -> None:
    wait([future])


def ask(answers: Answers[int], key: str, source: Source) -> int:
    return answers.answer(key, source, wait=patiently, stop=source.stop)


def test_many_who_ask_the_same_ask_once_and_hold_nobody_else() -> None:
    answers, slow, other = Answers[int](kept_s=60, most=9), Source(), Source()
    other.let.set()
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(ask, answers, "slow", slow) for _ in range(20)]
        assert ask(answers, "other", other) == 1
        assert not any(one.done() for one in waiting)
        slow.let.set()
        assert {one.result(30) for one in waiting} == {1}
    assert ask(answers, "slow", slow) == 1
    assert slow.asked == 1


def test_a_failure_is_shared_and_kept_for_some_seconds_an_answer_longer() -> None:
    now = [0.0]
    answers = Answers[int](kept_s=60, most=9, clock=lambda: now[0])
    source = Source(Unreachable("warehouse.too_slow", seconds=6))
    source.let.set()
    for now[0], asked in ((0.0, 1), (FAILED_S, 1), (FAILED_S + 1, 2)):
        with pytest.raises(Unreachable):
            ask(answers, "a", source)
        assert source.asked == asked
    source.failure = None
    for now[0], asked in ((30.0, 3), (90.0, 3), (91.0, 4)):
        assert ask(answers, "a", source) == source.asked == asked


def test_who_gives_up_leaves_the_others_waiting_and_the_last_one_stops_the_work() -> None:
    answers, source = Answers[int](kept_s=60, most=9), Source()

    def impatiently(future: Future[int]) -> None:
        raise InterruptedError

    with ThreadPoolExecutor(1) as pool:
        patient = pool.submit(ask, answers, "a", source)
        while not source.asked:
            pass
        with pytest.raises(InterruptedError):
            answers.answer("a", source, wait=impatiently, stop=source.stop)
        assert not source.stopped.wait(0.1)
        source.let.set()
        assert patient.result(30) == 1
    alone = Source()
    with pytest.raises(InterruptedError):
        answers.answer("b", alone, wait=impatiently, stop=alone.stop)
    assert not answers.has("b")
    assert not alone.asked or alone.stopped.wait(30)


def test_only_the_newest_are_kept() -> None:
    answers, source = Answers[int](kept_s=60, most=2), Source()
    source.let.set()
    for key in "abc":
        ask(answers, key, source)
    assert [answers.has(key) for key in "abc"] == [False, True, True]


def test_an_answer_that_grew_old_is_given_at_once_and_asked_anew_behind() -> None:
    now, source = [0.0], Source()
    answers = Answers[int](kept_s=60, behind_s=100, most=9, clock=lambda: now[0])
    source.let.set()
    assert ask(answers, "a", source) == 1
    source.let.clear()
    now[0] = 61
    assert [ask(answers, "a", source) for _ in range(5)] == [1] * 5  # while the source takes its time
    source.let.set()
    until(lambda: ask(answers, "a", source) == 2)
    assert source.asked == 2
    now[0], source.failure = 130, Unreachable("warehouse.too_slow", seconds=6)
    for _ in range(5):
        assert ask(answers, "a", source) == 2
        until(lambda: source.asked == 3)  # it fails once, not for each who comes
    now[0] = 61 + 161  # too old to be given
    with pytest.raises(Unreachable):
        ask(answers, "a", source)


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.01)
    pytest.fail("it did not become so")
