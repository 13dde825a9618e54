"""What does a store say that cannot be used? One clear sentence, whatever the database itself said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data_access.postgres_lines import Lines
from data_access.settings import name_of
from data_access.statement import BadInput, Problem, Unreachable
from data_access.workshop import form

UNREACHABLE = "store.unreachable"
_OURS = (IntegrityError, ProgrammingError, DataError)  # mistakes of this program, never of the network
LITTLE_BYTES = 256 * 1024  # free on a disk: SQLite needs as much beside a file only to read it
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
    "40001": "store.busy",  # serialization_failure, deadlock_detected, query_canceled, too_many_connections
    "40P01": "store.busy",
    "57014": "store.busy",
    "53300": "store.busy",
    "3D000": "store.gone",  # invalid_catalog_name
}


@contextmanager
def answering(engine: Engine) -> Iterator[None]:
    """A database that is down, silent, locked, full or not a database is one clear sentence.

    So is a store that a newer program took over. Where a server let somebody wait in vain, nobody asks it again for
    as long as that takes.
    """
    lines: Lines | None = engine.get_execution_options().get("satrace_lines")
    if lines and lines.rest:
        raise Unreachable(UNREACHABLE, place=place(engine))
    try:
        yield
    except PoolTimeout as error:
        raise Unreachable("store.busy", place=place(engine)) from error
    except DBAPIError as error:
        said = _said(engine, error)
        if said is None:
            raise
        if lines and type(error.orig).__name__ == "ConnectionTimeout":
            lines.waited_in_vain()
        raise said from error


def place(engine: Engine) -> str:
    return name_of(str(engine.url))


def _said(engine: Engine, error: DBAPIError) -> Problem | None:
    """What a person is told; None where this program made a mistake."""
    key = FAILURES.get(_code(error), UNREACHABLE)
    if key != UNREACHABLE:
        return Unreachable(key, place=place(engine))
    if _is_by_network(error):
        return Unreachable(key, place=place(engine))
    key = form.trouble(engine) or _by_disk(engine)
    if not key and isinstance(error, _OURS):
        return None
    kind = BadInput if key == "store.newer" else Unreachable
    return kind(key or UNREACHABLE, place=place(engine))


def _is_by_network(error: DBAPIError) -> bool:
    is_server = getattr(error.orig, "sqlite_errorcode", None) is None
    return error.connection_invalidated or (is_server and isinstance(error, OperationalError))


def _by_disk(engine: Engine) -> str:
    """SQLite has many words for a disk without room."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return ""
    try:
        return "store.full" if shutil.disk_usage(Path(engine.url.database).parent).free < LITTLE_BYTES else ""
    except OSError:
        return ""


def _code(error: DBAPIError) -> int | str | None:
    """SQLite's primary error code, or PostgreSQL's SQLSTATE."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return getattr(error.orig, "sqlstate", None) if code is None else code & 0xFF
