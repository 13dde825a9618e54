"""The further tables of a result as they are shown and exported: the same columns, the same unrounded numbers.

What `tables` is to the rows behind the chart, this is to the parts beside them. Pure.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.result import Result
from pages.words import tables
from pages.words.catalogue import Catalogue
from pages.words.columns import GREY_BELOW, TEXT, Column
from pages.words.format import is_missing, spaced
from pages.words.methods import presentation_of


def has(result: Result, part: str) -> bool:
    """Whether there is such a table with rows in it."""
    return part in result.parts and len(result.parts[part]) > 0


def title(result: Result, part: str, words: Catalogue) -> str:
    """The title over a part, on the page and as a sheet."""
    return words.text(f"{result.method}_page.part.{part}")


def columns_of(result: Result, part: str, depth: str) -> list[Column]:
    """The columns of a part at a depth; those that say nothing are left out."""
    found, known = result.parts[part], presentation_of(result.method).parts[part]
    columns = tables.within(known, result, found, depth)
    return [c for c in columns if c.kept or not all(_is_blank(value, c) for value in found[c.name])]


def _is_blank(value: Any, column: Column) -> bool:
    return is_missing(value) or value == "" or (column.usual is not None and value == column.usual)


def presented(result: Result, part: str, words: Catalogue, *, depth: str = "advanced") -> pd.DataFrame:
    """The part with translated headers; numbers unrounded, codes and names in words, NaN where withheld."""
    found = result.parts[part]
    return pd.DataFrame({
        header(column, result, words): (
            tables.texts_of(found, column, result, words) if column.spec == TEXT else found[column.name].tolist()
        )
        for column in columns_of(result, part, depth)
    })  # fmt: skip


def written(result: Result, part: str, words: Catalogue, *, depth: str) -> dict[str, list[str]]:
    """The columns of numbers by their header, each cell as the screen shows it."""
    return {
        header(column, result, words): tables.texts_of(result.parts[part], column, result, words)
        for column in columns_of(result, part, depth)
        if column.spec != TEXT
    }


def exported(result: Result, words: Catalogue) -> dict[str, pd.DataFrame]:
    """Every part that has a table, by its title, for a workbook. Shares stay 0..1, as on the command line."""
    sheets = {}
    for part, columns in presentation_of(result.method).parts.items():
        if has(result, part):
            plain = {header(c, result, words): _title(c, result, words) for c in columns if c.spec == "share"}
            frame = presented(result, part, words).rename(columns=plain).rename(columns=spaced)
            sheets[title(result, part, words)] = frame
    return sheets


def few(result: Result, part: str) -> list[bool]:
    """Rows with fewer than 30 answers on a side."""
    found = result.parts[part]
    counts = [found[name] for name in ("n", "n_a", "n_b") if name in found]
    return [any(n < GREY_BELOW for n in row) for row in zip(*counts, strict=True)] or [False] * len(found)


def header(column: Column, result: Result, words: Catalogue) -> str:
    """A column's title with the unit it has on the screen."""
    return tables.header(column, result, words, place=_place(result))


def _title(column: Column, result: Result, words: Catalogue) -> str:
    return tables.title_of(column, result, _place(result), words)


def _place(result: Result) -> str:
    return f"{result.method}_part"
