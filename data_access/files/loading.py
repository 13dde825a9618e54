"""One import: from a raw file to a finished database, with an account of how the table was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from data_access.convert import Sheet, convert
from data_access.convert.limits import allowed
from data_access.files.account import Account, LeftOut, Why
from data_access.files.columns import read_columns
from data_access.files.find_table import find_header
from data_access.files.names import clean_headers, quoted, time_rank
from data_access.files.options import SHOWN_ROWS, LoadedColumn, Notes, ReadOptions
from data_access.files.read_text import first_records, open_text
from data_access.files.reading import Reading
from data_access.files.repeated_rows import Rows, without_repeated
from data_access.files.sheets import Found, choose_sheets
from data_access.files.sniff import NAMED, Kind
from data_access.files.stage import Staged, stage, stage_parquet
from data_access.files.totals import without_totals
from data_access.files.unpack import unpacked
from data_access.files.unused import unused_options
from data_access.statement import BadInput, Statement

SHOWN_CELLS = 20
AT_ONCE = 100  # columns of one statement
MOST_LISTS = 500  # of columns: in a wider table each list of words takes longer to make than it saves
CONVERTED = {Kind.WORKBOOK: "workbook", Kind.JSON: "json", Kind.SPSS: "spss"}
SMALL_BYTES, SMALL_BLOCK, LARGE_BLOCK = 16 << 20, "16384", "262144"  # each column takes a block, however few its rows
Config = dict[str, str | bool | int | float | list[str]]
PART_OF_FORMAT = (0, 0)  # the header's rows where names are no row of the file


@dataclass(frozen=True)
class Source:
    """What is read and how."""

    path: Path
    kind: Kind
    table: str
    options: ReadOptions
    digest: str


def run_loading(source: Source, folder: Path, progress: Callable[[float], None]) -> dict[str, object]:
    """Build new.duckdb in `folder`; returns all that LoadedFile needs beside the database. Raises BadInput."""
    name = source.path.name
    try:
        return Loading(source, folder, progress).run()
    except (MemoryError, RecursionError, duckdb.OutOfMemoryException) as error:
        raise BadInput("file.too_much", name=name) from error
    except UnicodeError as error:
        raise BadInput("file.wrong_encoding", name=name, encoding=source.options.encoding or "") from error
    except (OSError, duckdb.Error) as error:
        raise BadInput("file.not_loaded", name=name, detail=str(error).splitlines()[0][:200]) from error


class Loading:
    """One import, from the raw file to new.duckdb in `folder`."""

    def __init__(self, source: Source, folder: Path, progress: Callable[[float], None]) -> None:
        self._path, self._kind, self._table, self._name = source.path, source.kind, source.table, source.path.name
        self._options, self._folder, self._progress = source.options, folder, progress
        self._size = source.path.stat().st_size
        self._limits = allowed(self._size)
        self._report, self._doubts = Notes(), Notes()
        self._staged, self._account = Staged([], []), Account(source.kind.value, None, 1)

    def run(self) -> dict[str, object]:
        """Build new.duckdb; returns all that LoadedFile needs beside the database."""
        if self._kind is Kind.PACKED:
            self._path, self._kind = unpacked(self._path, self._folder)
        for option in unused_options(self._options, self._kind):
            self._doubts.tell("file.unused", option=option, kind=self._kind.value)
        expected = NAMED.get(self._path.suffix.lower())
        if expected not in (None, self._kind):
            self._doubts.tell("file.other_kind", name=self._name, kind=self._kind.value)
        config: Config = {"default_block_size": SMALL_BLOCK if self._size < SMALL_BYTES else LARGE_BLOCK}
        with duckdb.connect(str(self._folder / "new.duckdb"), config=config) as db:
            self._close_off(db)
            self._stage(db)
            self._progress(0.5)
            self._drop_blank_rows(db)
            self._drop_totals(db)
            names, labels = self._named(db)
            readings = read_columns(
                db, "staged", list(zip(names, labels, strict=True)), options=self._options, doubts=self._doubts
            )
            labels += ("",) * (len(readings) - len(names))
            self._progress(0.75)
            self._tell_cells(db, readings)
            self._drop_repeated(db, readings, labels)
            return self._finish(db, readings, labels)

    def _close_off(self, db: duckdb.DuckDBPyConnection) -> None:
        """Whatever the file makes DuckDB do, it reads this file and what was made of it, and nothing else."""
        path, folder = (str(place).replace("'", "''") for place in (self._path, self._folder))
        db.execute(f"SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET allowed_paths = ['{path}']")
        db.execute(f"SET memory_limit = '{self._limits.database_memory}B'")
        db.execute(f"SET max_temp_directory_size = '{self._limits.disk}B'")
        if self._size < SMALL_BYTES:  # in search of what is computed twice, each column is compared with all others
            db.execute("SET disabled_optimizers = 'common_subexpressions'")
        db.execute(f"SET allowed_directories = ['{folder}']; SET enable_external_access = false")
        db.execute("SET lock_configuration = true")

    def _stage(self, db: duckdb.DuckDBPyConnection) -> None:
        """Table `staged` with columns c0, c1 ... Temporary: it is never compressed to disk."""
        account = Account(self._kind.value, PART_OF_FORMAT, 1)
        left: list[LeftOut] = []
        if self._kind is Kind.PARQUET:
            self._staged = stage_parquet(db, self._path, self._name)
        else:
            tables, left = self._tables()
            self._progress(0.3)
            self._staged = stage(db, tables, self._folder, self._options.skip_last, self._report)
            account = self._found(account, tables)
        self._account = replace(account, left_out=(*left, *self._staged.left_out))

    def _tables(self) -> tuple[list[Found], list[LeftOut]]:
        if self._kind not in CONVERTED:
            text = replace(open_text(self._path, self._options, self._doubts), name=self._name)
            top = first_records(text)
            return [Found(text, top, find_header(top, self._options.header))], []
        sheets = convert(CONVERTED[self._kind], self._path, self._folder / "converted", self._name)
        tables, left = choose_sheets(sheets, self._name, self._options)
        for found in tables:
            if found.sheet:
                self._tell_notes(found.sheet, found)
        return tables, left

    def _tell_notes(self, sheet: Sheet, found: Found) -> None:
        """What could not be read of a sheet, where it stands within the table."""
        named = dict(enumerate(found.header.names))
        for note in sheet.notes:
            row, column = int(str(note.values["row"])), int(str(note.values["column"]))
            if row > found.header.first and named.get(column):
                self._report.tell(note.key, **{**note.values, "column": named[column]})

    def _found(self, account: Account, tables: Sequence[Found]) -> Account:
        """The account of a table that had to be looked for."""
        first = tables[0]
        if first.sheet and first.sheet.exact:
            return account
        rows = first.header.rows
        account = replace(account, header=rows and (rows[0] + 1, rows[1] + 1), first_row=first.header.first + 1)
        if first.sheet:
            sheets = tuple(found.sheet.name for found in tables if found.sheet)
            return replace(account, sheets=sheets, hidden_rows=sum(f.sheet.hidden_rows for f in tables if f.sheet))
        return replace(account, encoding=first.text.encoding_name, delimiter=first.text.delimiter)

    def _drop_blank_rows(self, db: duckdb.DuckDBPyConnection) -> None:
        blank = " AND ".join(f"c{i} IS NULL" for i in range(len(self._staged.names)))
        deleted = db.execute(f"DELETE FROM staged WHERE {blank}").fetchone()
        if deleted and deleted[0]:
            self._report.tell("file.blank_rows", n=deleted[0])
            self._leave_out(LeftOut(Why.BLANK_ROWS, int(deleted[0])))
        left = db.execute("SELECT count(*) FROM staged").fetchone()
        if not left or not left[0]:
            raise BadInput("file.header_only", name=self._name)

    def _drop_totals(self, db: duckdb.DuckDBPyConnection) -> None:
        """Sums between the rows of a report; a file that says what its columns are, as a table does, has none."""
        if self._account.header != PART_OF_FORMAT:
            for one in without_totals(db, self._staged, self._options.skip_last):
                self._leave_out(one)

    def _drop_repeated(
        self, db: duckdb.DuckDBPyConnection, readings: Sequence[Reading], labels: Sequence[str]
    ) -> None:
        rows = Rows(tuple(readings), tuple(labels), several_sheets=len(self._account.sheets) > 1)
        for one in without_repeated(db, rows, self._options.repeated, self._doubts):
            self._leave_out(one)

    def _named(self, db: duckdb.DuckDBPyConnection) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names and labels of the columns that stay: one without a name and without a value goes."""
        written = self._staged.names
        counts = ", ".join(f"count(c{i})" for i in range(len(written)))
        said = db.execute(f"SELECT {counts} FROM staged").fetchone() or ()
        kept = [i for i, name in enumerate(written) if name.strip() or said[i]]
        names, renamed = clean_headers(written)
        for number, before, name in renamed if self._account.header else ():
            if number - 1 in kept:
                key = "file.blank_header" if not before.strip() else "file.twice"
                self._doubts.tell(key, number=number, written=" ".join(before.split()), name=name)
        for i in sorted(set(range(len(written))) - set(kept)):
            self._leave_out(LeftOut(Why.BLANK_COLUMN, 1, i + 1))
        _keep_columns(db, kept, len(written))
        empty = tuple(names[i] for i in kept if not said[i])
        self._account = replace(self._account, empty=empty)
        return tuple(names[i] for i in kept), tuple(self._staged.labels[i] for i in kept)

    def _leave_out(self, one: LeftOut) -> None:
        self._account = replace(self._account, left_out=(*self._account.left_out, one))

    def _tell_cells(self, db: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> None:
        """Report the cells that could not be read and the words taken for blanks."""
        for r in readings:
            if r.blank_words:
                self._report.tell("file.blank_words", column=r.name, n=r.blank_words)
            if not r.failed:
                continue
            key = "file.not_a_date" if r.is_time else "file.not_a_number"
            query = (
                f"SELECT rowid, {r.source} FROM staged WHERE {r.source} IS NOT NULL "
                f"AND NOT {r.is_blank_word} AND {r.expression} IS NULL ORDER BY rowid LIMIT {SHOWN_CELLS}"
            )
            cells = db.execute(query).fetchall()
            for rowid, value in cells:
                self._report.tell(key, row=self._staged.row_of(rowid), column=r.name, value=str(value)[:60])
            self._report.count(key, r.failed - len(cells))

    def _finish(
        self, db: duckdb.DuckDBPyConnection, readings: Sequence[Reading], labels: Sequence[str]
    ) -> dict[str, object]:
        """The final table, ordered by time so that a period reads only its part; words are stored once each."""
        if len(readings) > MOST_LISTS:
            readings = [replace(r, kind="text") if r.kind == "words" else r for r in readings]
        for r in readings:
            if r.kind == "words":
                db.execute(
                    f"CREATE TYPE words_{r.source} AS ENUM (SELECT DISTINCT {r.expression} AS word FROM staged "
                    f"WHERE {r.expression} IS NOT NULL ORDER BY word)"
                )
        columns = ", ".join(f"{_final(r)} AS {quoted(r.name)}" for r in readings)
        time = time_column(readings)
        order = f"ORDER BY {time.expression}, rowid" if time else ""  # else as they lie
        db.execute(f"CREATE TABLE {quoted(self._table)} AS SELECT {columns} FROM staged {order}")
        top = _first_rows(db, readings)
        db.execute("DROP TABLE staged")
        return {
            **_described(db, self._table, readings, labels),
            "top": top,
            "account": asdict(self._account),
            "report": _plain(self._report.statements()),
            "doubts": _plain([*self._account.statements(), *self._doubts.statements()]),
        }


def _keep_columns(db: duckdb.DuckDBPyConnection, kept: Sequence[int], width: int) -> None:
    """Only some columns of `staged`, again named c0, c1 ..."""
    for i in set(range(width)) - set(kept):
        db.execute(f"ALTER TABLE staged DROP COLUMN c{i}")
    for place, i in enumerate(kept):
        if place != i:
            db.execute(f"ALTER TABLE staged RENAME COLUMN c{i} TO c{place}")


def _described(
    db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading], labels: Sequence[str]
) -> dict[str, object]:
    """Number of rows, and each column with its type, blanks, distinct values and label."""
    counts = ", ".join(f"count({quoted(r.name)})" for r in readings)
    row = db.execute(f"SELECT count(*), {counts} FROM {quoted(table)}").fetchone()
    types = [str(found[1]).partition("(")[0] for found in db.execute(f"DESCRIBE {quoted(table)}").fetchall()]
    assert row is not None
    columns = [
        LoadedColumn(r.name, kind, row[0] - said, r.distinct, label, r.unit, r.scale)
        for r, kind, said, label in zip(readings, types, row[1:], labels, strict=True)
    ]
    return {"rows": row[0], "columns": [asdict(column) for column in columns]}


