"""What changed that is more than chance?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes
from pages.words.options import AS_OF, BY, Days, Number
from pages.words.presentation import Presentation
from pages.words.rows import Named, conjunctions

if TYPE_CHECKING:
    import pandas as pd


class Segments(Named):
    """Rows that are segments by their members; of no member all answers."""

    def name(self, result: Result, segment: Any, words: Catalogue) -> str:
        return words.show(dict(segment), "name") if segment else words.text("monitor.all")

    def members(self, result: Result, segment: Any) -> Mapping[str, str | None]:
        return dict(segment)

    def possible(self, result: Result) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for segment in result.table["segment"] for name, _ in segment))


def _segments(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Segments by their members; those of another column are kept by dimension."""
    return [words.show(dict(own), "name") if own else words.text("monitor.all") for own in table[name]]


def _explained(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """What explains a folded signal: a segment, or the mix of a dimension."""
    rows = table.to_dict("records")
    whole = words.text("monitor.all")
    return [
        words.show({"dimension": row["dimension"]}, "name") if row["dimension"]
        else words.show(dict(row["by"]), "name") if row["by"] else whole
        for row in rows
    ]  # fmt: skip


def _days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(date.fromisoformat(day), "full_day") for day in table[name]]


def _parts(result: Result) -> dict[str, Any]:
    """The further tables, their segments by name."""
    return {"parts": {name: conjunctions(part.to_dict("records")) for name, part in result.parts.items()}}


SIGNALLED = 4  # exit status where there are signals, for a scheduler
SEGMENT = Column("segment", TEXT, write=_segments)
SIGNAL = (
    Column("since", TEXT, write=_days),
    Column("time", TEXT, write=_days),
    Column("state", TEXT, write=codes("monitor.state"), kept=True),
    Column("value", METRIC, count="n", kept=True),
    Column("center", METRIC, kept=True),
    Column("change", CHANGE, kept=True),
    Column("change_low", CHANGE),
    Column("change_high", CHANGE),
    Column("n", "count"),
    Column("rule", TEXT, write=codes("monitor.rule")),
    Column("p_adjusted", "p"),
    Column("low", METRIC, "intermediate"),
    Column("high", METRIC, "intermediate"),
)

PRESENTATION = Presentation(
    method="monitor",
    page="alerts",
    answers="signals of all segments together: what changed by more than chance and by at least --smallest, with "
    "false alarms held over time",
    options=(
        BY,
        AS_OF,
        Days(name="baseline", flag="--watch-from", help="monitor: days on which the limits rest, [D,D)"),
        Number(name="smallest", flag="--smallest", above=0, help="smallest change that matters"),
    ),
    rows=Segments("monitor.segment"),
    columns=SIGNAL,
    headline=("value", "center", "change"),
    parts={
        "watched": (
            SEGMENT,
            Column("state", TEXT, write=codes("monitor.watched")),
            Column("n", "number"),
            Column("value", METRIC, kept=True),
            Column("center", METRIC),
            Column("low", METRIC),
            Column("high", METRIC),
            Column("variation", TEXT, write=codes("control_chart.variation")),
        ),
        "days": (
            SEGMENT,
            Column("time", TEXT, write=_days),
            Column("n", "count"),
            Column("value", METRIC, count="n", kept=True),
            Column("center", METRIC),
            Column("low", METRIC),
            Column("high", METRIC),
        ),
        "folded": (
            SEGMENT,
            Column("kind", TEXT, write=codes("monitor.kind")),
            Column("by", TEXT, write=_explained),
            Column("since", TEXT, write=_days),
            Column("n", "count"),
            Column("change", CHANGE),
        ),
        "leading": (
            SEGMENT,
            Column("since", TEXT, write=_days),
            Column("value", "rate", kept=True),
            Column("center", "rate"),
            Column("n", "count"),
            Column("p_adjusted", "p"),
        ),
    },
    statistics={
        **dict.fromkeys(("signals", "new", "too_small", "folded", "mix", "enough"), "count"),
        **dict.fromkeys(("first", "last", "baseline_start", "baseline_end"), "full_day"),
        "smallest": "metric_size", "false_per_year": "number",
    },
    beside=_parts,
    status=lambda result: SIGNALLED if len(result.table) else 0,
)  # fmt: skip
