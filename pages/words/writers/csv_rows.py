"""A table as CSV that no spreadsheet takes for formulas, whichever sign its country parts columns by."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from pages.words.format import is_missing

ACTIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_PARTING = re.compile(r'[,;\t"\r\n]')
# Where columns are parted by semicolons, quotes in the middle of what is then a cell count for nothing.
_ACTIVE_WITHIN = re.compile(rf"([;\t\r\n][ \"']*)(?=[{re.escape(''.join(ACTIVE[:4] + ACTIVE[6:]))}])")


def neutral(text: str) -> str:
    """Text that would run as a formula gets an apostrophe in front.

    >>> neutral("=1+1"), neutral("3G")
    ("'=1+1", '3G')
    """
    return "'" + text if text.startswith(ACTIVE) else text


def csv_rows(table: pd.DataFrame, end: str = "\r\n") -> str:
    r"""The header and the rows; a missing value is nothing, a number as short as it reads back exactly.

    >>> csv_rows(pd.DataFrame({"a;b": ["x;=1+1", None], "n": [0.1, 2.0]}), "\n")
    '"a;b",n\n"x;\'=1+1",0.1\n,2.0\n'
    """
    columns = [[_cell(value) for value in table.iloc[:, place]] for place in range(table.shape[1])]
    lines = [[_text(str(name)) for name in table.columns], *map(list, zip(*columns, strict=True))]
    return "".join(('""' if line == [""] else ",".join(line)) + end for line in lines)  # an empty line is no row


def _cell(value: Any) -> str:
    if is_missing(value):
        return ""
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    safe = _ACTIVE_WITHIN.sub(r"\1'", neutral(text))
    return '"' + safe.replace('"', '""') + '"' if _PARTING.search(safe) else safe
