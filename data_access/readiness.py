"""Do the store and the warehouse answer? Asked without any data, within a few seconds, and never twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, literal, select

from data_access.settings import Settings
from data_access.statement import Problem
from data_access.warehouse.connection import Limits
from data_access.warehouse.dialects import FILE_SUFFIXES
from data_access.warehouse.source import make_engine
from data_access.workshop.engine import holds_store

PATIENCE_S = 2.0


class State(StrEnum):
    """What became of a look at a part: it answers, it does not, or has not within the time."""

    OK = "ok"
    AWAY = "away"
    SLOW = "slow"


class Readiness:
    """Looks at both parts in threads. One that hangs is waited for by whoever asks next, not asked again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looking: dict[str, Future[State]] = {}

    def look(self, settings: Settings, *, seconds: float = PATIENCE_S) -> Mapping[str, State]:
        """How `store` and `warehouse` are now."""
        asked = {"store": lambda: _store(settings), "warehouse": lambda: _warehouse(settings)}
        looks = {part: self._begun(part, look) for part, look in asked.items()}
        wait(looks.values(), seconds)
        return {part: look.result() if look.done() else State.SLOW for part, look in looks.items()}

    def _begun(self, part: str, look: Callable[[], State]) -> Future[State]:
        with self._lock:
            before = self._looking.get(part)
            if before and not before.done():
                return before
            future: Future[State] = Future()
            self._looking[part] = future
        threading.Thread(target=_told, args=(future, look), daemon=True).start()
        return future


def _told(future: Future[State], look: Callable[[], State]) -> None:
    try:
        future.set_result(look())
    except Exception:  # whatever a driver raises, the part does not answer
        future.set_result(State.AWAY)


def _store(settings: Settings) -> State:
    """A store that is not there yet is made by the first who needs it."""
    holds_store(settings.store_url)
    return State.OK


def _warehouse(settings: Settings) -> State:
    source = settings.warehouse
    if source is None:
        return State.OK
    if "://" not in source and Path(source).suffix.lower() not in FILE_SUFFIXES:
        return State.OK if Path(source).is_file() else State.AWAY
    try:
        with _engine(source).connect() as connection:
            connection.execute(select(literal(1))).scalar()
    except Problem:
        return State.AWAY
    return State.OK


@lru_cache(maxsize=4)
def _engine(source: str) -> Engine:
    return make_engine(source, Limits(seconds=PATIENCE_S, rows=1))
