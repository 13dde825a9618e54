"""What does each contact hold in several columns of any level? Dictionary-coded rows, for pairs of columns.

Counts of a pair, ranks and cross-products all follow from codes and the few values they stand for, so one fetch
serves every pair. Rows are the contacts of a selection, whether they answered or not: each pair uses those that know
both. A rating that is exempted is unknown; a contact without weight counts for nothing and is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from data_access.columns import column_of
from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.semantics import Dimension, Driver, Level, Missing
from data_access.warehouse import cells
from data_access.warehouse.coded import Coded, Ints
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression

Floats = npt.NDArray[np.float64]
Known = Metric | Driver | Dimension
NOTHING: Mapping[str, Expression] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column as asked by name.

    codes: the place in `values` for each row, -1 where unknown.
    values: different numbers, ascending (a metric on its scale of 0..100, a driver on its own), or members as text
    (in the model's order, the others after them). Every one of them occurs.
    missing: share of the rows whose cell is blank or no valid value, before `policy` makes something of it.
    policy: what a blank is: unknown, no or zero (a driver), valid (a metric: only valid answers are known) or blank
    (a dimension: unknown).
    """

    name: str
    level: Level
    codes: Ints
    values: Floats | tuple[str, ...]
    missing: float
    policy: str


@dataclass(frozen=True, kw_only=True)
class Codes:
    """Columns by name over the same `n` rows.

    cluster: code of the model's cluster, -1 where a row has none; None without one in the model.
    clusters: how many different ones there are.
    weight: of each row, of a model with weights; weighting is then frequency or survey.
    of: contacts selected; n < of where a sample was taken, always the same one.
    beside: what else was asked of each row, by the name it was asked under.
    """

    columns: Mapping[str, Column]
    cluster: Ints | None
    clusters: int
    weight: Floats | None
    weighting: str | None
    n: int
    of: int
    sql: str
    beside: Mapping[str, Coded] = field(default_factory=dict)


def codes(
    contacts: Contacts, names: Sequence[str], period: Period | None, filters: Iterable[Filter], most: int | None,
    *, beside: Mapping[str, Expression] = NOTHING, only: Sequence[Expression] = (), of: int | None = None,
) -> Codes:  # fmt: skip
    """As `Warehouse.codes` says; with what else is asked of each contact, of those `only` that meet conditions.

    of: how many contacts these are, where somebody has counted them already.
    """
    asked = {name: column_of(contacts.model, name) for name in dict.fromkeys(names)}
    wanted = _wanted(contacts, list(asked.values())) | {f"beside__{name}": e for name, e in beside.items()}
    weighed = [contacts.weight() > 0] if contacts.model.weight else []
    conditions = [*weighed, *contacts.expressions.where(period, filters), *only]
    of = _count(contacts, conditions) if of is None else of
    most = most or contacts.dialect.most_contacts
    query = _rows(contacts, [e.label(label) for label, e in wanted.items()], conditions, most, of)
    numbers = [isinstance(e.type, sa.Float) and not isinstance(e, sa.Column) for e in wanted.values()]
    fetched = dict(zip(wanted, contacts.connection.coded(query, numbers), strict=True))
    cluster, clusters = _clusters(contacts, fetched)
    return Codes(
        columns={name: _column(name, known, fetched, i) for i, (name, known) in enumerate(asked.items())},
        cluster=cluster,
        clusters=clusters,
        weight=_weight(fetched.get("weight")),
        weighting=contacts.weighting,
        n=len(next(iter(fetched.values())).codes),
        of=of,
        sql=contacts.connection.text(query),
        beside={name: fetched[f"beside__{name}"] for name in beside},
    )


def _count(contacts: Contacts, conditions: Sequence[Expression]) -> int:
    counted = sa.select(sa.func.count().label("contacts")).select_from(contacts.table).where(*conditions)
    return int(contacts.connection.run(counted).rows.iloc[0, 0])


def _wanted(contacts: Contacts, asked: Sequence[Known]) -> dict[str, Expression]:
    """What to fetch: c0, c1 .. (cells), b0 .. (1 where a cell that counts as 0 is blank), cluster and weight."""
    wanted = {label: e for i, known in enumerate(asked) for label, e in _cells(contacts, known, i).items()}
    if contacts.model.cluster:
        wanted["cluster"] = contacts.expressions.keys(contacts.model.dimension(contacts.model.cluster))[0].element
    if contacts.model.weight:
        wanted["weight"] = contacts.weight()
    return wanted or {"c": sa.literal(1)}


