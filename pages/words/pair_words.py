"""What is said of columns that go together: what they may be asked for, their coefficients, their members. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.result import Result
from analysis.stats.coefficient_names import UNSIGNED
from pages.words.catalogue import Catalogue
from pages.words.options import Names, Option

if TYPE_CHECKING:
    import pandas as pd

YES_OR_NO = ({"0", "1"}, {"0", "100"})  # values of what is so or is not, the second on the scale of a rate
COLUMNS = Names(name="columns", link="columns", flag="--columns", help="metrics, drivers and dimensions")
OF = Option(name="of", link="of", flag="--of", metavar="DIM", help="members that are the unit", of_model=True)
PRESET = Option(
    name="preset", link="preset", flag="--preset", metavar="NAME", help="columns and filters named in the model"
)


def spec_of(coefficient: str) -> str:
    """How a coefficient is written: with its sign where it has a direction."""
    return "factor" if coefficient in UNSIGNED else "factor_change"


def coefficients(table: pd.DataFrame, words: Catalogue, column: str = "value") -> list[str]:
    """A column of coefficients, each as its kind is written."""
    return [words.show(v, spec_of(c)) for v, c in zip(table[column], table["coefficient"], strict=True)]


def write_each_kind(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Writes coefficients of a table that says the kind of each."""
    return coefficients(table, words, name)


def write_one_kind(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Writes coefficients that are all of the kind of the whole result."""
    spec = spec_of(result.statistics.get("coefficient", ""))
    return [words.show(value, spec) for value in table[name]]


def column_name(code: str, words: Catalogue) -> str:
    """A metric, driver or dimension by its name."""
    return words.show({"dimension": code}, "name")


def members(column: str, found: Sequence[str | None], words: Catalogue) -> list[str]:
    """Members of a column by their names; what is so or is not by yes and no."""
    texts = [None if value is None else str(value) for value in found]
    if {text for text in texts if text is not None} in YES_OR_NO:
        return ["" if text is None else words.text(f"pair_page.{'no' if text == '0' else 'yes'}") for text in texts]
    return [words.show(text, "name", dimension=column) for text in texts]


def span(low: float, high: float, words: Catalogue) -> str:
    """From one end of a bin to the other; a bin of a single value by that."""
    spec = "count" if float(low).is_integer() and float(high).is_integer() else "raw"
    first, last = words.show(low, spec), words.show(high, spec)
    return first if first == last else words.text("format.span", start=first, end=last)
