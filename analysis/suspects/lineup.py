"""Which event of the calendar goes with a segment's change? Each against the segment, its date against sham dates.

An event is the likelier, the clearer the step at its date and the better what it applies to agrees with the segment:
half its squared z plus the logarithm of the overlap (answers in both / answers in either). Sham dates are the same
computation on days on which the event did not happen; among them its rank gives p = (1 + better) / (1 + shams).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.calendar import Calendar, calendar_of
from analysis.kept import Kept
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array, Difference
from analysis.stats.multiplicity import holm
from analysis.suspects.daily import LEAST, Daily, daily, span_of
from analysis.suspects.onset import Onset, margin_of, onset
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse

TOUCHES = 0.5  # of the segment's answers: what changed for fewer cannot explain the change of the whole
LISTED = 0.05  # of the segment's answers: an event that concerns fewer is left out
BEFORE = timedelta(days=14)  # a change shortly before the baseline is listed, though it cannot be tested
MOST = 120  # sham dates
DAY = timedelta(days=1)  # what comes into force in the evening shows on the next day
EXPLAINS = 0.5  # of the segment's change
APART = 3  # days: a date so near is no sham, for the two cannot be told apart
MOST_EVENTS, MOST_SUMS = 10_000, 1_000_000  # of what was lined up last: two analyses of a change ask for the same
COLUMNS = [
    "id", "kind", "date", "until", "owner", "label_en", "label_zh", "grade", "note", "n0", "n1", "change", "low",
    "high", "p", "p_adjusted", "shams", "better", "p_shams", "share", "overlap", "explained", "score",
]  # fmt: skip
TEXTS = ("kind", "until", "owner", "label_en", "label_zh")  # that may be blank


@dataclass(frozen=True)
class Lineup:
    """Events, the likeliest first: columns COLUMNS; and when the segment itself broke.

    direction: the sign of the segment's change. note: why an event has no step: `before` (it began before the
    baseline), `late` (too few days since) or `few` (too few answers). has_calendar: whether there is a table of
    events at all; is_cut: whether it has more of them than were read.
    """

    table: pd.DataFrame
    direction: float
    onset: Onset
    has_calendar: bool
    is_cut: bool
    sql: tuple[str, ...]

    @property
    def first(self) -> dict[str, Any] | None:
        """The likeliest event that can be believed: it beats the sham dates."""
        believed = self.table[self.table["grade"].isin(("shown", "likely"))]
        if believed.empty:
            return None
        return {str(k): None if k in TEXTS and pd.isna(v) else v for k, v in believed.iloc[0].items()}


_DAYS, _LINEUPS = Kept[Daily](MOST_SUMS), Kept[Lineup](MOST_EVENTS)


def line_up(warehouse: Warehouse, selection: Selection, path: Sequence[Filter]) -> Lineup:
    """The events from baseline to period against the segment of a path."""
    asked = selection, tuple(path)
    days = _DAYS.of(
        warehouse,
        asked,
        lambda: daily(warehouse, selection, path, span_of(selection)),
        lambda days: 2 * days.own.until.size,
    )
    calendar = calendar_of(warehouse, _around(days.span))
    return _LINEUPS.of(
        warehouse,
        (*asked, calendar.text if calendar else ""),
        lambda: _lined_up(warehouse, selection, path, days, calendar),
        lambda lineup: 1 + len(lineup.table),
    )


def _lined_up(
    warehouse: Warehouse, selection: Selection, path: Sequence[Filter], days: Daily, calendar: Calendar | None
) -> Lineup:
    events, sql = (pd.DataFrame(), ()) if calendar is None else _events(calendar, warehouse, selection, path, days)
    breaks = onset(days, days.direction)
    table = pd.DataFrame(_rows(days, events.to_dict("records")), columns=COLUMNS)
    table["p_adjusted"] = holm(table["p"].to_numpy(dtype=float))
    tested = int((table["p"].notna() & (table["share"] >= TOUCHES)).sum())
    table["grade"] = [_grade(row, tested, days, breaks) for row in table.to_dict("records")]
    table = table.sort_values("score", ascending=False, kind="stable", ignore_index=True)
    is_cut = calendar is not None and calendar.is_cut
    return Lineup(table, days.direction, breaks, calendar is not None, is_cut, (*days.sql, *sql))


def _events(
    calendar: Calendar, warehouse: Warehouse, selection: Selection, path: Sequence[Filter], days: Daily
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Events of the span, or shortly before it, that touch the segment, with their share of it and their overlap."""
    whole = replace(selection, period=days.span, baseline=None)
    events, sql = calendar.against(warehouse, whole, path, _around(days.span))
    both = events["share"] * days.size
    either = np.maximum(days.size + events["reach"] - both, both)
    events["overlap"] = both / np.where(either > 0, either, 1.0)
    return events[events["share"] >= LISTED], sql


