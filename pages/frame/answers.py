"""Answers that are kept: a question is asked by one thread at a time, however many people wait for its answer. Pure.

Nobody waits for the answer to another question, nor while one that grew old is asked anew. A failure is kept too, for
some seconds, so that a source that does not answer is not asked again by each who comes. Whoever gives up leaves the
others waiting; only when nobody is left is the work itself stopped.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread, get_ident
from typing import Any, Generic, TypeVar

T = TypeVar("T")
FAILED_S = 10.0
STOPS, STOP_S = 5, 0.2


class NotKnown(Exception):
    """Something was not asked yet, by somebody who would not ask it now."""


@dataclass
class _Asked(Generic[T]):
    """A question under way or answered; `thread` is who works on it, `at` the moment of its answer.

    renewed: when it was last asked anew behind those who still get this answer.
    """

    future: Future[T] = field(default_factory=Future)
    waiting: int = 0
    is_given_up: bool = False
    thread: int | None = None
    at: float = 0.0
    renewed: float = -math.inf


class Answers(Generic[T]):
    """What was asked lately, the newest `most` of it, each for `kept_s` seconds. Safe between threads.

    behind_s: for so many seconds more an answer is still given, while it is asked anew behind whoever gets it.
    """

    def __init__(
        self, *, kept_s: float, most: int, behind_s: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._kept_s, self._most, self._behind_s, self._clock = kept_s, most, behind_s, clock
        self._asked: dict[Hashable, _Asked[T]] = {}
        self._lock = Lock()

    def has(self, key: Hashable) -> bool:
        """Whether the answer, or the failure, is there and still holds."""
        with self._lock:
            asked = self._asked.get(key)
            return asked is not None and asked.future.done() and not self._is_over(asked)

    def known(self, key: Hashable) -> T:
        """The last answer, however old. Raises NotKnown where there is none; asks nobody."""
        with self._lock:
            asked = self._asked.get(key)
        if asked is None or not asked.future.done() or asked.future.exception():
            raise NotKnown
        return asked.future.result()

    def forget(self, key: Hashable, answer: T) -> None:
        """Whoever asks next gets another answer than this one."""
        with self._lock:
            asked = self._asked.get(key)
            if asked and asked.future.done() and not asked.future.exception() and asked.future.result() is answer:
                del self._asked[key]

    def answer(
        self,
        key: Hashable,
        work: Callable[[], T],
        *,
        wait: Callable[[Future[T]], object],
        stop: Callable[[int], object],
    ) -> T:
        """The answer that is kept, else that of `work`, done by a thread of its own.

        `wait` returns once the answer is there, or raises for who gives up. `stop` is called with the identifier of
        the working thread when all have.
        """
        asked = self._joined(key, work)
        try:
            if not asked.future.done():
                wait(asked.future)
        finally:
            self._leave(key, asked, stop)
        failure = asked.future.exception()
        if failure is not None:
            raise failure.with_traceback(None)  # each raise would lengthen it
        return asked.future.result()

    def _joined(self, key: Hashable, work: Callable[[], T]) -> _Asked[T]:
        with self._lock:
            asked = self._asked.pop(key, None)
            if asked is None or self._is_over(asked):
                asked = _Asked()
                Thread(target=self._work, args=(asked, work), daemon=True).start()
            elif self._is_to_renew(asked):
                asked.renewed = self._clock()
                Thread(target=self._renew, args=(key, asked, work), daemon=True).start()
            self._asked[key] = asked  # the newest last
            while len(self._asked) > self._most:
                del self._asked[next(iter(self._asked))]
            asked.waiting += 1
            return asked

    def _is_over(self, asked: _Asked[T]) -> bool:
        if not asked.future.done():
            return False
        kept_s = FAILED_S if asked.future.exception() else self._kept_s + self._behind_s
        return self._clock() - asked.at > kept_s

    def _is_to_renew(self, asked: _Asked[T]) -> bool:
        """An answer that grew old; what failed to be asked anew is not tried again by each who comes."""
        if not asked.future.done() or asked.future.exception():
            return False
        now = self._clock()
        return now - asked.at > self._kept_s and now - asked.renewed > max(self._kept_s, FAILED_S)

    def _renew(self, key: Hashable, old: _Asked[T], work: Callable[[], T]) -> None:
        """Put a new answer in the place of the old one, which stays where there is none."""
        fresh: _Asked[T] = _Asked()
        self._work(fresh, work)
        with self._lock:
            if not fresh.future.exception() and self._asked.get(key) is old:
                self._asked[key] = fresh

    def _work(self, asked: _Asked[T], work: Callable[[], T]) -> None:
        asked.thread = get_ident()
        try:
            if asked.is_given_up:
                raise TimeoutError
            answer = work()
        except BaseException as failure:
            asked.at = self._clock()
            asked.future.set_exception(failure)
        else:
            asked.at = self._clock()
            asked.future.set_result(answer)

    def _leave(self, key: Hashable, asked: _Asked[T], stop: Callable[[int], object]) -> None:
        """One fewer waits; what nobody waits for is stopped, and forgotten so that it may be asked anew."""
        with self._lock:
            asked.waiting -= 1
            if asked.waiting or asked.future.done():
                return
            asked.is_given_up = True
            if self._asked.get(key) is asked:
                del self._asked[key]
        # in a thread of its own: a source that does not answer may not hear this either
        Thread(target=_stop, args=(asked, stop), daemon=True).start()


def _stop(asked: _Asked[Any], stop: Callable[[int], object]) -> None:
    """Once more after a while, as the work may just have been on its way to the source."""
    for _ in range(STOPS):
        if asked.thread is not None and not asked.future.done():
            stop(asked.thread)
        time.sleep(STOP_S)
