"""How do the rows of a file get into the database? Into table `staged`, columns c0, c1 ..., as text, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import duckdb

from data_access.convert.limits import MOST_COLUMNS
from data_access.files.account import LeftOut, Why
from data_access.files.cells import filled
from data_access.files.find_table import MOST_FOOTERS, find_footers
from data_access.files.forms import sql_text
from data_access.files.options import Notes
from data_access.files.read_text import UTF8, PlainText, recoded, rewritten
from data_access.files.sheets import Found
from data_access.statement import BadInput

SHEET_COLUMN = "sheet"


@dataclass
class Staged:
    """What is in table `staged`: names and labels of its columns as written, what was left out, and where rows began.

    starts: for each part its first rowid and the row of the file that it is.
    """

    names: list[str]
    labels: list[str]
    left_out: list[LeftOut] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=lambda: [(0, 1)])

    def row_of(self, rowid: int) -> int:
        """The row of the file, or of its sheet, that a staged row was."""
        start, first = max(part for part in self.starts if part[0] <= rowid)
        return rowid - start + first


def stage(
    db: duckdb.DuckDBPyConnection, tables: Sequence[Found], folder: Path, skip_last: int | None, report: Notes
) -> Staged:
    """The tables of a file one below the other, without what stands above, below and between their rows."""
    parts = [_one(db, number, found, folder, skip_last, report) for number, found in enumerate(tables)]
    if len(parts) == 1:
        db.execute("ALTER TABLE part_0 RENAME TO staged")
        staged = parts[0]
    else:
        staged = _stacked(db, tables, parts)
    _without_repeated(db, staged)
    return staged


def stage_parquet(db: duckdb.DuckDBPyConnection, path: Path, name: str) -> Staged:
    """A Parquet file, whose columns have types of their own."""
    try:
        source = db.read_parquet(str(path))
        header = list(source.columns)
        if len(header) > MOST_COLUMNS:
            raise BadInput("file.too_wide", name=name, n=len(header), most=MOST_COLUMNS)
        texts = [str(kind) == "VARCHAR" for kind in source.types]
        names = ", ".join(f"c{i}" for i in range(len(header)))
        rows = f"read_parquet({sql_text(str(path))}) AS t({names})"
        db.execute(f"CREATE TEMP TABLE staged AS SELECT {_trimmed(texts)} FROM {rows}")
    except duckdb.Error as error:
        raise BadInput("file.damaged", name=name) from error
    return Staged(header, [""] * len(header))


def _one(
    db: duckdb.DuckDBPyConnection, number: int, found: Found, folder: Path, skip_last: int | None, report: Notes
) -> Staged:
    """One table as part_0, part_1 ...; rows that are none are deleted, so that rowids still count from its top."""
    table, header, text = f"part_{number}", found.header, found.text
    body = [record for record in found.top[header.first :] if filled(record)]
    if not body:
        raise BadInput("file.header_only", name=text.name)
    exact = found.sheet is not None and found.sheet.exact
    asked = 0 if exact and skip_last is None else skip_last
    if text.encoding not in UTF8:
        text = recoded(text, folder / f"recoded_{number}.csv", report)
    width = _as_it_is(db, table, text, header.first, body)
    if width:
        last = _last(db, table, width)
        left = find_footers([cells for _, cells in last], body, asked)
        n = sum(one.n for one in left)
        if n:
            db.execute(f"DELETE FROM {table} WHERE rowid >= {last[-n][0]}")
    else:
        width = len(header.names)
        text, left = rewritten(
            text,
            folder / f"mended_{number}.csv",
            first=header.first,
            width=width,
            footers=lambda records: find_footers(records, body, asked),
            report=report,
        )
        _read(db, table, text, width, 0)
    names, labels = ([*list(given)[:width], *[""] * (width - len(given))] for given in (header.names, header.labels))
    return Staged(names, labels, [*header.left_out, *left], [(0, 1 if exact else header.first + 1)])


def _as_it_is(
    db: duckdb.DuckDBPyConnection, table: str, text: PlainText, first: int, body: Sequence[Sequence[str]]
) -> int:
    """Read the file as it stands; its width, or 0 where its rows are uneven or it is no plain CSV."""
    width = len(body[0])
    if any(len(record) != width for record in body) or "\x00" in "".join(body[0]):
        return 0
    try:
        _read(db, table, text, width, first)
    except duckdb.Error:  # uneven rows further down, mixed line ends: they are mended one by one
        return 0
    begins = db.execute(f"SELECT * FROM {table} WHERE NOT ({_all_blank(width)}) ORDER BY rowid LIMIT 1").fetchone()
    same = begins is not None and all((a or "") == b.strip(" ") for a, b in zip(begins, body[0], strict=True))
    return width if same else 0


def _read(db: duckdb.DuckDBPyConnection, table: str, text: PlainText, width: int, skip: int) -> None:
    columns, path = {f"c{i}": "VARCHAR" for i in range(width)}, sql_text(str(text.path))
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {_trimmed([True] * width)} FROM read_csv({path}, "
        f"auto_detect = false, header = false, skip = {skip}, "
        f"delim = {sql_text(text.delimiter)}, columns = {columns}, max_line_size = 16777216, "
        """quote = '"', escape = '"')"""
    )


def _last(db: duckdb.DuckDBPyConnection, table: str, width: int) -> list[tuple[int, list[str]]]:
    """The last rows that say something, with their rowids."""
    asked = (
        f"SELECT rowid FROM {table} WHERE rowid > (SELECT max(rowid) FROM {table}) - 1000 "
        f"AND NOT ({_all_blank(width)}) ORDER BY rowid DESC LIMIT {2 * MOST_FOOTERS}"
    )
    places = ", ".join(str(row[0]) for row in db.execute(asked).fetchall())
    found = db.execute(f"SELECT rowid, * FROM {table} WHERE rowid IN ({places})").fetchall() if places else []
    return [(int(row[0]), [cell or "" for cell in row[1:]]) for row in sorted(found, key=itemgetter(0))]


def _stacked(db: duckdb.DuckDBPyConnection, tables: Sequence[Found], parts: Sequence[Staged]) -> Staged:
    """Parts with the same names one below the other; a last column says from which sheet a row comes."""
    names = [name for name in parts[0].names if name]
    labels = [label for name, label in zip(parts[0].names, parts[0].labels, strict=True) if name]
    whole = Staged([*names, SHEET_COLUMN], [*labels, ""], starts=[])
    columns = ", ".join(f"c{i} VARCHAR" for i in range(len(names) + 1))
    db.execute(f"CREATE TEMP TABLE staged ({columns})")
    start = 0
    for number, (found, part) in enumerate(zip(tables, parts, strict=True)):
        places = {name.casefold(): i for i, name in reversed(list(enumerate(part.names)))}
        chosen = ", ".join(f"c{places[name.casefold()]}" for name in names)
        title = sql_text(found.sheet.name if found.sheet else "")
        db.execute(f"INSERT INTO staged SELECT {chosen}, {title} FROM part_{number} ORDER BY rowid")
        whole.starts.append((start, part.starts[0][1]))
        whole.left_out += part.left_out
        start = _count(db, "staged")
        db.execute(f"DROP TABLE part_{number}")
    return whole


def _without_repeated(db: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Some reports print the header again on every page."""
    named = [(i, name) for i, name in enumerate(staged.names[:20]) if name]
    if len(named) < 2:
        return
    alike = " AND ".join(f"c{i} = {sql_text(name)}" for i, name in named)
    deleted = db.execute(f"DELETE FROM staged WHERE {alike}").fetchone()
    if deleted and deleted[0]:
        staged.left_out.append(LeftOut(Why.REPEATED, int(deleted[0])))


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _all_blank(width: int) -> str:
    return " AND ".join(f"c{i} IS NULL" for i in range(width))


def _trimmed(texts: Sequence[bool]) -> str:
    """SQL of all columns, those of text without outer spaces and NULL where nothing is left."""
    parts = (f"nullif(trim(c{i}), '') AS c{i}" if text else f"c{i}" for i, text in enumerate(texts))
    return ", ".join(parts)
