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
from pages.words import driver_words, pair_words, path_words
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, CODE, COEFFICIENT, COLUMNS, LOST, METRIC, Column
from pages.words.format import spaced
from pages.words.names import Names

GREY_BELOW = 30
PAIRED = ("association", "pair")  # methods whose rows are no segments
RAW = {METRIC: "raw", CHANGE: "raw_change"}  # how a measure on a scale of its own is written
DEPTHS = ("basic", "intermediate", "advanced")


def columns_of(result: Result, depth: str) -> list[Column]:
    """The columns of a result's table at a depth; those that hold nothing at all are left out."""
    reach = DEPTHS.index(depth)
    found = [c for c in COLUMNS[result.method] if c.name in result.table and DEPTHS.index(c.depth) <= reach]
    if not result.unit.is_bounded:
        found = [replace(c, spec=RAW.get(c.spec, c.spec)) for c in found]
    return [c for c in found if _says_something(result.table[c.name])]


def _says_something(values: pd.Series) -> bool:
    """A column of blanks, or of counts that are all nought, is not shown; scores may all be withheld."""
    return values.name == "score" or bool(
        (values.notna() & (values != 0) & (values != "")).any() or str(values.name).endswith("effect")
    )


def has_total(result: Result) -> bool:
    """Whether a row of totals closes the table."""
    return "total" in result.parts


def values_of(result: Result, column: Column) -> list[float]:
    """A column's numbers, then its total where there is one."""
    if not has_total(result):
        return list(result.table[column.name])
    return [*result.table[column.name], *result.parts["total"].get(column.name, [float("nan")])]


def cut_by(result: Result) -> tuple[str, ...]:
    """Dimensions that every row has a member of: none where each segment is a conjunction of its own."""
    return () if result.method == "segments" else tuple(result.options.get("by", ()))


def segment_of(result: Result, segment: Any) -> dict[str, str | None]:
    """A segment of the table as dimension -> value."""
    return dict(segment) if result.method == "segments" else dict(zip(cut_by(result), segment, strict=True))


def segment_names(result: Result, words: Catalogue) -> list[str]:
    """What each row of the table is called."""
    by = cut_by(result)
    if result.method in PAIRED:
        return [" · ".join(row) for row in zip(*pair_words.names(result, words).values(), strict=True)]
    if "driver" in result.table:
        return [words.show({"dimension": code}, "name") for code in result.table["driver"]]
    if result.method == "dose":
        ends = zip(result.table["low"], result.table["high"], strict=True)
        return [pair_words.span(low, high, words) for low, high in ends]
    if "step" in result.table:
        return [path_words.step_of(row, words) for row in result.table.to_dict("records")]
    if not by and "group" in result.table:
        return [words.text(f"side.{group}") for group in result.table["group"]]
    return [segment_name(result, segment, words) for segment in result.table["segment"]]


def segment_name(result: Result, segment: Any, words: Catalogue) -> str:
    """A segment by its members; without any, what no segment holds."""
    named = segment_of(result, segment)
    return words.show(named, "name") if named or result.method != "segments" else words.text("causes.rest")


def name_columns(result: Result) -> int:
    """How many columns of the table name its rows: a dimension each; sides, drivers and bins have one."""
    if result.method in PAIRED:
        return 2 if {"y", "y_member"} & set(result.table) else 1
    return len(cut_by(result)) or int(_titled(result) != "")


def name_title(result: Result, words: Catalogue) -> str:
    """The title over the names of the rows."""
    if result.method in PAIRED:
        return " · ".join(pair_words.names(result, words))
    by = cut_by(result) or ([result.options["driver"]] if result.method == "dose" else [])
    named = " · ".join(words.show({"dimension": name}, "name") for name in by)
    return named or words.text(_titled(result) or "column.group")


def _titled(result: Result) -> str:
    """The text over names that are no members of a dimension, empty where there are none."""
    if "driver" in result.table or result.method == "dose":
        return "column.driver"
    if result.method == "segments":
        return "segments.title"
    if "step" in result.table:
        return "trace_page.step"
    return "column.group" if "group" in result.table else ""


