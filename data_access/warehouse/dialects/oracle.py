"""Oracle, from 19c: what it is asked compiles and parses as its SQL, but no server has been tried."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from data_access.warehouse.dialects.base import BUCKETS, Dialect, Expression
from data_access.warehouse.dialects.places import written_out

DAY_S = 86_400
LONG_AGO = sa.literal_column("DATE '1970-01-01'", sa.Date)
CANCELLED = (1013, 3136)
written_out("oracle")


class Oracle(Dialect):
    """Its rights alone keep a role from writing; the address names the driver, as oracle+oracledb."""

    name = "oracle"
    grouping = "grouping_id"

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        return {"pool_pre_ping": True, "execution_options": {"seconds": seconds}}

    def prepare(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "connect", partial(_limit, engine.get_execution_options()["seconds"]))

    def was_stopped(self, error: BaseException) -> bool:
        return bool(error.args) and getattr(error.args[0], "code", 0) in CANCELLED

    def local_time(self, column: Expression, zone: str) -> Expression:
        if getattr(column.type, "timezone", False):
            return sa.cast(column.op("AT TIME ZONE")(zone), sa.TIMESTAMP)
        return super().local_time(column, zone)

    def seconds(self, start: Expression, end: Expression) -> Expression:
        """From days with their fractions; parts of a second are dropped."""
        first, last = (sa.type_coerce(sa.cast(moment, sa.Date), sa.Double) for moment in (start, end))
        return (last - first) * DAY_S

    def last_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        order = self.seconds(LONG_AGO, time)
        return sa.func.max(time, type_=time.type).over(partition_by=whose, order_by=order, range_=(None, -1))

    def next_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        return self.least_after(time, time, whose)

    def least_after(self, times: Expression, time: Expression, whose: Sequence[Expression]) -> Expression:
        order = self.seconds(LONG_AGO, time)
        return sa.func.min(times, type_=times.type).over(partition_by=whose, order_by=order, range_=(1, None))

    def time_part(self, column: Expression, part: str) -> Expression:
        if part in ("day_of_month", "hour"):
            return sa.extract(part.split("_")[0], sa.cast(column, sa.TIMESTAMP))
        day = sa.func.trunc(column, type_=sa.Date)
        week = sa.func.trunc(column, "IW", type_=sa.Date)
        if part == "weekday":
            return sa.type_coerce(day, sa.Integer) - sa.type_coerce(week, sa.Integer) + 1
        return {"day": day, "week": week, "month": sa.func.trunc(column, "MM", type_=sa.Date)}[part]

    def number(self, column: Expression) -> Expression:
        """Yes or no is kept as a number here."""
        kept = sa.type_coerce(column, sa.Integer) if isinstance(column.type, sa.Boolean) else column
        return super().number(kept)

    def contains(self, text: Expression, part: str) -> Expression:
        return sa.func.instr(text, part, type_=sa.Integer) > 0

    def bucket(self, identity: Expression) -> Expression | None:
        return sa.func.ora_hash(identity, BUCKETS - 1, type_=sa.Integer)


def _limit(seconds: float, connection: Any, record: object) -> None:
    connection.call_timeout = int(seconds * 1000)
