"""SQLite: times are texts, truth values are 0 and 1, and there are no GROUPING SETS."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from data_access.addresses import SERVED_SUFFIXES
from data_access.warehouse.dialects.base import Dialect, Expression


class SQLite(Dialect):
    """A file that is opened to read."""

    name = "sqlite"
    suffixes = SERVED_SUFFIXES
    keeps_order = True
    has_grouping_sets = False

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        file = f"file:{quote(str(url.database))}?mode=ro"
        return {"creator": lambda: sqlite3.connect(file, uri=True, check_same_thread=False)}

    def stop(self, connection: Any) -> None:
        with contextlib.suppress(Exception):  # the query may have ended in this moment
            connection.interrupt()

    def was_stopped(self, error: BaseException) -> bool:
        return str(error) == "interrupted"

    def local_time(self, column: Expression, zone: str) -> Expression:
        """The column as it is: its texts are wall-clock times."""
        return column

    def moment(self, column: Expression, day: date, zone: str) -> Any:
        """The day as a text, which sorts before every time of that day.

        A bound datetime would carry microseconds and lose the row of exactly midnight.
        """
        return sa.literal(day.isoformat(), sa.String)

    def comparable(self, column: Expression, at: datetime) -> tuple[Expression, Expression]:
        return _unix_seconds(column), sa.literal(int(at.replace(tzinfo=UTC).timestamp()), sa.BigInteger)

    def stored_time(self, column: Expression) -> Expression:
        return sa.type_coerce(column, sa.String)

    def day(self, day: date) -> Any:
        return day.isoformat()

    def seconds(self, start: Expression, end: Expression) -> Expression:
        """Seconds from one time column to another; fractions are dropped."""
        return sa.cast(_unix_seconds(end) - _unix_seconds(start), sa.Double)

    def time_part(self, column: Expression, part: str) -> Expression:
        column = sa.type_coerce(column, sa.String)
        if part == "week":
            return sa.func.date(column, "weekday 0", "-6 days", type_=sa.String)
        if part == "weekday":
            sunday_first = sa.cast(sa.func.strftime("%w", column), sa.Integer)
            return sa.case((sunday_first == 0, 7), else_=sunday_first)
        formats = {"day_of_month": "%d", "hour": "%H", "day": "%Y-%m-%d", "month": "%Y-%m-01"}
        text = sa.func.strftime(formats[part], column, type_=sa.String)
        return sa.cast(text, sa.Integer) if part in ("day_of_month", "hour") else text

    def number(self, column: Expression) -> Expression:
        return sa.cast(column, sa.Double) if isinstance(column.type, sa.Boolean) else super().number(column)

    def floor(self, number: Expression) -> Expression:
        """By a cast, which cuts off: SQLite may come without the function."""
        cut = sa.cast(number, sa.BigInteger)
        return sa.case((cut > number, cut - 1), else_=cut)

    def contains(self, text: Expression, part: str) -> Expression:
        """Whether a text holds a part; LIKE would take a for A."""
        return sa.func.instr(text, part, type_=sa.Integer) > 0


def _unix_seconds(column: Expression) -> Expression:
    return sa.cast(sa.func.strftime("%s", sa.type_coerce(column, sa.String)), sa.BigInteger)
