"""What else is worth knowing?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.result import Result
from analysis.step_names import step_name
from pages.words.catalogue import Catalogue
from pages.words.columns import LOST, METRIC, TEXT, Column, codes, dimension_names
from pages.words.format import is_missing
from pages.words.options import Filters
from pages.words.presentation import Presentation
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Finds(Named):
    """Members of any dimension; runs of days and hours as spans."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        rows = result.table[["dimension", "value"]].to_dict("records")
        return [words.say(step_name(row["dimension"], row["value"])) for row in rows]

    def record(self, result: Result, row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "value": list(row["value"])} if "value" in row else dict(row)


def _mix(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """The member that a group has most of."""
    rows = table[["mix_dimension", "mix_member"]].to_dict("records")
    return [
        "" if is_missing(row["mix_dimension"]) else words.show({row["mix_dimension"]: row["mix_member"]}, "name")
        for row in rows
    ]


PRESENTATION = Presentation(
    method="worth_knowing",
    page="overview",
    answers="all dimensions searched for what costs points beyond chance, what moved, and what only looks bad",
    options=(Filters(name="known"),),
    rows=Finds("worth_knowing.place"),
    columns=(
        Column("dimension", TEXT, write=dimension_names),
        Column("kind", TEXT, write=codes("worth_knowing.kind")),
        Column("cost", LOST, kept=True),
        Column("score", METRIC, count="n"),
        Column("usual", METRIC),
        Column("share", "share"),
        Column("lost_share", "share"),
        Column("n", "count"),
        Column("span", TEXT, "intermediate", write=codes("worth_knowing.span")),
        Column("score0", METRIC, "intermediate"),
        Column("share0", "share", "intermediate"),
        Column("mix_member", TEXT, "intermediate", write=_mix),
        Column("mix_share", "share", "intermediate"),
        Column("mix_elsewhere", "share", "intermediate"),
        Column("p_adjusted", "p", "intermediate"),
    ),
    headline=("cost", "score", "usual", "p_adjusted"),
    statistics={"searched": "count", "dimensions": "count", "found": "count"},
)