def _cells(contacts: Contacts, known: Known, place: int) -> dict[str, Expression]:
    e, metric = contacts.expressions, _number(known)
    if metric is None:
        return {f"c{place}": e.keys(_dimension(known))[0].element}
    valid = [*e.valid(metric), *(e.counted() if isinstance(known, Metric) and not known.repeat else [])]
    expressions: dict[str, Expression] = {f"c{place}": sa.case((sa.and_(*valid), e.value(metric)))}
    if metric.blank is not None:
        expressions[f"b{place}"] = sa.case((sa.and_(*e.given(metric.column)), sa.null()), else_=1)
    return expressions


def _number(known: Known) -> Metric | None:
    """What is read as a number; None for what is read as members."""
    if isinstance(known, Driver):
        return None if known.level is Level.NOMINAL else known.as_metric()
    return known if isinstance(known, Metric) else None


def _dimension(known: Known) -> Dimension:
    """A driver of names is cut by as a dimension is."""
    assert not isinstance(known, Metric), "a metric is a number"
    if isinstance(known, Dimension):
        return known
    return Dimension(known.name, known.labels, column=known.column, missing=known.codes)


def _rows(
    contacts: Contacts, columns: Sequence[Expression], conditions: Sequence[Expression], most: int, of: int
) -> sa.Select[*tuple[Any, ...]]:
    """The columns of the contacts, of all or of a sample."""
    return contacts.dialect.sampled(contacts.table, columns, conditions, identity=contacts.apart, most=most, of=of)


def _column(name: str, known: Known, fetched: Mapping[str, Coded], place: int) -> Column:
    coded = fetched[f"c{place}"]
    blank = fetched[f"b{place}"].codes >= 0 if f"b{place}" in fetched else False
    metric = _number(known)
    codes, values = _numbers(coded, metric) if metric else members(_dimension(known), coded)
    missing = float(np.mean((codes < 0) | blank)) if len(codes) else math.nan
    return Column(name=name, level=_level(known), codes=codes, values=values, missing=missing, policy=_policy(known))


def _level(known: Known) -> Level:
    """A dimension of numbers is only ordered: its values are segments here."""
    if isinstance(known, Dimension):
        return Level.NOMINAL if known.level is Level.NOMINAL else Level.ORDINAL
    return known.level if isinstance(known, Driver) else Level.INTERVAL


def _policy(known: Known) -> str:
    if isinstance(known, Dimension):
        return "blank"
    if isinstance(known, Metric):
        return "valid"
    return str(Missing.UNKNOWN if known.level is Level.NOMINAL else known.missing)


def _numbers(coded: Coded, metric: Metric) -> tuple[Ints, Floats]:
    raw = np.asarray(coded.distinct, dtype=np.float64)
    values, places = np.unique(metric.slope * raw + metric.offset, return_inverse=True)
    return coded.recoded(places.astype(np.int32)), values


def members(dimension: Dimension, coded: Coded) -> tuple[Ints, tuple[str, ...]]:
    """Codes and names of the members that occur, in the model's order; -1 for a blank.

    Different raw values can have one name, and a blank has none; a kind of ENUM lists more than there are.
    """
    names = [
        cells.text_of(value, dimension) if used else None
        for value, used in zip(coded.distinct, coded.used, strict=True)
    ]
    order = {member: i for i, member in enumerate(dimension.order)}
    ordered = sorted({n for n in names if n}, key=lambda n: (order.get(n, len(order)), *_natural(n)))
    places = {member: i for i, member in enumerate(ordered)}
    return coded.recoded(np.array([places.get(n or "", -1) for n in names], dtype=np.int32)), tuple(ordered)


def _natural(name: str) -> tuple[float, str]:
    """Numbers by size, before words by letters.

    >>> sorted(["b", "10", "9", "a"], key=_natural)
    ['9', '10', 'a', 'b']
    """
    try:
        number = float(name)
    except ValueError:
        return math.inf, name
    return (number if math.isfinite(number) else math.inf), name


def _clusters(contacts: Contacts, fetched: Mapping[str, Coded]) -> tuple[Ints | None, int]:
    if not contacts.model.cluster:
        return None, 0
    codes, known = members(contacts.model.dimension(contacts.model.cluster), fetched["cluster"])
    return codes, len(known)


def _weight(coded: Coded | None) -> Floats | None:
    return None if coded is None else np.asarray(coded.distinct, dtype=np.float64)[coded.codes]
