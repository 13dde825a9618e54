"""Is a score outside what earlier periods predict? A prediction interval from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis.diagnosis.comparator import PathScope
from analysis.estimate import scaled
from analysis.stats.intervals import NAN, Interval, t_interval
from data_access.selection import Period, months_later

LEAST_PERIODS, MOST_PERIODS = 6, 12
BUCKETS = (
    (28, 31, "month"),
    (7, 7, "week"),
    (1, 1, "day"),
)  # fewest and most days of a period, and the time bucket like it
NORMAL = 0.95


@dataclass(frozen=True)
class PredictionInterval:
    """The range of the path's next score if nothing changed; NaN with too few periods."""

    interval: Interval
    periods: int
    sql: tuple[str, ...] = ()


def prediction_interval(scope: PathScope) -> PredictionInterval:
    """From six to twelve earlier months, weeks or days, for a period as long as one of them."""
    period, unknown = scope.selection.period, PredictionInterval(Interval(NAN, NAN), 0)
    bucket = next((b for low, high, b in BUCKETS if period and low <= period.days <= high), None)
    if period is None or bucket is None or scope.warehouse.model.time is None:
        return unknown
    before = Period(_back(period, bucket), period.start)
    answer = scope.warehouse.cells(scope.metric.name, [bucket], before, scope.own.filters)
    sums = scaled(answer.rows, scope.metric).groupby(bucket)[["w", "wx"]].sum()
    scores = (sums["wx"] / sums["w"]).to_numpy()
    k = len(scores)
    if k < LEAST_PERIODS:
        return PredictionInterval(unknown.interval, k, (answer.sql,))
    reach = float(np.std(scores, ddof=1)) * math.sqrt(1 + 1 / k)
    return PredictionInterval(t_interval(float(scores.mean()), reach, k - 1, confidence=NORMAL), k, (answer.sql,))


def _back(period: Period, bucket: str) -> date:
    days = {"week": 7, "day": 1}
    return (
        months_later(period.start, -MOST_PERIODS)
        if bucket == "month"
        else (period.start - timedelta(days=days[bucket] * MOST_PERIODS))
    )
