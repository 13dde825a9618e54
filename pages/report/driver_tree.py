"""The board of the service as the tree of drivers that leads to satisfaction: the same cards wherever it stands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.overview import default_cut, overview
from analysis.result import Result
from analysis.service.board.branches import BRANCHES
from analysis.service.board.said import standing
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.charts import Look
from pages.charts.look import Verdict
from pages.frame.context import Context
from pages.report import report
from pages.words.service_words import measure_name

BAD, GOOD = ("worse", "missed"), ("better", "met")


def tree(here: Context, result: Result, *, opened: str | None = None, room: float = charts.NARROWEST) -> go.Figure:
    """The tree of a board; opened: the measure that has a frame. room: pixels across where there is least of them."""
    look = Look(here.plain, dark=here.dark, large=here.large)
    return charts.tree(_cards(here, in_branches(result.table)), _root(here), look=look, opened=opened, room=room)


def in_branches(table: pd.DataFrame) -> pd.DataFrame:
    """The measures in the order of the branches."""
    return table.iloc[table["branch"].map(BRANCHES.index).argsort(kind="stable")]


def names(here: Context, rows: pd.DataFrame) -> list[str]:
    """What the measures are called."""
    return [measure_name(measure, here.plain) for measure in rows["measure"]]


def _cards(here: Context, rows: pd.DataFrame) -> pd.DataFrame:
    each = rows.to_dict("records")
    return pd.DataFrame({
        "branch": [here.plain.text(f"service.branch.{branch}") for branch in rows["branch"]],
        "name": names(here, rows),
        "key": list(rows["measure"]),
        "value": [value(here, row, "value") for row in each],
        "interval": [_interval(here, row) for row in each],
        "state": [_state(here, row) for row in each],
        "step": [_step(here, row) for row in each],
        "tone": [tone_of(row) for row in each],
        "said": [here.plain.say(standing(row)) for row in each],
    })  # fmt: skip


def value(here: Context, row: Mapping[str, Any], name: str) -> str:
    """A share, or an NPS, with its unit."""
    return here.plain.show(100 * row[name], "metric", unit=row["unit"])


def tone_of(row: Mapping[str, Any]) -> Verdict:
    """Whether a measure is bad, good or neither: missed or met, else worse or better beyond chance."""
    if row["state"] in BAD or _is_beyond(row, -1):
        return "loss"
    return "gain" if row["state"] in GOOD or _is_beyond(row, 1) else "none"


def _is_beyond(row: Mapping[str, Any], direction: int) -> bool:
    """Whether an open target's measure moved beyond chance to its good (1) or bad (-1) side."""
    if row["state"] != "open" or not row["p_adjusted"] < SIGNIFICANCE:
        return False
    return bool((row["change"] > 0) == ((row["better"] == "high") == (direction > 0)))


def _state(here: Context, row: Mapping[str, Any]) -> str:
    """The state in a word or two, with the target where it has one."""
    if row["state"] in ("met", "missed", "open"):
        return here.plain.text(f"service.card_{row['state']}", target=value(here, row, "target"))
    return here.plain.text(f"service.state.{row['state']}")


def _interval(here: Context, row: Mapping[str, Any]) -> str:
    if math.isnan(row["low"]):
        return ""
    return here.plain.text("service.card_interval", low=100 * row["low"], high=100 * row["high"])


def _step(here: Context, row: Mapping[str, Any]) -> str:
    """By how much it rose or fell, in percentage points."""
    if math.isnan(row["change"]):
        return ""
    shown = here.plain.show(abs(row["change"]) * 100, "number")
    return f"{'▲' if row['change'] > 0 else '▼'} {shown}"


def _root(here: Context) -> charts.Root:
    """What the tree leads to, as the overview says it."""
    name = here.names.of_dimension(here.selection.metric)
    found = report.attempt(here, overview, by=default_cut(here.warehouse))
    if found is None or math.isnan(found.statistics["score"]):
        return charts.Root(name, "–", "", "none")
    s = found.statistics
    value = here.plain.text("panel.score", score=s["score"], unit=found.unit)
    if math.isnan(s.get("change", math.nan)):
        return charts.Root(name, value, "", "none")
    sure = s["p"] < SIGNIFICANCE
    tone = here.look.verdict(s["change"]) if sure else "none"
    key = f"overview.chip_{'down' if s['change'] < 0 else 'up'}" if sure else "overview.chip_unclear"
    sign = "▼" if s["change"] < 0 else "▲"
    return charts.Root(name, value, f"{sign} {here.plain.text(key, change=s['change'], unit=found.unit)}", tone)
