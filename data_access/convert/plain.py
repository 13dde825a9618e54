"""How is a value written as a cell of plain text? And where do the rows go?"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from data_access.convert.limits import LONGEST_CELL

Note = tuple[str, dict[str, Any]]  # a key with its values: the row from 1, the column from 0
FIRST_YEAR, DAY_ZERO = 1901, dt.datetime(1899, 12, 31)


def text(value: Any) -> str:
    """A value as a cell: dates in ISO form, a duration in hours, minutes and seconds.

    >>> text(5.0), text(True), text(dt.datetime(2026, 9, 1, 8, 4)), text(dt.timedelta(hours=30))
    ('5', 'true', '2026-09-01 08:04:00', '30:00:00')
    """
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, float):
        if value.is_integer() and -1e15 < value < 1e15:
            return str(int(value))
        return repr(value) if value == value else ""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime) and value.year < FIRST_YEAR:  # a duration of a day and more, shown as a time
        return _duration(value - DAY_ZERO)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return str(value)


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def write(target: Path, rows: Iterable[Sequence[str]]) -> tuple[int, list[Note]]:
    """Write equally wide rows, every cell quoted so that a blank row stays one.

    Returns their number and a note for each cell that was too long to be kept whole.
    """
    n, notes = 0, list[Note]()
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in rows:
            n += 1
            if len(max(row, key=len, default="")) > LONGEST_CELL:
                notes += _cut(n, row)
                row = [cell[:LONGEST_CELL] for cell in row]
            writer.writerow(row)
    return n, notes


def _cut(number: int, row: Sequence[str]) -> Iterator[Note]:
    for column, cell in enumerate(row):
        if len(cell) > LONGEST_CELL:
            said = {"row": number, "column": column, "length": len(cell), "most": LONGEST_CELL}
            yield "file.cell_cut", said
