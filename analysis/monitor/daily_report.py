"""The daily bad-rating report: whose customers rated badly yesterday, and more than on the seven days before?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import WITHHELD_BELOW
from analysis.limits import within_limits
from analysis.monitor.as_of import last_full_day
from analysis.not_recorded import set_apart
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import NAN, Array, wilson_bounds
from analysis.stats.proportions import newcombe
from analysis.trail.column_roles import BUSINESS, CHANNEL, TOUCHPOINT
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

DEPARTMENT = re.compile(r"depart|division|部门|事业部|科室", re.I)
TEAM = re.compile(r"team|group|班组|小组|团队", re.I)
OWNER = re.compile(r"owner|归属|责任", re.I)
BEFORE = 7  # days
FAMILY = 0.05  # chance that any row of a quiet day is called worse or better
FIGURES = ["segment", "n", "bad", "score", "low", "high", "n0", "baseline_score", "change", "change_low",
           "change_high", "state"]  # fmt: skip


@within_limits
def daily_report(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    beside: Sequence[str] = (),
    as_of: date | None = None,
) -> Result:
    """A row a segment of `by` (the department, else business, team, owner; `beside`: the channel, in part `beside`).

    n, bad (of these), score (their share, 0..100) with Wilson's interval on the day; n0, baseline_score on the seven
    days before; the change with Newcombe's interval; state: worse or better beyond chance over all rows of the day,
    none, few (under ten answers: withheld). as_of: the day, else the last full one; the selection's period does not
    count. The metric is the share of bad ratings of the selection's metric, or that itself where it is a share.

    Raises BadInput without days, without a bad rating or a dimension; NothingToShow without an answer.
    """
    model, metric = warehouse.model, bad_rating(warehouse.model, selection.metric)
    by, beside = tuple(by) or department_of(model), tuple(beside) or channel_of(model)
    if not by:
        raise BadInput("daily_report.no_dimension")
    for cut in (by, beside):
        check_side_by_side(model, cut)
    day = last_full_day(warehouse, selection.filters, by=as_of)
    spans = [Period(day - timedelta(days=BEFORE), day), Period(day, day + timedelta(days=1))]
    answers = warehouse.cells_each(metric.name, [(), by, beside or by], None, selection.filters, spans=spans)
    whole, table, further = (
        _rows(answer.rows, cut, metric) for answer, cut in zip(answers, ((), by, beside or by), strict=True)
    )
    if whole.empty or not whole["n"].sum():
        raise NothingToShow("selection.empty")
    table, further = _judged(table), _judged(further)
    statistics = {**whole.iloc[0].drop(["segment", "state"]).to_dict(), "day": day,
                  "segments": len(table), "worse": int((table["state"] == "worse").sum()),
                  "few": int((table["state"] == "few").sum())}  # fmt: skip
    return Result.of(
        warehouse,
        selection,
        metric,
        "daily_report",
        statistics=statistics,
        table=table,
        findings=_findings(statistics, table, by, metric),
        caveats=(Statement("daily_report.rated", {"n": statistics["n"]}),),
        how=Method("daily_report", Statement("how.daily_report.formula", {**statistics, "unit": metric.unit}),
                   (Statement("how.daily_report.family"), Statement("how.daily_report.full"))),
        options={"by": by, "beside": beside, "as_of": day},
        parts={"beside": further.assign(segment=[segment[0] for segment in further["segment"]])} if beside else {},
        sql=tuple(dict.fromkeys(answer.sql for answer in answers)),
    )  # fmt: skip


def bad_rating(model: SemanticModel, metric: str) -> Metric:
    """The rate of a metric's bad answers, the score's where it has none of its own, or the metric itself.

    Raises BadInput for a metric without bad answers.
    """
    asked = model.measure(metric)
    named = [name for name in reversed(list(model.ends_of(asked).values())) if name in model.metrics]
    if asked.unit.is_share and asked.better == "low":
        return asked
    if not named or model.metrics[named[0]].better != "low":
        raise BadInput("daily_report.no_bad_ratings", metric={"dimension": metric})
    return model.metrics[named[0]]


def department_of(model: SemanticModel) -> tuple[str, ...]:
    """The dimension of who answers for a contact, as names suggest it; none where there is no dimension."""
    return _first(model, (DEPARTMENT, BUSINESS, TEAM, OWNER)) or _any(model)


def channel_of(model: SemanticModel) -> tuple[str, ...]:
    """The dimension of the channels, else of the touchpoints."""
    return _first(model, (CHANNEL, TOUCHPOINT))


def _first(model: SemanticModel, patterns: Sequence[re.Pattern[str]]) -> tuple[str, ...]:
    for pattern in patterns:
        for name, dimension in model.dimensions.items():
            if not dimension.overlaps and (pattern.search(name) or pattern.search(dimension.column or "")):
                return (name,)
    return ()


def _any(model: SemanticModel) -> tuple[str, ...]:
    return tuple([name for name, d in model.dimensions.items() if not d.overlaps][:1])


def _rows(cells: pd.DataFrame, by: Sequence[str], metric: Metric) -> pd.DataFrame:
    """A row a segment: the day's answers and rate beside those of the days before."""
    keys = list(zip(*(cells[name] for name in by), strict=True)) if by else [()] * len(cells)
    cells = cells.assign(segment=pd.Series(keys, index=cells.index, dtype=object))
    segments = list(dict.fromkeys(keys))
    before, now = (_sums(cells[cells["span"] == span], segments) for span in (0, 1))
    x, n = _effective(now, metric)
    x0, n0 = _effective(before, metric)
    low, high = wilson_bounds(x, n)
    change = [newcombe(*four) for four in zip(x0, n0, x, n, strict=True)]
    enough = now["n"].to_numpy() >= WITHHELD_BELOW
    both = enough & (before["n"].to_numpy() >= WITHHELD_BELOW)
    rate, rate0 = _over(x, n), _over(x0, n0)
    table = {
        "segment": segments,
        "n": now["n"].to_numpy(),
        "bad": np.where(enough, rate * now["n"].to_numpy(), NAN),
        "score": np.where(enough, 100 * rate, NAN),
        "low": np.where(enough, 100 * low, NAN),
        "high": np.where(enough, 100 * high, NAN),
        "n0": before["n"].to_numpy(),
        "baseline_score": np.where(before["n"].to_numpy() >= WITHHELD_BELOW, 100 * rate0, NAN),
        "change": np.where(both, 100 * (rate - rate0), NAN),
        "change_low": np.where(both, [100 * i.low for i in change], NAN),
        "change_high": np.where(both, [100 * i.high for i in change], NAN),
        "state": np.where(enough, "none", "few"),
    }
    found = pd.DataFrame(table, columns=FIGURES).assign(x=x, m=n, x0=x0, m0=n0)
    return found if by else found.drop(columns=["x", "m", "x0", "m0"])


