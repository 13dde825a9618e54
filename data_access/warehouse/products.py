"""How do a metric and several measures move together? Their sums of products, which is all a linear model needs.

Only answers count for which the metric and every measure are known, so that all sums speak of the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse import cells
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialect import Expression


def products(
    contacts: Contacts,
    metric: str,
    names: Sequence[str],
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
) -> Answer:
    """As `Warehouse.products` says."""
    measures = [contacts.model.measure(name) for name in names]
    dimensions = contacts.dimensions(by)
    keys = [*(key for d in dimensions for key in contacts.expressions.keys(d)), *contacts.cluster_keys()]
    columns = [contacts.expressions.value(m).label(f"x{i}") for i, m in enumerate(measures, 1)]
    known = [condition for m in measures for condition in contacts.expressions.valid(m)]
    conditions = [*known, *contacts.expressions.where(period, filters)]
    rows = contacts.answers(contacts.model.measure(metric), [*keys, *columns], conditions)
    groups = [rows.c[key.name] for key in keys]
    asked = sa.select(*groups, *_sums(contacts, rows, len(names))).group_by(*groups).order_by(*groups)
    answer = contacts.connection.run(asked)
    frame = cells.memberships(answer.rows, dimensions).drop(columns="part")
    return Answer(frame, answer.sql)


def _sums(contacts: Contacts, rows: sa.Subquery, count: int) -> list[Expression]:
    """n, w, v, sums s0.. and products p0_0.. of the metric (0) and the measures, extremes of these."""
    x = [rows.c.x, *(rows.c[f"x{i}"] for i in range(1, count + 1))]
    w: Expression = rows.c.w if contacts.weighting else sa.literal(1.0)
    total = sa.func.sum
    found: list[Expression] = [sa.func.count().label("n"), total(w).label("w"), total(w * w).label("v")]
    found += [total(w * value).label(f"s{i}") for i, value in enumerate(x)]
    found += [total(w * x[i] * x[j]).label(f"p{i}_{j}") for i in range(len(x)) for j in range(i, len(x))]
    for i, value in enumerate(x[1:], 1):
        found += [sa.func.min(value).label(f"low{i}"), sa.func.max(value).label(f"high{i}")]
    return found


def known(
    contacts: Contacts, metric: str, names: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """Of the valid answers of a metric (column `answers`), how many know each measure (a column each)."""
    measures = [contacts.model.measure(name) for name in names]
    valid = [sa.and_(*contacts.expressions.valid(m)) for m in measures]
    flags = [sa.case((condition, 1), else_=0).label(f"k{i}") for i, condition in enumerate(valid)]
    rows = contacts.answers(contacts.model.measure(metric), flags, contacts.expressions.where(period, filters))
    sums = [sa.func.sum(rows.c[f"k{i}"]).label(name) for i, name in enumerate(names)]
    return contacts.connection.run(sa.select(sa.func.count().label("answers"), *sums))
