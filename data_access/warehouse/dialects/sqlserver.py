"""SQL Server, from 2016: what it is asked compiles and parses as Transact-SQL, but no server has been tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.selectable import NamedFromClause

from data_access.warehouse.dialects.base import BUCKETS, Dialect, Expression
from data_access.warehouse.dialects.places import written_out
from data_access.warehouse.dialects.zones import offset_of

MONDAY = sa.literal_column("'19000101'", sa.Date)
EXACT = "Latin1_General_100_BIN2"
written_out("mssql")


class SQLServer(Dialect):
    """Its rights alone keep a role from writing; a driver is to be named in the address, as mssql+pyodbc."""

    name = "mssql"
    grouping = "grouping_id"
    hour = 3_600_000_000

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        return {"pool_pre_ping": True, "isolation_level": "AUTOCOMMIT"}

    def as_read(self, table: sa.Table, connection: sa.Connection) -> NamedFromClause:
        """With each text compared to the letter: a database mostly takes 'A' for 'a'."""
        return sa.select(*(_exact(column) for column in table.c)).subquery(table.name)

    def local_time(self, column: Expression, zone: str) -> Expression:
        if getattr(column.type, "timezone", False):
            return sa.cast(sa.func.switchoffset(column, offset_of(zone)), sa.DateTime)
        return super().local_time(column, zone)

    def seconds(self, start: Expression, end: Expression) -> Expression:
        return _microseconds(start, end) / 1e6

    def gap(self, start: Expression, end: Expression) -> Expression:
        return _microseconds(start, end)

    def last_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        """The row before, be it of the same moment: frames go by rows alone."""
        return sa.func.lag(time, type_=time.type).over(partition_by=whose, order_by=time)

    def next_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        return sa.func.lead(time, type_=time.type).over(partition_by=whose, order_by=time)

    def least_after(self, times: Expression, time: Expression, whose: Sequence[Expression]) -> Expression:
        return sa.func.min(times, type_=times.type).over(partition_by=whose, order_by=time, rows=(1, None))

    def time_part(self, column: Expression, part: str) -> Expression:
        if part in ("day_of_month", "hour"):
            return sa.func.datepart(sa.literal_column(part.split("_")[0]), column, type_=sa.Integer)
        since_monday = sa.func.datediff(sa.literal_column("day"), MONDAY, column, type_=sa.Integer) % 7
        if part == "weekday":
            return since_monday + 1
        if part == "month":
            return sa.func.datefromparts(sa.func.year(column), sa.func.month(column), 1, type_=sa.Date)
        day = sa.cast(column, sa.Date)
        return sa.func.dateadd(sa.literal_column("day"), -since_monday, day, type_=sa.Date) if part == "week" else day

    def number(self, column: Expression) -> Expression:
        """The column as a double, NULL for words in a text."""
        text = isinstance(column.type, sa.String)
        return sa.try_cast(column, sa.Double) if text else sa.cast(column, sa.Double)

    def contains(self, text: Expression, part: str) -> Expression:
        return sa.func.charindex(part, sa.collate(text, EXACT), type_=sa.Integer) > 0

    def bucket(self, identity: Expression) -> Expression | None:
        digest = sa.func.hashbytes("MD5", sa.cast(identity, sa.String))
        return sa.cast(sa.func.substring(digest, 1, 4), sa.Integer).op("&")(BUCKETS - 1)


def _exact(column: sa.Column[Any]) -> Expression:
    if not isinstance(column.type, sa.String):
        return column
    return sa.type_coerce(sa.collate(column, EXACT), sa.String).label(column.name)


def _microseconds(start: Expression, end: Expression) -> Expression:
    return sa.func.datediff_big(sa.literal_column("microsecond"), start, end, type_=sa.BigInteger)
