"""Is this segment steady, or did something happen? Its days on the control chart that suits them.

The limits rest on a baseline that is over (`baseline`), on the answers of each day, and on what its weekday, holiday
or turn of the month let expect (`segment_chart`). Rules of runs tell more than chance (`charts.run_rules`); moving
averages and cumulative sums show a drift earlier than single days do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.calendar import cut_short
from analysis.estimate import ask
from analysis.limits import within_limits
from analysis.monitor.baseline import default_baseline
from analysis.monitor.charts.cusum import cusum
from analysis.monitor.charts.ewma import ewma
from analysis.monitor.charts.icons import Variation, assurance, variation
from analysis.monitor.charts.run_rules import run_rules
from analysis.monitor.charts.step import step_start
from analysis.monitor.segment_chart import COUNTED_FROM, JUDGED_FROM, SegmentChart, by_day, segment_chart
from analysis.monitor.targets import target_for
from analysis.monitor.workdays import unknown_years
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import Array
from analysis.trace.timeline import everything, touching
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

LATEST = 28  # days whose limits say whether the target is met
BASELINE, FEW, JUDGED = "baseline", "few", "judged"  # what a day is: it made the limits, is too small, or is judged


@within_limits
def control_chart(
    warehouse: Warehouse, selection: Selection, *, baseline: Period | None = None, rebased: Sequence[date] = ()
) -> Result:
    """The selection's contacts day by day, from the beginning of the baseline to the end of the period.

    baseline: the days that limits rest on, by default the quarter before that of the last day. rebased: days on which
    limits begin anew. The baseline of the selection is not used: limits do not move with what is looked at.
    table: time (date text), n, value (NaN for fewer than 10), center, low, high, ewma, ewma_low, ewma_high, cusum_up,
    cusum_down (in standard errors), rules (with blanks between them), variation, state (baseline, few, judged).
    parts: `marks`, rows of the calendar that concern these contacts. Raises BadInput without a time column,
    NothingToShow without an answer or without four weeks before the last day.
    """
    metric, extent = warehouse.model.metric(selection.metric), everything(warehouse)
    period = selection.period or extent
    last = min(period.last_day, extent.last_day)
    basis = baseline or default_baseline(last, extent.start)
    span = Period(basis.start if selection.period is None else min(basis.start, period.start), period.end)
    cells = ask(warehouse, selection, ("day",), span)
    if cells.empty:
        raise NothingToShow("selection.empty")
    chart = segment_chart(by_day(cells.rows), metric, basis, rebased=rebased)
    if not np.isfinite(chart.limits.sigma).any():
        raise NothingToShow("control_chart.no_baseline", period=basis, least=COUNTED_FROM)
    table = _table(chart, metric)
    target = target_for(warehouse, metric.name, selection.filters)
    statistics = _statistics(chart, table, metric, target) | {
        "baseline_start": basis.start,
        "baseline_end": basis.end,
    }
    marks, sql, is_cut = touching(warehouse, selection, span)
    return Result.of(
        warehouse,
        selection,
        metric,
        "control_chart",
        statistics=statistics,
        table=table,
        findings=_findings(statistics, chart, metric),
        caveats=(*unknown_years(chart.days), *_small(table), *_events(marks), *cut_short(is_cut)),
        how=_how(chart, basis, {**statistics, "unit": metric.unit}, rebased),
        options={"baseline": _written(baseline), "rebased": tuple(day.isoformat() for day in rebased)},
        parts={"marks": marks},
        sql=(cells.sql, *sql),
    )


def _written(period: Period | None) -> tuple[str, str] | None:
    return (period.start.isoformat(), period.end.isoformat()) if period else None


def _table(chart: SegmentChart, metric: Metric) -> pd.DataFrame:
    value = np.where(chart.counted, chart.value, np.nan)
    rules = run_rules(np.where(chart.judged, value, np.nan), chart.limits, better=metric.better)
    state = np.select([chart.judged, chart.learning], [JUDGED, BASELINE], FEW)
    limits = {"center": chart.limits.center, "low": chart.limits.low, "high": chart.limits.high}
    words = {"rules": [" ".join(own) for own in rules], "state": state,
             "variation": [str(variation(own, metric.better)) for own in rules]}  # fmt: skip
    when = [day.isoformat() for day in chart.days]
    return pd.DataFrame({"time": when, "n": chart.n, "value": value, **limits, **_drift(chart, value), **words})


def _drift(chart: SegmentChart, value: Array) -> dict[str, Array]:
    """Moving averages, which begin anew with each phase, and cumulative sums, which also do after the baseline."""
    names = ("ewma", "ewma_low", "ewma_high", "cusum_up", "cusum_down")
    found = {name: np.full(len(value), np.nan) for name in names}
    limits = chart.limits
    for own in _stretches(chart.phase):
        moving = ewma(value[own], limits.center[own], limits.sigma[own])
        for name, column in zip(names, (moving.value, moving.low, moving.high), strict=False):
            found[name][own] = column
    for own in _runs(chart):
        sums = cusum(limits.z(value)[own])
        found["cusum_up"][own], found["cusum_down"][own] = sums.up, sums.down
    return found


def _runs(chart: SegmentChart) -> list[slice]:
    """Days over which cumulative sums run: a baseline, or what is judged by it."""
    return _stretches(2 * chart.phase + ~chart.learning)


def _stretches(codes: Array) -> list[slice]:
    """Days in a row with the same code."""
    ends = [*(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _statistics(chart: SegmentChart, table: pd.DataFrame, metric: Metric, target: float | None) -> dict[str, Any]:
    judged = table[chart.judged]
    told = judged[judged["rules"] != ""]
    usual = table[chart.counted & ~chart.learning].tail(LATEST)
    low, high = float(usual["low"].quantile(0.1)), float(usual["high"].quantile(0.9))  # turns of months are days too
    statistics = {
        "chart": chart.chart, "sigma_z": chart.limits.sigma_z, "p": chart.p, "sd": chart.sd, "n": judged["n"].sum(),
        "days": len(table), "judged": len(judged), "signals": len(told),
        "turn": float(np.diff(chart.effects.turn)[0]),
        "variation": str(Variation.COMMON), "assurance": str(assurance(low, high, target, metric.better)),
        "target": target, "first": chart.days[0], "last": chart.days[-1],
    }  # fmt: skip
    statistics |= _drifted(chart, table, metric)
    return statistics | _latest(chart, table) if len(judged) else statistics


def _drifted(chart: SegmentChart, table: pd.DataFrame, metric: Metric) -> dict[str, Any]:
    """Where the moving average stands after the last day that counts; days too small to be judged alone do count."""
    counted = np.flatnonzero(chart.counted & ~chart.learning)
    if not len(counted):
        return {"drift": str(Variation.COMMON)}
    row = table.iloc[counted[-1]]
    up, down = row["ewma"] > row["ewma_high"], row["ewma"] < row["ewma_low"]
    way = ("drift_up",) if up else ("drift_down",) if down else ()
    found = {name: float(row[name]) for name in ("ewma", "ewma_low", "ewma_high")}
    return found | {"drift": str(variation(way, metric.better))}


def _latest(chart: SegmentChart, table: pd.DataFrame) -> dict[str, Any]:
    """The latest day that is judged, and since when it has most likely been so."""
    place = int(np.flatnonzero(chart.judged)[-1])
    row, own = table.iloc[place], next(s for s in _runs(chart) if s.start <= place < s.stop)
    found = {name: float(row[name]) for name in ("value", "center", "low", "high")}
    days = slice(own.start, place + 1)
    apart = np.where(chart.counted, chart.value - chart.limits.center, np.nan)
    begun = chart.days[own.start + step_start(apart[days], chart.limits.sigma[days])]
    return found | {"variation": row["variation"], "latest": chart.days[place], "since": begun}


def _findings(statistics: Mapping[str, Any], chart: SegmentChart, metric: Metric) -> tuple[Statement, ...]:
    values = {**statistics, "unit": metric.unit}
    kind, drift = (str(statistics[name]).partition("_")[0] for name in ("variation", "drift"))
    if "ewma" not in statistics:
        return (Statement("control_chart.none_counted", values),)
    if not statistics["judged"]:
        return (Statement("control_chart.none_judged"), Statement(f"control_chart.drift_{drift}", values))
    if kind != Variation.COMMON:
        found = [Statement(f"control_chart.{kind}", values)]
    elif drift != Variation.COMMON:
        found = [Statement(f"control_chart.drift_{drift}", values), Statement("control_chart.alone", values)]
    else:
        found = [Statement(f"control_chart.{'now_common' if statistics['signals'] else kind}", values)]
    if statistics["target"] is not None:
        found.append(Statement(f"control_chart.{statistics['assurance']}", values))
    if chart.effects.turn.any():
        found.append(Statement("control_chart.turn", values))
    return tuple(found)


def _small(table: pd.DataFrame) -> tuple[Statement, ...]:
    few = int((table["state"] == FEW).sum())
    return (Statement("control_chart.few", {"few": few, "least": JUDGED_FROM}),) if few else ()


def _events(marks: pd.DataFrame) -> tuple[Statement, ...]:
    return (Statement("control_chart.event_no_cause"),) if len(marks) else ()


def _how(chart: SegmentChart, basis: Period, statistics: Mapping[str, Any], rebased: Sequence[date]) -> Method:
    names = ["baseline", "effects", "rules", "few", *(["rebased"] if rebased else [])]
    values = {"period": basis, "least": JUDGED_FROM}
    notes = tuple(Statement(f"how.control_chart.{name}", values) for name in names)
    return Method("control_chart", Statement(f"how.control_chart.{chart.chart}", statistics), notes)
