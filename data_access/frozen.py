"""How do the data of a class stay as they are? They are copied once, and nothing changes the copy.

A class has a folder with `contacts.duckdb`, `semantic.toml` and the version of both, put in place only when whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from data_access.access import NotAllowed, User, may_teach
from data_access.statement import BadInput
from data_access.training_file import CONTACTS, MODEL
from data_access.warehouse import Warehouse

MOST_ROWS = 2_000_000  # contacts of a class: more would take minutes and gigabytes
VERSION = "version.txt"
Progress = Callable[[float], None]


def freeze_case(user: User, case: Path, folder: Path) -> str:
    """Copy the data of a case's folder into `folder`, which must not be there yet; answers with the data version.

    Raises NotAllowed for who may not teach, BadInput where the case has no data.
    """

    def fill(part: Path) -> None:
        for name in (CONTACTS, MODEL):
            try:
                shutil.copyfile(case / name, part / name)
            except FileNotFoundError as error:
                raise BadInput("training.no_case", path=str(case), detail=name) from error

    return _frozen(user, folder, fill)


def freeze(
    user: User,
    warehouse: Warehouse,
    model: str,
    folder: Path,
    *,
    most: int = MOST_ROWS,
    progress: Progress | None = None,
) -> str:
    """Copy what a warehouse holds for this user into `folder`, which must not be there yet; the data version.

    model: the text of the warehouse's model. Copied are the columns it names and the tables beside them.
    progress: hears the share done, 0..1. Raises NotAllowed for who may not teach, BadInput for more than `most`
    contacts, Unreachable as every query.
    """
    within = warehouse.within(user.scope.filters)

    def fill(part: Path) -> None:
        contacts = within.extent().contacts
        if contacts > most:
            raise BadInput("training.too_many_rows", n=contacts, most=most)
        _copy(within, part / CONTACTS, contacts, progress or (lambda _: None))
        (part / MODEL).write_text(model, encoding="utf-8")

    return _frozen(user, folder, fill)


def version_of(folder: Path) -> str:
    """The data version of a class. Raises BadInput where its data are not here any more."""
    try:
        return (folder / VERSION).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput("training.no_frozen") from error


def _frozen(user: User, folder: Path, fill: Callable[[Path], None]) -> str:
    """Fill a folder beside the one meant, then give it its name: whole or not there."""
    if not may_teach(user):
        raise NotAllowed("class.may_not.teach")
    if folder.exists():
        raise BadInput("training.frozen_already")
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        fill(part)
        version = _digest(part)
        (part / VERSION).write_text(version, encoding="utf-8")
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return version


def _digest(part: Path) -> str:
    digest = hashlib.sha256((part / MODEL).read_bytes())
    with (part / CONTACTS).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:12]


def _copy(warehouse: Warehouse, file: Path, contacts: int, tell: Progress) -> None:
    """The batches of a warehouse as the tables of a DuckDB file."""
    done: dict[str, int] = {}
    with duckdb.connect(str(file)) as copy:
        for name, batch in warehouse.batches():
            _append(copy, name, batch, is_new=name not in done)
            done[name] = done.get(name, 0) + batch.num_rows
            tell(min(1.0, done[warehouse.model.table] / max(contacts, 1)))
        copy.execute("CHECKPOINT")


def _append(copy: Any, name: str, batch: Any, *, is_new: bool) -> None:
    """Rows at the end of a table, which has the name that the model knows, schema included."""
    schema, _, table = name.rpartition(".")
    place = ".".join(_quoted(part) for part in (schema, table) if part)
    copy.register("batch", batch)
    if schema and is_new:
        copy.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
    copy.execute(f"CREATE TABLE {place} AS FROM batch" if is_new else f"INSERT INTO {place} FROM batch")
    copy.unregister("batch")


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