def _sums(cells: pd.DataFrame, segments: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    sums = cells.groupby("segment", sort=False)[["n", "w", "wx", "v"]].sum()
    return sums.reindex(pd.Index(segments, tupleize_cols=False), fill_value=0.0).reset_index(drop=True)


def _effective(sums: pd.DataFrame, metric: Metric) -> tuple[Array, Array]:
    """Bad answers and answers, of weighted ones as many as they are worth (Kish): (Σw)² / Σw²."""
    w, v = sums["w"].to_numpy(float), sums["v"].to_numpy(float)
    n = np.divide(w * w, v, out=np.zeros_like(w), where=v > 0)
    rate = np.divide(sums["wx"].to_numpy(float), w, out=np.zeros_like(w), where=w > 0)
    return n * rate, n


def _over(x: Array, n: Array) -> Array:
    return np.asarray(np.divide(x, n, out=np.full_like(n, NAN), where=n > 0))


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """Worst first; worse or better where the change leaves chance behind over all the rows (Bonferroni)."""
    tested = table["change"].notna()
    confidence = 1 - FAMILY / max(int(tested.sum()), 1)
    states = []
    for row in table.to_dict("records"):
        bounds = newcombe(row["x0"], row["m0"], row["x"], row["m"], confidence=confidence)
        beyond = not np.isnan(row["change"]) and bounds.excludes(0.0)
        states.append(row["state"] if not beyond else "worse" if row["change"] > 0 else "better")
    judged = table.assign(state=states)[FIGURES]
    judged = judged[(judged["n"] > 0) | (judged["n0"] > 0)]
    return set_apart(judged.sort_values("score", ascending=False, kind="stable", na_position="last"))


def _findings(
    statistics: Mapping[str, Any], table: pd.DataFrame, by: Sequence[str], metric: Metric
) -> tuple[Statement, ...]:
    """The day against the days before; then every segment that got worse."""
    few, alone = np.isnan(statistics["score"]), np.isnan(statistics["change"])
    unit = {"unit": metric.unit}
    said = [Statement(f"daily_report.{'few' if few else 'alone' if alone else 'whole'}", {**statistics, **unit})]
    for row in table[table["state"] == "worse"].to_dict("records"):
        segment = dict(zip(by, row["segment"], strict=True))
        said.append(Statement("daily_report.worse", {**row, **unit, "segment": segment}))
    if not few and not alone and not statistics["worse"]:
        said.append(Statement("daily_report.none_worse", statistics))
    return tuple(said)
