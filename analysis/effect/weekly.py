"""Cells of an effect as sums by cluster and week, which the other designs start from.

Weeks are those of the calendar, counted from the start: the last one before it is -1, the first one under the plan 0.
Where a start lies within a week, the days before it belong to the week before.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pandas as pd

NONE: Mapping[Hashable, date] = MappingProxyType({})


def weekly(sums: pd.DataFrame, start: date, starts: Mapping[Hashable, date] = NONE) -> pd.DataFrame:
    """Cells (day, cluster, treated, w, wx; see `did`) as rows of cluster, week, treated, n, total.

    starts: clusters that begin on a day of their own.

    >>> days = [date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 21)]
    >>> cells = pd.DataFrame({"day": days, "cluster": "A", "treated": True, "w": 1.0, "wx": 80.0})
    >>> weekly(cells, date(2026, 9, 15))[["week", "n"]].to_numpy().tolist()
    [[-1.0, 2.0], [0.0, 1.0], [1.0, 1.0]]
    """
    week = [
        week_of(day, start, starts.get(cluster, start))
        for day, cluster in zip(sums["day"], sums["cluster"], strict=True)
    ]
    rows = sums.assign(week=np.array(week, dtype=int), n=sums["w"], total=sums["wx"])
    return rows.groupby(["cluster", "week", "treated"], dropna=False)[["n", "total"]].sum().reset_index()


def week_of(day: date, start: date, own: date) -> int:
    """Number of the week of a day, for a cluster that begins on the day `own`.

    >>> week_of(date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 15)), week_of(*[date(2026, 9, 15)] * 3)
    (-1, 0)
    """
    monday = _monday(day)
    apart = (monday - _monday(start)).days // 7
    return apart - 1 if day < own and monday == _monday(own) else apart


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
