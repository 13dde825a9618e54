"""Who is behind a score? Contacts, invitations, valid answers and what was left out, in all or by any dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.warehouse import cells
from data_access.warehouse.coded import Floats
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place, is_true

COUNTS = ("contacts", "population", "invited", "responses", "excluded", "out_of_scale")


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Who is behind a metric: all contacts, those that could have a value, those that have one, what was left out.

    population: of a survey those invited, else the contacts the metric's `where` lets through; without exempted ones.
    survey: whether the values are answers. invited: all who were asked; all contacts where the model does not say.
    rates: the mean raw values of other metrics that were asked for; NaN where none is valid.
    behind: what the population is: invited, asked (of a survey that does not say whom), answers (a file of nothing
    else, whose population nobody knows), firsts (those that can be judged), where (some contacts) or contacts (all).
    """

    survey: bool
    behind: str
    contacts: int
    population: int
    invited: int
    responses: int
    excluded: int
    out_of_scale: int
    sql: str
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def recorded_rate(self) -> float:
        """Values per contact that could have one, 0..1; NaN when there is none, or in a file of answers only."""
        return self.responses / self.population if self.population else float("nan")

    @property
    def response_rate(self) -> float:
        """The same of a survey, answers per invited contact; NaN for what nobody was asked."""
        return self.recorded_rate if self.survey else float("nan")


def coverage(
    contacts: Contacts, metric: str, period: Period | None, filters: Iterable[Filter], rates: Sequence[str]
) -> Coverage:
    """The counts over all contacts of a selection, with the means of other metrics."""
    sums = [*tallies(contacts, metric), *(s for name in rates for s in _mean(contacts, name))]
    answer = contacts.connection.run(contacts.select(sums, period, filters))
    counts = _known(contacts, metric, _whole(answer.rows))[list(COUNTS)].iloc[0].to_dict()
    found, asked = answer.rows.astype(float).iloc[0], contacts.model.measure(metric)
    return Coverage(
        survey=asked.survey,
        behind=_behind(asked, contacts.model.responded is not None, counts["population"]),
        **counts,
        rates={name: _ratio(found[f"wx_{name}"], found[f"w_{name}"]) for name in rates},
        sql=answer.sql,
    )


def _mean(contacts: Contacts, metric: str) -> list[Expression]:
    """The sums of weighted values and of weights of another metric."""
    measure = contacts.model.measure(metric)
    valid, x = sa.and_(*contacts.valid(measure)), contacts.expressions.value(measure)
    w: Expression = contacts.weight() if contacts.weighting else sa.literal(1.0)
    return [
        sa.func.sum(sa.case((valid, w * x), else_=0.0)).label(f"wx_{metric}"),
        sa.func.sum(sa.case((valid, w), else_=0.0)).label(f"w_{metric}"),
    ]


def _ratio(sums: float, weights: float) -> float:
    return float(sums / weights) if weights else float("nan")


def _behind(metric: Metric, invites: bool, population: int) -> str:
    if metric.repeat:
        return "firsts"
    if metric.survey:
        return "invited" if invites else "asked" if population else "answers"
    return "where" if metric.where else "contacts"


