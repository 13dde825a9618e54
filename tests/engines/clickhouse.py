"""ClickHouse: its whole engine from the package chdb-core, spoken to over HTTP by its own driver."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
SERVERS: dict[int, str] = {}  # of this process: the address of the one who may do all


def database(request: pytest.FixtureRequest, folder: Path) -> str:
    for needed in ("chdb", "clickhouse_connect"):
        pytest.importorskip(needed, reason=f"needs ClickHouse: {START}")
    if os.getpid() not in SERVERS:
        running = ExitStack()
        SERVERS[os.getpid()] = running.enter_context(served(folder))
        request.addfinalizer(running.close)
    server, name = SERVERS[os.getpid()], f"test_{uuid.uuid4().hex[:8]}"
    with sa.create_engine(f"{server}/default").connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@contextmanager
def served(folder: Path, zone: str = "UTC") -> Iterator[str]:
    """A server of its own process while it is needed: its address, without a database, for who may write."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.clickhouse_server", str(folder / "data")],
        cwd=ROOT, env=os.environ | {"TZ": zone}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout
    try:
        port = process.stdout.readline().strip()
        assert port, "the server did not start"
        yield f"clickhousedb://writer:{PASSWORD}@127.0.0.1:{port}"
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)


def reader(address: str, name: str = "reader") -> str:
    return address.replace("clickhousedb://writer:", f"clickhouse://{name}:")


def fill(address: str, table: str, kinds: Kinds, rows: Rows) -> None:
    """A table may be called schema.table; its database is made. Words of an ENUM stand in no order."""
    engine = sa.create_engine(address, connect_args={"compress": False})  # rows as the engine alone reads them
    with engine.connect() as connection:
        if "." in table:
            connection.exec_driver_sql(f"CREATE DATABASE IF NOT EXISTS {table.split('.')[0]}")
        types = {name: TYPES.get(kind) or _enum([row[name] for row in rows]) for name, kind in kinds.items()}
        columns = ", ".join(f"`{name}` {kind}" for name, kind in types.items())
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        made = f"CREATE TABLE {table} ({columns}) ENGINE = MergeTree ORDER BY ()"
        connection.exec_driver_sql(made.replace("%", "%%"))
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
