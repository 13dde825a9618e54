"""What was measured of the segments that the plans are for? Read from pinned evidence, else asked of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from data_access.statement import Problem
from data_access.workshop.records import Pin, Plan
from data_access.workshop.tracing import Trace
from pages.act.plans.register import Line
from pages.frame.answers import NotKnown
from pages.frame.context import Context, Frame
from pages.record import issue_data
from pages.record.plan import lift as lifts
from pages.words.format import is_missing

MOST_ASKED = 24  # segments whose numbers are asked of the data: nobody waits for hundreds


@dataclass(frozen=True)
class Measured:
    """A plan with the lost points and the share of answers of its segment, as parts of the whole; None if unknown."""

    line: Line
    lost_points: float | None = None
    share: float | None = None


def measured(here: Frame, lines: Sequence[Line]) -> list[Measured]:
    """Each plan beside what is known of its segment."""
    traces = {trace.issue.id: trace for trace in here.store().traces(here.user)}
    found: list[Measured] = []
    asked = 0
    for line in lines:
        trace = traces.get(line.issue.id)
        one = _pinned(line, trace.pins if trace else ())
        if one.share is None and trace and line.plan.segment and asked < MOST_ASKED:
            one, asked = _asked(here, trace, line), asked + 1
        found.append(one)
    return found


def over_issue(here: Frame, line: Line) -> Context | None:
    """The data of the plan's own issue, whichever are chosen; None where they are away."""
    with suppress(Problem, NotKnown):
        (trace,) = here.store().traces(here.user, line.issue.id)
        return issue_data.over(here, trace)
    return None


def _pinned(line: Line, pins: Sequence[Pin]) -> Measured:
    row = _row_of(line.plan, pins)
    lost, share = (row.get(name) for name in ("lost_points", "share"))
    return Measured(line, None if is_missing(lost) else lost, None if is_missing(share) else share)


def _asked(here: Frame, trace: Trace, line: Line) -> Measured:
    """From the data of the issue, where they are here and speak of the plan's metric."""
    with suppress(Problem, NotKnown):
        segment = lifts.of_path(issue_data.over(here, trace), line.plan.segment)
        if segment is not None and segment.metric.name == line.plan.target_metric:
            return Measured(line, segment.lost_points, segment.share)
    return Measured(line)


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
