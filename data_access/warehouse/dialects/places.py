"""How does a query name one of its own columns? By its place; where an engine groups by no places, by its words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement


class Place(sa.ColumnClause[Any]):
    """A column of the query that it stands in."""

    inherit_cache = True


def by_place(count: int) -> list[ColumnElement[Any]]:
    """The first columns of a query by place, to group by: a bound value makes an expression a new one each time."""
    return [Place(str(i), is_literal=True) for i in range(1, count + 1)]


def written_out(engine: str) -> None:
    """An engine, by the name of its SQL, that takes no place to group by is given the column itself."""
    compiles(Place, engine)(_column)


def _column(place: Place, compiler: Any, **options: Any) -> str:
    query = compiler.stack[-1]["selectable"]
    if not isinstance(query, sa.Select):
        return str(place.name)
    column = query._raw_columns[int(place.name) - 1]
    return str(compiler.process(column.element if isinstance(column, sa.Label) else column))
