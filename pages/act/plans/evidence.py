"""What was measured of the segments that the plans are for? Read from pinned evidence: no data are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_access.workshop.records import Pin, Plan
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.words.format import is_missing


@dataclass(frozen=True)
class Measured:
    """A plan with the lost points and the share of answers of its segment, as parts of the whole; None if unknown."""

    line: Line
    lost_points: float | None = None
    share: float | None = None


def measured(here: Frame, lines: Sequence[Line]) -> list[Measured]:
    """Each plan beside what was pinned about its segment."""
    pins = {trace.issue.id: trace.pins for trace in here.store().traces(here.user)}
    return [_measured(line, pins.get(line.issue.id, ())) for line in lines]


def _measured(line: Line, pins: Sequence[Pin]) -> Measured:
    row = _row_of(line.plan, pins)
    lost, share = (row.get(name) for name in ("lost_points", "share"))
    return Measured(line, None if is_missing(lost) else lost, None if is_missing(share) else share)


def _row_of(plan: Plan, pins: Sequence[Pin]) -> Mapping[str, float]:
    """The row of the plan's segment in the newest pin over its metric that has one.

    A pin that was narrowed to a part says shares and points of that part, not of the whole.
    """
    wanted = {part.dimension: part.values[0] for part in plan.segment if len(part.values) == 1}
    for pin in reversed(pins):
        by = pin.options.get("by", ())
        if pin.selection.metric != plan.target_metric or set(pin.selection.filters) - set(pin.scope):
            continue
        for row in pin.rows:
            segment = row.get("segment")
            if wanted and isinstance(segment, tuple | list) and dict(zip(by, segment, strict=False)) == wanted:
                return row
    return {}


def main_metric(lines: Sequence[Line]) -> str:
    """The metric that most plans are for: points of one and per cent of another cannot be summed."""
    named = [line.plan.target_metric for line in lines if line.plan.target_metric]
    return max(named, key=named.count, default="")
