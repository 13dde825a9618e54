"""Which reasons go together in an answer? Sums of the answers that lost points, by the reasons that each names.

What `cells` shares out among reasons stays together here: the square of an answer's loss is not the sum of the
squares of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.semantics import Reason
from data_access.statement import BadInput
from data_access.warehouse import cells
from data_access.warehouse.coded import coded_values
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import by_place
from data_access.warehouse.rows import masked

REASONS = "reasons"


def named_reasons(
    contacts: Contacts,
    metric: str,
    reason: str,
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
    *,
    agents: bool,
) -> Answer:
    """As `TableVerbs.named_reasons` says."""
    own, listed = contacts.model.measure(metric), contacts.model.reasons[reason]
    dimensions, e = contacts.dimensions(by), contacts.expressions
    keys = [key for d in (listed, *dimensions) for key in e.keys(d)]
    if agents:
        if contacts.model.agent is None:
            raise BadInput("people.no_agents")
        keys.append(sa.cast(e.column(contacts.model.agent), sa.String).label("who"))
    answers = contacts.answers(own, keys, [e.loses(own), *e.where(period, filters)])
    columns = [answers.c[key.name] for key in keys]
    places = by_place(len(columns))
    query = sa.select(*columns, *cells.measures(answers, contacts.weighting)).group_by(*places).order_by(*places)
    answer = contacts.connection.run(query)
    rows = cells.completed(answer.rows, contacts.weighting)
    named = [tuple(own) for own in _reasons(listed, rows)]
    rows = rows.drop(columns=cells.key_names(listed))
    if agents:
        rows["who"] = [masked(who, "a") for who in rows["who"]]
    rows = cells.memberships(rows, dimensions).drop(columns="part")
    rows.insert(0, REASONS, named)
    return Answer(rows, answer.sql)


def _reasons(listed: Reason, rows: pd.DataFrame) -> list[list[str | None]]:
    place, names = cells.segments_each(listed, {name: coded_values(rows[name]) for name in cells.key_names(listed)})
    return [names[i] for i in place]
