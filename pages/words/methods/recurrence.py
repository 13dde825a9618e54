"""Has what a closed plan was against come back? A part of the plans; no command of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import METRIC, Column
from pages.words.options import PATH, Days
from pages.words.presentation import Presentation
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Times(Named):
    """Before the plan, at its close, and since."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [words.text(f"recurrence.time.{period}") for period in result.table["period"]]


def _levels(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Shares of a reason, else scores."""
    spec = "share" if result.statistics["of"] == "share" else "metric"
    return [words.show(value, spec, unit=result.unit) for value in table[name]]


PRESENTATION = Presentation(
    method="recurrence",
    page="plans",
    options=(PATH, Days(name="before"), Days(name="closed"), Days(name="since")),
    rows=Times("recurrence.period"),
    columns=(
        Column("n", "count"),
        Column("value", METRIC, write=_levels, kept=True),
        Column("low", METRIC, "intermediate", write=_levels),
        Column("high", METRIC, "intermediate", write=_levels),
    ),
    headline=("n", "value"),
    statistics={
        **dict.fromkeys(("before", "closed", "since", "gained", "lost", "low", "high", "smallest"), "exact"),
        "part": "share",
    },
    codes={"verdict": "recurrence.verdict"},
)
