"""How is the workshop's database reached, and brought to the form this program knows?"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.settings import name_of, safe_url
from data_access.statement import BadInput, Unreachable
from data_access.workshop.columns import VERSION_TABLE
from data_access.workshop.sqlite_file import StoreFile
from data_access.workshop.tables import store

MIGRATIONS = Path(__file__).with_name("migrations")
PATIENCE_S = 10  # for a server that does not answer, and for its locks
TURN_S = 30  # for one's turn among many who write to a file
ASKED_AGAIN_S = (0.002, 0.02)  # whether it is one's turn by now
MIGRATION_LOCK = 0x5A7_2ACE  # any number, the same in every process
_OURS = (IntegrityError, ProgrammingError, DataError)  # mistakes of this program, never of the network
FAILURES: dict[int | str | None, str] = {
    5: "store.busy",  # SQLITE_BUSY, LOCKED, READONLY, CORRUPT, FULL, NOTADB
    6: "store.busy",
    8: "store.read_only",
    11: "store.corrupt",
    13: "store.full",
    26: "store.corrupt",
    "25006": "store.read_only",  # read_only_sql_transaction, insufficient_privilege, disk_full, lock_not_available
    "42501": "store.read_only",
    "53100": "store.full",
    "55P03": "store.busy",
}
_one_migration = threading.Lock()  # Alembic keeps its context in a global


def connect(url: str) -> Engine:
    """An engine for SQLite (a file, WAL) or PostgreSQL (psycopg), migrated to the newest form.

    Raises: BadInput for another kind of URL or a store written by a newer program; Unreachable.
    """
    target = _checked(url)
    if target.get_backend_name() == "sqlite":
        return _sqlite_store(target)
    engine = create_engine(target, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE_S})
    event.listen(engine, "connect", _bound_postgres)
    migrate(engine)
    return engine


def holds_store(url: str) -> bool:
    """Whether there is a store behind a URL; none is made. Raises: BadInput for another kind of URL; Unreachable,
    also where there was one."""
    target = _checked(url)
    if target.get_backend_name() == "sqlite":
        file = _file_of(target)
        return not file.is_new and file.path.is_file() and _is_store(target, file)
    engine = create_engine(target, connect_args={"connect_timeout": PATIENCE_S})
    try:
        return _revision(engine) is not None
    finally:
        engine.dispose()


def migrate(engine: Engine) -> None:
    """Bring an empty or older store up to date; nothing is written to one that is. Safe from several processes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if _revision(engine) == ScriptDirectory.from_config(config).get_current_head():
        return
    with _one_migration, transaction(engine, rebuilds=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise BadInput("store.newer", place=_place(engine)) from error


def _revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


@contextmanager
def transaction(engine: Engine, *, rebuilds: bool = False) -> Iterator[Connection]:
    """A transaction that may write; on SQLite it takes its turn at the start instead of failing at the end.

    rebuilds: it may replace a table that others refer to.
    """
    options = {"satrace_writes": True, "satrace_rebuilds": rebuilds}
    file: StoreFile | None = engine.get_execution_options().get("satrace_file")
    with answering(engine), _in_its_place(file), engine.execution_options(**options).begin() as connection:
        if file:
            file.check_inside(connection.execute(select(store.c.id)).scalar(), connection.info["log"])
        yield connection


def one_at_a_time(connection: Connection, what: str) -> None:
    """Wait until no other transaction does the same; a file has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    file: StoreFile | None = engine.get_execution_options().get("satrace_file")
    with answering(engine), _in_its_place(file), engine.connect() as connection:
        yield connection


@contextmanager
def _in_its_place(file: StoreFile | None) -> Iterator[None]:
    """A file must be where it was when the work begins and when it is done: else nobody finds it there again."""
    if file:
        file.check()
    yield
    if file:
        file.check()


@contextmanager
def answering(engine: Engine) -> Iterator[None]:
    """A database that is down, locked, full or not a database is one clear sentence."""
    try:
        yield
    except PoolTimeout as error:
        raise Unreachable("store.unreachable", place=_place(engine)) from error
    except DBAPIError as error:
        key = FAILURES.get(_code(error), "store.unreachable")
        if isinstance(error, _OURS) and not error.connection_invalidated and key == "store.unreachable":
            raise
        raise Unreachable(key, place=_place(engine)) from error


def _code(error: DBAPIError) -> int | str | None:
    """SQLite's primary error code, or PostgreSQL's SQLSTATE."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return getattr(error.orig, "sqlstate", None) if code is None else code & 0xFF


def _place(engine: Engine) -> str:
    return name_of(str(engine.url))


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


def _file_of(target: URL) -> StoreFile:
    """The file of a URL; `?mode=ro` asks for it to be read only."""
    return StoreFile(Path(str(target.database)), only_read=target.query.get("mode") == "ro")


def _is_store(target: URL, file: StoreFile) -> bool:
    """Whether a store is in a file; looking changes nothing. Raises: BadInput where something else is."""
    engine = _sqlite(target, replace(file, only_read=True))
    try:
        if _revision(engine) is not None:
            return True
        with reading(engine) as connection:
            if inspect(connection).get_table_names():
                raise BadInput("store.foreign", place=file.path.name)
        return False
    finally:
        engine.dispose()


def _sqlite_store(target: URL) -> Engine:
    """The engine of a file, which is made whole before it is found under its name."""
    file = _file_of(target)
    try:
        if file.is_new:
            _make(file)
        _is_store(target, file)
        engine = _sqlite(target, file)
        migrate(engine)
        with reading(engine) as connection:
            file = file.recognised(str(connection.execute(select(store.c.id)).scalar()))
    except OSError as error:
        raise Unreachable("store.unreachable", place=name_of(str(target))) from error
    engine.update_execution_options(satrace_file=file)
    return engine


def _make(file: StoreFile) -> None:
    """A new store under the name of `file`, unless another process was faster."""
    file.path.parent.mkdir(parents=True, exist_ok=True)
    place = file.temporary()
    place.touch()
    try:
        engine = _sqlite(URL.create("sqlite", database=str(place)), StoreFile(place))
        migrate(engine)
        engine.dispose()
        _named(place, file.path)
    finally:
        for end in ("", "-wal", "-shm"):
            place.with_name(place.name + end).unlink(missing_ok=True)


def _named(place: Path, path: Path) -> None:
    """Give a finished file its name, which another process may have taken by now."""
    try:
        os.link(place, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not path.exists():
            place.rename(path)


def _sqlite(target: URL, file: StoreFile) -> Engine:
    engine = create_engine(target.set(query={}), connect_args={"timeout": TURN_S})
    event.listen(engine, "do_connect", file.connect)
    event.listen(engine, "connect", _prepare_sqlite if file.is_writable else _leave_transactions)
    event.listen(engine, "connect", file.remember_log)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _leave_transactions(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back


def _prepare_sqlite(connection: Any, record: Any) -> None:
    _leave_transactions(connection, record)
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    # SQLite drops no column that others refer to: the table is copied, and references wait. Inside a transaction
    # the pragma would do nothing.
    connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if options.get('satrace_rebuilds') else 'ON'}")
    if options.get("satrace_writes"):
        _take_turn(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_turn(connection: Connection) -> None:
    """Begin to write once nobody else does, for TURN_S at most.

    Left to itself SQLite soon asks but ten times a second, and whoever has just written is always there sooner:
    one among many could wait for ever. Asked often and at random, all have the same chance.
    """
    raw, until = connection.connection.dbapi_connection, time.monotonic() + TURN_S
    assert isinstance(raw, sqlite3.Connection)
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(random.uniform(*ASKED_AGAIN_S))
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # what is wrong is said as of every other statement
    finally:
        raw.execute(f"PRAGMA busy_timeout={round(TURN_S * 1000)}")


def _bound_postgres(connection: Any, _record: Any) -> None:
    milliseconds = PATIENCE_S * 1000
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {milliseconds}; SET lock_timeout = {milliseconds}")
    connection.commit()
