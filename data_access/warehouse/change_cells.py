"""Where could a change sit? Sums of a metric by every combination of several dimensions, over two periods at once.

The finest cells that hold answers come in one pass over the data, as codes: a segment of any depth is a sum of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from data_access.columns import dividing
from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.semantics import Dimension
from data_access.warehouse.coded import Coded, Ints
from data_access.warehouse.codes import members
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression

Floats = npt.NDArray[np.float64]
MOST_KEY = 2**62  # a whole number stands for a cell while it is put in order


@dataclass(frozen=True, kw_only=True)
class ChangeCells:
    """Cells that hold a valid answer in either period, in the order of their codes. None among members is a blank.

    members: those of each dimension that occur: in the model's order, others after them, a blank last.
    codes: (cells, dimensions), the place of each cell in `members`.
    n, sum, squares, weight: (cells, 2), baseline and period: answers (a frequency counts as many), sums of weight x
    value and weight x value^2 on the scale of the metric, and of weight, which is n without survey weights.
    half: (cells,) 0 or 1, the half of the contacts that a cell is of; None where it was not asked for.
    """

    dimensions: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    codes: Ints
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
    *,
    period: Period,
    baseline: Period,
    filters: Iterable[Filter],
    halves: bool,
) -> ChangeCells:
    """As `Warehouse.change_cells` says."""
    chosen = contacts.model.measure(metric)
    dimensions = [dividing(dimension) for dimension in contacts.dimensions(by)]
    query = _query(contacts, chosen, dimensions, (baseline, period), list(filters), halves=halves)
    keys = len(dimensions) + halves
    fetched = contacts.connection.coded(query, [i >= keys for i in range(len(query.selected_columns))])
    named = [_members(dimension, coded) for dimension, coded in zip(dimensions, fetched, strict=False)]
    half = [_numbers(coded).astype(np.int32) for coded in fetched[len(dimensions) : keys]]
    sums = _scaled(np.stack([_numbers(coded) for coded in fetched[keys:]], axis=1), chosen, contacts.weighting)
    codes, sums = _one_each(
        [*(codes for codes, _ in named), *half], [*(len(names) for _, names in named), *([2] if half else [])], sums
    )
    n, total, squares, weight = sums
    return ChangeCells(
        dimensions=tuple(dimension.name for dimension in dimensions),
        members=tuple(names for _, names in named),
        codes=codes[:, : len(dimensions)],
        n=n,
        sum=total,
        squares=squares,
        weight=weight,
        half=codes[:, -1].astype(np.int8) if halves else None,
        sql=contacts.connection.text(query),
    )


def _query(
    contacts: Contacts,
    metric: Metric,
    dimensions: Sequence[Dimension],
    periods: Sequence[Period],
    filters: Sequence[Filter],
    *,
    halves: bool,
) -> sa.Select[tuple[object, ...]]:
    keys: list[Expression] = [key for d in dimensions for key in contacts.expressions.keys(d)]
    if halves:
        keys.append(contacts.dialect.random_part(contacts.identity, 2).label("half"))
    flags, conditions = contacts.in_each(periods, filters)
    rows = contacts.answers(metric, [*keys, *flags], conditions)
    groups = [rows.c[key.name] for key in keys]
    return sa.select(*groups, *_sums(rows, [flag.name for flag in flags], contacts.weighting)).group_by(*groups)


def _sums(rows: sa.Subquery, flags: Sequence[str], weighting: str | None) -> list[Expression]:
    """For each period: n, sums of wx and wxx, and of w where there are weights."""
    x, sums = rows.c.x, list[Expression]()
    wx = rows.c.w * x if weighting else x
    for i, flag in enumerate(flags):
        there = rows.c[flag] == 1
        sums.append(sa.func.count(sa.case((there, 1))).label(f"n{i}"))
        parts = {"wx": wx, "wxx": wx * x, **({"w": rows.c.w} if weighting else {})}
        sums += [sa.func.sum(sa.case((there, part))).label(f"{name}{i}") for name, part in parts.items()]
    return sums


def _numbers(coded: Coded) -> Floats:
    """The column as it was; 0 for NULL, which is what a sum over no answers comes as."""
    values = np.append(np.asarray(coded.distinct, dtype=np.float64), 0.0)
    return np.asarray(np.nan_to_num(values, nan=0.0)[coded.codes])


def _scaled(sums: Floats, metric: Metric, weighting: str | None) -> Floats:
    """Raw sums (cells, periods x sums) as (4, cells, periods): n, sum, squares and weight of the metric's value."""
    raw = sums.reshape(len(sums), 2, sums.shape[1] // 2)
    n, wx, wxx, w = (raw[:, :, i] for i in (0, 1, 2, -1 if weighting else 0))
    a, b = metric.slope, metric.offset
    squares = np.maximum(a * a * wxx + 2 * a * b * wx + b * b * w, 0.0)
    return np.stack([w if weighting == "frequency" else n, a * wx + b * w, squares, w])


def _members(dimension: Dimension, coded: Coded) -> tuple[Ints, tuple[str | None, ...]]:
    """Codes and names of a dimension, a blank being the last member where there is one."""
    codes, names = members(dimension, coded)
    blank = codes < 0
    return np.where(blank, np.int32(len(names)), codes), (*names, None) if blank.any() else names


def _one_each(columns: Sequence[Ints], sizes: Sequence[int], sums: Floats) -> tuple[Ints, Floats]:
    """Cells in the order of their codes, each once: raw values of one name (NULL and an empty text) are added."""
    sums = sums[:, sums[0].sum(axis=1) > 0] if not columns else sums  # no groups: a row of zeros for no answers
    codes = np.stack(columns, axis=1) if columns else np.zeros((sums.shape[1], 0), dtype=np.int32)
    key = _key(columns, sizes, len(codes))
    order = np.argsort(key)
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    return codes[order[first]], np.add.reduceat(np.take(sums, order, axis=1), first, axis=1) if len(first) else sums


def _key(columns: Sequence[Ints], sizes: Sequence[int], rows: int) -> npt.NDArray[np.int64]:
    """One number a row that sorts as its codes do."""
    key, span = np.zeros(rows, dtype=np.int64), 1
    for column, size in zip(columns, sizes, strict=True):
        if span * size > MOST_KEY:
            distinct, key = np.unique(key, return_inverse=True)
            span = len(distinct)
        key, span = key * size + column, span * size
    return key
