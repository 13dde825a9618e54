"""What did the bot do, and did it last? Sessions by any dimensions and by day, their ways through a flow, hand-overs.

A table `bot`: contact_id, started_at, outcome (contained | handed_over | dropped: the customer left), and where they
are known recognised (yes or no), fallbacks (how often the bot had no answer), path (nodes joined by >), last_node
(`done` where what was asked for was done), scenario, flow_version and bot_owner; handover_wait_s and context_passed
may stand here or in the contact. Ratings and returns are those of the contact that a session names.

sessions     all; heard: of these with a known `recognised`; recognised; asked: with known fallbacks; unanswered: with
             at least one
handed_over  to an agent; contained: all others, so that customers who left are among them; dropped: who left
silent       contained, not `done` and not rated
ripe         of known customers, loaded in time, begun so long before the end of the data that a return would be there
unknown      of a customer nobody knows; loaded_late: of a known one, loaded too late; all others: too young
returned     of the ripe, with another contact of the customer within HOURS, on any channel
resolved     of the ripe: contained, neither left nor silent, no contact with an agent about the same question
             within HOURS, not rated badly
rated        with a valid rating; satisfied: of these
told         handed over, known whether what was said went along; briefed: where it did
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse.beside_contacts import as_contacts, by_day, is_value, labelled, optional, total
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.customer_gaps import HOUR, judged_in
from data_access.warehouse.dialects import Expression, by_place, is_true
from data_access.warehouse.expressions import Expressions

ROLE, STARTED = "bot", "started_at"
HANDED_OVER, DROPPED, DONE = "handed_over", "dropped", "done"
NEEDED = ("contact_id", "outcome")
HOURS = 48.0  # within which a return counts against a session
COUNTS = (
    "sessions", "heard", "recognised", "asked", "unanswered", "handed_over", "contained", "dropped", "silent", "ripe",
    "unknown", "loaded_late", "returned", "resolved", "rated", "satisfied", "told", "briefed",
)  # fmt: skip
ALL = "contacts"
OF_FLOW = ("scenario", "flow_version", "bot_owner")
OF_PATH = ("flow_version", "path", "last_node", "outcome")
RATED = ("score", "satisfied", "dissatisfied")  # metrics: any rating, a good one, a bad one
WAIT_BANDS = (10, 30, 60, 120)  # seconds up to which a hand-over belongs to a band; the last is open
RETURN, AGENT, LATE = "until_return", "until_agent", "loaded_late"


def sessions(
    contacts: Contacts, scope: Sequence[Filter], by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.bot_sessions` says."""
    filters, named = (
        tuple(filters),
        [contacts.model.metrics[name] for name in RATED if name in contacts.model.metrics],
    )
    customer = [contacts.model.customer_id] if contacts.model.customer_id else []
    borrowed = [*customer, *_read_from(contacts, named), *_own(contacts, ("context_passed",))]
    rows = _rows(contacts, scope, by, (*filters, *_wheres(named)), borrowed)
    rows = _with_returns(rows, contacts, period)
    return by_day(rows, by, _sums(rows, contacts), COUNTS, period, filters)


