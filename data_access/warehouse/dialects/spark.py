"""Spark SQL behind its Thrift server, or any that speaks as that does (Kyuubi, a managed Spark)."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from data_access.warehouse.dialects.base import BUCKETS, NUMERAL, Dialect, Expression

GRACE_S = 2.0  # after which the server ends a query that this side has not
WHOLE = 2.0**52  # doubles from here on have no fraction

sa.dialects.registry.register("spark", "data_access.warehouse.dialects.spark_sql", "SparkDialect")


class Spark(Dialect):
    """Times with zone are moments, others wall-clock times; the session's zone is UTC."""

    name = "spark"
    hour = 3_600_000_000
    most_contacts = 200_000

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        """The server itself ends what nobody came to stop."""
        return {"pool_pre_ping": True, "connect_args": {"seconds": seconds + GRACE_S}}

    def prepare(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "checkout", _goes_on)

    def cut(self, connection: Any) -> None:
        connection.cut()

    def was_stopped(self, error: BaseException) -> bool:
        return type(error).__name__ == "QueryCanceled"

    def local_time(self, column: Expression, zone: str) -> Expression:
        if getattr(column.type, "timezone", False):
            return sa.func.convert_timezone(zone, column, type_=sa.DateTime)
        return super().local_time(column, zone)

    def seconds(self, start: Expression, end: Expression) -> Expression:
        return self.gap(start, end) / 1e6

    def gap(self, start: Expression, end: Expression) -> Expression:
        """Microseconds, as a time is stored."""
        return sa.func.timestampdiff(sa.literal_column("MICROSECOND"), start, end, type_=sa.BigInteger)

    def last_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        order = self._microseconds(time)
        return sa.func.max(time, type_=time.type).over(partition_by=whose, order_by=order, range_=(None, -1))

    def next_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        return self.least_after(time, time, whose)

    def least_after(self, times: Expression, time: Expression, whose: Sequence[Expression]) -> Expression:
        order = self._microseconds(time)
        return sa.func.min(times, type_=times.type).over(partition_by=whose, order_by=order, range_=(1, None))

    def _microseconds(self, time: Expression) -> Expression:
        """Since 1970: Spark has no frames of groups, and frames of a range need a number."""
        return self.gap(sa.literal_column("DATE '1970-01-01'"), time)

    def time_part(self, column: Expression, part: str) -> Expression:
        numbers = {"day_of_month": sa.func.dayofmonth, "hour": sa.func.hour}
        if part in numbers:
            return numbers[part](column, type_=sa.Integer)
        if part == "weekday":
            return sa.func.weekday(column, type_=sa.Integer) + 1
        day = sa.cast(column, sa.Date)
        return day if part == "day" else sa.func.trunc(day, part, type_=sa.Date)

    def number(self, column: Expression) -> Expression:
        if isinstance(column.type, sa.String):
            text = sa.cast(column, sa.String)
            return sa.case((text.regexp_match(NUMERAL), sa.try_cast(text, sa.Double)))
        return super().number(column)

    def floor(self, number: Expression) -> Expression:
        """By way of a whole number, which a double beyond 2^52 is already."""
        small = sa.func.abs(number) < WHOLE
        return sa.case((small, sa.cast(sa.func.floor(number), sa.Double)), else_=number)

    def contains(self, text: Expression, part: str) -> Expression:
        return sa.func.instr(text, part, type_=sa.Integer) > 0

    def row_hash(self, table: sa.FromClause) -> Expression | None:
        """Rows come from several files and workers, in whatever order."""
        return sa.func.xxhash64(*table.c, type_=sa.BigInteger)

    def bucket(self, identity: Expression) -> Expression | None:
        text = sa.func.coalesce(sa.cast(identity, sa.String), "")
        return sa.func.xxhash64(text, type_=sa.BigInteger).op("&")(BUCKETS - 1)


def _goes_on(connection: Any, *_: object) -> None:
    """A connection that was told to stop an earlier query goes on."""
    with contextlib.suppress(AttributeError):
        connection.stopped.clear()
