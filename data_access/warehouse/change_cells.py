"""Where could a change sit? Sums of a metric by every combination of several dimensions, over two periods at once.

The finest cells that hold answers come in one pass over the data, as codes: a segment of any depth is a sum of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from data_access.columns import dividing
from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.semantics import Dimension
from data_access.warehouse import cells
from data_access.warehouse.coded import Coded, Floats, Ints
from data_access.warehouse.codes import members
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression

Places = npt.NDArray[np.intp]
Inside = npt.NDArray[np.bool_]
Change = tuple[Period, Period]  # from a baseline to a period
MOST_KEY = 2**62  # a whole number stands for a cell while it is put in order


@dataclass(frozen=True, kw_only=True)
class ChangeCells:
    """Cells that hold a valid answer in either period, in the order of their codes. None among members is a blank.

    members: those of each dimension that occur: in the model's order, others after them, a blank last.
    codes: (cells, dimensions), the place of each cell in `members`, in numbers as small as they fit.
    n, sum, squares, weight: (cells, 2), baseline and period: answers (a frequency counts as many), sums of weight x
    value and weight x value^2 on the scale of the metric, and of weight: without survey weights that is the array n.
    half: (cells,) 0 or 1, the half of the contacts that a cell is of; None where it was not asked for.
    """

    dimensions: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    codes: npt.NDArray[np.integer[Any]]
    n: Floats
    sum: Floats
    squares: Floats
    weight: Floats
    half: npt.NDArray[np.int8] | None
    sql: str


def change_cells(
    contacts: Contacts,
    metric: str,
    by: Sequence[str],
    changes: Sequence[Change],
    filters: Iterable[Filter],
    *,
    halves: bool,
) -> list[ChangeCells]:
    """As `Warehouse.change_cells_each` says."""
    chosen = contacts.model.measure(metric)
    dimensions = [dividing(dimension) for dimension in contacts.dimensions(by)]
    pieces = _pieces([period for change in changes for period in change])
    query = _query(contacts, chosen, dimensions, pieces, list(filters), halves=halves)
    (*fetched, spans), raw = contacts.connection.sums(query, len(dimensions) + halves + 1, every=True)
    span, sql = _whole_numbers(spans), contacts.connection.text(query)
    found = []
    for place, change in enumerate(changes):
        inside = [np.array([_holds(p, piece) for piece in pieces], dtype=np.bool_)[span] for p in change]
        keys, own = fetched if place == 0 else fetched[: len(dimensions)], raw
        if len(changes) > 1:
            there = np.flatnonzero(inside[0] | inside[1])
            own, inside, keys = raw[:, there], [i[there] for i in inside], [coded.some(there) for coded in keys]
        found.append(_cells(keys, own, inside, dimensions, chosen, contacts.weighting, sql))
    return found


def _pieces(periods: Sequence[Period]) -> list[Period]:
    """What periods that may overlap are made of: stretches that share no day, each whole in a period or outside."""
    ends = sorted({end for period in periods for end in (period.start, period.end)})
    stretches = [Period(start, end) for start, end in pairwise(ends)]
    return [piece for piece in stretches if any(_holds(period, piece) for period in periods)]


def _holds(period: Period, piece: Period) -> bool:
    return period.start <= piece.start and piece.end <= period.end


def _cells(
    fetched: Sequence[Coded],
    raw: Floats,
    inside: Sequence[Inside],
    dimensions: Sequence[Dimension],
    metric: Metric,
    weighting: str | None,
    sql: str,
) -> ChangeCells:
    """The cells of one change from its rows: raw sums (sums, rows), and whether a row is inside the baseline and
    inside the period. Keys beyond the dimensions are halves.
    """
    named = [_members(dimension, coded) for dimension, coded in zip(dimensions, fetched, strict=False)]
    half = [_whole_numbers(coded) for coded in fetched[len(dimensions) :]]
    order, first = _order(
        [*(codes for codes, _ in named), *half],
        [*(len(names) for _, names in named), *([2] if half else [])],
        raw.shape[1],
    )
    n, total, squares, weight = _scaled(raw, inside, metric, weighting, order, first)
    chosen_rows = order[first]
    codes = np.empty((len(first), len(named)), np.min_scalar_type(max((len(m) for _, m in named), default=1)), "F")
    for into, (own, _) in zip(codes.T, named, strict=True):
        into[:] = own[chosen_rows]
    return ChangeCells(
        dimensions=tuple(dimension.name for dimension in dimensions),
        members=tuple(names for _, names in named),
        codes=codes,
        n=n,
        sum=total,
        squares=squares,
        weight=weight,
        half=half[0][chosen_rows].astype(np.int8) if half else None,
        sql=sql,
    )


def _query(
    contacts: Contacts,
    metric: Metric,
    dimensions: Sequence[Dimension],
    pieces: Sequence[Period],
    filters: Sequence[Filter],
    *,
    halves: bool,
) -> sa.Select[tuple[object, ...]]:
    keys: list[Expression] = [key for d in dimensions for key in contacts.expressions.keys(d)]
    if halves:
        keys.append(contacts.half())
    keys.append(contacts.span_of(pieces))
    rows = contacts.answers(metric, keys, contacts.in_each(pieces, filters)[1])
    groups = [rows.c[key.name] for key in keys]
    return sa.select(*groups, *_sums(rows, contacts.weighting)).group_by(*groups)


def _sums(rows: sa.Subquery, weighting: str | None) -> list[Expression]:
    """n, sums of wx and wxx, and of w where there are weights."""
    parts: dict[str, Expression]
    if cells.are_sums(rows):
        parts = {name: rows.c[name] for name in ("wx", "wxx", "w")}
    else:
        x = rows.c.x
        wx = rows.c.w * x if weighting else x
        parts = {"wx": wx, "wxx": wx * x, **({"w": rows.c.w} if weighting else {})}
    return [sa.func.count().label("n"), *(sa.func.sum(part).label(name) for name, part in parts.items())]


def _whole_numbers(coded: Coded) -> Ints:
    return np.asarray(coded.distinct, dtype=np.float64).astype(np.int32)[coded.codes]


def _scaled(
    raw: Floats, inside: Sequence[Inside], metric: Metric, weighting: str | None, order: Places, first: Places
) -> tuple[Floats, Floats, Floats, Floats]:
    """Raw sums (sums, rows) as n, sum, squares and weight of the metric's value, (cells, 2) each.

    Without survey weights n and weight are one array.
    """
    a, b = metric.slope, metric.offset
    n, total, squares = (np.empty((len(first), 2)) for _ in range(3))
    weight = np.empty_like(n) if weighting == "survey" else n
    for side, rows in enumerate(inside):
        counts, wx, wxx, *weights = raw * rows
        w = weights[0] if weighting else counts
        n[:, side] = _added(w if weighting == "frequency" else counts, order, first)
        if weighting == "survey":
            weight[:, side] = _added(w, order, first)
        total[:, side] = _added(a * wx + b * w, order, first)
        squares[:, side] = np.maximum(_added(a * a * wxx + 2 * a * b * wx + b * b * w, order, first), 0.0)
    return n, total, squares, weight


def _added(values: Floats, order: Places, first: Places) -> Floats:
    """Sum by cell of the values of rows."""
    ordered = values[order]
    return ordered if len(first) == len(order) else np.add.reduceat(ordered, first)


def _members(dimension: Dimension, coded: Coded) -> tuple[Ints, tuple[str | None, ...]]:
    """Codes and names of a dimension, a blank being the last member where there is one."""
    codes, names = members(dimension, coded)
    blank = codes < 0
    return np.where(blank, np.int32(len(names)), codes), (*names, None) if blank.any() else names


def _order(columns: Sequence[Ints], sizes: Sequence[int], rows: int) -> tuple[Places, Places]:
    """The rows in the order of their codes, and where each cell begins: raw values of one name (NULL and an empty
    text) are one cell, and so are the rows of both periods.
    """
    key = _key(columns, sizes, rows)
    order = np.argsort(key)
    return order, np.flatnonzero(np.diff(key[order], prepend=-1))


def _key(columns: Sequence[Ints], sizes: Sequence[int], rows: int) -> npt.NDArray[np.int64]:
    """One number a row that sorts as its codes do."""
    key, span = np.zeros(rows, dtype=np.int64), 1
    for column, size in zip(columns, sizes, strict=True):
        if span * size > MOST_KEY:
            distinct, key = np.unique(key, return_inverse=True)
            span = len(distinct)
        key, span = key * size + column, span * size
    return key
