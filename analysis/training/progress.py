"""How far is a group of a class, what does its next stage still lack, and since when has nothing moved? Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data_access.workshop.class_records import Group, Stage, TrainingClass
from data_access.workshop.records import Basis, Made, Pin
from data_access.workshop.rules import NO_REAL_CHANGE, lacks, smart_gaps
from data_access.workshop.signs import is_blank
from data_access.workshop.tracing import Trace

# by which of its numbers a pinned result says how far apart two things are, and of how many answers it speaks
DIFFERENCES = frozenset({"change", "difference", "gap", "slope", "lost_points", "index", "total_effect", "value"})
COUNTS = frozenset({"n", "n0", "n1", "baseline_n", "contacts"})
ENOUGH_PINS = 2  # that nothing has changed is shown by more than the chart that made one ask


@dataclass(frozen=True)
class Progress:
    """`at` is the first stage that is not passed, the last one when all are; `missing` are codes of what it lacks:

    pin, metric, difference, n; location; levels, evidence, cause; plan, or the names of fields of the plan.
    `stuck_s`: seconds since the group, or before its first step the class, moved last; 0 once it handed in.
    """

    passed: tuple[Stage, ...]
    missing: tuple[str, ...]
    at: Stage
    last_move: datetime | None
    stuck_s: float


def progress(trace: Trace | None, group: Group, klass: TrainingClass, now: datetime) -> Progress:
    """How far the group is with its issue, None before it has one."""
    lacking = lacking_of(trace)
    at = next((stage for stage in Stage if lacking[stage]), Stage.SOLUTION)
    moved = last_move(trace)
    since = moved or klass.updated_at or klass.created_at
    is_over = group.submitted_at or klass.stage is None or klass.ended_at
    return Progress(
        passed=tuple(stage for stage in Stage if not lacking[stage]),
        missing=lacking[at],
        at=at,
        last_move=moved,
        stuck_s=0.0 if is_over or since is None else max(0.0, (now - since).total_seconds()),
    )


def lacking_of(trace: Trace | None) -> Mapping[Stage, tuple[str, ...]]:
    """Codes of what each stage lacks; none for a stage that is passed.

    A group that says that nothing has really changed needs no location and no plan, but evidence for it.
    """
    if trace is None:
        return {
            Stage.DATA_PROBLEM: ("pin",),
            Stage.WHERE: ("location",),
            Stage.WHY: ("levels", "evidence", "cause"),
            Stage.SOLUTION: ("plan",),
        }
    traced, nothing = lacks(trace), trace.issue.cause_type == NO_REAL_CHANGE
    return {
        Stage.DATA_PROBLEM: _of_problem(trace),
        Stage.WHERE: ("location",) if "location" in traced and not nothing else (),
        Stage.WHY: _of_nothing(trace)
        if nothing
        else tuple(c for c in traced if c in ("levels", "evidence", "cause")),
        Stage.SOLUTION: () if nothing and not is_blank(trace.issue.cause) else _of_plans(trace),
    }


def last_move(trace: Trace | None) -> datetime | None:
    """When something of the issue was last made or changed."""
    if trace is None:
        return None
    made: tuple[Made, ...] = (trace.issue, *trace.pins, *trace.whys, *trace.evidence, *trace.plans, *trace.comments)
    return max((at for one in made for at in (one.created_at, getattr(one, "updated_at", None)) if at), default=None)


def _of_problem(trace: Trace) -> tuple[str, ...]:
    """One pin has it all, or the best one says what it lacks; what no number shows stands on its reason."""
    if trace.issue.basis is not Basis.DATA:
        return ()
    return min((_of_pin(pin) for pin in trace.pins), key=len, default=("pin",))


def _of_pin(pin: Pin) -> tuple[str, ...]:
    known = {name for name, value in _numbers(pin) if _is_number(value)}
    has = {"metric": bool(pin.selection.metric), "difference": known & DIFFERENCES, "n": known & COUNTS}
    return tuple(code for code, there in has.items() if not there)


def _numbers(pin: Pin) -> Iterator[tuple[str, Any]]:
    for numbers in (pin.statistics, *pin.rows):
        yield from numbers.items()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _of_nothing(trace: Trace) -> tuple[str, ...]:
    shown = len(trace.pins) >= ENOUGH_PINS or trace.evidence
    missing = {"evidence": not shown, "cause": is_blank(trace.issue.cause)}
    return tuple(code for code, is_missing in missing.items() if is_missing)


def _of_plans(trace: Trace) -> tuple[str, ...]:
    """What the most complete plan lacks to be specific, measurable, owned and dated."""
    return min((smart_gaps(plan) for plan in trace.plans if plan.state != "dropped"), key=len, default=("plan",))
