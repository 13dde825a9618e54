"""What does a plan bring? What the total would gain if a pinned segment reached the plan's target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis.trace import trace
from analysis.trace.path import before_reasons
from data_access.metric_kinds import Unit
from data_access.metrics import Metric
from data_access.selection import Filter
from data_access.statement import Problem
from data_access.workshop.records import Pin, Plan
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.record import pinned_evidence
from pages.words import path_words, plan_words
from pages.words.methods import known


@dataclass(frozen=True)
class Segment:
    """A segment: its share of the answers, the points it loses of the whole, and its score in the baseline."""

    name: str
    where: tuple[Filter, ...]
    metric: Metric
    share: float
    lost_points: float
    baseline: float = math.nan

    @property
    def aim(self) -> float | None:
        """What it reached before: the score of the baseline, where that is better than today's."""
        before = round(self.baseline, 1)
        return before if not pd.isna(before) and self.lift(before) > 0 else None

    def lift(self, target: float) -> float:
        """What the metric gains when the segment reaches the target: share x (target - score) (variant DD6).

        Positive is better, whichever way the metric counts. From lost points, so that a withheld score counts too.
        """
        return self.lost_points - self.share * self.metric.lost(target)


def segments_of(here: Frame, pins: Sequence[Pin]) -> dict[str, Segment]:
    """Segments of pins that can be lifted, most lost first. A reason has no score of its own to lift.

    Of a pin that was narrowed to a part, shares and points are those of the part: the path into it says the whole's.
    """
    segments: dict[str, Segment] = {}
    for pin in pins:
        shown = known(pin.method)
        if shown is None or not shown.can_be_lifted or set(pin.selection.filters) - set(pin.scope):
            continue
        try:
            there = pinned_evidence.over(here, pin)
            metric = there.warehouse.model.metric(pin.selection.metric)
            shown_as = pinned_evidence.result_of(there, pin)
            names = shown.rows.names(shown_as, there.plain)
        except Problem:
            continue  # its data are not here; the card of the pin says so
        if any(name in there.warehouse.model.reasons for name in pin.options["by"]):
            continue
        for place, (row, name) in enumerate(zip(pin.rows, names, strict=True)):
            if row["share"] is not None and row["lost_points"] is not None:
                members = shown.rows.members(shown_as, row["segment"]).items()
                where = tuple(Filter(dimension, (member,)) for dimension, member in members)
                segments[f"{pin.id}.{place}"] = Segment(name, where, metric, row["share"], row["lost_points"],
                                                        _number(row.get("score0")))  # fmt: skip
    return segments


def offered(here: Frame, over: Context | None, row: Trace) -> dict[str, Segment]:
    """What a plan may lift, each once: where the path leads, the pinned segments, and what plans were made for."""
    everything = {"path": of_path(over, row.issue.path), **segments_of(here, row.pins)}
    everything |= {plan.id: of_path(over, plan.segment) for plan in row.plans}
    found: dict[tuple[Filter, ...], tuple[str, Segment]] = {}
    for code, segment in everything.items():
        if segment is not None:
            found.setdefault(segment.where, (code, segment))
    return dict(found.values())


def of_path(here: Context | None, path: tuple[Filter, ...]) -> Segment | None:
    """Where a path leads, as far as it names places: a reason has no score of its own to lift."""
    if here is None or not path:
        return None
    try:
        result = here.run(trace, path=path)
        depth = before_reasons(here.warehouse.model, path)
    except Problem:
        return None  # the step that shows the path says so
    end, where = result.table.iloc[depth], path[:depth]
    if not depth or not end["n"]:
        return None
    metric, name = here.warehouse.model.metric(result.metric), path_words.path(here.plain, where)
    return Segment(name, where, metric, float(end["share"]), float(end["lost_points"]), _number(end.get("score0")))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def say_gain(here: Frame, segment: Segment | None, target: float | None) -> float | None:
    """Say what the segment would bring at the target. Returns it, None where it brings nothing."""
    place = st.container()  # also of nothing: where what follows moves, its open list closes
    if segment is None or target is None:
        return None
    lift, unit = segment.lift(target), segment.metric.unit
    key = "workshop.lift_formula" if lift > 0 else "workshop.lift_none"
    said = here.text(key, segment=segment.name, share=segment.share, target=target, unit=unit,
                     lift=in_words(here, lift, unit))  # fmt: skip
    place.markdown(said)
    return lift if lift > 0 else None


def in_words(here: Frame, lift: float, unit: Unit) -> str:
    """A lift with its sign and unit; a plan brings hundredths of a point."""
    return plan_words.lift(here.words, lift, unit)


def unit_of(here: Frame, plan: Plan) -> Unit:
    """The unit of a plan's target; a metric these data lack counts in points."""
    return here.unit_of(plan.target_metric) if isinstance(here, Context) else Unit.POINTS
