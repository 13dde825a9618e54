"""Whose customers rated badly yesterday?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, METRIC, TEXT, Column, codes
from pages.words.options import AS_OF, BY, Cut
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Rows

if TYPE_CHECKING:
    import pandas as pd


def _beside(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Channels by their names."""
    dimension = result.options["beside"][0]
    return [words.show(value, "name", dimension=dimension) for value in table[name]]


FIGURES = (
    Column("n", "count"),
    Column("bad", "count"),
    Column("score", METRIC, count="n", kept=True),
    Column("low", METRIC),
    Column("high", METRIC),
    Column("n0", "count", "intermediate"),
    Column("baseline_score", METRIC, count="n0"),
    Column("change", CHANGE),
    Column("change_low", CHANGE, "intermediate"),
    Column("change_high", CHANGE, "intermediate"),
    Column("state", TEXT, write=codes("daily_report.state")),
)
PRESENTATION = Presentation(
    method="daily_report",
    page="alerts",
    answers="the share of bad ratings of a day beside the seven days before it, by department (--by) and channel "
    "(--beside), with Wilson's interval; worse or better where chance alone would not do it",
    group="monitor",
    options=(BY, Cut(name="beside", flag="--beside", help="second dimension; default: the channel"), AS_OF),
    rows=Rows(),
    columns=FIGURES,
    headline=("n", "score", "change"),
    parts={"beside": (Column("segment", TEXT, write=_beside), *FIGURES)},
    statistics={**dict.fromkeys(("bad", "n0", "segments", "worse", "few"), "count"), "day": "date"},
    beside=every_part,
)
