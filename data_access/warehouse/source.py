"""Opens a source read-only: a database by its SQLAlchemy URL, or a DuckDB or SQLite file by its path."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from data_access.semantics import SemanticModel
from data_access.statement import BadInput, Problem, Unreachable
from data_access.warehouse.connection import Connection, Limits
from data_access.warehouse.warehouse import Warehouse

DUCKDB_SUFFIXES = (".duckdb", ".ddb", ".db")
SQLITE_SUFFIXES = (".sqlite", ".sqlite3")
FILES = ("duckdb", "sqlite")


def open_warehouse(
    source: str | Path, model: SemanticModel, *, limits: Limits | None = None, content_hash: str | None = None
) -> Warehouse:
    """A warehouse behind a model. Raises Unreachable when it does not answer, BadInput on a model that misfits."""
    limits = limits or Limits()
    connection = Connection(make_engine(source, limits), limits)
    try:
        return Warehouse(connection, model, content_hash=content_hash)
    except Problem:
        connection.close()
        raise


def make_engine(source: str | Path, limits: Limits) -> sa.Engine:
    """An engine that can only read. Raises BadInput for an address nobody can open."""
    url = _url(source)
    try:
        return sa.create_engine(url, pool_pre_ping=url.get_backend_name() == "postgresql", **_options(url, limits))
    except (sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadInput("warehouse.no_driver", source=url.render_as_string(hide_password=True)) from error


def _url(source: str | Path) -> sa.URL:
    text = str(source)
    if "://" in text:
        try:
            return _present(_with_driver(sa.make_url(text)))
        except (sa.exc.ArgumentError, ValueError) as error:  # a port that is no number is a ValueError
            raise BadInput("warehouse.bad_url", source=text.split("@")[-1]) from error
    path = Path(text)
    kind = "sqlite" if path.suffix.lower() in SQLITE_SUFFIXES else "duckdb"
    return _present(sa.URL.create(kind, database=str(path.resolve())))


def _present(url: sa.URL) -> sa.URL:
    """A file must be there already: opening it would make an empty one."""
    if url.get_backend_name() in FILES and not Path(url.database or "").is_file():
        raise Unreachable("warehouse.no_file", path=url.database or "")
    return url


def _with_driver(url: sa.URL) -> sa.URL:
    """PostgreSQL is spoken to by psycopg 3, whatever short name the URL uses."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def _options(url: sa.URL, limits: Limits) -> dict[str, Any]:
    """What keeps an engine from writing and from running for ever, each in its own words."""
    if url.get_backend_name() == "duckdb":
        return {"connect_args": {"read_only": True}}
    if url.get_backend_name() == "postgresql":
        timeout = int(limits.seconds * 1000)
        settings = f"-c default_transaction_read_only=on -c statement_timeout={timeout}"
        return {"connect_args": {"options": settings, "connect_timeout": 10}}
    if url.get_backend_name() == "sqlite":
        file = f"file:{quote(str(url.database))}?mode=ro"
        return {"creator": lambda: sqlite3.connect(file, uri=True, check_same_thread=False)}
    return {}