def _around(span: Period) -> Period:
    return Period(max(span.start, date.min + BEFORE) - BEFORE, span.end)


def _rows(days: Daily, events: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """The events with their steps; those that cannot be tested with the reason for that."""
    blank = dict.fromkeys(COLUMNS, NAN) | {"score": -np.inf, "shams": 0, "better": 0}
    rows = [blank | {str(k): value for k, value in event.items()} | {"note": _note(days, event)} for event in events]
    tested = [row for row in rows if not row["note"]]
    if tested:
        stretches = np.array([_lasting(days, row["date"], _length(days, row)) for row in tested])
        for row, own, step in zip(tested, stretches, days.steps(stretches), strict=True):
            row |= _tested(days, row, own, step)
    return rows


def _tested(days: Daily, row: Mapping[str, Any], own: Array, step: Difference) -> dict[str, Any]:
    """The step of an event, its rank among sham dates, and how much of the change it would explain."""
    shams = _shams(days, row["date"], _length(days, row))
    z, *at_shams = days.direction * days.clearness(np.vstack([own[None, :], shams]))
    better = int(np.sum(np.array(at_shams) >= z))
    n1, n0 = (float(days.answers(own[None, :], outside=outside)[0]) for outside in (False, True))
    return {
        "n0": n0, "n1": n1, "change": step.value, "low": step.interval.low, "high": step.interval.high, "p": step.p,
        "shams": len(at_shams), "better": better, "p_shams": (1 + better) / (1 + len(at_shams)),
        "explained": step.value * days.grown(own),
        "score": float(np.sign(z) * z**2 / 2 + _prior(row)) if np.isfinite(z) else -np.inf,
    }  # fmt: skip


def _length(days: Daily, event: Mapping[Any, Any]) -> int | None:
    """How many days an event lasted; None of one that goes on, which some calendars say by an end far ahead."""
    goes_on = event["until"] is None or event["until"] >= days.span.end - DAY
    return None if goes_on else (event["until"] - event["date"]).days + 1


def _note(days: Daily, event: Mapping[Any, Any]) -> str:
    """Why an event cannot be tested; empty where it can."""
    margin, length = margin_of(days), _length(days, event)
    if length is None and event["date"] < days.span.start + timedelta(days=margin):
        return "before"
    if length is None and event["date"] > days.span.end - timedelta(days=margin):
        return "late"
    own = _lasting(days, event["date"], length)[None, :]
    return "few" if min(days.answers(own)[0], days.answers(own, outside=True)[0]) < LEAST else ""


def _lasting(days: Daily, start: date, length: int | None) -> Array:
    """The stretch from a date to the end of the span, or of so many days."""
    return days.stretch(start, days.span.end if length is None else start + timedelta(days=length))


def _shams(days: Daily, start: date, length: int | None) -> Array:
    """Stretches as long from every other day on that leaves as much room, at most MOST of them."""
    margin = margin_of(days) if length is None else 0
    last = days.span.days - (margin if length is None else min(length, days.span.days))
    starts = np.arange(margin, last + 1)
    starts = starts[np.abs(starts - (start - days.span.start).days) > APART]
    starts = starts[:: max(1, -(-len(starts) // MOST))]
    ends = np.full_like(starts, days.span.days) if length is None else starts + length
    every = np.stack([starts, np.minimum(ends, days.span.days)], axis=1)
    enough = (days.answers(every) >= LEAST) & (days.answers(every, outside=True) >= LEAST)
    return np.asarray(every[enough])


def _prior(row: Mapping[Any, Any]) -> float:
    """The logarithm of the overlap."""
    return float(np.log(max(float(row["overlap"]), 1e-9)))


def _grade(row: Mapping[Any, Any], tested: int, days: Daily, breaks: Onset) -> str:
    """How good the evidence is that it began with the event; its step is always corrected for all events.

    `likely`: it beats the sham dates; `shown`: also after correction of that rank for all events.
    """
    if row["note"] or row["share"] < TOUCHES or not row["score"] > _prior(row):
        return "unknown"
    beats = row["p_shams"] <= SIGNIFICANCE and row["p_adjusted"] < SIGNIFICANCE
    if not (beats and _accounts_for(row, days, breaks)):
        return "possible"
    return "shown" if row["p_shams"] * tested <= SIGNIFICANCE else "likely"


def _accounts_for(row: Mapping[Any, Any], days: Daily, breaks: Onset) -> bool:
    """Whether an event would explain most of the change, and its day is one on which the score may have broken."""
    first, last = breaks.fitting if breaks.known else (row["date"], row["date"])
    in_time = _length(days, row) is not None or first - DAY <= row["date"] <= last + DAY
    return bool(in_time and days.direction * row["explained"] >= EXPLAINS * abs(days.change.value))
