"""How is a file converted apart? A process of its own writes CSV files and facts.json into a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import data_access
from data_access.convert.limits import WAIT_S
from data_access.statement import BadInput, Statement

ROOT = Path(data_access.__file__).resolve().parents[1]


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


@dataclass(frozen=True)
class Converted:
    """What a file held."""

    sheets: tuple[Sheet, ...]
    doubts: tuple[Statement, ...] = ()


def convert(kind: str, path: Path, folder: Path, name: str) -> Converted:
    """The tables of a workbook, JSON or SPSS file as CSV in `folder`. Raises BadInput naming the file `name`."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "data_access.convert", kind, str(path.absolute()), str(folder.absolute())]
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        ended = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WAIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput("file.too_much", name=name) from error
    return _facts(folder, name, killed=ended.returncode < 0)


def _facts(folder: Path, name: str, *, killed: bool) -> Converted:
    place = folder / "facts.json"
    if not place.exists():
        raise BadInput("file.too_much" if killed else "file.damaged", name=name)
    facts = json.loads(place.read_text(encoding="utf-8"))
    if "refused" in facts:
        raise BadInput(facts["refused"], **{"name": name, **facts["values"]})
    sheets = tuple(_sheet(folder, found) for found in facts["sheets"])
    return Converted(sheets, tuple(Statement(key, values) for key, values in facts.get("doubts", [])))


def _sheet(folder: Path, found: dict[str, Any]) -> Sheet:
    notes = tuple(Statement(key, values) for key, values in found.get("notes", ()))
    wide = tuple(tuple(span) for span in found.get("wide", ()))
    labels = tuple(found.get("labels", ()))
    return Sheet(**{**found, "file": folder / found["file"], "wide": wide, "labels": labels, "notes": notes})
