"""How does the metric answer to more of one driver?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words import pair_words
from pages.words.catalogue import Catalogue
from pages.words.columns import METRIC, Column
from pages.words.digits import decimals
from pages.words.format import is_missing
from pages.words.options import Option
from pages.words.presentation import Presentation
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd


class Bins(Named):
    """Bins of the driver, from one end to the other."""

    def title(self, result: Result, words: Catalogue) -> str:
        return words.show({"dimension": result.options["driver"]}, "name")

    def names(self, result: Result, words: Catalogue) -> list[str]:
        ends = zip(result.table["low"], result.table["high"], strict=True)
        return [pair_words.span(low, high, words) for low, high in ends]


def alike(values: Sequence[float], words: Catalogue) -> list[str]:
    """Numbers of one quantity on a scale of its own, all with as many decimals as the largest needs.

    >>> alike([0.0, 1.0], Catalogue.load("en")), alike([0.25, 12.5], Catalogue.load("en"))
    (['0', '1'], ['0.2', '12.5'])
    """
    known = [abs(value) for value in values if not is_missing(value)]
    largest = max(known, default=0.0)
    places = 0 if all(v.is_integer() for v in known) else 1 if largest >= 10 else 2 if largest >= 1 else 3
    return [words.text("format.none") if is_missing(value) else decimals(value, places) for value in values]


def _amounts(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return alike(table[name], words)


PRESENTATION = Presentation(
    method="dose",
    page="drivers",
    answers="how the metric answers to more of one --driver, and where its knee is",
    group="relations",
    options=(
        Option(
            name="driver",
            link="driver",
            flag="--driver",
            metavar="NAME",
            help="the driver of a dose-response",
            of_model=True,
        ),
    ),
    rows=Bins("column.driver"),
    columns=(
        Column("x", "raw", write=_amounts),
        Column("n", "count"),
        Column("score", METRIC, count="n", kept=True),
        Column("score_low", METRIC),
        Column("score_high", METRIC),
        Column("low", "raw", "advanced", write=_amounts),
        Column("high", "raw", "advanced", write=_amounts),
    ),
    headline=("n", "score", "score_low", "score_high"),
    statistics={
        **dict.fromkeys(("slope", "before", "after"), "slope"),
        **dict.fromkeys(("knee_at", "knee_low", "knee_high", "log_from"), "raw"),
        **{"bins": "count", "trend_p": "p"},
    },
)
