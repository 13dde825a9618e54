"""ClickHouse: its whole engine from the package chdb-core, spoken to over HTTP by its own driver."""

from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from . import ZONE, Kinds, Rows

START = "pip install -r tests/engines/requirements.txt"
PASSWORD = "quite%20secret"
TYPES = {
    "text": "LowCardinality(Nullable(String))", "small": "Nullable(Int8)", "integer": "Nullable(Int64)",
    "double": "Nullable(Float64)", "decimal": "Nullable(Decimal(6, 2))", "boolean": "Nullable(Bool)",
    "date": "Nullable(Date32)", "time": "Nullable(DateTime64(6))",
    "moment": f"Nullable(DateTime64(6, '{ZONE}'))",
}  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
_STARTED: dict[int, str] = {}


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    pytest.importorskip("chdb", reason=START)
    pytest.importorskip("clickhouse_connect", reason=START)
    server = _server(request, folder)
    name = f"test_{uuid.uuid4().hex[:8]}"
    with sa.create_engine(f"{server}/default").connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def _server(request: pytest.FixtureRequest, folder: Path) -> str:
    key = id(request.session)
    if key not in _STARTED:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.engines.clickhouse_server", str(folder / "data")],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdin and process.stdout

        def end() -> None:
            process.communicate(timeout=30)
            _STARTED.pop(key)

        request.session.addfinalizer(end)  # type: ignore[no-untyped-call]
        port = process.stdout.readline().strip()
        assert port, "the server did not start"
        _STARTED[key] = f"clickhousedb://writer:{PASSWORD}@127.0.0.1:{port}"
    return _STARTED[key]


def reader(address: str) -> str:
    return address.replace("clickhousedb://writer:", "clickhouse://reader:")


def fill(address: str, table: str, kinds: Kinds, rows: Rows) -> None:
    """A table may be called schema.table; its database is made. Words of an ENUM stand in no order."""
    engine = sa.create_engine(address, connect_args={"compress": False})  # rows as the engine alone reads them
    with engine.connect() as connection:
        if "." in table:
            connection.exec_driver_sql(f"CREATE DATABASE IF NOT EXISTS {table.split('.')[0]}")
        types = {name: TYPES.get(kind) or _enum([row[name] for row in rows]) for name, kind in kinds.items()}
        columns = ", ".join(f"`{name}` {kind}" for name, kind in types.items())
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        connection.exec_driver_sql(f"CREATE TABLE {table} ({columns}) ENGINE = MergeTree ORDER BY ()")
        raw: Any = connection.connection.driver_connection
        values = [[_made(row[name], types[name], kinds[name]) for name in kinds] for row in rows]
        if values:
            raw.client.insert(table, values, column_names=list(kinds), column_type_names=list(types.values()))
    engine.dispose()


def _enum(values: list[Any]) -> str:
    members = sorted({str(value) for value in values if value is not None}, reverse=True)
    named = ", ".join("'" + m.replace("\\", "\\\\").replace("'", "\\'") + f"' = {i}" for i, m in enumerate(members))
    return f"Nullable(Enum8({named}))"


def _made(value: Any, kind: str, asked: str) -> Any:
    """A time without a zone is given as one in that of the server, UTC."""
    if value is None:
        return None
    if asked in ("moment", "time"):
        return value.replace(tzinfo=ZoneInfo(ZONE if asked == "moment" else "UTC"))
    return str(value) if "Enum" in kind else value
