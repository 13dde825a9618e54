"""Did contacting customers do anything, beside those held out by lot?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column, codes
from pages.words.format import is_missing
from pages.words.options import Day, Names, Whole
from pages.words.presentation import Presentation
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd

SCORE = "score"


class Outcomes(Named):
    """What became of customers."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [words.text(f"recovery.outcome.{outcome}") for outcome in result.table["outcome"]]


def _levels(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [_shown(row, row[name], ("share", "metric"), result, words) for row in table.to_dict("records")]


def _gaps(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [
        _shown(row, row[name] if row["outcome"] == SCORE else 100 * row[name], ("pp_change", "metric_change"), result,
               words)
        for row in table.to_dict("records")
    ]  # fmt: skip


def _shown(row: Any, value: float, specs: tuple[str, str], result: Result, words: Catalogue) -> str:
    """Rates in percent, a score on its scale."""
    if is_missing(value):
        return words.text("format.none")
    return words.show(value, specs[row["outcome"] == SCORE], unit=result.unit)


PRESENTATION = Presentation(
    method="recovery",
    page="risk",
    answers="what became of customers that were contacted (--contacted, masked ids of the list) beside those held "
    "out by lot (--held-out), from --since on: came back, complained, next score; effect with interval",
    group="risk",
    options=(
        Names(name="contacted", flag="--contacted", metavar="ID[,ID]", of_model=False, help="masked ids"),
        Names(name="held_out", flag="--held-out", metavar="ID[,ID]", of_model=False, help="masked ids"),
        Day(name="since", flag="--since", help="first day that is looked at; default: the end of the period"),
        Whole(name="days", flag="--followed-days", metavar="N", usual=28, above=0, most=366,
              help="days that are looked at; 28"),
    ),
    rows=Outcomes("recovery.outcome_title"),
    columns=(
        Column("contacted", "exact", write=_levels, kept=True),
        Column("n_contacted", "count"),
        Column("held_out", "exact", write=_levels, kept=True),
        Column("n_held_out", "count"),
        Column("effect", "exact", write=_gaps, kept=True),
        Column("low", "exact", write=_gaps),
        Column("high", "exact", write=_gaps),
        Column("verdict", TEXT, write=codes("recovery.verdict")),
    ),
    headline=("contacted", "held_out", "effect"),
    statistics={
        **dict.fromkeys(("contacted", "held_out", "days"), "count"),
        **dict.fromkeys(("effect", "low", "high"), "exact_change"),
        **dict.fromkeys(("rate_contacted", "rate_held_out"), "share"),
        **dict.fromkeys(("since", "until"), "date"),
    },
    codes={"verdict": "recovery.verdict"},
)  # fmt: skip
