"""How does the service stand?"""

from __future__ import annotations

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column, codes
from pages.words.methods.access import CLOCK, FORMULA
from pages.words.presentation import Presentation
from pages.words.rows import Named
from pages.words.service_words import NUMBERS, measure_name


class Measures(Named):
    """Measures by their names."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [measure_name(measure, words) for measure in result.table["measure"]]


PRESENTATION = Presentation(
    method="service",
    answers="all measures of the service: value, interval, target, change and state, from the tables beside the "
    "contacts and the recorded rates of the model",
    group="service",
    options=(FORMULA, CLOCK),
    rows=Measures("service.measure_title"),
    columns=(Column("family", TEXT, write=codes("service.family")), *NUMBERS),
    headline=("value", "target", "change"),
    statistics=dict.fromkeys(("measures", "met", "missed", "open", "better", "worse"), "count"),
)
