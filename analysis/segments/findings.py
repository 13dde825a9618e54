"""The findings on a change: how many segments explain it, each segment, then the general change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.result import Method, Statement, Unit

LEAST_Z = 2.0  # from which a general change is reported
ROWS = 3  # segments with a sentence of their own; the table has them all


def findings(table: pd.DataFrame, candidates: pd.DataFrame, values: Mapping[str, Any]) -> tuple[Statement, ...]:
    """How many segments explain the change, then each of them, then the general change."""
    rate, unit = table[table["kind"] == "rate"], values["unit"]
    statements = [_answer(table, candidates, values)]
    statements += [_segment(row, unit) for _, row in rate.head(ROWS).iterrows()]
    statements += [
        Statement("segments.either", {"segment": dict(row["segment"]), "other": dict(row["alternative"])})
        for _, row in rate.head(ROWS).iterrows()
        if row["alternative"] is not None
    ]
    statements += [_surge(row, unit) for _, row in table[table["kind"] == "mix"].head(ROWS).iterrows()]
    if abs(values["general_z"]) >= LEAST_Z:
        statements.append(Statement("segments.general", {**values, "general": values["general_change"]}))
    return tuple(statements)


def _answer(table: pd.DataFrame, candidates: pd.DataFrame, values: Mapping[str, Any]) -> Statement:
    searched = sum(values["candidates"].values())
    kinds = set(table["kind"])
    values_ = {**values, "count": int((table["kind"] == "rate").sum()), "candidates": searched}
    if "rate" in kinds:
        return Statement("segments.found_one" if values_["count"] == 1 else "segments.found", values_)
    if "mix" in kinds:
        return Statement("segments.mix_only", values_)
    if len(candidates):
        first = candidates.iloc[0]
        strongest = {"segment": dict(first["segment"]), "own": first["change"], "p_adjusted": first["p_adjusted"]}
        return Statement("segments.nothing", {**values_, **strongest})
    return Statement("segments.no_candidate", values_)


def _segment(row: pd.Series, unit: Unit) -> Statement:
    names = ("score0", "score1", "change", "low", "high", "p_adjusted", "total_effect", "n0", "n1")
    values = {**{name: row[name] for name in names}, "segment": dict(row["segment"]), "unit": unit}
    return Statement(f"segments.{'fell' if row['change'] < 0 else 'rose'}", values)


def _surge(row: pd.Series, unit: Unit) -> Statement:
    names = ("share0", "share1", "score0", "score1", "mix_effect")
    return Statement("segments.surge", {**{n: row[n] for n in names}, "segment": dict(row["segment"]), "unit": unit})


def caveats(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    statements = []
    if statistics["inflation"] > 1:
        statements.append(Statement("segments.inflated", {"inflation": statistics["inflation"]}))
    return (*statements, Statement("caveat.not_cause"))


def method(values: Mapping[str, Any]) -> Method:
    """How the segments were found and their effects computed."""
    searched = {**values, "candidates": sum(values["candidates"].values())}
    keys = ("how.segments.evidence", "how.segments.parts", "how.segments.halves")
    return Method("segments", Statement("how.segments.formula", searched), tuple(map(Statement, keys)))
