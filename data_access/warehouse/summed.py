"""Sums of a metric by several cuts in one pass, and how far contacts go along a path of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.semantics import Reason, SemanticModel
from data_access.warehouse import cells
from data_access.warehouse.coded import Coded
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression

STEP, REACHED, LOST = "step", "reached__", "lost"
Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


def cells_each(
    contacts: Contacts,
    metric: str,
    cuts: Sequence[Sequence[str]],
    period: Period | None,
    filters: Iterable[Filter],
    *,
    clustered: bool = False,
    lost_only: bool = False,
    path: Sequence[Filter] = (),
    spans: Sequence[Period] = (),
) -> list[Answer]:
    """As `Warehouse.cells_each` says."""
    model, e, measure = contacts.model, contacts.expressions, contacts.model.measure(metric)
    asked = [tuple(dict.fromkeys(by)) for by in cuts]
    apart = [*(contacts.cluster_keys() if clustered else []), *([contacts.span_of(spans)] if spans else [])]
    always = [*apart, *_along(contacts, measure, path)]
    keys = {name: e.keys(model.dimension(name)) for by in asked for name in by}
    sets = {by: [k.name for k in [*(k for name in by for k in keys[name]), *always]] for by in asked}
    places = {frozenset(columns): columns for columns in sets.values()}
    conditions = contacts.in_each(spans, filters)[1] if spans else e.where(period, filters)
    if lost_only:
        conditions.append(e.loses(measure))
    selected = contacts.answers(measure, [*(k for ks in keys.values() for k in ks), *always], conditions)
    sums = cells.measures(selected, contacts.weighting)
    grouped = _grouped(contacts, selected, list(places.values()), sums)
    order = list(places)
    steps = _steps(grouped, model, path) if path else {}
    extra = {**_values(grouped, [key.name for key in apart]), **steps}
    parts = {by: grouped.of_set(order.index(frozenset(columns))) for by, columns in sets.items()}
    return [Answer(_cut(grouped, parts[by], by, extra, model), grouped.sql) for by in asked]


def cells_lost(
    contacts: Contacts, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> tuple[Answer, Answer]:
    """As `Warehouse.cells_lost` says."""
    model, e, measure = contacts.model, contacts.expressions, contacts.model.measure(metric)
    loses, always = e.loses(measure), contacts.cluster_keys()
    keys = [key for dimension in contacts.dimensions(by) for key in e.keys(dimension)]
    known: list[Expression] = [sa.case((loses, key.element)).label(key.name) for key in keys]
    known += [*always, sa.case((loses, 1), else_=0).label(LOST)]
    selected = contacts.answers(measure, known, e.where(period, filters))
    names = [key.name for key in known]
    grouped = _grouped(contacts, selected, [names], cells.measures(selected, contacts.weighting))
    there = grouped.of_set(0)
    lost = there[grouped.keys[LOST].numbers[there] == 1]
    listed = _cut(grouped, lost, by, _values(grouped, [key.name for key in always]), model)
    return Answer(listed, grouped.sql), Answer(_by_cluster(grouped, there, [key.name for key in always]), grouped.sql)


def _by_cluster(grouped: _Grouped, at: Rows, always: Sequence[str]) -> pd.DataFrame:
    """Cells by nothing but the cluster, where there is one; columns as `_cut` gives them."""
    coded = [grouped.keys[name].some(at) for name in always]
    place, first = np.zeros(len(at), dtype=np.int64), np.zeros(min(len(at), 1), dtype=np.int64)
    for clusters in coded:
        _, first, place = np.unique(clusters.codes, return_index=True, return_inverse=True)
    sums = {name: np.bincount(place, grouped.sums[name].to_numpy()[at], len(first)) for name in cells.SUMS}
    return cells.unfolded({**{name: c.at(first) for name, c in zip(always, coded, strict=True)}, **sums}, {}, [])


def cells_over(
    contacts: Contacts,
    metric: str,
    by: Sequence[str],
    periods: Sequence[Period],
    filters: Iterable[Filter],
    *,
    whole_by: Sequence[str],
) -> list[Answer]:
    """As `Warehouse.cells_over` says."""
    model, e, measure = contacts.model, contacts.expressions, contacts.model.measure(metric)
    flags, conditions = contacts.in_each(periods, filters)
    always = contacts.cluster_keys()
    keys = {name: e.keys(model.dimension(name)) for name in dict.fromkeys([*by, *whole_by])}
    sets = [[k.name for k in [*(k for name in dict.fromkeys(by) for k in keys[name]), *always, *flags]]]
    if whole_by:
        sets.append([k.name for k in [*(k for name in whole_by for k in keys[name]), *always]])
    selected = contacts.answers(measure, [*(k for ks in keys.values() for k in ks), *always, *flags], conditions)
    sums = cells.measures(selected, contacts.weighting)
    grouped = _grouped(contacts, selected, sets, sums)
    extra = _values(grouped, [key.name for key in always])
    apart, whole = grouped.of_set(0), grouped.of_set(1)
    places = [apart[grouped.keys[flag.name].numbers[apart] == 1] for flag in flags]
    cuts = [*((at, by) for at in places), *([(whole, whole_by)] if whole_by else [])]
    return [Answer(_cut(grouped, at, cut, extra, model), grouped.sql) for at, cut in cuts]


def cells_beside(
    contacts: Contacts, metrics: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> list[Answer]:
    """As `Warehouse.cells_beside` says."""
    keys, e = contacts.cluster_keys(), contacts.expressions
    measures = {f"x{i}": contacts.model.measure(name) for i, name in enumerate(metrics)}
    values = [sa.case((sa.and_(*contacts.valid(m)), e.value(m))).label(x) for x, m in measures.items()]
    weight = [contacts.weight().label("w")] if contacts.weighting else []
    rows = contacts.select([*keys, *values, *weight], period, filters).subquery("answers")
    sums = {x: cells.measures_of(rows, x, contacts.weighting) for x in measures}
    query = contacts.dialect.grouped(rows, [[key.name for key in keys]], [s for own in sums.values() for s in own])
    found = contacts.connection.run(query)
    return [Answer(_beside(found.rows, x, [s.name for s in own], contacts), found.sql) for x, own in sums.items()]


def _beside(rows: pd.DataFrame, value: str, sums: Sequence[str], contacts: Contacts) -> pd.DataFrame:
    """The cells of one of the values that `cells_beside` asked for, those alone in which it counts."""
    clusters = [key.name for key in contacts.cluster_keys()]
    named = rows[[*clusters, *sums]].rename(columns={name: name.removesuffix(f"_{value}") for name in sums})
    completed = cells.completed(named, contacts.weighting)
    return completed[completed["n"] > 0].reset_index(drop=True)


@dataclass(frozen=True)
class _Grouped:
    """Cells of several sets of keys: `grouping` says of which set each is, keys are blank in cells of other sets."""

    grouping: Array
    keys: Mapping[str, Coded]
    sums: pd.DataFrame
    sql: str

    def of_set(self, place: int) -> Rows:
        """The cells of a set that hold answers."""
        return np.flatnonzero((self.grouping == place) & (self.sums["n"].to_numpy() > 0))


def _grouped(
    contacts: Contacts, rows: sa.Subquery, sets: Sequence[Sequence[str]], sums: Sequence[Expression]
) -> _Grouped:
    query = contacts.dialect.grouped(rows, sets, sums)
    names = [column.name for column in query.selected_columns]
    keys = len(names) - len(sums)
    (grouping, *coded), numbers = contacts.connection.sums(query, keys)
    raw = pd.DataFrame(numbers.T, columns=names[keys:])
    return _Grouped(
        grouping.numbers,
        dict(zip(names[1:keys], coded, strict=True)),
        cells.completed(raw, contacts.weighting),
        contacts.connection.text(query),
    )


def _values(grouped: _Grouped, names: Sequence[str]) -> dict[str, Any]:
    return {name: grouped.keys[name].values for name in names}


def _cut(
    grouped: _Grouped, at: Rows, by: Sequence[str], extra: Mapping[str, Any], model: SemanticModel
) -> pd.DataFrame:
    """Some cells by the members of some dimensions, with further columns and their sums."""
    dimensions = [model.dimension(name) for name in dict.fromkeys(by)]
    raw = {key: grouped.keys[key].some(at) for d in dimensions for key in cells.key_names(d)}
    columns = {name: column[at] for name, column in extra.items()}
    sums = {name: grouped.sums[name].to_numpy()[at] for name in cells.SUMS}
    return cells.unfolded({**columns, **sums}, raw, dimensions)


def _along(contacts: Contacts, metric: Metric, path: Sequence[Filter]) -> list[Expression]:
    """How many steps of the path a contact goes, and the raw reasons that its loss is shared out among.

    Reasons are kept only of the contacts that reach them, so that the others fall together in few cells.
    """
    if not path:
        return []
    passed = {i: _passed(contacts, metric, path[:i]) for i in range(len(path), 0, -1)}
    keys: list[Expression] = [sa.case(*((condition, i) for i, condition in passed.items()), else_=0).label(STEP)]
    for reason in _shared(contacts.model, path):
        first = 1 + [part.dimension for part in path].index(reason.name)
        for key in contacts.expressions.keys(reason):
            keys.append(sa.case((passed[first], key.element)).label(REACHED + key.name))
    return keys


def _passed(contacts: Contacts, metric: Metric, steps: Sequence[Filter]) -> Expression:
    """A step of a reason is passed only by answers that lost points: the others have no reason for a loss."""
    conditions = contacts.expressions.where(None, steps)
    if any(isinstance(contacts.model.dimension(part.dimension), Reason) for part in steps):
        conditions.append(contacts.expressions.loses(metric))
    return sa.and_(*conditions)


def _shared(model: SemanticModel, path: Sequence[Filter]) -> list[Reason]:
    """The reasons of the path of which an answer can name several."""
    named = (model.dimension(name) for name in dict.fromkeys(part.dimension for part in path))
    return [d for d in named if isinstance(d, Reason) and d.overlaps]


def _steps(grouped: _Grouped, model: SemanticModel, path: Sequence[Filter]) -> dict[str, Array]:
    """Columns step0, step1 ..: the part of an answer's lost points that lies in the step, 0 outside of it."""
    shared = {d.name: d for d in _shared(model, path)}
    fractions: dict[str, Array] = {}
    reached = grouped.keys[STEP].numbers
    steps = {f"{STEP}0": np.ones(len(reached))}
    for i, part in enumerate(path, start=1):
        if part.dimension in shared:
            through = [set(p.values) for p in path[:i] if p.dimension == part.dimension]
            fractions[part.dimension] = _fractions(grouped, shared[part.dimension], set.intersection(*through))
        inside = np.asarray(reached >= i, dtype=float)
        steps[f"{STEP}{i}"] = np.prod([inside, *fractions.values()], axis=0)
    return steps


def _fractions(grouped: _Grouped, reason: Reason, through: set[str | None]) -> Array:
    """Which part of the reasons of each row is among those let through."""
    raw = {name: grouped.keys[REACHED + name] for name in cells.key_names(reason)}
    place, named = cells.segments_each(reason, raw)
    parts = np.array([sum(n in through for n in own) / len(own) for own in named], dtype=float)
    return np.asarray(parts[place])