def population_by(
    contacts: Contacts, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """The contacts that could have a value by the combinations of `by`: its columns (text or None) and `population`.

    A contact that is in several segments counts whole in each.
    """
    dimensions, asked = contacts.dimensions(by), contacts.model.measure(metric)
    keys = [key for d in dimensions for key in contacts.expressions.keys(d)]
    tallied = contacts.tally(_conditions(contacts, asked)["population"] or []).label("population")
    query, places = contacts.select([*keys, tallied], period, filters), by_place(len(keys))
    answer = contacts.connection.run(query.group_by(*places).order_by(*places))
    rows = cells.together(cells.memberships(answer.rows, dimensions), [d.name for d in dimensions], ["population"])
    known = not _may_be_answers_only(contacts, asked) or _has_silent(contacts, asked, period, filters)
    return Answer(rows.assign(population=_integers(rows["population"]) * int(known)), answer.sql)


def _has_silent(contacts: Contacts, metric: Metric, period: Period | None, filters: Iterable[Filter]) -> bool:
    """Whether any contact that could have a value has none: the first one is enough."""
    conditions = _conditions(contacts, metric)
    gave = [(sa.and_(*(conditions[name] or [])), 1) for name in ("responses", "out_of_scale")]
    found = contacts.select([sa.literal(1).label("silent")], period, filters)
    found = found.where(*(conditions["population"] or []), sa.case(*gave, else_=0) == 0).limit(1)
    return len(contacts.connection.run(found).rows) > 0


def answers_each(
    contacts: Contacts, metric: str, period: Period | None, alternatives: Sequence[Iterable[Filter]]
) -> list[int]:
    """The number of valid answers behind each of several sets of filters."""
    sums = [
        contacts.tally(contacts.expressions.where(None, filters)).label(f"n{i}")
        for i, filters in enumerate(alternatives)
    ]
    query = contacts.select(sums, period, ()).where(*contacts.valid(contacts.model.measure(metric)))
    return [int(n) for n in contacts.connection.run(query).rows.fillna(0).iloc[0]]


def contacts_each(contacts: Contacts, period: Period | None, alternatives: Sequence[Iterable[Filter]]) -> list[int]:
    """The number of contacts, with an answer or without one, behind each of several sets of filters."""
    sums = [
        contacts.tally(contacts.expressions.where(None, filters)).label(f"n{i}")
        for i, filters in enumerate(alternatives)
    ]
    return [int(n) for n in contacts.connection.run(contacts.select(sums, period, ())).rows.fillna(0).iloc[0]]


def answers_shared(
    contacts: Contacts, metric: str, period: Period | None, groups: Sequence[Iterable[Filter]]
) -> Floats:
    """(groups, groups) the number of valid answers that any two of some groups share."""
    flags = [
        sa.case((sa.and_(sa.true(), *contacts.expressions.where(None, filters)), 1), else_=0).label(f"in{i}")
        for i, filters in enumerate(groups)
    ]
    query = contacts.select([*flags, contacts.tally([]).label("n")], period, ())
    query = query.where(*contacts.valid(contacts.model.measure(metric))).group_by(*by_place(len(flags)))
    *inside, n = contacts.connection.run(query).rows.to_numpy(dtype=float).T
    return np.asarray((np.array(inside) * n) @ np.array(inside).T)


def tallies(contacts: Contacts, metric: str) -> list[Expression]:
    """Sums under the names of COUNTS."""
    conditions = _conditions(contacts, contacts.model.measure(metric))
    return [
        contacts.tally(condition).label(name) if condition is not None else sa.literal(0).label(name)
        for name, condition in conditions.items()
    ]


def _conditions(contacts: Contacts, metric: Metric) -> dict[str, list[Expression] | None]:
    """What each count asks of a contact; None: no contact meets it."""
    e, model = contacts.expressions, contacts.model
    counted = [*([] if metric.repeat else e.counted()), *contacts.weighed()]
    could = e.valid(metric) if metric.repeat else e.where(None, metric.where)
    invited = [is_true(e.column(model.responded))] if model.responded else []
    return {
        "contacts": [],
        "population": [*counted, *(invited if metric.survey else []), *could],
        "invited": [*counted, *invited],
        "responses": [*counted, *e.valid(metric)],
        "excluded": [sa.not_(sa.and_(*e.counted()))] if e.counted() else None,
        "out_of_scale": [*counted, *e.off_scale(metric)],
    }


def _may_be_answers_only(contacts: Contacts, metric: Metric) -> bool:
    """Whether a file of nothing but answers would look like this one: a survey that names no invitations."""
    return metric.survey and contacts.model.responded is None


def _known(contacts: Contacts, metric: str, rows: pd.DataFrame) -> pd.DataFrame:
    """A population of 0 where a survey names no invitations and all rows are answers: who was asked is unknown."""
    answers_only = _may_be_answers_only(contacts, contacts.model.measure(metric)) and bool(
        (rows["population"] <= rows["responses"] + rows["out_of_scale"]).all()
    )
    return rows.assign(population=0) if answers_only else rows


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts as integers; a sum over no rows is NULL."""
    return rows.assign(**{name: _integers(rows[name]) for name in COUNTS})


def _integers(counts: pd.Series) -> pd.Series:
    return counts.astype(float).fillna(0.0).astype(int)