def presented(result: Result, names: Names, words: Catalogue, *, depth: str = "advanced") -> pd.DataFrame:
    """The table with a column per dimension and translated headers; numbers unrounded, NaN where withheld."""
    by, closes = cut_by(result), has_total(result)
    shown: dict[str, list[Any]] = {}
    for place, name in enumerate(by):
        values = [segment[place] for segment in result.table["segment"]]
        shown[names.of_dimension(name)] = [words.show(value, "name", dimension=name) for value in values]
        shown[names.of_dimension(name)] += [words.text("table.total") if place == 0 else ""] * closes
    if result.method in PAIRED:
        shown.update(pair_words.names(result, words))
    elif not by and name_columns(result):
        shown[name_title(result, words)] = segment_names(result, words) + [words.text("table.total")] * closes
    for column in columns_of(result, depth):
        coded = column.spec in (CODE, "quadrant")
        shown[header(column, result, words)] = written(result, column, words) if coded else values_of(result, column)
    if "status" in result.table and (result.table["status"] != "both").any():
        said = [words.text(f"status.{s}") for s in result.table["status"]]
        shown[words.text("column.status")] = said + [""] * closes
    return pd.DataFrame(shown)


def exported(result: Result, names: Names, words: Catalogue) -> pd.DataFrame:
    """The whole table for a file. Shares stay 0..1, as on the command line, so their headers name no percent."""
    shares = [column for column in columns_of(result, "advanced") if column.spec == "share"]
    plain = {header(column, result, words): _title(column, result, words) for column in shares}
    return presented(result, names, words).rename(columns=plain).rename(columns=spaced)


def header(column: Column, result: Result, words: Catalogue) -> str:
    """A column's title with the unit it has on the screen."""
    unit = words.text("column.unit.percent") if column.spec == "share" else _unit(column.spec, result.unit, words)
    title = _title(column, result, words)
    return words.text("column.with_unit", title=title, unit=unit) if unit else title


def _title(column: Column, result: Result, words: Catalogue) -> str:
    keys = (f"columns.{result.unit}.{column.name}", f"columns.{result.method}.{column.name}")
    return words.text(next((key for key in keys if words.has(key)), f"column.{column.name}"))


def _unit(spec: str, unit: Unit, words: Catalogue) -> str:
    if spec == METRIC:
        return words.text(f"column.unit.{unit}")
    if spec in (CHANGE, LOST, "exact_change", "factor_change", "slope"):
        return words.text(f"column.unit.{unit.of_change}")
    return ""


def cell(value: float, column: Column, n: float, words: Catalogue) -> str:
    """One number as the screen shows it; a score of too few answers says so instead."""
    if column.name in ("score", "score0", "score1", "baseline_score") and n < WITHHELD_BELOW:
        return words.text("chart.few", n=WITHHELD_BELOW)
    if column.spec == "share":
        return words.show(value * 100, "number")  # the unit stands in the header
    return words.show(value, {METRIC: "number", LOST: "factor"}.get(column.spec, column.spec))


def written(result: Result, column: Column, words: Catalogue) -> list[str]:
    """A column's cells as the screen shows them, the total last."""
    if column.spec == CODE:
        return [*pair_words.said(result.table[column.name], words), *[""] * has_total(result)]
    if column.spec in driver_words.COLUMNS:
        return driver_words.COLUMNS[column.spec](result.table, words)
    if result.method == "dose" and column.spec == "raw" and column.name not in ("score", "score_low", "score_high"):
        return driver_words.alike(result.table[column.name], words)
    if column.spec == COEFFICIENT:
        return pair_words.coefficients(result.table, words, column.name)
    counts, values = counts_of(result, column), values_of(result, column)
    counts = [*counts, *[sum(counts)] * (len(values) - len(counts))]
    return [cell(value, column, n, words) for value, n in zip(values, counts, strict=True)]


def counts_of(result: Result, column: Column) -> Sequence[float]:
    """The number of answers behind each cell of a column."""
    of = {"score0": "n0", "score1": "n1", "baseline_score": "n0"}.get(column.name, "n")
    of = of if of in result.table else "n1"
    if of not in result.table:  # a row that is no group has no answers of its own
        return [float("inf")] * len(result.table)
    return [float(n) for n in result.table[of]]
