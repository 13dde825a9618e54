"""What may be said about a file before it is read, and what is known after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data_access.files.account import Account
from data_access.statement import BadInput, Statement

REPEATED = ("last", "first", "all")
SHOWN_ROWS = 8  # of what a file holds, before it is confirmed


@dataclass(frozen=True)
class ReadOptions:
    """Answers to what a file leaves open; None means: decide by the evidence and say so.

    `day_first` says whether 3/4/2026 is the 3rd of April. `sheet` names one sheet of a workbook or several, which are
    read one below the other. `header` is the first and last row of the column names, counted from 1; (0, 0) says that
    the file has none. `skip_last` is the number of rows at the end that are no data; 0
    says that every row is, sums included. `repeated` says which rows
    of one id count: last, first or all.
    """

    encoding: str | None = None
    delimiter: str | None = None
    day_first: bool | None = None
    sheet: tuple[str, ...] | None = None
    header: tuple[int, int] | None = None
    skip_last: int | None = None
    repeated: str | None = None

    def key(self) -> str:
        """Part of the cache's file name: other options make another file.

        >>> ReadOptions().key() == ReadOptions(day_first=True).key()
        False
        """
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]


def options_said(options: ReadOptions) -> dict[str, Any]:
    """What was said about the reading, as the table `reading` of a model; tuples become arrays.

    >>> options_said(ReadOptions(header=(3, 4)))
    {'header': [3, 4]}
    """
    said = {name: value for name, value in asdict(options).items() if value is not None}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def options_from(said: Mapping[str, Any]) -> ReadOptions:
    """The options that the table `reading` of a model says. Raises BadInput naming the key.

    >>> options_from({"header": [3, 4], "sheet": "May"}) == ReadOptions(sheet=("May",), header=(3, 4))
    True
    """
    for key, value in said.items():
        if not IS_SOUND[key](value):
            raise BadInput("model.bad_reading", key=f"reading.{key}", value=str(value))
    given = dict(said)
    if "sheet" in given:
        given["sheet"] = (given["sheet"],) if isinstance(given["sheet"], str) else tuple(given["sheet"])
    if "header" in given:
        given["header"] = tuple(given["header"])
    return ReadOptions(**given)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_sheet(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(name, str) for name in value))


def _is_header(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_count, value)) and value[0] <= value[1]


IS_SOUND: Mapping[str, Callable[[Any], bool]] = {
    "encoding": lambda value: isinstance(value, str),
    "delimiter": lambda value: isinstance(value, str),
    "day_first": lambda value: isinstance(value, bool),
    "sheet": _is_sheet,
    "header": _is_header,
    "skip_last": _is_count,
    "repeated": lambda value: value in REPEATED,
}


@dataclass(frozen=True)
class LoadedColumn:
    """A column as it is now in the database. `distinct` does not count blanks and is approximate above 1e6 rows.

    `label` says what the column means where the file says more than its name: a question, mostly. unit and scale: in
    which its values count and between which ends they lie, where the file says so.
    """

    name: str
    type: str
    missing: int
    distinct: int
    label: str = ""
    unit: str = ""
    scale: tuple[float, float] | None = None


@dataclass(frozen=True)
class LoadedFile:
    """A file as a DuckDB table, and all that could not be read as it stood.

    report: cells and rows that could not be read, row by row (capped, with totals).
    doubts: what was decided and could have been decided otherwise.
    account: which part of the file is the table, and what was left out; None for a database, which is all tables.
    top: the first rows in the order of the file, as they were read; None for a blank.
    """

    database: Path
    table: str
    content_hash: str
    rows: int
    columns: tuple[LoadedColumn, ...]
    report: tuple[Statement, ...] = ()
    doubts: tuple[Statement, ...] = ()
    account: Account | None = None
    options: ReadOptions = ReadOptions()
    top: tuple[tuple[str | None, ...], ...] = ()


def content_hash(path: Path) -> str:
    """First 12 hex digits of the SHA-256 of a file: its data version."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


class Notes:
    """Statements gathered while reading: each key is written in full up to a limit, then only counted."""

    def __init__(self, most: int = 50) -> None:
        self._most = most
        self._told: dict[str, list[Statement]] = {}
        self._more: dict[str, int] = {}

    def tell(self, key: str, **values: object) -> None:
        told = self._told.setdefault(key, [])
        if len(told) < self._most:
            told.append(Statement(key, values))
        else:
            self.count(key, 1)

    def count(self, key: str, more: int) -> None:
        """`more` cases of a kind that are not listed one by one."""
        if more > 0:
            self._more[key] = self._more.get(key, 0) + more

    def statements(self) -> tuple[Statement, ...]:
        """All statements, with a line for what was left out."""
        found: list[Statement] = []
        for key, told in self._told.items():
            found += told
            if self._more.get(key):
                found.append(Statement("file.more", {"n": self._more[key], "shown": len(told)}))
        return tuple(found)
