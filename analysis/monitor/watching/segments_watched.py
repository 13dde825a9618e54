"""What is watched? Every member of every dimension, day by day, and all of the answers together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimate import scaled
from analysis.kept import Kept
from analysis.stats.intervals import Array
from analysis.trace.timeline import everything
from data_access.columns import dividing
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.semantics import Reason, SemanticModel
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

Member = tuple[str, str | None]
Segment = tuple[Member, ...]  # of no member: all of the answers
Places = npt.NDArray[np.int64]
SUMS = ("n", "w", "wx", "v", "vx", "vxx")


@dataclass(frozen=True)
class Sums:
    """Sums by segment (row) and day (column), on the scale of the metric, as `analysis.estimate` has them."""

    n: Array
    w: Array
    wx: Array
    v: Array
    vx: Array
    vxx: Array

    def of(self, places: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Sums:
        """Those of some segments."""
        return Sums(*(getattr(self, field.name)[places] for field in fields(self)))


@dataclass(frozen=True)
class Watched:
    """The segments with their sums of each of `days`, which follow each other without a gap.

    level: 0 all answers, 1 a member of a dimension, 2 one of a dimension that lies under another, and so on.
    """

    metric: Metric
    segments: tuple[Segment, ...]
    level: Places
    days: tuple[date, ...]
    sums: Sums
    sql: tuple[str, ...]

    def of(self, places: Sequence[int]) -> Watched:
        """Some of the segments."""
        some = np.array(places, dtype=np.int64)
        kept = tuple(self.segments[place] for place in some)
        return replace(self, segments=kept, level=self.level[some], sums=self.sums.of(some))

    def within(self, period: Period) -> npt.NDArray[np.bool_]:
        """Which days lie in a period."""
        return np.array([period.start <= day < period.end for day in self.days], dtype=bool)


_KEPT: Kept[Watched] = Kept(most=4_000_000)  # segments and days


def filters_of(segment: Segment) -> tuple[Filter, ...]:
    """A segment as filters."""
    return tuple(Filter(dimension, (value,)) for dimension, value in segment)


def dimensions_watched(model: SemanticModel, selection: Selection, by: Sequence[str]) -> tuple[str, ...]:
    """Those of `by`, else all whose members do not overlap and that are not filtered to one value.

    Raises BadInput for an unknown one, or one whose segments overlap.
    """
    if by:
        return tuple(dividing(model.dimension(name)).name for name in dict.fromkeys(by))
    own = (d.name for d in model.dimensions.values() if not isinstance(d, Reason) and not d.overlaps)
    return tuple(name for name in own if len(selection.values_of(name) or (0, 0)) > 1)


def watched(warehouse: Warehouse, selection: Selection, by: Sequence[str], span: Period) -> Watched:
    """All answers and the members of each of `by`, each day of a span. Raises BadInput for a model without time.

    A member that has just the answers of another one (the only team of a unit) is watched once.
    """
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    whole = Period(span.start, max(span.end, everything(warehouse).end))  # another last day asks for nothing new
    asked = (selection.metric, tuple(by), whole, tuple(selection.filters))
    known = _KEPT.of(warehouse, asked, lambda: _summed(warehouse, selection, by, whole), lambda w: w.sums.n.size)
    own = slice(0, span.days)
    sums = Sums(*(getattr(known.sums, name)[:, own] for name in SUMS))
    found = replace(known, days=known.days[own], sums=sums)
    return found.of(list(_distinct(found)))


def _summed(warehouse: Warehouse, selection: Selection, by: Sequence[str], span: Period) -> Watched:
    """All answers and the members of each of `by`, in one pass over the data."""
    model, metric = warehouse.model, warehouse.model.measure(selection.metric)
    days = tuple(span.start + timedelta(days=i) for i in range(span.days))
    cuts = [["day"], *(["day", name] for name in by)]
    answers = warehouse.cells_each(metric.name, cuts, span, selection.filters)
    tables = [
        _table(scaled(answer.rows, metric), days, name) for answer, name in zip(answers, ("", *by), strict=True)
    ]
    segments = tuple(segment for own, _ in tables for segment in own)
    sums = np.concatenate([table for _, table in tables], axis=1)
    depth = {name: 1 + len(model.ancestors(name)) for name in by}
    level = np.array([max((depth[name] for name, _ in segment), default=0) for segment in segments], dtype=np.int64)
    return Watched(metric, segments, level, days, Sums(*sums), tuple(dict.fromkeys(a.sql for a in answers)))


def _table(rows: pd.DataFrame, days: Sequence[date], name: str) -> tuple[list[Segment], Array]:
    """The segments of one dimension, and their sums: (sums, segments, days)."""
    place = {day.isoformat(): i for i, day in enumerate(days)}
    if name:
        code, members = pd.factorize(rows[name], use_na_sentinel=False)
        segments: list[Segment] = [((name, member if isinstance(member, str) else None),) for member in members]
    else:
        code, segments = np.zeros(len(rows), dtype=np.int64), [()]
    column = np.array([place[day] for day in rows["day"]], dtype=np.int64)
    found = np.zeros((len(SUMS), len(segments), len(days)))
    for i, sums in enumerate(SUMS):
        np.add.at(found[i], (code, column), rows[sums].to_numpy(dtype=float))
    return segments, found


def _distinct(found: Watched) -> Iterator[int]:
    """The first of all segments with the same sums; those without an answer are none."""
    known = set[bytes]()
    for place in range(len(found.segments)):
        own = found.sums.n[place].tobytes() + found.sums.wx[place].round(6).tobytes()
        if own not in known and found.sums.n[place].any():
            known.add(own)
            yield place
