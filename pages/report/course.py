"""The course of a value over time, as the chart of a trend asks for it: its points, and the means of both periods."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from data_access.selection import Period, Selection
from pages import charts
from pages.charts.trend import Bucket
from pages.words.catalogue import Catalogue

MONTH, WEEK = len("2026-10"), pd.Timedelta(days=7)


def points_of(trend: pd.DataFrame) -> tuple[pd.DataFrame, Bucket]:
    """The trend with the days its parts begin on, and how long these are."""
    named = trend["start"].str.len().eq(MONTH).all()
    starts = pd.to_datetime(trend["start"] + ("-01" if named else ""))
    return trend.assign(start=starts), "month" if named else _bucket(starts)


def _bucket(starts: pd.Series) -> Bucket:
    step = starts.diff().min()
    if step > WEEK and starts.dt.day.eq(1).all():
        return "month"
    return "day" if step < WEEK else "week"


def levels_of(
    words: Catalogue, selection: Selection, statistics: Mapping[str, Any]
) -> tuple[charts.Level, charts.Level | None]:
    """The means of the period and of a baseline that ends where it begins; the days that are still open."""
    now, before = selection.period, selection.baseline
    names = words.periods(now, before)
    if now is None:
        return charts.Level(names[0], statistics["score"]), None
    current = charts.Level(names[0], statistics["score"], now.start, now.end, _open_from(statistics, now))
    earlier = statistics.get("baseline_score", math.nan)
    if before is None or before.end != now.start or math.isnan(earlier):
        return current, None
    return current, charts.Level(names[1], earlier, before.start, before.end)


def _open_from(statistics: Mapping[str, Any], period: Period) -> date | None:
    """The first day of the period whose contacts cannot all be judged yet; None where all can."""
    said = statistics.get("open_from", "")
    first = date.fromisoformat(said) if said else period.end
    return max(first, period.start) if first < period.end else None
