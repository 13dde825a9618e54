"""Runs an analysis for a page: once per question, in the background, with a stop when it takes long."""

from __future__ import annotations

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

T = TypeVar("T")
PATIENCE_S = 2.0
STEP_S = 0.2
RESULTS: Answers[Result] = Answers(kept_s=3600, most=500)


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
    return _own(asked(RESULTS, question, work, bounds=bounds, warehouse=warehouse))


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

    work = partial(_at_work, warehouse, partial(analyse, warehouse, selection, **options))
    question = _question(analyse, selection, options, key)
    return _own(RESULTS.answer(question, work, wait=patiently, stop=warehouse.interrupt))


def _question(
    analyse: Callable[..., Result], selection: Selection, options: Mapping[str, Any], key: DataKey
) -> Hashable:
    return (key, analyse.__name__, repr(selection), repr(sorted(options.items())))


def _own(result: Result) -> Result:
    """The result with tables of its own, for what is kept is shared; copied only where a page changes them."""
    parts = {name: part.copy(deep=False) for name, part in result.parts.items()}
    return replace(result, table=result.table.copy(deep=False), parts=parts)


def asked(
    answers: Answers[T], key: Hashable, work: Callable[[], T], *, bounds: Bounds, warehouse: Warehouse | None = None
) -> T:
    """An answer that is kept, or asked for in a thread; after a while a person is told so and may stop it.

    Leaving the page stops it too. Whoever else waits for the same goes on waiting. Raises NotKnown where nothing may
    be asked.
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
        partial(_at_work, warehouse, work),
        wait=lambda future: _waited(bounds, future, stop),
        stop=warehouse.interrupt if warehouse else lambda _: None,
    )


def _at_work(warehouse: Warehouse | None, work: Callable[[], T]) -> T:
    """Work that may be stopped, where it asks a warehouse that is open."""
    with warehouse.working() if warehouse else nullcontext():
        return work()


def _waited(bounds: Bounds, future: Future[Any], stop: str) -> None:
    """Wait for an answer; after some patience show how long it has been, and offer to stop."""
    started = time.monotonic()
    if wait([future], PATIENCE_S).done:
        return
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=bounds.text("running.asking"))
        st.button(bounds.text("running.stop"), key=stop, icon=":material/stop_circle:")
    while not wait([future], STEP_S).done:
        seconds = time.monotonic() - started
        bar.progress(min(seconds / bounds.seconds, 1.0), text=bounds.text("running.seconds", seconds=seconds))
    place.empty()
