"""How does the service stand? All its measures on one board, and one of them by any dimension.

A measure comes from a table beside the contacts (calls, complaints, quality checks), or it is a metric of the model:
one that was recorded (resolution at first contact, transfers), or one that a survey asks (a rate or an NPS; the
promoters alone say nothing that it does not). Families whose table is not there are left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import Cells, cells_of, change, estimate
from analysis.limits import within_limits
from analysis.not_recorded import set_apart
from analysis.overview import overview
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement, Unit
from analysis.service.board.across import across
from analysis.service.board.branches import branch_of
from analysis.service.board.families import FAMILIES, counted, counts_of, metrics_of, usual_measure
from analysis.service.board.left_out import left_out, ways_out
from analysis.service.board.said import RECORDED, SURVEY, findings, hidden, name_of, standing
from analysis.service.day_counts import DayCounts
from analysis.service.measures import MEASURES, with_states
from analysis.stats.intervals import NAN
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse


@within_limits
def service(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    formula: str = "offered",
    clock: str = "queue",
) -> Result:
    """A row a measure: family, unit, branch of the tree, and the columns of `measures.MEASURES`.

    Shares are 0..1, and an NPS is -1..1 in the same way.

    p adjusted for all of them. parts: `segments`, with `by`: each measure in each segment, see `across`.
    Raises NothingToShow where there is no measure at all.
    """
    by = tuple(by)
    check_side_by_side(warehouse.model, by)
    found, missing, sql = list[pd.DataFrame](), dict[str, BadInput | NothingToShow](), list[str]()
    for family in FAMILIES:
        try:
            counts = counted(warehouse, selection, family, (), formula, clock)
        except (BadInput, NothingToShow) as problem:
            missing[family] = problem
            continue
        found.append(counts.measures().assign(family=family, unit=Unit.RATE))
        sql += counts.sql
    recorded = _recorded(warehouse, selection, sql)
    found += [recorded] if len(recorded) else []
    if not found:
        raise NothingToShow("selection.empty")
    together = pd.concat(found, ignore_index=True)
    table = with_states(together).assign(family=together["family"], unit=together["unit"].astype(str))
    table["branch"] = [branch_of(*pair) for pair in zip(table["measure"], table["family"], strict=True)]
    table = table[["family", "unit", "branch", *MEASURES]]
    parts = {}
    if by:
        families = [partial(counted, warehouse, selection, name, by, formula, clock) for name in FAMILIES]
        parts["segments"], more = across(warehouse, selection, by, families, metrics_of(warehouse).values(), table)
        sql += more
    return Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "service",
        statistics={"measures": len(table), **{state: int((table["state"] == state).sum()) for state in _STATES}},
        table=table,
        findings=(*findings(table), *hidden(table, parts.get("segments"), by)),
        caveats=(*left_out(missing), *_first_contacts(warehouse)),
        how=Method("service", Statement("how.service.board", {"measures": len(table)}), ways_out(missing)),
        options={"by": by, "formula": formula, "clock": clock},
        parts=parts,
        sql=tuple(dict.fromkeys(sql)),
    )


def _first_contacts(warehouse: Warehouse) -> tuple[Statement, ...]:
    """Why first-contact resolution is not on the board, where it is not."""
    model = warehouse.model
    if model.customer_id is None or model.time is None:
        return (Statement("repeats.no_customers"),)
    counted = any(metric.repeat for metric in model.metrics.values())
    return () if counted else (Statement("service.no_first_contacts"),)


_STATES = ("met", "missed", "open", "better", "worse", "moved")


def _recorded(warehouse: Warehouse, selection: Selection, sql: list[str]) -> pd.DataFrame:
    """The metrics as rows of the board, those alone of which a contact has a value."""
    metrics = list(metrics_of(warehouse).values())
    if not metrics:
        return pd.DataFrame()
    now = _of_period(warehouse, selection, metrics, selection.period)
    before: Sequence[Cells | None] = [None] * len(metrics)
    if selection.baseline is not None:
        before = _of_period(warehouse, selection, metrics, selection.baseline)
    sql += [cells.sql for cells in (*now, *before) if cells is not None]
    found = [(m, new, old) for m, new, old in zip(metrics, now, before, strict=True) if not new.empty]
    return pd.DataFrame([_of_cells(warehouse, *each) for each in found])


def _of_period(
    warehouse: Warehouse, selection: Selection, metrics: Sequence[Metric], period: Period | None
) -> list[Cells]:
    """The cells of each metric; one query for all of them."""
    answers = warehouse.cells_beside([metric.name for metric in metrics], period, selection.filters)
    return [cells_of(answer, (), metric) for metric, answer in zip(metrics, answers, strict=True)]


def _of_cells(warehouse: Warehouse, metric: Metric, now: Cells, before: Cells | None) -> dict[str, object]:
    """A metric as a row of the board."""
    e = estimate(now.rows, metric)
    family = SURVEY if metric.survey else RECORDED
    row: dict[str, object] = {"family": family, "unit": metric.unit, "measure": metric.name, "better": metric.better}
    row |= {"value": e.value / 100, "low": e.interval.low / 100, "high": e.interval.high / 100}
    row |= {"n": e.n, "count": e.value / 100 * e.n, "target": _target(warehouse, metric.name)}
    row |= dict.fromkeys(("value0", "change", "change_low", "change_high", "p"), NAN)
    if before is None or before.empty:
        return row
    step = change(before.rows, now.rows, metric)
    row |= {"value0": estimate(before.rows, metric).value / 100, "change": step.value / 100, "p": step.p}
    return row | {"change_low": step.interval.low / 100, "change_high": step.interval.high / 100}


def _target(warehouse: Warehouse, metric: str) -> float:
    rows = warehouse.targets(metric)
    whole = rows[rows["dimension"].isna()]["target"]
    return float(whole.iloc[0]) / 100 if len(whole) else NAN


@within_limits
def service_measure(
    warehouse: Warehouse,
    selection: Selection,
    *,
    measure: str = "",
    by: Sequence[str] = (),
    formula: str = "offered",
    clock: str = "queue",
) -> Result:
    """One measure by the segments of `by`: the columns of the overview, in per cent; part `trend` as there.

    statistics: count (what is counted), n (of how many), score, low, high, and those of the baseline and the change.
    Without a measure: `usual_measure`. Raises BadInput for one that there is not, and as its family does.
    """
    by, measure = tuple(by), measure or usual_measure(warehouse)
    check_side_by_side(warehouse.model, by)
    metric = metrics_of(warehouse).get(measure)
    if metric is not None:
        return _of_metric(warehouse, selection, metric, by)
    whole = counts_of(warehouse, selection, measure, (), formula, clock)
    cut = counts_of(warehouse, selection, measure, by, formula, clock) if by else whole
    options = {"measure": measure, "by": by, "formula": formula, "clock": clock}
    return _of_counts(warehouse, selection, whole, cut, options)


def _of_counts(
    warehouse: Warehouse, selection: Selection, whole: DayCounts, cut: DayCounts, options: Mapping[str, object]
) -> Result:
    measure = str(options["measure"])
    (row,) = whole.measures().query("measure == @measure").to_dict("records")
    table = cut.by_segment(measure)
    if cut.by and not table["n"].sum():
        raise BadInput("service.not_by", name={"dimension": cut.by[0]}, measure=name_of(measure, ""))
    dimensions = [warehouse.model.dimension(name) for name in cut.by]
    table = in_own_order(
        set_apart(table.sort_values("score", ascending=row["better"] == "low", kind="stable")), dimensions
    )
    trend = whole.over_time(selection)
    trend = pd.DataFrame({
        "start": [str(start) for start in trend["start"]],
        "n": trend[whole.ratio(measure).of],
        "score": 100 * trend[measure],
        "low": 100 * trend[f"{measure}_low"],
        "high": 100 * trend[f"{measure}_high"],
    })  # fmt: skip
    values = {**row, "name": name_of(measure, ""), **whole.in_formula(measure)}
    formula = f"how.access.{options['formula']}" if measure == "service_level" else f"service.formula.{measure}"
    result = Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "service_measure",
        statistics=_statistics(row),
        table=table,
        findings=(standing({**row, "family": "", "unit": Unit.RATE}),),
        how=Method("service_measure", Statement(formula, values), whole.notes),
        options=options,
        parts={"trend": trend},
        sql=tuple(dict.fromkeys([*whole.sql, *cut.sql])),
    )
    return replace(result, unit=Unit.RATE)


def _statistics(row: Mapping[Any, Any]) -> dict[str, float]:
    """The figures of a measure as the overview names them, in per cent."""
    percent = {"score": "value", "low": "low", "high": "high", "baseline_score": "value0", "change": "change",
               "change_low": "change_low", "change_high": "change_high", "target": "target"}  # fmt: skip
    found = {name: 100 * float(row[own]) for name, own in percent.items()}
    return found | {name: float(row[name]) for name in ("count", "n", "p")}


def _of_metric(warehouse: Warehouse, selection: Selection, metric: Metric, by: tuple[str, ...]) -> Result:
    """A metric of the model as the overview knows it."""
    found = overview(warehouse, replace(selection, metric=metric.name), by=by)
    statistics = {**found.statistics, "target": 100 * _target(warehouse, metric.name)}
    statistics |= {"n": found.statistics["responses"], "count": statistics["score"] / 100 * statistics["responses"]}
    options = {"measure": metric.name, "by": found.options["by"], "formula": "offered", "clock": "queue"}
    how = Method("service_measure", _formula(metric, statistics), found.how.assumptions) if found.how else None
    if found.how and metric.unit is not Unit.RATE:
        how = replace(found.how, name="service_measure")
    return replace(found, method="service_measure", statistics=statistics, options=options, how=how)


def _formula(metric: Metric, statistics: Mapping[str, float]) -> Statement:
    """What is counted of what, with the numbers put in: first contacts, answers of a survey, or contacts."""
    kind = "first" if metric.repeat else "asked" if metric.survey else "recorded"
    values = {"count": statistics["count"], "n": statistics["n"], "value": statistics["score"] / 100}
    hours = f"{metric.repeat.hours:g}" if metric.repeat else ""
    marks = {"at_least": metric.at_least, "at_most": metric.at_most, "yes": metric.yes}
    known = [(name, mark) for name, mark in marks.items() if mark is not None]
    if kind == "asked" and len(known) == 1 and not metric.turned:
        ((name, mark),) = known
        text = mark if isinstance(mark, str) else f"{mark:g}"
        return Statement(f"service.formula_{name}", {**values, "mark": text})
    return Statement(f"service.formula_{kind}", {**values, "hours": hours})
