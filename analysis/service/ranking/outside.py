"""How far is a measure from outside scores, and which rank has it among those who report one?

Every source is compared as `contrast` compares a benchmark. A gap that cannot be shown says how many answers it would
take: on each side, for the smallest difference that matters and for the gap that was found, with 80 % power, times
what answers of one team tell less than single ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast.benchmark import Reference, compared, during, sd_of_answers, summed
from analysis.contrast.precision import Pooled, variance_of_answers
from analysis.contrast.samples import Answers
from analysis.estimate import Cells, as_one
from analysis.stats.intervals import NAN
from analysis.stats.league import compatible_ranks
from analysis.stats.multiplicity import holm
from analysis.stats.power import needed_for_means, needed_for_proportions
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.warehouse import Warehouse

OURS = ""  # the source of our own row
TOO_SMALL = 1e-9  # a gap that is none
COLUMNS = ["source", "peer", "n", "value", "gap", "low", "high", "p_adjusted", "rank", "rank_best", "rank_worst",
           "smallest", "needed", "needed_gap"]  # fmt: skip


def outside(warehouse: Warehouse, selection: Selection, cells: Cells) -> pd.DataFrame:
    """Ours and every source that reports the metric for the months of the period, the best first: COLUMNS.

    gap: ours less theirs. A source of unknown size has neither interval nor rank; one that the table says is no peer
    (a group's average) has no rank. No rows where nobody reports it.
    """
    rows = during(warehouse.benchmarks(cells.metric.name), selection.period)
    rows = rows[rows["dimension"].isna()]
    if rows.empty or cells.empty:
        return pd.DataFrame(columns=COLUMNS)
    ours = Answers(as_one(cells.rows)[0], ((),), cells.metric, (cells.sql,))
    if ours.estimates.withheld[0]:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.DataFrame([_ours(ours), *(_theirs(ours, source, part) for source, part in rows.groupby("source"))])
    table["p_adjusted"] = holm(table["p"].to_numpy(dtype=float))
    ranks = compatible_ranks(
        np.where(table["peer"], table["value"], NAN),
        table["error"].to_numpy(dtype=float),
        df=table["df"].to_numpy(dtype=float),
        better_high=cells.metric.better == "high",
    )
    table = table.assign(rank=ranks.rank, rank_best=ranks.best, rank_worst=ranks.worst)
    return table.sort_values("value", ascending=cells.metric.better == "low", ignore_index=True)[COLUMNS]


def _ours(ours: Answers) -> dict[str, Any]:
    e = ours.estimates
    row = {"source": OURS, "peer": True, "n": e.n[0], "value": e.value[0], "error": e.error[0], "df": e.df[0]}
    return {**row, **dict.fromkeys(("gap", "low", "high", "p", "smallest", "needed", "needed_gap"), NAN)}


def _theirs(ours: Answers, source: str, rows: pd.DataFrame) -> dict[str, Any]:
    value, n, reported = (np.array([number]) for number in summed(rows))
    own = _pooled(ours)
    sd = sd_of_answers(ours.metric, value, own) if np.isnan(reported[0]) else reported
    comparison = compared(ours, Reference(value=value, n=n, sd=sd))
    low, high = comparison.bounds(np.array(0.95))
    return {
        "source": source,
        "peer": not (rows["peer"] == 0).any(),
        "n": n[0],
        "value": value[0],
        "error": sd[0] / math.sqrt(n[0]),
        "df": n[0] - 1,
        "gap": comparison.value[0],
        "low": low[0],
        "high": high[0],
        "p": comparison.p[0],
        **_needed(ours, float(value[0]), float(comparison.value[0]), float(sd[0])),
    }


def _pooled(ours: Answers) -> Pooled:
    """Our mean, and the standard deviation of single answers."""
    return Pooled(float(ours.estimates.value[0]), float(np.sqrt(variance_of_answers(ours.plain)[0])))


def _needed(ours: Answers, theirs: float, gap: float, sd: float) -> Mapping[str, float]:
    """Answers on each side to tell the smallest difference that matters, and the gap that was found."""
    e, plain = ours.estimates.error[0], ours.plain.error[0]
    worse = max(1.0, float((e / plain) ** 2)) if plain > 0 else 1.0
    smallest = ours.metric.kind.smallest_that_matters(theirs, sd)
    return {
        "smallest": smallest,
        "needed": math.ceil(worse * needed_to_tell(ours.metric, theirs, smallest, sd)),
        "needed_gap": NAN
        if abs(gap) < TOO_SMALL
        else math.ceil(worse * needed_to_tell(ours.metric, theirs, gap, sd)),
    }


def needed_to_tell(metric: Metric, value: float, difference: float, sd: float) -> float:
    """Answers on each side to see that a measure differs from `value` by so much; a share has its own formula.

    >>> from data_access.labels import Labels; from data_access.metric_kinds import Rate
    >>> needed_to_tell(Metric("mention", "m", Labels("m"), Rate()), 2.6, 0.2, 16.0)
    103098.0
    """
    if not metric.unit.is_share:
        return needed_for_means(abs(difference), sd, sd)
    other = value + difference
    if not 0 <= other <= 100:
        other = value - difference
    return needed_for_proportions(value / 100, other / 100)
