"""What the tables of the service measures share: the board's columns, and how their cells read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column, codes

if TYPE_CHECKING:
    import pandas as pd


def days(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """Days as dates."""
    return [words.show(day, "date") for day in table[name]]


def measure_name(measure: str, words: Catalogue) -> str:
    """What a measure is called: one of the service's own, else a metric of the model."""
    key = f"service.measure.{measure}"
    return words.text(key) if words.has(key) else words.show({"dimension": measure}, "name")


NUMBERS = (
    Column("value", "share", kept=True),
    Column("low", "share"),
    Column("high", "share"),
    Column("target", "share"),
    Column("change", "share"),
    Column("state", TEXT, write=codes("service.state")),
    Column("count", "count", "intermediate"),
    Column("n", "count"),
    Column("value0", "share", "intermediate"),
    Column("change_low", "share", "intermediate"),
    Column("change_high", "share", "intermediate"),
    Column("p_adjusted", "p", "intermediate"),
)
MEASURES = (Column("measure", TEXT, write=codes("service.measure")), *NUMBERS)
