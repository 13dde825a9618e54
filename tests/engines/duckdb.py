"""DuckDB: a file, part of what Satrace needs."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data_access.warehouse.dialects.duckdb import to_read

from . import Kinds, Rows, Tables

START = "pip install -r requirements.txt"
TYPES = {
    "text": "VARCHAR", "small": "TINYINT", "integer": "BIGINT", "double": "DOUBLE", "decimal": "DECIMAL(6, 2)",
    "boolean": "BOOLEAN", "date": "DATE", "time": "TIMESTAMP", "moment": "TIMESTAMP",
}  # fmt: skip
GIVEN = {
    "BIGINT": "integer", "INTEGER": "integer", "SMALLINT": "integer", "TINYINT": "small", "DOUBLE": "double",
    "TIMESTAMP": "moment", "DATE": "date", "BOOLEAN": "boolean",
}  # fmt: skip


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    return str(folder / "w.duckdb")


def reader(address: str) -> str:
    return address


def fill(address: str, table: str, kinds: Kinds, rows: Rows) -> None:
    """The members of an ENUM stand in no order that anybody would want."""
    values = pd.DataFrame(list(rows), columns=list(kinds), dtype=object)
    words = values.map(lambda value: None if value is None else str(value)).astype(object)
    with duckdb.connect(address) as db:
        types = {name: TYPES.get(kind) or _enum(db, f"{table}_{name}_t", words[name]) for name, kind in kinds.items()}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        db.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
        db.register("words", words)
        casts = ", ".join(f'CAST("{name}" AS {kind})' for name, kind in types.items())
        db.execute(f"INSERT INTO {table} SELECT {casts} FROM words")


def _enum(db: duckdb.DuckDBPyConnection, name: str, words: pd.Series) -> str:
    members = sorted(words.dropna().unique(), reverse=True)
    quoted = ", ".join("'" + member.replace("'", "''") + "'" for member in members)
    db.execute(f'CREATE TYPE "{name}" AS ENUM ({quoted})')
    return f'"{name}"'


def tables_of(path: Path) -> Tables:
    """All tables of a file as what another engine is filled with; its times are moments."""
    with to_read(path) as db:
        names = [name for (name,) in db.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        return {name: _table(db, name) for name in names}


def _table(db: duckdb.DuckDBPyConnection, name: str) -> tuple[Kinds, Rows]:
    kinds = {column: GIVEN.get(str(kind), "text") for column, kind, *_ in db.execute(f"DESCRIBE {name}").fetchall()}
    return kinds, [dict(zip(kinds, row, strict=True)) for row in db.execute(f"SELECT * FROM {name}").fetchall()]
