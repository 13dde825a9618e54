"""How many questions are worked on at once? The others wait in the order they came; beyond a length none may. Pure.

A question that computes holds the interpreter and a processor: more of them at once make each slower and none sooner.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, get_ident


class Full(Exception):
    """So many wait that one more may not."""

    def __init__(self, waiting: int) -> None:
        super().__init__(waiting)
        self.waiting = waiting


@dataclass(eq=False)
class _Waiting:
    question: Hashable
    thread: int
    is_given_up: bool = False


class Turns:
    """Safe between threads. `at_once`: worked on together; `most`: that may wait."""

    def __init__(self, at_once: int, most: int) -> None:
        self._free, self._most = at_once, most
        self._queue: deque[_Waiting] = deque()
        self._changed = Condition()

    @contextmanager
    def turn(self, question: Hashable) -> Iterator[None]:
        """Waits for this thread's turn, and has it as long as the context.

        Raises: Full where too many wait, TimeoutError once it was given up.
        """
        self._take(_Waiting(question, get_ident()))
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def place(self, question: Hashable) -> int | None:
        """The place of a question in the queue, from 1; None of one that does not wait."""
        with self._changed:
            return next((k for k, one in enumerate(self._queue, 1) if one.question == question), None)

    def give_up(self, thread: int) -> bool:
        """Let a thread wait no longer; False where it does not wait."""
        with self._changed:
            found = next((one for one in self._queue if one.thread == thread), None)
            if found is None:
                return False
            found.is_given_up = True
            self._changed.notify_all()
            return True

    def _take(self, mine: _Waiting) -> None:
        with self._changed:
            if len(self._queue) >= self._most and not self._free:
                raise Full(len(self._queue))
            self._queue.append(mine)
            try:
                self._changed.wait_for(lambda: mine.is_given_up or (self._free > 0 and self._queue[0] is mine))
                if mine.is_given_up:
                    raise TimeoutError
                self._free -= 1
            finally:
                self._queue.remove(mine)
                self._changed.notify_all()
