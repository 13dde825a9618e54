"""A companion table asked as if it were the contacts: with its own times, and the dimensions of what it is about.

A dimension stands in a column of the table itself, or else is that of the contact which the row names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.selectable import NamedFromClause

from data_access.row_roles import Time
from data_access.selection import Filter, Period
from data_access.semantics import Dimension, near
from data_access.statement import BadInput
from data_access.warehouse import cells, scoped
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place, is_true
from data_access.warehouse.expressions import Expressions


def as_contacts(
    contacts: Contacts,
    role: str,
    *,
    time: str,
    needed: Sequence[str],
    cuts: Iterable[str],
    scope: Sequence[Filter],
    own_only: bool = False,
    borrowed: Sequence[str] = (),
) -> Contacts:
    """The rows of a companion table that the scope lets through, to be cut by any of `cuts`.

    borrowed: further columns of the contact that a row names. own_only: whether a dimension must be a column of the
    table, since some of its rows are about no contact.
    Raises BadInput where the model names no such table, where it lacks a column, or where nothing says which member
    of a dimension a row belongs to.
    """
    table = _table(contacts, role, (time, *needed))
    names = dict.fromkeys([*cuts, *(part.dimension for part in scope)])
    wanted = {c: name for name in names for c in _columns(contacts.model.dimension(name))}
    lacking = {c: name for c, name in {**wanted, **{c: c for c in borrowed}}.items() if c not in table.c}
    rows: sa.FromClause = table
    if lacking and own_only:
        raise BadInput("service.no_cut", name=next(iter(lacking.values())), table=str(table.name))
    if lacking:
        rows = table.outerjoin(contacts.table, _of_contact(contacts, table, role, next(iter(lacking.values()))))
    columns = [*table.c, *(contacts.table.c[name] for name in lacking)]
    query = sa.select(*columns).select_from(rows).where(*scoped.beside(contacts, table)).subquery(role)
    zone = contacts.model.time.timezone if contacts.model.time else "UTC"
    model = replace(contacts.model, time=Time(time, zone), weight=None, excluded=None)
    found = Contacts(model, contacts.connection, query, Expressions(model, query, contacts.dialect))
    if not scope:
        return found
    within = sa.select(query).where(*found.expressions.where(None, scope)).subquery(f"{role}_within")
    return replace(found, table=within, expressions=Expressions(model, within, contacts.dialect))


def by_day(
    rows: Contacts,
    by: Sequence[str],
    sums: Sequence[Expression],
    names: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
) -> Answer:
    """Sums under their names by the combinations of `by` and day, 0 for none."""
    dimensions = rows.dimensions([*by, "day"])
    keys = [key for d in dimensions for key in rows.expressions.keys(d)]
    places = by_place(len(keys))
    answer = rows.connection.run(rows.select([*keys, *sums], period, filters).group_by(*places).order_by(*places))
    found = cells.memberships(answer.rows, dimensions)
    found[list(names)] = found[list(names)].astype(float).fillna(0.0)
    return Answer(found[[*(d.name for d in dimensions), *names]], answer.sql)


def optional(contacts: Contacts, name: str | None) -> Expression | None:
    """A column of such a table where it has it."""
    return contacts.table.c[name] if name is not None and name in contacts.table.c else None


def is_value(column: Expression, value: str) -> Expression:
    """Whether a column of words, whatever its type, holds this one."""
    return sa.func.lower(sa.cast(column, sa.String)) == value


def total(condition: Expression) -> Expression:
    """How many rows meet a condition."""
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _table(contacts: Contacts, role: str, needed: Sequence[str]) -> NamedFromClause:
    name = contacts.model.tables.get(role)
    if name is None:
        raise BadInput(f"service.no_table.{role}")
    table = contacts.connection.reflect(name)
    for column in needed:
        if column not in table.c:
            raise BadInput("model.no_column", key=f"tables.{role}", name=column, table=name,
                           near=near(column, table.c.keys()))  # fmt: skip
    return table


def is_named_in(contacts: Contacts, role: str, *, so: str = "") -> Expression | None:
    """Whether a row of a companion table names the contact; None where they have no ids to compare.

    so: a column of yes and no that must say yes; None where the table lacks it.
    """
    table = _table(contacts, role, ())
    ids = _ids(contacts, table)
    if ids is None or (so and so not in table.c):
        return None
    only = [is_true(table.c[so])] if so else []
    return ids[0].in_(sa.select(ids[1]).where(ids[1].is_not(None), *only))


def named_ids(contacts: Contacts, role: str) -> tuple[Expression, Expression] | None:
    """The id of a contact, and the one that a row of a companion table names; None without such ids."""
    return _ids(contacts, _table(contacts, role, ()))


def _of_contact(contacts: Contacts, table: NamedFromClause, role: str, dimension: str) -> Expression:
    """The condition that a contact is the one a row names."""
    ids = _ids(contacts, table)
    if ids is None:
        raise BadInput("service.no_cut", name=dimension, table=str(contacts.model.tables[role]))
    same: Expression = ids[1] == ids[0]
    return same


def _ids(contacts: Contacts, table: NamedFromClause) -> tuple[Expression, Expression] | None:
    """The id of a contact, and that of the contact which a row of a table names, of one type."""
    own = contacts.identity
    known = [name for name in ("contact_id", contacts.model.contact_id) if name and name in table.c]
    if own is None or not known:
        return None
    theirs: Expression = table.c[known[0]]
    numbers = all(isinstance(column.type, sa.Integer | sa.Numeric | sa.Float) for column in (theirs, own))
    if type(theirs.type) is not type(own.type) and not numbers:  # 6 and 6.0 are one id, but no one text
        theirs, own = sa.cast(theirs, sa.String), sa.cast(own, sa.String)
    return own, theirs


def _columns(dimension: Dimension) -> list[str]:
    """The columns that say which members a row belongs to; none of a dimension that comes from time."""
    if dimension.built_in:
        return []
    return [c for _, c in dimension.columns] or [str(dimension.column)]


def labelled(name: str, value: Any) -> Expression:
    """A number or a sum under a name."""
    named: Expression = sa.type_coerce(value, sa.Double).label(name)
    return named
