"""How is the workshop's database reached, and brought to the form this program knows?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.settings import safe_url
from data_access.statement import BadInput, Unreachable

MIGRATIONS = Path(__file__).with_name("migrations")
PATIENCE_S = 10  # for a lock held by another writer, and for a server that does not answer
MIGRATION_LOCK = 0x5A7_2ACE  # any number, the same in every process
_OURS = (IntegrityError, ProgrammingError, DataError)  # mistakes of this program, never of the network
_one_migration = threading.Lock()  # Alembic keeps its context in a global


def connect(url: str) -> Engine:
    """An engine for SQLite (a file, WAL) or PostgreSQL (psycopg), migrated to the newest form.

    Raises: BadInput for another kind of URL or a store written by a newer program; Unreachable.
    """
    target = _checked(url)
    if target.get_backend_name() == "sqlite":
        engine = _sqlite(target)
    else:
        engine = create_engine(target, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE_S})
        event.listen(engine, "connect", _bound_postgres)
    migrate(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Bring an empty or older store up to date; nothing happens to one that is. Safe from several processes."""
    with _one_migration, transaction(engine, rebuilds=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise BadInput("store.newer", place=_place(engine)) from error


@contextmanager
def transaction(engine: Engine, *, rebuilds: bool = False) -> Iterator[Connection]:
    """A transaction that may write; on SQLite it takes its turn at the start instead of failing at the end.

    rebuilds: it may replace a table that others refer to.
    """
    options = {"satrace_writes": True, "satrace_rebuilds": rebuilds}
    with answering(engine), engine.execution_options(**options).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    with answering(engine), engine.connect() as connection:
        yield connection


@contextmanager
def answering(engine: Engine) -> Iterator[None]:
    """A database that is down, locked, full or not a database is one clear sentence."""
    try:
        yield
    except PoolTimeout as error:
        raise Unreachable("store.unreachable", place=_place(engine)) from error
    except DBAPIError as error:
        if isinstance(error, _OURS) and not error.connection_invalidated:
            raise
        raise Unreachable("store.unreachable", place=_place(engine)) from error


def _place(engine: Engine) -> str:
    return safe_url(engine.url.render_as_string(hide_password=True))


def _checked(url: str) -> URL:
    try:
        target = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
        backend = target.get_backend_name()
    except (ArgumentError, ValueError):
        raise BadInput("store.bad_url", place=safe_url(url)) from None
    if backend == "postgresql":
        return target.set(drivername="postgresql+psycopg")
    # A store in memory would be another one for every thread.
    if backend != "sqlite" or target.database in (None, "", ":memory:"):
        raise BadInput("store.bad_url", place=safe_url(url))
    return target


def _sqlite(target: URL) -> Engine:
    try:
        Path(str(target.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unreachable("store.unreachable", place=safe_url(str(target))) from error
    engine = create_engine(target, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    # SQLite drops no column that others refer to: the table is copied, and references wait. Inside a transaction
    # the pragma would do nothing.
    connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if options.get('satrace_rebuilds') else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("satrace_writes") else "BEGIN")


def _bound_postgres(connection: Any, _record: Any) -> None:
    milliseconds = PATIENCE_S * 1000
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {milliseconds}; SET lock_timeout = {milliseconds}")
    connection.commit()
