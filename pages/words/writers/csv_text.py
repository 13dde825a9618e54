"""A result's table as CSV for machines, with the column names of the headless contract. Pure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.result import Result
from pages.words.catalogue import Catalogue
from pages.words.methods import presentation_of
from pages.words.writers.csv_rows import csv_rows
from pages.words.writers.json_text import plain


def to_csv(result: Result, words: Catalogue) -> str:
    """The table with the contract's column names, a column per dimension first; blanks where withheld.

    Several values in a cell, as of a step of a path, stand with "|" between them, a blank as nothing. Text that a
    spreadsheet would take for a formula is neutralised as in the page's files; JSON holds it as it is.
    """
    shown = presentation_of(result.method).rows
    records = [plain(shown.record(result, row)) for row in result.table.to_dict("records")]
    members: dict[str, Any] = dict.fromkeys(shown.possible(result))
    rows = [{**members, **record.pop("segment", {}), **record} for record in records]
    return csv_rows(pd.DataFrame(rows).map(_cell), "\n")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "|".join("" if one is None else str(one) for one in value)
    return value
