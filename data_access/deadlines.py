"""When is a query stopped? One thread watches over all that run: making one for each costs more than many a query."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator


class Deadlines:
    """Calls what stops a query once its time is over. Safe between threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: dict[object, tuple[float, Callable[[], object]]] = {}
        self._wakes = -math.inf  # when the thread looks again; never, before there is one
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @contextlib.contextmanager
    def within(self, seconds: float, stop: Callable[[], object]) -> Iterator[None]:
        """`stop` is called, once, if what is done within takes longer."""
        me, end = object(), time.monotonic() + seconds
        with self._changed:
            self._running[me] = end, stop
            if not self._thread.is_alive():  # the first of all, or the first of a forked process
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
            elif end < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._running.pop(me, None)

    def _watch(self) -> None:
        """What stops a query may itself wait for a source, so it gets a thread of its own."""
        while True:
            with self._changed:
                self._wakes = min((end for end, _ in self._running.values()), default=math.inf)
                self._changed.wait(min(self._wakes - time.monotonic(), threading.TIMEOUT_MAX))
                now = time.monotonic()
                over = [me for me, (end, _) in self._running.items() if end <= now]
                stops = [self._running.pop(me)[1] for me in over]
            for stop in stops:
                threading.Thread(target=stop, daemon=True).start()


DEADLINES = Deadlines()
