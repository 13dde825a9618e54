"""Which events touched these contacts? Rule changes, releases, outages and campaigns of the warehouse's own calendar.

The companion table `events` has a date (effective_at or date), maybe an end, kind, id, owner and titles. Its columns
named as dimensions say whom an event concerns; blank there means everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse

TOUCHES = 0.05  # of the contacts: an event that concerns fewer explains nothing about them
COLUMNS = ("date", "until", "kind", "id", "owner", "label_en", "label_zh", "share")
NAMES = {
    "date": ("effective_at", "effective", "date", "from", "start", "started_at"),
    "until": ("ended_at", "until", "end"),
    "kind": ("kind",),
    "id": ("event_id", "rule_id", "id"),
    "owner": ("owner",),
    "label_en": ("title_en", "label_en", "name_en", "title", "label", "name"),
    "label_zh": ("title_zh", "label_zh", "name_zh", "title", "label", "name"),
}


def events_touching(warehouse: Warehouse, selection: Selection, span: Period) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Events that begin or are still going on in `span` and concern the contacts of a selection, and the query.

    Columns COLUMNS: dates or None, texts or None; share is the part of the selection's answers in `span` that the
    event concerns (1 where it concerns everybody; the smallest of its dimensions where it names several). Those that
    concern most come first. No rows without such a table.
    """
    table = warehouse.companion("events")
    if table is None or not any(name in table for name in NAMES["date"]):
        return pd.DataFrame(columns=list(COLUMNS)), ()
    events = pd.DataFrame({name: _column(table, NAMES[name]) for name in COLUMNS[:-1]}, index=table.index)
    events = events.assign(date=_days(events["date"]), until=_days(events["until"]))
    by = [n for n in table if n in warehouse.model.dimensions and not warehouse.model.dimensions[n].overlaps]
    near = np.array([_is_news(*days, span) for days in zip(events["date"], events["until"], strict=True)], dtype=bool)
    shares, sql = _shares(warehouse, selection, span, by) if near.any() else ({}, ())
    concerned = [_share(row, by, shares) for row in table.loc[near].to_dict("records")]
    events = events.loc[near].assign(share=concerned)
    events = events[events["share"] >= TOUCHES]
    return events.sort_values(["share", "date"], ascending=[False, True], kind="stable", ignore_index=True), sql


def _column(table: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """The first of some columns that is there, blanks as None; a column of blanks where none is."""
    found = next((table[name] for name in names if name in table), pd.Series(None, index=table.index))
    return found.astype(object).where(found.notna(), None)


def _days(values: pd.Series) -> pd.Series:
    """Dates, None for a blank or what is no date."""
    days = pd.to_datetime(values, errors="coerce", format="mixed")
    return pd.Series([None if pd.isna(d) else d.date() for d in days], index=values.index, dtype=object)


def _is_news(begun: date | None, until: date | None, span: Period) -> bool:
    """Begins in the span or lasts into it; a change without an end is news on the day it begins."""
    return begun is not None and begun < span.end and (until or begun) >= span.start


def _shares(
    warehouse: Warehouse, selection: Selection, span: Period, by: Sequence[str]
) -> tuple[dict[str, dict[str | None, float]], tuple[str, ...]]:
    """By dimension and member, the part of the selection's answers in `span`."""
    if not by:
        return {}, ()
    answers = warehouse.cells_each(selection.metric, [(name,) for name in by], span, selection.filters)
    counts = {name: a.rows.groupby(name, dropna=False)["n"].sum() for name, a in zip(by, answers, strict=True)}
    shares = {
        name: dict(zip(n.index.astype(object), n / n.sum(), strict=True)) for name, n in counts.items() if n.sum() > 0
    }
    return shares, tuple(dict.fromkeys(a.sql for a in answers))


def _share(event: dict[str, object], by: Sequence[str], shares: dict[str, dict[str | None, float]]) -> float:
    """What part an event concerns: at most the smallest of its dimensions'; 1 where it names none."""
    named = [(name, str(event[name])) for name in by if not pd.isna(event[name])]
    return min((float(shares.get(name, {}).get(value, 0.0)) for name, value in named), default=1.0)
