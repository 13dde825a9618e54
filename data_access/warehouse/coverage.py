"""Who is behind a score? Contacts, invitations, valid answers and what was left out, in all or by any dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.warehouse import cells
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place, is_true

COUNTS = ("contacts", "invited", "responses", "excluded", "out_of_scale")


@dataclass(frozen=True)
class Coverage:
    """Who is behind a score: all contacts, those invited, those whose valid answer counts, and what was left out."""

    contacts: int
    invited: int
    responses: int
    excluded: int
    out_of_scale: int
    sql: str

    @property
    def response_rate(self) -> float:
        """Answers per invited contact, 0..1; NaN when nobody was invited."""
        return self.responses / self.invited if self.invited else float("nan")


def coverage(contacts: Contacts, metric: str, period: Period | None, filters: Iterable[Filter]) -> Coverage:
    """The counts over all contacts of a selection."""
    answer = contacts.connection.run(contacts.select(_tallies(contacts, metric), period, filters))
    return Coverage(**_whole(answer.rows).iloc[0].to_dict(), sql=answer.sql)


def coverage_by(
    contacts: Contacts, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """The counts by the combinations of `by`: its columns (text or None), then COUNTS as integers.

    A contact that is in several segments counts whole in each.
    """
    dimensions = contacts.dimensions(by)
    keys = [key for d in dimensions for key in contacts.expressions.keys(d)]
    query = contacts.select([*keys, *_tallies(contacts, metric)], period, filters)
    places = by_place(len(keys))
    answer = contacts.connection.run(query.group_by(*places).order_by(*places))
    rows = cells.together(cells.memberships(answer.rows, dimensions), [d.name for d in dimensions], COUNTS)
    return Answer(_whole(rows), answer.sql)


def answers_each(
    contacts: Contacts, metric: str, period: Period | None, alternatives: Sequence[Iterable[Filter]]
) -> list[int]:
    """The number of valid answers behind each of several sets of filters."""
    sums = [
        contacts.tally(contacts.expressions.where(None, filters)).label(f"n{i}")
        for i, filters in enumerate(alternatives)
    ]
    query = contacts.select(sums, period, ()).where(*contacts.valid(contacts.model.measure(metric)))
    return [int(n) for n in contacts.connection.run(query).rows.fillna(0).iloc[0]]


def _tallies(contacts: Contacts, metric: str) -> list[Expression]:
    conditions = _conditions(contacts, contacts.model.measure(metric))
    return [
        contacts.tally(found).label(name) if found is not None else sa.literal(0).label(name)
        for name, found in conditions.items()
    ]


def _conditions(contacts: Contacts, metric: Metric) -> dict[str, list[Expression] | None]:
    """What each count asks of a contact; None: no contact meets it."""
    e, model = contacts.expressions, contacts.model
    counted = e.counted()
    invited = [is_true(e.column(model.responded))] if model.responded else []
    return {
        "contacts": [],
        "invited": [*counted, *invited],
        "responses": [*counted, *e.valid(metric)],
        "excluded": [sa.not_(sa.and_(*counted))] if counted else None,
        "out_of_scale": [*counted, *e.off_scale(metric)],
    }


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts as integers; a sum over no rows is NULL."""
    return rows.assign(**{name: rows[name].astype(float).fillna(0.0).astype(int) for name in COUNTS})
