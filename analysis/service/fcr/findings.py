"""What first-contact resolution says in sentences: the value and its cut-off, who stands apart, what to beware of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.cautions import few_clusters
from analysis.estimate import named
from analysis.not_recorded import recorded
from analysis.result import Method, Statement
from data_access.repeats import Repeats
from data_access.warehouse import Warehouse
from data_access.warehouse.repeat_verbs import FirstContacts

NAMED = 3  # segments in a sentence


def findings(
    statistics: Mapping[str, Any], table: pd.DataFrame, by: Sequence[str], issue: str, survey: str
) -> tuple[Statement, ...]:
    """The value, its change, the cut-off, the segments that stand apart, and what customers said."""
    first = f"fcr.value_{issue}" if statistics["value"] == statistics["value"] else f"fcr.few_{issue}"
    alone = first.startswith("fcr.value") and statistics["hours"] == statistics["shortest_hours"]
    statistics = _in_words(statistics)
    statements = [Statement(f"{first}_alone" if alone else first, statistics)]
    if "change" in statistics:
        sure = statistics["change_low"] > 0 or statistics["change_high"] < 0
        statements.append(Statement("fcr.changed" if sure else "fcr.not_changed", statistics))
    statements.append(Statement("fcr.judged" if statistics["immature"] else "fcr.judged_all", statistics))
    statements += _apart(table, by)
    if statistics["asked"]:
        values = {**statistics, "metric": {"dimension": survey}}
        statements.append(Statement("fcr.survey", values))
    return tuple(statements)


def _apart(table: pd.DataFrame, by: Sequence[str]) -> list[Statement]:
    """Which segments are below the rest whatever the window, and of which that hangs on it."""
    table = recorded(table)
    if len(table) < 2 or not by:
        return []
    worse = table[(table["holds"] == "all") & (table["verdict"] == "worse")]
    open_ones = table[table["holds"] == "some"]
    found = []
    if len(worse):
        names = [named(segment, by) for segment in worse["segment"].head(NAMED)]
        found.append(Statement("fcr.worse", {"segments": names, "count": len(worse)}))
    else:
        found.append(Statement("fcr.none_worse", {"count": len(table)}))
    if len(open_ones):
        names = [named(segment, by) for segment in open_ones["segment"].head(NAMED)]
        found.append(Statement("fcr.depends", {"segments": names, "count": len(open_ones)}))
    return found


def caveats(
    statistics: Mapping[str, Any], found: FirstContacts, rules: Repeats, warehouse: Warehouse
) -> tuple[Statement, ...]:
    """Who is left out, and why."""
    statements = [Statement("fcr.key", statistics)]
    if statistics["late"]:
        statements.append(Statement("fcr.late", {**statistics, "on_time": f"{rules.on_time:g}"}))
    if warehouse.model.time is not None and warehouse.model.time.loaded is None:
        statements.append(Statement("fcr.no_load_time"))
    if statistics["not_applicable"]:
        statements.append(Statement("fcr.not_applicable", statistics))
    rows = found.rows if "cluster" in found.rows else pd.DataFrame()
    return (*statements, *few_clusters(rows, statistics["clusters"]))


def method(statistics: Mapping[str, Any], rules: Repeats, warehouse: Warehouse, issue: str) -> Method:
    """The formula with its numbers, and how the cohort is cut."""
    loads = warehouse.model.time is not None and warehouse.model.time.loaded is not None
    kept = statistics["n"] * statistics["value"] / 100
    values = {**_in_words(statistics), "kept": kept, "on_time": f"{rules.on_time:g}"}
    cut = Statement("how.fcr.cut_loaded" if loads else "how.fcr.cut", values)
    return Method(
        "fcr",
        Statement("how.fcr.formula", values),
        (cut, *(Statement(f"how.fcr.{name}") for name in (issue, "left_out", "rest"))),
    )


def _in_words(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """With windows as a sentence has them."""
    return {**statistics, **{name: f"{statistics[name]:g}" for name in ("hours", "shortest_hours")}}
