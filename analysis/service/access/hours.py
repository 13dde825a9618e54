"""At which hours, and on which days of the month or week, is the centre reached worst? Of one measure of access.

Whether the months' ends and the peak hours stand out is tested honestly: of all runs of days and of all runs of hours
the one that fails most is compared with the rest, day by day, and its p counts how many runs were tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.limits import within_limits
from analysis.result import Method, Result, Statement, Unit
from analysis.service.access.access import RATIOS, access_counts
from analysis.service.access.promises import service_level
from analysis.service.rates import Ratio, moved, numbered, rates
from analysis.stats.intervals import SIGNIFICANCE
from analysis.step_names import step_name
from analysis.trace.runs import best_run, runs_tried
from data_access.selection import Selection
from data_access.semantics import near
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

HOUR = "hour"
DAYS = ("day_of_month", "weekday")  # what the hours are drawn against
BY_HOUR = (*(ratio.name for ratio in RATIOS), "service_level")  # the measures that a single hour has


@dataclass(frozen=True)
class _Run:
    """The run of days or hours that fails most: its rate, that of the rest, 0..1, and the adjusted p."""

    dimension: str
    values: tuple[str, ...]
    value: float
    rest: float
    p: float


@within_limits
def access_hours(
    warehouse: Warehouse,
    selection: Selection,
    *,
    measure: str,
    on: str = DAYS[0],
    formula: str = "offered",
    clock: str = "queue",
) -> Result:
    """A row for each day (of the month or the week, `on`) and hour with calls.

    table: day, hour, count, n, value, low, high (0..1, NaN for fewer than ten). statistics: value over all, n.
    parts: `runs`, of days and of hours: dimension, value (a tuple), share (its rate), rest, p_adjusted.
    Raises BadInput for a measure that no hour has, and as `access` does.
    """
    if measure not in BY_HOUR:
        raise BadInput("service.unknown_measure", name=measure, near=near(measure, BY_HOUR))
    asked = replace(selection, baseline=None)
    counts = access_counts(warehouse, asked, by=(HOUR,), formula=formula, clock=clock)
    ratio = service_level(formula) if measure == "service_level" else counts.ratio(measure)
    rows = _placed(counts.now, on)
    runs = [run for name in (on, HOUR) if (run := _run(rows, name, ratio)) is not None]
    whole = rates(_by_day(rows.assign(s=0), ratio), 1, ratio)
    result = Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "access_hours",
        statistics={"value": float(whole.shown("value")[0]), "n": float(whole.of[0])},
        table=_table(rows, on, ratio),
        findings=(_finding(runs, measure),),
        how=Method("access_hours", Statement("how.access.hours")),
        options={"measure": measure, "on": on, "formula": formula, "clock": clock},
        parts={"runs": _runs_table(runs)},
        sql=counts.sql,
    )
    return replace(result, unit=Unit.RATE)


def _placed(rows: pd.DataFrame, on: str) -> pd.DataFrame:
    """The rows with their hour, and their day of the month or week, as whole numbers."""
    rows = rows[rows[HOUR].notna()]
    days = pd.to_datetime(rows["day"])
    place = days.dt.day if on == DAYS[0] else days.dt.day_of_week + 1
    return rows.assign(**{HOUR: rows[HOUR].astype(int), on: place.to_numpy()})


def _table(rows: pd.DataFrame, on: str, ratio: Ratio) -> pd.DataFrame:
    segments, coded = numbered(rows, (on, HOUR))
    found = rates(coded, len(segments), ratio)
    ends = {name: found.shown(name) for name in ("value", "low", "high")}
    table = pd.DataFrame({
        "day": [int(str(segment[0])) for segment in segments],
        "hour": [int(str(segment[1])) for segment in segments],
        "count": found.count,
        "n": found.of,
        **ends,
    })  # fmt: skip
    return table[table["n"] > 0].sort_values(["day", "hour"], ignore_index=True)


def _by_day(rows: pd.DataFrame, ratio: Ratio) -> pd.DataFrame:
    """A row a day of each side, so that what a day has in common counts once."""
    return rows.groupby(["s", "day"], as_index=False)[list(dict.fromkeys([ratio.count, ratio.of]))].sum()


def _run(rows: pd.DataFrame, name: str, ratio: Ratio) -> _Run | None:
    """The run of days or hours with most failures beyond its share; None where nothing fails, or all is one run."""
    sums = rows.groupby(name)[list(dict.fromkeys([ratio.count, ratio.of]))].sum()
    n = sums[ratio.of].to_numpy(dtype=float)
    bad = n - sums[ratio.count].to_numpy() if ratio.better == "high" else sums[ratio.count].to_numpy(dtype=float)
    if len(sums) < 2 or not n.sum() or not bad.sum() > 0:
        return None
    values = [str(value) for value in sums.index]
    run = tuple(str(value) for value in best_run(values, n / n.sum(), bad / bad.sum()))
    if not run:
        return None
    inside = rows[name].astype(str).isin(run)
    found = rates(_by_day(rows.assign(s=inside.astype(int)), ratio), 2, ratio)
    p = min(1.0, moved(found, found, 1, 0).p * runs_tried(len(values)))
    rest, value = (float(v) for v in found.value)
    return _Run(name, run, value, rest, p)


def _runs_table(runs: Sequence[_Run]) -> pd.DataFrame:
    rows = [{"dimension": r.dimension, "value": r.values, "share": r.value, "rest": r.rest, "p_adjusted": r.p}
            for r in runs]  # fmt: skip
    return pd.DataFrame(rows, columns=["dimension", "value", "share", "rest", "p_adjusted"])


def _finding(runs: Sequence[_Run], measure: str) -> Statement:
    """Both runs in one sentence, as far as they stand apart beyond chance."""
    known = [_said(run) for run in runs if np.isfinite(run.p) and run.p < SIGNIFICANCE]
    name = {"name": Statement(f"service.measure.{measure}")}
    if not known:
        return Statement("access_hours.even", name)
    if len(known) == 1:
        return Statement("access_hours.one", {**name, "first": known[0]})
    return Statement("access_hours.both", {**name, "first": known[0], "second": known[1]})


def _said(run: _Run) -> Statement:
    numbers: dict[str, Any] = {"value": run.value, "rest": run.rest, "p_adjusted": run.p}
    return Statement("access_hours.run", {"place": step_name(run.dimension, run.values), **numbers})
