"""How does an Excel sheet become a plain text file? Values as Excel last computed them, dates in ISO form."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from data_access.files.options import Notes, ReadOptions
from data_access.files.read_text import PlainText
from data_access.semantics import near
from data_access.statement import BadInput


def excel_to_text(path: Path, options: ReadOptions, target: Path, report: Notes, doubts: Notes) -> PlainText:
    """One sheet, written as UTF-8 text: the one asked for, else the first that is not empty. Raises BadInput."""
    book = _open(path, values=True)
    try:
        title, (cells, start) = _sheet(path, book, options.sheet, doubts)
        header = tuple(_text(cell.value) for cell in cells)
        width = max((i + 1 for i, name in enumerate(header) if name.strip()), default=0)
        blanks = _write(book[title].iter_rows(min_row=start + 1), width, start, target, header, report)
    except (ParseError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BadInput("file.damaged", name=path.name) from error
    finally:
        book.close()
    if blanks and _has_formulas(path):
        _report_uncomputed(path, title, start, header, report)
    return PlainText(target, header[:width], ",", "utf-8", start)


def _open(path: Path, *, values: bool) -> Any:
    import openpyxl  # takes a moment to import, and only Excel files need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that it cannot show
            # as a stream, since openpyxl refuses a path by its ending alone
            return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=values)
    except Exception as error:  # openpyxl lets many kinds through for a damaged file
        raise BadInput("file.damaged", name=path.name) from error


def _sheet(path: Path, book: Any, wanted: str | None, doubts: Notes) -> tuple[str, tuple[Any, int]]:
    """Title of the sheet, its header cells and the row they stand in."""
    titles = [sheet.title for sheet in book.worksheets]
    if wanted is not None and wanted not in titles:
        raise BadInput("file.no_sheet", name=path.name, sheet=wanted, near=near(wanted, titles))
    filled = {}
    for title in [wanted] if wanted is not None else titles:
        start = _first_row(book[title])
        if start is not None:
            filled[title] = start
    if not filled:
        raise BadInput("file.empty_sheets", name=path.name)
    title = next(iter(filled))
    others = [other for other in filled if other != title]
    if others:
        doubts.tell("file.sheet_taken", sheet=title, others=others)
    return title, filled[title]


def _first_row(sheet: Any) -> tuple[Any, int] | None:
    sheet.reset_dimensions()  # some writers leave a wrong size behind, and cells beyond it would be lost
    for number, cells in enumerate(sheet.iter_rows(max_row=200), start=1):
        if any(cell.value not in (None, "") for cell in cells):
            return cells, number
    return None


def _write(rows: Iterator[Any], width: int, start: int, target: Path, header: tuple[str, ...], report: Notes) -> int:
    """Write the rows below the header; returns how many cells were blank."""
    blanks = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(header[:width])
        for row, cells in enumerate(rows, start=start + 1):
            texts = [_cell(cell, row, header, report) for cell in cells[:width]]
            _report_beyond(cells[width:], row, width, report)
            blanks += texts.count("")
            writer.writerow(texts + [""] * (width - len(texts)))
    return blanks


def _cell(cell: Any, row: int, header: tuple[str, ...], report: Notes) -> str:
    if cell.data_type == "e":
        report.tell("file.excel_error", row=row, column=header[cell.column - 1], value=str(cell.value))
        return ""
    return _text(cell.value)


def _text(value: Any) -> str:
    """
    >>> _text(5.0), _text(True), _text(dt.datetime(2026, 9, 1, 8, 4))
    ('5', 'true', '2026-09-01 08:04:00')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    return str(value)


def _report_beyond(cells: Any, row: int, width: int, report: Notes) -> None:
    lost = [_text(cell.value) for cell in cells if _text(cell.value).strip()]
    if lost:
        report.tell("file.long_row", row=row, found=width + len(lost), expected=width, value=", ".join(lost)[:80])


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in (xml := archive.read(name)) or b"<f " in xml for name in sheets if name.endswith(".xml"))


def _report_uncomputed(path: Path, title: str, start: int, header: tuple[str, ...], report: Notes) -> None:
    """Formulas that were never computed have no value in the file: openpyxl gives a blank, so say which cells."""
    values, formulas = _open(path, values=True), _open(path, values=False)
    pairs = zip(
        values[title].iter_rows(min_row=start + 1), formulas[title].iter_rows(min_row=start + 1), strict=False
    )
    for row, (found, written) in enumerate(pairs, start=start + 1):
        for value, formula in zip(found, written, strict=False):
            if value.value is None and formula.data_type == "f" and formula.column <= len(header):
                report.tell("file.uncomputed", row=row, column=header[formula.column - 1], value=str(formula.value))
    values.close()
    formulas.close()
