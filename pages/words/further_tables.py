"""The further tables of a result as they are shown and exported: the same columns, the same unrounded numbers.

What `tables` is to the rows behind the chart, this is to the parts beside them. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from analysis.result import Result
from pages.words import driver_words, pair_words, tables
from pages.words.catalogue import Catalogue
from pages.words.columns import CHANGE, COEFFICIENT, METRIC, Column
from pages.words.format import is_missing, spaced
from pages.words.part_columns import PARTS
from pages.words.tables import DEPTHS

SIDES = ("rest", "baseline", "target", "benchmark")
WORDS = {  # columns that hold a code, and where its words are
    "verdict": "chart.verdict", "size": "contrast_page.size", "method": "contrast_page.method",
    "why": "contrast.unfit", "missing": "contrast_page.missing", "kind": "association_page.duplicate",
    "level": "association_page.level", "policy": "association_page.policy",
}  # fmt: skip
WITH_PARTS = ("contrast", "drivers", "association", "pair")  # methods whose further tables are shown and exported
TEXTS = ("segment", "side", "code", "dimension", "month", "yes", "passed", "told", "held", "member", "row")


def has(result: Result, part: str) -> bool:
    """Whether there is such a table with rows in it."""
    return part in result.parts and len(result.parts[part]) > 0


def columns_of(result: Result, part: str, depth: str) -> list[Column]:
    """The columns of a part at a depth; those that say nothing are left out."""
    found = result.parts[part]
    reach = DEPTHS.index(depth)
    columns = [c for c in PARTS[part] if c.name in found and DEPTHS.index(c.depth) <= reach]
    return [c for c in columns if not all(_is_blank(value, c) for value in found[c.name])]


def _is_blank(value: Any, column: Column) -> bool:
    if column.spec in ("segment", "side", "told", "held", "member", "row"):
        return False
    return is_missing(value) or value == "" or (column.name == "turned" and not value)


def presented(result: Result, part: str, words: Catalogue, *, depth: str = "advanced") -> pd.DataFrame:
    """The part with translated headers; numbers unrounded, codes and names in words, NaN where withheld."""
    found = result.parts[part]
    shown: dict[str, list[Any]] = {}
    for column in columns_of(result, part, depth):
        values = found[column.name].tolist()
        if column.spec == "told":
            values = [words.text(f"contrast.check.{c}", **v) for c, v in zip(values, found["values"], strict=True)]
        elif column.spec == "row":
            values = driver_words.rows_of(result, part, words)
        elif column.spec in TEXTS:
            values = [_said(value, column, result, words) for value in values]
        shown[header(column, result, words)] = values
    return pd.DataFrame(shown)


def written(result: Result, part: str, words: Catalogue, *, depth: str) -> dict[str, list[str]]:
    """The columns of numbers by their header, each cell as the screen shows it."""
    found, shown = result.parts[part], {}
    for column in columns_of(result, part, depth):
        if column.spec not in TEXTS:
            counts = _counts(found, column)
            cells = zip(found[column.name], counts, strict=True)
            shown[header(column, result, words)] = [_cell(v, n, column, result, words) for v, n in cells]
    return shown


def exported(result: Result, words: Catalogue) -> dict[str, pd.DataFrame]:
    """Every part that has a table, by its title, for a workbook. Shares stay 0..1, as on the command line."""
    sheets = {}
    for part in PARTS:
        if result.method in WITH_PARTS and has(result, part):
            plain = {header(c, result, words): _title(c, result, words) for c in PARTS[part] if c.spec == "share"}
            frame = presented(result, part, words).rename(columns=plain).rename(columns=spaced)
            sheets[words.text(f"{result.method}_page.part.{part}")] = frame
    return sheets


def few(result: Result, part: str) -> list[bool]:
    """Rows with fewer than 30 answers on a side."""
    found = result.parts[part]
    counts = [found[name] for name in ("n", "n_a", "n_b") if name in found]
    return [any(n < tables.GREY_BELOW for n in row) for row in zip(*counts, strict=True)] or [False] * len(found)


def header(column: Column, result: Result, words: Catalogue) -> str:
    """A column's title with the unit it has on the screen."""
    unit = words.text("column.unit.percent") if column.spec == "share" else ""
    if column.spec in (METRIC, CHANGE) and result.unit.is_bounded:
        name = result.unit.of_change if column.spec == CHANGE else result.unit
        unit = words.text(f"column.unit.{name}")
    title = _title(column, result, words)
    return words.text("column.with_unit", title=title, unit=unit) if unit else title


