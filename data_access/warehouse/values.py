"""How are the answers distributed? Counts by value: what ranks, medians and shapes need, and never the answers.

A metric has few values and keeps each. A driver on its raw scale may have one per contact; it is then rounded to the
finest multiples of 1, 2 or 5 that keep the frame small, and the width is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse import cells
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Dialect, Expression, by_place

MOST_VALUES = 1_000
LEAST_VALUES = 100
MOST_ROWS = 20_000  # of a driver, where LEAST_VALUES allow it
DECADES = 5  # of widths that are tried: one value far away must not swallow all others


def values(
    contacts: Contacts,
    metric: str,
    by: Sequence[str],
    period: Period | None,
    filters: Iterable[Filter],
    *,
    clustered: bool = True,
    width: float | None = None,
) -> Answer:
    """As `Warehouse.values` says."""
    chosen, dimensions = contacts.model.measure(metric), contacts.dimensions(by)
    clusters = contacts.cluster_keys() if clustered else []
    keys = [*(key for d in dimensions for key in contacts.expressions.keys(d)), *clusters]
    answers = contacts.answers(chosen, keys, contacts.expressions.where(period, filters))
    groups = [answers.c[key.name] for key in keys]
    if chosen.unit.is_bounded:
        width = 0.0
    elif width is None:
        width = fitting_width(contacts, sa.select(answers.c.x), room(contacts, answers, groups))
    columns = [*groups, step(contacts.dialect, answers.c.x, width).label("x")]
    sums, complete = (cells.measures, cells.completed) if width else (cells.tallies, cells.by_value)
    places = by_place(len(columns))
    query = sa.select(*columns, *sums(answers, contacts.weighting)).group_by(*places).order_by(*places)
    answer = contacts.connection.run(query)
    rows = complete(answer.rows, contacts.weighting)
    rows["x"] = on_grid(rows["x"], width)
    names = [*(d.name for d in dimensions), *(key.name for key in clusters), "x"]
    return Answer(cells.together(cells.memberships(rows, dimensions), names, cells.SUMS), answer.sql, width)


def room(contacts: Contacts, answers: sa.Subquery, groups: Sequence[Expression], *, most: int = MOST_VALUES) -> int:
    """How many values each of the groups may have; few answers never become many rows."""
    size = sa.func.count().label("answers")
    sizes = sa.select(*groups, size).select_from(answers).group_by(*groups).subquery("sizes")
    counted = sa.select(sa.func.count().label("groups"), sa.func.sum(sizes.c.answers).label("answers"))
    different, total = contacts.connection.run(counted).rows.fillna(0).iloc[0]
    rows = min(MOST_ROWS, contacts.connection.most_rows)
    return most if total <= rows else min(most, max(LEAST_VALUES, rows // max(1, int(different))))


def fitting_width(contacts: Contacts, numbers: sa.Select[Any] | sa.CompoundSelect[Any], most: int) -> float:
    """The finest step that leaves at most so many different numbers (column x); 0 where there are no more anyway."""
    values, run = numbers.subquery("numbers"), contacts.connection.run
    low, high = run(sa.select(sa.func.min(values.c.x).label("low"), sa.func.max(values.c.x).label("high"))).rows.iloc[
        0
    ]
    widths = [0.0, *_widths(float(low), float(high))] if low != high else [0.0]
    x = sa.select(values.c.x).distinct().subquery("different").c.x
    steps = [step(contacts.dialect, x, width).distinct() for width in widths]
    counts = run(sa.select(*(sa.func.count(s).label(f"n{i}") for i, s in enumerate(steps)))).rows.iloc[0]
    return next((width for width, n in zip(widths, counts, strict=True) if n <= most), widths[-1])


def _widths(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten, ascending, up to a fiftieth of the span.

    >>> _widths(0.0, 1_000.0)[:4], _widths(0.0, 1_000.0)[-1]
    ([0.0002, 0.0005, 0.001, 0.002], 20.0)
    """
    widest = (high - low) / 50
    finest = max(widest / 10**DECADES, max(-low, high) / 2**52)  # below it, steps are no whole numbers any more
    powers = range(math.floor(math.log10(finest)), math.floor(math.log10(widest)) + 1)
    steps = (float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5))
    return [width for width in steps if finest <= width <= widest]


def step(dialect: Dialect, x: Expression, width: float) -> Expression:
    """The number of the step that x is nearest to, upwards from half; x itself without a width."""
    return dialect.floor(x / width + 0.5) if width else x


def on_grid(steps: pd.Series, width: float) -> pd.Series:
    """The numbers that steps stand for.

    >>> on_grid(pd.Series([3, -1]), 0.1).tolist()
    [0.3, -0.1]
    """
    steps = steps.astype(float)
    if not width:
        return steps
    return steps * width if width >= 1 else steps / round(1 / width)
