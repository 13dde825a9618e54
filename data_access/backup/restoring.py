"""A backup onto a store and a data folder that hold nothing: first checked, then the files, then all rows at once.

The rows come last and in one transaction, or in a file that gets its name when it is whole. So after a kill at any
moment the store holds nothing yet, and the same command goes on from the files that are there.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path, PurePosixPath
from uuid import uuid4

from sqlalchemy import Connection, func, select
from sqlalchemy import text as statement
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from data_access.backup import reaching, rows
from data_access.backup.archive import BLOCK, DATA, LINES, STORE, Manifest, checked
from data_access.settings import name_of
from data_access.statement import BadInput, Unreachable
from data_access.workshop.columns import VERSION_TABLE
from data_access.workshop.committing import MIGRATION_LOCK
from data_access.workshop.engine import holds_store
from data_access.workshop.sqlite_file import StoreFile, begin_anew

FUNCTIONS = """SELECT CAST(CAST(oid AS regprocedure) AS text) FROM pg_proc
    WHERE pg_function_is_visible(oid) AND proname LIKE :ours"""
IDENTITY = f"{reaching.OURS}store"  # which a store has before anything is written in it


def restored(file: Path, url: str, data: Path) -> Manifest:
    """Read a backup onto the store behind a URL and into a data folder; an older one is brought to the newest form.

    Raises: BadInput for a backup that is not whole or comes from a newer program, and where something is there
    already; Unreachable.
    """
    with checked(file) as (archive, manifest):
        _check_empty(url)
        places = [PurePosixPath(name.removeprefix(DATA)) for name in manifest.files if name.startswith(DATA)]
        _check_free(data, {path: manifest.files[f"{DATA}{path}"] for path in places})
        try:
            for path in places:
                _place(archive, path, data)
            _fill(archive, manifest, url)
        except (DataError, IntegrityError, ProgrammingError) as error:
            raise BadInput("backup.unfit", place=name_of(url)) from error
        except OSError as error:
            raise Unreachable("backup.not_restored", detail=error.strerror or "") from error
    return manifest


def _check_empty(url: str) -> None:
    """Raises BadInput for a store in which something was written; what is no store is refused by `holds_store`."""
    if holds_store(url):
        with reaching.snapshot(url) as connection:
            if _is_written(connection):
                raise BadInput("backup.not_empty", place=name_of(url))


def _is_written(connection: Connection) -> bool:
    return any(rows.number_of(connection, t) for t in reaching.tables(connection) if t.name != IDENTITY)


def _check_free(data: Path, hashes: dict[PurePosixPath, str]) -> None:
    for path, expected in hashes.items():
        place = data / path
        if place.exists() and not (place.is_file() and _hash(place) == expected):
            raise BadInput("backup.taken", path=str(place))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(archive: zipfile.ZipFile, path: PurePosixPath, data: Path) -> None:
    """A file of the data folder, put under its name when it is whole, only for its owner to read."""
    place = data / path
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{uuid4().hex}.part")
    try:
        with (
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
            archive.open(f"{DATA}{path}") as member,
        ):
            while block := member.read(BLOCK):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        part.rename(place)
    finally:
        part.unlink(missing_ok=True)


def _fill(archive: zipfile.ZipFile, manifest: Manifest, url: str) -> None:
    path = reaching.file_of(url)
    if path is None:
        with reaching.server(url) as connection:
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            _drop_empty(connection, url)
            load(archive, manifest, connection)
        return
    begin_anew(url)  # an empty one is set aside
    path.parent.mkdir(parents=True, exist_ok=True)
    part = StoreFile(path).temporary()
    part.touch(0o600)
    try:
        with reaching.fresh_file(part) as connection:
            load(archive, manifest, connection)
        os.link(part, path)
    except FileExistsError as error:
        raise BadInput("backup.not_empty", place=name_of(url)) from error
    finally:
        part.unlink(missing_ok=True)


def _drop_empty(connection: Connection, url: str) -> None:
    """Make room where an empty store is. Somebody may have written to it meanwhile."""
    if _is_written(connection):
        raise BadInput("backup.not_empty", place=name_of(url))
    for table in reversed(reaching.tables(connection)):
        table.drop(connection)
    connection.execute(statement(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
    for of_trigger in connection.execute(statement(FUNCTIONS), {"ours": f"{reaching.OURS}%"}).scalars().all():
        connection.execute(statement(f"DROP FUNCTION {of_trigger}"))


def load(archive: zipfile.ZipFile, manifest: Manifest, connection: Connection) -> None:
    """Tables in the form that the backup has, its rows, then the newest form."""
    reaching.upgrade(connection, manifest.revision)
    tables = reaching.tables(connection)
    if {table.name for table in tables} != set(manifest.tables):
        raise BadInput("backup.newer")
    for table in tables:
        connection.execute(table.delete())  # what the migrations put in themselves
        with archive.open(f"{STORE}{table.name}{LINES}") as member:
            count = rows.fill(connection, table, io.TextIOWrapper(member, encoding="utf-8", newline="\n"))
        if count != manifest.tables[table.name]:
            raise BadInput("backup.changed", path=str(archive.filename), name=table.name)
        rows.count_on(connection, table)
    reaching.upgrade(connection)
