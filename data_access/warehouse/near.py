"""Which rows of a calendar lie in a span of days? Asked of the database: twenty years of events stay there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.sql.selectable import NamedFromClause

from data_access.selection import Period
from data_access.warehouse.dialects import Expression

WRITTEN = "____-__-__%"  # a day as a text: the order of such texts is that of their days
A_DAY = timedelta(days=1)  # time zones differ


@dataclass(frozen=True)
class Near:
    """Rows that begin in a span or go on in it, by the first column of each list that a table has, and a few more.

    Only what is surely elsewhere is left out: a day written in words comes along.
    """

    span: Period
    begins: Sequence[str]
    ends: Sequence[str]

    def among(self, query: sa.Select[*tuple[object, ...]], table: NamedFromClause) -> sa.Select[*tuple[object, ...]]:
        """A query of a table with these rows only, the latest first; all of them where it has no such column."""
        begin, end = (next((table.c[n] for n in names if n in table.c), None) for names in (self.begins, self.ends))
        if begin is None:
            return query
        for elsewhere in self._elsewhere(begin, end):
            query = query.where(sa.not_(sa.func.coalesce(elsewhere, sa.false())))
        return query.order_by(begin.desc())

    def _elsewhere(self, begin: Expression, end: Expression | None) -> Iterator[Expression]:
        if self.span.end <= date.max - A_DAY:
            last = self.span.end + A_DAY
            yield _is_day(begin, begin >= _as(begin, last))
        if self.span.start > date.min + A_DAY:
            first = self.span.start - A_DAY
            over = _is_day(begin, begin < _as(begin, first))
            if end is None:
                yield over
            else:
                goes_on = sa.and_(_is_said(end), sa.not_(_is_day(end, end < _as(end, first))))
                yield sa.and_(over, sa.not_(goes_on))


def _is_said(column: Expression) -> Expression:
    return sa.and_(column.is_not(None), column != "") if isinstance(column.type, sa.String) else column.is_not(None)


def _is_day(column: Expression, compared: Expression) -> Expression:
    """The comparison where the column says a day that can be compared; else it does not hold."""
    if isinstance(column.type, sa.DateTime | sa.Date):
        return compared
    return sa.and_(column.like(WRITTEN), compared) if isinstance(column.type, sa.String) else sa.false()


def _as(column: Expression, day: date) -> Expression:
    """A day as a column says it."""
    if isinstance(column.type, sa.DateTime):
        return sa.literal(datetime.combine(day, time()), sa.DateTime())
    return (
        sa.literal(day.isoformat(), sa.String()) if isinstance(column.type, sa.String) else sa.literal(day, sa.Date())
    )
