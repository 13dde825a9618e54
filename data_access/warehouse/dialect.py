"""What one engine says differently from another, one function each. Nothing else asks which engine it is.

Checked on DuckDB, PostgreSQL and SQLite; an engine that is not named here is spoken to as PostgreSQL.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

Expression = ColumnElement[Any]
WITHOUT_GROUPING_SETS = ("sqlite", "mysql", "mariadb")
MOST_KEYS = 31  # arguments of GROUPING() in PostgreSQL
KEEPING_ORDER = ("duckdb", "sqlite")  # engines whose rows come as they lie when no order is asked for
BUCKETS = 2**20
HASHES: dict[str, Callable[[Expression], Expression]] = {  # of an identity, from 0 to BUCKETS
    "duckdb": lambda e: sa.func.hash(e, type_=sa.BigInteger).op("%")(sa.literal_column(str(BUCKETS))),
    "postgresql": lambda e: sa.func.hashtext(sa.func.coalesce(sa.cast(e, sa.Text), "")).op("&")(BUCKETS - 1),
}
TURN, TURNS = 40_503, 2**16  # near the golden ratio
NUMERAL = r"^\s*[-+]?[0-9]+(\.[0-9]+)?\s*$"


def local_time(engine: str, column: Expression, zone: str) -> Expression:
    """The column as wall-clock time of `zone`; a column without zone is taken as that already."""
    if engine != "sqlite" and getattr(column.type, "timezone", False):
        return sa.func.timezone(zone, column, type_=sa.DateTime)
    return sa.cast(column, sa.DateTime) if engine != "sqlite" and isinstance(column.type, sa.Date) else column


def moment(engine: str, column: Expression, day: date, zone: str) -> Any:
    """Midnight at the start of `day`, comparable with `column` itself so that an index or a zone map can serve.

    SQLite keeps times as text, where '2026-10-01' sorts before every time of that day; a bound datetime would
    carry microseconds and lose the row of exactly midnight.
    """
    if engine == "sqlite":
        return sa.literal(day.isoformat(), sa.String)
    if getattr(column.type, "timezone", False):
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    if isinstance(column.type, sa.Date):
        return day
    return datetime(day.year, day.month, day.day)


def seconds(engine: str, start: Expression, end: Expression) -> Expression:
    """Seconds from one time column to another, below 0 where the end lies first; SQLite drops fractions."""
    if engine == "sqlite":
        return sa.cast(_unix_seconds(end) - _unix_seconds(start), sa.Double)
    later, earlier = (sa.cast(c, sa.DateTime) if isinstance(c.type, sa.Date) else c for c in (end, start))
    return sa.cast(sa.extract("epoch", sa.type_coerce(later - earlier, sa.Interval)), sa.Double)


def _unix_seconds(column: Expression) -> Expression:
    return sa.cast(sa.func.strftime("%s", sa.type_coerce(column, sa.String)), sa.BigInteger)


def time_part(engine: str, column: Expression, part: str) -> Expression:
    """day_of_month 1-31, weekday 1-7 (Monday first), hour 0-23, or the first day of the day, week or month."""
    if engine == "sqlite":
        return _sqlite_time_part(column, part)
    numbers = {"day_of_month": "day", "weekday": "isodow", "hour": "hour"}
    if part in numbers:
        return sa.cast(sa.extract(numbers[part], column), sa.Integer)
    return sa.cast(sa.func.date_trunc(part, column), sa.Date)


def _sqlite_time_part(column: Expression, part: str) -> Expression:
    column = sa.type_coerce(column, sa.String)
    if part == "week":
        return sa.func.date(column, "weekday 0", "-6 days", type_=sa.String)
    if part == "weekday":
        sunday_first = sa.cast(sa.func.strftime("%w", column), sa.Integer)
        return sa.case((sunday_first == 0, 7), else_=sunday_first)
    formats = {"day_of_month": "%d", "hour": "%H", "day": "%Y-%m-%d", "month": "%Y-%m-01"}
    text = sa.func.strftime(formats[part], column, type_=sa.String)
    return sa.cast(text, sa.Integer) if part in ("day_of_month", "hour") else text


def is_true(column: Expression) -> Expression:
    """Whether a flag column says yes, whatever way it stores it; blank is no."""
    if isinstance(column.type, sa.Boolean):
        return sa.func.coalesce(column, sa.false())
    if isinstance(column.type, sa.Numeric | sa.Integer | sa.Float):
        return sa.func.coalesce(column, 0) != 0
    text = sa.func.lower(sa.cast(column, sa.String))
    return sa.func.coalesce(text, "").in_(["1", "true", "t", "yes", "y", "是"])


def number(engine: str, column: Expression) -> Expression:
    """The column as a double, so that sums of squares cannot overflow a small integer; NULL for words in a text."""
    kind = column.type
    if isinstance(kind, sa.Boolean) and engine != "sqlite":  # PostgreSQL refuses the cast; SQLite keeps 0 and 1
        return sa.case((column, 1.0), (sa.not_(column), 0.0))
    if isinstance(kind, sa.String):
        text = sa.cast(column, sa.String)
        return sa.case((text.regexp_match(NUMERAL), sa.cast(text, sa.Double)))
    return sa.cast(column, sa.Double)


def floor(engine: str, number: Expression) -> Expression:
    """The largest whole number up to a double; SQLite may come without the function, and cuts off in a cast."""
    if engine != "sqlite":
        return sa.func.floor(number, type_=sa.Double)
    cut = sa.cast(number, sa.BigInteger)
    return sa.case((cut > number, cut - 1), else_=cut)


def places(count: int) -> list[Expression]:
    """The first columns of a query by place, to group by: a bound value makes an expression a new one each time."""
    return [sa.literal_column(str(i)) for i in range(1, count + 1)]


def holds(engine: str, text: Expression, part: str) -> Expression:
    """Whether a text holds a part, letter by letter; LIKE would take SQLite's word that a is A."""
    find = sa.func.instr if engine == "sqlite" else sa.func.strpos
    return find(text, part, type_=sa.Integer) > 0


