"""Are the data fit to be read today?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column, codes, dimension_names
from pages.words.format import is_missing
from pages.words.options import AS_OF
from pages.words.presentation import Presentation, every_part
from pages.words.rows import Named

if TYPE_CHECKING:
    import pandas as pd

SPECS: Mapping[str, str] = {"freshness": "days", "sample_size": "number", "keys": "count"}  # the others are shares


class Checks(Named):
    """Checks by their names."""

    def names(self, result: Result, words: Catalogue) -> list[str]:
        return [words.text(f"data_health.check.{check}") for check in result.table["check"]]


def figure(check: str, value: float, words: Catalogue) -> str:
    """A figure of a check in its own unit; empty where it is not known."""
    return "" if is_missing(value) else words.text(f"data_health.unit.{SPECS.get(check, 'share')}", value=value)


def _figures(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [figure(check, value, words) for check, value in zip(table["check"], table[name], strict=True)]


def _since(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [words.show(date.fromisoformat(day), "date") if day else "" for day in table[name]]


def _columns(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    """A column by its name; of stray rows, the table that they stand in."""
    return [column_name(row, words) for row in table.to_dict("records")]


def column_name(row: Mapping[Any, Any], words: Catalogue) -> str:
    """The column or the table that a check is about."""
    if not row["column"]:
        return ""
    named = row["column"] if row["check"] == "keys" else {"dimension": row["column"]}
    return words.show(named, "name")


def _segments(name: str, table: pd.DataFrame, result: Result, words: Catalogue) -> list[str]:
    return [
        words.show(value[0], "name", dimension=dimension)
        for value, dimension in zip(table[name], table["dimension"], strict=True)
    ]


STATE = Column("state", TEXT, write=codes("data_health.state"))
PRESENTATION = Presentation(
    method="data_health",
    page="alerts",
    answers="whether the data can be read today: freshness, blank cells, response rate, sample sizes, values off the "
    "scale, late rows, broken keys; each with state ok, watch, act or unknown, value and expected value",
    group="monitor",
    options=(AS_OF,),
    rows=Checks("data_health.checked"),
    columns=(
        STATE,
        Column("value", "raw", write=_figures),
        Column("expected", "raw", write=_figures),
        Column("n", "count"),
        Column("since", TEXT, write=_since),
        Column("column", TEXT, write=_columns),
    ),
    headline=("value", "expected"),
    parts={
        "missing": (
            Column("column", TEXT, write=dimension_names),
            Column("value", "share", kept=True),
            Column("expected", "share"),
            Column("change", "share"),
            Column("n", "count"),
            Column("p", "p", "advanced"),
            STATE,
        ),
        "small": (Column("value", TEXT, write=_segments), Column("n", "count")),
        "days": (
            Column("day", TEXT, write=_since),
            *(Column(name, "count") for name in ("contacts", "population", "responses", "out_of_scale", "late")),
        ),
    },
    statistics={**dict.fromkeys(("checks", "ok", "watch", "act", "unknown", "small"), "count"), "last": "date"},
    beside=every_part,
)
