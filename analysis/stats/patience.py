"""Long computations ask now and then whether they may go on: whoever waits for them may have had enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
_CHECK: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)


@contextmanager
def asking(check: Callable[[], None]) -> Iterator[None]:
    """What is computed inside calls `check` now and then, which raises where it is to end."""
    before = _CHECK.set(check)
    try:
        yield
    finally:
        _CHECK.reset(before)


def go_on() -> None:
    """Called between steps of some milliseconds; raises where the computation is to end."""
    check = _CHECK.get()
    if check is not None:
        check()


def step_by_step(items: Iterable[T]) -> Iterator[T]:
    """The items, with the question before each.

    >>> list(step_by_step("ab"))
    ['a', 'b']
    """
    for item in items:
        go_on()
        yield item
