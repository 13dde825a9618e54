"""All measures of the service by the segments of one cut, side by side: value, interval, change and state of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from analysis.estimate import ask
from analysis.overview import segments_table
from analysis.service.day_counts import DayCounts
from analysis.service.measures import state_of
from analysis.stats.intervals import NAN
from analysis.stats.multiplicity import holm
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.calls import AIMED

ACROSS = [
    "measure", "segment", "value", "low", "high", "n", "value0", "change", "p_adjusted", "target", "better",
    "unit", "state",
]  # fmt: skip
_OF_STANDING = {"score": "value", "low": "low", "high": "high", "baseline_score": "value0", "change": "change"}


def across(
    warehouse: Warehouse,
    selection: Selection,
    by: Sequence[str],
    families: Iterable[Callable[[], DayCounts]],
    metrics: Iterable[Metric],
    board: pd.DataFrame,
) -> tuple[pd.DataFrame, list[str]]:
    """A row a measure and segment, shares 0..1, and the SQL; p adjusted for all of them together (Holm).

    families: the counts of each, by the segments. A family whose table does not say the segment, and a metric that
    nobody of the selection has, are left out.
    """
    known, found, sql = board.set_index("measure"), list[pd.DataFrame](), list[str]()
    for count in families:
        try:
            counts = count()
        except (BadInput, NothingToShow):
            continue
        each = [_of_counts(counts, ratio.name) for ratio in counts.ratios if ratio.name in known.index]
        found += [table for table in each if table["n"].sum()]
        sql += counts.sql
    for metric in metrics:
        if metric.name in known.index:
            found += _of_metric(warehouse, selection, metric, by, sql)
    if not found:
        return pd.DataFrame(columns=ACROSS), sql
    table = pd.concat(found, ignore_index=True)
    said = {name: table["measure"].map(known[name]) for name in ("better", "unit")}
    table = table.assign(**said, p_adjusted=holm(table["p"].to_numpy(float)))
    whole = table["measure"].map(known["target"])
    table["target"] = table["target"].where(table["target"].notna(), whole)
    return table.assign(state=[state_of(row) for row in table.to_dict("records")])[ACROSS], sql


def _of_counts(counts: DayCounts, measure: str) -> pd.DataFrame:
    table = counts.by_segment(measure)
    return _shares(table, measure).assign(target=_aims(counts, table) if measure == "service_level" else NAN)


def _aims(counts: DayCounts, table: pd.DataFrame) -> list[float]:
    """What was promised to the calls of each segment: the mean of what holds for each of them."""
    sums = counts.now.groupby(list(counts.by), dropna=False)[[AIMED, "requests"]].sum(min_count=1)
    aims = {key if isinstance(key, tuple) else (key,): row[AIMED] / row["requests"] for key, row in sums.iterrows()}
    return [float(aims.get(segment, NAN)) for segment in table["segment"]]


def _of_metric(
    warehouse: Warehouse, selection: Selection, metric: Metric, by: Sequence[str], sql: list[str]
) -> list[pd.DataFrame]:
    asked = replace(selection, metric=metric.name)
    now = ask(warehouse, asked, by, selection.period)
    sql.append(now.sql)
    if now.empty:
        return []
    before = ask(warehouse, asked, by, selection.baseline) if selection.baseline else None
    table = segments_table(now, before, metric, [warehouse.model.dimension(name) for name in by])
    return [_shares(table, metric.name).assign(target=NAN)]


def _shares(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Columns of a standing in per cent as those of the board."""
    shares = {name: table[own] / 100 for own, name in _OF_STANDING.items()}
    return table[["segment", "n", "p"]].assign(measure=measure, **shares)