def everybody(contacts: Contacts, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
    """As `TableVerbs.contacts_by_day` says."""
    return by_day(contacts, by, [labelled(ALL, contacts.tally([]))], (ALL,), period, filters)


def versions(contacts: Contacts, scope: Sequence[Filter], period: Period | None, filters: Iterable[Filter]) -> Answer:
    """As `TableVerbs.bot_versions` says."""
    filters = tuple(filters)
    rows = _rows(contacts, scope, (), filters)
    day = _day(rows)
    ends = [sa.func.min(day).label("first"), sa.func.max(day).label("last"), sa.func.count().label("sessions")]
    return _grouped(rows, _texts(rows, OF_FLOW), ends, period, filters)


def paths(
    contacts: Contacts, scope: Sequence[Filter], metric: str, scenario: str | None, period: Period | None,
    filters: Iterable[Filter],
) -> Answer:  # fmt: skip
    """As `TableVerbs.bot_paths` says."""
    filters, measure = tuple(filters), contacts.model.measure(metric)
    rows = _rows(contacts, scope, (), (*filters, *measure.where), _read_from(contacts, [measure]))
    column = optional(rows, "scenario")
    inside = [] if column is None or scenario is None else [sa.cast(column, sa.String) == scenario]
    keys = [*_texts(rows, OF_PATH), _day(rows).label("day")]
    return _grouped(rows, keys, _scored(rows, contacts, measure), period, filters, inside)


def handovers(
    contacts: Contacts, scope: Sequence[Filter], metric: str, period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.bot_handovers` says."""
    filters, measure, model = tuple(filters), contacts.model.measure(metric), contacts.model
    solved = model.metrics.get(model.repeats.survey)
    named = [measure, *([solved] if solved else [])]
    borrowed = [*_read_from(contacts, named), *_own(contacts, ("handover_wait_s", "context_passed"))]
    rows = _rows(contacts, scope, (), (*filters, *_wheres(named)), borrowed)
    wait = optional(rows, "handover_wait_s")
    waited = sa.cast(sa.null(), sa.Double) if wait is None else rows.dialect.number(wait)
    bands = [(waited <= seconds, place) for place, seconds in enumerate(WAIT_BANDS)]
    keys = [
        _yes_or_no(optional(rows, "recognised")).label("understood"),
        _answer(rows, contacts, solved).label("solved"),
        _yes_or_no(optional(rows, "context_passed")).label("briefed"),
        sa.case((waited.is_(None), sa.null()), *bands, else_=len(WAIT_BANDS)).label("band"),
    ]
    sums = [*_scored(rows, contacts, measure), labelled("waited", sa.func.sum(sa.func.coalesce(waited, 0.0)))]
    return _grouped(rows, keys, sums, period, filters, [is_value(rows.table.c["outcome"], HANDED_OVER)])


def _rows(
    contacts: Contacts, scope: Sequence[Filter], by: Sequence[str], parts: Iterable[Filter],
    borrowed: Sequence[str] = (),
) -> Contacts:  # fmt: skip
    """The sessions, to be cut by some dimensions and by those of some conditions."""
    if contacts.identity is None:
        raise BadInput("bot.no_contact_id")
    cuts = [*by, *(part.dimension for part in parts)]
    return as_contacts(contacts, ROLE, time=STARTED, needed=NEEDED, cuts=cuts, scope=scope, borrowed=borrowed)


def _grouped(
    rows: Contacts, keys: Sequence[Expression], sums: Sequence[Expression], period: Period | None,
    filters: Iterable[Filter], conditions: Sequence[Expression] = (),
) -> Answer:  # fmt: skip
    places = by_place(len(keys))
    query = rows.select([*keys, *sums], period, filters).where(*conditions)
    return rows.connection.run(query.group_by(*places).order_by(*places))


def _with_returns(rows: Contacts, contacts: Contacts, period: Period | None) -> Contacts:
    """With the seconds until the customer's next contact, and until the next with an agent on the same question."""
    if contacts.model.customer_id is None:
        return rows
    followed = _followed(contacts, contacts.model.customer_id, period)
    mine, theirs = (column.expression for column in (rows.table.c["contact_id"], followed.c["of"]))
    if type(mine.type) is not type(theirs.type):
        mine, theirs = sa.cast(mine, sa.String), sa.cast(theirs, sa.String)
    beside = [followed.c[name] for name in (RETURN, AGENT, LATE)]
    joined = sa.select(*rows.table.c, *beside).select_from(rows.table.outerjoin(followed, mine == theirs))
    table = joined.subquery("with_returns")
    return replace(rows, table=table, expressions=Expressions(rows.model, table, rows.dialect))


def _followed(contacts: Contacts, customer: str, period: Period | None) -> sa.Subquery:
    """What followed each contact of a period; rows loaded late are followed and follow only among themselves."""
    model, e, whose = contacts.model, contacts.expressions, contacts.table.c[customer]
    assert model.time is not None, "sessions have times, and so have contacts"
    time, loaded = contacts.table.c[model.time.column], model.time.loaded
    is_late = sa.false() if loaded is None else e.seconds(model.time.column, loaded) > model.repeats.on_time * HOUR
    late = sa.case((is_late, 1), else_=0)
    question = [key.element for key in e.keys(model.dimension(model.question))[:1]] if model.question else []
    by_agent = sa.case((sa.and_(*e.given(model.agent)), time)) if model.agent else time
    following = contacts.dialect.next_moment(time, [whose, late])
    agent = contacts.dialect.least_after(by_agent, time, [whose, late, *question])
    gaps = [contacts.dialect.seconds(time, end).label(name) for name, end in ((RETURN, following), (AGENT, agent))]
    assert contacts.identity is not None, "asked before"
    reach = None if period is None else Period(period.start, period.end + timedelta(hours=HOURS))
    query = sa.select(contacts.identity.label("of"), *gaps, late.label(LATE))
    return query.where(*e.where(reach, ())).subquery("followed")


def _sums(rows: Contacts, contacts: Contacts) -> list[Expression]:
    c, metrics = rows.table.c, contacts.model.metrics
    rated, satisfied, negative = (_passes(rows, contacts, metrics.get(name)) for name in RATED)
    recognised, fallbacks, last, told = (
        optional(rows, name) for name in ("recognised", "fallbacks", "last_node", "context_passed")
    )
    over, dropped = (is_value(c["outcome"], name) for name in (HANDED_OVER, DROPPED))
    done = sa.false() if last is None else sa.func.coalesce(is_value(last, DONE), sa.false())
    silent = sa.false() if last is None else sa.and_(*map(sa.not_, (over, done, rated)))
    ripe, returned, to_agent = _later(rows, contacts)
    unknown, late = _unjudged(rows, contacts)
    sums = {
        "sessions": sa.func.count(),
        "heard": _known(recognised),
        "recognised": sa.literal(0) if recognised is None else total(is_true(recognised)),
        "asked": _known(fallbacks),
        "unanswered": sa.literal(0) if fallbacks is None else total(rows.dialect.number(fallbacks) > 0),
        "handed_over": total(over),
        "contained": total(sa.not_(over)),
        "dropped": total(dropped),
        "silent": total(silent),
        "ripe": total(ripe),
        "unknown": total(unknown),
        "loaded_late": total(late),
        "returned": total(sa.and_(ripe, returned)),
        "resolved": total(sa.and_(ripe, *map(sa.not_, (over, dropped, silent, to_agent, negative)))),
        "rated": total(rated),
        "satisfied": total(satisfied),
        "told": sa.literal(0) if told is None else total(sa.and_(over, told.is_not(None))),
        "briefed": sa.literal(0) if told is None else total(sa.and_(over, is_true(told))),
    }
    return [labelled(name, term) for name, term in sums.items()]


def _later(rows: Contacts, contacts: Contacts) -> tuple[Expression, Expression, Expression]:
    """Whether a session can be judged by what came later; whether the customer came back, and to an agent."""
    if contacts.model.customer_id is None:
        return sa.false(), sa.false(), sa.false()
    c, judged = rows.table.c, judged_in(contacts, replace(contacts.model.repeats, windows=(HOURS,)))
    column, end = rows.dialect.comparable(rows.expressions.local_time(), judged.end)
    customer = c[contacts.model.customer_id]
    ripe = sa.and_(column <= end, customer.is_not(None), sa.cast(customer, sa.String) != "", c[LATE] == 0)
    returned, to_agent = (sa.func.coalesce(c[name] <= HOURS * HOUR, sa.false()) for name in (RETURN, AGENT))
    return ripe, returned, to_agent


def _unjudged(rows: Contacts, contacts: Contacts) -> tuple[Expression, Expression]:
    """Whether nobody knows the customer of a session, or its contact; whether it was loaded too late."""
    if contacts.model.customer_id is None:
        return sa.true(), sa.false()
    c, customer = rows.table.c, rows.table.c[contacts.model.customer_id]
    unknown = sa.or_(customer.is_(None), sa.cast(customer, sa.String) == "", c[LATE].is_(None))
    return unknown, sa.and_(sa.not_(unknown), c[LATE] == 1)


def _passes(rows: Contacts, contacts: Contacts, metric: Metric | None) -> Expression:
    """Whether a contact has a valid answer; of a rate, one that counts."""
    if metric is None:
        return sa.false()
    is_rate = metric.unit.is_share
    valid = _valid(rows, contacts, metric)
    passed = sa.and_(valid, rows.expressions.value(metric) > 0) if is_rate else valid
    return sa.func.coalesce(passed, sa.false())


def _valid(rows: Contacts, contacts: Contacts, metric: Metric) -> Expression:
    excluded = contacts.model.excluded
    counted = [sa.not_(is_true(rows.table.c[excluded.column]))] if excluded else []
    return sa.and_(*rows.expressions.valid(metric), *counted)


def _answer(rows: Contacts, contacts: Contacts, metric: Metric | None) -> Expression:
    """1 where customers said yes, 0 where they said no, NULL without an answer."""
    if metric is None:
        return sa.cast(sa.null(), sa.Integer)
    said = sa.case((rows.expressions.value(metric) > metric.kind.low, 1), else_=0)
    return sa.case((_valid(rows, contacts, metric), said))


def _scored(rows: Contacts, contacts: Contacts, measure: Metric) -> list[Expression]:
    """Sessions, and the valid answers of a metric about their contacts: n, wx, vxx."""
    valid, x = _valid(rows, contacts, measure), rows.expressions.value(measure)
    return [
        labelled("sessions", sa.func.count()),
        labelled("n", total(valid)),
        labelled("wx", sa.func.sum(sa.case((valid, x), else_=0.0))),
        labelled("vxx", sa.func.sum(sa.case((valid, x * x), else_=0.0))),
    ]


def _read_from(contacts: Contacts, metrics: Iterable[Metric]) -> list[str]:
    """The columns of the contact that its ratings are read from."""
    excluded = contacts.model.excluded
    named = [name for metric in metrics for name in (metric.column, metric.since) if name]
    return [*named, *([excluded.column] if excluded else [])]


def _wheres(metrics: Iterable[Metric]) -> list[Filter]:
    return [part for metric in metrics for part in metric.where]


def _own(contacts: Contacts, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in contacts.table.c]


def _texts(rows: Contacts, names: Iterable[str]) -> list[Expression]:
    """Columns of the table as texts, NULL where it lacks one."""
    found = ((name, optional(rows, name)) for name in names)
    return [sa.cast(sa.null() if column is None else column, sa.String).label(name) for name, column in found]


def _day(rows: Contacts) -> Expression:
    day: Expression = rows.expressions.keys(rows.model.dimension("day"))[0].element
    return day


def _known(column: Expression | None) -> Expression:
    return sa.literal(0) if column is None else total(column.is_not(None))


def _yes_or_no(column: Expression | None) -> Expression:
    if column is None:
        return sa.cast(sa.null(), sa.Integer)
    return sa.case((column.is_(None), sa.null()), (is_true(column), 1), else_=0)
