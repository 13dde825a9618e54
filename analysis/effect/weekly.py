"""Cells of an effect as sums by cluster and week, which the other designs start from.

A week has the number of weeks since the start: the last one before it is -1, the first one under the plan 0.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

DAYS = 7


def weekly(sums: pd.DataFrame, start: date) -> pd.DataFrame:
    """Cells (day, cluster, treated, w, wx; see `did`) as rows of cluster, week, treated, n, total.

    >>> cells = pd.DataFrame({"day": [date(2026, 9, 14), date(2026, 9, 15)], "cluster": "A", "treated": True})
    >>> weekly(cells.assign(w=2.0, wx=[160.0, 170.0]), date(2026, 9, 15))["week"].tolist()
    [-1, 0]
    """
    week = [number_of_week(day, start) for day in sums["day"]]
    rows = sums.assign(week=np.array(week, dtype=int), n=sums["w"], total=sums["wx"])
    by = ["cluster", "week", "treated"]
    return rows.groupby(by, sort=True, dropna=False)[["n", "total"]].sum().reset_index()


def number_of_week(day: date, start: date) -> int:
    """
    >>> number_of_week(date(2026, 9, 8), date(2026, 9, 15)), number_of_week(date(2026, 9, 22), date(2026, 9, 15))
    (-1, 1)
    """
    return (day - start).days // DAYS
