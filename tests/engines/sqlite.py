"""SQLite: a file, part of Python."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from . import Kinds, Rows

START = "pip install -r requirements.txt"
TYPES = {
    "text": sa.Text, "enum": sa.Text, "small": sa.Integer, "ticks": sa.Integer, "integer": sa.Integer,
    "double": sa.REAL, "decimal": sa.REAL, "boolean": sa.Boolean, "date": sa.Date, "time": sa.TIMESTAMP,
    "moment": sa.TIMESTAMP,
}  # fmt: skip


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    return f"sqlite:///{folder / 'w.sqlite'}"


def reader(address: str) -> str:
    return address


def fill(address: str, table: str, kinds: Kinds, rows: Rows) -> None:
    engine = sa.create_engine(address)
    made = sa.Table(table, sa.MetaData(), *(sa.Column(name, TYPES[kind]) for name, kind in kinds.items()))
    with engine.begin() as connection:
        made.drop(connection, checkfirst=True)
        made.create(connection)
        if rows:
            connection.execute(sa.insert(made), [dict(row) for row in rows])
    engine.dispose()
