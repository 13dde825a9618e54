"""How does the service stand?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column, codes
from pages.words.methods.access import CLOCK, FORMULA
from pages.words.options import BY
from pages.words.presentation import Presentation
from pages.words.rows import Named
from pages.words.service_words import NUMBERS, in_its_unit, measure_name, segments

if TYPE_CHECKING:
    import pandas as pd


class Measures(Named):
    """Measures by their names."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [measure_name(measure, words) for measure in result.table["measure"]]


def _measures(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [measure_name(measure, words) for measure in table[name]]


SEGMENTS = (
    Column("measure", TEXT, write=_measures),
    Column("segment", TEXT, write=segments),
    Column("value", "share", kept=True, write=in_its_unit),
    Column("low", "share", "intermediate", write=in_its_unit),
    Column("high", "share", "intermediate", write=in_its_unit),
    Column("target", "share", write=in_its_unit),
    Column("change", "share", write=in_its_unit),
    Column("state", TEXT, write=codes("service.state")),
    Column("n", "count"),
    Column("value0", "share", "intermediate", write=in_its_unit),
    Column("p_adjusted", "p", "advanced"),
)
PRESENTATION = Presentation(
    method="service",
    answers="all measures of the service: value, interval, target, change and state, from the tables beside the "
    "contacts and the recorded rates of the model",
    group="service",
    options=(BY, FORMULA, CLOCK),
    view=("shape",),
    rows=Measures("service.measure_title"),
    columns=(Column("branch", TEXT, write=codes("service.branch")), *NUMBERS),
    parts={"segments": SEGMENTS},
    headline=("value", "target", "change"),
    statistics=dict.fromkeys(("measures", "met", "missed", "open", "better", "worse"), "count"),
)
