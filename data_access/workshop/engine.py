"""How is the workshop's database reached, and brought to the form this program knows?"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic import command
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError

from data_access.postgres_lines import Lines, connect_args
from data_access.settings import name_of, safe_url
from data_access.statement import BadInput, Unreachable
from data_access.workshop import form
from data_access.workshop.committing import MIGRATION_LOCK, check_form, committed
from data_access.workshop.failures import answering, place
from data_access.workshop.sqlite_file import StoreFile
from data_access.workshop.tables import store

PATIENCE_S = 10  # for a server to answer a statement, and for its locks
LEFT_ALONE_S = 15  # until the server ends a transaction whose line is dead
WORK_S = 60.0  # for a whole transaction
MIGRATION_S = 900.0
TURN_S = 30  # for one's turn among many who write to a file
ASKED_AGAIN_S = (0.002, 0.02)  # whether it is one's turn by now
_one_migration = threading.Lock()  # Alembic keeps its context in a global


def connect(url: str) -> Engine:
    """An engine for SQLite (a file, WAL) or PostgreSQL (psycopg), migrated to the newest form.

    Raises: BadInput for another kind of URL or a store written by a newer program; Unreachable.
    """
    target = _checked(url)
    if target.get_backend_name() == "sqlite":
        return _sqlite_store(target)
    engine = _postgres(target)
    migrate(engine)
    return engine


def holds_store(url: str) -> bool:
    """Whether there is a store behind a URL; none is made. Raises: BadInput for another kind of URL; Unreachable,
    also where there was one."""
    target = _checked(url)
    if target.get_backend_name() == "sqlite":
        file = _file_of(target)
        return not file.is_new and file.path.is_file() and _is_store(target, file)
    engine = _postgres(target)
    try:
        return _revision(engine) is not None
    finally:
        engine.dispose()


def migrate(engine: Engine) -> None:
    """Bring an empty or older store up to date; nothing is written to one that is. Safe from several processes."""
    if _revision(engine) == form.newest():
        return
    config = form.configuration()
    with _one_migration, transaction(engine, rebuilds=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL statement_timeout = {MIGRATION_S * 1000:.0f}"))
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise BadInput("store.newer", place=place(engine)) from error


def _revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return form.revision(connection)


@contextmanager
def transaction(engine: Engine, *, rebuilds: bool = False) -> Iterator[Connection]:
    """A transaction that may write; on SQLite it takes its turn at the start instead of failing at the end.

    rebuilds: it may replace a table that others refer to.
    """
    options = {"satrace_writes": True, "satrace_rebuilds": rebuilds}
    bound = engine.execution_options(**options)
    is_served = engine.dialect.name == "postgresql"
    begun = committed(bound) if is_served and not rebuilds else bound.begin()
    seconds = MIGRATION_S if rebuilds else WORK_S
    with answering(engine), _in_its_place(engine), _within(engine, seconds), begun as connection:
        if not is_served and not rebuilds:
            _check_file(engine, connection)
        yield connection


def _check_file(engine: Engine, connection: Connection) -> None:
    """Raises BadInput or Unreachable unless the file still holds the same store, in the form of this program."""
    file: StoreFile | None = engine.get_execution_options().get("satrace_file")
    if file:
        file.check_inside(connection.execute(select(store.c.id)).scalar(), connection.info["log"])
        check_form(engine, connection.execute(select(form.form.c.version_num)).scalar())


def one_at_a_time(connection: Connection, what: str) -> None:
    """Wait until no other transaction does the same; a file has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    with answering(engine), _in_its_place(engine), _within(engine, WORK_S), engine.connect() as connection:
        yield connection


@contextmanager
def _in_its_place(engine: Engine) -> Iterator[None]:
    """A file must be where it was when the work begins and when it is done: else nobody finds it there again."""
    file: StoreFile | None = engine.get_execution_options().get("satrace_file")
    if file:
        file.check()
    yield
    if file:
        file.check()


def _within(engine: Engine, seconds: float) -> AbstractContextManager[None]:
    """Whoever waits for a server does so no longer; a file always answers."""
    lines: Lines | None = engine.get_execution_options().get("satrace_lines")
    return lines.within(seconds) if lines else nullcontext()


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


def _postgres(target: URL) -> Engine:
    """An engine whose statements, locks and idle transactions the server itself ends after a while."""
    bounds = {"statement_timeout": PATIENCE_S, "lock_timeout": PATIENCE_S,
              "idle_in_transaction_session_timeout": LEFT_ALONE_S}  # fmt: skip
    settings = {name: seconds * 1000 for name, seconds in bounds.items()}
    engine = create_engine(target, connect_args=connect_args(target, settings))
    engine.update_execution_options(satrace_lines=Lines(engine))
    return engine


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
    event.listen(engine, "checkout", file.check_address)
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
