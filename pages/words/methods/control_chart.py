"""Is this segment steady, or did something happen?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import METRIC, TEXT, Column, codes
from pages.words.options import Dates, Days
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Day(Named):
    """Rows that are days."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [words.show(date.fromisoformat(day), "full_day") for day in result.table["time"]]


def _rules(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """The rules that a day completes, in words."""
    comma = words.text("format.list_comma")
    return [comma.join(words.text(f"control_chart.rule.{rule}") for rule in told.split()) for told in table[name]]


def _dates(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(day, "full_day") for day in table[name]]


def _title(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [label or "" for label in table[name]]


PRESENTATION = Presentation(
    method="control_chart",
    page="alerts",
    answers="the contacts of --where day by day on the control chart that suits them (p, Laney p', X-bar), with "
    "limits from --limits-from (the quarter before that of the last day), moving averages, cumulative sums, the run "
    "rules that each day completes, and how the segment varies and meets its target",
    options=(
        Days(name="baseline", flag="--limits-from", help="control_chart: days on which the limits rest, [D,D)"),
        Dates(name="rebased", flag="--rebased", help="control_chart: days on which limits begin anew"),
    ),
    rows=Day("control_chart.day"),
    columns=(
        Column("n", "count"),
        Column("value", METRIC, count="n", kept=True),
        Column("center", METRIC, kept=True),
        Column("low", METRIC),
        Column("high", METRIC),
        Column("rules", TEXT, write=_rules, kept=True),
        Column("variation", TEXT, write=codes("control_chart.variation")),
        Column("state", TEXT, write=codes("control_chart.state")),
        Column("ewma", METRIC, "intermediate"),
        Column("ewma_low", METRIC, "advanced"),
        Column("ewma_high", METRIC, "advanced"),
        Column("cusum_up", "factor", "advanced"),
        Column("cusum_down", "factor", "advanced"),
    ),
    headline=("value", "center", "low", "high"),
    parts={
        "marks": (
            Column("date", TEXT, write=_dates),
            Column("label_en", TEXT, write=_title),
            Column("label_zh", TEXT, write=_title),
            Column("share", "share"),
        ),
    },
    statistics={
        **dict.fromkeys(("value", "center", "target", "ewma", "ewma_low", "ewma_high"), "metric"),
        **dict.fromkeys(("days", "judged", "signals"), "count"),
        "sigma_z": "factor", "sd": "metric_size", "turn": "metric_change",
        **dict.fromkeys(("first", "last", "latest", "since", "baseline_start", "baseline_end"), "full_day"),
    },
    codes={
        "chart": "control_chart.chart", "variation": "control_chart.variation",
        "assurance": "control_chart.assurance", "drift": "control_chart.variation",
    },
    beside=every_part,
)  # fmt: skip
