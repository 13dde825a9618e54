"""PostgreSQL: spoken to by psycopg 3, in a session that cannot write and ends a query that takes too long."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from data_access.warehouse.dialects.base import BUCKETS, Dialect, Expression


class PostgreSQL(Dialect):
    """Its SQL is what the base speaks."""

    name = "postgresql"

    def url(self, url: sa.URL) -> sa.URL:
        """With psycopg 3, whatever short name the URL uses."""
        short = url.drivername in ("postgres", "postgresql")
        return url.set(drivername="postgresql+psycopg") if short else url

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        settings = f"-c default_transaction_read_only=on -c statement_timeout={int(seconds * 1000)}"
        return {"pool_pre_ping": True, "connect_args": {"options": settings, "connect_timeout": 10}}

    def was_stopped(self, error: BaseException) -> bool:
        return type(error).__name__ == "QueryCanceled"  # of whichever driver

    def bucket(self, identity: Expression) -> Expression | None:
        text = sa.func.coalesce(sa.cast(identity, sa.Text), "")
        return sa.func.hashtext(text).op("&")(BUCKETS - 1)
