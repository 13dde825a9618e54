"""The findings on drivers: the main one and its slope, those without evidence, and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import FEW_CLUSTERS
from analysis.result import Statement
from analysis.stats.intervals import SIGNIFICANCE
from analysis.stats.regression import Fit
from data_access.metrics import Metric


def findings(table: pd.DataFrame, statistics: Mapping[str, Any], metric: Metric) -> tuple[Statement, ...]:
    """The main driver first; without any p the order of importance is still reported, with a caveat."""
    sure = table[table["p_adjusted"] < SIGNIFICANCE] if table["p"].notna().any() else table[table["share"] > 0]
    values = {**statistics, "unit": metric.unit}
    if sure.empty:
        return (Statement("drivers.none_sure", values),)
    top = sure.iloc[0]
    names = ("share", "importance", "per_step", "per_step_low", "per_step_high")
    first = {**values, "driver": {"dimension": top["driver"]}, **{k: top[k] for k in names}}
    statements = [Statement("drivers.top", first), Statement("drivers.explained", values)]
    if top["per_step_low"] == top["per_step_low"]:
        statements.append(_step(top, first))
    unsure = table[table["p_adjusted"] >= SIGNIFICANCE]["driver"]
    if len(unsure):
        statements.append(Statement("drivers.unsure", {**values, "names": [{"dimension": name} for name in unsure]}))
    return tuple(statements)


def _step(top: pd.Series, values: Mapping[str, Any]) -> Statement:
    """The difference in score per step of the main driver; a yes or no has no steps."""
    if top["yes_no"]:
        return Statement(f"drivers.step_yes_{'lower' if top['per_step'] < 0 else 'higher'}", values)
    return Statement("drivers.step", {**values, "step": float(top["step"]), "in_unit": top["unit"]})


def caveats(fit: Fit, statistics: Mapping[str, Any], copies: Mapping[str, str]) -> tuple[Statement, ...]:
    """Limits of the model; `copies` were left out, with why."""
    statements = []
    for why in ("score", "repeats"):
        names = [{"dimension": name} for name, reason in copies.items() if reason == why]
        if names:
            statements.append(Statement(f"drivers.copies_{why}", {"names": names}))
    if 0 < fit.clusters < FEW_CLUSTERS:
        statements.append(Statement("caveat.few_clusters", {"clusters": fit.clusters}))
    if not np.isfinite(fit.errors).any():
        statements.append(Statement("drivers.no_errors"))
    if statistics["method"] == "johnson":
        statements.append(Statement("drivers.contested"))
    if np.nanmax(fit.vif[1:], initial=0.0) > 10:
        statements.append(Statement("drivers.collinear"))
    if statistics["known_least"] < 1:
        statements.append(Statement("drivers.known_only", statistics))
    return (*statements, Statement("drivers.not_effect"))
