"""Which sheets of a workbook are read? Those asked for, else the largest table with every visible sheet like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.convert import Sheet
from data_access.files.account import LeftOut, Why
from data_access.files.find_table import Header, find_header
from data_access.files.options import ReadOptions
from data_access.files.read_text import PlainText, first_records
from data_access.semantics import near
from data_access.statement import BadInput


@dataclass(frozen=True)
class Found:
    """A table about to be read: where its text is, its first records and its header."""

    text: PlainText
    top: list[list[str]]
    header: Header
    sheet: Sheet | None = None

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.header.names if name)

    @property
    def size(self) -> tuple[bool, int]:
        """A sheet with one column is read only where there is no other; then the longest one counts."""
        return len(self.header.names) > 1, self.sheet.rows - self.header.first if self.sheet else 0


def open_sheet(sheet: Sheet, name: str, options: ReadOptions) -> Found:
    """The first records and the header of one converted sheet."""
    text = PlainText(sheet.file, "utf-8", ",", name)
    top = first_records(text)
    if sheet.exact:
        return Found(text, top, Header((0, 0), 1, tuple(top[0]), sheet.labels or ("",) * len(top[0])), sheet)
    return Found(text, top, find_header(top, options.header, sheet.wide), sheet)


def choose_sheets(sheets: Sequence[Sheet], name: str, options: ReadOptions) -> tuple[list[Found], list[LeftOut]]:
    """The sheets to read and those left out. Raises BadInput for one that is not there, or when all are empty."""
    if options.sheet:
        return _asked(sheets, name, options), []
    seen = [sheet for sheet in sheets if not sheet.hidden and sheet.rows]
    opened = [open_sheet(sheet, name, options) for sheet in seen or [sheet for sheet in sheets if sheet.rows]]
    if not opened:
        raise BadInput("file.empty_sheets", name=name)
    largest = max(opened, key=lambda found: found.size)  # the first of equals
    alike = [found for found in opened if found is largest or _is_alike(found, largest)]
    others = [LeftOut(Why.OTHER_SHEET, 1, 0, f.sheet.name) for f in opened if f not in alike and f.sheet]
    read = [found.sheet for found in alike]
    hidden = [LeftOut(Why.HIDDEN_SHEET, 1, 0, s.name) for s in sheets if s.hidden and s.rows and s not in read]
    return alike, [*others, *hidden]


def _is_alike(found: Found, largest: Found) -> bool:
    """The same columns, in whatever order, in a table of several."""
    return len(largest.columns) > 1 and found.columns == largest.columns


def _asked(sheets: Sequence[Sheet], name: str, options: ReadOptions) -> list[Found]:
    by_name = {sheet.name: sheet for sheet in sheets}
    found = []
    for wanted in dict.fromkeys(options.sheet or ()):
        if wanted not in by_name:
            raise BadInput("file.no_sheet", name=name, sheet=wanted, near=near(wanted, list(by_name)))
        if not by_name[wanted].rows:
            raise BadInput("file.empty_sheets", name=name)
        found.append(open_sheet(by_name[wanted], name, options))
    if len({one.columns for one in found}) > 1:
        raise BadInput("file.sheets_differ", name=name, sheets=list(options.sheet or ()))
    return found
