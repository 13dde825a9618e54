"""What does the linear model of drivers miss? An order in place of distances, and drivers that work together.

Two other models of the same answers: proportional odds, where the score has few marks, and a shallow tree. Both come
from covariate patterns (see `patterns`), hence from bins of the drivers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.drivers.patterns import Answers, columns_of, finest, known, patterns, reference_members
from analysis.drivers.tree import tree_of
from analysis.result import Statement, Unit
from analysis.stats.ordinal import OrdinalFit, proportional_odds
from data_access.selection import Selection
from data_access.warehouse import Warehouse

MOST_MARKS = 11  # a score of more values is measured rather than ordered
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
    """Parts `ordinal` (odds of a higher mark by a step of each driver) and `tree`, from one fetch of columns.

    steps: how much more of a driver an odds ratio speaks of. Statistic `ordinal` says whether there is such a model:
    fitted, or why not: rate, marks (too many), weights (of a survey), patterns (too many), separated.
    """
    answers = known(warehouse, selection, [*hold, *drivers])
    metric = warehouse.model.metric(selection.metric)
    table, statistics = _ordinal(answers, drivers, steps, metric.unit)
    grown = tree_of(answers, drivers, metric.unit)
    return Models(
        {"ordinal": table, "tree": grown.nodes},
        {**statistics, "tree_r2": grown.r2, "sampled": answers.sampled},
        grown.findings,
        (answers.sql,),
    )


def _ordinal(
    answers: Answers, drivers: Sequence[str], steps: Mapping[str, float], unit: Unit
) -> tuple[pd.DataFrame, dict[str, Any]]:
    nothing = pd.DataFrame({name: [] for name in ORDINAL})
    marks = len(np.unique(answers.marks))
    if unit.is_share or marks < 3 or marks > MOST_MARKS or answers.weighting == "survey":
        why = "rate" if unit.is_share or marks < 3 else "marks" if marks > MOST_MARKS else "weights"
        return nothing, {"ordinal": why, "marks": marks}
    within = {} if answers.cluster is None else {"": answers.cluster}
    bins = finest(answers, BINS, MOST_PATTERNS, within)
    first, pattern = patterns(bins, within)
    said = {"marks": marks, "patterns": len(first)}
    if len(first) > MOST_PATTERNS:
        return nothing, {"ordinal": "patterns", **said, "most_patterns": MOST_PATTERNS}
    columns = columns_of(answers, bins, first, steps)
    counts = np.bincount(pattern * len(answers.scale) + answers.marks, answers.answers,
                         len(first) * len(answers.scale)).reshape(len(first), -1)  # fmt: skip
    x = np.column_stack([numbers for _, numbers in columns.values()])
    cluster = None if answers.cluster is None else answers.cluster[first]
    fit = proportional_odds(list(columns), x, counts, cluster=cluster)
    if fit.separated:
        return nothing, {"ordinal": "separated", **said}
    own = {name: of for name, (of, _) in columns.items() if of in drivers}
    found = _odds(fit, own, {n: steps.get(n, 1.0) for n in drivers}, reference_members(answers))
    return found, {"ordinal": "fitted", **said, "parallel_p": _parallel(fit)}


def _parallel(fit: OrdinalFit) -> float:
    """p that the odds ratios differ by mark: of all columns, or where clusters are too few for so many questions at
    once, the smallest of the columns' own times how many there are.
    """
    each = [test.p for test in fit.parallel.each if test.p == test.p]
    whole = fit.parallel.whole.p
    return whole if whole == whole or not each else min(1.0, len(each) * min(each))


def _odds(
    fit: OrdinalFit, own: Mapping[str, str], steps: Mapping[str, float], references: Mapping[str, str]
) -> pd.DataFrame:
    """A row for each driver, or for each member of a dimension but the one the others are compared with."""
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
