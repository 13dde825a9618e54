"""Are the data fit to be read today? Counts by day of what is blank, off the scale or late; keys that fit nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from data_access.statement import BadInput
from data_access.warehouse.beside_contacts import by_day, named_ids
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.coverage import COUNTS, tallies
from data_access.warehouse.dialects import Expression

CHECKS = ("missing", "out_of_scale", "late", "keys")  # whose rows can be shown
MOST_ROWS = 200
HOUR = 3_600


def days(
    contacts: Contacts, metric: str, columns: Sequence[str], hours: float, period: Period | None,
    filters: Iterable[Filter],
) -> Answer:  # fmt: skip
    """As `TableVerbs.health_days` says."""
    if contacts.model.time is None:
        raise BadInput("model.no_time")
    late = _late(contacts, hours)
    sums = [*tallies(contacts, metric), contacts.tally([late]).label("late")]
    names = [*COUNTS, "late"]
    for place, column in enumerate(columns):
        sums.append(contacts.tally([_blank(contacts, column)]).label(f"blank_{place}"))
        names.append(f"blank_{place}")
    return by_day(contacts, (), sums, names, period, filters)


def broken_keys(contacts: Contacts) -> Answer:
    """As `TableVerbs.broken_keys` says."""
    identity, time = contacts.identity, contacts.model.time
    known, different = (
        (sa.literal(0), sa.literal(0))
        if identity is None
        else (sa.func.count(identity), sa.func.count(sa.distinct(identity)))
    )
    rows = sa.func.count()
    timed = rows if time is None else sa.func.count(contacts.expressions.column(time.column))
    blank_ids = sa.literal(0) if identity is None else rows - known
    sums = {"rows": rows, "blank_ids": blank_ids, "repeated_ids": known - different, "blank_times": rows - timed}
    query = contacts.select([value.label(name) for name, value in sums.items()], None, ())
    return contacts.connection.run(query)


def strays(contacts: Contacts) -> Mapping[str, int]:
    """As `TableVerbs.strays` says."""
    found: dict[str, int] = {}
    for role in contacts.model.tables:
        ids = named_ids(contacts, role)
        if ids is None:
            continue
        own, theirs = ids
        known = contacts.select([own], None, ()).where(own.is_not(None))
        query = sa.select(sa.func.count().label("strays")).where(theirs.is_not(None), theirs.not_in(known))
        found[role] = int(contacts.connection.run(query).rows["strays"].iloc[0])
    return found


def unsound(
    contacts: Contacts, check: str, metric: str, column: str, hours: float, period: Period | None,
    filters: Iterable[Filter],
) -> Answer:  # fmt: skip
    """As `TableVerbs.unsound` says."""
    contacts.check_open()
    if check not in CHECKS:
        raise KeyError(check)
    conditions = _conditions(contacts, check, metric, column, hours)
    shown = [contacts.expressions.column(name).label(name) for name in _shown(contacts.model, column)]
    query = contacts.select(shown, period, filters).where(*conditions)
    time = contacts.model.time
    if time is not None:
        query = query.order_by(contacts.expressions.column(time.column).desc())
    return contacts.connection.run(query.limit(MOST_ROWS))


def _conditions(contacts: Contacts, check: str, metric: str, column: str, hours: float) -> list[Expression]:
    if check == "missing":
        return [_blank(contacts, column)]
    if check == "out_of_scale":
        return contacts.expressions.off_scale(contacts.model.measure(metric))
    return [_late(contacts, hours) if check == "late" else _unkeyed(contacts)]


def _shown(model: SemanticModel, column: str) -> list[str]:
    """Who, when, when it was loaded, and the cell in question; never whose."""
    time = model.time
    names = (model.contact_id, time and time.column, time and time.loaded, column)
    return list(dict.fromkeys(name for name in names if name and name != model.customer_id))


def _late(contacts: Contacts, hours: float) -> Expression:
    time = contacts.model.time
    if time is None or time.loaded is None:
        return sa.false()
    return contacts.expressions.seconds(time.column, time.loaded) > hours * HOUR


def _blank(contacts: Contacts, column: str) -> Expression:
    return sa.not_(sa.and_(*contacts.expressions.given(column)))


def _unkeyed(contacts: Contacts) -> Expression:
    """A contact without an id, or with that of another."""
    identity = contacts.identity
    if identity is None:
        return sa.false()
    repeated = contacts.select([identity], None, ()).group_by(identity).having(sa.func.count() > 1)
    return sa.or_(identity.is_(None), identity.in_(repeated))
