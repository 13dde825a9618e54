"""Where are points lost? Share of lost points by segment or reason, beside its share of the answers.

Lost points of an answer = best value - its value; contribution = lost points of a segment / all lost points;
index = contribution / share of answers. Source: the product's definitions, variants DD1 to DD3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.cautions import few_clusters, repeats_metric
from analysis.estimate import (
    WITHHELD_BELOW,
    Cells,
    ask_each,
    cells_of,
    coded,
    estimate,
    estimates,
    named,
    totals,
    with_lost,
)
from analysis.limits import within_limits
from analysis.not_recorded import left_blank, recorded, set_apart
from analysis.own_order import in_own_order
from analysis.powers import powers_of
from analysis.result import Method, Result, Statement, Unit
from analysis.shares import shares_of
from analysis.stats.intervals import NAN
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import Dimension, Reason
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

COLUMNS = (
    "segment", "n", "share", "score", "low", "high", "lost_points",
    "contribution", "contribution_low", "contribution_high", "index", "cumulative",
)  # fmt: skip


@within_limits
def contribution(
    warehouse: Warehouse, selection: Selection, *, by: Sequence[str], target: float | None = None
) -> Result:
    """Lost points by the combinations of `by`, most first; members with an order of their own in that.

    By a reason, column `power` says who can act on it. With `target`, column `target_gain` is what the metric would
    gain if the segment reached it: share times the distance, summing to the overall distance. Raises BadInput without
    a dimension, NothingToShow without an answer.
    """
    if not by:
        raise BadInput("contribution.no_dimension")
    metric = warehouse.model.metric(selection.metric)
    dimensions = [warehouse.model.dimension(name) for name in by]
    reasons = any(isinstance(d, Reason) for d in dimensions)
    overlap = any(d.overlaps for d in dimensions)
    listed, everything = _asked(warehouse, selection, by, reasons=reasons, overlap=overlap)
    if everything.empty:
        raise NothingToShow("selection.empty")
    table = _table(with_lost(listed.rows, metric), with_lost(everything.rows, metric), metric, dimensions)
    for place, dimension in enumerate(dimensions):
        if isinstance(dimension, Reason):
            table["power"] = powers_of(warehouse, dimension, [segment[place] for segment in table["segment"]])
    if target is not None:
        table["target_gain"] = _gains(table, metric, target)
    overall = estimate(everything.rows, metric)
    additive = not any(d.overlaps and not isinstance(d, Reason) for d in dimensions)
    statistics = {
        "score": overall.value,
        "low": overall.interval.low,
        "high": overall.interval.high,
        "n": overall.n,
        "lost_points": metric.lost(overall.value),
        "additive": additive,
    }
    return Result.of(
        warehouse,
        selection,
        metric,
        "contribution",
        statistics=statistics,
        table=table,
        findings=repeats_metric(table, metric, by) or _findings(table, metric.unit, by, reasons),
        caveats=(*few_clusters(everything.rows, overall.clusters), *_caveats(table, additive)),
        how=_method(table, statistics, metric, by),
        options={"by": tuple(by)} if target is None else {"by": tuple(by), "target": target},
        sql=tuple(dict.fromkeys((listed.sql, everything.sql))),
    )


def _asked(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], *, reasons: bool, overlap: bool
) -> tuple[Cells, Cells]:
    """Cells by segment and cells of all answers, in as few queries as can be.

    Answers that lost nothing give no reason for a loss, so by reason only the others are listed.
    """
    if reasons:
        metric = warehouse.model.metric(selection.metric)
        lost, whole = warehouse.cells_lost(metric.name, by, selection.period, selection.filters)
        return cells_of(lost, by, metric), cells_of(whole, (), metric)
    listed, *everything = ask_each(warehouse, selection, [by, *([()] if overlap else [])], selection.period)
    return listed, everything[0] if everything else listed


def _table(
    cells: pd.DataFrame, everything: pd.DataFrame, metric: Metric, dimensions: Sequence[Dimension]
) -> pd.DataFrame:
    """One row a segment. Shares are of all answers, but for reasons of those that lost points."""
    reasons = any(isinstance(d, Reason) for d in dimensions)
    segments, (cells, everything) = coded(cells, everything.assign(segment=0))  # the last is that of everything
    k = len(segments) - 1
    e, shares = estimates(cells, k, metric), shares_of(cells, everything, k)
    weights, weight = totals(cells, cells["w"] * cells["part"], k), float(everything["w"].sum())
    share = weights / (weights.sum() if reasons else weight)
    bounds = (np.where(e.withheld, NAN, column) for column in (shares.low, shares.high, shares.share / share))
    scores = (e.shown(name) for name in ("value", "low", "high"))
    numbers = (e.n, share, *scores, shares.lost / weight, shares.share, *bounds)
    table = pd.DataFrame(dict(zip(COLUMNS[1:], numbers, strict=False)))
    table.insert(0, "segment", pd.Series(segments[:k], dtype=object))
    table = in_own_order(set_apart(_by_loss(table)), dimensions)
    table["cumulative"] = table["contribution"].cumsum()
    return table


def _by_loss(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["lost_points", "n"], ascending=False, kind="stable")


def _gains(table: pd.DataFrame, metric: Metric, target: float) -> np.ndarray:
    """Share x (target - score), from lost points so that withheld scores still sum."""
    return np.asarray(metric.sign * (table["lost_points"] - table["share"] * metric.lost(target)), dtype=float)


def _findings(table: pd.DataFrame, unit: Unit, by: Sequence[str], reasons: bool) -> tuple[Statement, ...]:
    known = table.dropna(subset=["contribution"])
    if known.empty:
        return (Statement("contribution.nothing_lost"),)
    apart, known = left_blank(known), recorded(known)
    top = _by_loss(known).iloc[0]
    values = {
        "segment": named(top["segment"], by), "by": list(by), "share": top["share"],
        "contribution": top["contribution"], "index": top["index"], "unit": unit,
        "low": top["contribution_low"], "high": top["contribution_high"],
    }  # fmt: skip
    if len(known) == 1 and apart.empty:
        return (Statement("contribution.one_segment", values),)
    key = "reason" if reasons else _beside_its_share(top["index"])
    statements = [Statement(f"contribution.top_{key}", values)]
    over = known[known["index"] > 1].sort_values("index", ascending=False)
    if not reasons and not over.empty and over.index[0] != top.name:
        worst = over.iloc[0]
        values = {
            "segment": named(worst["segment"], by),
            "by": list(by),
            "index": worst["index"],
            "share": worst["share"],
        }
        statements.append(Statement("contribution.highest_index", {**values, "contribution": worst["contribution"]}))
    return (*statements, *_not_recorded(apart, by))


def _not_recorded(apart: pd.DataFrame, by: Sequence[str]) -> tuple[Statement, ...]:
    """What nobody can say a member of: its own sentence, after those of the members."""
    if apart.empty:
        return ()
    sums = {name: float(apart[name].sum()) for name in ("share", "contribution")}
    return (Statement("contribution.not_recorded", {"names": [{"dimension": name} for name in by], **sums}),)


def _beside_its_share(index: float) -> str:
    """Whether a segment loses more than its share of answers, less, or about as much."""
    return "more" if index >= 1.1 else "even" if index > 0.9 else "less"


def _caveats(table: pd.DataFrame, additive: bool) -> tuple[Statement, ...]:
    statements = []
    if not additive:
        statements.append(Statement("caveat.overlap"))
    if (table["n"] < WITHHELD_BELOW).any():
        statements.append(Statement("caveat.withheld", {"segments": int((table["n"] < WITHHELD_BELOW).sum())}))
    return (*statements, Statement("caveat.not_cause"))


def _method(
    table: pd.DataFrame, statistics: Mapping[str, object], metric: Metric, by: Sequence[str]
) -> Method | None:
    if table.empty:  # no answer lost points, so none gives a reason
        return None
    top = _by_loss(recorded(table)).iloc[0]
    values = {
        "score": statistics["score"], "best": metric.best, "lost": statistics["lost_points"], "unit": metric.unit,
        "segment": named(top["segment"], by), "points": top["lost_points"], "contribution": top["contribution"],
    }  # fmt: skip
    return Method(
        "contribution", Statement("how.contribution.formula", values), (Statement("how.contribution.interval"),)
    )
