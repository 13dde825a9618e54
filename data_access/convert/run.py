"""Which reader turns a file into CSV? What it finds becomes facts, what it refuses one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from data_access.convert.limits import Refused
from data_access.statement import BadInput, Statement

READERS = {"workbook": "workbook", "json": "json_file", "spss": "spss"}


@dataclass(frozen=True)
class Sheet:
    """One table of a file as CSV, every cell quoted, every row equally wide.

    exact: the first row is the header and all others are rows, as in JSON. wide: cells merged across columns near the
    top, as (row, first column, last column) from 0. labels: one a column, of the formats that have them.
    notes: what could not be read; a note's `column` is the column's number from 0.
    """

    name: str
    file: Path
    rows: int
    columns: int
    hidden: bool = False
    hidden_rows: int = 0
    exact: bool = False
    wide: tuple[tuple[int, int, int], ...] = ()
    labels: tuple[str, ...] = ()
    notes: tuple[Statement, ...] = ()


def convert(kind: str, path: Path, folder: Path, name: str) -> tuple[Sheet, ...]:
    """The tables of a workbook, JSON or SPSS file as CSV in `folder`. Raises BadInput naming the file `name`.

    The reader of each format is large: only the one that is needed is imported.
    """
    folder.mkdir(parents=True, exist_ok=True)
    read: Callable[[Path, Path], dict[str, Any]] = import_module(f"data_access.convert.{READERS[kind]}").read
    try:
        facts = read(path, folder)
    except Refused as refused:
        raise BadInput(refused.key, **{"name": name, **refused.values}) from refused
    return tuple(_sheet(folder, found) for found in facts["sheets"])


def _sheet(folder: Path, found: dict[str, Any]) -> Sheet:
    notes = tuple(Statement(key, values) for key, values in found.get("notes", ()))
    wide = tuple(tuple(span) for span in found.get("wide", ()))
    labels = tuple(found.get("labels", ()))
    return Sheet(**{**found, "file": folder / found["file"], "wide": wide, "labels": labels, "notes": notes})
