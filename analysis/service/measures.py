"""The measures of the service side by side: value, interval, target, change, and what state that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import Segment
from analysis.service.rates import NEITHER, Rates, Ratio, moved, numbered, rates
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.stats.multiplicity import holm
from data_access.selection import Period

MEASURES = [
    "measure", "value", "low", "high", "count", "n", "target", "better", "value0", "change", "change_low",
    "change_high", "p", "p_adjusted", "state",
]  # fmt: skip
DAYS_BY_DAY, DAYS_BY_WEEK = 62, 200  # a trend over more days is drawn by week, over still more by month


def measured(
    ratios: Sequence[Ratio], now: pd.DataFrame, before: pd.DataFrame | None, targets: Mapping[str, float]
) -> pd.DataFrame:
    """A row a measure over all of the rows (one a day), with its change where there is a baseline."""
    now, before = now.assign(s=0), None if before is None else before.assign(s=0)
    rows = [_measure(ratio, now, before, targets.get(ratio.name, NAN)) for ratio in ratios]
    table = pd.DataFrame(rows, columns=[c for c in MEASURES if c not in ("p_adjusted", "state")])
    return with_states(table)


def with_states(table: pd.DataFrame) -> pd.DataFrame:
    """Measures with p adjusted for their number (Holm) and their states."""
    table = table.assign(p_adjusted=holm(table["p"].to_numpy(dtype=float)))
    return table.assign(state=[state_of(row) for row in table.to_dict("records")])[MEASURES]


def _measure(ratio: Ratio, now: pd.DataFrame, before: pd.DataFrame | None, target: float) -> dict[str, object]:
    found = rates(now, 1, ratio)
    row: dict[str, object] = {
        "measure": ratio.name,
        **{name: float(found.shown(name)[0]) for name in ("value", "low", "high")},
        "count": float(found.count[0]),
        "n": float(found.of[0]),
        "target": target,
        "better": ratio.better,
    }
    if before is None or before.empty:
        return {**row, **dict.fromkeys(("value0", "change", "change_low", "change_high", "p"), NAN)}
    past = rates(before, 1, ratio)
    step = moved(past, found, 0, 0)
    ends = {"change": step.value, "change_low": step.interval.low, "change_high": step.interval.high, "p": step.p}
    return {**row, "value0": float(past.shown("value")[0]), **ends}


def state_of(row: Mapping[str, Any]) -> str:
    """met, missed or open against the target; else better, worse or steady; few where nothing can be said.

    A measure that is neither good nor bad when it rises has moved, or is steady.
    """
    value, low, high, target, change, p = (
        float(row[name]) for name in ("value", "low", "high", "target", "change", "p_adjusted")
    )
    up = row["better"] == "high"
    if np.isnan(value):
        return "few"
    if not np.isnan(target):
        good, bad = (low >= target, high < target) if up else (high <= target, low > target)
        return "met" if good else "missed" if bad else "open"
    if np.isnan(p):
        return "shown"
    if p < SIGNIFICANCE and row["better"] == NEITHER:
        return "moved"
    return "steady" if p >= SIGNIFICANCE else "better" if (change > 0) == up else "worse"


def by_segment(
    rows: pd.DataFrame, by: Sequence[str], ratios: Sequence[Ratio], counts: Sequence[str]
) -> tuple[list[Segment], pd.DataFrame, dict[str, Rates]]:
    """The segments, a row for each with its counts and measures (NAME, NAME_low, NAME_high), and these in full."""
    segments, coded = numbered(rows, by)
    k, s = len(segments), coded["s"].to_numpy()
    found = {ratio.name: rates(coded, k, ratio) for ratio in ratios}
    columns: dict[str, object] = {"segment": pd.Series(segments, dtype=object)}
    columns |= {name: np.bincount(s, coded[name].to_numpy(dtype=float), k) for name in counts}
    for name, rate in found.items():
        columns |= {name: rate.shown("value"), f"{name}_low": rate.shown("low"), f"{name}_high": rate.shown("high")}
    return segments, pd.DataFrame(columns), found


def bucket_of(span: Period | None, rows: pd.DataFrame) -> str:
    """Whether a trend is drawn by day, week or month."""
    days = span.days if span is not None else int(rows["day"].nunique())
    return "day" if days <= DAYS_BY_DAY else "week" if days <= DAYS_BY_WEEK else "month"


def trend(rows: pd.DataFrame, ratios: Sequence[Ratio], counts: Sequence[str], bucket: str) -> pd.DataFrame:
    """A row a day, week or month, in order of time: start, counts, and each measure as in `by_segment`."""
    days = pd.to_datetime(rows["day"])
    starts = {
        "day": days,
        "week": days - pd.to_timedelta(days.dt.day_of_week, unit="D"),
        "month": days.dt.to_period("M").dt.to_timestamp(),
    }[bucket]
    dated = rows.assign(start=[start.date() for start in starts]).sort_values("start", kind="stable")
    segments, table, _ = by_segment(dated, ["start"], ratios, counts)
    starts_found: list[date] = [segment[0] for segment in segments]  # type: ignore[misc]
    table.insert(0, "start", starts_found)
    return table.drop(columns="segment")
