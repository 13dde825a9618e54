"""Where are points lost? Share of lost points by segment or reason, beside its share of the answers.

Lost points of an answer = best value - its value; contribution = lost points of a segment / all lost points;
index = contribution / share of answers. Source: the product's definitions, variants DD1 to DD3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import (
    FEW_CLUSTERS,
    UNKNOWN,
    WITHHELD_BELOW,
    Segment,
    ask,
    clustered_error,
    estimate,
    named,
    with_lost,
)
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import NAN, Interval, t_interval
from data_access.selection import Selection
from data_access.semantics import Metric, Reason
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

COLUMNS = (
    "segment", "n", "share", "score", "low", "high", "lost_points",
    "contribution", "contribution_low", "contribution_high", "index", "cumulative",
)  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """All answers of the selection: their cells, lost points and weight."""

    cells: pd.DataFrame
    lost: float
    weight: float
    n: float

    @classmethod
    def of(cls, cells: pd.DataFrame) -> Whole:
        return cls(cells, float(cells["lost"].sum()), float(cells["w"].sum()), float(cells["n"].sum()))

    def lost_by_cluster(self) -> pd.Series:
        if "cluster" not in self.cells:
            return pd.Series(dtype=float)
        return self.cells["lost"].groupby(self.cells["cluster"], dropna=False).sum()


def contribution(
    warehouse: Warehouse, selection: Selection, *, by: Sequence[str], target: float | None = None
) -> Result:
    """Lost points by the combinations of `by`, most first.

    With `target`, column `target_gain` is what the metric would gain if the segment reached it: share times the
    distance, summing to the overall distance. Raises BadInput without a dimension, NothingToShow without an answer.
    """
    if not by:
        raise BadInput("contribution.no_dimension")
    metric = warehouse.model.metric(selection.metric)
    dimensions = [warehouse.model.dimension(name) for name in by]
    reasons = any(isinstance(d, Reason) for d in dimensions)
    answer = ask(warehouse, selection, by, selection.period)
    everything = ask(warehouse, selection, (), selection.period)
    if everything.empty:
        raise NothingToShow("selection.empty")
    whole = Whole.of(with_lost(everything.rows, metric))
    cells = with_lost(answer.rows, metric)
    table = _table(_losing(cells) if reasons else cells, whole, metric)
    if target is not None:
        table["target_gain"] = _gains(table, metric, target)
    overall = estimate(whole.cells, metric)
    additive = reasons or not any(d.overlaps for d in dimensions)
    statistics = {
        "score": overall.value,
        "low": overall.interval.low,
        "high": overall.interval.high,
        "n": overall.n,
        "lost_points": whole.lost / whole.weight,
        "additive": additive,
    }
    return Result(
        method="contribution",
        metric=metric.name,
        unit=metric.unit,
        selection=selection,
        data_version=warehouse.version(),
        statistics=statistics,
        table=table,
        findings=_findings(table, metric.unit, by, reasons),
        caveats=_caveats(table, overall.clusters, additive),
        how=_method(table, statistics, metric, by),
        options={"by": tuple(by)} if target is None else {"by": tuple(by), "target": target},
        sql=(answer.sql, everything.sql),
    )


def _losing(cells: pd.DataFrame) -> pd.DataFrame:
    """Answers that lost nothing give no reason for a loss."""
    return cells[cells["lost"] > 1e-9 * cells["w"]]


def _table(cells: pd.DataFrame, whole: Whole, metric: Metric) -> pd.DataFrame:
    """One row a segment. Shares are of the answers listed: all, or for reasons those that lost points."""
    splits = bool((cells["part"] < 1).any())
    base = float((cells["w"] * cells["part"]).sum()) if splits or cells["n"].sum() < whole.n else whole.weight
    segments = cells.groupby("segment", sort=False, dropna=False)
    table = pd.DataFrame([_row(s, part, whole, metric, base) for s, part in segments], columns=list(COLUMNS))
    table = table.sort_values(["lost_points", "n"], ascending=False, kind="stable", ignore_index=True)
    table["cumulative"] = table["contribution"].cumsum()
    return table


def _row(segment: Segment, cells: pd.DataFrame, whole: Whole, metric: Metric, base: float) -> list[object]:
    e = estimate(cells, metric)
    share = float((cells["w"] * cells["part"]).sum()) / base
    points = float((cells["lost"] * cells["part"]).sum())
    contributed = points / whole.lost if whole.lost > 0 else NAN
    bounds = UNKNOWN if e.withheld else _contribution_interval(cells, contributed, whole, e.clusters)
    shown = e.shown()
    index = NAN if e.withheld or not share > 0 else contributed / share
    return [
        segment, e.n, share, shown.value, shown.interval.low, shown.interval.high, points / whole.weight,
        contributed, bounds.low, bounds.high, index, NAN,
    ]  # fmt: skip


def _contribution_interval(cells: pd.DataFrame, contributed: float, whole: Whole, clusters: int) -> Interval:
    """Linearised interval of a ratio of totals (Cochran 1977, 6.4): residual of an answer = (part - C) x lost."""
    if not whole.lost > 0 or whole.n < 2:
        return UNKNOWN
    if clusters:
        inside = (cells["lost"] * cells["part"]).groupby(cells["cluster"], dropna=False).sum()
        residuals = inside.sub(contributed * whole.lost_by_cluster(), fill_value=0.0)
        error, df = clustered_error(residuals) / whole.lost, len(residuals) - 1.0
    else:
        part, squares = cells["part"], cells["lost2"]
        variance = float((squares * (part**2 - 2 * contributed * part)).sum())
        variance += contributed**2 * float(whole.cells["lost2"].sum())
        error = math.sqrt(max(variance, 0.0) * whole.n / (whole.n - 1)) / whole.lost
        df = whole.n - 1
    return t_interval(contributed, error, df).clipped(0.0, 1.0)


def _gains(table: pd.DataFrame, metric: Metric, target: float) -> np.ndarray:
    """Share x (target - score), from lost points so that withheld scores still sum."""
    distance = abs(metric.best - target)
    sign = 1.0 if metric.better == "high" else -1.0
    return np.asarray(sign * (table["lost_points"] - table["share"] * distance), dtype=float)


def _findings(table: pd.DataFrame, unit: str, by: Sequence[str], reasons: bool) -> tuple[Statement, ...]:
    known = table.dropna(subset=["contribution"])
    if known.empty:
        return (Statement("contribution.nothing_lost"),)
    top = known.iloc[0]
    values = {
        "segment": named(top["segment"], by), "by": list(by), "share": top["share"], "contribution": top["contribution"],
        "index": top["index"], "low": top["contribution_low"], "high": top["contribution_high"], "unit": unit,
    }  # fmt: skip
    if len(known) == 1:
        return (Statement("contribution.one_segment", values),)
    key = "reason" if reasons else _beside_its_share(top["index"])
    found = [Statement(f"contribution.top_{key}", values)]
    over = known[known["index"] > 1].sort_values("index", ascending=False)
    if not reasons and not over.empty and over.index[0] != top.name:
        worst = over.iloc[0]
        values = {
            "segment": named(worst["segment"], by),
            "by": list(by),
            "index": worst["index"],
            "share": worst["share"],
        }
        found.append(Statement("contribution.highest_index", {**values, "contribution": worst["contribution"]}))
    return tuple(found)


def _beside_its_share(index: float) -> str:
    """Whether a segment loses more than its share of answers, less, or about as much."""
    return "more" if index >= 1.1 else "even" if index > 0.9 else "less"


def _caveats(table: pd.DataFrame, clusters: int, additive: bool) -> tuple[Statement, ...]:
    found = []
    if not additive:
        found.append(Statement("caveat.overlap"))
    if (table["n"] < WITHHELD_BELOW).any():
        found.append(Statement("caveat.withheld", {"segments": int((table["n"] < WITHHELD_BELOW).sum())}))
    if 0 < clusters < FEW_CLUSTERS:
        found.append(Statement("caveat.few_clusters", {"clusters": clusters}))
    return (*found, Statement("caveat.not_cause"))


def _method(table: pd.DataFrame, statistics: Mapping[str, object], metric: Metric, by: Sequence[str]) -> Method:
    top = table.iloc[0]
    values = {
        "score": statistics["score"], "best": metric.best, "lost": statistics["lost_points"], "unit": metric.unit,
        "segment": named(top["segment"], by), "points": top["lost_points"], "contribution": top["contribution"],
    }  # fmt: skip
    return Method(
        "contribution", Statement("how.contribution.formula", values), (Statement("how.contribution.interval"),)
    )
