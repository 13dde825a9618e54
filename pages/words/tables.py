"""A result's table as it is shown and exported: the same columns, the same unrounded numbers, the same total.

`presented` is the one frame behind the screen, Excel and CSV; only the screen writes shares as percent. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from analysis.result import Result, Unit
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, DEPTHS, LOST, METRIC, TEXT, Column
from pages.words.format import is_missing, spaced
from pages.words.methods import presentation_of

RAW = {METRIC: "raw", CHANGE: "raw_change"}  # how a measure on a scale of its own is written


def columns_of(result: Result, depth: str) -> list[Column]:
    """The columns of a result's table at a depth; those that hold nothing at all are left out."""
    known = within(presentation_of(result.method).columns, result, result.table, depth)
    return [column for column in known if column.kept or _says_something(result.table[column.name], column)]


def within(columns: Sequence[Column], result: Result, table: pd.DataFrame, depth: str) -> list[Column]:
    """The columns that a table has and a depth reaches, written on the metric's own scale where it has one."""
    reach = DEPTHS.index(depth)
    found = [c for c in columns if c.name in table and DEPTHS.index(c.depth) <= reach]
    return found if result.unit.is_bounded else [replace(c, spec=RAW.get(c.spec, c.spec)) for c in found]


def _says_something(values: pd.Series, column: Column) -> bool:
    """A column of blanks, or of counts that are all zero, is not shown; scores may all be withheld."""
    told = values.notna() & (values != 0) & (values != "")
    return bool((told if column.usual is None else told & (values != column.usual)).any())


def has_total(result: Result) -> bool:
    """Whether a row of totals closes the table."""
    return "total" in result.parts


def values_of(result: Result, column: Column) -> list[float]:
    """A column's numbers, then its total where there is one."""
    if not has_total(result):
        return list(result.table[column.name])
    return [*result.table[column.name], *result.parts["total"].get(column.name, [float("nan")])]


def segment_names(result: Result, words: Catalogue) -> list[str]:
    """What each row of the table is called."""
    return presentation_of(result.method).rows.names(result, words)


def segment_name(result: Result, segment: Any, words: Catalogue) -> str:
    """One segment by its members."""
    return presentation_of(result.method).rows.name(result, segment, words)


def name_columns(result: Result) -> int:
    """How many columns of the table name its rows."""
    return presentation_of(result.method).rows.count(result)


def name_title(result: Result, words: Catalogue) -> str:
    """The title over the names of the rows."""
    return presentation_of(result.method).rows.title(result, words)


def presented(result: Result, words: Catalogue, *, depth: str = "advanced") -> pd.DataFrame:
    """The table with the columns of names first and translated headers; numbers unrounded, NaN where withheld."""
    shown: dict[str, list[Any]] = {}
    for place, (title, names) in enumerate(presentation_of(result.method).rows.columns(result, words).items()):
        shown[title] = names + [words.text("table.total") if place == 0 else ""] * has_total(result)
    for column in columns_of(result, depth):
        coded = column.spec == TEXT
        shown[header(column, result, words)] = written(result, column, words) if coded else values_of(result, column)
    return pd.DataFrame(shown)


def exported(result: Result, words: Catalogue) -> pd.DataFrame:
    """The whole table for a file. Shares stay 0..1, as on the command line, so their headers name no percent."""
    shares = [column for column in columns_of(result, "advanced") if column.spec == "share"]
    plain = {header(column, result, words): title_of(column, result, result.method, words) for column in shares}
    return presented(result, words).rename(columns=plain).rename(columns=spaced)


def header(column: Column, result: Result, words: Catalogue, *, place: str = "") -> str:
    """A column's title with the unit it has on the screen; `place`: where titles stand, by default of the method."""
    unit = words.text("column.unit.percent") if column.spec == "share" else _unit(column.spec, result.unit, words)
    title = title_of(column, result, place or result.method, words)
    return words.text("column.with_unit", title=title, unit=unit) if unit else title


def title_of(column: Column, result: Result, place: str, words: Catalogue) -> str:
    """A column's title alone: of this unit, of this table, else the one that every table has."""
    keys = (f"columns.{result.unit}.{column.name}", f"columns.{place}.{column.name}")
    return words.text(next((key for key in keys if words.has(key)), f"column.{column.name}"))


def _unit(spec: str, unit: Unit, words: Catalogue) -> str:
    if not unit.is_bounded:
        return ""
    if spec == METRIC:
        return words.text(f"column.unit.{unit}")
    if spec in (CHANGE, LOST, "exact_change", "factor_change", "slope"):
        return words.text(f"column.unit.{unit.of_change}")
    return ""


def cell(value: float, column: Column, n: float, words: Catalogue) -> str:
    """One number as the screen shows it; a score of too few answers says so instead."""
    if column.count and n < WITHHELD_BELOW:
        return words.text("chart.few", n=WITHHELD_BELOW)
    if is_missing(value):  # a number that was withheld comes back from the store as nothing
        return words.text("format.none")
    if column.spec == "share":
        return words.show(value * 100, "number")  # the unit stands in the header
    return words.show(value, {METRIC: "number", LOST: "factor"}.get(column.spec, column.spec))


def written(result: Result, column: Column, words: Catalogue) -> list[str]:
    """A column's cells as the screen shows them, the total last."""
    texts = texts_of(result.table, column, result, words)
    if not has_total(result):
        return texts
    if column.spec == TEXT:
        return [*texts, ""]
    n = sum(counts_of(result.table, column))
    return [*texts, *(cell(value, column, n, words) for value in values_of(result, column)[len(texts) :])]


def texts_of(table: pd.DataFrame, column: Column, result: Result, words: Catalogue) -> list[str]:
    """The cells of a column of any table of a result, as the screen shows them."""
    if column.write is not None:
        return column.write(column.name, table, result, words)
    cells = zip(table[column.name], counts_of(table, column), strict=True)
    return [cell(value, column, n, words) for value, n in cells]


def counts_of(table: pd.DataFrame, column: Column) -> list[float]:
    """The number of answers behind each cell of a column; a row that is no group has none of its own."""
    if column.count not in table:
        return [float("inf")] * len(table)
    return [float("nan") if is_missing(n) else float(n) for n in table[column.count]]
