"""How do tables leave the app? As Excel or CSV, numbers unrounded, text that no spreadsheet takes for a formula."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data_access.statement import BadInput
from pages.words.format import is_missing
from pages.words.writers.csv_rows import csv_rows, neutral
from pages.words.writers.workbook import A4, Styles, make_workbook, row_height, set_paper

_LONGEST_CELL = 32_767
_LONGEST_LINK = 2_079
_MOST_ROWS = 1_048_575  # of a sheet, below its header
_EXACT_INTEGER = 2**53
_WIDTHS = (8, 48)
_FACT_WIDE, _SIZE = 100, 11  # letters in a line, and their size


class Exact(float):
    """XlsxWriter writes 16 significant digits; a double needs up to 17 to come back bit for bit."""

    def __format__(self, _: str) -> str:
        return float.__repr__(self)


@dataclass(frozen=True)
class Formula:
    """A formula of our own, never made of anybody's text, with the value that it has."""

    text: str
    value: float


def to_excel(
    tables: Mapping[str, pd.DataFrame], *, facts: Mapping[str, str], title: str = "Satrace",
    further: Callable[[Workbook, Styles], None] | None = None,
) -> bytes:  # fmt: skip
    """An .xlsx with a sheet of facts (selection, data version, formula, link) called `title`, then one per table.

    Tables are written without their index; a missing value is an empty cell. `further` writes sheets of another
    kind after them. Raises BadInput when a table has more rows than a sheet can hold.
    """

    def write(book: Workbook, styles: Styles) -> None:
        names = sheet_names([title, *tables])
        _write_facts(book.add_worksheet(names[0]), facts, styles)
        for name, table in zip(names[1:], tables.values(), strict=True):
            _write_table(book.add_worksheet(name), table, styles)
        if further is not None:
            further(book, styles)

    return make_workbook(title, _STYLES, write)


def to_csv(table: pd.DataFrame) -> bytes:
    """A .csv in UTF-8 with the mark that lets Excel read Chinese; floats as short as they read back exactly."""
    plain = pd.DataFrame({i: [_csv_cell(v) for v in table.iloc[:, i]] for i in range(table.shape[1])}, dtype=object)
    plain.columns = pd.Index(list(map(str, table.columns)))
    return csv_rows(plain).encode("utf-8-sig")


def write_link(sheet: Worksheet, row: int, column: int, link: str, style: Format, *, text: str = "") -> None:
    """A web address to click, named by `text`; what is no address, or too long for one, stands as text."""
    if re.match("https?://", link) and len(link) <= _LONGEST_LINK:
        sheet.write_url(row, column, link, style, cell_text(text or link))
    else:
        sheet.write_string(row, column, cell_text(text or link), style)


_NUMBERS = (int, float, np.number, Formula)
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "numbers": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"},
    "text": {"valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "integer": {"num_format": "#,##0"},
    "float": {"num_format": "#,##0.000"},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}


def _write_facts(sheet: Worksheet, facts: Mapping[str, str], styles: Styles) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, _FACT_WIDE)
    for row, (name, value) in enumerate(facts.items()):
        sheet.write_string(row, 0, neutral(name), styles["head"])
        sheet.write_string(row, 1, cell_text(value), styles["wrapped"])
        sheet.set_row(row, row_height([(value, _FACT_WIDE)], _SIZE))
    set_paper(sheet, A4)


def _write_table(sheet: Worksheet, table: pd.DataFrame, styles: Styles) -> None:
    if len(table) > _MOST_ROWS:
        raise BadInput("export.too_long", rows=len(table), most=_MOST_ROWS)
    for column, name in enumerate(table.columns):
        values = table.iloc[:, column].tolist()
        numbers = _are_numbers(values)
        known = {**styles, "float": styles["integer"]} if numbers and _are_whole(values) else styles
        sheet.write_string(0, column, neutral(str(name)), styles["numbers" if numbers else "head"])
        for row, value in enumerate(values, start=1):
            _write_cell(sheet, row, column, value, known)
        sheet.set_column(column, column, _width(str(name), values, whole=known is not styles))
    sheet.freeze_panes(1, 0)
    set_paper(sheet, A4, head=0)
    if len(table.columns):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _are_numbers(values: Sequence[Any]) -> bool:
    """Whether a column holds numbers alone: their head stands over them, at the right."""
    known = [value for value in values if not is_missing(value)]
    return bool(known) and all(isinstance(v, _NUMBERS) and not isinstance(v, bool) for v in known)


def _are_whole(values: Sequence[Any]) -> bool:
    """Counts are kept as floats where some are missing; nobody counts in thousandths."""
    numbers = (value.value if isinstance(value, Formula) else value for value in values)
    return all(is_missing(value) or float(value).is_integer() for value in numbers)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any, styles: Styles) -> None:
    if is_missing(value):
        return
    if isinstance(value, (bool, np.bool_)):
        sheet.write_boolean(row, column, bool(value))
    elif isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, styles["float"], Exact(value.value))
    elif isinstance(value, (int, np.integer)) and abs(int(value)) <= _EXACT_INTEGER:
        sheet.write_number(row, column, int(value), styles["integer"])
    elif isinstance(value, (float, np.floating)):
        sheet.write_number(row, column, Exact(value), styles["float"])
    elif isinstance(value, date) and value.year >= 1900:
        _write_day(sheet, row, column, value, styles)
    else:
        sheet.write_string(row, column, cell_text(_text(value)), styles["text"])


def _write_day(sheet: Worksheet, row: int, column: int, value: date, styles: Styles) -> None:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    is_day = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    sheet.write_datetime(row, column, moment.replace(tzinfo=None), styles["date" if is_day else "time"])


def _csv_cell(value: Any) -> Any:
    if is_missing(value):
        return None
    return value if isinstance(value, (int, float, np.number, np.bool_)) else _text(value)


def _text(value: Any) -> str:
    """A combination of segments or a list as JSON, anything else as it prints."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list)) else str(value)


def cell_text(text: str) -> str:
    """Text as a cell can hold it: never a formula, never too long."""
    safe = neutral(text)
    return safe if len(safe) <= _LONGEST_CELL else safe[: _LONGEST_CELL - 1] + "…"


def _width(name: str, values: Sequence[Any], *, whole: bool) -> int:
    """Columns as wide as their first rows; Chinese takes two places a sign."""
    known = (v.value if isinstance(v, Formula) else v for v in values[:200])
    shown = (f"{v:,.{0 if whole else 3}f}" if isinstance(v, float) else _text(v)[:60] for v in known)
    longest = max(len(t.encode("gbk", "replace")) for t in [name, *shown])
    return min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1])


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names Excel accepts: no []:*?/\\, at most 31 signs, each once whatever its case."""
    names: list[str] = []
    for name in wanted:
        clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:31] or "Sheet"
        taken = {n.casefold() for n in names} | {"history"}
        copies = (f"{clean[:27]} ({k})" for k in range(2, len(wanted) + 3))
        names.append(clean if clean.casefold() not in taken else next(c for c in copies if c.casefold() not in taken))
    return names
