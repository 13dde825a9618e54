"""Rows of a store as lines of text: the same bytes from every database that holds the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Float, String, Table, func, insert, select
from sqlalchemy import text as statement

AT_ONCE = 500


def lines(connection: Connection, table: Table) -> Iterator[str]:
    """The names of the columns, then a line for each row, in the order of the primary key's bytes."""
    yield _json([column.name for column in table.columns])
    ordered = select(table).order_by(*(_by_bytes(connection, column) for column in table.primary_key.columns))
    for row in connection.execution_options(yield_per=AT_ONCE).execute(ordered):
        yield _json([_plain(value) for value in row])


def fill(connection: Connection, table: Table, given: Iterable[str]) -> int:
    """Put lines into a table that is empty; how many rows they were."""
    source = iter(given)
    names = json.loads(next(source))
    read = [_reader(table.columns[name]) for name in names]
    count = 0
    while some := [json.loads(line) for line in islice(source, AT_ONCE)]:
        rows = [dict(zip(names, (r(v) for r, v in zip(read, row, strict=True)), strict=True)) for row in some]
        connection.execute(insert(table), rows)
        count += len(rows)
    return count


def count_on(connection: Connection, table: Table) -> None:
    """Let a server give the next number after those that were put in."""
    for column in table.primary_key.columns:
        if connection.dialect.name == "postgresql" and not isinstance(column.type, String):
            asked = statement("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
            if last := connection.execute(select(func.max(column))).scalar():
                connection.execute(asked, {"table": table.name, "column": column.name, "last": last})


def number_of(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _by_bytes(connection: Connection, column: Column[Any]) -> Any:
    """A server may sort text by a language."""
    return (
        column.collate("C") if connection.dialect.name == "postgresql" and isinstance(column.type, String) else column
    )


def _json(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    """How a column's values come back from JSON."""
    kinds: list[tuple[type[Any], Callable[[Any], Any]]] = [
        (DateTime, datetime.fromisoformat),
        (Date, date.fromisoformat),
        (Boolean, bool),
        (Float, float),
    ]
    read = next((read for kind, read in kinds if isinstance(column.type, kind)), None)
    return lambda value: value if value is None or read is None else read(value)
