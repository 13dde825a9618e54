"""A result as a meeting keeps it, and back: drawn later, it says the same to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.result import Result
from analysis.stats.intervals import NAN
from data_access.metric_kinds import Unit
from data_access.semantics import SemanticModel
from data_access.workshop.codec import headline_rows, plain
from data_access.workshop.meeting_records import AgendaStep, MeetingSlide

KEPT = "kept"  # the option of a slide that no analysis has: what it takes to draw it without any data
MOST_ROWS, MOST_PART = 50, 400
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Facts:
    """What it takes to draw a slide without any data: unit, direction and data version of its numbers."""

    unit: Unit
    is_lower_better: bool
    version: str
    more: Mapping[str, Any]


def slide_of(
    step: AgendaStep, kind: str, result: Result, model: SemanticModel, *, subject: str = "", **more: Any
) -> MeetingSlide:
    """A result as a slide. more: what the slide says besides its result."""
    metric = model.measure(result.metric)
    facts = {
        "unit": str(result.unit),
        "better": metric.better,
        "version": result.data_version,
        "survey": metric.survey,
    }
    return MeetingSlide(
        step=step,
        kind=kind,
        method=result.method,
        selection=result.selection,
        options=plain({**result.options, KEPT: {**facts, **more}}),
        statements=result.findings,
        caveats=result.caveats,
        statistics=plain(result.statistics),
        rows=headline_rows(result.table, most=MOST_ROWS),
        parts={name: headline_rows(part, most=MOST_PART) for name, part in result.parts.items()},
        sql=result.sql,
        subject=subject,
    )


def facts_of(slide: MeetingSlide) -> Facts:
    """What a slide knows of itself besides its numbers."""
    kept = dict(slide.options.get(KEPT, {}))
    unit, better, version = (
        kept.pop(name, usual) for name, usual in (("unit", "points"), ("better", ""), ("version", ""))
    )
    return Facts(Unit(unit), better == "low", version, kept)


def result_of(slide: MeetingSlide) -> Result:
    """The result that a slide was made of, as it was: without its method, which is no part of a message."""
    facts = facts_of(slide)
    return Result(
        method=slide.method,
        metric=slide.selection.metric,
        unit=facts.unit,
        selection=slide.selection,
        data_version=facts.version,
        statistics={name: NAN if value is None else value for name, value in slide.statistics.items()},
        table=_table(slide.rows),
        findings=slide.statements,
        caveats=slide.caveats,
        options={name: value for name, value in slide.options.items() if name != KEPT},
        parts={name: _table(rows) for name, rows in slide.parts.items()},
        sql=slide.sql,
    )


def _table(rows: Rows) -> pd.DataFrame:
    """Columns that held numbers hold numbers again: what was withheld is NaN, also where all of it was."""
    table = pd.DataFrame([dict(row) for row in rows])
    numbers = [name for name in table if table[name].dtype == object and table[name].map(_is_number).all()]
    return table.astype(dict.fromkeys(numbers, float)) if len(table) else table


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
