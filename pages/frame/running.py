"""Runs an analysis for a page: once per question, in the background, with a stop when it takes long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from analysis.result import Result
from data_access.selection import Selection
from data_access.statement import Unreachable
from data_access.warehouse import Warehouse
from pages.frame.data_key import DataKey

PATIENCE_S = 2.0
STEP_S = 0.2


@dataclass(frozen=True)
class Bounds:
    """How long an analysis may take, and the words for whoever waits."""

    text: Callable[..., str]
    seconds: float


@dataclass(frozen=True)
class Question:
    """What an answer depends on besides the data: the analysis, the narrowed selection and the options, as text."""

    method: str
    selection: str
    options: str

    @property
    def digest(self) -> int:
        return crc32((self.selection + self.options).encode())


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

    The key holds everything the answer depends on; the narrowed selection carries the user's scope, so users with
    different rights never share an answer.
    """
    question = Question(analyse.__name__, repr(selection), repr(sorted(options.items())))

    def work() -> Result:
        return _answer(key, question, lambda: analyse(warehouse, selection, **options))

    return _bounded(warehouse, bounds, work, stop=f"running.stop.{question.method}.{question.digest}")


@st.cache_data(ttl=3600, max_entries=500, show_spinner=False)
def _answer(key: DataKey, question: Question, _work: Callable[[], Result]) -> Result:
    return _work()


def _bounded(warehouse: Warehouse, bounds: Bounds, work: Callable[[], Result], *, stop: str) -> Result:
    """Wait for work in a thread; after a while say so and offer to stop it. Leaving the page stops it too.

    `stop` is the key of that button: each question has its own, for a page may ask several slow ones.
    """
    if st.session_state.get(stop):
        raise Unreachable("warehouse.stopped")
    thread: list[int] = []

    def job() -> Result:
        thread.append(threading.get_ident())
        with warehouse.working():
            return work()

    with ThreadPoolExecutor(1, initializer=_adopt, initargs=(get_script_run_ctx(),)) as pool:
        future = pool.submit(job)
        try:
            return _waited(bounds, future, stop)
        except BaseException:
            if thread and not future.done():
                warehouse.interrupt(thread[0])
            raise


def _adopt(run: Any) -> None:
    """Let the worker use Streamlit's cache as part of this run."""
    add_script_run_ctx(threading.current_thread(), run)


def _waited(bounds: Bounds, future: Future[Result], stop: str) -> Result:
    started = time.monotonic()
    while not future.done() and time.monotonic() - started < PATIENCE_S:
        time.sleep(0.01)
    if future.done():
        return future.result()
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=bounds.text("running.asking"))
        st.button(bounds.text("running.stop"), key=stop, icon=":material/stop_circle:")
    while not future.done():
        time.sleep(STEP_S)
        seconds = time.monotonic() - started
        bar.progress(min(seconds / bounds.seconds, 1.0), text=bounds.text("running.seconds", seconds=seconds))
    place.empty()
    return future.result()
