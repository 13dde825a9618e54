"""What became of the complaints? Counts by any dimensions and by day, ages at escalation, scores by outcome.

A table `complaints`: opened_at, level (local | escalated), and where they are known escalated_at, closed_at, due_at,
reopened (yes or no) and outcome; `contact_id` names the contact a case began with. A case may be escalated as long as
the data go, closed or not.

cases       opened on the day; escalated: of these; closed: of these; reopened: of the closed
due         whose due date lies before the end of the data; late: of these, closed after it or still open
lasted      hours from opening to closing, summed over the closed
ripe        of known customers and questions, opened RECURS_DAYS before the end of the data; recurred: of these, with
            another case of the same customer and question within RECURS_DAYS
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse.beside_contacts import as_contacts, by_day, is_value, labelled, optional, total
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place, is_true
from data_access.warehouse.expressions import Expressions

ROLE, OPENED = "complaints", "opened_at"
RECURS_DAYS = 30
FOLLOWED_HOURS = 336  # how long ages are followed; later than that all are alike
COUNTS = ("cases", "escalated", "closed", "reopened", "due", "late", "lasted", "ripe", "recurred")
HOUR, MINUTE = 3600.0, 60.0


def complaints(
    contacts: Contacts,
    scope: Sequence[Filter],
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
    until: datetime,
) -> Answer:
    """As `TableVerbs.complaints` says."""
    filters = tuple(filters)
    rows = _with_next(_rows(contacts, scope, [*by, *(part.dimension for part in filters)]))
    return by_day(rows, by, _sums(rows, until), COUNTS, period, filters)


def ages(
    contacts: Contacts, scope: Sequence[Filter], period: Period | None, filters: Iterable[Filter], until: datetime
) -> Answer:
    """As `TableVerbs.complaint_ages` says."""
    filters = tuple(filters)
    rows = _rows(contacts, scope, [part.dimension for part in filters])
    opened, escalated = _local(rows, rows.table.c[OPENED]), _moment(rows, "escalated_at")
    happened = sa.false() if escalated is None else escalated.is_not(None)
    data_end = sa.literal(until, sa.DateTime)
    end = data_end if escalated is None else sa.func.coalesce(escalated, data_end)
    age, last = rows.dialect.seconds(opened, end) / MINUTE, FOLLOWED_HOURS * 60.0
    between = (rows.dialect.floor(age) - rows.dialect.floor(-age)) / 2  # a whole minute, or the half next to it
    then = sa.and_(happened, age <= last)
    sums = [labelled("escalated", total(then)), labelled("open", total(sa.not_(then)))]
    minutes = sa.case((age > last, last + 0.5), else_=between).label("minutes")
    query = rows.select([minutes, *sums], period, filters).group_by(*by_place(1)).order_by(*by_place(1))
    answer = rows.connection.run(query)
    return Answer(answer.rows.astype(float), answer.sql)


def outcomes(
    contacts: Contacts, scope: Sequence[Filter], metric: str, period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.complaint_outcomes` says."""
    filters, measure = tuple(filters), contacts.model.measure(metric)
    excluded = contacts.model.excluded
    borrowed = [measure.column, *([excluded.column] if excluded else [])]
    rows = _rows(contacts, scope, [part.dimension for part in (*filters, *measure.where)], borrowed)
    counted = [sa.not_(is_true(rows.table.c[excluded.column]))] if excluded else []
    valid, x = sa.and_(*rows.expressions.valid(measure), *counted), rows.expressions.value(measure)
    outcome = optional(rows, "outcome")
    named = sa.cast(sa.null() if outcome is None else outcome, sa.String).label("outcome")
    sums = {"cases": sa.func.count(), "n": total(valid), "wx": sa.func.sum(sa.case((valid, x), else_=0.0)),
            "vxx": sa.func.sum(sa.case((valid, x * x), else_=0.0))}  # fmt: skip
    query = rows.select([named, *(labelled(name, term) for name, term in sums.items())], period, filters)
    answer = rows.connection.run(query.group_by(*by_place(1)).order_by(*by_place(1)))
    numbers = answer.rows[list(sums)].astype(float)
    return Answer(answer.rows[["outcome"]].join(numbers), answer.sql)


