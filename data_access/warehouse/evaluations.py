"""What did quality checks find, and how many were there of how many contacts? Counts by any dimensions and by day.

A table `quality`: evaluated_at, critical_error (yes or no), and where they are known noncritical_errors,
opportunities, sample (random | doubled: drawn by chance; targeted: chosen for a reason), chance (with which a contact
came into a sample drawn by chance) or sampling_weight (how many contacts an evaluation drawn by chance stands for).
Without a column sample all were drawn by chance; without a weight all had the same.

evaluations  all; picked: of these drawn by chance
weight       the sum of the weights of those drawn by chance; squares: of their squares
sound        weight of those without a critical error; sound_plain: how many
chances      weight times opportunities; chances_plain: opportunities; good, good_plain: of these without an error
handled      contacts that an agent handled; checked: of these named by an evaluation, each once, whenever it was made
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse.beside_contacts import (
    as_contacts,
    by_day,
    is_named_in,
    is_value,
    labelled,
    optional,
    total,
)
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place, is_true

ROLE = "quality"
BY_CHANCE = ("random", "doubled")
COUNTS = (
    "evaluations", "picked", "weight", "squares", "sound", "sound_plain", "chances", "chances_plain", "good",
    "good_plain",
)  # fmt: skip
HANDLED, CHECKED = "handled", "checked"
NAMED = ("kind", "question", "first", "second")


def evaluations(
    contacts: Contacts, scope: Sequence[Filter], by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.evaluations` says."""
    filters = tuple(filters)
    cuts = [*by, *(part.dimension for part in filters)]
    rows = as_contacts(contacts, ROLE, time="evaluated_at", needed=("critical_error",), cuts=cuts, scope=scope)
    return by_day(rows, by, _sums(rows), COUNTS, period, filters)


def handled(contacts: Contacts, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
    """As `TableVerbs.handled` says."""
    agent = contacts.model.agent or contacts.model.cluster
    known = contacts.expressions.given(agent) if agent and agent in contacts.table.c else []
    checked = is_named_in(contacts, ROLE)
    judged = [sa.false()] if checked is None else known  # nothing says which were checked: none can be counted
    sums = {HANDLED: judged, CHECKED: [*judged, *([] if checked is None else [checked])]}
    terms = [labelled(name, contacts.tally(conditions)) for name, conditions in sums.items()]
    return by_day(contacts, by, terms, (HANDLED, CHECKED), period, filters)


def judged_twice(
    contacts: Contacts, scope: Sequence[Filter], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `TableVerbs.judged_twice` says. A table `calibration`: scored_at, kind, question, first, second."""
    filters = tuple(filters)
    cuts = [part.dimension for part in filters]
    rows = as_contacts(contacts, "calibration", time="scored_at", needed=NAMED, cuts=cuts, scope=scope)
    c = rows.table.c
    keys = [sa.cast(c[name], sa.String).label(name) for name in NAMED[:2]]
    said = [sa.case((is_true(c[name]), 1), else_=0).label(name) for name in NAMED[2:]]
    places = by_place(4)
    query = rows.select([*keys, *said, sa.func.count().label("n")], period, filters)
    return rows.connection.run(query.group_by(*places).order_by(*places))


def _sums(rows: Contacts) -> list[Expression]:
    weight, flawless = weight_of(rows), sa.not_(is_true(rows.table.c["critical_error"]))
    errors, chances = (number_of(rows, name) for name in ("noncritical_errors", "opportunities"))
    drawn = weight.is_not(None)
    sums = {
        "evaluations": sa.func.count(),
        "picked": total(drawn),
        "weight": sa.func.sum(weight),
        "squares": sa.func.sum(weight * weight),
        "sound": sa.func.sum(sa.case((flawless, weight))),
        "sound_plain": total(sa.and_(drawn, flawless)),
        "chances": sa.func.sum(weight * chances),
        "chances_plain": sa.func.sum(sa.case((drawn, chances))),
        "good": sa.func.sum(weight * (chances - errors)),
        "good_plain": sa.func.sum(sa.case((drawn, chances - errors))),
    }
    return [labelled(name, term) for name, term in sums.items()]


def weight_of(rows: Contacts) -> Expression:
    """How many contacts an evaluation stands for; NULL for one that was not drawn by chance."""
    chance, given = (number_of(rows, name) for name in ("chance", "sampling_weight"))
    weight: Expression = sa.literal(1.0)
    if optional(rows, "chance") is not None:
        weight = sa.case((chance > 0, 1.0 / chance))
    elif optional(rows, "sampling_weight") is not None:
        weight = given
    sample = optional(rows, "sample")
    if sample is None:
        return weight
    by_chance = sa.or_(*(is_value(sample, name) for name in BY_CHANCE))
    drawn: Expression = sa.case((by_chance, weight))
    return drawn


def number_of(rows: Contacts, name: str) -> Expression:
    column = optional(rows, name)
    return sa.cast(sa.null(), sa.Double) if column is None else rows.dialect.number(column)
