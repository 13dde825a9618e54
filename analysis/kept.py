"""What one analysis worked out and the next one needs too: kept for each warehouse while its data stay the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from data_access.warehouse import Warehouse

T = TypeVar("T")


class Kept(Generic[T]):
    """The newest of what was worked out about each warehouse, up to `most` in size. Safe between threads.

    A scope is a warehouse of its own. Nobody may change what was kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: WeakKeyDictionary[Warehouse, OrderedDict[Hashable, tuple[T, int]]] = WeakKeyDictionary()
        self._lock = Lock()

    def of(self, warehouse: Warehouse, asked: Hashable, work: Callable[[], T], size: Callable[[T], int]) -> T:
        """What is known of `asked`, else what `work` finds, which rests on that and the data alone."""
        key = (warehouse.version(), asked)
        with self._lock:
            known = self._known.setdefault(warehouse, OrderedDict())
            if key in known:
                known.move_to_end(key)
                return known[key][0]
        found = work()
        if size(found) <= self._most:
            with self._lock:
                known[key] = found, size(found)
                while sum(part for _, part in known.values()) > self._most:
                    known.popitem(last=False)
        return found
