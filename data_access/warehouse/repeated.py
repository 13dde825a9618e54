"""The same customers before and after: what a paired comparison needs, as counts of pairs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression
from data_access.warehouse.values import fitting_width, step

EACH = ("before", "after")


def repeated(
    contacts: Contacts, metric: str, period: Period, baseline: Period, filters: Iterable[Filter]
) -> Answer | None:
    """As `Warehouse.repeated` says."""
    if contacts.model.customer_id is None:
        return None
    chosen = contacts.model.measure(metric)
    pairs = _pairs(contacts, chosen, contacts.model.customer_id, (baseline, period), list(filters))
    means = [pairs.c[name] for name in EACH]
    both = sa.union_all(*(sa.select(mean.label("x")) for mean in means))
    width = (
        0.0 if chosen.unit.is_bounded else fitting_width(contacts, both, math.isqrt(contacts.connection.most_rows))
    )
    stepped = sa.select(
        *means, *(step(contacts.dialect, m, width).label(f"{n}_step") for n, m in zip(EACH, means, strict=True))
    ).subquery("stepped")
    # Means of a step keep their own mean, so that the mean difference stays exact.
    middle = [sa.func.avg(stepped.c[n]).label(n) for n in EACH]
    query = sa.select(*middle, sa.func.count().label("n")).group_by(*(stepped.c[f"{n}_step"] for n in EACH))
    answer = contacts.connection.run(query.order_by(*middle))
    return Answer(answer.rows.astype(float), answer.sql, width)


def _pairs(
    contacts: Contacts, metric: Metric, customer: str, periods: Sequence[Period], filters: Sequence[Filter]
) -> sa.Subquery:
    """One row a customer who answered in both periods, with the mean of each."""
    e = contacts.expressions
    flags, conditions = contacts.in_each(periods, filters)
    whose = e.column(customer).label("customer")
    answers = contacts.answers(metric, [whose, *flags], [*e.given(customer), *conditions])
    means = [_mean(answers, answers.c[flag.name]).label(name) for name, flag in zip(EACH, flags, strict=True)]
    both = [mean.element.is_not(None) for mean in means]
    return sa.select(*means).group_by(answers.c.customer).having(sa.and_(*both)).subquery("pairs")


def _mean(answers: sa.Subquery, there: Expression) -> Expression:
    """The mean of x, weighted where there are weights, over the answers of one period; NULL without any."""
    if "w" not in answers.c:
        return sa.func.avg(sa.case((there == 1, answers.c.x)))
    weight = sa.case((there == 1, answers.c.w))
    mean: Expression = sa.func.sum(weight * answers.c.x) / sa.func.sum(weight)
    return mean
