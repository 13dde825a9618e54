"""Where to look first? The segment, of any one dimension, whose own score moved most surely.

One pass over all dimensions in each period; a segment's change is tested across all of them (Holm), so a pointer is
given only where it would survive. It points, it does not explain: the change page does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.estimate import WITHHELD_BELOW, Estimate, Segment, ask_each, change, estimate, named
from analysis.result import Result, Statement
from analysis.stats.intervals import Difference
from analysis.stats.multiplicity import holm
from data_access.selection import Selection
from data_access.warehouse import Warehouse

SURE = 0.05


@dataclass(frozen=True)
class Candidate:
    """A segment seen in both periods: its scores, its effect on the whole, and the test of its own change."""

    by: str
    segment: Segment
    before: Estimate
    now: Estimate
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
        "segment": named(best.segment, [best.by]), "by": best.by, "score0": best.before.value, "effect": best.effect,
        "score1": best.now.value, "p_adjusted": float(adjusted[place]), "family": len(found), "unit": unit,
    }  # fmt: skip
    return (Statement("overview.look_fell" if best.effect < 0 else "overview.look_rose", values),)


def _candidates(warehouse: Warehouse, selection: Selection) -> Iterator[Candidate]:
    if selection.baseline is None or selection.period is None:
        return
    model = warehouse.model
    metric = model.metric(selection.metric)
    cuts = [name for name, d in model.dimensions.items() if not d.overlaps and name != model.cluster]
    befores, nows = (ask_each(warehouse, selection, cuts, p) for p in (selection.baseline, selection.period))
    for by, before, now in zip(cuts, befores, nows, strict=True):
        past = dict(iter(before.rows.groupby("segment", sort=False)))
        weights = before.rows["w"].sum(), now.rows["w"].sum()
        for segment, rows in now.rows.groupby("segment", sort=False):
            if segment not in past:
                continue
            e0, e1 = estimate(past[segment], metric), estimate(rows, metric)
            if min(e0.n, e1.n) < WITHHELD_BELOW:
                continue
            share = (past[segment]["w"].sum() / weights[0] + rows["w"].sum() / weights[1]) / 2
            effect = share * (e1.value - e0.value)
            yield Candidate(by, segment, e0, e1, effect, change(past[segment], rows, metric))
