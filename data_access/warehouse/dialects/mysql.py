"""MySQL, MariaDB and who speaks their protocol (StarRocks, Doris, TiDB): by PyMySQL, in sessions that only read.

Their texts are compared without regard to capitals, accents and blanks at the end unless a collation says otherwise;
here 'Wait' and 'wait' are two members, as everywhere else. They have no GROUPING SETS: WITH ROLLUP would give only
sets that begin alike, and no sign of a key that was NULL before it was rolled up.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.sql.selectable import NamedFromClause

from data_access.warehouse.dialects.base import BUCKETS, NUMERAL, Dialect, Expression
from data_access.warehouse.dialects.zones import offset_of

LONG_AGO = "1970-01-01 00:00:00"
EARLIEST = "0001-01-01"  # a day of zeros, which these engines keep, lies before
EXACT = ("utf8mb4_nopad_bin", "utf8mb4_0900_bin", "utf8mb4_bin")  # of MariaDB, MySQL 8 and what is older; best first
STOPPED = (1317, 1969, 3024)  # by KILL QUERY, by the time limit of MariaDB and of MySQL
SEED = 7
DIGITS = 5  # of a hash in base 16, which are BUCKETS
NETWORK_S = 30.0  # longer than a query may take, before a server is given up


class Moment(sa.TIMESTAMP):
    """A TIMESTAMP as it is read in a session whose time is UTC."""

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        return lambda value: value and value.replace(tzinfo=UTC)


class MySQL(Dialect):
    """Proven on MariaDB 10.11."""

    name = "mysql"
    has_grouping_sets = False
    hour = 3_600_000_000

    def url(self, url: sa.URL) -> sa.URL:
        """With PyMySQL, unless another driver is named."""
        return url if "+" in url.drivername else url.set(drivername="mysql+pymysql")

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        """No transactions: each would cost two more questions, and none of them writes."""
        return {
            "pool_pre_ping": True,
            "isolation_level": "AUTOCOMMIT",
            "skip_autocommit_rollback": True,
            "connect_args": {"connect_timeout": 10, "read_timeout": seconds + NETWORK_S, "conv": _readings()},
            "execution_options": {"seconds": seconds},
        }

    def prepare(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "do_connect", _remembering)
        sa.event.listen(engine, "connect", partial(_confine, engine.get_execution_options()["seconds"]))

    def stop(self, connection: Any) -> None:
        """By a connection of its own: the one that waits for its answer can say nothing."""
        with contextlib.suppress(Exception):  # the query may have ended in this moment
            other = connection.another()
            with contextlib.closing(other), other.cursor() as cursor:
                cursor.execute(f"KILL QUERY {connection.thread_id()}")

    def was_stopped(self, error: BaseException) -> bool:
        return bool(error.args) and error.args[0] in STOPPED

    def as_read(self, table: sa.Table, connection: sa.Connection) -> NamedFromClause:
        """With each text compared to the letter, TINYINT(1) and BIT as yes or no."""
        exact = str(connection.scalar(sa.text("SELECT @@collation_connection")))
        own = {row[0]: row[1] for row in connection.execute(_collations(table))}
        columns = [_as_read(column, own.get(column.name), exact) for column in table.c]
        same = all(new is old for new, old in zip(columns, table.c, strict=True))
        return table if same else sa.select(*columns).subquery(table.name)

    # times

    def local_time(self, column: Expression, zone: str) -> Expression:
        """A TIMESTAMP is kept in UTC, and sessions are in UTC here; a DATETIME is wall-clock time already."""
        known = self.known_time(column)
        if isinstance(column.type, Moment):
            return sa.func.convert_tz(known, "+00:00", offset_of(zone), type_=sa.DateTime)
        return sa.cast(known, sa.DateTime) if isinstance(column.type, sa.Date) else known

    def known_time(self, column: Expression) -> Expression:
        """Not a day of zeros."""
        return sa.type_coerce(sa.case((column >= sa.literal_column(f"'{EARLIEST}'"), column)), column.type)

    def moment(self, column: Expression, day: date, zone: str) -> Any:
        if isinstance(column.type, Moment):
            return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
        return super().moment(column, day, zone)

    def seconds(self, start: Expression, end: Expression) -> Expression:
        return _microseconds(start, end) / 1e6

    def gap(self, start: Expression, end: Expression) -> Expression:
        return _microseconds(start, end)

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

    # numbers and texts

    def number(self, column: Expression) -> Expression:
        """The column as a double by adding one to it: older servers have no cast to one."""
        number = sa.type_coerce(column, sa.Double) + sa.literal_column("0e0", sa.Double)
        return sa.case((column.regexp_match(NUMERAL), number)) if isinstance(column.type, sa.String) else number

    def contains(self, text: Expression, part: str) -> Expression:
        return sa.func.instr(text, part, type_=sa.Integer) > 0

    def nothing(self, kind: Any) -> Expression:
        """No cast: there is none to yes or no."""
        return sa.type_coerce(sa.null(), kind) if isinstance(kind, sa.Boolean) else super().nothing(kind)

    # samples

    def bucket(self, identity: Expression) -> Expression | None:
        """CRC32 would be quicker, but counts on where an identity does."""
        digits = sa.func.substring(sa.func.md5(sa.func.coalesce(sa.cast(identity, sa.String), "")), 1, DIGITS)
        return sa.cast(sa.func.conv(digits, 16, 10), sa.BigInteger)

    def chance(self) -> Expression | None:
        """By a generator with a seed, row after row: numbering them would sort them, each time in another order."""
        return sa.cast(sa.func.floor(sa.func.rand(SEED) * BUCKETS), sa.BigInteger)


def _remembering(dialect: Any, record: Any, args: Any, options: dict[str, Any]) -> Any:
    """A connection that can make another of its kind."""
    made = dialect.connect(*args, **options)
    made.another = partial(dialect.connect, *args, **options)
    return made


def _confine(seconds: float, connection: Any, record: object) -> None:
    """What a session is told before its first query. An engine knows some of it only; what it does not, it refuses.

    A quotient has as many digits as a double, and a number without sign may become less than 0. MariaDB joins by
    hashes once it is told to: row by row, a table beside the contacts takes minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT collation_name FROM information_schema.collations")
        known = {row[0] for row in cursor.fetchall()}
        exact = next((f"SET NAMES utf8mb4 COLLATE {name}" for name in EXACT if name in known), "SET NAMES utf8mb4")
        for wish in (
            exact,
            "SET SESSION TRANSACTION READ ONLY",
            "SET SESSION time_zone = '+00:00'",
            "SET SESSION sql_mode = REPLACE(@@sql_mode, 'ONLY_FULL_GROUP_BY', 'NO_UNSIGNED_SUBTRACTION')",
            "SET SESSION div_precision_increment = 20",
            "SET SESSION join_cache_level = 8",
            f"SET SESSION max_statement_time = {seconds}",
            f"SET SESSION max_execution_time = {int(seconds * 1000)}",
            f"SET SESSION query_timeout = {max(1, int(seconds))}",
        ):
            with contextlib.suppress(*_errors(connection)):
                cursor.execute(wish)