def sampled(
    engine: str,
    table: sa.Table,
    columns: Sequence[Expression],
    conditions: Sequence[Expression],
    identity: Expression | None,
    most: int,
    of: int,
) -> sa.Select[Any]:
    """Columns of the rows that meet all conditions, or of about `most` (never more, in practice) of these `of`.

    The same rows each time: those whose identity has a small hash, or without one every so-manieth.
    """
    query = sa.select(*columns).select_from(table).where(*conditions)
    if of > most and identity is not None and engine in HASHES:
        few = max(1, int(BUCKETS * (most - 5 * math.sqrt(most)) / of))  # the number of rows drawn varies by its root
        query = query.where(HASHES[engine](identity) < few)
    elif of > most:
        return _every_so_manieth(engine, query, identity, most, of)
    return query if identity is None or engine in KEEPING_ORDER else query.order_by(identity)


def _every_so_manieth(
    engine: str, query: sa.Select[Any], identity: Expression | None, most: int, of: int
) -> sa.Select[Any]:
    place = sa.func.row_number().over(order_by=identity)
    rows = query.add_columns(place.label("place")).subquery("rows")
    kept = (sa.cast(rows.c.place, sa.BigInteger) * most) % of < most
    query = sa.select(*(c for c in rows.c if c.name != "place")).where(kept)
    return query if engine in KEEPING_ORDER else query.order_by(rows.c.place)


def parted(engine: str, identity: Expression | None, parts: int) -> Expression:
    """0 .. parts - 1, about as often: by a hash of the identity, or where there is none by the place of the row.

    The places take turns by the golden ratio, so that no pattern in the order of the rows falls into one part.
    """
    if identity is not None and engine in HASHES:
        return (HASHES[engine](identity) * parts) // BUCKETS
    place = sa.func.row_number().over() if identity is None else sa.func.dense_rank().over(order_by=identity)
    return ((sa.cast(place, sa.BigInteger) * TURN) % TURNS * parts) // TURNS


def grouped(
    engine: str, rows: sa.Subquery, sets: Sequence[Sequence[str]], measures: Sequence[Expression]
) -> sa.Select[Any]:
    """Aggregate `rows` once for each set of columns. Column `grouping` says which set (its place) a row is of.

    No two sets hold the same columns. Keys that are not part of a row's set come back NULL. Engines without GROUPING
    SETS get a UNION ALL. Rows come in the order of their keys: sums of fractions over them are the same every time.
    """
    keys = list(dict.fromkeys(key for one in sets for key in one))
    return _grouped(engine, rows, keys, sets, measures).order_by(*places(len(keys) + 1))


def _grouped(
    engine: str, rows: sa.Subquery, keys: Sequence[str], sets: Sequence[Sequence[str]], measures: Sequence[Expression]
) -> sa.Select[Any]:
    if len(sets) == 1 or engine in WITHOUT_GROUPING_SETS or len(keys) > MOST_KEYS:
        parts = [_one_set(rows, keys, one, i, measures) for i, one in enumerate(sets)]
        if len(parts) == 1:
            return parts[0]
        union = sa.union_all(*parts).subquery()
        return sa.select(union)
    columns = [rows.c[key] for key in keys]
    masks = {_mask(keys, one): i for i, one in enumerate(sets)}
    which = sa.case(masks, value=sa.func.grouping(*columns)).label("grouping")
    spec = sa.func.grouping_sets(*(sa.tuple_(*(rows.c[k] for k in one)) for one in sets))
    return sa.select(which, *columns, *measures).group_by(spec)


def _one_set(
    rows: sa.Subquery, keys: Sequence[str], one: Sequence[str], place: int, measures: Sequence[Expression]
) -> sa.Select[Any]:
    columns = [rows.c[k] if k in one else sa.cast(sa.null(), rows.c[k].type).label(k) for k in keys]
    query = sa.select(sa.literal(place).label("grouping"), *columns, *measures)
    return query.group_by(*(rows.c[k] for k in one)) if one else query


def _mask(keys: Sequence[str], one: Sequence[str]) -> int:
    """GROUPING() of a set: one bit a key, most significant first, 1 where the key is rolled up."""
    return int("".join("0" if key in one else "1" for key in keys), 2)
