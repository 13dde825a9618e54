"""DuckDB: a file that is opened to read, whole columns at once, rows as they lie."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import duckdb_sqlalchemy
import sqlalchemy as sa

from data_access.warehouse.coded import Coded, of_table
from data_access.warehouse.dialects.base import BUCKETS, Dialect, Expression

# a view of a file that somebody gave may name any other file of this machine: none is opened
CLOSED = {"enable_external_access": "false", "lock_configuration": "true"}


# as duckdb-sqlalchemy introduces itself: one process opens a file with one configuration only
AGENT = f"duckdb-sqlalchemy/{duckdb_sqlalchemy.__version__}(sqlalchemy/{sa.__version__})"


def to_read(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to a file that reads it and nothing else, also beside an engine that has it open."""
    return duckdb.connect(str(path), read_only=True, config={**CLOSED, "custom_user_agent": AGENT})


class DuckDB(Dialect):
    """The engine of data files and of the sample."""

    name = "duckdb"
    suffixes = (".duckdb", ".ddb", ".db")
    keeps_order = True
    most_contacts = 1_200_000  # whole columns are returned at once
    failures = (sa.exc.SQLAlchemyError, duckdb.Error)

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        return {"connect_args": {"read_only": True, "config": dict(CLOSED)}}

    def stop(self, connection: Any) -> None:
        with contextlib.suppress(Exception):  # the query may have ended in this moment
            connection.interrupt()

    def was_stopped(self, error: BaseException) -> bool:
        return isinstance(error, duckdb.InterruptException)

    def fetch_coded(
        self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], numbers: Sequence[bool]
    ) -> list[Coded]:
        """The columns of a query as codes, from one Arrow table."""
        columns: Any = connection.execute(query, execution_options={"duckdb_arrow": True})
        return of_table(columns.arrow)

    def bucket(self, identity: Expression) -> Expression | None:
        return sa.func.hash(identity, type_=sa.BigInteger).op("%")(sa.literal_column(str(BUCKETS)))

    def row_place(self) -> Expression | None:
        return sa.literal_column("rowid")
