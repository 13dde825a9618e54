"""What does the server write down of itself? A line for each run of a page and for each fault, as text or as JSON.

A run has an id, which a person is told when something goes wrong. No line holds what was asked for: no address with
its filters, no typed word, no error's own message.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from streamlit import logger as of_streamlit

from data_access.passwords import hidden
from data_access.settings import Log
from data_access.statement import Problem
from data_access.traces import WithoutValues, kind, told

LOG = logging.getLogger("satrace")
LOG.addFilter(WithoutValues())
OURS = ("page", "ms", "outcome", "problem")  # what a line of a run has besides


@dataclass
class Run:
    """One run of the app for one browser, and what became of it."""

    id: str
    page: str = ""
    outcome: str = "done"
    problem: str = ""


_run: ContextVar[Run | None] = ContextVar("run", default=None)


class Lines(logging.Formatter):
    """How a record is written: as a line of text with its trace below, or as one object of JSON."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        line = self._line(record)
        if self._as_json:
            return json.dumps(line, ensure_ascii=False)
        trace = "".join(f"\n{one}" for one in line.pop("trace", []))
        named = "".join(f" {name}={line[name]}" for name in ("run", *OURS) if line.get(name) not in (None, ""))
        return f"{line['at']} {record.levelname} {record.name}: {line['message']}{named}{trace}"

    def _line(self, record: logging.LogRecord) -> dict[str, Any]:
        run, error = _run.get(), record.exc_info[1] if record.exc_info else None
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname, "logger": record.name, "process": os.getpid()}
        line |= {"run": run.id} if run else {}
        line |= {"message": hidden(record.getMessage())}
        line |= {name: getattr(record, name) for name in OURS if getattr(record, name, "") != ""}
        return line | ({"error": kind(error), "trace": told(error).splitlines()} if error else {})


class _ToStderr(logging.Handler):
    """Writes to whatever standard error is by then."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):  # closed, or full: the work goes on
            print(self.format(record), file=sys.stderr, flush=True)


def begin(log: Log) -> None:
    """Write the log of this process, Streamlit's part of it included, from now on."""
    lines = Lines(as_json=log is Log.JSON)

    def ours(logger: logging.Logger) -> None:
        logger.handlers = [_handler(lines)]

    of_streamlit.setup_formatter = ours
    of_streamlit.update_formatter()
    LOG.handlers = [_handler(lines)]
    LOG.setLevel(logging.WARNING if log is Log.FAULTS else logging.INFO)


def _handler(lines: logging.Formatter) -> logging.Handler:
    handler = _ToStderr()
    handler.setFormatter(lines)
    return handler


@contextmanager
def run() -> Iterator[None]:
    """One run of the app; what comes after it for a part of the page still counts to it."""
    begun, started = Run(uuid4().hex[:12]), time.perf_counter()
    _run.set(begun)
    try:
        yield
    finally:
        ms = round(1000 * (time.perf_counter() - started))
        said = {"page": begun.page, "ms": ms, "outcome": begun.outcome, "problem": begun.problem}
        LOG.info("run", extra=said)


def on_page(name: str) -> None:
    """Note which page the run draws."""
    if run := _run.get():
        run.page = name


def refused(problem: Problem) -> None:
    """Note that a person was told what cannot be done."""
    if run := _run.get():
        run.outcome, run.problem = "refused", problem.statement.key


def failed(what: str) -> str:
    """Write down the error that is being handled; answers with the id it is found by."""
    run = _run.get() or Run(uuid4().hex[:12])
    _run.set(run)
    run.outcome = "failed"
    LOG.exception(what)
    return run.id
