"""How satisfied are customers, and where is it slipping? The headline, its change, the touchpoints and the trend."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.cautions import few_clusters, repeats_metric, too_few
from analysis.cuts import check_side_by_side
from analysis.estimate import (
    WITHHELD_BELOW,
    Cells,
    ask,
    cells_of,
    change,
    changes,
    coded,
    estimate,
    estimates,
)
from analysis.limits import within_limits
from analysis.not_recorded import set_apart
from analysis.own_order import in_own_order
from analysis.population import behind, counts_behind, nothing_in
from analysis.result import Method, Result, Statement, Unit
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.stats.multiplicity import holm
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.semantics import Dimension
from data_access.warehouse import Coverage, Warehouse

COLUMNS = ["segment", "n", "score", "low", "high", "n0", "baseline_score", "change", "p"]
TREND_COLUMNS = ["start", "n", "score", "low", "high"]
DAYS_BY_DAY = 21  # a shorter span is drawn by day, a longer one by week, beyond a year by month
DAYS_BY_WEEK = 200
SHOWN = 0.05  # a smaller change is written as zero
HEADLINES = {Unit.NPS: "overview.headline_nps"}  # where a number alone does not say enough


@within_limits
def overview(warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = ()) -> Result:
    """The metric over the selection with its interval, response rate and change to the baseline.

    The table has a row per segment of `by` (the touchpoint, else the model's first dimension); part `trend` a row per
    day, week or month over baseline and period. Raises NothingToShow when no valid answer is selected, BadInput for
    a dimension whose segments overlap.
    """
    metric = warehouse.model.metric(selection.metric)
    by = tuple(by) or default_cut(warehouse)
    check_side_by_side(warehouse.model, by)
    now, before, trend = _cells(warehouse, selection, by)
    if now.empty:
        raise nothing_in(warehouse, selection)
    rates = [name for name in warehouse.model.ends_of(metric).values() if name in warehouse.model.metrics]
    coverage = warehouse.coverage(metric.name, selection.period, selection.filters, rates=rates)
    statistics = {**_headline(warehouse, now, coverage), **_baseline(warehouse, selection, now, before)}
    statistics |= _cut_off(warehouse, metric)
    table = segments_table(now, before, metric, [warehouse.model.dimension(name) for name in by])
    return Result.of(
        warehouse,
        selection,
        metric,
        "overview",
        statistics=statistics,
        table=table,
        findings=_findings(statistics, metric),
        caveats=(*_caveats(statistics, coverage, now, before), *repeats_metric(table, metric, by)),
        how=None if math.isnan(statistics["score"]) else _method(metric, statistics),
        options={"by": by},
        parts={"trend": _trend_table(trend, metric)} if trend is not None else {},
        sql=tuple(dict.fromkeys(c.sql for c in (now, before, coverage, trend) if c is not None)),
    )


def default_cut(warehouse: Warehouse) -> tuple[str, ...]:
    """The dimension of the strip: the touchpoint where there is one, else the first that does not overlap."""
    names = [n for n, d in warehouse.model.dimensions.items() if not d.overlaps]
    return ("touchpoint",) if "touchpoint" in names else tuple(names[:1])


def _cells(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> tuple[Cells, Cells | None, Cells | None]:
    """Cells of the period, of the baseline and of the trend; in one pass where the trend is over both."""
    period, baseline = selection.period, selection.baseline
    if period is None or (baseline is not None and baseline.end != period.start):
        before = ask(warehouse, selection, by, baseline) if baseline else None
        return ask(warehouse, selection, by, period), before, _trend(warehouse, selection)
    periods, bucket = [period, *([baseline] if baseline else [])], (_bucket(_joined(period, baseline)),)
    metric = warehouse.model.metric(selection.metric)
    *each, whole = warehouse.cells_over(metric.name, by, periods, selection.filters, whole_by=bucket)
    found = [cells_of(answer, by, metric) for answer in each]
    return found[0], found[1] if baseline else None, cells_of(whole, bucket, metric)


def _cut_off(warehouse: Warehouse, metric: Metric) -> dict[str, str]:
    """The day from which on nobody can know yet who comes back, where the metric counts that."""
    if metric.repeat is None:
        return {}
    return {"open_from": warehouse.judged(metric.repeat.rules).end.date().isoformat()}


def _headline(warehouse: Warehouse, now: Cells, coverage: Coverage) -> dict[str, Any]:
    whole = estimate(now.rows, now.metric)
    lost = now.metric.lost(whole.value)
    return {
        **counts_behind(coverage),
        "score": whole.value,
        "low": whole.interval.low,
        "high": whole.interval.high,
        **{
            f"{end}_rate": _rate(warehouse, coverage, name)
            for end, name in warehouse.model.ends_of(now.metric).items()
        },
        "lost_points": lost,
        "clusters": whole.clusters,
    }


def _rate(warehouse: Warehouse, coverage: Coverage, name: str) -> float:
    """The rate of the best or the worst answers, 0..100; NaN when the model gives no limit for it."""
    rate = coverage.rates.get(name, NAN)
    return NAN if math.isnan(rate) else warehouse.model.metric(name).value(rate)


def _baseline(warehouse: Warehouse, selection: Selection, now: Cells, before: Cells | None) -> dict[str, float]:
    """Figures of the baseline and of the change; none where either has too few answers."""
    if before is None or too_few(before) or too_few(now):
        return {}
    coverage = warehouse.coverage(selection.metric, selection.baseline, selection.filters)
    whole = estimate(before.rows, before.metric)
    moved = change(before.rows, now.rows, now.metric)
    return {
        "baseline_contacts": coverage.contacts,
        "baseline_responses": coverage.responses,
        "baseline_response_rate": 100 * coverage.response_rate,
        "baseline_score": whole.value,
        "baseline_low": whole.interval.low,
        "baseline_high": whole.interval.high,
        "change": moved.value,
        "change_low": moved.interval.low,
        "change_high": moved.interval.high,
        "p": moved.p,
    }


def segments_table(now: Cells, before: Cells | None, metric: Metric, dimensions: Sequence[Dimension]) -> pd.DataFrame:
    """Best score last: the eye ends at what is worst. Withheld segments close the table."""
    segments, (rows, past) = coded(now.rows, before.rows if before else now.rows.iloc[:0])
    k = len(pd.unique(rows["s"]))  # segments of the period come first
    past = past[past["s"] < k]
    e, e0 = estimates(rows, k, metric), estimates(past, k, metric)
    comparable = ~e.withheld & ~e0.withheld
    moved = changes(past, rows, k, metric)
    numbers = (
        e.n, e.shown("value"), e.shown("low"), e.shown("high"), e0.n, e0.shown("value"),
        np.where(comparable, [d.value for d in moved], NAN), np.where(comparable, [d.p for d in moved], NAN),
    )  # fmt: skip
    table = pd.DataFrame(dict(zip(COLUMNS[1:], numbers, strict=True)))
    table.insert(0, "segment", pd.Series(segments[:k], dtype=object))
    table["p_adjusted"] = holm(table["p"].to_numpy(dtype=float))
    best_first = metric.better == "low"
    ordered = set_apart(table.sort_values("score", ascending=best_first, na_position="last", kind="stable"))
    return in_own_order(ordered, dimensions)


def _trend(warehouse: Warehouse, selection: Selection) -> Cells | None:
    """Cells by day, week or month from the start of the baseline to the end of the period; None without time."""
    if warehouse.model.time is None:
        return None
    span = _span(warehouse, selection)
    if span is None:
        return None
    return ask(warehouse, selection, (_bucket(span),), span)


def _bucket(span: Period) -> str:
    return "day" if span.days <= DAYS_BY_DAY else "week" if span.days <= DAYS_BY_WEEK else "month"


def _joined(period: Period, baseline: Period | None) -> Period:
    """From the start of an adjoining baseline, or of the period itself, to its end."""
    return Period(baseline.start, period.end) if baseline is not None else period


def _span(warehouse: Warehouse, selection: Selection) -> Period | None:
    """The period; all data without one."""
    if selection.period is not None:
        return selection.period
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        return None
    return Period(extent.first.date(), extent.last.date() + pd.Timedelta(days=1).to_pytimedelta())


def _trend_table(cells: Cells, metric: Metric) -> pd.DataFrame:
    segments, (rows,) = coded(cells.rows)
    e = estimates(rows, len(segments), metric)
    numbers = (e.n, e.shown("value"), e.shown("low"), e.shown("high"))
    table = pd.DataFrame(dict(zip(TREND_COLUMNS[1:], numbers, strict=True)))
    table.insert(0, "start", [start for (start,) in segments])
    return table.sort_values("start", ignore_index=True)


def _findings(statistics: Mapping[str, Any], metric: Metric) -> tuple[Statement, ...]:
    values = {**statistics, "unit": metric.unit}
    if math.isnan(statistics["score"]):
        return (Statement("overview.withheld", {**values, "least": WITHHELD_BELOW}),)
    plain = "overview.headline" if metric.survey else "overview.headline_recorded"
    statements = [Statement(HEADLINES.get(metric.unit, plain), values)]
    if "change" not in statistics:
        return tuple(statements)
    values["size"] = abs(statistics["change"])
    p = statistics["p"]
    if math.isnan(p):
        return (*statements, Statement("overview.untestable", values))
    if abs(statistics["change"]) < SHOWN and not p < SIGNIFICANCE:
        return (*statements, Statement("overview.unclear_same", values))
    direction = "fell" if statistics["change"] < 0 else "rose"
    return (*statements, Statement(f"overview.{direction if p < SIGNIFICANCE else 'unclear_' + direction}", values))


def _caveats(
    statistics: Mapping[str, Any], coverage: Coverage, now: Cells, before: Cells | None
) -> tuple[Statement, ...]:
    statements = []
    if coverage.excluded:
        statements.append(Statement("caveat.excluded", {"excluded": coverage.excluded}))
    if coverage.out_of_scale:
        statements.append(Statement("caveat.out_of_scale", {"out_of_scale": coverage.out_of_scale}))
    if before is not None and before.empty:
        statements.append(Statement("caveat.empty_baseline"))
    elif before is not None and too_few(before):
        statements.append(Statement("caveat.few_in_baseline", {"least": WITHHELD_BELOW}))
    if _moved(statistics):
        statements.append(Statement("caveat.response_rate_moved", dict(statistics)))
    statements += few_clusters(now.rows, statistics["clusters"])
    return tuple(statements)


def _moved(statistics: Mapping[str, Any]) -> bool:
    """Whether the response rate shifted by two points of 100 or more: then who answers may have changed too."""
    before = statistics.get("baseline_response_rate", NAN)
    return bool(abs(statistics["response_rate"] - before) >= 2)


def _method(metric: Metric, statistics: Mapping[str, Any]) -> Method:
    formula = metric.kind.formula
    values = {
        **statistics,
        "low": metric.low,
        "high": metric.high,
        "unit": metric.unit,
        "mean": _raw(metric, statistics),
    }
    limit = metric.at_least if metric.at_least is not None else metric.at_most
    values["limit"] = limit if limit is not None else NAN
    interval = "clustered" if statistics["clusters"] else "wilson" if metric.unit.is_share else "student"
    return Method(
        "overview",
        Statement(f"how.overview.{formula}", values),
        (*_turned(metric), behind(metric, statistics), Statement(f"how.interval.{interval}", dict(statistics))),
    )


def _turned(metric: Metric) -> tuple[Statement, ...]:
    """That the lowest answers are the best ones, where they are."""
    values = {"low": metric.low, "high": metric.high, "whole": metric.low + metric.high}
    return (Statement("how.turned", values),) if metric.turned else ()


def _raw(metric: Metric, statistics: Mapping[str, Any]) -> float:
    return float((statistics["score"] - metric.offset) / metric.slope)
