"""What does the linear model of drivers miss? An ordinal score, and interactions between drivers.

Two other models of the same answers: proportional odds, where the score has few values, and a shallow tree. Both come
from covariate patterns (see `patterns`), hence from bins of the drivers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.drivers.patterns import CompleteCases, columns_of, complete_cases, finest, patterns, reference_members
from analysis.drivers.tree import tree_of
from analysis.result import Statement, Unit
from analysis.stats.ordinal import OrdinalFit, proportional_odds
from data_access.selection import Selection
from data_access.warehouse import Warehouse

MOST_MARKS = 11  # a score with more values is treated as continuous
MOST_PATTERNS = 5_000  # within clusters
BINS = (2, 3, 5, 10)
ORDINAL = ["driver", "member", "reference", "step", "odds_ratio", "low", "high", "p", "p_parallel"]


@dataclass(frozen=True)
class Models:
    """Further tables by name, numbers and statements of a result."""

    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    statistics: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Statement, ...] = ()
    sql: tuple[str, ...] = ()


def models(
    warehouse: Warehouse,
    selection: Selection,
    drivers: Sequence[str],
    hold: Sequence[str],
    steps: Mapping[str, float],
) -> Models:
    """Parts `ordinal` (odds ratio of a higher score per step of each driver) and `tree`, from one fetch of columns.

    steps: the step of each driver that an odds ratio is for. Statistic `ordinal` says whether there is such a model:
    fitted, or why not: rate, marks (too many), weights (of a survey), patterns (too many), separated.
    """
    cases = complete_cases(warehouse, selection, [*hold, *drivers])
    metric = warehouse.model.metric(selection.metric)
    table, statistics = _ordinal(cases, drivers, steps, metric.unit)
    tree = tree_of(cases, drivers, metric.unit)
    return Models(
        {"ordinal": table, "tree": tree.nodes},
        {**statistics, "tree_r2": tree.r2, "sampled": cases.sampled},
        tree.findings,
        (cases.sql,),
    )


def _ordinal(
    cases: CompleteCases, drivers: Sequence[str], steps: Mapping[str, float], unit: Unit
) -> tuple[pd.DataFrame, dict[str, Any]]:
    nothing = pd.DataFrame({name: [] for name in ORDINAL})
    marks = len(np.unique(cases.marks))
    if unit.is_share or marks < 3 or marks > MOST_MARKS or cases.weighting == "survey":
        why = "rate" if unit.is_share or marks < 3 else "marks" if marks > MOST_MARKS else "weights"
        return nothing, {"ordinal": why, "marks": marks}
    within = {} if cases.cluster is None else {"": cases.cluster}
    bins = finest(cases, BINS, MOST_PATTERNS, within)
    first, pattern = patterns(bins, within)
    counts_ = {"marks": marks, "patterns": len(first)}
    if len(first) > MOST_PATTERNS:
        return nothing, {"ordinal": "patterns", **counts_, "most_patterns": MOST_PATTERNS}
    columns = columns_of(cases, bins, first, steps)
    counts = np.bincount(pattern * len(cases.scale) + cases.marks, cases.counts,
                         len(first) * len(cases.scale)).reshape(len(first), -1)  # fmt: skip
    x = np.column_stack([numbers for _, numbers in columns.values()])
    cluster = (
        None
        if cases.cluster is None
        else np.where(cases.cluster >= cases.named, -1 - cases.cluster, cases.cluster)[first]
    )
    fit = proportional_odds(list(columns), x, counts, cluster=cluster)
    if fit.separated:
        return nothing, {"ordinal": "separated", **counts_}
    own = {name: of for name, (of, _) in columns.items() if of in drivers}
    odds = _odds(fit, own, {n: steps.get(n, 1.0) for n in drivers}, reference_members(cases))
    return odds, {"ordinal": "fitted", **counts_, "parallel_p": _parallel(fit)}


def _parallel(fit: OrdinalFit) -> float:
    """p of the test of proportional odds: joint, or with too few clusters for that the smallest of the columns, times
    their number (Bonferroni).
    """
    each = [test.p for test in fit.parallel.each if test.p == test.p]
    whole = fit.parallel.whole.p
    return whole if whole == whole or not each else min(1.0, len(each) * min(each))


def _odds(
    fit: OrdinalFit, own: Mapping[str, str], steps: Mapping[str, float], references: Mapping[str, str]
) -> pd.DataFrame:
    """A row for each driver, or for each member of a dimension but the reference."""
    rows = []
    for column, test, ratio, parallel in zip(
        fit.names, fit.tests(), fit.odds_ratios(), fit.parallel.each, strict=True
    ):
        if column not in own:
            continue
        driver = own[column]
        is_number = column == driver
        rows.append({
            "driver": driver, "member": None if is_number else column.removeprefix(f"{driver}="),
            "reference": references.get(driver),
            "step": steps[driver] if is_number else np.nan, "odds_ratio": float(np.exp(test.value)),
            "low": ratio.low, "high": ratio.high, "p": test.p, "p_parallel": parallel.p,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=ORDINAL)
