"""Where to look first? The segment, of any one dimension, whose own score moved most surely.

One pass over all dimensions in each period; a segment's change is tested across all of them (Holm), so a pointer is
given only where it would survive. It points, it does not explain: the change page does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.estimate import WITHHELD_BELOW, Cells, Segment, ask_each, changes, coded, estimates, named
from analysis.result import Result, Statement
from analysis.stats.intervals import Difference
from analysis.stats.multiplicity import holm
from data_access.selection import Selection
from data_access.semantics import Metric
from data_access.warehouse import Warehouse

SURE = 0.05


@dataclass(frozen=True)
class Candidate:
    """A segment seen in both periods: its scores, its effect on the whole, and the test of its own change."""

    by: str
    segment: Segment
    before: float
    now: float
    effect: float
    moved: Difference

    @property
    def strength(self) -> float:
        """How many standard errors the score moved; p-values underflow and cannot be ranked."""
        return abs(self.moved.value / self.moved.error) if self.moved.error > 0 else 0.0


def pointer(warehouse: Warehouse, selection: Selection) -> Result:
    """The segment whose own score moved most surely, as the only finding; no finding when none did for sure.

    `statistics` has `family`, the number of segments tested; the table is empty.
    """
    found = list(_candidates(warehouse, selection))
    return Result(
        method="pointer",
        metric=selection.metric,
        unit=warehouse.model.metric(selection.metric).unit,
        selection=selection,
        data_version=warehouse.version(),
        statistics={"family": len(found)},
        table=pd.DataFrame(),
        findings=_surest(found, warehouse.model.metric(selection.metric).unit),
    )


def _surest(found: Sequence[Candidate], unit: str) -> tuple[Statement, ...]:
    if not found:
        return ()
    adjusted = holm([c.moved.p for c in found])
    place = max(range(len(found)), key=lambda i: found[i].strength)
    best = found[place]
    if not adjusted[place] < SURE:
        return ()
    values = {
        "segment": named(best.segment, [best.by]), "by": best.by, "score0": best.before, "effect": best.effect,
        "score1": best.now, "p_adjusted": float(adjusted[place]), "family": len(found), "unit": unit,
    }  # fmt: skip
    return (Statement("overview.look_fell" if best.effect < 0 else "overview.look_rose", values),)


def _candidates(warehouse: Warehouse, selection: Selection) -> Iterator[Candidate]:
    if selection.baseline is None or selection.period is None:
        return
    model = warehouse.model
    cuts = [[name] for name, d in model.dimensions.items() if not d.overlaps and name != model.cluster]
    befores, nows = (ask_each(warehouse, selection, cuts, p) for p in (selection.baseline, selection.period))
    for (by,), before, now in zip(cuts, befores, nows, strict=True):
        yield from _of_dimension(by, before, now, model.metric(selection.metric))


def _of_dimension(by: str, before: Cells, now: Cells, metric: Metric) -> Iterator[Candidate]:
    if before.empty or now.empty:
        return
    segments, (rows0, rows1) = coded(before.rows, now.rows)
    e0, e1 = (estimates(rows, len(segments), metric) for rows in (rows0, rows1))
    effects = (e0.weight / e0.weight.sum() + e1.weight / e1.weight.sum()) / 2 * (e1.value - e0.value)
    moved = changes(rows0, rows1, len(segments), metric)
    for i, segment in enumerate(segments):
        if min(e0.n[i], e1.n[i]) >= WITHHELD_BELOW:
            yield Candidate(by, segment, float(e0.value[i]), float(e1.value[i]), float(effects[i]), moved[i])
