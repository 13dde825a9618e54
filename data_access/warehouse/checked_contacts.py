"""What did checks drawn by chance find, beside what the customer said, and of which agents? From table `quality`.

Besides what `evaluations` needs: errors (the standards missed, joined by |; blank: none). Without it an error is
critical or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse import cells
from data_access.warehouse.beside_contacts import as_contacts, optional, total
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place, is_true
from data_access.warehouse.evaluations import ROLE, number_of, weight_of
from data_access.warehouse.rows import masked

RESULTS = ("critical", "minor", "clean")
ERRORS, SPLIT = "errors", "|"
KINDS = ("critical", "noncritical")  # errors where their kinds are not recorded
SUMS = ("n", "weight", "squares")


def checked_and_rated(
    contacts: Contacts,
    scope: Sequence[Filter],
    metric: str,
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
) -> Answer:
    """As `TableVerbs.checked_and_rated` says."""
    filters, measure = tuple(filters), contacts.model.measure(metric)
    excluded = contacts.model.excluded
    borrowed = [measure.column, *filter(None, [measure.since]), *([excluded.column] if excluded else [])]
    cuts = [*by, *(part.dimension for part in (*filters, *measure.where))]
    rows = as_contacts(contacts, ROLE, time="evaluated_at", needed=("critical_error",), cuts=cuts, scope=scope,
                       borrowed=borrowed)  # fmt: skip
    counted = [sa.not_(is_true(rows.table.c[excluded.column]))] if excluded else []
    weight, dimensions = weight_of(rows), rows.dimensions(by)
    keys = [key for d in dimensions for key in rows.expressions.keys(d)]
    columns = [*keys, _result(rows).label("result"), rows.expressions.value(measure).label("x")]
    sums = [
        sa.func.count().label("n"),
        sa.func.sum(weight).label("weight"),
        sa.func.sum(weight * weight).label("squares"),
    ]
    query = rows.select([*columns, *sums], period, filters)
    query = query.where(weight.is_not(None), *rows.expressions.valid(measure), *counted)
    places = by_place(len(columns))
    answer = rows.connection.run(query.group_by(*places).order_by(*places))
    found = cells.memberships(answer.rows, dimensions).drop(columns="part")
    return Answer(found.astype(dict.fromkeys(("x", *SUMS), float)), answer.sql)


def errors_by_agent(
    contacts: Contacts, scope: Sequence[Filter], by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.errors_by_agent` says."""
    filters, agent = tuple(filters), contacts.model.agent
    if agent is None:
        raise BadInput("people.no_agents")
    cuts = [*by, *(part.dimension for part in filters)]
    rows = as_contacts(contacts, ROLE, time="evaluated_at", needed=("critical_error",), cuts=cuts, scope=scope,
                       borrowed=[agent])  # fmt: skip
    dimensions, e = rows.dimensions(by), rows.expressions
    errors = optional(rows, ERRORS)
    missed = _kinds(rows) if errors is None else sa.cast(errors, sa.String)
    who = sa.cast(rows.table.c[agent], sa.String)
    keys = [who.label("who"), missed.label(ERRORS), *(key for d in dimensions for key in e.keys(d))]
    places = by_place(len(keys))
    query = rows.select([*keys, total(weight_of(rows).is_not(None)).label("n")], period, filters)
    query = query.where(weight_of(rows).is_not(None), *e.given(agent)).group_by(*places).order_by(*places)
    answer = rows.connection.run(query)
    found = cells.memberships(answer.rows, dimensions).drop(columns="part")
    codes = {name: masked(name, "a") for name in found["who"].unique()}
    named = pd.Series([_named(text) for text in found[ERRORS]], index=found.index, dtype=object)
    return Answer(found.assign(who=found["who"].map(codes), n=found["n"].astype(float), errors=named), answer.sql)


def _result(rows: Contacts) -> Expression:
    slips = sa.func.coalesce(number_of(rows, "noncritical_errors"), 0.0)
    return sa.case((is_true(rows.table.c["critical_error"]), RESULTS[0]), (slips > 0, RESULTS[1]), else_=RESULTS[2])


def _kinds(rows: Contacts) -> Expression:
    slips = sa.func.coalesce(number_of(rows, "noncritical_errors"), 0.0) > 0
    critical = is_true(rows.table.c["critical_error"])
    return sa.case(
        (sa.and_(critical, slips), SPLIT.join(KINDS)), (critical, KINDS[0]), (slips, KINDS[1]), else_=sa.null()
    )


def _named(text: object) -> tuple[str, ...]:
    """The errors that a text names, each once."""
    parts = (part.strip() for part in (cells.text_of(text) or "").split(SPLIT))
    return tuple(dict.fromkeys(filter(None, parts)))
