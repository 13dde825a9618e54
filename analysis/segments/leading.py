"""Which one segment explains a change most? The first sentence of whoever has only one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.kept import Kept
from analysis.result import Result
from analysis.segments.search_result import segments
from data_access.selection import Filter, Selection
from data_access.warehouse import Warehouse

CONDITIONS = 2  # of a segment that is read at a glance; the change page searches deeper
LEAST_MIX = 0.1  # of the smallest difference that matters: less is not worth a sentence
KEPT = 64  # of the newest changes
WITHIN = 0.95  # of a segment's answers: it lies within another


@dataclass(frozen=True)
class Leading:
    """The search, and the segment that explains most of the change; no row where none is beyond chance."""

    result: Result
    row: Mapping[str, Any] | None
    smallest: float  # difference that matters of the metric

    @property
    def path(self) -> tuple[Filter, ...]:
        """The segment as steps of a path."""
        return steps(self.row) if self.row else ()

    @property
    def surge(self) -> Mapping[str, Any] | None:
        """The segment whose share grew most, where only the mix changed, by enough to matter to the whole."""
        along = self.result.table["mix_effect"] * np.sign(self.result.statistics["change"])
        if self.row is not None or not along.max() >= LEAST_MIX * self.smallest:
            return None
        return _record(self.result.table.loc[along.idxmax()])


_KEPT = Kept[Leading](KEPT)


def leading(warehouse: Warehouse, selection: Selection) -> Leading:
    """The segment whose effect on the whole is largest, first among those in the direction of the whole change.

    Of a segment and a part of it that both stand out in one direction, the part is named. Several parts of one page
    rest on it, so it is searched once. Raises as `segments` does.
    """
    return _KEPT.of(warehouse, selection, lambda: _leading(warehouse, selection), lambda _: 1)


def _leading(warehouse: Warehouse, selection: Selection) -> Leading:
    result = segments(warehouse, selection, depth=CONDITIONS)
    smallest = warehouse.model.metric(selection.metric).kind.smallest
    rated = result.table[result.table["kind"] == "rate"]
    if rated.empty:
        return Leading(result, None, smallest)
    effect = rated["total_effect"].to_numpy(dtype=float)
    along = effect * np.sign(result.statistics["change"])
    first = int(np.argmax(along)) if along.max() > 0 else int(np.argmax(np.abs(effect)))
    return Leading(result, _record(_innermost(warehouse, selection, rated, first)), smallest)


def _innermost(warehouse: Warehouse, selection: Selection, rated: pd.DataFrame, place: int) -> pd.Series:
    """The segment at a place, or the one that lies within it and moved the same way."""
    row = rated.iloc[place]
    for _, other in rated.iterrows():
        if other["change"] * row["change"] > 0 and other["n1"] < row["n1"]:
            inner, both = (selection.within(part) for part in (steps(other), (*steps(other), *steps(row))))
            counts = warehouse.answers(selection.metric, selection.period, [inner.filters, both.filters])
            row = other if counts[1] >= WITHIN * counts[0] else row
    return row


def steps(row: Mapping[str, Any] | pd.Series) -> tuple[Filter, ...]:
    """A segment as the steps of a path."""
    return tuple(Filter(dimension, (member,)) for dimension, member in row["segment"])


def _record(row: pd.Series) -> Mapping[str, Any]:
    return {str(name): value for name, value in row.items()}
