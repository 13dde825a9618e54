"""Did customers come back? First contacts and what became of them, as sums, and as a column of a metric."""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.repeats import NoReturn, Repeats
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse import cells
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.customer_gaps import (
    CLASSES,
    FIRST,
    TIED,
    Judged,
    columns_of,
    judged_in,
    kind_of,
    seen_in,
    spanned,
)
from data_access.warehouse.dialects import Expression
from data_access.warehouse.expressions import Expressions

SURVEYED = ("asked", "said_yes", "yes_kept", "no_kept")  # first contacts whose customer was asked, by what became


@dataclass(frozen=True)
class FirstContacts:
    """Contacts by class, and what became of the first ones.

    rows: by segment and cluster; days: by day. Columns `contacts`, CLASSES, kept0 .. (without a further contact in
    each window) and SURVEYED (kept: in the longest window).
    """

    rows: pd.DataFrame
    days: pd.DataFrame
    judged: Judged
    sql: str


def with_repeats(contacts: Contacts, names: Iterable[str], *periods: Period | None) -> Contacts:
    """The contacts with the columns of those metrics that count repeats; as they are where none does."""
    known = [contacts.model.metrics[name] for name in dict.fromkeys(names) if name in contacts.model.metrics]
    asked = {metric.column: metric.repeat for metric in known if metric.repeat}
    if not asked:
        return contacts
    rules, judged = next(iter(asked.values())).rules, judged_in(contacts, next(iter(asked.values())).rules)
    seen = seen_in(contacts, rules, sorted({repeat.same for repeat in asked.values()}), periods)
    span = spanned(periods)
    made = [_kept(seen, repeat, judged, span).label(column) for column, repeat in asked.items()]
    columns = [seen.table.c[column.name] for column in columns_of(contacts)]
    table = sa.select(*columns, *made).subquery(contacts.model.table.rpartition(".")[2])
    return replace(contacts, table=table, expressions=Expressions(contacts.model, table, contacts.dialect))


def first_contacts(
    contacts: Contacts,
    rules: Repeats,
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
    *,
    same: bool,
) -> FirstContacts:
    """As `Warehouse.first_contacts` says."""
    if same and contacts.model.question is None:
        raise BadInput("repeats.no_question")
    judged, dimensions = judged_in(contacts, rules), contacts.dimensions(by)
    filters = list(filters)
    counted = _counted(contacts, rules, judged, by, period, filters, same=same, exact=False)
    if (counted.rows["kind"] == TIED).any():  # rare, and dearer to count: contacts of one moment
        counted = _counted(contacts, rules, judged, by, period, filters, same=same, exact=True)
    names = [name for d in dimensions for name in cells.key_names(d)] + (
        ["cluster"] if contacts.model.cluster else []
    )
    apart = counted.rows["grouping"] == 0
    rows, days = _by_class(counted.rows[apart], names, rules), _by_class(counted.rows[~apart], ["of_day"], rules)
    days = days.assign(day=[date.fromisoformat(str(value)[:10]) for value in days.pop("of_day")])
    return FirstContacts(
        cells.memberships(rows, dimensions), days.sort_values("day", ignore_index=True), judged, counted.sql
    )


def _counted(
    contacts: Contacts, rules: Repeats, judged: Judged, by: Sequence[str], period: Period | None,
    filters: Sequence[Filter], *, same: bool, exact: bool,
) -> Answer:  # fmt: skip
    """Contacts (n) by segment and cluster (grouping 0) and by day (1), each by `kind` and what the customer said."""
    seen = seen_in(contacts, rules, [same], [period], exact=exact)
    e = seen.expressions
    keys = [*(key for d in contacts.dimensions(by) for key in e.keys(d)), *seen.cluster_keys()]
    day = e.keys(contacts.model.dimension("day"))[0].element.label("of_day")
    kind = kind_of(seen, rules, judged, period, int, same=same, exact=exact)
    rows = sa.select(*keys, day, kind.label("kind"), *_said(seen, rules)).where(*e.where(period, filters))
    asked = rows.subquery("judged")
    of_each = [name for name in ("kind", "said") if name in asked.c]
    sets = [[*(key.name for key in keys), *of_each], [day.name, *of_each]]
    return contacts.connection.run(contacts.dialect.grouped(asked, sets, [sa.func.count().label("n")]))


def _by_class(rows: pd.DataFrame, names: Sequence[str], rules: Repeats) -> pd.DataFrame:
    """One row for each combination of `names`, with the columns of `FirstContacts`."""
    kind, n = (rows[name].to_numpy(dtype=float) for name in ("kind", "n"))
    said = rows["said"].astype(float).to_numpy() if "said" in rows else np.full(len(rows), math.nan)
    first, last = kind >= FIRST, len(rules.windows)
    kept = kind == FIRST + last
    conditions = {
        "contacts": kind >= 0,
        **{name: kind == place for place, name in enumerate(CLASSES[:FIRST])},
        "first": first,
        **{f"kept{i}": kind > FIRST + i for i in range(last)},
        "asked": first & ~np.isnan(said),
        "said_yes": first & (said == 1),
        "yes_kept": kept & (said == 1),
        "no_kept": kept & (said == 0),
    }
    counts = {name: np.where(condition, n, 0.0) for name, condition in conditions.items()}
    if not names:
        return pd.DataFrame({name: [count.sum()] for name, count in counts.items()})
    return cells.together(pd.DataFrame({**{name: rows[name] for name in names}, **counts}), names, list(counts))


def _kept(seen: Contacts, repeat: NoReturn, judged: Judged, period: Period | None) -> Expression:
    """1 for a first contact without a further one, 0 with one, NULL for any other."""
    last = FIRST + repeat.rules.windows.index(repeat.hours)
    return kind_of(
        seen, repeat.rules, judged, period, lambda place: None if place < FIRST else int(place > last),
        same=repeat.same,
    )  # fmt: skip


def _said(seen: Contacts, rules: Repeats) -> list[Expression]:
    """What the customer said, 1 for solved, 0 for not, NULL without an answer; nothing where nobody is asked."""
    if not rules.survey:
        return []
    metric = seen.model.metric(rules.survey)
    solved = seen.expressions.value(metric) > metric.kind.low
    return [sa.case((sa.and_(*seen.valid(metric)), sa.case((solved, 1), else_=0))).label("said")]


class RepeatVerbs(ABC):
    """What a warehouse can be asked of customers who come back."""

    _contacts: Contacts

    def first_contacts(
        self, rules: Repeats, by: Sequence[str], period: Period | None, filters: Iterable[Filter],
        *, same: bool = False,
    ) -> FirstContacts:  # fmt: skip
        """First contacts and what became of them, by the combinations of `by` and cluster, and by day.

        same: only contacts about the same question are taken as further ones. Raises BadInput where the model knows
        no customers, times or, with `same`, questions.
        """
        return first_contacts(self._contacts, rules, by, period, filters, same=same)

    def judged(self, rules: Repeats) -> Judged:
        """From when to when contacts can be judged by who came back. Raises BadInput as `first_contacts`."""
        return judged_in(self._contacts, rules)

    def _of(self, names: Iterable[str], *periods: Period | None) -> Contacts:
        """The contacts with the columns of those metrics that the table does not hold."""
        return with_repeats(self._contacts, names, *periods)
