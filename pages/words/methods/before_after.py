"""Did those whom a date touched move otherwise than all others? A part of a trace; no command of its own."""

from __future__ import annotations

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, Column
from pages.words.options import PATH, Day, Whole
from pages.words.presentation import Presentation
from pages.words.rows import Named


class Touched(Named):
    """Those touched, and the others."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [words.text(f"trace_page.side.{group}") for group in result.table["group"]]


PRESENTATION = Presentation(
    method="before_after",
    page="trace",
    options=(PATH, Day(name="on"), Whole(name="days")),
    rows=Touched("column.group"),
    columns=(
        Column("n0", "count"),
        Column("n1", "count"),
        Column("score0", METRIC, count="n0"),
        Column("score1", METRIC, count="n1"),
        Column("change", CHANGE),
        Column("low", CHANGE),
        Column("high", CHANGE),
        Column("p", "p"),
    ),
    headline=("score0", "score1", "change", "low", "high"),
    statistics={**dict.fromkeys(("difference", "low", "high"), "metric_change"), "on": "date", "days": "count"},
)
