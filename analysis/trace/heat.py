"""On which days of the month and at which hours does a path lose points? A cell per day and hour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.estimate import coded, estimates, totals
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.step_names import path_name, step_name
from analysis.trace.members import Losses, ask_losses, joined, members_of
from analysis.trace.path import ask_along, checked, plain
from analysis.trace.runs import best_run, runs_tried
from data_access.metrics import Metric
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

DAY, HOUR = "day_of_month", "hour"


@within_limits
def heat_map(warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = ()) -> Result:
    """A row for each day of the month and hour that has contacts of the path.

    table: day (1-31), hour (0-23), n, score (NaN for fewer than 10), lost_points (of the whole's distance from the
    best), contribution (of the path's loss, sum 1). parts: `runs`, the run of days and that of hours that best
    separate much loss from little: dimension, value, n, share (of all answers at the place), kept, kept_low,
    kept_high, p_adjusted. Raises BadInput without a time column, NothingToShow without an answer.
    """
    path, metric = checked(warehouse, path), warehouse.model.metric(selection.metric)
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    (everything,) = ask_along(warehouse, selection, (), [()], selection.period)
    whole, cells, *each = ask_losses(warehouse, selection, path, [(), (DAY, HOUR), (DAY,), (HOUR,)])
    table = _table(cells.rows, float(everything.rows["w"].sum()), metric)
    if table.empty:
        raise NothingToShow("selection.empty")
    runs = pd.DataFrame([r for name, cut in zip((DAY, HOUR), each, strict=True) for r in _run(name, cut, whole)])
    return Result.of(
        warehouse,
        selection,
        metric,
        "heat_map",
        statistics={"n": float(table["n"].sum()), "lost_points": float(table["lost_points"].sum())},
        table=table,
        findings=_findings(runs, path),
        caveats=(Statement("caveat.not_cause"),),
        how=Method("heat_map", Statement("how.trace.heat"), (Statement("how.trace.chance"),)),
        options={"path": plain(path)},
        parts={"runs": runs},
        sql=(everything.sql, whole.sql),
    )


def _table(rows: pd.DataFrame, weight: float, metric: Metric) -> pd.DataFrame:
    rows = rows[rows["taken"] > 0].drop(columns="cluster", errors="ignore")
    segments, (rows,) = coded(rows)
    k = len(segments)
    e, lost = estimates(rows, k, metric), totals(rows, "lost", k)
    days, hours = (np.array([int(s[i] or 0) for s in segments], dtype=int) for i in (0, 1))
    columns = {"day": days, "hour": hours, "n": e.n, "score": e.shown("value"), "lost_points": lost / weight}
    parts = lost / lost.sum() if lost.sum() > 0 else np.full(k, NAN)
    return pd.DataFrame({**columns, "contribution": parts}).sort_values(["day", "hour"], ignore_index=True)


def _run(name: str, cut: Losses, whole: Losses) -> list[dict[str, object]]:
    """The run that stands out most; none where the loss is even."""
    members = members_of(cut, whole)
    values = best_run(members.values, members.share, members.kept)
    if not values:
        return []
    one = joined(cut, whole, values)
    p = min(1.0, float(one.p[0]) * runs_tried(len(members.values)))
    numbers = {
        "n": one.n[0],
        "share": one.share[0],
        "kept": one.kept[0],
        "kept_low": one.low[0],
        "kept_high": one.high[0],
    }
    return [{"dimension": name, "value": values, **numbers, "p_adjusted": p}]


def _findings(runs: pd.DataFrame, path: Sequence[Filter]) -> tuple[Statement, ...]:
    """Each significant run; else that there is none."""
    place = {"where": path_name(tuple(path))} if path else {}
    statements = [
        Statement(
            f"trace.heat_{'place' if path else 'whole'}",
            {**row, "place": step_name(row["dimension"], row["value"]), **place},
        )
        for row in runs.to_dict("records")
        if row["p_adjusted"] < SIGNIFICANCE and row["kept"] > row["share"]
    ]
    return tuple(statements) or (Statement("trace.heat_even"),)
