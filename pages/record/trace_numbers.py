"""The numbers of an issue, made in one place for the table, the printed form and the briefs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.result import Result
from analysis.trace import trace
from analysis.trace.path import before_reasons
from data_access.statement import Problem
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.record import issue_data
from pages.words.format import is_missing


@dataclass(frozen=True, kw_only=True)
class TraceNumbers:
    """What an issue comes to, unrounded, None where unknown.

    n, lost_points and share (of everything lost, 0..1, with its interval) are those of the end of the path. score and
    change (with its interval) are those of the place, the first `placed` steps: only low ratings have a reason, so
    that a score behind one says nothing.
    """

    n: int | None = None
    lost_points: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    score: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    placed: int = 0


def along(here: Frame, row: Trace) -> tuple[Context | None, Result | None]:
    """The data of an issue and the loss along its path; None where they are not here or say nothing."""
    there = None
    try:
        there = issue_data.over(here, row)
        return there, None if there is None else there.run(trace, path=row.issue.path)
    except Problem:
        return there, None


def numbers_of(there: Context, row: Trace, result: Result) -> TraceNumbers:
    """The numbers of the end of the path, and of the last place on it that has a score."""
    placed = before_reasons(there.warehouse.model, row.issue.path)
    s, place = result.statistics, result.table.iloc[placed]
    n, end = _known(s, "end_n"), s if row.issue.path else {}  # everything is no share of everything
    return TraceNumbers(
        n=None if n is None else int(n),
        lost_points=_known(s, "end_lost_points"),
        share=_known(end, "kept_of_all"),
        share_low=_known(end, "of_all_low"),
        share_high=_known(end, "of_all_high"),
        score=_known(place, "score"),
        change=_known(place, "change"),
        low=_known(place, "change_low"),
        high=_known(place, "change_high"),
        placed=placed,
    )


def _known(values: Mapping[str, Any] | pd.Series, name: str) -> float | None:
    value: Any = values.get(name)
    return None if is_missing(value) else float(value)
