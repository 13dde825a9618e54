"""How does a delimited text file become a plain UTF-8 file with equal rows that the database can read fast?

A sound UTF-8 file is left as it is. Anything else is written anew, record by record, and what had to be mended is
reported with its row; row 1 is the first line, as in a spreadsheet.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from data_access.convert.limits import MOST_COLUMNS
from data_access.files.account import LeftOut
from data_access.files.delimiter import delimiter_of, said_delimiter
from data_access.files.encoding import encoding_of, lines_of
from data_access.files.find_table import MOST_FOOTERS
from data_access.files.options import Notes, ReadOptions
from data_access.statement import BadInput

LONGEST_FIELD = 1 << 20
FIRST_RECORDS = 300
NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gb18030": "GBK / GB18030", "cp1252": "Windows-1252",
         "big5": "Big5", "cp932": "Shift_JIS", "euc_jp": "EUC-JP"}  # fmt: skip
UTF8 = ("utf-8", "utf-8-sig")
Footers = Callable[[Sequence[Sequence[str]]], list[LeftOut]]


@dataclass(frozen=True)
class PlainText:
    """A text file: where it is, how it is written, and the name by which a person knows it."""

    path: Path
    encoding: str
    delimiter: str
    name: str

    @property
    def encoding_name(self) -> str:
        return NAMES.get(self.encoding, self.encoding.upper())


def open_text(path: Path, options: ReadOptions, doubts: Notes) -> PlainText:
    """Encoding and delimiter of a text file; guesses go to `doubts`. Raises BadInput."""
    encoding, guessed = (options.encoding, False) if options.encoding else encoding_of(path)
    _check_encoding(path, encoding)
    text = PlainText(path, encoding, ",", path.name)
    if guessed:
        key = "file.mixed_encoding" if encoding == "mixed" else "file.encoding_guessed"
        doubts.tell(key, encoding=text.encoding_name)
    if options.delimiter and (len(options.delimiter) != 1 or options.delimiter in '\r\n"'):
        raise BadInput("file.bad_delimiter", name=path.name, delimiter=options.delimiter)
    delimiter, guessed = (options.delimiter, False) if options.delimiter else delimiter_of(path, encoding)
    if guessed:
        doubts.tell("file.delimiter_guessed", delimiter={"\t": "TAB"}.get(delimiter, delimiter))
    return replace(text, delimiter=delimiter)


def first_records(text: PlainText) -> list[list[str]]:
    """The first records; a line that only names the delimiter counts as blank. Raises BadInput."""
    found = list(islice(_records(text, Notes()), FIRST_RECORDS))
    if found and said_delimiter(text.delimiter.join(found[0])):
        found[0] = []
    widest = max(map(len, found), default=0)
    if widest > MOST_COLUMNS:
        raise BadInput("file.too_wide", name=text.name, n=widest, most=MOST_COLUMNS)
    return found


def recoded(text: PlainText, target: Path, report: Notes) -> PlainText:
    """The same lines in UTF-8."""
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.writelines(_decoded(text, report))
    return replace(text, path=target, encoding="utf-8")


def rewritten(
    text: PlainText, target: Path, *, first: int, width: int, footers: Footers, report: Notes
) -> tuple[PlainText, list[LeftOut]]:
    """The rows from record `first` on, each `width` cells wide, without the footers at their end.

    What was cut or filled goes to `report`.
    """
    held: deque[tuple[int, list[str]]] = deque()
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row, record in enumerate(islice(_records(text, report), first, None), start=first + 1):
            held.append((row, record))
            if len(held) > 2 * MOST_FOOTERS:
                earlier, cells = held.popleft()
                writer.writerow(_fitted(cells, width, earlier, report))
        found = footers([record for _, record in held])
        for row, record in _without_last(list(held), sum(one.n for one in found)):
            writer.writerow(_fitted(record, width, row, report))
    return replace(text, path=target, encoding="utf-8", delimiter=","), found


def _without_last(rows: list[tuple[int, list[str]]], n: int) -> list[tuple[int, list[str]]]:
    """All but the last n rows that say something, and the blank ones among them."""
    while n and rows:
        n -= any(cell.strip() for cell in rows.pop()[1])
    return rows


def _fitted(record: list[str], width: int, row: int, report: Notes) -> list[str]:
    cells = [cell.replace("\x00", "") for cell in record]
    if 0 < len(cells) < width:
        report.tell("file.short_row", row=row, found=len(cells), expected=width)
    if any(cell.strip() for cell in cells[width:]):
        lost = ", ".join(cells[width:])[:80]
        report.tell("file.long_row", row=row, found=len(cells), expected=width, value=lost)
    return (cells + [""] * width)[:width]


def _records(text: PlainText, report: Notes) -> Iterator[list[str]]:
    """The records of a file. Raises BadInput where a quote is never closed."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_decoded(text, report), delimiter=text.delimiter)
    row = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput("file.open_quote", name=text.name, row=row + 1) from error
        row += 1
        yield record


def _decoded(text: PlainText, report: Notes) -> Iterator[str]:
    for number, (line, found) in enumerate(lines_of(text.path, text.encoding), start=1):
        if found == "unknown":
            report.tell("file.unknown_signs", line=number, text=line[:200].strip()[:60])
        elif text.encoding == "mixed" and found == "gb18030":
            report.tell("file.other_encoding", line=number, text=line[:200].strip()[:60])
        yield line


def _check_encoding(path: Path, encoding: str) -> None:
    try:
        "".encode("utf-8" if encoding == "mixed" else encoding)
    except (LookupError, ValueError) as error:
        raise BadInput("file.unknown_encoding", name=path.name, encoding=encoding[:40]) from error