def _errors(connection: Any) -> tuple[type[Exception], ...]:
    return connection.ProgrammingError, connection.OperationalError, connection.InternalError


def _readings() -> dict[Any, Any]:
    """PyMySQL's own ways to read and write values, but for a day of zeros, which it would hand out as a text."""
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions

    times = (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP)
    return {**conversions, **{kind: partial(_time_or_none, conversions[kind]) for kind in times}}


def _time_or_none(reading: Any, text: Any) -> Any:
    value = reading(text)
    return value if isinstance(value, date) else None


def _collations(table: sa.Table) -> sa.Select[str, str]:
    known = sa.table(
        "columns", *(sa.column(n) for n in ("table_schema", "table_name", "column_name", "collation_name")),
        schema="information_schema",
    )  # fmt: skip
    schema = sa.literal(table.schema) if table.schema else sa.func.database()
    return sa.select(known.c.column_name, known.c.collation_name).where(
        known.c.table_schema == schema, known.c.table_name == table.name
    )


def _as_read(column: sa.Column[Any], own: str | None, exact: str) -> Expression:
    kind = column.type
    if isinstance(kind, mysql.TINYINT) and kind.display_width == 1:
        return sa.type_coerce(column, sa.Boolean).label(column.name)
    if isinstance(kind, mysql.BIT):
        number = sa.type_coerce(column, sa.BigInteger) + 0
        return sa.type_coerce(number, sa.Boolean if kind.length == 1 else sa.BigInteger).label(column.name)
    if isinstance(kind, sa.TIMESTAMP):
        return sa.type_coerce(column, Moment()).label(column.name)
    if not isinstance(kind, sa.String) or exact not in EXACT or own == exact:
        return column
    text = column if own and own.startswith("utf8mb4_") else sa.cast(column, mysql.CHAR(charset="utf8mb4"))
    return sa.type_coerce(sa.collate(text, exact), sa.String).label(column.name)


def _microseconds(start: Expression, end: Expression) -> Expression:
    return sa.func.timestampdiff(sa.literal_column("MICROSECOND"), start, end, type_=sa.BigInteger)
