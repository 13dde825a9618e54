"""Which signals are one? The strongest is told; what does not signal without its answers is folded under it.

And which are none: where scores moved by no more than the smallest that matters within each member of some dimension,
the segment only has other customers than before (its mix), and nothing is said against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from analysis.estimate import scaled
from analysis.monitor.watching.expectations import Expectations, expectations
from analysis.monitor.watching.segments_watched import Segment, Watched, filters_of, watched
from analysis.monitor.watching.signals import Signal, signals
from analysis.stats.intervals import Array
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse

LEFT = 3.0  # standard errors up to which a part moved as the whole did
MOST = 8  # signals whose answers are taken off one after another
MOSTLY = 0.5  # part of a change above which its mix explains it


@dataclass(frozen=True)
class Folded:
    """A signal that is not told by itself. by: the segment that explains it, or of a mix the dimension."""

    signal: Signal
    kind: str
    by: Segment = ()
    dimension: str = ""


def told_apart(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], found: Watched, known: Expectations,
    all_signals: Sequence[Signal], baseline: Period, *, smallest: float, skewness: float,
) -> tuple[list[Signal], list[Folded]]:  # fmt: skip
    """The signals that remain, strongest first, and those that are folded."""
    kept, folded, left = list[Signal](), list[Folded](), list(all_signals)
    while left:
        signal, *left = left
        dimension = _mix(warehouse, selection, by, found, signal, baseline, smallest) if len(kept) < MOST else ""
        if dimension:
            folded.append(Folded(signal, "mix", dimension=dimension))
            continue
        kept.append(signal)
        if left and signal.segment and len(kept) <= MOST:
            same = _explained(warehouse, selection, found, known, signal, left, baseline, smallest, skewness)
            folded += [Folded(other, "same", signal.segment) for other in left if other.place in same]
            left = [other for other in left if other.place not in same]
        elif left and not signal.segment:
            same = {other.place for other in left if _is_like(signal, other)}
            folded += [Folded(other, "same") for other in left if other.place in same]
            left = [other for other in left if other.place not in same]
    return kept, folded


def _is_like(whole: Signal, part: Signal) -> bool:
    """Whether a part moved as the whole did."""
    gap = part.stretch.change - whole.stretch.change
    return part.direction == whole.direction and abs(gap) < LEFT * part.stretch.error


def _explained(
    warehouse: Warehouse, selection: Selection, found: Watched, known: Expectations, signal: Signal,
    others: Sequence[Signal], baseline: Period, smallest: float, skewness: float,
) -> set[int]:  # fmt: skip
    """Places of the signals that are none outside of this one; within it, those that moved as it did."""
    ((dimension, value),) = signal.segment
    outside = tuple(member for member in warehouse.members(dimension) if member != value)
    by = tuple(dict.fromkeys(name for other in others for name, _ in other.segment))
    rest = selection.within([Filter(dimension, outside)])
    span = Period(found.days[0], found.days[-1] + timedelta(days=1))
    left = watched(warehouse, rest, by, span)
    place = {segment: i for i, segment in enumerate(left.segments)}
    expected = expectations(left, baseline, skewness=skewness)
    again = signals(left, expected, smallest, np.zeros(len(left.segments)))
    still = {(one.segment, one.direction) for one in again}
    same = set[int]()
    for other in others:
        at = place.get(other.segment)
        first = (other.since - found.days[0]).days
        if at is None or left.sums.n[at, first:].sum() < 0.1 * found.sums.n[other.place, first:].sum():
            is_same = _is_like(signal, other)
        else:
            is_same = (other.segment, other.direction) not in still
        if is_same:
            same.add(other.place)
    return same


def _mix(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], found: Watched, signal: Signal,
    baseline: Period, smallest: float,
) -> str:  # fmt: skip
    """The dimension whose mix explains a signal; empty where none does."""
    now = Period(signal.since, found.days[-1] + timedelta(days=1))
    inside = selection.within(filters_of(signal.segment))
    own = {name for name, _ in signal.segment}
    names = [name for name in by if name not in own]
    if not names or now.start < baseline.end:
        return ""
    cuts = [[name] for name in names]
    answers = warehouse.cells_each(selection.metric, cuts, None, inside.filters, spans=[baseline, now])
    for name, answer in zip(names, answers, strict=True):
        rate, total = _rate_effect(scaled(answer.rows, found.metric), name)
        if abs(rate) < smallest and abs(rate) < MOSTLY * abs(total) and abs(total) >= smallest:
            return name
    return ""


def _rate_effect(rows: pd.DataFrame, name: str) -> tuple[float, float]:
    """How much the mean changed within the members of a dimension, by their mix of now; and in all."""
    code, members = pd.factorize(rows[name].fillna(""), sort=True)
    span = rows["span"].to_numpy(dtype=np.int64)
    w, wx = np.zeros((len(members), 2)), np.zeros((len(members), 2))
    np.add.at(w, (code, span), rows["w"].to_numpy(dtype=float))
    np.add.at(wx, (code, span), rows["wx"].to_numpy(dtype=float))
    total = float(wx[:, 1].sum() / w[:, 1].sum() - wx[:, 0].sum() / w[:, 0].sum())
    both = (w > 0).all(axis=1)
    if w[both, 1].sum() < 0.8 * w[:, 1].sum() or both.sum() < 2:
        return total, total
    gap: Array = wx[both, 1] / w[both, 1] - wx[both, 0] / w[both, 0]
    return float(np.average(gap, weights=w[both, 1])), total
