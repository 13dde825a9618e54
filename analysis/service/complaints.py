"""What becomes of complaints? How many are escalated and when, closed late, opened again, or made again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import WITHHELD_BELOW
from analysis.limits import within_limits
from analysis.monitor.charts.limits import u_or_laney
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement
from analysis.service.day_counts import DayCounts
from analysis.service.measures import by_segment
from analysis.service.rates import Ratio
from analysis.service.scores import scores
from analysis.stats.intervals import NAN, exact_bounds
from analysis.stats.survival import Survival, kaplan_meier
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.complaints import COUNTS, FOLLOWED_HOURS

RATIOS = (
    Ratio("escalation_rate", "escalated", "cases", "low", rare=True),
    Ratio("late_rate", "late", "due", "low"),
    Ratio("reopened_rate", "reopened", "closed", "low"),
    Ratio("recurrence_rate", "recurred", "ripe", "low"),
)
MEASURES = tuple(ratio.name for ratio in RATIOS)
AFTER_HOURS = (24, 48, 72, 120, 168, FOLLOWED_HOURS)  # ages at which the share that was escalated is told


@within_limits
def complaints(warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = ()) -> Result:
    """The measures of complaints opened in the period, over all and by the segments of `by`.

    parts: `measures`, `escalation` (hours, share escalated by then, low, high, at_risk), `course` (the same after
    each escalation), `outcomes` (outcome, cases, share, n, score, low, high), `trend`, `days` (start, cases,
    contacts, rate per 10,000 contacts, its least and most by a u chart or, where days vary by
    more than chance, Laney's u', verdict: above, below or none), `unusual`
    (those outside them).

    Raises NothingToShow without a case, BadInput without a table of them.
    """
    by = tuple(by)
    whole = complaints_counts(warehouse, selection)
    cut = complaints_counts(warehouse, selection, by=by) if by else whole
    _, table, _ = by_segment(cut.now, by, cut.ratios, cut.counts)
    table.insert(1, "n", table["cases"])
    table["hours"] = table["lasted"] / table["closed"].where(table["closed"] > 0)
    found, metric = whole.measures(), warehouse.model.measure(selection.metric)
    ages = warehouse.complaint_ages(selection.period, selection.filters, _until(warehouse))
    outcomes = warehouse.complaint_outcomes(metric.name, selection.period, selection.filters)
    aged = ages.rows.assign(hours=ages.rows["minutes"] / 60)
    course = kaplan_meier(*(aged[name].to_numpy() for name in ("hours", "escalated", "open")))
    beside = warehouse.contacts_by_day((), selection.period, selection.filters)
    days, sigma_z = _days(whole.now, beside.rows)
    statistics = _statistics(found, whole.now, beside.rows["contacts"].sum()) | {
        "days": len(days),
        "sigma_z": sigma_z,
    }
    chart = Statement(f"how.complaints.days{'_apart' if sigma_z > 1 else ''}", {"sigma_z": sigma_z})
    notes = (*whole.notes, chart)
    statistics["unusual"] = int((days["verdict"] != "none").sum())
    return Result.of(
        warehouse,
        selection,
        metric,
        "complaints",
        statistics=statistics,
        table=in_own_order(table, [warehouse.model.dimension(name) for name in by]),
        findings=_findings(found, statistics, course),
        caveats=(Statement("complaints.unripe", {"unripe": statistics["unripe"]}),) if statistics["unripe"] else (),
        how=Method("complaints", Statement("how.complaints.escalation", statistics), notes),
        options={"by": by},
        parts={
            "measures": found,
            "escalation": _escalation(course, aged),
            "course": _course(course),
            "outcomes": _outcomes(outcomes.rows, metric),
            "trend": whole.over_time(selection),
            "days": days,
            "unusual": days[days["verdict"] != "none"].reset_index(drop=True),
        },
        sql=tuple(dict.fromkeys([*whole.sql, *cut.sql, ages.sql, outcomes.sql, beside.sql])),
    )


def complaints_counts(warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = ()) -> DayCounts:
    """What `complaints` counts. Raises as it does."""
    check_side_by_side(warehouse.model, by)
    until = _until(warehouse)
    answers = [warehouse.complaints(by, period, selection.filters, until) for period in selection.periods]
    if not answers[0].rows["cases"].sum():
        raise NothingToShow("selection.empty")
    notes = [Statement(f"how.complaints.{name}") for name in ("exact", "due", "recurrence", "course")]
    return DayCounts(
        by=tuple(by),
        periods=[answer.rows for answer in answers],
        ratios=RATIOS,
        counts=COUNTS,
        notes=(*notes, Statement("how.service.days")),
        sql=tuple(answer.sql for answer in answers),
    )


def _until(warehouse: Warehouse) -> datetime:
    """The moment up to which the data go."""
    found = warehouse.extent().extracted
    return datetime.max if found is None else datetime.fromisoformat(found.isoformat())


def _statistics(found: pd.DataFrame, now: pd.DataFrame, contacts: float) -> dict[str, float]:
    statistics = {name: float(now[name].sum()) for name in COUNTS} | {"contacts": float(contacts)}
    statistics["n"] = statistics["cases"]
    for row in found.to_dict("records"):
        statistics |= {row["measure"]: row["value"], f"{row['measure']}_low": row["low"],
                       f"{row['measure']}_high": row["high"]}  # fmt: skip
    low, high = exact_bounds(np.array([statistics["escalated"]]), np.array([float(contacts)]))
    per = 10_000 / contacts if contacts else NAN
    statistics |= {"per_10000": per * statistics["escalated"], "per_10000_low": 1e4 * float(low[0]),
                   "per_10000_high": 1e4 * float(high[0])}  # fmt: skip
    statistics["hours"] = statistics["lasted"] / statistics["closed"] if statistics["closed"] else NAN
    statistics["unripe"] = statistics["cases"] - statistics["ripe"]
    return statistics


def _escalation(course: Survival, aged: pd.DataFrame) -> pd.DataFrame:
    """By then so many were escalated, had all been waited for as long; only while some still are (`n`)."""
    rows = []
    for hours in AFTER_HOURS:
        waiting = aged.loc[aged["hours"] >= hours, ["escalated", "open"]].to_numpy().sum()
        share, low, high = course.at(hours)
        if waiting:
            rows.append({"hours": hours, "share": 1 - share, "low": 1 - high, "high": 1 - low, "n": waiting})
    return pd.DataFrame(rows, columns=["hours", "share", "low", "high", "n"])


def _days(cases: pd.DataFrame, contacts: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Complaints opened on a day per 10,000 contacts of it, with the limits within which luck keeps them; sigma_z."""
    sums = [rows.groupby("day")[name].sum() for rows, name in ((contacts, "contacts"), (cases, "cases"))]
    days = pd.concat(sums, axis=1).fillna(0.0).sort_index()
    days = days[days["contacts"] > 0]
    n, opened = days["contacts"].to_numpy(dtype=float), days["cases"].to_numpy(dtype=float)
    limits, rate = u_or_laney(opened, n), opened / n
    verdict = np.select([rate > limits.high, rate < limits.low], ["above", "below"], "none")
    shown = {"start": [str(day)[:10] for day in days.index], "cases": opened, "contacts": n, "rate": 1e4 * rate}
    table = pd.DataFrame({**shown, "least": 1e4 * limits.low, "most": 1e4 * limits.high, "verdict": verdict})
    return table, limits.sigma_z


