"""Which segment stands behind a mark that was clicked? It stays open on its page until it is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.result import Result
from data_access.selection import Filter, Period
from pages.charts.trend import Bucket, after
from pages.frame.context import Context
from pages.frame.open_mark import Behind, Where, close, opened, set_open
from pages.words.methods import presentation_of


@dataclass(frozen=True)
class Marks:
    """The segments behind the marks of a chart and the rows of its table, in the order of the table.

    wheres: None for a row that is no segment. also: what else follows when the segment of a row is opened.
    usual: the key that is marked where none is open. spans: the days of each row, where the rows stand for days.
    """

    page: str
    wheres: Sequence[Where | None]
    also: Callable[[int], object] | None = None
    usual: str | None = None
    spans: Sequence[Period] = ()

    @property
    def lead_somewhere(self) -> bool:
        return any(behind is not None for behind in self._behind)

    @property
    def _behind(self) -> list[Behind | None]:
        spans: Sequence[Period | None] = self.spans or [None] * len(self.wheres)
        return [None if where is None else (where, span) for where, span in zip(self.wheres, spans, strict=True)]

    def click(self, key: str) -> None:
        """A mark was clicked: its segment is opened, the one that is open closed."""
        place = int(key)
        if opened(self.page) is not None and self.marked == key:
            close()
        else:
            self._open(place)

    def row(self, place: int | None) -> None:
        """A row was chosen, or none any more."""
        if place is None:
            close()
        else:
            self._open(place)

    def _open(self, place: int) -> None:
        behind = self._behind[place] if place < len(self.wheres) else None
        set_open(self.page, behind)
        if self.also:
            self.also(place)

    @property
    def marked(self) -> str | None:
        """The key of the mark whose segment is open."""
        behind = opened(self.page)
        return self.usual if behind is None or behind not in self._behind else str(self._behind.index(behind))


def marks_of(
    here: Context, result: Result, *, also: Callable[[int], object] | None = None, usual: str | None = None
) -> Marks:
    """The marks of a chart whose keys are the places of the rows of a result."""
    return Marks(here.page, [_where(result, segment) for segment in result.table["segment"]], also, usual)


def marks_in_time(here: Context, starts: pd.Series, bucket: Bucket, where: Where = ()) -> Marks:
    """The marks of a chart over time, whose keys are the places of its days, weeks or months: a segment's or all."""
    days = [pd.Timestamp(start) for start in starts]
    spans = [Period(day.date(), after(day, bucket).date()) for day in days]
    return Marks(here.page, [where] * len(spans), spans=spans)


def marks_of_members(here: Context, dimension: str, members: Iterable[str | None], where: Where = ()) -> Marks:
    """The marks of a chart whose keys are the places of the members of a dimension, maybe within a segment."""
    model = here.warehouse.model
    known = dimension in (*model.dimensions, *model.reasons)
    return Marks(here.page, [(*where, Filter(dimension, (member,))) if known else None for member in members])


def _where(result: Result, segment: Any) -> Where | None:
    rows = presentation_of(result.method).rows
    if not rows.possible(result):
        return None
    return tuple(Filter(name, (member,)) for name, member in rows.members(result, segment).items()) or None
