"""How does a metric answer to more of a measure? Its sums by the value of the measure, rounded where many."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse import cells
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.values import MOST_ROWS, fitting_width, on_grid, room, step


def dose(contacts: Contacts, metric: str, measure: str, period: Period | None, filters: Iterable[Filter]) -> Answer:
    """As `Warehouse.dose` says."""
    own = contacts.model.measure(measure)
    clusters = contacts.cluster_keys()
    keys = [*clusters, contacts.expressions.value(own).label("dose")]
    conditions = [*contacts.expressions.valid(own), *contacts.expressions.where(period, filters)]
    answers = contacts.answers(contacts.model.measure(metric), keys, conditions)
    groups = [answers.c[key.name] for key in clusters]
    numbers = sa.select(answers.c.dose.label("x"))
    width = (
        0.0
        if own.unit.is_bounded
        else fitting_width(contacts, numbers, room(contacts, answers, groups, most=MOST_ROWS))
    )
    rounded = step(contacts.dialect, answers.c.dose, width)
    inner = sa.select(*groups, rounded.label("dose"), answers.c.x, *_weights(contacts, answers)).subquery("steps")
    columns = [*(inner.c[key.name] for key in clusters), inner.c.dose]
    sums = cells.measures(inner, contacts.weighting)
    answer = contacts.connection.run(sa.select(*columns, *sums).group_by(*columns).order_by(*columns))
    rows = cells.completed(answer.rows, contacts.weighting)
    return Answer(rows.assign(dose=on_grid(rows["dose"], width)), answer.sql, width)


def _weights(contacts: Contacts, answers: sa.Subquery) -> list[sa.ColumnElement[float]]:
    return [answers.c.w] if contacts.weighting else []
