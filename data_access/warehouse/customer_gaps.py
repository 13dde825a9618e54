"""Which contacts were first ones? Each beside the last and the next of its customer, and what that makes of it.

A contact is first where none of its customer came within the look-back before it. Contacts of the same moment are
neither before nor after each other. The last and the next come from one window over the customer's contacts, in the
days of the period with the look-back before and the longest window after them, whatever is filtered by: who comes
back comes back anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from data_access.repeat_metrics import check_known
from data_access.repeats import Repeats
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse.check import named_columns
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression
from data_access.warehouse.expressions import Expressions
from data_access.warehouse.extent import Extent, extent

# what a contact is, the first that holds: only `first` is judged
CLASSES = ("late", "no_key", "no_question", "unproven", "immature", "not_applicable", "repeat", "first")
FIRST = CLASSES.index("first")  # and beyond it, by how many windows went by without a further contact
TIED = -1  # one of several contacts of a moment
HOUR = 3_600.0


@dataclass(frozen=True)
class Judged:
    """From when to when contacts can be judged: none before them was missed, none after them is still open."""

    start: datetime
    end: datetime
    extracted: datetime

    @classmethod
    def of(cls, there: Extent, rules: Repeats, *, loads: bool) -> Judged | None:
        """None where nothing has a time."""
        if there.first is None or there.extracted is None:
            return None
        open_for = rules.longest + (rules.on_time if loads else 0.0)
        end = there.extracted - timedelta(hours=open_for)
        return cls(there.first + timedelta(hours=rules.longest), end, there.extracted)


def judged_in(contacts: Contacts, rules: Repeats) -> Judged:
    """As `Judged`. Raises BadInput where nothing tells that somebody came back."""
    check_known(contacts.model)
    time = contacts.model.time
    judged = Judged.of(extent(contacts), rules, loads=time is not None and time.loaded is not None)
    if judged is None:
        raise BadInput("repeats.no_customers")
    return judged


def columns_of(contacts: Contacts) -> list[Expression]:
    """The columns that the model names, in the order of the table."""
    named = {column for _, column in named_columns(contacts.model)}
    return [column for column in contacts.table.c if column.name in named]


def _before(same: bool) -> str:
    return f"since_last{'_same' if same else ''}"


def _after(same: bool) -> str:
    return f"until_next{'_same' if same else ''}"


def seen_in(
    contacts: Contacts,
    rules: Repeats,
    issues: Sequence[bool],
    periods: Sequence[Period | None],
    *,
    exact: bool = True,
) -> Contacts:
    """The contacts of the periods and around them, with the seconds since the last and until the next contact."""
    gaps = (gap for same in issues for gap in _gaps(contacts, rules, same=same, exact=exact))
    window = sa.select(*columns_of(contacts), *gaps)
    table = window.where(*contacts.expressions.where(_around(periods, rules), ())).subquery("seen")
    return replace(contacts, table=table, expressions=Expressions(contacts.model, table, contacts.dialect))


def spanned(periods: Sequence[Period | None]) -> Period | None:
    """From the first to the last day of the periods; None where one of them is all data."""
    known = [period for period in periods if period is not None]
    if not known or len(known) < len(periods):
        return None
    return Period(min(p.start for p in known), max(p.end for p in known))


def _around(periods: Sequence[Period | None], rules: Repeats) -> Period | None:
    """The days that must be looked at to judge those of the periods; None: all."""
    whole, reach = spanned(periods), math.ceil(rules.longest / 24)
    if whole is None:
        return None
    start, end = whole.start.toordinal() - reach, whole.end.toordinal() + reach
    return Period(date.fromordinal(max(start, 1)), date.fromordinal(min(end, date.max.toordinal())))


def _gaps(contacts: Contacts, rules: Repeats, *, same: bool, exact: bool) -> list[Expression]:
    """How long since the last moment and until the next one of the same customer, as the dialect counts gaps; NULL
    where there is none.

    Not `exact`: since the last and until the next row, which is 0 where several are of one moment, and cheaper.
    """
    customer, when = check_known(contacts.model)
    e, time, dialect = contacts.expressions, contacts.table.c[when], contacts.dialect
    whose: list[Expression] = [contacts.table.c[customer]]
    if same:
        whose.append(e.keys(contacts.model.dimension(str(contacts.model.question)))[0].element)
    late = _late(contacts, rules)
    whose += [] if late is None else [sa.case((late, 1), else_=0)]
    if exact:
        last, following = dialect.last_moment(time, whose), dialect.next_moment(time, whose)
    else:
        last, following = (
            neighbour(time, type_=time.type).over(partition_by=whose, order_by=time)
            for neighbour in (sa.func.lag, sa.func.lead)
        )
    return [dialect.gap(last, time).label(_before(same)), dialect.gap(time, following).label(_after(same))]


def _late(contacts: Contacts, rules: Repeats) -> Expression | None:
    """Whether a row was loaded so late that it is not counted; None where the time of loading is not known."""
    time = contacts.model.time
    if time is None or time.loaded is None:
        return None
    return contacts.expressions.seconds(time.column, time.loaded) > rules.on_time * HOUR


def kind_of(
    seen: Contacts, rules: Repeats, judged: Judged, period: Period | None, value: Callable[[int], Any],
    *, same: bool, exact: bool = True,
) -> Expression:  # fmt: skip
    """What a contact counts as: `value` of its place in CLASSES, the first that holds; of a first contact, of FIRST
    and the number of windows without a further contact.

    Most contacts have none of their customer near: they are known by one look, and the rest by all that can be.
    """
    since, until = seen.table.c[_before(same)], seen.table.c[_after(same)]
    kept, longest = FIRST + len(rules.windows), _gap_of(rules.longest, seen)
    unjudged = _places(_unjudged(seen, rules, same))
    unfit = _places(_open(seen, judged, period)) + _places(_promised(seen, rules))
    tied = [] if exact else [(sa.or_(since == 0, until == 0), TIED)]
    lasts = [(until <= _gap_of(hours, seen), FIRST + i) for i, hours in enumerate(rules.windows)]
    repeat = (since <= longest, CLASSES.index("repeat"))
    near = _chosen([*unjudged, *tied, *unfit, repeat, *lasts], kept, value)
    return sa.case(
        (sa.or_(since <= longest, until <= longest), near), else_=_chosen([*unjudged, *unfit], kept, value)
    )


def _places(conditions: dict[str, Expression]) -> list[tuple[Expression, int]]:
    return [(condition, CLASSES.index(name)) for name, condition in conditions.items()]


def _chosen(places: Sequence[tuple[Expression, int]], otherwise: int, value: Callable[[int], Any]) -> Any:
    last = value(otherwise)
    return sa.case(*((condition, value(place)) for condition, place in places), else_=last) if places else last


def _gap_of(hours: float, seen: Contacts) -> Expression:
    """Hours as gaps are counted, whole so that no gap is made a fraction first."""
    return sa.literal(math.floor(hours * seen.dialect.hour), sa.BigInteger)


def _promised(seen: Contacts, rules: Repeats) -> dict[str, Expression]:
    """Contacts that promise a later one."""
    promised = rules.not_applicable
    return {"not_applicable": sa.or_(*seen.expressions.where(None, promised))} if promised else {}


def _unjudged(seen: Contacts, rules: Repeats, same: bool) -> dict[str, Expression]:
    """Of which contacts nobody knows whether they were first."""
    late, customer = _late(seen, rules), check_known(seen.model)[0]
    blank = [Filter(str(seen.model.question), (None,))] if same else []
    return {
        **({} if late is None else {"late": late}),
        "no_key": sa.not_(sa.and_(*seen.expressions.given(customer))),
        **({"no_question": sa.and_(*seen.expressions.where(None, blank))} if blank else {}),
    }


def _open(seen: Contacts, judged: Judged, period: Period | None) -> dict[str, Expression]:
    """Contacts too near to the beginning or the end of the data, where some of the period can be."""
    local, found = seen.expressions.local_time(), dict[str, Expression]()
    midnight = datetime.min.time()
    if period is None or datetime.combine(period.start, midnight) < judged.start:
        column, at = seen.dialect.comparable(local, judged.start)
        found["unproven"] = column < at
    if period is None or datetime.combine(period.end, midnight) > judged.end:
        column, at = seen.dialect.comparable(local, judged.end)
        found["immature"] = column > at
    return found
