"""ClickHouse: spoken to over HTTP by clickhouse-connect, in settings that make absent values NULL as elsewhere."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from data_access.warehouse.coded import Coded, Floats, numbers_of_table, of_table
from data_access.warehouse.dialects import clickhouse_words
from data_access.warehouse.dialects.base import BUCKETS, NUMERAL, Dialect, Expression

STOPPED = (159, 160, 394)  # its numbers of errors: too long, too slow, cancelled
ROW: Expression = sa.literal_column("cityHash64(tuple(*))", sa.BigInteger)  # bare, one NULL would leave no number
MICROSECONDS: Expression = sa.literal_column("'microsecond'")
SETTINGS = {
    "readonly": 2,  # reads, and may be told the rest of these
    "join_use_nulls": 1,
    "group_by_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "precise_float_parsing": 1,
    "timeout_overflow_mode": "throw",
    "output_format_arrow_low_cardinality_as_dictionary": 1,
}


class ClickHouse(Dialect):
    """Times without a zone are the wall-clock times that the server shows."""

    name = "clickhouse"
    most_contacts = 1_200_000  # whole columns are returned at once
    hour = 3_600_000_000
    failures = (sa.exc.SQLAlchemyError, pa.ArrowException, OSError)

    def url(self, url: sa.URL) -> sa.URL:
        """With the words of `clickhouse_words`, by whichever name the URL calls the engine."""
        clickhouse_words.register()
        return url.set(drivername=clickhouse_words.DRIVER)

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        settings = SETTINGS | {"max_execution_time": math.ceil(seconds) + 1}
        own = {"tz_mode": "aware", "autogenerate_session_id": False, "connect_timeout": 10}
        own |= {"send_receive_timeout": math.ceil(seconds) + 10}
        return {"connect_args": own | {f"ch_{name}": value for name, value in settings.items()}}

    def stop(self, connection: Any) -> None:
        """By a question beside it, as the query of a connection is known by its comment."""
        with contextlib.suppress(Exception):  # the query may have ended in this moment
            connection.client.command(f"KILL QUERY WHERE Settings['log_comment'] = '{connection.comment}'")

    def was_stopped(self, error: BaseException) -> bool:
        return getattr(error, "code", None) in STOPPED

    # whole columns at once

    def fetch_coded(
        self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], numbers: Sequence[bool]
    ) -> list[Coded]:
        """The columns of a query as codes, from one Arrow table."""
        return of_table(_table(connection, query))

    def fetch_sums(
        self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], keys: int
    ) -> tuple[list[Coded], Floats]:
        """As codes and numbers, from one Arrow table."""
        table = _table(connection, query)
        return of_table(table.select(range(keys))), numbers_of_table(table.select(range(keys, table.num_columns)))

    def fetch_batches(self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> Iterator[Any]:
        """Arrow tables as the server makes them."""
        batches = _asked(connection, query)
        yield _as_said(batches.schema.empty_table(), query)
        for batch in batches:
            yield _as_said(pa.Table.from_batches([batch]), query)

    # times

    def local_time(self, column: Expression, zone: str) -> Expression:
        if getattr(column.type, "timezone", False):
            return sa.func.wall_clock(column, _quoted(zone), type_=sa.DateTime())
        return sa.cast(column, sa.DateTime) if isinstance(column.type, sa.Date) else column

    def moment(self, column: Expression, day: date, zone: str) -> Any:
        """Midnight in the type of times, so that an index can serve."""
        if not isinstance(column.type, sa.DateTime):
            return day
        own = (_quoted(zone),) if column.type.timezone else ()
        return sa.func.toDateTime64(f"{day.isoformat()} 00:00:00", 0, *own, type_=column.type)

    def seconds(self, start: Expression, end: Expression) -> Expression:
        return self.gap(start, end) / 1e6

    def gap(self, start: Expression, end: Expression) -> Expression:
        earlier, later = (sa.cast(c, sa.DateTime) if isinstance(c.type, sa.Date) else c for c in (start, end))
        return sa.func.dateDiff(MICROSECONDS, earlier, later, type_=sa.BigInteger)

    def last_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        return _over(sa.func.max, time, whose, _instant(time), (None, -1))

    def next_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        return self.least_after(time, time, whose)

    def least_after(self, times: Expression, time: Expression, whose: Sequence[Expression]) -> Expression:
        return _over(sa.func.min, times, whose, _instant(time), (1, None))

    def time_part(self, column: Expression, part: str) -> Expression:
        if getattr(column, "name", None) == "wall_clock":  # shown in its zone, each part is right without a shift
            column = sa.func.toTimeZone(*column.clauses, type_=sa.DateTime(timezone=True))
        numbers = {"day_of_month": sa.func.toDayOfMonth, "weekday": sa.func.toDayOfWeek, "hour": sa.func.toHour}
        if part in numbers:
            return numbers[part](column, type_=sa.Integer)
        day = sa.func.toDate32(column, type_=sa.Date)
        starts = {"week": sa.func.toMonday, "month": sa.func.toStartOfMonth}
        return starts[part](day, type_=sa.Date) if part in starts else day

    # numbers and texts

    def number(self, column: Expression) -> Expression:
        if not isinstance(column.type, sa.String):
            return super().number(column)
        text = sa.func.trim(sa.cast(column, sa.String))
        return sa.case((column.regexp_match(NUMERAL), sa.func.toFloat64OrNull(text, type_=sa.Double)))

    def contains(self, text: Expression, part: str) -> Expression:
        return sa.func.position(text, part, type_=sa.Integer) > 0

    # samples

    def sampled(
        self,
        table: sa.FromClause,
        columns: Sequence[Expression],
        conditions: Sequence[Expression],
        *,
        identity: Expression | None,
        most: int,
        of: int,
    ) -> sa.Select[Any]:
        """Without an identity, rows are told apart by all that they hold."""
        known = ROW if identity is None else identity
        return super().sampled(table, columns, conditions, identity=known, most=most, of=of)

    def bucket(self, identity: Expression) -> Expression | None:
        whole = isinstance(identity.type, sa.Integer)
        known = sa.func.coalesce(identity, 0) if whole else sa.func.coalesce(sa.cast(identity, sa.String), "")
        return sa.func.bitAnd(sa.func.cityHash64(known), BUCKETS - 1, type_=sa.BigInteger)

    def chance(self) -> Expression | None:
        return sa.func.bitAnd(ROW, BUCKETS - 1, type_=sa.BigInteger)


def _quoted(zone: str) -> Expression:
    return sa.literal_column("'" + zone.replace("'", "") + "'")


def _instant(time: Expression) -> Expression:
    """Microseconds since 1970, by which a window can count from one row to others."""
    return sa.func.toUnixTimestamp64Micro(sa.cast(time, sa.DateTime), type_=sa.BigInteger)


def _over(
    function: Any,
    times: Expression,
    whose: Sequence[Expression],
    order: Expression,
    reach: tuple[int | None, int | None],
) -> Expression:
    """Of the moments in reach; NULL where there are none, for which the values must be able to be NULL."""
    able = sa.func.toNullable(times, type_=times.type)
    result: Expression = function(able, type_=times.type).over(partition_by=whose, order_by=order, range_=reach)
    return result


def _asked(connection: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> Any:
    """A reader of Arrow batches. Words of an Enum and times would come as bare numbers, so they are cast first."""
    columns = [_plain(column) for column in query.selected_columns]
    wanted = query.with_only_columns(*columns, maintain_column_froms=True)
    result: Any = connection.execute(wanted, execution_options={clickhouse_words.ARROW: True})
    return result.cursor.arrow


def _plain(column: Any) -> Any:
    bare = column.element if isinstance(column, sa.Label) else column
    if isinstance(column.type, sa.Enum | clickhouse_words.Padded):
        return sa.cast(bare, sa.String).label(column.name)
    if isinstance(column.type, sa.DateTime):
        return sa.func.exact_moment(bare, type_=column.type).label(column.name)
    return column


def _table(connection: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> Any:
    return _as_said(_asked(connection, query).read_all(), query)


def _as_said(table: Any, query: sa.Select[*tuple[Any, ...]]) -> Any:
    """Times without a zone are without one in Arrow too; those with one are in UTC."""
    for place, column in enumerate(query.selected_columns):
        if pa.types.is_timestamp(table.schema.field(place).type):
            zoned = getattr(column.type, "timezone", False)
            own = table.column(place)
            plain = own.cast(pa.timestamp("us", "UTC")) if zoned else pa.compute.local_timestamp(own)
            table = table.set_column(place, table.schema.field(place).name, plain)
    return table
