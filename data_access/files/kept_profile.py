"""The profile of a loaded file, kept beside its database: each later command on the same file starts from there."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from data_access.files.doubles import Double
from data_access.files.kept_hash import kept_hash, place_hash
from data_access.files.load import PROFILE, VERSION, load_file
from data_access.files.options import LoadedFile
from data_access.files.profile import ColumnProfile, Holds, TableProfile, profile_table
from data_access.files.relations import Between, Line, Staff
from data_access.warehouse.connection import Limits
from data_access.warehouse.source import make_engine


def profile_file(loaded: LoadedFile) -> TableProfile:
    """The profile of a loaded file's table, with the labels that the file gives its columns."""
    place = loaded.database.with_suffix(PROFILE)
    if loaded.account is None:  # a database that was given through: it may change, and its folder is not ours
        return _profiled(loaded)
    kept = _kept(place)
    if kept is None:
        kept = _profiled(loaded)
        _keep(place, kept)
    return kept


def profile_given(path: Path, cache: Path) -> TableProfile:
    """The profile of the only table of a DuckDB file, kept in the folder `cache` for as long as the file stays."""
    stem = f"given-{place_hash(path)}"
    place = cache / f"{stem}-{kept_hash(path, cache)}-{VERSION}{PROFILE}"
    kept = _kept(place)
    if kept is None:
        kept = _profiled(load_file(path, cache=cache))
        for older in cache.glob(f"{stem}-*"):
            older.unlink(missing_ok=True)
        _keep(place, kept)
    return kept


def _profiled(loaded: LoadedFile) -> TableProfile:
    engine = make_engine(loaded.database, Limits())
    try:
        found = profile_table(engine, loaded.table)
    finally:
        engine.dispose()
    known = {column.name: column for column in loaded.columns}
    columns = (
        replace(c, label=k.label, unit=k.unit, scale=k.scale) if (k := known.get(c.name)) else c
        for c in found.columns
    )
    return replace(found, columns=tuple(columns))


def _keep(place: Path, profile: TableProfile) -> None:
    """Written whole or not at all; without it the next command only takes longer."""
    part = place.with_suffix(".part")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"version": VERSION, "profile": asdict(profile)}, ensure_ascii=False), "utf-8")
        part.replace(place)


def _kept(place: Path) -> TableProfile | None:
    try:
        known = json.loads(place.read_text(encoding="utf-8"))
        return _from(known["profile"]) if known["version"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _from(known: dict[str, Any]) -> TableProfile:
    columns = tuple(
        ColumnProfile(
            **{
                **c,
                "holds": Holds(c["holds"]),
                "values": tuple((v, n) for v, n in c["values"]),
                "scale": c["scale"] and tuple(c["scale"]),
            }
        )
        for c in known["columns"]
    )
    staff = Staff(tuple(Line(**line) for line in known["staff"]["lines"]), known["staff"]["holds"])
    between = tuple(Between(**one) for one in known["between"])
    doubles = tuple(Double(one["column"], tuple(one["of"])) for one in known["doubles"])
    parents = tuple((child, parent) for child, parent in known["parents"])
    parts = {"staff": staff, "between": between, "parents": parents, "doubles": doubles}
    return TableProfile(**{**known, "columns": columns, **parts})