def _course(course: Survival) -> pd.DataFrame:
    """The whole curve while enough are still waited for: the share that was escalated, after each escalation."""
    table = pd.DataFrame({"hours": course.times, "share": 1 - course.share, "low": 1 - course.high,
                          "high": 1 - course.low, "n": course.at_risk})  # fmt: skip
    return table[table["n"] >= WITHHELD_BELOW].reset_index(drop=True)


def _outcomes(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """The score of the contacts that complaints began with, by outcome; NaN for fewer than ten answers."""
    n, cases = (rows[name].to_numpy(dtype=float) for name in ("n", "cases"))
    outcome = [value if isinstance(value, str) else None for value in rows["outcome"]]
    shown = {"outcome": outcome, "cases": cases, "share": cases / cases.sum(), "n": n}
    return pd.DataFrame({**shown, **scores(rows, metric)})


def _findings(found: pd.DataFrame, statistics: Mapping[str, Any], course: Survival) -> tuple[Statement, ...]:
    rows = {row["measure"]: row for row in found.to_dict("records")}
    few = math.isnan(rows["escalation_rate"]["value"])
    statements = [Statement("complaints.few" if few else "complaints.escalated", statistics)]
    if statistics["contacts"]:
        statements.append(Statement("complaints.per_contacts", statistics))
    if statistics["days"] > 1:
        statements.append(
            Statement("complaints.days_apart" if statistics["unusual"] else "complaints.days", statistics)
        )
    for name in ("late_rate", "reopened_rate", "recurrence_rate"):
        if not math.isnan(rows[name]["value"]):
            statements.append(Statement(f"complaints.{name}", rows[name]))
    if len(course.times):
        share, low, high = course.at(48)
        statements.append(Statement("complaints.by_then", {"hours": 48, "share": 1 - share, "low": 1 - high,
                                                           "high": 1 - low}))  # fmt: skip
    return tuple(statements)
