"""How is a column of a table written, from which depth on is it shown, and when does it say nothing? Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.format import is_missing

if TYPE_CHECKING:
    import pandas as pd

DEPTHS = ("basic", "intermediate", "advanced")
GREY_BELOW = 30  # answers below which a row steps back
METRIC, CHANGE, LOST, COEFFICIENT, TEXT = "score", "change", "hundredth", "coefficient", "text"
Write = Callable[[str, "pd.DataFrame", Result, Catalogue], list[str]]  # the column's name, the table it is in


@dataclass(frozen=True)
class Column:
    """A column of a table.

    spec: one of `format.SPECS`; METRIC, CHANGE and LOST follow the metric's unit; TEXT: words, in files as well.
    depth: the first of DEPTHS that shows it. bar: drawn as a bar.
    write: how its cells read where the spec alone cannot say it.
    count: the column with the answers behind it; where these are too few, the cell says so.
    kept: shown whatever it holds. usual: a value that is not worth a column of its own. long: whole phrases, that
    get the room they need.
    """

    name: str
    spec: str
    depth: str = DEPTHS[0]
    bar: bool = False
    write: Write | None = None
    count: str = ""
    kept: bool = False
    usual: Any = None
    long: bool = False


def codes(place: str) -> Write:
    """Writes codes in words, which stand under `place` in the catalogue."""

    def write(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
        return [words.text(f"{place}.{code}") if code else "" for code in table[name]]

    return write


def dimension_names(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Metrics, drivers and dimensions by their names."""
    return [words.show({"dimension": code}, "name") if code else "" for code in table[name]]


def months(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Months by name, or by number where they come as dates."""
    return [
        words.show(month, "name", dimension="month") if isinstance(month, str) else words.show(month, "date")[:7]
        for month in table[name]
    ]


def yes(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """What is so by yes, the rest empty."""
    return [words.text("contrast_page.yes") if value else "" for value in table[name]]


def passed(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Whether a check was passed; of one that could not be made, that."""
    known = {True: "passed", False: "failed"}
    found = ["unknown" if is_missing(value) else known[bool(value)] for value in table[name]]
    return [words.text(f"contrast_page.check.{code}") for code in found]
