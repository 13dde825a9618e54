"""MySQL and MariaDB: they have no GROUPING SETS, no frames of groups, and parts of times of their own."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from data_access.warehouse.dialects.base import NUMERAL, Dialect, Expression

LONG_AGO = "1970-01-01 00:00:00"


class MySQL(Dialect):
    """Not checked on a server of its own."""

    name = "mysql"
    has_grouping_sets = False

    def seconds(self, start: Expression, end: Expression) -> Expression:
        return _microseconds(start, end) / 1e6

    def number(self, column: Expression) -> Expression:
        """The column as a double by adding one to it: a cast to one would be left out."""
        number = sa.type_coerce(column, sa.Double) + sa.literal_column("0e0", sa.Double)
        return sa.case((column.regexp_match(NUMERAL), number)) if isinstance(column.type, sa.String) else number

    def last_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        order = _microseconds(sa.literal_column(f"'{LONG_AGO}'"), time)
        return sa.func.max(time, type_=time.type).over(partition_by=whose, order_by=order, range_=(None, -1))

    def next_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        order = _microseconds(sa.literal_column(f"'{LONG_AGO}'"), time)
        return sa.func.min(time, type_=time.type).over(partition_by=whose, order_by=order, range_=(1, None))

    def least_after(self, times: Expression, time: Expression, whose: Sequence[Expression]) -> Expression:
        order = _microseconds(sa.literal_column(f"'{LONG_AGO}'"), time)
        return sa.func.min(times, type_=times.type).over(partition_by=whose, order_by=order, range_=(1, None))

    def time_part(self, column: Expression, part: str) -> Expression:
        numbers = {"day_of_month": sa.func.dayofmonth, "hour": sa.func.hour}
        if part in numbers:
            return numbers[part](column, type_=sa.Integer)
        if part == "weekday":
            return sa.func.weekday(column, type_=sa.Integer) + 1
        starts = {"week": sa.func.weekday(column), "month": sa.func.dayofmonth(column) - 1}
        day = sa.cast(column, sa.Date)
        return sa.func.subdate(day, starts[part], type_=sa.Date) if part in starts else day


def _microseconds(start: Expression, end: Expression) -> Expression:
    return sa.func.timestampdiff(sa.literal_column("MICROSECOND"), start, end, type_=sa.BigInteger)
