"""Is a value beyond what the months before would lead one to expect? A prediction interval of earlier periods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis.diagnosis.comparator import Ground
from analysis.estimate import scaled
from analysis.stats.intervals import NAN, Interval, t_interval
from data_access.selection import Period, months_later

LEAST_PERIODS, MOST_PERIODS = 6, 12
BUCKETS = ((28, 31, "month"), (7, 7, "week"), (1, 1, "day"))  # least and most days of a period, and what is like it
NORMAL = 0.95


@dataclass(frozen=True)
class Usual:
    """The range of the path's next score if nothing had changed; NaN where too few periods are known."""

    interval: Interval
    periods: int
    sql: tuple[str, ...] = ()


def usual(ground: Ground) -> Usual:
    """From six to twelve earlier months, weeks or days, for a period as long as one of them."""
    period, unknown = ground.selection.period, Usual(Interval(NAN, NAN), 0)
    bucket = next((b for low, high, b in BUCKETS if period and low <= period.days <= high), None)
    if period is None or bucket is None or ground.warehouse.model.time is None:
        return unknown
    before = Period(_back(period, bucket), period.start)
    answer = ground.warehouse.cells(ground.metric.name, [bucket], before, ground.own.filters)
    sums = scaled(answer.rows, ground.metric).groupby(bucket)[["w", "wx"]].sum()
    scores = (sums["wx"] / sums["w"]).to_numpy()
    k = len(scores)
    if k < LEAST_PERIODS:
        return Usual(unknown.interval, k, (answer.sql,))
    reach = float(np.std(scores, ddof=1)) * math.sqrt(1 + 1 / k)
    return Usual(t_interval(float(scores.mean()), reach, k - 1, confidence=NORMAL), k, (answer.sql,))


def _back(period: Period, bucket: str) -> date:
    days = {"week": 7, "day": 1}
    return (
        months_later(period.start, -MOST_PERIODS)
        if bucket == "month"
        else (period.start - timedelta(days=days[bucket] * MOST_PERIODS))
    )
