"""What a verdict is looked at with: four scores, each group week by week, each unit before and after."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.effect.asked import Asked
from analysis.effect.judged import Judged
from analysis.estimate import SUMS, WITHHELD_BELOW, as_one, estimates
from analysis.stats.intervals import NAN, Array
from data_access.metrics import Metric

GROUPS, PERIODS = ("treated", "control"), ("before", "after")


def four_scores(rows: pd.DataFrame, after: Array, metric: Metric) -> pd.DataFrame:
    """period, group, n, score, low, high: the means as they are, of the cells that were compared."""
    place = 2 * (~rows["treated"].to_numpy(dtype=bool)) + after
    cells = as_one(rows)[0].assign(s=place)
    groups = GROUPS[: int(place.max()) // 2 + 1]
    e = estimates(cells, 2 * len(groups), metric)
    columns = {"n": e.n, "score": e.shown("value"), "low": e.shown("low"), "high": e.shown("high")}
    return pd.DataFrame({"period": [*PERIODS] * len(groups), "group": np.repeat(groups, 2), **columns})


def weeks(sums: pd.DataFrame, start: date) -> pd.DataFrame:
    """week (its Monday, or the start within it), group, n, score; a week's answers before the start stand apart."""
    monday = [day - timedelta(days=day.weekday()) for day in sums["day"]]
    week = [max(first, start) if day >= start else first for day, first in zip(sums["day"], monday, strict=True)]
    return _scores(sums.assign(week=week, group=np.where(sums["treated"], *GROUPS)), ["week", "group"])


def units(verdict: Judged, question: Asked) -> pd.DataFrame:
    """unit, group, start, n0, n1, score0, score1, change: each cluster of what was compared, the treated first."""
    rows = verdict.rows.assign(group=np.where(verdict.rows["treated"], *GROUPS))
    keys = ["cluster", "group"]
    before, after = (_scores(rows[side], keys).set_index(keys) for side in (~verdict.after, verdict.after))
    both = before.join(after, how="outer", suffixes=("0", "1")).reset_index()
    both = both.fillna({"n0": 0.0, "n1": 0.0})
    starts = [question.starts.get(u, question.start) if g == GROUPS[0] else None
              for u, g in zip(both["cluster"], both["group"], strict=True)]  # fmt: skip
    found = both.assign(unit=both["cluster"], start=starts, change=both["score1"] - both["score0"])
    order = ["unit", "group", "start", "n0", "n1", "score0", "score1", "change"]
    return found.sort_values(["group", "unit"], ascending=[False, True], ignore_index=True)[order]


def _scores(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Answers and score of each combination of some columns; the score of few answers is withheld."""
    found = rows.groupby(keys, dropna=False, observed=True)[list(SUMS)].sum().reset_index()
    score = np.where(found["n"] < WITHHELD_BELOW, NAN, found["wx"] / found["w"])
    return found[[*keys, "n"]].assign(score=score)
