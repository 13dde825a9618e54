"""Which events concern these contacts? Rule changes, releases, outages and campaigns of the warehouse's own calendar.

The companion table `events` has a date (effective_at or date), maybe an end, kind, id, owner and titles. Its columns
named as dimensions say whom an event concerns; blank there means everybody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.selection import Filter, Period, Selection
from data_access.statement import Statement
from data_access.warehouse import Warehouse
from data_access.warehouse.near import Near

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
MOST = 5_000  # events of a span
Flags = npt.NDArray[np.bool_]
Shares = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Calendar:
    """The events of a warehouse: COLUMNS without the share, and whom each names by dimension; None where blank.

    is_cut: there are more than MOST of them, and only the latest were read.
    """

    events: pd.DataFrame
    named: pd.DataFrame
    is_cut: bool = False

    def of(self, warehouse: Warehouse, selection: Selection, span: Period) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Events that begin or are still going on in `span`, and the query.

        Columns COLUMNS: dates or None, texts or None; share is the weighed part of the selection's answers in its
        own period that the event concerns: 1 where it names nobody, the smallest of its dimensions where it names
        several. Those that concern most come first, then the earliest.
        """
        near = self.near(span)
        (shares,), sql = _shares(warehouse, selection, self._naming(near), ())
        concerned = [min(_parts(row, shares), default=1.0) for row in self.named.loc[near].to_dict("records")]
        events = self.events.loc[near].assign(share=np.array(concerned, dtype=float))
        return events.sort_values(["share", "date"], ascending=[False, True], kind="stable", ignore_index=True), sql

    def against(
        self, warehouse: Warehouse, selection: Selection, path: Sequence[Filter], span: Period
    ) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Events of a span against the contacts of a path within a selection; and the query.

        Columns COLUMNS, whose share is of the path's answers, and reach, the part of the selection's answers that an
        event concerns: where it names several dimensions, as if these had nothing to do with each other.
        """
        near = self.near(span)
        shares, sql = _shares(warehouse, selection, self._naming(near), path)
        everywhere, inside = shares[0], shares[-1]  # the same where there is no path
        rows = self.named.loc[near].to_dict("records")
        share = np.array([min(_parts(row, inside), default=1.0) for row in rows], dtype=float)
        reach = np.array([math.prod(_parts(row, everywhere)) for row in rows], dtype=float)
        return self.events.loc[near].assign(share=share, reach=np.maximum(reach, 0.0)), sql

    @property
    def text(self) -> str:
        """All that it says: a calendar changes without the data of the contacts."""
        return f"{self.is_cut}{self.events.to_csv()}{self.named.to_csv()}"

    def near(self, span: Period) -> Flags:
        """Which events begin or are still going on in a span."""
        days = zip(self.events["date"], self.events["until"], strict=True)
        return np.array([_is_news(*each, span) for each in days], dtype=bool)

    def _naming(self, near: Flags) -> list[str]:
        """The dimensions that some events name."""
        return [str(name) for name in self.named if self.named.loc[near, name].notna().any()]


def calendar_of(warehouse: Warehouse, span: Period) -> Calendar | None:
    """The calendar around a span; None where the model names no table of events or it has no date."""
    table = warehouse.companion("events", limit=MOST + 1, near=Near(span, NAMES["date"], NAMES["until"]))
    if table is None or not any(name in table for name in NAMES["date"]):
        return None
    is_cut, table = len(table) > MOST, table.head(MOST)
    texts = {name: _lines(_first(table, NAMES[name])) for name in COLUMNS[:-1] if name not in ("date", "until")}
    days = {name: _days(_first(table, NAMES[name])) for name in ("date", "until")}
    for other in (texts["label_en"], days["date"].map(str)):  # an event without an id is called by these
        texts["id"] = texts["id"].where(texts["id"].notna(), other)
    named = {name: _texts(table[name]) for name in table if name in warehouse.model.dimensions}
    named_by = pd.DataFrame(named, index=table.index, dtype=object)
    events = pd.DataFrame({**days, **texts})
    order = sorted(events.index, key=lambda row: events.at[row, "date"] or date.max)  # it came the latest first
    return Calendar(events.loc[order], named_by.loc[order], is_cut)


def cut_short(is_cut: bool) -> tuple[Statement, ...]:
    """That there were more events than were looked at; nothing where there were not."""
    return (Statement("caveat.calendar_cut", {"most": MOST}),) if is_cut else ()


def _first(table: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """The first of some columns that is there; a column of blanks where none is."""
    return next((table[name] for name in names if name in table), pd.Series(None, index=table.index, dtype=object))


def _texts(values: pd.Series) -> pd.Series:
    """Texts, None for a blank: a file has an empty text for it."""
    texts = [None if pd.isna(value) or value == "" else str(value) for value in values]
    return pd.Series(texts, index=values.index, dtype=object)


def _lines(values: pd.Series) -> pd.Series:
    """Texts, each on one line as it stands in a sentence."""
    return _texts(pd.Series([v if pd.isna(v) else " ".join(str(v).split()) for v in values], index=values.index))


def _days(values: pd.Series) -> pd.Series:
    """Dates, None for a blank or what is no date."""
    known = {value: _day(value) for value in values.dropna().unique()}
    return pd.Series([known.get(value) for value in values], index=values.index, dtype=object)


def _day(value: Any) -> date | None:
    """The day as it is written: each by itself, for a table may mix forms and time zones."""
    day = pd.to_datetime(value, errors="coerce")
    return None if pd.isna(day) else day.date()


def _is_news(begun: date | None, until: date | None, span: Period) -> bool:
    """Begins in the span or lasts into it; a change without an end is news on the day it begins."""
    return begun is not None and begun < span.end and (until or begun) >= span.start


def _shares(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], path: Sequence[Filter]
) -> tuple[list[Shares], tuple[str, ...]]:
    """By dimension and member, the part of the answers: of the selection, then of those within each step of the path.

    It is a part of all answers, for one can count in several members.
    """
    steps = [f"step{i}" for i in range(len(path) + 1)]
    if not by:
        return [{} for _ in steps], ()
    cuts = [(), *((name,) for name in by)]
    whole, *answers = warehouse.cells_each(selection.metric, cuts, selection.period, selection.filters, path=path)
    found: list[Shares] = []
    for step in steps:
        every, *rows = (a.rows[a.rows[step] > 0] if path else a.rows for a in (whole, *answers))
        weight = float(every["w"].sum())
        parts = (r.groupby(name)["w"].sum() / weight for name, r in zip(by, rows, strict=True))
        found.append({name: dict(zip(part.index, part, strict=True)) for name, part in zip(by, parts, strict=True)})
    return found, (whole.sql,)


def _parts(named: Mapping[Any, str | None], shares: Shares) -> list[float]:
    """The part of the answers in each member that an event names; none where it names nobody."""
    return [shares.get(name, {}).get(value, 0.0) for name, value in named.items() if value is not None]
