"""Which events concern these contacts? Rule changes, releases, outages and campaigns of the warehouse's own calendar.

The companion table `events` has a date (effective_at or date), maybe an end, kind, id, owner and titles. Its columns
named as dimensions say whom an event concerns; blank there means everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse

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
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Shares = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Calendar:
    """The events of a warehouse: COLUMNS without the share, and whom each names by dimension; None where blank."""

    events: pd.DataFrame
    named: pd.DataFrame

    def of(self, warehouse: Warehouse, selection: Selection, span: Period) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Events that begin or are still going on in `span`, and the query.

        Columns COLUMNS: dates or None, texts or None; share is the weighed part of the selection's answers in its
        own period that the event concerns: 1 where it names nobody, the smallest of its dimensions where it names
        several. Those that concern most come first, then the earliest.
        """
        near = self.near(span)
        concerned, sql = self.shares(warehouse, selection, near)
        events = self.events.loc[near].assign(share=concerned)
        return events.sort_values(["share", "date"], ascending=[False, True], kind="stable", ignore_index=True), sql

    def near(self, span: Period) -> Flags:
        """Which events begin or are still going on in a span."""
        days = zip(self.events["date"], self.events["until"], strict=True)
        return np.array([_is_news(*each, span) for each in days], dtype=bool)

    def shares(self, warehouse: Warehouse, selection: Selection, near: Flags) -> tuple[Floats, tuple[str, ...]]:
        """The weighed part of the selection's answers that each of some events concerns, and the query."""
        named = self.named.loc[near]
        shares, sql = _shares(warehouse, selection, [name for name in named if named[name].notna().any()])
        return np.array([_share(row, shares) for row in named.to_dict("records")], dtype=float), sql


def calendar_of(warehouse: Warehouse) -> Calendar | None:
    """The calendar; None where the model names no table of events or it has no date."""
    table = warehouse.companion("events")
    if table is None or not any(name in table for name in NAMES["date"]):
        return None
    texts = {name: _texts(_first(table, NAMES[name])) for name in COLUMNS[:-1] if name not in ("date", "until")}
    days = {name: _days(_first(table, NAMES[name])) for name in ("date", "until")}
    named = {name: _texts(table[name]) for name in table if name in warehouse.model.dimensions}
    return Calendar(pd.DataFrame({**days, **texts}), pd.DataFrame(named, index=table.index, dtype=object))


def _first(table: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """The first of some columns that is there; a column of blanks where none is."""
    return next((table[name] for name in names if name in table), pd.Series(None, index=table.index, dtype=object))


def _texts(values: pd.Series) -> pd.Series:
    """Texts, None for a blank: a file holds an empty text for it."""
    texts = [None if pd.isna(value) or value == "" else str(value) for value in values]
    return pd.Series(texts, index=values.index, dtype=object)


def _days(values: pd.Series) -> pd.Series:
    """Dates, None for a blank or what is no date."""
    days = pd.to_datetime(values, errors="coerce", format="mixed")
    return pd.Series([None if pd.isna(d) else d.date() for d in days], index=values.index, dtype=object)


def _is_news(begun: date | None, until: date | None, span: Period) -> bool:
    """Begins in the span or lasts into it; a change without an end is news on the day it begins."""
    return begun is not None and begun < span.end and (until or begun) >= span.start


def _shares(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> tuple[Shares, tuple[str, ...]]:
    """By dimension and member, the part of the selection's answers; of all, for one can count in several members."""
    if not by:
        return {}, ()
    cuts = [(), *((name,) for name in by)]
    whole, *answers = warehouse.cells_each(selection.metric, cuts, selection.period, selection.filters)
    every = float(whole.rows["w"].sum())
    parts = [a.rows.groupby(name)["w"].sum() / every for name, a in zip(by, answers, strict=True)]
    shares = {name: dict(zip(part.index, part, strict=True)) for name, part in zip(by, parts, strict=True)}
    return shares, (whole.sql,)


def _share(named: Mapping[Any, str | None], shares: Shares) -> float:
    """What part an event concerns: at most the smallest of its dimensions'; 1 where it names none."""
    parts = (shares.get(name, {}).get(value, 0.0) for name, value in named.items() if value is not None)
    return min(parts, default=1.0)
