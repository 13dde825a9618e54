"""How much of the loss does each step of a path keep?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.result import Result
from data_access.selection import Filter
from pages.words import path_words
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, LOST, METRIC, Column
from pages.words.options import PATH
from pages.words.presentation import Presentation
from pages.words.rows import Named


class Steps(Named):
    """The steps of the path, after everything."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [_step(row, words) for row in result.table.to_dict("records")]


def _step(row: Mapping[str, Any], words: Catalogue) -> str:
    if row["dimension"] is None:
        return words.text("trace_page.everything")
    return path_words.step(words, Filter(row["dimension"], row["value"]))


PRESENTATION = Presentation(
    method="trace",
    answers="how much of the loss each step of a path keeps; the steps are the --where in their order, values of one "
    "dimension one step: --where business=3G --where reason=wait",
    options=(PATH,),
    view=("issue",),
    rows=Steps("trace_page.step"),
    columns=(
        Column("kept", "share", bar=True),
        Column("kept_of_all", "share"),
        Column("lost_raw", "count"),
        Column("n", "count"),
        Column("share", "share"),
        Column("score", METRIC, count="n", kept=True),
        Column("score0", METRIC, count="n0"),
        Column("change", CHANGE),
        Column("low", METRIC, "intermediate"),
        Column("high", METRIC, "intermediate"),
        Column("kept_low", "share", "intermediate"),
        Column("kept_high", "share", "intermediate"),
        Column("change_low", CHANGE, "intermediate"),
        Column("change_high", CHANGE, "intermediate"),
        Column("lost_points", LOST, "advanced"),
        Column("of_all_low", "share", "advanced"),
        Column("of_all_high", "share", "advanced"),
        Column("p", "p", "advanced"),
    ),
    headline=("kept", "kept_of_all", "lost_raw", "n"),
    statistics={
        **dict.fromkeys(("kept", "kept_low", "kept_high", "kept_of_all", "of_all_low", "of_all_high"), "share"),
        **dict.fromkeys(("steps", "end_n", "lost_raw", "first_raw", "end_lost_raw"), "count"),
        **dict.fromkeys(("end_score", "end_score0"), "metric"),
        **dict.fromkeys(("end_change", "end_change_low", "end_change_high"), "metric_change"),
        **{"end_lost_points": "metric_size", "end_share": "share", "end_p": "p"},
    },
)
