"""What happened when? The score of a path's contacts by day or week, and the events that touched them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from analysis.calendar import COLUMNS, calendar_of, cut_short
from analysis.estimate import change as difference_of
from analysis.estimate import coded, estimate, estimates, totals
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.step_names import Path
from analysis.trace.path import ask_along, before_reasons, checked, plain, within
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

DAYS_BY_DAY = 120  # more days are shown by week
TOUCHES = 0.05  # of the contacts: an event that concerns fewer is left out


@within_limits
def timeline(warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = ()) -> Result:
    """A row for each day (week beyond 120 days) of baseline and period that has contacts of the path.

    table: start (date text), n, score with 95 % interval (NaN for fewer than 10), lost_raw. parts: `events`, rows of
    the calendar (`analysis.calendar`) that touch the contacts in these days. statistics: bucket, first, last, n,
    score, and with a baseline baseline_n, baseline_score, change, low, high, p. Raises BadInput without a time
    column, NothingToShow without an answer.
    """
    path, metric = checked(warehouse, path), warehouse.model.metric(selection.metric)
    period = selection.period or everything(warehouse)
    spans = [p for p in (selection.baseline, period) if p is not None]
    bucket = "day" if sum(p.days for p in spans) <= DAYS_BY_DAY else "week"
    inside = selection.within(path)
    cells_by_span = [ask_along(warehouse, inside, path, [(bucket,)], span)[0] for span in spans]
    rows = [within(cells.rows, len(path)) for cells in cells_by_span]
    if all(r.empty for r in rows):
        raise NothingToShow("selection.empty")
    span = Period(min(p.start for p in spans), max(p.end for p in spans))
    events, sql, is_cut = touching(warehouse, inside, span)
    statistics = {"bucket": bucket, "first": span.start, "last": span.last_day, **_levels(rows, metric)}
    return Result.of(
        warehouse,
        selection,
        metric,
        "timeline",
        statistics=statistics,
        table=_table(pd.concat(rows, ignore_index=True), metric),
        findings=(Statement(f"trace.events_{_several(len(events))}", {"events": len(events)}),),
        caveats=(*cut_short(is_cut), *_caveats(path, before_reasons(warehouse.model, path))),
        how=Method("timeline", Statement("how.trace.timeline"), (Statement("how.trace.interval"),)),
        options={"path": plain(path)},
        parts={"events": events},
        sql=(*(cells.sql for cells in cells_by_span), *sql),
    )


def touching(warehouse: Warehouse, inside: Selection, span: Period) -> tuple[pd.DataFrame, tuple[str, ...], bool]:
    """Events in the span that concern enough of its contacts, the query, and whether there are more."""
    calendar = calendar_of(warehouse, span)
    if calendar is None:
        return pd.DataFrame(columns=list(COLUMNS)), (), False
    events, sql = calendar.of(warehouse, replace(inside, period=span, baseline=None), span)
    return events[events["share"] >= TOUCHES].reset_index(drop=True), sql, calendar.is_cut


def _several(events: int) -> str:
    return "none" if events == 0 else "one" if events == 1 else "some"


def everything(warehouse: Warehouse) -> Period:
    """All days of the data. Raises BadInput without a time column, NothingToShow without a contact."""
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        raise NothingToShow("selection.empty")
    return Period(extent.first.date(), extent.last.date() + timedelta(days=1))


def _table(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    segments, (rows,) = coded(rows)
    e, k = estimates(rows, len(segments), metric), len(segments)
    scores = {name: e.shown(column) for name, column in (("score", "value"), ("low", "low"), ("high", "high"))}
    table = pd.DataFrame({"n": e.n, **scores, "lost_raw": totals(rows, "lost", k) / abs(metric.slope)})
    table.insert(0, "start", [start for (start,) in segments])
    return table.sort_values("start", ignore_index=True)


def _levels(rows: Sequence[pd.DataFrame], metric: Metric) -> dict[str, float]:
    """The level of the period, and of the baseline where there is one."""
    now = estimate(rows[-1], metric)
    if len(rows) < 2:
        return {"n": now.n, "score": now.value}
    then, difference = estimate(rows[0], metric), difference_of(rows[0], rows[-1], metric)
    levels = {"n": now.n, "score": now.value, "baseline_n": then.n, "baseline_score": then.value}
    return {
        **levels,
        "change": difference.value,
        "low": difference.interval.low,
        "high": difference.interval.high,
        "p": difference.p,
    }


def _caveats(path: Path, reached: int) -> tuple[Statement, ...]:
    reasons = (Statement("trace.reason_scores"),) if reached < len(path) else ()
    return (*reasons, Statement("caveat.not_cause"))
