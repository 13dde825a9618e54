"""What do the sheets of a workbook hold? .xls, .xlsx, .xlsb and .ods through calamine, as last computed.

A cell merged down its column fills all its rows. What calamine does not tell, errors, formulas never computed and
hidden rows, is looked up in the XML of .xlsx and .ods.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import python_calamine as calamine

from data_access.convert.limits import BLANKS_A_CELL, FEW_CELLS, MOST_CELLS, MOST_COLUMNS, Refused
from data_access.convert.plain import text, write
from data_access.convert.workbook_xml import SheetFacts, facts_of

NEAR_THE_TOP = 60


def read(source: Path, folder: Path) -> dict[str, Any]:
    """Every sheet as CSV."""
    known = facts_of(source)
    try:
        with calamine.load_workbook(str(source)) as book:
            worksheets = [
                (i, about)
                for i, about in enumerate(book.sheets_metadata)
                if about.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            return {"sheets": [_sheet(book, i, about, known, folder) for i, about in worksheets]}
    except calamine.PasswordError as error:
        raise Refused("file.password") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("file.damaged") from error


def _sheet(
    book: calamine.CalamineWorkbook,
    number: int,
    about: calamine.SheetMetadata,
    known: dict[str, SheetFacts],
    folder: Path,
) -> dict[str, Any]:
    sheet, file = book.get_sheet_by_index(number), f"sheet{number}.csv"
    left = sheet.start[1] if sheet.start else 0
    merged = [] if sheet.merged_cell_ranges is None else list(sheet.merged_cell_ranges)
    found = known.get(about.name, SheetFacts())
    _check_size(sheet, found.cells)
    cells = _filled(sheet.iter_rows(), merged, left, sheet.width) if sheet.width else ()
    rows, cut = write(folder / file, cells)
    return {
        "name": about.name,
        "file": file,
        "rows": rows,
        "columns": sheet.width,
        "hidden": about.visible != calamine.SheetVisibleEnum.Visible,
        "hidden_rows": found.hidden_rows,
        "wide": [
            (first[0], first[1] - left, last[1] - left)
            for first, last in merged
            if first[1] < last[1] and first[0] < NEAR_THE_TOP and first[1] >= left
        ],
        "notes": [*((key, {**values, "column": values["column"] - left}) for key, values in found.notes), *cut],
    }


def _check_size(sheet: calamine.CalamineSheet, cells: int | None) -> None:
    """`cells`: so many say something, where that is known; the area around them may not be much larger."""
    if sheet.width > MOST_COLUMNS:
        raise Refused("file.too_wide", n=sheet.width, most=MOST_COLUMNS)
    area = sheet.width * sheet.total_height
    if area > MOST_CELLS or (cells is not None and area > max(FEW_CELLS, BLANKS_A_CELL * cells)):
        raise Refused("file.too_much")


def _filled(
    rows: Iterator[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], left: int, width: int
) -> Iterator[list[str]]:
    """The rows as text; a value merged down a column stands in each of its rows."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, _) in merged:
        if bottom > top and left <= column < left + width:
            begins.setdefault(top, []).append((column - left, bottom))
    running: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(rows):
        cells = [text(value) for value in row]
        for column, (bottom, value) in list(running.items()):
            if number > bottom:
                del running[column]
            elif not cells[column]:
                cells[column] = value
        running |= {column: (bottom, cells[column]) for column, bottom in begins.get(number, [])}
        yield cells
