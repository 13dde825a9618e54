"""How does a delimited text file become a plain UTF-8 file with equal rows that the database can read fast?

A sound UTF-8 file is left as it is. Anything else is written anew, record by record, and what had to be mended is
reported with its row; row 1 is the header, as in a spreadsheet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data_access.files.options import Notes, ReadOptions
from data_access.files.sniff import delimiter_of, encoding_of, lines_of
from data_access.statement import BadInput

LONGEST_FIELD = 1 << 20
NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gb18030": "GBK / GB18030", "cp1252": "Windows-1252"}


@dataclass(frozen=True)
class PlainText:
    """A text file ready to be read: header as written, delimiter, encoding, the row its header stands in."""

    path: Path
    header: tuple[str, ...]
    delimiter: str
    encoding: str
    header_row: int = 1


def open_text(path: Path, options: ReadOptions, doubts: Notes) -> PlainText:
    """Encoding, delimiter and header of a text file; guesses go to `doubts`. Raises BadInput."""
    encoding, guessed = (options.encoding, False) if options.encoding else encoding_of(path)
    _check_encoding(path, encoding)
    if guessed:
        key = "file.mixed_encoding" if encoding == "mixed" else "file.encoding_guessed"
        doubts.tell(key, encoding=NAMES.get(encoding, encoding.upper()))
    delimiter = options.delimiter or delimiter_of(path, encoding)
    if delimiter != "," and not options.delimiter:
        doubts.tell("file.delimiter_guessed", delimiter={"\t": "TAB"}.get(delimiter, delimiter))
    header = next(_records(path, encoding, delimiter, Notes()), None)
    if not header or not any(cell.strip() for cell in header):
        raise BadInput("file.no_header", name=path.name)
    return PlainText(path, tuple(header), delimiter, encoding)


def rewrite(text: PlainText, target: Path, report: Notes) -> PlainText:
    """The same table as UTF-8 with every row as wide as the header. What was cut or filled goes to `report`."""
    width = len(text.header)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row, record in enumerate(_records(text.path, text.encoding, text.delimiter, report), start=1):
            writer.writerow(_fitted(record, width, row, report))
    return PlainText(target, text.header, ",", "utf-8")


def _fitted(record: list[str], width: int, row: int, report: Notes) -> list[str]:
    cells = [cell.replace("\x00", "") for cell in record]
    if 0 < len(cells) < width:
        report.tell("file.short_row", row=row, found=len(cells), expected=width)
    if any(cell.strip() for cell in cells[width:]):
        lost = ", ".join(cells[width:])[:80]
        report.tell("file.long_row", row=row, found=len(cells), expected=width, value=lost)
    return (cells + [""] * width)[:width]


def _records(path: Path, encoding: str, delimiter: str, report: Notes) -> Iterator[list[str]]:
    """The records of a file, the header first. Raises BadInput where a quote is never closed."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_decoded(path, encoding, report), delimiter=delimiter)
    row = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput("file.open_quote", name=path.name, row=row + 1) from error
        row += 1
        yield record


def _decoded(path: Path, encoding: str, report: Notes) -> Iterator[str]:
    for line, (text, found) in enumerate(lines_of(path, encoding), start=1):
        if found == "unknown":
            report.tell("file.unknown_signs", line=line, text=text.strip()[:60])
        elif encoding == "mixed" and found == "gb18030":
            report.tell("file.other_encoding", line=line, text=text.strip()[:60])
        yield text


def _check_encoding(path: Path, encoding: str) -> None:
    try:
        "".encode("utf-8" if encoding == "mixed" else encoding)
    except LookupError as error:
        raise BadInput("file.unknown_encoding", name=path.name, encoding=encoding) from error