def _first_rows(db: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> list[tuple[str | None, ...]]:
    """The first rows in the order of the file, as they were read; some columns at a time, which is planned sooner."""
    first = db.execute(f"SELECT rowid FROM staged ORDER BY rowid LIMIT {SHOWN_ROWS}").fetchall()
    places = ", ".join(str(row[0]) for row in first)
    rows: dict[int, list[str | None]] = {row[0]: [] for row in first}
    for start in range(0, len(readings), AT_ONCE):
        columns = ", ".join(f"CAST({r.expression} AS VARCHAR)" for r in readings[start : start + AT_ONCE])
        for rowid, *cells in db.execute(f"SELECT rowid, {columns} FROM staged WHERE rowid IN ({places})").fetchall():
            rows[rowid] += cells
    return [tuple(cells) for cells in rows.values()]


def time_column(readings: Sequence[Reading]) -> Reading | None:
    """The column that most probably holds the moment of the contact: the surest name, then the fewest blanks."""
    times = [r for r in readings if r.is_time and r.present]
    return min(times, key=lambda r: (time_rank(r.name), -r.present), default=None)


def _final(reading: Reading) -> str:
    cast = f"::words_{reading.source}" if reading.kind == "words" else ""
    return f"({reading.expression}){cast}"


def _plain(statements: Sequence[Statement]) -> list[dict[str, object]]:
    return [{"key": s.key, "values": dict(s.values)} for s in statements]
