"""What must a reader beware of? Few teams behind the answers, and a breakdown that says the metric again."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.estimate import FEW_CLUSTERS, LEAST_CLUSTERS, WITHHELD_BELOW, Cells
from data_access.metrics import Metric
from data_access.statement import Statement


def too_few(cells: Cells) -> bool:
    """Whether a score of all these answers is withheld."""
    return bool(cells.rows["n"].sum() < WITHHELD_BELOW)


def few_clusters(rows: pd.DataFrame, clusters: int) -> tuple[Statement, ...]:
    """What to beware of where few teams are behind some cells; `clusters`: those that the error was learnt from."""
    if 0 < clusters < FEW_CLUSTERS:
        return (Statement("caveat.few_clusters", {"clusters": clusters}),)
    there = rows["cluster"].nunique() if "cluster" in rows else 0
    if clusters or not 0 < there < LEAST_CLUSTERS:
        return ()
    return (Statement("caveat.own_answers_only", {"clusters": there}),)


def repeats_metric(table: pd.DataFrame, metric: Metric, by: Sequence[str]) -> tuple[Statement, ...]:
    """What to say where a rate is decided by whether the dimension is blank: no team, because the call was abandoned.

    table: segment and score, NaN where withheld.
    """
    if not metric.unit.is_share or len(by) != 1:
        return ()
    blank = table["segment"].map(lambda segment: segment[0] is None)
    missing, others = table["score"][blank].dropna(), table["score"][~blank].dropna()
    if missing.empty or others.empty or others.nunique() > 1 or {missing.iloc[0], others.iloc[0]} != {0.0, 100.0}:
        return ()
    return (Statement("cut.repeats", {"name": {"dimension": by[0]}, "metric": {"dimension": metric.name}}),)
