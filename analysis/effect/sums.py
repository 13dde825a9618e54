"""The sums that every design of an effect needs, in one statement: by week, and by stratum of the case mix.

Rows stay in the warehouse. A cell lies between two days on which something changes for the answers (`Asked.bounds`),
so that each side of a start, of a baseline and of a month that is left out is a sum of whole cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pandas as pd

from analysis.effect.asked import Asked, Members
from analysis.estimate import SUMS, scaled
from data_access.metrics import Metric
from data_access.selection import Period
from data_access.warehouse import Warehouse

COURSES = ("series", "cohorts")  # designs that follow a course week by week


@dataclass(frozen=True)
class Sums:
    """Sums of treated and control as `analysis.effect.did` describes them.

    weeks: with a row a week besides, a day where there is only a course; cells: by stratum. sql: the statement;
    without: answers of no cluster, left out.
    """

    weeks: pd.DataFrame
    cells: pd.DataFrame
    sql: str
    without: float = 0.0

    def of(self, design: str) -> pd.DataFrame:
        """The sums that a design is judged by: those that follow a course need its weeks."""
        return self.weeks if design in COURSES else self.cells


def sums(warehouse: Warehouse, asked: Asked, strata: Sequence[str]) -> Sums:
    """The sums of the metric."""
    cuts = [(*_course(asked), *_apart(asked)), (*_apart(asked), *strata)]
    spans = [Period(*days) for days in pairwise(asked.bounds)]
    weeks, cells = warehouse.cells_each(asked.metric.name, cuts, None, asked.everybody, spans=spans)
    by_week, by_stratum = (
        _frame(answer.rows, asked, spans, asked.metric, by) for answer, by in ((weeks, ()), (cells, strata))
    )
    in_weeks, in_strata = (_named(frame, asked) for frame in (by_week, by_stratum))
    return Sums(in_weeks, in_strata, weeks.sql, float(by_week["n"].sum() - in_weeks["n"].sum()))


def sums_beside(warehouse: Warehouse, asked: Asked, metric: Metric) -> tuple[pd.DataFrame, str]:
    """The sums of another metric, such as a guardrail, that the design is judged by; and the statement."""
    course = _course(asked) if asked.design in COURSES else ()
    spans = [Period(*days) for days in pairwise(asked.bounds)]
    answer = warehouse.cells_each(metric.name, [(*course, *_apart(asked))], None, asked.everybody, spans=spans)[0]
    return _named(_frame(answer.rows, asked, spans, metric, ()), asked), answer.sql


def _course(asked: Asked) -> tuple[str]:
    return ("day" if asked.design == "series" else "week",)


def _apart(asked: Asked) -> tuple[str, ...]:
    """The dimensions that tell who is who."""
    return tuple(dict.fromkeys(name for name in (*asked.treated, asked.unit, asked.cluster) if name))


def _named(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The cells whose cluster is known, a blank one that was asked for by an empty name."""
    frame = frame[frame["cluster"].notna() | (asked.cluster == asked.unit)]
    return frame.assign(cluster=frame["cluster"].where(frame["cluster"].notna(), "")).reset_index(drop=True)


def _frame(
    rows: pd.DataFrame, asked: Asked, spans: Sequence[Period], metric: Metric, strata: Sequence[str]
) -> pd.DataFrame:
    """Cells of the treated and the control, with the first day of each; what is neither is left out."""
    rows = rows.reset_index(drop=True)
    first = [spans[int(place)].start for place in rows["span"]]
    for course in {"day", "week"} & {*rows}:
        first = [max(day, date.fromisoformat(began)) for day, began in zip(first, rows[course], strict=True)]
    treated, control = (passes(rows, members) for members in asked.sides)
    keys = {
        "day": first,
        "unit": rows[asked.unit] if asked.unit else "",
        "cluster": rows[asked.cluster] if asked.cluster else "",
        "treated": treated,
        "stratum": list(zip(*(rows[name] for name in strata), strict=True)) if strata else 0,
    }
    frame = scaled(rows, metric)[list(SUMS)].assign(**keys)
    return frame[treated | control if asked.control else treated].reset_index(drop=True)


def passes(rows: pd.DataFrame, members: Members) -> pd.Series:
    """Which rows hold one of the members in every dimension."""
    inside = pd.Series(True, index=rows.index)
    for name, values in members.items():
        inside &= rows[name].isin([v for v in values if v is not None]) | (rows[name].isna() & (None in values))
    return inside
