"""Standard SQL, as PostgreSQL speaks it: what an engine without words of its own is asked in."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import NamedFromClause

from data_access.warehouse.arrow_rows import of_kinds
from data_access.warehouse.coded import Coded, Floats, keys_and_numbers, of_rows
from data_access.warehouse.dialects.places import by_place
from data_access.warehouse.dialects.writer import RollupPlace

Expression = ColumnElement[Any]
BUCKETS = 2**20
CHUNK = 50_000  # rows kept at a time while they are coded
NUMERAL = r"^\s*[-+]?[0-9]+(\.[0-9]+)?\s*$"
TURN, TURNS = 40_503, 2**16  # near the golden ratio


def is_true(column: Expression) -> Expression:
    """Whether a flag column says yes, whatever way it stores it; blank is no."""
    if isinstance(column.type, sa.Boolean):
        return sa.func.coalesce(column, sa.false())
    if isinstance(column.type, sa.Numeric | sa.Integer | sa.Float):
        return sa.func.coalesce(column, 0) != 0
    text = sa.func.lower(sa.cast(column, sa.String))
    return sa.func.coalesce(text, "").in_(["1", "true", "t", "yes", "y", "是"])


class Dialect(RollupPlace):
    """One engine: how it is opened and stopped, and how it says what the queries need.

    name: as in a SQLAlchemy URL, where a URL is made. suffixes: of its files, for an engine that keeps a file.
    keeps_order: whether rows come as they lie when no order is asked for. most_contacts: as many are fetched in
    seconds. grouping: its name of GROUPING(), most_keys: the arguments that may have. hour: as many as `gap` counts
    make an hour.
    """

    name: ClassVar[str] = ""
    suffixes: ClassVar[tuple[str, ...]] = ()
    keeps_order: ClassVar[bool] = False
    has_grouping_sets: ClassVar[bool] = True
    most_keys: ClassVar[int] = 31
    grouping: ClassVar[str] = "grouping"
    most_contacts: ClassVar[int] = 300_000
    hour: ClassVar[int] = 3_600
    failures: ClassVar[tuple[type[Exception], ...]] = (sa.exc.SQLAlchemyError,)

    # how it is opened and stopped

    def url(self, url: sa.URL) -> sa.URL:
        """The address with the driver it is spoken to by."""
        return url

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        """Arguments of `create_engine` that keep it from writing and from running for ever."""
        return {}

    def prepare(self, engine: sa.Engine) -> None:
        """What else must hold of an engine before its first query."""

    def stop(self, connection: Any) -> None:
        """Interrupt what a driver's connection is running."""
        with contextlib.suppress(Exception):  # the query may have ended in this moment
            connection.cancel()

    def cut(self, connection: Any) -> None:
        """End the line below whoever waits on it, for the engine does not answer any more; it is used no more."""

    def was_stopped(self, error: BaseException) -> bool:
        """Whether a driver's error says that its query was interrupted; its text is no sign: it holds the query."""
        return False

    def as_read(self, table: sa.Table, connection: sa.Connection) -> NamedFromClause:
        """A table as its columns are compared and read: here the table itself."""
        return table

    def fetch_coded(
        self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], numbers: Sequence[bool]
    ) -> list[Coded]:
        """The columns of a query as codes: rows come in chunks, so that only codes are kept."""
        rows: Any = connection.execute(query, execution_options={"stream_results": True})
        return of_rows(rows.partitions(CHUNK), numbers)

    def fetch_sums(
        self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], keys: int
    ) -> tuple[list[Coded], Floats]:
        """The first columns of a query as codes, the others as numbers (columns, rows), 0 for NULL."""
        rows: Any = connection.execute(query, execution_options={"stream_results": True})
        return keys_and_numbers(rows.partitions(CHUNK), keys, len(rows.keys()))

    def fetch_batches(self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> Iterator[Any]:
        """The rows of a query as Arrow tables, one of no rows where there are none."""
        columns = [(column.name, column.type) for column in query.selected_columns]
        rows: Any = connection.execute(query, execution_options={"stream_results": True})
        yield of_kinds(columns, ())
        yield from (of_kinds(columns, chunk) for chunk in rows.partitions(CHUNK))

    # times

    def local_time(self, column: Expression, zone: str) -> Expression:
        """The column as wall-clock time of `zone`; a column without zone is taken as that already."""
        if getattr(column.type, "timezone", False):
            return sa.func.timezone(zone, column, type_=sa.DateTime)
        return sa.cast(column, sa.DateTime) if isinstance(column.type, sa.Date) else column

    def moment(self, column: Expression, day: date, zone: str) -> Any:
        """Midnight at the start of `day`, comparable with `column` itself: an index or a zone map can serve."""
        if getattr(column.type, "timezone", False):
            return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        return day if isinstance(column.type, sa.Date) else datetime(day.year, day.month, day.day)

    def comparable(self, column: Expression, at: datetime) -> tuple[Expression, Expression]:
        """A column of wall-clock times and a moment, as what the two can be compared as."""
        return column, sa.literal(at, sa.DateTime)

    def stored_time(self, column: Expression) -> Expression:
        """A column of times as what its moments are compared with."""
        return column

    def known_time(self, column: Expression) -> Expression:
        """A column of times without what only stands for none."""
        return column

    def day(self, day: date) -> Any:
        """A day as what `time_part` gives for one."""
        return day

    def seconds(self, start: Expression, end: Expression) -> Expression:
        """Seconds from one time column to another, below 0 where the end lies first."""
        later, earlier = (sa.cast(c, sa.DateTime) if isinstance(c.type, sa.Date) else c for c in (end, start))
        return sa.cast(sa.extract("epoch", sa.type_coerce(later - earlier, sa.Interval)), sa.Double)

    def gap(self, start: Expression, end: Expression) -> Expression:
        """How far apart two times are, of which `hour` make an hour; what the engine has with the least work."""
        return self.seconds(start, end)

    def last_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        """The last time before a row's own among the rows with the same `whose`; those of its moment do not count."""
        return sa.func.first_value(time, type_=time.type).over(partition_by=whose, order_by=time, groups=(-1, -1))

    def next_moment(self, time: Expression, whose: Sequence[Expression]) -> Expression:
        """As `last_moment`, the first time after it."""
        return sa.func.first_value(time, type_=time.type).over(partition_by=whose, order_by=time, groups=(1, 1))

    def least_after(self, times: Expression, time: Expression, whose: Sequence[Expression]) -> Expression:
        """The first of other times that rows with the same `whose` hold whose own `time` comes after a row's own."""
        return sa.func.min(times, type_=times.type).over(partition_by=whose, order_by=time, groups=(1, None))

    def time_part(self, column: Expression, part: str) -> Expression:
        """day_of_month 1-31, weekday 1-7 (Monday first), hour 0-23, or the first day of the day, week or month."""
        numbers = {"day_of_month": "day", "weekday": "isodow", "hour": "hour"}
        if part in numbers:
            return sa.cast(sa.extract(numbers[part], column), sa.Integer)
        if part == "day":
            return sa.cast(column, sa.Date)
        return sa.cast(sa.func.date_trunc(part, column), sa.Date)

    # numbers and texts

    def number(self, column: Expression) -> Expression:
        """The column as a double, as sums of squares would overflow a small integer; NULL for words in a text."""
        if isinstance(column.type, sa.Boolean):  # PostgreSQL refuses the cast
            return sa.case((column, 1.0), (sa.not_(column), 0.0))
        if isinstance(column.type, sa.String):
            text = sa.cast(column, sa.String)
            return sa.case((text.regexp_match(NUMERAL), sa.cast(text, sa.Double)))
        return sa.cast(column, sa.Double)

    def floor(self, number: Expression) -> Expression:
        """The largest whole number up to a double."""
        return sa.func.floor(number, type_=sa.Double)

    def nothing(self, kind: Any) -> Expression:
        """NULL of a kind."""
        return sa.cast(sa.null(), kind)

    def contains(self, text: Expression, part: str) -> Expression:
        """Whether a text contains another; capital letters count."""
        return sa.func.strpos(text, part, type_=sa.Integer) > 0

    # samples

    def bucket(self, identity: Expression) -> Expression | None:
        """A hash of an identity, from 0 to BUCKETS; None where the engine has none."""
        return None

    def chance(self) -> Expression | None:
        """As `bucket` where nothing tells rows apart: the same for a row each time it is asked for in the same words.

        None where rows lie in an order that a query keeps: their place tells them apart.
        """
        return None

    def row_hash(self, table: sa.FromClause) -> Expression | None:
        """A number of a row's cells, to draw rows by that nothing identifies; None where they keep their place."""
        return None

    def digest(self, columns: Sequence[Expression]) -> Expression:
        """One number of all rows, in whatever order, that changes with any cell; asked of files alone."""
        raise NotImplementedError(f"{self.name} holds no files")

    def row_place(self) -> Expression | None:
        """The place of a row in its table, without sorting; None where the engine keeps none."""
        return None

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
        """Columns of the rows that meet all conditions, or of about `most` (never more, in practice) of these `of`.

        The same rows each time: those whose identity has a small hash, or every n-th without one.
        """
        query = sa.select(*columns).select_from(table).where(*conditions)
        if of > most:
            bucket = self.chance() if identity is None else self.bucket(identity)
            if bucket is None:
                return self._every_nth(query, identity, most, of)
            few = max(1, int(BUCKETS * (most - 5 * math.sqrt(most)) / of))  # the number drawn varies by its root
            query = query.where(bucket < few)
        return query if identity is None or self.keeps_order else query.order_by(identity)

    def _every_nth(self, query: sa.Select[Any], identity: Expression | None, most: int, of: int) -> sa.Select[Any]:
        place = sa.func.row_number().over(order_by=identity)
        rows = query.add_columns(place.label("place")).subquery("rows")
        kept = (sa.cast(rows.c.place, sa.BigInteger) * most) % of < most
        query = sa.select(*(c for c in rows.c if c.name != "place")).where(kept)
        return query if self.keeps_order else query.order_by(rows.c.place)

    def random_part(self, identity: Expression | None, parts: int) -> Expression:
        """0 .. parts - 1, about as often: by a hash of the identity, or where there is none by the place of the row.

        The places take turns by the golden ratio, so that no pattern in the order of the rows falls into one part.
        """
        bucket = self.chance() if identity is None else self.bucket(identity)
        if bucket is not None:
            return (bucket * parts) // BUCKETS
        place = sa.func.row_number().over() if identity is None else sa.func.dense_rank().over(order_by=identity)
        return ((sa.cast(place, sa.BigInteger) * TURN) % TURNS * parts) // TURNS

    # several cuts in one query

    def grouped(
        self, rows: sa.Subquery, sets: Sequence[Sequence[str]], measures: Sequence[Expression]
    ) -> sa.Select[Any]:
        """Aggregate `rows` once for each set of columns. Column `grouping` says which set (its place) a row is of.

        No two sets hold the same columns. Keys that are not part of a row's set come back NULL. Engines without
        GROUPING SETS get a UNION ALL. Rows come in the order of their keys: sums of fractions over them are the same
        every time.
        """
        keys = list(dict.fromkeys(key for one in sets for key in one))
        return self._grouped(rows, keys, sets, measures).order_by(*by_place(len(keys) + 1))

    def _grouped(
        self, rows: sa.Subquery, keys: Sequence[str], sets: Sequence[Sequence[str]], measures: Sequence[Expression]
    ) -> sa.Select[Any]:
        if len(sets) == 1 or not self.has_grouping_sets or len(keys) > self.most_keys:
            parts = [self._one_set(rows, keys, one, i, measures) for i, one in enumerate(sets)]
            return parts[0] if len(parts) == 1 else sa.select(sa.union_all(*parts).subquery())
        columns = [rows.c[key] for key in keys]
        masks = {_mask(keys, one): i for i, one in enumerate(sets)}
        which = sa.case(masks, value=getattr(sa.func, self.grouping)(*columns)).label("grouping")
        spec = sa.func.grouping_sets(*(sa.tuple_(*(rows.c[k] for k in one)) for one in sets))
        return sa.select(which, *columns, *measures).group_by(spec)

    def _one_set(
        self, rows: sa.Subquery, keys: Sequence[str], one: Sequence[str], place: int, measures: Sequence[Expression]
    ) -> sa.Select[Any]:
        columns = [rows.c[k] if k in one else self.nothing(rows.c[k].type).label(k) for k in keys]
        query = sa.select(sa.literal(place).label("grouping"), *columns, *measures)
        return query.group_by(*(rows.c[k] for k in one)) if one else query


def _mask(keys: Sequence[str], one: Sequence[str]) -> int:
    """GROUPING() of a set: one bit a key, most significant first, 1 where the key is rolled up."""
    return int("".join("0" if key in one else "1" for key in keys), 2)
