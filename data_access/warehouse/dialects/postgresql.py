"""PostgreSQL: spoken to by psycopg 3, in a session that cannot write and ends a query that takes too long."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from data_access.postgres_lines import Lines, connect_args, cut
from data_access.warehouse.dialects.base import BUCKETS, Dialect, Expression
from data_access.warehouse.dialects.writer import SCHEMA, Writer

STOP_S = 5.0  # for the server to hear that a query is to be stopped


class PostgreSQL(Dialect):
    """Its SQL is what the base speaks."""

    name = "postgresql"

    def url(self, url: sa.URL) -> sa.URL:
        """With psycopg 3, whatever short name the URL uses."""
        short = url.drivername in ("postgres", "postgresql")
        return url.set(drivername="postgresql+psycopg") if short else url

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        settings = {"default_transaction_read_only": "on", "statement_timeout": int(seconds * 1000)}
        return {"connect_args": connect_args(url, settings)}

    def prepare(self, engine: sa.Engine) -> None:
        """A line from the pool is asked whether it is still there, and not for ever."""
        Lines(engine)

    def stop(self, connection: Any) -> None:
        with contextlib.suppress(Exception):  # the query may have ended in this moment
            connection.cancel_safe(timeout=STOP_S)

    def cut(self, connection: Any) -> None:
        cut(connection)

    def was_stopped(self, error: BaseException) -> bool:
        return type(error).__name__ == "QueryCanceled"  # of whichever driver

    def bucket(self, identity: Expression) -> Expression | None:
        text = sa.func.coalesce(sa.cast(identity, sa.Text), "")
        return sa.func.hashtext(text).op("&")(BUCKETS - 1)

    def rollups_at(self, url: sa.URL) -> sa.URL | None:
        """A schema beside the tables."""
        return url

    @contextlib.contextmanager
    def writer(self, source: sa.URL, writer: sa.URL) -> Iterator[Writer]:
        """The schema anew, in one transaction; who may read it is said by grants, which are kept by default ones."""
        engine = sa.create_engine(self.url(writer))
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                yield Writer(connection, SCHEMA)
        finally:
            engine.dispose()
