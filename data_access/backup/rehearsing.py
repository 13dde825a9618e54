"""How would the upgrade of a store go? Tried on a copy, which is thrown away; the store itself is only read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4
from zipfile import ZipFile

from sqlalchemy import Connection
from sqlalchemy import text as statement
from sqlalchemy.schema import CreateSchema

from data_access.backup.archive import Manifest, checked, written
from data_access.backup.reaching import file_of, fresh_file, revision, server, tables
from data_access.backup.restoring import load
from data_access.backup.rows import number_of
from data_access.settings import Settings

Tried = tuple[str, Mapping[str, int]]  # the form of the copy, and the rows of each of its tables


@dataclass(frozen=True)
class Rehearsal:
    """The forms before and after, the rows of each table before and after, and the seconds that all of it took."""

    before: str
    after: str
    rows: Mapping[str, tuple[int | None, int | None]]  # None where the form has no such table
    seconds: float

    @property
    def lost(self) -> list[str]:
        """Tables with fewer rows than before."""
        return [name for name, (before, after) in self.rows.items() if before is not None and (after or 0) < before]


def rehearsed(settings: Settings) -> Rehearsal:
    """Copy the store, bring the copy to the newest form and count. Raises: BadInput, Unreachable.

    The copy lies where the store does: in a file, or in a schema of its own on the server, within a
    transaction that is taken back.
    """
    started = time.perf_counter()
    with TemporaryDirectory(prefix="satrace-rehearsal-") as scratch:
        written(replace(settings, data_folder=Path(scratch) / "none"), Path(scratch) / "store.zip")
        with checked(Path(scratch) / "store.zip") as (archive, manifest):
            tried = _on_server if file_of(settings.store_url) is None else _on_file
            newest, after = tried(archive, manifest, settings.store_url, Path(scratch))
    names = sorted({*manifest.tables, *after})
    counted = {name: (manifest.tables.get(name), after.get(name)) for name in names}
    return Rehearsal(manifest.revision, newest, counted, time.perf_counter() - started)


def _on_file(archive: ZipFile, manifest: Manifest, _url: str, scratch: Path) -> Tried:
    (copy := scratch / "workshop.sqlite").touch()
    with fresh_file(copy) as connection:
        load(archive, manifest, connection)
        return _counted(connection)


def _on_server(archive: ZipFile, manifest: Manifest, url: str, _scratch: Path) -> Tried:
    schema = f"satrace_rehearsal_{uuid4().hex[:12]}"
    with server(url) as connection:
        connection.execute(CreateSchema(schema))
        connection.execute(statement("SELECT set_config('search_path', :schema, true)"), {"schema": schema})
        load(archive, manifest, connection)
        counted = _counted(connection)
        connection.rollback()
    return counted


def _counted(connection: Connection) -> Tried:
    return revision(connection), {table.name: number_of(connection, table) for table in tables(connection)}
