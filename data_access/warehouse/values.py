"""How are the answers distributed? Counts by value: what ranks, medians and shapes need, and never the answers.

A metric has few values and keeps each. A driver on its raw scale may have one per contact; it is then rounded to the
finest multiples of 1, 2 or 5 that keep the frame small, and the width is said.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import pandas as pd
import sqlalchemy as sa

from data_access.selection import Filter, Period
from data_access.warehouse import cells, dialect
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialect import Expression

MOST_VALUES = 1_000
DECADES = 9  # of widths that are tried


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
    if width is None:
        width = fitting_width(contacts, [answers.c.x], groups) if chosen.is_raw else 0.0
    columns = [*groups, step(contacts.engine, answers.c.x, width).label("x")]
    sums = cells.measures(answers, contacts.weighting)
    answer = contacts.connection.run(sa.select(*columns, *sums).group_by(*dialect.places(columns)))
    rows = cells.completed(answer.rows, contacts.weighting)
    rows["x"] = on_grid(rows["x"], width)
    names = [*(d.name for d in dimensions), *(key.name for key in clusters), "x"]
    return Answer(cells.together(cells.memberships(rows, dimensions), names, cells.SUMS), answer.sql, width)


def fitting_width(contacts: Contacts, numbers: Sequence[Expression], groups: Sequence[Expression]) -> float:
    """The finest step at which `numbers` by `groups` fit a frame; 0 where they fit as they are.

    Fit: at most MOST_VALUES of each number and no more rows than may be fetched. The widest step left is taken where
    none fits, so that fetching says what is wrong.
    """

    def fits(width: float) -> bool:
        return _fits(contacts, [step(contacts.engine, x, width) for x in numbers], groups)

    if fits(0.0):
        return 0.0
    widths = _widths(contacts, numbers)
    return widths[min(bisect_left(widths, True, key=fits), len(widths) - 1)] if widths else 0.0


def _fits(contacts: Contacts, numbers: Sequence[Expression], groups: Sequence[Expression]) -> bool:
    labelled = [x.label(f"number_{i}") for i, x in enumerate(numbers)]
    different = sa.select(*groups, *labelled).distinct().subquery("different")
    counts = [sa.func.count(), *(sa.func.count(different.c[x.name].distinct()) for x in labelled)]
    asked = sa.select(*(count.label(f"n{i}") for i, count in enumerate(counts)))
    rows, *distinct = contacts.connection.run(asked).rows.iloc[0]
    return bool(rows <= contacts.connection.most_rows and max(distinct) <= MOST_VALUES)


def _widths(contacts: Contacts, numbers: Sequence[Expression]) -> list[float]:
    """1, 2 and 5 times powers of ten, ascending, up to a hundredth of the span of the numbers."""
    ends = [sa.func.min(x).label(f"low{i}") for i, x in enumerate(numbers)]
    ends += [sa.func.max(x).label(f"high{i}") for i, x in enumerate(numbers)]
    found = contacts.connection.run(sa.select(*ends)).rows.iloc[0].astype(float)
    widest = (found.max() - found.min()) / 100
    if not widest > 0:
        return []
    finest = max(widest / 10**DECADES, found.abs().max() / 2**52)  # below it, steps are no whole numbers any more
    powers = range(math.floor(math.log10(finest)), math.floor(math.log10(widest)) + 1)
    steps = (float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5))
    return [width for width in steps if finest <= width <= widest]


def step(engine: str, x: Expression, width: float) -> Expression:
    """The number of the step that x is nearest to, upwards from half; x itself without a width."""
    return dialect.floor(engine, x / width + 0.5) if width else x


def on_grid(steps: pd.Series, width: float) -> pd.Series:
    """The numbers that steps stand for.

    >>> on_grid(pd.Series([3, -1]), 0.1).tolist()
    [0.3, -0.1]
    """
    steps = steps.astype(float)
    if not width:
        return steps
    return steps * width if width >= 1 else steps / round(1 / width)
