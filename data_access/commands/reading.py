"""How a command is told to read a file: the options that `draft` and `check` share."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

from data_access.files.options import REPEATED, ReadOptions
from data_access.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--table", help="table to read; name for the table of a file")
    parser.add_argument("--encoding", help="encoding of a text file, such as utf-8 or gb18030")
    parser.add_argument("--delimiter", help="sign between the columns of a text file")
    parser.add_argument("--dates", choices=("day-first", "month-first"), help="how to read 3/4/2026")
    parser.add_argument("--sheet", action="append", help="sheet of a workbook; give it again to read several")
    parser.add_argument("--header", type=_rows, metavar="ROWS", help="rows of the names, as 3 or 3-4, or none")
    parser.add_argument("--skip-last", type=_count, metavar="N", help="rows at the end that are no data")
    parser.add_argument("--repeated", choices=REPEATED, help="which rows of one id count; the last by default")


def options(asked: argparse.Namespace) -> ReadOptions:
    day_first = None if asked.dates is None else asked.dates == "day-first"
    delimiter = "\t" if asked.delimiter in ("\\t", "TAB", "tab") else asked.delimiter
    sheet = tuple(asked.sheet) if asked.sheet else None
    return ReadOptions(asked.encoding, delimiter, day_first, sheet, asked.header, asked.skip_last, asked.repeated)


def cache() -> Path:
    return Settings.from_environment().data_folder / "files"


def progress() -> Callable[[float], None] | None:
    """A percentage on the terminal; nothing where the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None
    return lambda share: print(f"\r{share:4.0%}" if share < 1 else "\r    \r", end="", file=sys.stderr, flush=True)


def _rows(text: str) -> tuple[int, int]:
    """The header's first and last row from `3`, `3-4` or `none`."""
    if text == "none":
        return 0, 0
    found = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", text.strip())
    rows = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= rows[0] <= rows[1] <= rows[0] + 9:
        raise argparse.ArgumentTypeError("give the header's row as 3, its rows as 3-4, or none")
    return rows


def _count(text: str) -> int:
    if whole(text) < 0:
        raise argparse.ArgumentTypeError("give a number of rows")
    return int(text)


def whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text.strip()):
        raise argparse.ArgumentTypeError("give a whole number")
    return int(text)
