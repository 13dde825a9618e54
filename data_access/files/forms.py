"""In which form are the cells of a column written? One answer of the modules that each know a kind of writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from data_access.convert.limits import LONGEST_LOOKED_AT
from data_access.statement import Statement

LIKELY_AT_LEAST = 0.3
LOOKED_AT_FIRST = 40


@dataclass(frozen=True)
class Form:
    """A way of writing. `expression` is SQL that gives a cell's value, NULL where the cell is written otherwise.

    share: of the cells, how many are written so. kind: number, time or zoned. parts: SQL by the name under which the
    expression uses it, so that a pattern is tried once a cell. once: the expression is worth being computed once for
    each different cell. unit: in which the value counts. scale: its lowest and highest value, where the cells tell.
    blanks: further words that mean nothing here. offered: SQL that says whether a customer was asked at all. told:
    what could have been read otherwise; who tells it adds the name of the column.
    """

    expression: str
    share: float
    kind: str = "number"
    parts: tuple[tuple[str, str], ...] = ()
    once: bool = False
    unit: str = ""
    scale: tuple[float, float] | None = None
    blanks: tuple[str, ...] = ()
    offered: str = ""
    told: tuple[Statement, ...] = ()


def share_of(is_one: Callable[[str], object], values: Mapping[str, int]) -> float:
    """The share of cells of which something is true; values with their counts."""
    hits = sum(n for value, n in values.items() if is_one(value))
    return hits / max(sum(values.values()), 1)


def reaches(enough: float, is_one: Callable[[str], object], values: Mapping[str, int]) -> bool:
    """Whether the share of cells of which something is true is at least so great; over once too many are not.

    >>> reaches(0.9, str.isdigit, {"1": 9, "x": 1}), reaches(0.9, str.isdigit, {"x": 2, "1": 8})
    (True, False)
    """
    whole, misses = max(sum(values.values()), 1), 0
    for value, n in values.items():
        if not is_one(value):
            misses += n
            if (whole - misses) / whole < enough:
                return False
    return bool(values)


def is_likely(is_one: Callable[[str], object], values: Mapping[str, int]) -> bool:
    """Whether the commonest values are worth a look at all of them.

    >>> is_likely(str.isdigit, {"1": 3, "x": 1}), is_likely(str.isdigit, {"x": 3})
    (True, False)
    """
    first = dict(list(values.items())[:LOOKED_AT_FIRST])
    return share_of(is_one, first) >= LIKELY_AT_LEAST


def sql_text(text: str) -> str:
    """Text as an SQL literal, which holds no NUL. A parameter would make DuckDB import all of pandas to look at it.

    >>> print(sql_text("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''").replace("\x00", "") + "'"


def sql_parts(cell: str, pattern: str, names: Sequence[str]) -> str:
    """SQL of the groups of a pattern by name, each '' where it is not there. Of a cell only its start is seen."""
    return f"regexp_extract(left({cell}, {LONGEST_LOOKED_AT}), {sql_text(pattern)}, {list(names)})"


def sql_number(text: str) -> str:
    """SQL of text as a number, 0 where there is none."""
    return f"coalesce(try_cast(replace({text}, ',', '.') AS DOUBLE), 0)"


def one_of(words: Iterable[str]) -> str:
    """A pattern of words, the longer first.

    >>> one_of(["s", "sec"])
    '(?:sec|s)'
    """
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"
