"""The rows of a rollup in the place of contacts: whoever asks sees no difference but in how many rows are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.row_roles import Time, Weight
from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from data_access.warehouse.connection import Connection
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import SCHEMA, Expression, by_place
from data_access.warehouse.expressions import Expressions
from data_access.warehouse.rollup_view import HALF, TIMES, View, kept_as_sums, key_columns


@dataclass(frozen=True, kw_only=True)
class RolledContacts(Contacts):
    """Contacts of which those that are alike are one row; it stands for so many of them, as if it were weighed."""

    view: View

    def answers(self, metric: Metric, keys: Sequence[Expression], conditions: Sequence[Expression]) -> sa.Subquery:
        """As of contacts; of a measure that is kept as sums, the sums in the place of x: w, wx, wxx."""
        start = kept_as_sums(self.model, self.view).get(metric.name)
        if start is None:
            return super().answers(metric, keys, conditions)
        n, x, xx = (self.table.c[name] for name in _sums_named(start))
        columns = [*keys, n.label("w"), x.label("wx"), xx.label("wxx")]
        return sa.select(*columns).select_from(self.table).where(n > 0, *conditions).subquery("answers")

    def weighed(self) -> list[Expression]:
        """Every row stands for one contact at least."""
        return []

    def number(self) -> Expression:
        """How many contacts there are."""
        return sa.func.sum(self.table.c[TIMES])

    def half(self) -> sa.Label[Any]:
        """The half of the contacts that a row is of."""
        return self.table.c[HALF].label("half")

    def within(self, scope: Sequence[Filter]) -> RolledContacts:
        """The rows that a scope lets through."""
        if not scope:
            return self
        shown = sa.select(*self.table.c).where(*self.expressions.where(None, scope)).subquery(self.view.name)
        return replace(self, table=shown, expressions=Expressions(self.model, shown, self.dialect))


def rolled(model: SemanticModel, view: View, connection: Connection) -> RolledContacts:
    """The rows of a view, as they lie behind a connection. Raises BadInput where there is no such table."""
    table = connection.reflect(f"{SCHEMA}.{view.name}")
    alike = replace(
        model,
        table=f"{SCHEMA}.{view.name}",
        time=_time(model, view),
        weight=Weight(TIMES, "frequency"),
        excluded=model.excluded if view.valued else None,
        responded=model.responded if view.valued else None,
    )
    return RolledContacts(alike, connection, table, Expressions(alike, table, connection.dialect), view=view)


def _time(model: SemanticModel, view: View) -> Time | None:
    """A day is a day in the zone of the contacts already."""
    return replace(model.time, loaded=None, extracted=None) if model.time and view.grain else None


def statement(contacts: Contacts, view: View) -> sa.Select[Any]:
    """The query that makes a view of contacts, in order of time."""
    keys = _keys(contacts, view)
    model, sums = contacts.model, kept_as_sums(contacts.model, view)
    values = [_value(contacts, model.measure(name)).label(start) for name, start in sums.items()]
    since = [] if not view.since else _since(contacts, view.since)
    rows = sa.select(*keys, *values).select_from(contacts.table).where(*since).subquery("contacts")
    columns: list[Expression] = [*(rows.c[key.name] for key in keys), sa.func.count().label(TIMES)]
    for start in sums.values():
        x = rows.c[start]
        parts = (sa.func.count(x), *(sa.func.coalesce(sa.func.sum(part), 0.0) for part in (x, x * x)))
        columns += [part.label(name) for part, name in zip(parts, _sums_named(start), strict=True)]
    places = by_place(len(keys))
    return sa.select(*columns).group_by(*places).order_by(*places) if keys else sa.select(*columns)


def _sums_named(start: str) -> tuple[str, str, str]:
    return f"{start}_n", f"{start}_x", f"{start}_xx"


def _keys(contacts: Contacts, view: View) -> list[sa.Label[Any]]:
    time, keys = contacts.model.time, list[sa.Label[Any]]()
    if time is not None and view.grain:
        keys.append(grain_key(contacts, view.grain).label(time.column))
    keys += [contacts.table.c[name].label(name) for name in key_columns(contacts.model, view)]
    return [*keys, contacts.half().label(HALF)] if view.halved else keys


def grain_key(contacts: Contacts, grain: str) -> Expression:
    """When a contact happened, in the zone of the model, as its hour, or the first day of its day or month."""
    local = contacts.expressions.local_time()
    if grain == "hour":
        return sa.func.date_trunc("hour", local, type_=sa.DateTime())
    return contacts.dialect.time_part(local, grain)


def _value(contacts: Contacts, metric: Metric) -> Expression:
    """The raw value of a contact whose answer is valid, else NULL."""
    return sa.case((sa.and_(*contacts.valid(metric)), contacts.expressions.value(metric)))


def _since(contacts: Contacts, day: str) -> Iterable[Expression]:
    return contacts.expressions.where(Period(date.fromisoformat(day), date.max), ())
