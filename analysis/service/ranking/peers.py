"""How does a measure stand among its peers? Its rank, with the ranks that luck leaves open, here and outside.

The members of a dimension are peers of each other; those outside are the sources of the table of benchmarks. What a
rank may truly be comes from comparisons in pairs, see `under_each`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import Segment, ask, coded, named
from analysis.limits import within_limits
from analysis.not_recorded import set_apart
from analysis.overview import default_cut
from analysis.result import Method, Result, Statement
from analysis.service.board.families import counts_of, metrics_of, usual_measure
from analysis.service.board.said import name_of
from analysis.service.ranking.outside import OURS, outside
from analysis.service.ranking.under_each import Under
from analysis.service.rates import NEITHER, numbered
from analysis.stats.intervals import SIGNIFICANCE
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse


@within_limits
def peers(
    warehouse: Warehouse,
    selection: Selection,
    *,
    measure: str = "",
    by: Sequence[str] = (),
    formula: str = "offered",
    clock: str = "queue",
) -> Result:
    """One measure of the board by the segments of `by`, the best first: value, rank, and what the rank may truly be.

    parts: `outside` (sources of the benchmarks, with gaps, needed answers and ranks; ours among them), where there
    are any. Raises BadInput as `service_measure` does, and for a measure that is neither good nor bad when high.
    """
    by, measure = tuple(by) or default_cut(warehouse), measure or usual_measure(warehouse)
    check_side_by_side(warehouse.model, by)
    metric = metrics_of(warehouse).get(measure)
    if metric is not None:
        asked = replace(selection, metric=metric.name)
        segments, under, sql = _of_metric(warehouse, asked, metric, by)
        whole = ask(warehouse, asked, (), selection.period)
        beside = outside(warehouse, selection, whole)
    else:
        segments, under, sql = _of_counts(warehouse, selection, measure, by, formula, clock)
        beside = pd.DataFrame()
    table = set_apart(under.table(segments).sort_values(["rank", "n"], ascending=[True, False], kind="stable"))
    statistics = _statistics(under, table, beside)
    values = {**statistics, "unit": under.unit, "name": name_of(measure, "recorded" if metric else "")}
    result = Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "peers",
        statistics=statistics,
        table=table.drop(columns=["definition", "unit", "better"]),
        findings=(*_within(table, by, values), *_beside(beside, values)),
        caveats=(Statement("peers.all_customers"),) if len(beside) and selection.filters else (),
        how=Method(
            "peers", Statement("how.definitions.ranks"), (Statement("how.fcr.rest"), Statement("how.peers.needed"))
        ),
        options={"measure": measure, "by": by, "formula": formula, "clock": clock},
        parts={"outside": beside} if len(beside) else {},
        sql=sql,
    )
    return replace(result, unit=under.unit)


def _of_metric(
    warehouse: Warehouse, asked: Selection, metric: Metric, by: Sequence[str]
) -> tuple[list[Segment], Under, tuple[str, ...]]:
    cells = ask(warehouse, asked, by, asked.period)
    if cells.empty:
        raise NothingToShow("selection.empty")
    segments, (rows,) = coded(cells.rows)
    return segments, Under.of_cells(metric.name, rows, len(segments), metric), (cells.sql,)


def _of_counts(
    warehouse: Warehouse, selection: Selection, measure: str, by: Sequence[str], formula: str, clock: str
) -> tuple[list[Segment], Under, tuple[str, ...]]:
    counts = counts_of(warehouse, selection, measure, by, formula, clock)
    ratio = counts.ratio(measure)
    if ratio.better == NEITHER:
        raise BadInput("peers.neither", name=name_of(measure, ""))
    segments, rows = numbered(counts.now, by)
    return segments, Under.of_days(measure, rows, len(segments), ratio), counts.sql


def _statistics(under: Under, table: pd.DataFrame, beside: pd.DataFrame) -> dict[str, float]:
    ranked = table.dropna(subset=["rank"])
    count = len(ranked)
    statistics: dict[str, float] = {
        "score": float(under.whole.value[0]),
        "low": float(under.whole.low[0]),
        "high": float(under.whole.high[0]),
        "n": float(under.whole.n[0]),
        "segments": count,
        "open": int(((ranked["rank_best"] == 1) & (ranked["rank_worst"] == count)).sum()),
    }
    if len(beside):
        ours = beside[beside["source"] == OURS].iloc[0]
        statistics["peers"] = int(beside["rank"].notna().sum())
        statistics |= {name: float(ours[name]) for name in ("rank", "rank_best", "rank_worst")}
    return statistics


def _within(table: pd.DataFrame, by: Sequence[str], values: Mapping[str, Any]) -> list[Statement]:
    """The first and the last of the members, and how many ranks luck leaves open."""
    ranked = table.dropna(subset=["rank"])
    if len(ranked) < 2:
        return [Statement("peers.alone", values)]
    found = []
    for place, row in (("first", ranked.iloc[0]), ("last", ranked.iloc[-1])):
        told = {**values, **row.to_dict(), "segment": named(row["segment"], by)}
        found.append(Statement(f"peers.{place}{_sure(told)}", told))
    return [*found, Statement("peers.open", values)] if values["open"] else found


def _sure(values: Mapping[str, Any]) -> str:
    """The key of a rank that luck leaves no other."""
    return "_sure" if values["rank_best"] == values["rank_worst"] else ""


def _beside(beside: pd.DataFrame, values: Mapping[str, Any]) -> list[Statement]:
    """Our rank among the peers outside, and the gap to whoever is no peer, else to the best of them."""
    if beside.empty:
        return []
    found = [Statement(f"peers.rank{_sure(values)}", values)] if values["peers"] > 1 else []
    theirs = beside[beside["source"] != OURS]
    averages = theirs[~theirs["peer"].astype(bool)]
    for row in (averages if len(averages) else theirs.head(1)).to_dict("records"):
        told = {**values, **row, "source": {"source": row["source"]}, "ours": values["score"], "n_ours": values["n"]}
        kind = "unknown" if row["n"] != row["n"] else "sure" if row["p_adjusted"] < SIGNIFICANCE else "unsure"
        found.append(Statement(f"peers.gap_{kind}", told))
        if kind != "unknown" and math.isfinite(told["needed"]):
            times = math.ceil(told["needed"] / told["n_ours"])
            found.append(Statement("peers.needed" if times > 1 else "peers.enough", {**told, "times": times}))
    return found
