"""How is a store reached whatever program wrote it? As it is, without being brought to the newest form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, MetaData, NullPool, Table, create_engine, event, inspect, make_url
from sqlalchemy import text as statement

from data_access.settings import name_of
from data_access.statement import BadInput, Unreachable
from data_access.workshop import form
from data_access.workshop.columns import VERSION_TABLE
from data_access.workshop.engine import PATIENCE_S, holds_store
from data_access.workshop.failures import answering
from data_access.workshop.sqlite_file import StoreFile

OURS = "workshop_"


def file_of(url: str) -> Path | None:
    """The file of a store that is one."""
    target = make_url(url)
    return Path(str(target.database)) if target.get_backend_name() == "sqlite" else None


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """One state of a store, however many write to it meanwhile; nothing of it can be changed.

    Raises: BadInput, Unreachable; also where there is none.
    """
    if not holds_store(url):
        raise Unreachable("store.none_yet", place=name_of(url))
    file = file_of(url)
    engine = of_file(StoreFile(file, only_read=True)) if file else _of_server(url, isolation_level="REPEATABLE READ")
    with _ended(engine), engine.connect() as connection:
        if not file:
            connection.execute(statement("SET TRANSACTION READ ONLY"))
        yield connection


@contextmanager
def server(url: str) -> Iterator[Connection]:
    """A transaction on a database of a server, which is all kept or nothing of it."""
    engine = _of_server(url)
    with _ended(engine), engine.begin() as connection:
        yield connection


@contextmanager
def fresh_file(path: Path) -> Iterator[Connection]:
    """A transaction on a file of a store that is only being made."""
    engine = of_file(StoreFile(path))
    with _ended(engine), engine.begin() as connection:
        yield connection


@contextmanager
def _ended(engine: Engine) -> Iterator[None]:
    try:
        with answering(engine):
            yield
    finally:
        engine.dispose()


def of_file(file: StoreFile) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(file.path)), poolclass=NullPool)
    event.listen(engine, "do_connect", file.connect)
    event.listen(engine, "connect", _leave_transactions)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _leave_transactions(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would read each table in a state of its own


def _of_server(url: str, **options: Any) -> Engine:
    """No limit of time for a statement: whoever copies a store waits."""
    target = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(target, poolclass=NullPool, connect_args={"connect_timeout": PATIENCE_S}, **options)


def revision(connection: Connection) -> str:
    """Which form a store has; "" for none."""
    return form.revision(connection) or ""


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring what is there, be it nothing, to a form. Raises: BadInput for one that only a newer program knows."""
    config = form.configuration()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        raise BadInput("backup.newer") from error


def tables(connection: Connection) -> list[Table]:
    """The tables of a store as they are, each after those it refers to."""
    names = [
        name for name in inspect(connection).get_table_names() if name.startswith(OURS) and name != VERSION_TABLE
    ]
    found = MetaData()
    found.reflect(connection, only=names)
    return [table for table in found.sorted_tables if table.name in names]
