"""Opens a source read-only: a database by its SQLAlchemy URL, or a DuckDB or SQLite file by its path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data_access.semantics import SemanticModel
from data_access.statement import BadInput, Unreachable
from data_access.warehouse.connection import Connection, Limits
from data_access.warehouse.warehouse import Warehouse

DUCKDB_SUFFIXES = (".duckdb", ".ddb", ".db")
SQLITE_SUFFIXES = (".sqlite", ".sqlite3")


def open_warehouse(
    source: str | Path, model: SemanticModel, *, limits: Limits | None = None, content_hash: str | None = None
) -> Warehouse:
    """A warehouse behind a model. Raises Unreachable when it does not answer, BadInput on a model that misfits."""
    limits = limits or Limits()
    return Warehouse(Connection(make_engine(source, limits), limits), model, content_hash=content_hash)


def make_engine(source: str | Path, limits: Limits) -> sa.Engine:
    """An engine that can only read. Raises BadInput for an address nobody can open."""
    url = _url(source)
    try:
        engine = sa.create_engine(url, pool_pre_ping=url.get_backend_name() == "postgresql", **_options(url, limits))
        if url.get_backend_name() == "sqlite":
            sa.event.listen(engine, "connect", _query_only)
        return engine
    except (sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadInput("warehouse.no_driver", source=url.render_as_string(hide_password=True)) from error


def _url(source: str | Path) -> sa.URL:
    text = str(source)
    if "://" in text:
        try:
            return _with_driver(sa.make_url(text))
        except sa.exc.ArgumentError as error:
            raise BadInput("warehouse.bad_url", source=text.split("@")[-1]) from error
    path = Path(text)
    if not path.exists():
        raise Unreachable("warehouse.no_file", path=text)
    kind = "sqlite" if path.suffix.lower() in SQLITE_SUFFIXES else "duckdb"
    return sa.URL.create(kind, database=str(path.resolve()))


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
    return {}


def _query_only(raw: Any, _record: Any) -> None:
    raw.execute("PRAGMA query_only = ON")
