"""How does a measure stand among its peers?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes
from pages.words.methods.access import CLOCK, FORMULA
from pages.words.methods.service_measure import MEASURE
from pages.words.options import BY
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows

if TYPE_CHECKING:
    import pandas as pd


def sources(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Who reports a value; ours by what it is."""
    return [words.show({"source": code}, "name") if code else words.text("peers.ours") for code in table[name]]


RANKS = (Column("rank", "count"), Column("rank_best", "count"), Column("rank_worst", "count"))
PRESENTATION = Presentation(
    method="peers",
    page="service",
    answers="one --measure of the board: the rank of each segment of --by with the ranks that luck leaves open; the "
    "rank among the sources of the table of benchmarks, the gap to each, and how many answers it would take",
    group="service",
    options=(MEASURE, BY, FORMULA, CLOCK),
    rows=Rows(),
    columns=(
        Column("n", "count"),
        Column("value", METRIC, count="n", kept=True),
        Column("low", METRIC, "intermediate"),
        Column("high", METRIC, "intermediate"),
        *RANKS,
        Column("verdict", TEXT, write=codes("fcr.verdict")),
        Column("rest", METRIC, "intermediate"),
        Column("difference", CHANGE, "intermediate"),
        Column("p_adjusted", "p", "advanced"),
    ),
    headline=("n", "value", "rank"),
    parts={
        "outside": (
            Column("source", TEXT, write=sources),
            Column("value", METRIC, kept=True),
            Column("n", "count"),
            *RANKS,
            Column("gap", CHANGE),
            Column("needed", "count"),
            Column("low", CHANGE, "intermediate"),
            Column("high", CHANGE, "intermediate"),
            Column("p_adjusted", "p", "intermediate"),
            Column("needed_gap", "count", "intermediate"),
        ),
    },
    statistics=dict.fromkeys(("segments", "open", "peers", "rank", "rank_best", "rank_worst"), "count"),
    beside=every_part,
)  # fmt: skip
