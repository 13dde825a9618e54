"""How does a data file become a table that every analysis works on?

Text, workbooks, JSON, SPSS and Parquet files, packed or not, become a DuckDB file in a cache folder, named by what
the file holds and how it was read, so that the same file is read once. The new database is put in place only when it
is whole.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data_access.files.account import account_from
from data_access.files.apart import load_into
from data_access.files.given import given_through
from data_access.files.kept_hash import kept_hash
from data_access.files.loading import Source
from data_access.files.names import slug
from data_access.files.options import LoadedColumn, LoadedFile, ReadOptions
from data_access.files.sniff import NAMED, Kind, kind_of
from data_access.statement import BadInput, Statement

Progress = Callable[[float], None]
VERSION = 9  # goes up when the same file would be read differently
SUFFIXES = frozenset((*NAMED, ".gz", ".zip"))
LONGEST_NAME = 60  # of a table
PROFILE = ".profile"  # beside a database: what profile_file found in it


def load_file(
    path: Path,
    *,
    cache: Path,
    table: str | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> LoadedFile:
    """A data file as a DuckDB table. `progress` is called with the share done, 0..1.

    `table` names the table, by default after the file. A DuckDB file is given through as it is; `table` then says
    which of its tables is meant.

    Raises: BadInput naming the file and what is wrong with it.
    """
    options, tell = options or ReadOptions(), progress or (lambda _: None)
    kind = kind_of(path)
    if kind is Kind.DUCKDB:
        return given_through(path, table, cache)
    name, digest = _named(table, path), kept_hash(path, cache)
    target = cache / f"{_for_a_file(name)}-{digest}-{options.key()}-{VERSION}.duckdb"
    notes = target.with_suffix(".json")
    tell(0.1)
    if not (target.exists() and notes.exists()):
        _load(Source(path, kind, name, options, digest), target, notes, tell)
        _forget_older(path, keep=target, digest=digest)
    tell(1.0)
    return _remembered(json.loads(notes.read_text(encoding="utf-8")), target, name, digest, options)


def _named(table: str | None, path: Path) -> str:
    """The table's name as it was given. Raises BadInput for one that no database takes."""
    if table is not None and (not 0 < len(table) <= LONGEST_NAME or not table.isprintable()):
        raise BadInput("file.bad_table", name=path.name, most=LONGEST_NAME)
    return table or table_name(path)


def _for_a_file(table: str) -> str:
    """A table's name as part of a file's: one that would have to be changed for it is told by a digest."""
    if re.fullmatch(r"[a-z0-9_]{1,80}", table):
        return table
    return hashlib.sha256(table.encode()).hexdigest()[:12]


def table_name(path: Path) -> str:
    """The name of a file's table: a URL-safe form of the file's own name.

    >>> table_name(Path("F1 hotline.csv.gz")), table_name(Path("满意度.xlsx")), table_name(Path("Report v1.2"))
    ('f1_hotline', 'data', 'report_v1_2')
    """
    stem = path.name
    while Path(stem).suffix.lower() in SUFFIXES:
        stem = Path(stem).stem
    return slug(stem)[:LONGEST_NAME] or "data"


def _load(source: Source, target: Path, notes: Path, progress: Progress) -> None:
    """Make the database and its notes; a failure leaves nothing behind."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput("file.no_cache", path=str(target.parent), detail=error.strerror or str(error)) from error
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".loading-") as folder:
            loaded = load_into(Path(folder), source, progress)
            loaded |= {"source": _place(source.path), "digest": source.digest, "version": VERSION}
            notes.write_text(json.dumps(loaded, ensure_ascii=False, default=str), encoding="utf-8")
            (Path(folder) / "new.duckdb").replace(target)
    except OSError as error:
        detail = error.strerror or str(error)
        raise BadInput("file.not_loaded", name=source.path.name, detail=detail) from error


def _forget_older(path: Path, *, keep: Path, digest: str) -> None:
    """Remove what was read of this very file when it held something else, or was read by an older version."""
    for notes in keep.parent.glob("*.json"):
        try:
            known = json.loads(notes.read_text(encoding="utf-8"))
            if known.get("source") == _place(path) and (known["digest"], known["version"]) != (digest, VERSION):
                for suffix in (".duckdb", PROFILE):
                    notes.with_suffix(suffix).unlink(missing_ok=True)
                notes.unlink()
        except (OSError, ValueError):  # still open elsewhere, or none of ours: it stays
            continue


def _place(path: Path) -> str:
    return str(path.absolute())


def _remembered(notes: dict[str, Any], database: Path, table: str, digest: str, options: ReadOptions) -> LoadedFile:
    report, doubts = (tuple(Statement(s["key"], s["values"]) for s in notes[k]) for k in ("report", "doubts"))
    columns = tuple(LoadedColumn(**{**c, "scale": c["scale"] and tuple(c["scale"])}) for c in notes["columns"])
    account = account_from(notes["account"])
    top = tuple(tuple(row) for row in notes["top"])
    return LoadedFile(database, table, digest, notes["rows"], columns, report, doubts, account, options, top)