def _title(column: Column, result: Result, words: Catalogue) -> str:
    keys = (f"columns.{result.unit}.{column.name}", f"columns.{result.method}_part.{column.name}")
    return words.text(next((key for key in keys if words.has(key)), f"column.{column.name}"))


def _counts(found: pd.DataFrame, column: Column) -> list[float]:
    return [float(n) for n in found["n"]] if "n" in found and column.name in ("score", "crude") else [
        float("inf")] * len(found)  # fmt: skip


def _cell(value: float, n: float, column: Column, result: Result, words: Catalogue) -> str:
    if n < WITHHELD_BELOW:
        return words.text("chart.few", n=WITHHELD_BELOW)
    if column.spec == "share":
        return words.show(value * 100, "number")  # the unit stands in the header
    if column.spec == COEFFICIENT:
        return words.show(value, pair_words.spec_of(result.statistics.get("coefficient", "")))
    own = {METRIC: "number"} if result.unit.is_bounded else tables.RAW
    return words.show(value, own.get(column.spec, column.spec))


def _said(value: Any, column: Column, result: Result, words: Catalogue) -> str:
    if column.spec in ("segment", "side"):
        return side_name(value, result, words)
    if column.spec == "month":
        return (
            words.show(value, "name", dimension="month") if isinstance(value, str) else words.show(value, "date")[:7]
        )
    if column.spec == "dimension":
        return words.show({"dimension": value}, "name") if value else ""
    if column.spec == "held":
        return words.show({"dimension": value}, "name") if value else words.text("pair_page.all_held")
    if column.spec == "member":
        return words.show(value, "name", dimension=result.statistics["within"])
    if column.spec == "yes":
        return words.text("contrast_page.yes") if value else ""
    if column.spec == "passed":
        known = {True: "passed", False: "failed"}.get(value if is_missing(value) else bool(value), "unknown")
        return words.text(f"contrast_page.check.{known}")
    own = f"{result.method}_page.why"  # a contrast has other reasons
    place = own if column.name == "why" and result.method in ("drivers", "association") else WORDS[column.name]
    return words.text(f"{place}.{value}") if value else ""


def side_name(segment: Sequence[str | None], result: Result, words: Catalogue) -> str:
    """One side of a comparison: a group by its name, the other side by what it is."""
    by = result.options["by"]
    if len(segment) == 1 and segment[0] in SIDES and _is_other_side(segment[0], result):
        return _other_side(str(segment[0]), result, words)
    if not segment:
        return words.text("side.all")
    return words.show(dict(zip(by, segment, strict=True)), "name")


def _other_side(code: str, result: Result, words: Catalogue) -> str:
    """What all groups are compared with; an outside source by its name."""
    if code == "benchmark":
        return source_name(str(result.options["against"]), words)
    return words.text(f"side.{code}")


def source_name(code: str, words: Catalogue) -> str:
    """What an outside source is called: the group and a lettered competitor have words, others stand as they are."""
    key = f"contrast_page.source.{code}"
    return words.text(key) if words.has(key) else words.show(code, "name", dimension="source")


def _is_other_side(code: str | None, result: Result) -> bool:
    """A group may be called "rest" as well: then it is in the table."""
    return (code,) not in set(result.table["segment"])
