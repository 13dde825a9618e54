"""How does a file of data become a table that every analysis works on?

CSV, Excel and Parquet become a DuckDB file in a cache folder, named by what the file holds and how it was read, so
that the same file is read once. The new database is put in place only when it is whole.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from data_access.files.columns import Reading, read_columns
from data_access.files.names import clean_headers, slug, time_rank
from data_access.files.options import LoadedColumn, LoadedFile, Notes, ReadOptions, content_hash
from data_access.files.read_excel import excel_to_text
from data_access.files.read_text import PlainText, open_text, rewrite
from data_access.files.sniff import NAMED, Kind, kind_of
from data_access.semantics import near
from data_access.statement import BadInput, Statement

Progress = Callable[[float], None]
VERSION = 1  # goes up when the same file would be read differently
SHOWN_CELLS = 20


def load_file(
    path: Path,
    *,
    cache: Path,
    table: str | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> LoadedFile:
    """A data file as a DuckDB table. `progress` is called with the share done, 0..1.

    `table` names the table, by default after the file. A DuckDB file is given through as it is; `table` then says
    which of its tables is meant.

    Raises: BadInput naming the file and what is wrong with it.
    """
    options, tell = options or ReadOptions(), progress or (lambda _: None)
    kind = kind_of(path)
    if kind is Kind.DUCKDB:
        return _given_through(path, table)
    name, digest = table or table_name(path), content_hash(path)
    target = cache / f"{name}-{digest}-{options.key()}-{VERSION}.duckdb"
    notes = target.with_suffix(".json")
    tell(0.1)
    if not (target.exists() and notes.exists()):
        _load(_Source(path, kind, name, options, digest), target, notes, tell)
        _forget_older(path, keep=target, digest=digest)
    tell(1.0)
    return _remembered(json.loads(notes.read_text(encoding="utf-8")), target, name, digest)


def table_name(path: Path) -> str:
    """The name of a file's table: a URL-safe form of the file's own name.

    >>> table_name(Path("F1 hotline.csv")), table_name(Path("满意度.xlsx"))
    ('f1_hotline', 'data')
    """
    return slug(path.stem) or "data"


@dataclass(frozen=True)
class _Source:
    """What is read and how."""

    path: Path
    kind: Kind
    table: str
    options: ReadOptions
    digest: str


def _load(source: _Source, target: Path, notes: Path, progress: Progress) -> None:
    """Make the database and its notes; a failure leaves nothing behind."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".loading-") as folder:
            loaded = _Loading(source, Path(folder), progress).run()
            loaded |= {"source": _place(source.path), "digest": source.digest, "version": VERSION}
            notes.write_text(json.dumps(loaded, ensure_ascii=False, default=str), encoding="utf-8")
            (Path(folder) / "new.duckdb").replace(target)
    except (OSError, duckdb.Error) as error:
        detail = str(error).splitlines()[0][:200]
        raise BadInput("file.not_loaded", name=source.path.name, detail=detail) from error


def _forget_older(path: Path, *, keep: Path, digest: str) -> None:
    """Remove what was read of this very file when it held something else, or was read by an older version."""
    for notes in keep.parent.glob("*.json"):
        try:
            known = json.loads(notes.read_text(encoding="utf-8"))
            if known.get("source") == _place(path) and (known["digest"], known["version"]) != (digest, VERSION):
                notes.with_suffix(".duckdb").unlink(missing_ok=True)
                notes.unlink()
        except (OSError, ValueError):  # still open elsewhere, or none of ours: it stays
            continue


def _place(path: Path) -> str:
    return str(path.absolute())


