"""What is a data value called on screen? Codes of the sample, the taxonomy and the calendar become words.

Everything else is shown as it stands in the data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.powers import UNASSIGNED
from data_access.selection import Period, months_later
from data_access.semantics import SemanticModel
from data_access.taxonomy import Taxonomy
from pages.words.catalogue import Catalogue
from pages.words.links import RESERVED
from pages.words.one_line import one_line

if TYPE_CHECKING:
    import pandas as pd

NUMBERED = re.compile(r"(?:^|_)(?:column|choices)_\d+")  # of a column whose header has no Latin letters
SECTIONS = ("touchpoint", "reason", "power", "owner", "cause_type", "gap", "remedy")


@dataclass(frozen=True)
class Names:
    """Looks up the words for values of one model in one language; each stands on one line."""

    model: SemanticModel
    taxonomy: Taxonomy
    words: Catalogue
    labels: Mapping[tuple[str, str], str]

    def __call__(self, dimension: str | None, value: Any) -> str:
        """The word for a value of a dimension; without a dimension, of anything known."""
        text = str(value)
        return one_line(text if dimension is None else self._word(dimension, text))

    def _word(self, dimension: str, text: str) -> str:
        if dimension == "dimension":  # statements name a dimension the way they name a segment
            return self.of_dimension(text)
        found = self.labels.get((dimension, text)) or self._calendar(dimension, text)
        if found:
            return found
        if (dimension, text) == ("power", UNASSIGNED):  # no code of the taxonomy: it has no word for it
            return self.words.text("powers.unassigned")
        section = "reason" if dimension in self.model.reasons else dimension
        label = self.taxonomy.label(section, text, self.words.language) if section in SECTIONS else None
        return label or text

    def _calendar(self, dimension: str, value: str) -> str | None:
        if dimension not in self.model.cuts or not self.model.cuts[dimension].built_in:
            return None
        if dimension == "weekday":
            return self.words.text(f"weekday.d{value}")
        if dimension == "month":
            first = date.fromisoformat(f"{value}-01")
            return self.words.show(Period(first, months_later(first, 1)), "period")
        if dimension in ("hour", "day_of_month") and value.isdigit():
            return self.words.text(f"calendar.{dimension}", number=value)
        return None

    @property
    def spoken(self) -> Mapping[str, str]:
        """Names that say nothing, such as column_3, by what they are called, where that means only one of them."""
        model = self.model
        every = [*model.cuts, *model.metrics, *model.drivers]
        called = {name: self.of_dimension(name) for name in every if NUMBERED.search(name)}
        times = Counter([*every, *called.values(), *RESERVED])
        return {name: label for name, label in called.items() if label != name and times[label] == 1}

    def of_dimension(self, name: str) -> str:
        """The name of a dimension, driver or metric itself."""
        return one_line(self._label(name))

    def _label(self, name: str) -> str:
        if name in self.model.cuts:
            cut = self.model.cuts[name]
            return self.words.text(f"dimension.{name}") if cut.built_in else cut.labels.get(self.words.language)
        if name in self.model.metrics:
            return self.model.metrics[name].labels.get(self.words.language)
        if name in self.model.drivers:
            return self.model.drivers[name].labels.get(self.words.language)
        return name


def labels_of(table: pd.DataFrame | None, language: str) -> Mapping[tuple[str, str], str]:
    """The warehouse's own labels: columns dimension, value, en, zh."""
    column = {"en": "en", "zh-CN": "zh"}[language]
    if table is None or not {"dimension", "value", column} <= set(table.columns):
        return {}
    return {
        (str(d), str(v)): str(t) for d, v, t in table[["dimension", "value", column]].itertuples(index=False) if t
    }
