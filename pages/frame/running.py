"""Runs an analysis for a page: once per question, in the background, with a stop when it takes long."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future, wait
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar
from zlib import crc32

import streamlit as st

from analysis.result import Result
from data_access.selection import Selection
from data_access.statement import Unreachable
from data_access.warehouse import Warehouse
from pages.frame.answers import Answers
from pages.frame.data_key import DataKey
from pages.frame.turns import Full, Turns

T = TypeVar("T")
PATIENCE_S = 2.0
STEP_S = 0.2
RESULTS: Answers[Result] = Answers(kept_s=3600, most=500)
# Analyses only: what every page asks of its data is small, and nobody is to wait for it behind somebody's analysis.
AT_ONCE = max(4, 2 * (os.cpu_count() or 1))
TURNS = Turns(AT_ONCE, most=8 * AT_ONCE)


@dataclass(frozen=True)
class Bounds:
    """How long an analysis may take, and the words for whoever waits.

    asks: whether anything is asked at all, or only what is known already is used.
    """

    text: Callable[..., str]
    seconds: float
    asks: bool = True


def answered(
    analyse: Callable[..., Result],
    selection: Selection,
    options: Mapping[str, Any],
    *,
    warehouse: Warehouse,
    key: DataKey,
    bounds: Bounds,
) -> Result:
    """The analysis' answer, from the cache when the same question was asked of the same data.

    The key holds everything the answer depends on. It carries the user's scope, as does the narrowed selection, so
    users with different rights never share an answer.
    """
    work = partial(analyse, warehouse, selection, **options)
    question = _question(analyse, selection, options, key)
    return _own(asked(RESULTS, question, work, bounds=bounds, warehouse=warehouse, turns=TURNS))


def aside(
    analyse: Callable[..., Result],
    selection: Selection,
    options: Mapping[str, Any],
    *,
    warehouse: Warehouse,
    key: DataKey,
    seconds: float,
) -> Result:
    """The same for a file that is made outside of any run, where nothing can be drawn for whoever waits.

    Raises: Unreachable once it takes longer than `seconds`.
    """

    def patiently(future: Future[Any]) -> None:
        if not wait([future], seconds).done:
            raise Unreachable("warehouse.stopped")

    question = _question(analyse, selection, options, key)
    work = partial(_at_work, warehouse, TURNS, question, partial(analyse, warehouse, selection, **options))
    return _own(RESULTS.answer(question, work, wait=patiently, stop=partial(_stop, warehouse, TURNS)))


def _question(
    analyse: Callable[..., Result], selection: Selection, options: Mapping[str, Any], key: DataKey
) -> Hashable:
    return (key, analyse.__module__, analyse.__qualname__, repr(selection), repr(sorted(options.items())))


def _own(result: Result) -> Result:
    """The result with tables of its own, for what is kept is shared; copied only where a page changes them."""
    parts = {name: part.copy(deep=False) for name, part in result.parts.items()}
    return replace(result, table=result.table.copy(deep=False), parts=parts)


def asked(
    answers: Answers[T],
    key: Hashable,
    work: Callable[[], T],
    *,
    bounds: Bounds,
    warehouse: Warehouse | None = None,
    turns: Turns | None = None,
) -> T:
    """An answer that is kept, or asked for in a thread; after a while a person is told so and may stop it.

    Leaving the page stops it too. Whoever else waits for the same goes on waiting. `turns`: where so many are asked
    that this one waits, its place in the queue is told. Raises NotKnown where nothing may be asked.
    """
    if not bounds.asks:
        return answers.known(key)
    stop = (
        f"running.stop.{crc32(repr(key).encode())}"  # each question has its own, for a page may ask several slow ones
    )
    if st.session_state.get(stop) and not answers.has(key):
        raise Unreachable("warehouse.stopped")
    return answers.answer(
        key,
        partial(_at_work, warehouse, turns, key, work),
        wait=lambda future: _waited(bounds, future, stop, lambda: turns.place(key) if turns else None),
        stop=partial(_stop, warehouse, turns),
    )


def _at_work(warehouse: Warehouse | None, turns: Turns | None, key: Hashable, work: Callable[[], T]) -> T:
    """Work that may be stopped, where it asks a warehouse that is open, once it is its turn."""
    try:
        with turns.turn(key) if turns else nullcontext(), warehouse.working() if warehouse else nullcontext():
            return work()
    except Full as full:
        raise Unreachable("turns.full", waiting=full.waiting) from None


def _stop(warehouse: Warehouse | None, turns: Turns | None, thread: int) -> None:
    """Stop a thread that waits for its turn or for the warehouse."""
    if not (turns and turns.give_up(thread)) and warehouse:
        warehouse.interrupt(thread)


def _waited(bounds: Bounds, future: Future[Any], stop: str, queued: Callable[[], int | None]) -> None:
    """Wait for an answer; after some patience show how long it has been, and offer to stop."""
    started = time.monotonic()
    if wait([future], PATIENCE_S).done:
        return
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=bounds.text("running.asking"))
        st.button(bounds.text("running.stop"), key=stop, icon=":material/stop_circle:")
    while not wait([future], STEP_S).done:
        if (before := queued()) is not None:
            bar.progress(0.0, text=bounds.text("turns.waiting", place=before))
            started = time.monotonic()
            continue
        seconds = time.monotonic() - started
        bar.progress(min(seconds / bounds.seconds, 1.0), text=bounds.text("running.seconds", seconds=seconds))
    place.empty()
