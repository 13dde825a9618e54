"""How many calls asked for an agent, and what became of them? Counts by any dimensions and by day.

A table `calls`: requested_at, outcome (answered | abandoned | busy), queue_s (seconds in the queue, until an agent
was free or the caller gave up), ring_s (seconds the agent's telephone rang, optional), and whose call it was in the
column the model names for customers (optional). A call that met an engaged line has no time in the queue.

attempts    all calls; busy: met an engaged line; requests: entered the queue = answered + abandoned
short       abandoned within SHORT_S seconds
in_queue    answered within the seconds that hold for the call, by the time in the queue; in_ring: ringing included
left_queue  abandoned within those seconds; left_ring: ringing included
aimed       the sum of the targets that hold for the requests, 0..1 each; NaN where there is none
known       calls of known callers; callers: of these each once a day; reached: those answered on that day at last
unanswered  calls of known callers that nobody answered; redialled: of these, followed by another one of the same
            caller within REDIAL_S seconds on that day
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse import cells
from data_access.warehouse.beside_contacts import as_contacts, is_value, labelled, optional, total
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place

ROLE = "calls"
SHORT_S, REDIAL_S = 5.0, 30 * 60.0
OUTCOMES = ("answered", "abandoned", "busy")
COUNTS = (
    "attempts", "busy", "requests", "answered", "abandoned", "short", "in_queue", "in_ring", "left_queue",
    "left_ring", "known", "callers", "reached", "unanswered", "redialled",
)  # fmt: skip
AIMED = "aimed"


@dataclass(frozen=True)
class Promise:
    """Within how many seconds a call should be answered, and at which rate (0..1; None: no target)."""

    seconds: float
    rate: float | None = None


@dataclass(frozen=True)
class Promises:
    """What holds for all calls, and for those of some segments: the first that fits."""

    usual: Promise
    own: tuple[tuple[Filter, Promise], ...] = ()

    @property
    def cuts(self) -> tuple[str, ...]:
        """The dimensions that its segments are of."""
        return tuple(part.dimension for part, _ in self.own)


def calls(
    contacts: Contacts,
    scope: Sequence[Filter],
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
    promises: Promises,
) -> Answer:
    """As `TableVerbs.calls` says."""
    filters = tuple(filters)
    cuts = [*by, *(part.dimension for part in filters), *promises.cuts]
    needed = ("outcome", "queue_s")
    rows = as_contacts(contacts, ROLE, time="requested_at", needed=needed, cuts=cuts, scope=scope, own_only=True)
    dimensions = rows.dimensions([*by, "day"])
    keys = [key for d in dimensions for key in rows.expressions.keys(d)]
    each = _each(rows, keys, period, filters, promises)
    places = by_place(len(keys))
    query = sa.select(*(each.c[key.name] for key in keys), *_sums(each)).group_by(*places).order_by(*places)
    answer = rows.connection.run(query)
    found = cells.memberships(answer.rows, dimensions)
    found[list(COUNTS)] = found[list(COUNTS)].astype(float).fillna(0.0)
    found[AIMED] = found[AIMED].astype(float)
    return Answer(found[[*(d.name for d in dimensions), *COUNTS, AIMED]], answer.sql)


def _each(
    rows: Contacts, keys: Sequence[Expression], period: Period | None, filters: Sequence[Filter], promises: Promises
) -> sa.Subquery:
    """Calls with their keys, caller and waiting times, and whether the caller soon calls again that day."""
    e, table = rows.expressions, rows.table
    wait, ring = rows.dialect.number(table.c["queue_s"]), optional(rows, "ring_s")
    ringing = sa.literal(0.0) if ring is None else sa.func.coalesce(rows.dialect.number(ring), 0.0)
    columns = [
        *keys,
        _caller(rows).label("caller"),
        sa.func.lower(sa.cast(table.c["outcome"], sa.String)).label("outcome"),
        wait.label("wait"),
        (wait + ringing).label("until"),
        _promised(rows, promises, lambda promise: promise.seconds).label("most"),
        _promised(rows, promises, lambda promise: promise.rate).label("aim"),
        table.c["requested_at"].label("moment"),
    ]
    known = sa.or_(*(is_value(table.c["outcome"], name) for name in OUTCOMES))
    own = sa.select(*columns).where(*e.where(period, filters), known).subquery("own")
    together = [own.c.caller, *(own.c[key.name] for key in keys)]  # the day is one of the keys
    later = sa.func.lead(own.c.moment).over(partition_by=together, order_by=own.c.moment)
    nearby = sa.select(*own.c, later.label("later")).subquery("nearby")
    soon = rows.dialect.seconds(nearby.c.moment, nearby.c.later) <= REDIAL_S
    return sa.select(*nearby.c, sa.case((soon, 1), else_=0).label("again")).subquery("each")


def _promised(rows: Contacts, promises: Promises, part: Callable[[Promise], float | None]) -> Expression:
    """What holds for a call: that of the first segment it belongs to, else what holds for all."""
    usual = _number(part(promises.usual))
    own = [(sa.and_(*rows.expressions.where(None, [segment])), _number(part(p))) for segment, p in promises.own]
    return sa.case(*own, else_=usual) if own else usual


def _number(value: float | None) -> Expression:
    return sa.cast(sa.null(), sa.Double) if value is None else sa.cast(sa.literal(value), sa.Double)


def _caller(rows: Contacts) -> Expression:
    """Whose call it was; NULL where nobody knows."""
    name = rows.model.customer_id or "customer_id"
    if optional(rows, name) is None:
        return sa.cast(sa.null(), sa.String)
    caller: Expression = sa.case((sa.and_(*rows.expressions.given(name)), rows.table.c[name]))
    return caller


def _sums(each: sa.Subquery) -> list[Expression]:
    c = each.c
    answered, abandoned, busy = (c.outcome == name for name in OUTCOMES)
    known = c.caller.is_not(None)
    failed = sa.and_(known, sa.not_(answered))
    sums = {
        "attempts": sa.func.count(),
        "busy": total(busy),
        "requests": total(sa.not_(busy)),
        "answered": total(answered),
        "abandoned": total(abandoned),
        "short": total(sa.and_(abandoned, c.wait <= SHORT_S)),
        "in_queue": total(sa.and_(answered, c.wait <= c.most)),
        "in_ring": total(sa.and_(answered, c.until <= c.most)),
        "left_queue": total(sa.and_(abandoned, c.wait <= c.most)),
        "left_ring": total(sa.and_(abandoned, c.until <= c.most)),
        "known": total(known),
        "callers": sa.func.count(sa.distinct(c.caller)),
        "reached": sa.func.count(sa.distinct(sa.case((answered, c.caller)))),
        "unanswered": total(failed),
        "redialled": total(sa.and_(failed, c.again == 1)),
        AIMED: sa.func.sum(sa.case((sa.not_(busy), c.aim))),
    }
    return [labelled(name, term) for name, term in sums.items()]
