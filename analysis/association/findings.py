"""The findings of a matrix: the strongest association, how many are significant, and duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import FEW_CLUSTERS
from analysis.result import Method, Statement
from analysis.stats.coefficient_names import UNSIGNED
from analysis.stats.intervals import SIGNIFICANCE

MOST_DUPLICATES = 3  # pairs named one by one
Statistics = Mapping[str, Any]
Parts = Mapping[str, pd.DataFrame]


def top_of(table: pd.DataFrame, metric: str, same: pd.DataFrame) -> pd.Series | None:
    """The surest strong pair: with the metric where there is one, else of all; never of columns that say the same."""
    certain = same[same["kind"] != "near"]
    repeats = {frozenset(pair) for pair in zip(certain["x"], certain["y"], strict=True)}
    new = [frozenset(pair) not in repeats for pair in zip(table["x"], table["y"], strict=True)]
    sure = table[np.array(new) & (table["p_adjusted"] < SIGNIFICANCE)]
    if sure.empty:
        return None
    of_metric = sure[(sure["x"] == metric) | (sure["y"] == metric)]
    chosen = sure if of_metric.empty else of_metric
    return chosen.loc[chosen["value"].abs().idxmax()]


def findings_of(
    table: pd.DataFrame, statistics: Statistics, metric: str, parts: Parts
) -> tuple[Statement, ...]:  # fmt: skip
    """The strongest association first, then how many are significant, then duplicates."""
    duplicate_pairs = _duplicates(parts["duplicates"])
    if not statistics["top_x"]:
        return (Statement("association.none_sure", statistics), *duplicate_pairs)
    pair = (table["x"] == statistics["top_x"]) & (table["y"] == statistics["top_y"])
    top = table[pair].iloc[0]
    x, y = (top["y"], top["x"]) if top["y"] == metric else (top["x"], top["y"])
    values = {
        **statistics, "x": {"dimension": x}, "y": {"dimension": y}, **{k: top[k] for k in ("value", "low", "high")},
        "coefficient": Statement(f"coefficient.{top['coefficient']}"),
        "strength": Statement(f"strength.{top['strength']}"),
    }  # fmt: skip
    first = Statement("association.with_metric" if x == metric else "association.strongest", values)
    return (
        first,
        *_direction(top, values, parts["columns"]),
        Statement("association.beyond", statistics),
        *duplicate_pairs,
    )


def _direction(top: pd.Series, values: Statistics, columns: pd.DataFrame) -> list[Statement]:
    """Whether higher values of one go with higher values of the other; nominal columns have no direction."""
    levels = columns.set_index("column")["level"]
    if top["coefficient"] in UNSIGNED or "nominal" in (levels[top["x"]], levels[top["y"]]):
        return []
    return [Statement("association.rises" if top["value"] > 0 else "association.falls", values)]


def _duplicates(same: pd.DataFrame) -> list[Statement]:
    statements = [
        Statement(
            f"association.{row.kind}", {"x": {"dimension": row.x}, "y": {"dimension": row.y}, "value": row.value}
        )
        for row in same.head(MOST_DUPLICATES).itertuples()
    ]
    more = len(same) - len(statements)
    return [*statements, Statement("association.more_alike", {"more": more})] if more else statements


def caveats_of(statistics: Statistics, parts: Parts) -> tuple[Statement, ...]:
    """Sampling, missing values, and that association is not causation."""
    columns, statements = parts["columns"], []
    if statistics["sampled"]:
        statements.append(Statement("association.sampled", statistics))
    if 0 < statistics["clusters"] < FEW_CLUSTERS:
        statements.append(Statement("caveat.few_clusters", statistics))
    if statistics["of"]:
        statements.append(
            Statement("association.ecological", {**statistics, "unit_of": {"dimension": statistics["of"]}})
        )
    if statistics["n_least"] < statistics["n_most"]:
        statements.append(Statement("association.pairwise", statistics))
    for policy in ("zero", "no"):
        names = columns[(columns["policy"] == policy) & (columns["missing"] > 0)]["column"]
        if len(names):
            statements.append(
                Statement(f"association.blank_as_{policy}", {"names": [{"dimension": n} for n in names]})
            )
    return (*statements, Statement("association.not_cause"))


def how_of(statistics: Statistics) -> Method:
    """How the coefficients, their errors and the adjustment were computed."""
    unit = "units" if statistics["of"] else "contacts"
    errors = "clusters" if statistics["clusters"] else "alone"
    basis = (Statement(f"how.association.{errors}", statistics), Statement("how.association.interval"))
    adjusted = Statement(f"how.association.{statistics['adjustment']}", statistics)
    return Method("association", Statement(f"how.association.{unit}", statistics), (*basis, adjusted))