class _Loading:
    """One import, from the raw file to a finished database in `folder`."""

    def __init__(self, source: _Source, folder: Path, progress: Progress) -> None:
        self._path, self._kind, self._table = source.path, source.kind, source.table
        self._options, self._folder, self._progress = source.options, folder, progress
        self._report, self._doubts = Notes(), Notes()
        self._header_row = 1

    def run(self) -> dict[str, object]:
        """Build new.duckdb; returns all that LoadedFile needs beside the database."""
        expected = NAMED.get(self._path.suffix.lower())
        if expected not in (None, self._kind):
            self._doubts.tell("file.other_kind", name=self._path.name, kind=self._kind.value)
        with duckdb.connect(str(self._folder / "new.duckdb")) as db:
            db.execute("SET TimeZone = 'UTC'")
            header = self._stage(db)
            self._progress(0.5)
            names = self._named(header)
            self._drop_blank_rows(db, len(names))
            readings = read_columns(db, "staged", names, self._options, self._doubts)
            self._progress(0.75)
            self._tell_cells(db, readings)
            return self._finish(db, readings)

    def _stage(self, db: duckdb.DuckDBPyConnection) -> Sequence[str]:
        """Table `staged` with columns c0, c1 ...; returns the header. Temporary: it is never compressed to disk."""
        if self._kind is Kind.PARQUET:
            return self._stage_parquet(db)
        if self._kind is Kind.EXCEL:
            sheet = self._folder / "sheet.csv"
            text = excel_to_text(self._path, self._options, sheet, self._report, self._doubts)
        else:
            text = open_text(self._path, self._options, self._doubts)
        self._header_row = text.header_row
        if text.encoding not in ("utf-8", "utf-8-sig"):
            text = rewrite(text, self._folder / "plain.csv", self._report)
        try:
            _read_csv(db, text)
        except duckdb.Error:  # uneven rows, mixed line ends: mend them one by one
            _read_csv(db, rewrite(text, self._folder / "mended.csv", self._report))
        return text.header

    def _stage_parquet(self, db: duckdb.DuckDBPyConnection) -> Sequence[str]:
        try:
            source = db.read_parquet(str(self._path))
            header = source.columns
            texts = [str(kind) == "VARCHAR" for kind in source.types]
            names = ", ".join(f"c{i}" for i in range(len(header)))
            query = f"CREATE TEMP TABLE staged AS SELECT {_trimmed(texts)} FROM read_parquet($1) AS t({names})"
            db.execute(query, [str(self._path)])
        except duckdb.Error as error:
            raise BadInput("file.damaged", name=self._path.name) from error
        self._header_row = 0
        return header

    def _named(self, header: Sequence[str]) -> tuple[str, ...]:
        names, renamed = clean_headers(header)
        for number, written, name in renamed:
            key = "file.blank_header" if not written.strip() else "file.twice"
            self._doubts.tell(key, number=number, written=" ".join(written.split()), name=name)
        return names

    def _drop_blank_rows(self, db: duckdb.DuckDBPyConnection, width: int) -> None:
        blank = " AND ".join(f"c{i} IS NULL" for i in range(width))
        deleted = db.execute(f"DELETE FROM staged WHERE {blank}").fetchone()
        if deleted and deleted[0]:
            self._report.tell("file.blank_rows", n=deleted[0])
        left = db.execute("SELECT count(*) FROM staged").fetchone()
        if not left or not left[0]:
            raise BadInput("file.header_only", name=self._path.name)

    def _tell_cells(self, db: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> None:
        """Report the cells that could not be read and the words taken for blanks."""
        for r in readings:
            if r.blank_words:
                self._report.tell("file.blank_words", column=r.name, n=r.blank_words)
            if not r.failed:
                continue
            key = "file.not_a_date" if r.is_time else "file.not_a_number"
            query = (
                f"SELECT rowid + 1 + {self._header_row}, {r.source} FROM staged WHERE {r.source} IS NOT NULL "
                f"AND NOT {r.is_blank_word} AND {r.expression} IS NULL ORDER BY rowid LIMIT {SHOWN_CELLS}"
            )
            cells = db.execute(query).fetchall()
            for row, value in cells:
                self._report.tell(key, row=row, column=r.name, value=str(value)[:60])
            self._report.count(key, r.failed - len(cells))

    def _finish(self, db: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> dict[str, object]:
        """The final table, ordered by time so that a period reads only its part; words are stored once each."""
        for r in readings:
            if r.kind == "words":
                db.execute(
                    f"CREATE TYPE words_{r.source} AS ENUM (SELECT DISTINCT {r.expression} AS word FROM staged "
                    f"WHERE {r.expression} IS NOT NULL ORDER BY word)"
                )
        columns = ", ".join(f"{_final(r)} AS {_quoted(r.name)}" for r in readings)
        time = time_column(readings)
        order = f"ORDER BY {time.expression}, rowid" if time else "ORDER BY rowid"
        db.execute(f"CREATE TABLE {_quoted(self._table)} AS SELECT {columns} FROM staged {order}")
        db.execute("DROP TABLE staged")
        return {
            **_described(db, self._table, readings),
            "report": _plain(self._report.statements()),
            "doubts": _plain(self._doubts.statements()),
        }


def _described(db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading]) -> dict[str, object]:
    """Number of rows, and each column with its type, blanks and distinct values."""
    counts = ", ".join(f"count({_quoted(r.name)})" for r in readings)
    row = db.execute(f"SELECT count(*), {counts} FROM {_quoted(table)}").fetchone()
    types = [str(found[1]).partition("(")[0] for found in db.execute(f"DESCRIBE {_quoted(table)}").fetchall()]
    assert row is not None
    columns = [
        LoadedColumn(r.name, kind, row[0] - filled, r.distinct)
        for r, kind, filled in zip(readings, types, row[1:], strict=True)
    ]
    return {"rows": row[0], "columns": [asdict(column) for column in columns]}


def time_column(readings: Sequence[Reading]) -> Reading | None:
    """The column that most probably holds the moment of the contact: the surest name, then the fewest blanks."""
    times = [r for r in readings if r.is_time and r.present]
    return min(times, key=lambda r: (time_rank(r.name), -r.present), default=None)


def _read_csv(db: duckdb.DuckDBPyConnection, text: PlainText) -> None:
    columns = {f"c{i}": "VARCHAR" for i in range(len(text.header))}
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE staged AS SELECT {_trimmed([True] * len(columns))} FROM read_csv($1, "
        "auto_detect = false, header = true, "
        f"""delim = $2, quote = '"', escape = '"', columns = {columns}, max_line_size = 16777216)""",
        [str(text.path), text.delimiter],
    )


def _trimmed(texts: Sequence[bool]) -> str:
    """SQL of all columns, those of text without outer spaces and NULL where nothing is left."""
    parts = (f"nullif(trim(c{i}), '') AS c{i}" if text else f"c{i}" for i, text in enumerate(texts))
    return ", ".join(parts)


def _final(reading: Reading) -> str:
    cast = f"::words_{reading.source}" if reading.kind == "words" else ""
    return f"({reading.expression}){cast}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(statements: Sequence[Statement]) -> list[dict[str, object]]:
    return [{"key": s.key, "values": dict(s.values)} for s in statements]


def _remembered(notes: dict[str, list[dict[str, object]]], database: Path, table: str, digest: str) -> LoadedFile:
    told = {k: tuple(Statement(str(s["key"]), s["values"]) for s in notes[k]) for k in ("report", "doubts")}  # type: ignore[arg-type]
    columns = tuple(LoadedColumn(**c) for c in notes["columns"])  # type: ignore[arg-type]
    return LoadedFile(database, table, digest, int(notes["rows"]), columns, **told)  # type: ignore[call-overload]


def _given_through(path: Path, table: str | None) -> LoadedFile:
    """A DuckDB file: nothing is copied."""
    try:
        with duckdb.connect(str(path), read_only=True) as db:
            tables = [str(row[0]) for row in db.execute("SHOW TABLES").fetchall()]
            if not tables:
                raise BadInput("file.no_tables", name=path.name)
            if table is None and len(tables) > 1:
                raise BadInput("file.which_table", name=path.name, tables=tables)
            name = table or tables[0]
            if name not in tables:
                raise BadInput("file.no_table", name=path.name, table=name, near=near(name, tables))
            found = db.execute(f"SUMMARIZE {_quoted(name)}").fetchall()
            rows = db.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()
    except duckdb.Error as error:
        raise BadInput("file.damaged", name=path.name) from error
    count = int(rows[0]) if rows else 0
    columns = tuple(
        LoadedColumn(row[0], row[1].split("(")[0], round(count * float(row[11]) / 100), int(row[4] or 0))
        for row in found
    )
    return LoadedFile(path, name, content_hash(path), count, columns)
