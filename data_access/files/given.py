"""A DuckDB file that somebody gave: looked into as it lies, closed off from every other file, within a time limit."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from data_access.files.kept_hash import kept_hash
from data_access.files.names import quoted
from data_access.files.options import SHOWN_ROWS, LoadedColumn, LoadedFile
from data_access.semantics import near
from data_access.statement import BadInput

GIVEN_S = 30.0  # for its views


def check_given(path: Path, table: str | None) -> None:
    """Whether a DuckDB file can be read as it lies, without a look at its rows. Raises BadInput as `load_file`."""
    with _given(path) as db:
        _described(db, path, table)


def given_through(path: Path, table: str | None, cache: Path) -> LoadedFile:
    """A DuckDB file: nothing is copied."""
    with _given(path) as db:
        name, types = _described(db, path, table)
        rows = db.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()
        top = db.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {quoted(name)} LIMIT {SHOWN_ROWS}").fetchall()
    columns = tuple(LoadedColumn(row[0], row[1].split("(")[0], 0, 0) for row in types)
    digest = kept_hash(path, cache)
    return LoadedFile(path, name, digest, int(rows[0]) if rows else 0, columns, top=tuple(top))


def _described(db: duckdb.DuckDBPyConnection, path: Path, table: str | None) -> tuple[str, list[Any]]:
    """The table that is meant, and its columns."""
    tables = [str(row[0]) for row in db.execute("SHOW TABLES").fetchall()]
    name = _chosen(tables, table, path.name)
    return name, db.execute(f"DESCRIBE {quoted(name)}").fetchall()


@contextmanager
def _given(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that somebody gave. Its views may hold anything, so they open no other file and end in time."""
    try:
        with _within_time(path) as db:
            yield db
    except duckdb.InterruptException as error:
        raise BadInput("file.too_slow", name=path.name, seconds=GIVEN_S) from error
    except duckdb.PermissionException as error:
        raise BadInput("file.reaches_out", name=path.name) from error
    except duckdb.Error as error:
        raise BadInput("file.damaged", name=path.name) from error


def _chosen(tables: Sequence[str], table: str | None, file: str) -> str:
    if not tables:
        raise BadInput("file.no_tables", name=file)
    if table is None and len(tables) > 1:
        raise BadInput("file.which_table", name=file, tables=tables)
    name = table or tables[0]
    if name not in tables:
        raise BadInput("file.no_table", name=file, table=name, near=near(name, tables))
    return name


@contextmanager
def _within_time(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    from data_access.warehouse.dialects.duckdb import to_read  # with all of SQLAlchemy: no other kind needs it

    with to_read(path) as db:
        timer = threading.Timer(GIVEN_S, db.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield db
        finally:
            timer.cancel()