def _rows(contacts: Contacts, scope: Sequence[Filter], cuts: Sequence[str], borrowed: Sequence[str] = ()) -> Contacts:
    """The cases, with who complained about what where the model knows customers and questions."""
    whose = [contacts.model.customer_id] if contacts.model.customer_id and contacts.identity is not None else []
    question = [contacts.model.question] if contacts.model.question and whose else []
    return as_contacts(contacts, ROLE, time=OPENED, needed=("level",), cuts=[*cuts, *question], scope=scope,
                       borrowed=[*whose, *borrowed])  # fmt: skip


def _with_next(rows: Contacts) -> Contacts:
    """With column `later`: when the same customer next complained about the same question."""
    customer, question = optional(rows, rows.model.customer_id), rows.model.question
    later: Expression = sa.cast(sa.null(), rows.table.c[OPENED].type)
    if customer is not None and question is not None:
        keys = [key.element for key in rows.expressions.keys(rows.model.dimension(question))]
        known = sa.and_(*(key.is_not(None) for key in [customer, *keys]))
        order = [rows.table.c[OPENED]]
        follows = sa.func.lead(rows.table.c[OPENED]).over(partition_by=[customer, *keys], order_by=order)
        later = sa.case((known, follows))
    known_question = sa.literal(1 if question is not None and customer is not None else 0)
    table = sa.select(*rows.table.c, later.label("later"), known_question.label("knows")).subquery("cases")
    return replace(rows, table=table, expressions=Expressions(rows.model, table, rows.dialect))


def _until(rows: Contacts, column: Expression, end: datetime) -> Expression:
    """Whether a moment is not after an end."""
    moment, last = rows.dialect.comparable(column, end)
    return moment <= last


def _moment(rows: Contacts, name: str) -> Expression | None:
    """A column of moments as wall-clock times, as the end of the data is one; None where the table lacks it."""
    column = optional(rows, name)
    return None if column is None else _local(rows, column)


def _local(rows: Contacts, column: Expression) -> Expression:
    time = rows.model.time
    return column if time is None else rows.dialect.local_time(column, time.timezone)


def _sums(rows: Contacts, until: datetime) -> list[Expression]:
    c, seconds, reopened = rows.table.c, rows.dialect.seconds, optional(rows, "reopened")
    opened, closed, due = _local(rows, c[OPENED]), _moment(rows, "closed_at"), _moment(rows, "due_at")
    is_closed = sa.false() if closed is None else closed.is_not(None)
    was_due = sa.false() if due is None else _until(rows, due, until)
    late = sa.false() if due is None or closed is None else sa.or_(closed.is_(None), closed > due)
    again = sa.false() if reopened is None else is_true(reopened)
    lasted = sa.literal(0.0) if closed is None else sa.func.coalesce(seconds(opened, closed) / HOUR, 0.0)
    customer = optional(rows, rows.model.customer_id)
    known = sa.false() if customer is None else sa.and_(c["knows"] == 1, customer.is_not(None))
    ripe = sa.and_(known, _until(rows, opened, until - timedelta(days=RECURS_DAYS)))
    recurred = sa.and_(ripe, seconds(c[OPENED], c["later"]) <= RECURS_DAYS * 24 * HOUR)
    sums = {
        "cases": sa.func.count(),
        "escalated": total(is_value(c["level"], "escalated")),
        "closed": total(is_closed),
        "reopened": total(sa.and_(is_closed, again)),
        "due": total(was_due),
        "late": total(sa.and_(was_due, late)),
        "lasted": sa.func.sum(lasted),
        "ripe": total(ripe),
        "recurred": total(recurred),
    }
    return [labelled(name, term) for name, term in sums.items()]
