"""In which form are the cells of a column written? One answer of the modules that each know a kind of writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from data_access.statement import Statement

LIKELY_AT_LEAST = 0.3
LOOKED_AT_FIRST = 40


@dataclass(frozen=True)
class Form:
    """A way of writing. `expression` is SQL that gives a cell's value, NULL where the cell is written otherwise.

    share: of the cells, how many are written so. kind: number, time or zoned. unit: in which the value counts.
    scale: its lowest and highest value, where the cells tell. blanks: further words that mean nothing here.
    offered: SQL that says whether a customer was asked at all. told: what could have been read otherwise; who tells
    it adds the name of the column.
    """

    expression: str
    share: float
    kind: str = "number"
    unit: str = ""
    scale: tuple[float, float] | None = None
    blanks: tuple[str, ...] = ()
    offered: str = ""
    told: tuple[Statement, ...] = ()


def share_of(is_one: Callable[[str], object], values: Mapping[str, int]) -> float:
    """The share of cells of which something is true; values with their counts."""
    hits = sum(n for value, n in values.items() if is_one(value))
    return hits / max(sum(values.values()), 1)


def is_likely(is_one: Callable[[str], object], values: Mapping[str, int]) -> bool:
    """Whether the commonest values are worth a look at all of them.

    >>> is_likely(str.isdigit, {"1": 3, "x": 1}), is_likely(str.isdigit, {"x": 3})
    (True, False)
    """
    first = dict(list(values.items())[:LOOKED_AT_FIRST])
    return share_of(is_one, first) >= LIKELY_AT_LEAST


def sql_text(text: str) -> str:
    """Text as an SQL literal.

    >>> print(sql_text("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"


def sql_group(cell: str, pattern: str, group: int) -> str:
    """SQL of one group of a pattern as a number, 0 where it is not there."""
    found = f"replace(regexp_extract({cell}, {sql_text(pattern)}, {group}), ',', '.')"
    return f"coalesce(try_cast({found} AS DOUBLE), 0)"


def one_of(words: Iterable[str]) -> str:
    """A pattern of words, the longer first.

    >>> one_of(["s", "sec"])
    '(?:sec|s)'
    """
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"
