"""Who serves, for how long, and how busy? Months of agents, and what their contacts were worth; agents stay masked.

A table `agents`: agent, month (a date in it), and where they are known team or other dimensions, contacts,
tenure_days (at the end of the month), training_hours, coaching_hours, occupancy (0..1) and left_centre (yes or no:
left after it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse import cells
from data_access.warehouse.beside_contacts import as_contacts, by_day, labelled, optional
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place, is_true
from data_access.warehouse.rows import masked

ROLE, MONTH = "agents", "month"
MEASURED = ("training_hours", "coaching_hours", "occupancy")
NUMBERS = ("contacts", "tenure_days", *MEASURED, "left_centre")
WHO, START = "who", "start"  # an agent by a code, the first day of a month as text
TENURED, NEW = "tenured", "new_hires"


def agent_months(
    contacts: Contacts, scope: Sequence[Filter], by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.agent_months` says."""
    filters, agent = tuple(filters), contacts.model.agent or "agent"
    cuts = [*by, *(part.dimension for part in filters)]
    rows = as_contacts(contacts, ROLE, time=MONTH, needed=(agent,), cuts=cuts, scope=scope, own_only=True)
    numbers = [labelled(name, _number(rows, name)) for name in NUMBERS]
    columns = [*_keys(rows, agent, by), *numbers]
    answer = rows.connection.run(rows.select(columns, period, filters).order_by(*by_place(2)))
    found = _named(rows, answer.rows, by)
    return Answer(found.assign(**{name: found[name].astype(float) for name in NUMBERS}), answer.sql)


def newcomers(
    contacts: Contacts, tenure: str, days: float, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.newcomers` says."""
    own = contacts.model.measure(tenure)
    known = contacts.expressions.valid(own)
    is_new = contacts.expressions.value(own) <= days
    sums = [labelled(TENURED, contacts.tally(known)), labelled(NEW, contacts.tally([*known, is_new]))]
    return by_day(contacts, by, sums, (TENURED, NEW), period, filters)


def scores_by_agent(
    contacts: Contacts, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.scores_by_agent` says."""
    agent, own = _agent(contacts), contacts.model.measure(metric)
    conditions = [*contacts.expressions.given(agent), *contacts.expressions.where(period, filters)]
    answers = contacts.answers(own, _keys(contacts, agent, by), conditions)
    keys = [column for column in answers.c if column.name not in ("x", "w")]
    sums = cells.measures(answers, contacts.weighting)
    places = by_place(len(keys))
    answer = contacts.connection.run(sa.select(*keys, *sums).group_by(*places).order_by(*places))
    return Answer(_named(contacts, cells.completed(answer.rows, contacts.weighting), by), answer.sql)


def loads(
    contacts: Contacts,
    kinds: str,
    weights: Mapping[str | None, float],
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
) -> Answer:
    """As `TableVerbs.loads` says."""
    agent, e = _agent(contacts), contacts.expressions
    known = [*e.given(agent), sa.or_(*e.where(None, [Filter(kinds, tuple(weights))]))]
    weight = sa.case(*((sa.and_(*e.where(None, [Filter(kinds, (kind,))])), w) for kind, w in weights.items()))
    keys = _keys(contacts, agent, by)
    sums = [labelled("contacts", sa.func.count()), labelled("weighted", sa.func.sum(weight))]
    places = by_place(len(keys))
    query = contacts.select([*keys, *sums], period, filters).where(*known)
    answer = contacts.connection.run(query.group_by(*places).order_by(*places))
    return Answer(_named(contacts, answer.rows, by), answer.sql)


def _agent(contacts: Contacts) -> str:
    if contacts.model.agent is None:
        raise BadInput("people.no_agents")
    if contacts.model.time is None:
        raise BadInput("model.no_time")
    return contacts.model.agent


def _keys(rows: Contacts, agent: str, by: Sequence[str]) -> list[Expression]:
    """The agent, the month, and the keys of the dimensions."""
    who = sa.cast(rows.table.c[agent], sa.String).label(WHO)
    start = rows.dialect.time_part(rows.expressions.local_time(), "month").label(START)
    return [who, start, *(key for d in rows.dimensions(by) for key in rows.expressions.keys(d))]


def _named(rows: Contacts, found: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Agents by codes, months as 2026-10-01, members of the dimensions."""
    codes = {agent: masked(agent, "a") for agent in found[WHO].unique()}
    starts = [str(start)[:10] for start in found[START]]
    named = found.assign(**{WHO: found[WHO].map(codes).astype(object), START: starts})
    return cells.memberships(named, rows.dimensions(by)).drop(columns="part")


def _number(rows: Contacts, name: str) -> Expression:
    column = optional(rows, name)
    if column is None:
        return sa.cast(sa.null(), sa.Double)
    return sa.case((is_true(column), 1.0), else_=0.0) if name == "left_centre" else rows.dialect.number(column)
